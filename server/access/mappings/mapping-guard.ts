import type { MappingCounts } from '#contract/mappings.ts'

/** As with rules: at most this share of the people, and small changes pass. */
const LIMIT = { percent: 10, floor: 50 }

/**
 * What holds a change of mappings back for a second person: more people would no longer be seen to hold what they were
 * seen to hold, or would get a deviation, than the limit. That rights become visible which people should hold is what
 * mappings are for, and holds nothing back.
 */
export function guardMappings(
  counts: Pick<MappingCounts, 'losing' | 'deviating'>,
  population: number,
): MappingCounts['heldBack'] {
  const limit = Math.max(LIMIT.floor, Math.floor((population * LIMIT.percent) / 100))
  return [
    { guard: 'mapping-losses', part: 'people', count: counts.losing, limit },
    { guard: 'mapping-deviations', part: 'people', count: counts.deviating, limit },
  ].filter(one => one.count > one.limit)
}
