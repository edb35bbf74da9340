import type { VocabularyKind } from '#contract/vocabularies.ts'
import { fold } from '../../platform/fold.ts'
import type { Term, Vocabularies } from '../../register/vocabulary/vocabulary.ts'
import { type Choices, cleanText, readChoice } from '../../systems/transfer/cell-text.ts'
import { CHOICES, type Language } from './sheets.ts'

/*
 * A term of a vocabulary as the text of a cell, and back. What `termCell` writes `readTerm` reads as the same code, in
 * either language; it reads the bare code and the bare words too, and how lawyers write articles and paragraphs.
 */

/** Articles are known by their number and stand first; of others the word does. Unknown codes are written as they are. */
export function termCell(vocabularies: Vocabularies, kind: VocabularyKind, code: string, language: Language): string {
  const term = vocabularies[kind].get(code)
  return term ? written(term, language) : `[${cleanText(code)}]`
}
const written = (term: Term, language: Language): string => `${cleanText(term[language])} [${cleanText(term.code)}]`

const same = (text: string): string => fold(cleanText(text)).replaceAll(/\s+/g, ' ').trim()

/** What is understood of each vocabulary: every way to write a term, and the codes that it may be. */
export type TermReader = (kind: VocabularyKind, text: string, kept?: readonly string[]) => ReadTerm
export type ReadTerm = { ok: true; code: string } | { ok: false; proposal: string | null }

export function termReader(vocabularies: Vocabularies): TermReader {
  const indexes = new Map<VocabularyKind, Map<string, string[]>>()
  const indexOf = (kind: VocabularyKind) => {
    const known = indexes.get(kind)
    if (known) return known
    const made = new Map<string, string[]>()
    for (const term of vocabularies[kind].values())
      for (const said of new Set([written(term, 'da'), written(term, 'en'), term.code, term.da, term.en].map(same)))
        made.set(said, [...(made.get(said) ?? []), term.code])
    indexes.set(kind, made)
    return made
  }
  return (kind, text, kept = []) => {
    const index = indexOf(kind)
    // What stands there already is understood, also where the vocabulary does not know it (any more).
    const old = kept.find(code => text === `[${cleanText(code)}]` || text === cleanText(code))
    if (old !== undefined) return { ok: true, code: old }
    const found = index.get(same(text)) ?? index.get(same(/\[([^[\]]+)\]$/.exec(text)?.[1] ?? '')) ?? []
    if (found.length === 1) return { ok: true, code: found[0]! }
    const article = articleCode(kind, text)
    if (article.length > 0) {
      const code = article.find(one => vocabularies[kind].has(one))
      if (code) return { ok: true, code }
    }
    const near = readChoice(choicesOf(vocabularies, kind), text)
    return { ok: false, proposal: near.ok ? null : near.proposal }
  }
}

const choicesOf = (vocabularies: Vocabularies, kind: VocabularyKind): Choices =>
  [...vocabularies[kind].values()].map(term => ({
    value: term.code,
    says: [`${term.da} [${term.code}]`, term.da, term.en],
  }))

/** `art. 6, stk. 1, litra e`, `6(1)(e)`, `litra e`; `§ 11, stk. 1`: codes that are meant, the likeliest first. */
function articleCode(kind: VocabularyKind, text: string): string[] {
  const said = same(text)
  if (kind === 'basis6' || kind === 'basis9') {
    const [article, last] = kind === 'basis6' ? ['6', 'f'] : ['9', 'j']
    const part = kind === 'basis6' ? '1' : '2'
    const letter = new RegExp(
      `^(?:(?:gdpr|databeskyttelsesforordningens?|forordningens?)?[ ,]*(?:art|artikel|article)?[. ]*${article}[ ,.(]*(?:stk|stykke)?[. ]*${part}[ ,.()]*)?(?:nr|litra|lit|punkt)?[. ]*\\(?([a-${last}])[).]?$`,
    ).exec(said)?.[1]
    return letter ? [`${article}.${part}.${letter}`] : []
  }
  if (kind !== 'national') return []
  if (/art\w*[. ]*10\b/.test(said) && !said.includes('§')) return ['GDPR10']
  const [, section, part] = /§\s*(\d+)(?:[ ,]*(?:stk|stykke)[. ]*(\d+))?/.exec(said) ?? []
  return section ? [...(part ? [`DBL${section}.${part}`] : []), `DBL${section}`, `DBL${section}.1`] : []
}

export type ChoiceName = keyof typeof CHOICES
export const choiceCell = (name: ChoiceName, value: string, language: Language): string =>
  (CHOICES[name] as Record<string, Record<Language, string>>)[value]?.[language] ?? value

const ALSO: Record<ChoiceName, Record<string, readonly string[]>> = {
  kind: {
    controller: ['kommunen er dataansvarlig', 'ansvarlig'],
    processor: ['kommunen er databehandler', 'behandler'],
  },
  archive: {
    keep: ['b', 'bevar', 'ja', 'afleveres', 'keep'],
    discard: ['k', 'kasser', 'nej', 'discard'],
    unknown: ['uafklaret', 'ved ikke'],
  },
  role: { joint: ['fælles', 'joint'], for: ['dataansvarlig', 'controller'] },
}
export const readChoiceCell = (name: ChoiceName, text: string) =>
  readChoice(
    Object.entries(CHOICES[name]).map(([value, words]) => ({
      value,
      says: [words.da, words.en, ...(ALSO[name][value] ?? [])],
    })),
    text,
  )

const UNITS = [
  ['Y', 'år', 'år', 'year', 'years'],
  ['M', 'måned', 'måneder', 'month', 'months'],
  ['W', 'uge', 'uger', 'week', 'weeks'],
  ['D', 'dag', 'dage', 'day', 'days'],
] as const

/** `P1Y6M` as `1 år 6 måneder`; written as it is where the words would not say exactly that. */
export function periodCell(period: string, language: Language): string {
  const words = [...period.matchAll(/(\d+)([YMWD])/g)].map(([, n, unit]) => {
    const [, one, many, oneEn, manyEn] = UNITS.find(([sign]) => sign === unit)!
    return `${n} ${language === 'da' ? (n === '1' ? one : many) : n === '1' ? oneEn : manyEn}`
  })
  const text = words.join(' ')
  return readPeriod(text) === period ? text : period
}

/** ISO 8601, or words in either language; null: neither. */
export function readPeriod(text: string): string | null {
  const said = text.trim()
  if (/^P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$/.test(said)) return said
  const folded = same(said).replace(/^i /, '')
  const parts = [...folded.matchAll(/(\d+) ?([a-z]+)/g)]
  if (parts.length === 0 || folded.replaceAll(/(\d+) ?([a-z]+)|[ ,]|\bog\b|\band\b/g, '') !== '') return null
  const read = parts.map(([, n, word]) => {
    // No short forms: `5 m` is months to one and minutes to another.
    return { at: UNITS.findIndex(([, ...words]) => words.some(one => fold(one) === word)), n }
  })
  if (read.some((one, place) => one.at < 0 || (place > 0 && one.at <= read[place - 1]!.at))) return null
  return `P${read.map(({ at, n }) => `${n}${UNITS[at]![0]}`).join('')}`
}
