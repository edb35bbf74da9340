import { SHEET, type Sheet, type SheetField } from '#contract/sheet.ts'
import { fold } from '../../platform/fold.ts'
import { readDay } from '../user-lists/list-columns.ts'
import { wordsDa } from './words-da.ts'
import { type SheetWords, wordsEn } from './words-en.ts'

/*
 * A value of a sheet as the text of one cell, and back. What `cellOf` writes, `readCell` reads as the same value, in
 * either language (a property test says so); it reads more than that, since people write as they speak.
 */

export type Language = 'da' | 'en'
export const WORDS: Record<Language, SheetWords> = { da: wordsDa, en: wordsEn }
export type CellFault =
  | 'not-a-choice'
  | 'not-a-date'
  | 'not-a-number'
  | 'not-yes-or-no'
  | 'unknown-unit'
  | 'unknown-system'
export type ReadCell = { ok: true; value: unknown } | { ok: false; code: CellFault; proposal: string | null }

/** Fields of one cell: people and units are references, contracts and flows have lists of their own. */
export type PlainField = Exclude<SheetField, 'owner' | 'responsible' | 'contact' | 'unit' | 'contracts' | 'flows'>
export const isPlain = (field: SheetField): field is PlainField =>
  !['person', 'unit', 'contracts', 'flows'].includes(SHEET[field].kind)

/** Without what XML and JSON cannot carry, and with the line ends of spreadsheets. */
export const cleanText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are meant
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd-\uffff]/g, '?')
    .trim()

/** Empty for what is not known. */
export function cellOf(field: PlainField, value: Sheet[PlainField] | null | undefined, language: Language): string {
  if (value === null || value === undefined) return ''
  const words = WORDS[language]
  switch (SHEET[field].kind) {
    case 'choice':
      return choiceWord(words, field, String(value))
    case 'choices':
      return (value as string[]).map(one => choiceWord(words, field, one)).join(' | ')
    case 'flag':
      return value ? words.yes : words.no
    case 'list':
      return listCell(value as string[])
    default:
      return cleanText(String(value))
  }
}

/** Parts are set apart by ` | `; what would be taken for that is led by a backslash. */
export const listCell = (values: readonly string[]): string =>
  values.map(one => cleanText(one).replaceAll(/[\\|;\n]/g, '\\$&')).join(' | ')

export function readList(text: string): string[] {
  const parts: string[] = []
  let part = ''
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] as string
    const next = text[at + 1] ?? ''
    if (sign === '\\' && /[\\|;\n]/.test(next)) {
      part += next
      at++
    } else if (sign === '|' || sign === ';' || sign === '\n') {
      parts.push(part)
      part = ''
    } else part += sign
  }
  parts.push(part)
  return parts.map(one => one.trim()).filter(one => one !== '')
}

/** `text` is not empty. What the sheet's own bounds say is looked at later (`readSheet`). */
export function readCell(field: PlainField, text: string): ReadCell {
  switch (SHEET[field].kind) {
    case 'choice':
      return readChoice(choicesOf(field), text)
    case 'choices': {
      const read = text
        .split(/[|;,\n]/)
        .filter(one => one.trim() !== '')
        .map(one => readChoice(choicesOf(field), one))
      const wrong = read.find(one => !one.ok)
      return wrong ?? { ok: true, value: [...new Set(read.map(one => (one.ok ? one.value : null)))] }
    }
    case 'flag':
      return readFlag(text)
    case 'date':
      return readDate(text)
    case 'number':
      return readNumber(text)
    case 'list':
      return { ok: true, value: readList(text) }
    default:
      return { ok: true, value: cleanText(text) }
  }
}

/** What a row says in its first cell when its system has none of the list: an empty list must be said, it is never guessed. */
const NONE = /^(?:[-–—]|\(ingen\)|\(none\))$/i
export const isNone = (text: string): boolean => NONE.test(text)
/** A name that is itself such a word is led by a backslash, and one that looks like that by one more. */
export const namedCellOf = (name: string): string => (isNone(name.replace(/^\\+/, '')) ? `\\${name}` : name)
export const nameInCell = (text: string): string =>
  /^\\+/.test(text) && isNone(text.replace(/^\\+/, '')) ? text.slice(1) : text

const same = (text: string): string => fold(text).replaceAll(/\s+/g, ' ').trim()

export function readFlag(text: string): ReadCell {
  const said = same(text)
  if (['ja', 'j', 'yes', 'y', 'true', 'sand', '1', 'x'].includes(said)) return { ok: true, value: true }
  if (['nej', 'n', 'no', 'false', 'falsk', '0'].includes(said)) return { ok: true, value: false }
  return { ok: false, code: 'not-yes-or-no', proposal: null }
}

export function readDate(text: string): ReadCell {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : readDay(text)
  return day === 'invalid' || day === null
    ? { ok: false, code: 'not-a-date', proposal: null }
    : { ok: true, value: day }
}

/** Whole numbers, also grouped as in Denmark (`1.250.000`), or as a spreadsheet writes them (`12,0`). */
export function readNumber(text: string): ReadCell {
  const plain = text.replaceAll(/\s|kr\.?$/gi, '').replace(/[.,]0{1,2}$/, '')
  const digits = /^\d{1,3}([.,]\d{3})+$/.test(plain) ? plain.replaceAll(/[.,]/g, '') : plain
  return /^\d{1,15}$/.test(digits)
    ? { ok: true, value: Number(digits) }
    : { ok: false, code: 'not-a-number', proposal: null }
}

/** What a value of a closed list is called, in all ways that are understood; the first is shown as a proposal. */
export type Choices = readonly { value: string; says: readonly string[] }[]

export function readChoice(choices: Choices, text: string): ReadCell {
  const said = same(text)
  const found = choices.find(one => [one.value, ...one.says].some(word => same(word) === said))
  if (found) return { ok: true, value: found.value }
  return { ok: false, code: 'not-a-choice', proposal: nearest(said, choices) }
}

function nearest(said: string, choices: Choices): string | null {
  let best: { word: string; far: number } | null = null
  for (const { value, says } of choices)
    for (const word of [value, ...says]) {
      const far = distance(said, same(word))
      if (best === null || far < best.far) best = { word: says[0] ?? value, far }
    }
  return best && best.far <= Math.max(2, Math.floor(said.length / 3)) ? best.word : null
}

/** Letters to change, put in or take out; long texts are not compared to their end. */
function distance(one: string, other: string): number {
  const [a, b] = [one.slice(0, 60), other.slice(0, 60)]
  let row = Array.from({ length: b.length + 1 }, (_, place) => place)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

export const choiceWord = (words: SheetWords, field: SheetField, value: string): string =>
  (words.choice as Record<string, Record<string, string>>)[field]?.[value] ?? value

/** Words that older lists, KITOS and town halls have for them. */
const ALSO: Partial<Record<PlainField, Record<string, readonly string[]>>> = {
  status: {
    planned: ['under indfasning', 'phasing in', 'indfases'],
    'in-use': ['aktiv', 'active', 'i drift', 'drift', 'operational', 'produktion'],
    'phasing-out': ['udfases', 'phasing out', 'under afvikling', 'archive'],
    closed: ['nedlagt', 'ikke i drift', 'ikke i brug', 'udfaset', 'not in use'],
  },
  criticality: { medium: ['normal', 'middel'], critical: ['samfundskritisk', 'meget høj'] },
  hosting: {
    'on-premise': ['on premise', 'egen drift', 'egen', 'internt', 'lokal'],
    hosted: ['ekstern', 'external', 'driftsleverandør', 'hosting'],
    saas: ['cloud', 'sky'],
    hybrid: ['blandet'],
  },
  login: { sso: ['single sign-on'], directory: ['ad'], local: ['lokalt'] },
  systemKind: { it: ['system', 'it', 'fagsystem'] },
}

export function choicesOf(field: PlainField): Choices {
  return SHEET[field].choices.map(value => ({
    value,
    says: [choiceWord(WORDS.da, field, value), choiceWord(WORDS.en, field, value), ...(ALSO[field]?.[value] ?? [])],
  }))
}
/** The same for the lists of contracts and flows. */
export const wordsOf = (name: 'renewal' | 'agreement' | 'direction' | 'how' | 'frequency'): Choices =>
  Object.entries(wordsDa[name]).map(([value, word]) => ({
    value,
    says: [word, (wordsEn[name] as Record<string, string>)[value] ?? value],
  }))
