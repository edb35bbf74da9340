import { danishNames, type NamePool, otherNames } from './name-lists.ts'
import type { Random } from './random.ts'
import { ascii } from './text.ts'

export type DemoName = { given: string; family: string; female: boolean }

const pools = [danishNames, ...otherNames]
const total = pools.reduce((sum, pool) => sum + pool.weight, 0)

function poolOf(random: Random): NamePool {
  let left = random.next() * total
  for (const pool of pools) {
    left -= pool.weight
    if (left < 0) return pool
  }
  return danishNames
}

/** A name as one finds them in a Danish town hall: mostly Danish, some double, some from elsewhere, some mixed. */
export function inventName(random: Random, femaleShare = 0.76): DemoName {
  const female = random.chance(femaleShare)
  const pool = poolOf(random)
  const given = random.pick(female ? pool.female : pool.male)
  // Married or second-generation names: one part from each side.
  const familyPool = pool !== danishNames && random.chance(0.15) ? danishNames : pool
  let family = random.pick(familyPool.family)
  if (pool === danishNames && random.chance(0.22)) {
    const second = random.pick(danishNames.family)
    if (second !== family) family = random.chance(0.12) ? `${family}-${second}` : `${family} ${second}`
  }
  return { given, family, female }
}

/** User names of two letters of the given and two of the last name; who comes later gets a number. */
export function usernames(): (name: DemoName) => string {
  const used = new Map<string, number>()
  return ({ given, family }) => {
    const part = (text: string) =>
      ascii(text)
        .replace(/[^a-z]/g, '')
        .slice(0, 2)
    const base = part(given) + part(family.split(/[ -]/).at(-1) ?? family)
    const taken = used.get(base) ?? 0
    used.set(base, taken + 1)
    return taken === 0 ? base : `${base}${taken + 1}`
  }
}
