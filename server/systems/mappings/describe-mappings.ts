import { isEntitlementKey } from '../entitlement-key.ts'
import { fillStars, type GroupMapping, groupPattern } from '../group-mapping.ts'

export type NamedGroup = { id: string; source: string; name: string }
/** A mapping that fits a group, and the right it would give; null where what the stars caught makes no key. */
export type Fit = { mapping: GroupMapping; entitlement: string | null }
export type MappingConflict = { group: NamedGroup; system: string; wins: Fit; loses: Fit }
export type MappingFacts = {
  /** Groups that the pattern fits; that get a right by it; that an earlier pattern takes; rights in no catalogue. */
  caught: number
  given: number
  taken: number
  unknown: number
  conflicts: number
}
export type MappingIssueCode = 'catches-nothing' | 'shadowed' | 'conflict' | 'unknown-right'

/**
 * All mappings that fit a group, in the order in which they are asked, and which of them decide: those of the first
 * pattern that makes a key (see `mapGroups`, which the tests hold this equal to). Patterns without a star are looked up
 * by name, so that a thousand decided groups cost nothing.
 */
export function createMapper(
  mappings: readonly GroupMapping[],
): (group: NamedGroup) => { fits: Fit[]; deciding: Fit[] } {
  type Entry = { place: number; mapping: GroupMapping; pattern: string }
  const bySource = new Map<
    string,
    { exact: Map<string, Entry[]>; open: (Entry & { test: ReturnType<typeof groupPattern> })[] }
  >()
  mappings.forEach((mapping, place) => {
    const patterns = bySource.get(mapping.source) ?? { exact: new Map<string, Entry[]>(), open: [] }
    bySource.set(mapping.source, patterns)
    const pattern = folded(mapping.pattern)
    const entry = { place, mapping, pattern }
    if (pattern.includes('*')) patterns.open.push({ ...entry, test: groupPattern(pattern) })
    else {
      const same = patterns.exact.get(pattern)
      if (same) same.push(entry)
      else patterns.exact.set(pattern, [entry])
    }
  })
  return group => {
    const patterns = bySource.get(group.source)
    if (!patterns) return { fits: [], deciding: [] }
    const found: { place: number; pattern: string; fit: Fit }[] = []
    for (const { place, mapping, pattern } of patterns.exact.get(folded(group.name)) ?? [])
      found.push({ place, pattern, fit: { mapping, entitlement: keyOf(mapping.entitlement, []) } })
    for (const { place, mapping, pattern, test } of patterns.open) {
      const caught = test(group.name)
      if (caught) found.push({ place, pattern, fit: { mapping, entitlement: keyOf(mapping.entitlement, caught) } })
    }
    found.sort((a, b) => a.place - b.place)
    // A pattern stands where the first mapping with it stands: those of one pattern are asked together.
    const decides = found.find(one =>
      found.some(other => other.pattern === one.pattern && other.fit.entitlement !== null),
    )?.pattern
    return {
      fits: found.map(one => one.fit),
      deciding: found.filter(one => one.pattern === decides && one.fit.entitlement !== null).map(one => one.fit),
    }
  }
}

const folded = (text: string) => text.normalize('NFC').toLowerCase()
const keyOf = (template: string, caught: readonly string[]): string | null => {
  const key = fillStars(template, caught)
  return isEntitlementKey(key) ? key : null
}
const systemOf = (key: string) => key.split('/')[0] ?? key

/** What each mapping catches and gives, and where two of them disagree about one system. */
export function describeMappings(
  groups: readonly NamedGroup[],
  mappings: readonly GroupMapping[],
  known: ReadonlySet<string>,
): { facts: Map<string, MappingFacts>; conflicts: MappingConflict[] } {
  const facts = new Map<string, MappingFacts>(
    mappings.map(one => [one.id, { caught: 0, given: 0, taken: 0, unknown: 0, conflicts: 0 }]),
  )
  const conflicts: MappingConflict[] = []
  const mapper = createMapper(mappings)
  for (const group of groups) {
    const { fits, deciding } = mapper(group)
    for (const fit of fits) {
      const own = facts.get(fit.mapping.id)
      if (!own) continue
      own.caught++
      if (!deciding.includes(fit)) {
        if (deciding.length > 0) own.taken++
        const system = fit.entitlement === null ? null : systemOf(fit.entitlement)
        const wins = deciding.find(one => one.entitlement !== null && systemOf(one.entitlement) === system)
        if (!wins || system === null || deciding.some(one => one.entitlement === fit.entitlement)) continue
        own.conflicts++
        conflicts.push({ group, system, wins, loses: fit })
      } else if (known.has(fit.entitlement ?? '')) own.given++
      else own.unknown++
    }
  }
  return { facts, conflicts }
}

/** What is wrong with a mapping, worst first; empty when it does what it says. */
export function issuesOf({ caught, given, taken, unknown, conflicts }: MappingFacts): MappingIssueCode[] {
  if (caught === 0) return ['catches-nothing']
  return [
    ...(conflicts > 0 ? ['conflict' as const] : []),
    ...(given === 0 && unknown === 0 && taken > 0 ? ['shadowed' as const] : []),
    ...(unknown > 0 && given === 0 ? ['unknown-right' as const] : []),
  ]
}
