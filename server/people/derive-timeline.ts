import type { AuthorityLookup, Json, NormalAttrs } from '../platform/feed-record.ts'
import { canonical, type Fact } from './fact.ts'

/** Which source the attributes come from and when it stated them. A list, because one fact brings many attributes. */
export type Origin = { source: string; since: string; attrs: string[] }[]

/** What holds from `from` until `to` (civil dates, closed-open, null = unbounded). */
export type Segment = { from: string | null; to: string | null; attrs: NormalAttrs; origin: Origin }

/**
 * Attributes that say when the subject exists. They hold for the whole of it, so a corrected start date moves the
 * start instead of adding a second truth from today.
 */
export type Lifespan = {
  from: string
  to: string
  /** Another end: whichever comes first is when it is over. */
  orTo?: string
}

/**
 * Stated as the start (and an end) of what was told of and never came: a hire that was cancelled, a report that was
 * withdrawn. No end that is stated later brings it back; a new start does.
 */
export const NEVER_BEGAN = '0001-01-01'

const FIRST = ''
const LAST = '\uffff'

/**
 * State from facts: for every day and attribute the statement of the source with the highest authority, among equals
 * the latest statement, among those the subject's own before those of others that count as it (`self`), and then the
 * higher content hash. That is a total order over contents, so neither the order nor the repetition of facts can matter.
 */
export function deriveTimeline(
  facts: readonly Fact[],
  authority: AuthorityLookup,
  lifespan?: Lifespan,
  self: string | null = null,
): Segment[] {
  const effective = withoutRetracted(facts).sort(byStatement(self))
  if (effective.length === 0) return []
  const isDate = (key: string) =>
    lifespan !== undefined && (key === lifespan.from || key === lifespan.to || key === lifespan.orTo)
  const timeless = lifespan ? winners(effective, authority, key => isDate(key)) : null
  const born = dateIn(timeless, lifespan?.from)
  const gone = earlierOf(dateIn(timeless, lifespan?.to), dateIn(timeless, lifespan?.orTo))
  const start = born ?? FIRST
  const end = gone ?? LAST
  if (start >= end || born === NEVER_BEGAN) return []

  const cuts = new Set([start, end])
  for (const fact of effective)
    for (const cut of [fact.from ?? FIRST, fact.to ?? LAST]) if (cut > start && cut < end) cuts.add(cut)
  const ordered = [...cuts].sort()

  const segments: Segment[] = []
  for (const [index, from] of ordered.entries()) {
    const to = ordered[index + 1]
    if (to === undefined) break
    const covering = effective.filter(fact => (fact.from ?? FIRST) <= from && (fact.to ?? LAST) >= to)
    if (covering.length === 0) continue
    const chosen = winners(covering, authority, key => !isDate(key))
    for (const [key, fact] of timeless ?? []) chosen.set(key, fact)
    pushMerged(segments, {
      from: from === FIRST ? null : from,
      to: to === LAST ? null : to,
      ...settle(chosen),
    })
  }
  return segments
}

/** Where one attribute of a segment comes from. */
export function originOf(origin: Origin, attribute: string): { source: string; since: string } | null {
  const found = origin.find(entry => entry.attrs.includes(attribute))
  return found ? { source: found.source, since: found.since } : null
}

/** The segment of a day; when there is none, the next one to come, else the last one that was. */
export function segmentAt<S extends { from: string | null; to: string | null }>(
  segments: readonly S[],
  day: string,
): { segment: S; status: 'active' | 'future' | 'ended' } | null {
  let next: S | null = null
  let last: S | null = null
  for (const segment of segments) {
    if ((segment.from ?? FIRST) > day) {
      if (!next || (segment.from ?? FIRST) < (next.from ?? FIRST)) next = segment
    } else if ((segment.to ?? LAST) <= day) {
      if (!last || (segment.to ?? LAST) > (last.to ?? LAST)) last = segment
    } else return { segment, status: 'active' }
  }
  if (next) return { segment: next, status: 'future' }
  return last ? { segment: last, status: 'ended' } : null
}

function withoutRetracted(facts: readonly Fact[]): Fact[] {
  const byHash = new Map(facts.map(fact => [fact.hash, fact]))
  const retractors = new Map<string, Fact[]>()
  for (const fact of byHash.values())
    if (fact.retracts) retractors.set(fact.retracts, [...(retractors.get(fact.retracts) ?? []), fact])
  // A retraction can itself be taken back. Hashes make circles impossible: a fact cannot contain its own hash.
  const holds = (hash: string): boolean => !(retractors.get(hash) ?? []).some(fact => holds(fact.hash))
  return [...byHash.values()].filter(fact => fact.op === 'assert' && holds(fact.hash))
}

/** Two records of one list, read at one instant: whoever is kept when they are made one keeps the own name, too. */
const byStatement =
  (self: string | null) =>
  (a: Fact, b: Fact): number => {
    if (a.assertedAt !== b.assertedAt) return a.assertedAt < b.assertedAt ? -1 : 1
    const own = Number(a.subjectId === self) - Number(b.subjectId === self)
    return own || (a.hash < b.hash ? -1 : 1)
  }

/** Facts come sorted by statement, so at equal authority the later one replaces the earlier. */
function winners(facts: readonly Fact[], authority: AuthorityLookup, wanted: (key: string) => boolean) {
  const chosen = new Map<string, Fact>()
  for (const fact of facts)
    for (const key of Object.keys(fact.attrs)) {
      if (!wanted(key)) continue
      const standing = chosen.get(key)
      if (!standing || authority(fact.source, key) >= authority(standing.source, key)) chosen.set(key, fact)
    }
  return chosen
}

function settle(chosen: Map<string, Fact>): { attrs: NormalAttrs; origin: Origin } {
  const attrs: NormalAttrs = {}
  const entries = new Map<string, Origin[number]>()
  for (const key of [...chosen.keys()].sort()) {
    const fact = chosen.get(key)
    const value = fact?.attrs[key]
    if (!fact || value === null || value === undefined) continue
    attrs[key] = value
    const group = `${fact.source}\n${fact.assertedAt}`
    const entry = entries.get(group) ?? { source: fact.source, since: fact.assertedAt, attrs: [] }
    entry.attrs.push(key)
    entries.set(group, entry)
  }
  const origin = [...entries.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
  return { attrs, origin }
}

function pushMerged(segments: Segment[], next: Segment): void {
  const last = segments.at(-1)
  const touching = last !== undefined && last.to !== null && last.to === next.from
  if (touching && sameState(last, next)) last.to = next.to
  else segments.push(next)
}

export function sameState(a: { attrs: NormalAttrs; origin: Origin }, b: { attrs: NormalAttrs; origin: Origin }) {
  return canonical(a.attrs) === canonical(b.attrs) && canonical(a.origin) === canonical(b.origin)
}

function dateIn(facts: ReadonlyMap<string, Fact> | null, key: string | undefined): string | null {
  const value: Json | undefined = key === undefined ? undefined : facts?.get(key)?.attrs[key]
  return typeof value === 'string' ? value : null
}

/** The earlier of two days, where there is one. */
export function earlierOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
