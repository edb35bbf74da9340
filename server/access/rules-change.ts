import type { RulesFile } from '../rules/rules-yaml.ts'

/** What a change of rules would do to one affiliation, as entitlement keys. */
export type RightsDifference = {
  affiliationId: string
  personId: string
  gains: string[]
  losses: string[]
  /** What the rules would give and strict mode would hold back; left out where there is nothing. */
  withheld?: string[]
}
export type HeldChange = { guard: string; part: string; count: number; limit: number }

type Mapping = RulesFile['mappings'][number]

/**
 * The stored content with the lists of the file put in its place. A list that the file leaves out, or leaves empty,
 * stays as it is stored: nobody means to remove every rule by forgetting a heading. Mappings that people have made on the
 * screen stay (`kept`), and those that they have taken out there stay out.
 */
export function mergeRulesFile(
  stored: RulesFile,
  file: RulesFile,
  screen: { kept: readonly Mapping[]; out: readonly Mapping[] } = { kept: [], out: [] },
): RulesFile {
  const text = (one: Mapping) => JSON.stringify([one.source, one.match.cn, one.entitlement])
  const left = new Set([...screen.kept, ...screen.out].map(text))
  return {
    roles: file.roles.length > 0 ? file.roles : stored.roles,
    rules: file.rules.length > 0 ? file.rules : stored.rules,
    mappings:
      file.mappings.length > 0
        ? [...screen.kept, ...file.mappings.filter(one => !left.has(text(one)))]
        : stored.mappings,
  }
}

export function difference(before: Iterable<string>, after: Iterable<string>): { gains: string[]; losses: string[] } {
  const [had, has] = [new Set(before), new Set(after)]
  return { gains: [...has.difference(had)].sort(), losses: [...had.difference(has)].sort() }
}

/** At most this share of the people may be moved by one person's change of rules; the floor lets small ones through. */
const LIMIT = { percent: 10, floor: 50 }

/** Rights to administer a system, and those of the tool itself, with the affiliations that hold them before the change. */
export type Administrators = readonly { entitlement: string; affiliationIds: readonly string[] }[]

/**
 * The guards on a change of rules: one that would take something from, or give something to, more people than the
 * limit waits for a second person, and so does one after which nobody would administer a system that somebody
 * administers now. The first rules of an installation move nobody who held anything, and pass.
 */
export function guardRulesChange(
  differences: readonly RightsDifference[],
  people: number,
  first: boolean,
  administrators: Administrators = [],
): HeldChange[] {
  if (first) return []
  const limit = Math.max(LIMIT.floor, Math.floor((people * LIMIT.percent) / 100))
  // What is held back is weighed as given: whoever says its purpose later gives it to all of them at once.
  const moves = (one: RightsDifference, kind: 'gains' | 'losses') =>
    one[kind].length > 0 || (kind === 'gains' && (one.withheld?.length ?? 0) > 0)
  const count = (kind: 'gains' | 'losses') =>
    new Set(differences.filter(one => moves(one, kind)).map(one => one.personId)).size
  const tooMany = (['losses', 'gains'] as const)
    .map(kind => ({ guard: `rules-${kind}`, part: 'people', count: count(kind), limit }))
    .filter(held => held.count > held.limit)
  return [...tooMany, ...lastAdministrators(differences, administrators)]
}

function lastAdministrators(differences: readonly RightsDifference[], administrators: Administrators): HeldChange[] {
  return administrators.flatMap(({ entitlement, affiliationIds }) => {
    if (differences.some(one => one.gains.includes(entitlement))) return []
    const losing = new Set(differences.filter(one => one.losses.includes(entitlement)).map(one => one.affiliationId))
    const last = affiliationIds.length > 0 && affiliationIds.every(id => losing.has(id))
    return last
      ? [{ guard: 'rules-last-administrator', part: entitlement, count: affiliationIds.length, limit: 0 }]
      : []
  })
}
