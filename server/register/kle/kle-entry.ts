import type { RetentionRule } from '#contract/activity-content.ts'

/** A main group, group or subject of KLE, as far as it says how long cases are kept. */
export type KleEntry = {
  number: string
  title: string
  /** Duty to hand over to an archive; `unknown` where KLE has not said. */
  preservation: 'keep' | 'discard' | 'unknown'
  /** ISO 8601, from the closing of the case; null: not said. */
  eraseAfter: string | null
  line: number
}
export type BadEntry = { line: number; number: string; what: 'number' | 'title' | 'erasure' }
/** As a file says it. */
export type WrittenEntry = { number: string; title: string; code: string; erasure: string; line: number }

const NUMBER = /^\d{2}(\.\d{2}){0,2}$/

/** The entry, or what is wrong with it. A code `K5` says the years as well, where nothing else does. */
export function entryOf(written: WrittenEntry): KleEntry | BadEntry {
  const { number, title, line } = written
  const bad = (what: BadEntry['what']): BadEntry => ({ line, number: number.slice(0, 20), what })
  if (!NUMBER.test(number)) return bad('number')
  if (title === '' || title.length > 300) return bad('title')
  const code = written.code.trim().toUpperCase()
  const preservation = /^B/.test(code) ? 'keep' : /^K/.test(code) ? 'discard' : 'unknown'
  const years = /^K(\d{1,2})$/.exec(code)?.[1]
  const eraseAfter = written.erasure.trim() === '' ? (years ? `P${Number(years)}Y` : null) : periodOf(written.erasure)
  if (eraseAfter === undefined) return bad('erasure')
  return { number, title, preservation, eraseAfter, line }
}

/** KLE writes five years as `P1825D`, lists of one's own as `5` or `5 år`. undefined: it is no period. */
export function periodOf(text: string): string | undefined {
  const said = text.trim()
  const years = /^(\d{1,3})( ?(år|years?))?$/i.exec(said)?.[1]
  if (years) return Number(years) > 0 ? `P${Number(years)}Y` : undefined
  const days = /^P(\d{1,6})D$/.exec(said)?.[1]
  if (days && Number(days) > 0 && Number(days) % 365 === 0) return `P${Number(days) / 365}Y`
  return /^P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$/.test(said) && /[1-9]/.test(said) ? said : undefined
}

export type Proposal = { kle: string; title: string; rule: RetentionRule; subjects: number; of: number }

/**
 * What KLE proposes for tasks: for each number the limits that the subjects at or below it have, the most usual first. A
 * number whose subjects say nothing proposes nothing.
 */
export function proposeRetention(entries: readonly KleEntry[], numbers: readonly string[]): Proposal[] {
  const titles = new Map(entries.map(entry => [entry.number, entry.title]))
  return [...new Set(numbers)].flatMap(kle => {
    const within = entries.filter(
      entry => (entry.number === kle || entry.number.startsWith(`${kle}.`)) && entry.number.length === 8,
    )
    const said = within.filter(entry => entry.eraseAfter !== null || entry.preservation === 'keep')
    const groups = Map.groupBy(said, entry => `${entry.eraseAfter ?? ''} ${entry.preservation}`)
    const title = titles.get(kle) ?? kle
    return [...groups.values()]
      .toSorted((a, b) => b.length - a.length)
      .flatMap((group, place) => {
        const [first] = group
        if (!first) return []
        const key = `kle-${kle.replaceAll('.', '-')}${place === 0 ? '' : `-${place + 1}`}`
        const names = group.slice(0, 3).map(entry => `${entry.number} ${entry.title}`)
        const more = group.length > 3 ? ` og ${group.length - 3} flere` : ''
        const rule: RetentionRule = {
          ...{ key, startEvent: 'sagen er afsluttet', period: first.eraseAfter, archive: first.preservation },
          ...{ basis: `KLE ${kle} ${title}`.slice(0, 500), note: `${names.join('; ')}${more}`.slice(0, 500) },
        }
        return [{ kle, title, rule, subjects: group.length, of: said.length }]
      })
  })
}
