import type { ResponseOf } from '#contract/endpoint.ts'
import type { getPerson } from '#contract/people.ts'
import type { RightsFilter } from '../../lib/search.ts'
import { isProtected } from '../../ui/sensitivity.tsx'

export type PersonData = ResponseOf<typeof getPerson>
export type Affiliation = PersonData['affiliations'][number]
export type SystemRights = PersonData['systems'][number]
export type Right = SystemRights['rights'][number]
export type Because = Right['because'][number]
export type ObservedPath = Right['paths'][number]

/** The systems with those of their rights that pass, without systems that have none left. */
export function filterRights(
  systems: readonly SystemRights[],
  show: RightsFilter | undefined,
  text: string,
): SystemRights[] {
  const wanted = text.trim().toLocaleLowerCase('da')
  return systems
    .map(one => {
      const bySystem = wanted !== '' && one.system.name.toLocaleLowerCase('da').includes(wanted)
      return {
        ...one,
        rights: one.rights.filter(
          right => passes(right, show) && (wanted === '' || bySystem || mentions(right, wanted)),
        ),
      }
    })
    .filter(one => one.rights.length > 0)
}

function passes(right: Right, show: RightsFilter | undefined): boolean {
  if (show === undefined) return true
  if (show === 'diff') return right.state === 'missing' || right.state === 'unexplained' || right.state === 'still-held'
  if (show === 'protected') return isProtected(right.sensitivity)
  return right.state === show
}

const mentions = (right: Right, wanted: string): boolean =>
  [right.name, right.key, right.description ?? '', ...right.because.map(because => because.ruleName)].some(text =>
    text.toLocaleLowerCase('da').includes(wanted),
  )

/** Which right is explained when nobody has chosen one: what needs a look first. */
export function firstRight(systems: readonly SystemRights[]): { system: SystemRights; right: Right } | null {
  const all = flatten(systems)
  return (
    all.find(one => one.right.state === 'unexplained') ??
    all.find(one => one.right.state === 'still-held') ??
    all.find(one => one.right.state === 'missing') ??
    all[0] ??
    null
  )
}

export const flatten = (systems: readonly SystemRights[]): { system: SystemRights; right: Right }[] =>
  systems.flatMap(system => system.rights.map(right => ({ system, right })))
