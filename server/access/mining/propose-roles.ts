import { createHash } from 'node:crypto'
import type { MiningOptions, MiningScope } from '#contract/mining.ts'
import { describeRoles } from '../../rules/mining/describe-role.ts'
import type { MinedRoles, MiningAim } from '../../rules/mining/mine-roles.ts'
import { complexity, type MinedRole, type RightsMatrix, rightsLeft } from '../../rules/mining/rights-matrix.ts'

/** A person of the matrix by the primary affiliation: units from the top of the scope down, without that top. */
export type MatrixPerson = { units: string[]; position: string | null; kind: string }

/** A mined role as somebody is asked about it. `rights` and `holders` are numbers of the matrix. */
export type ProposedRole = {
  rights: number[]
  holders: number[]
  /** Key of the unit, at or below; null: anywhere in the scope. */
  unit: string | null
  position: string | null
  /** Kinds of affiliation of those whom the description meets: a rule must not catch pupils of a school beside its staff. */
  kinds: string[]
  hits: number
  meets: number
  /** Whom the description meets and who lacks at least one of the rights. */
  newly: number
}
/** Of each right that includes others: which, as numbers of the matrix. */
export type Parts = readonly (readonly [whole: number, parts: readonly number[]])[]
export type Proposals = {
  proposals: ProposedRole[]
  /** Of the roles together; see `complexity` of the matrix. */
  complexity: number
  fewest: boolean | null
  left: number
  held: number
  /** People that hold a right which no role gives them, by the number of the right; only rights with some. */
  deviation: { right: number; people: number }[]
}

/** How the search is asked for an aim of the contract. The seed is fixed: the same data give the same roles. */
export function aimOf(aim: 'few' | 'light' | 'broad', options: MiningOptions): MiningAim {
  if (aim === 'few') return { aim }
  if (aim === 'light') return { aim, steps: LIGHT_STEPS, seed: 1 }
  return { aim, share: options.share, people: options.people, seed: 1 }
}
/** The figures of the README are of as many. */
const LIGHT_STEPS = 60_000

/**
 * The roles without rights that another right of the same role includes: whoever is given the whole has them with it.
 * Roles that are the same then are one. What is left over of the matrix is as it was.
 */
export function withoutParts(mined: MinedRoles, parts: Parts): MinedRoles {
  if (parts.length === 0) return mined
  const partsOf = new Map(parts)
  const same = new Map<string, MinedRole>()
  for (const { rights, holders } of mined.roles) {
    const included = new Set(rights.flatMap(right => partsOf.get(right) ?? []))
    const own = rights.filter(right => !included.has(right))
    const known = same.get(own.join(' '))
    const all = known ? [...new Set([...known.holders, ...holders])].sort((a, b) => a - b) : holders
    same.set(own.join(' '), { rights: own, holders: all })
  }
  const roles = [...same.values()]
  return { ...mined, roles, complexity: complexity(roles) }
}

/** Roles with who they are for, those that cover most of what is held first. */
export function proposeRoles(
  matrix: RightsMatrix,
  people: readonly MatrixPerson[],
  found: MinedRoles,
  parts: Parts = [],
): Proposals {
  const mined = withoutParts(found, parts)
  const descriptions = describeRoles(people, mined.roles)
  const proposals = mined.roles.map((role, place): ProposedRole => {
    const { unit = null, position = null, hits = 0, meets = 0 } = descriptions[place] ?? {}
    const kinds = new Set<string>()
    let newly = 0
    for (const [at, person] of people.entries()) {
      if (!fits(person, unit, position)) continue
      kinds.add(person.kind)
      if (!hasAll(matrix.rows[at] ?? [], role.rights)) newly++
    }
    return { ...role, unit, position, kinds: [...kinds].sort(), hits, meets, newly }
  })
  return {
    proposals: proposals.sort((a, b) => b.holders.length * b.rights.length - a.holders.length * a.rights.length),
    complexity: mined.complexity,
    fewest: mined.fewest,
    left: mined.left,
    held: mined.held,
    deviation: mined.left === 0 ? [] : deviationOf(matrix, found),
  }
}

/** Both are rising. A set for each of tens of thousands of people would be as large as all the rest. */
function hasAll(row: readonly number[], rights: readonly number[]): boolean {
  let at = 0
  for (const right of rights) {
    while (at < row.length && (row[at] as number) < right) at++
    if (row[at] !== right) return false
  }
  return true
}

const fits = (person: MatrixPerson, unit: string | null, position: string | null) =>
  (unit === null || person.units.includes(unit)) && (position === null || person.position === position)

function deviationOf(matrix: RightsMatrix, { roles }: MinedRoles): Proposals['deviation'] {
  const people = new Map<number, number>()
  for (const right of rightsLeft(matrix, roles)) people.set(right, (people.get(right) ?? 0) + 1)
  return [...people].map(([right, count]) => ({ right, people: count })).sort((a, b) => b.people - a.people)
}

/** The same set of rights has the same hash in every run, whatever the numbers of its matrix. */
export const rightsHash = (keys: readonly string[]): string =>
  createHash('sha256')
    .update([...keys].sort().join('\n'))
    .digest('hex')

/**
 * How much roles save. What is compared is what there is to look after: the roles with their content and members, and
 * what stays outside, against the rights one by one. Half is much; nine tenths is nothing that anybody would notice.
 */
export function structureOf({ complexity, left, held }: Pick<Proposals, 'complexity' | 'left' | 'held'>) {
  const share = held === 0 ? 1 : (complexity + left) / held
  return share <= 0.5 ? ('good' as const) : share <= 0.9 ? ('some' as const) : ('none' as const)
}

/** A scope as a run keeps it. */
export const scopeKey = (scope: MiningScope): string =>
  scope.kind === 'all' ? '' : scope.kind === 'area' ? scope.area : scope.id
export const scopeOf = (kind: MiningScope['kind'], key: string): MiningScope =>
  kind === 'all' ? { kind } : kind === 'area' ? { kind, area: key } : { kind, id: key }
