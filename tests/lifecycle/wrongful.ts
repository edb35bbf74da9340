import { RIGHT_OF_UNIT, RIGHTS_OF } from './town.ts'

/**
 * What people should hold, by a list of who is where and when: a model of its own that knows nothing of facts, rules or
 * orders. From it the two numbers that must be nought: rights that somebody lost who should have them, and rights that
 * somebody still has who should not, once everything that was due has been sent and read.
 */
export type Job = { key: string; title: string; unit: string; from: string; to: string | null; away?: string | null }

export function shouldHold(jobs: readonly Job[], on: string): Set<string> {
  const held = new Set<string>()
  for (const { key, title, unit, from, to } of jobs)
    if (from <= on && (to === null || on < to))
      for (const right of [...(RIGHTS_OF[title] ?? []), RIGHT_OF_UNIT[unit]])
        if (right?.startsWith('net/')) held.add(`${key} ${right}`)
  return held
}

export type Wrongful = { revocations: string[]; retentions: string[] }
export function wrongful(jobs: readonly Job[], on: string, held: readonly string[]): Wrongful {
  const should = shouldHold(jobs, on)
  const holds = new Set(held)
  return {
    revocations: [...should].filter(right => !holds.has(right)).sort(),
    retentions: [...holds].filter(right => !should.has(right)).sort(),
  }
}
export const NONE: Wrongful = { revocations: [], retentions: [] }
