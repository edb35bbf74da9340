import { addBit, type Bits, bitsOf, noBits } from './bits.ts'

/** Who holds what: for each holder the numbers of the rights held, rising and without repeats. */
export type RightsMatrix = { rights: number; rows: readonly (readonly number[])[] }

/**
 * The matrix with holders of the same rights taken together, and rights of the same holders: what the search works on.
 * Holders without rights and rights without holders are left out.
 */
export type Condensed = {
  /** The holders of each class, by their numbers in the matrix; the same for rights. */
  holders: readonly (readonly number[])[]
  rights: readonly (readonly number[])[]
  /** Classes of rights that a class of holders has, and the other way round. */
  held: readonly Bits[]
  heldBy: readonly Bits[]
}

/** Roles that give exactly what they give: nobody in `holders` lacks one of `rights`. Numbers of the matrix. */
export type MinedRole = { rights: number[]; holders: number[] }

/** Roles over classes, before they are written out. */
export type ClassRole = { rights: Bits; holders: number[] }

export function condense({ rights, rows }: RightsMatrix): Condensed {
  const holders = grouped(rows)
  const columns: number[][] = Array.from({ length: rights }, () => [])
  for (const [place, group] of holders.entries())
    for (const right of rows[group[0] as number] as readonly number[]) (columns[right] as number[]).push(place)
  const classes = grouped(columns)
  const held = holders.map(() => noBits(classes.length))
  const heldBy = classes.map(() => noBits(holders.length))
  for (const [right, group] of classes.entries())
    for (const holder of columns[group[0] as number] as number[]) {
      addBit(held[holder] as Bits, right)
      addBit(heldBy[right] as Bits, holder)
    }
  return { holders, rights: classes, held, heldBy }
}

/** Numbers of the lists that are the same, together; empty lists in no group. */
function grouped(lists: readonly (readonly number[])[]): number[][] {
  const groups = new Map<string, number[]>()
  for (const [place, list] of lists.entries()) {
    if (list.length === 0) continue
    const key = list.join(' ')
    const group = groups.get(key)
    if (group) group.push(place)
    else groups.set(key, [place])
  }
  return [...groups.values()]
}

const rising = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)

/** Roles over classes written out over holders and rights, those with most holders first. */
export function writeOut(matrix: Condensed, roles: readonly ClassRole[]): MinedRole[] {
  return roles
    .map(role => ({
      rights: rising(bitsOf(role.rights).flatMap(right => [...(matrix.rights[right] as readonly number[])])),
      holders: rising(role.holders.flatMap(holder => [...(matrix.holders[holder] as readonly number[])])),
    }))
    .sort((a, b) => b.holders.length - a.holders.length || b.rights.length - a.rights.length)
}

/**
 * Weighted structural complexity with all weights 1: roles, plus who has which role, plus what is in which role
 * (Molloy et al., SACMAT 2009). The smaller, the less there is to look after.
 */
export const complexity = (roles: readonly MinedRole[]): number =>
  roles.reduce((sum, role) => sum + 1 + role.rights.length + role.holders.length, 0)

/** Rights held that the roles do not give: the stated deviation of an approximate set; 0 for an exact one. */
export function leftOver(matrix: RightsMatrix, roles: readonly MinedRole[]): number {
  let left = 0
  for (const _ of rightsLeft(matrix, roles)) left++
  return left
}

/** The number of each right that is held and that no role gives its holder, once a holder. */
export function* rightsLeft({ rights, rows }: RightsMatrix, roles: readonly MinedRole[]): Generator<number> {
  const rolesOf: MinedRole[][] = rows.map(() => [])
  for (const role of roles) for (const holder of role.holders) rolesOf[holder]?.push(role)
  // One list for everybody, of who was given each right last: a set a person would be as large as the matrix itself.
  const givenTo = new Int32Array(rights).fill(-1)
  for (const [holder, row] of rows.entries()) {
    for (const role of rolesOf[holder] as MinedRole[]) for (const right of role.rights) givenTo[right] = holder
    for (const right of row) if (givenTo[right] !== holder) yield right
  }
}
