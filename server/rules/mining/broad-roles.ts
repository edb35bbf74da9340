import { addAll, type Bits, bitsOf, bothOf, countBits, isEmpty, isSubset, keepOnly, noBits, without } from './bits.ts'
import { randomFrom } from './light-roles.ts'
import type { ClassRole, Condensed } from './rights-matrix.ts'

export type BroadOptions = {
  /** Share of what is held that the roles shall give, from 0 to 1; the rest stays as it is and is stated. */
  share: number
  /** A role that fewer people would have is not worth a name. */
  people: number
  seed: number
}
type Candidate = { rights: Bits; holders: number[]; gain: number }

/** How many colleagues each holder is compared with to find what they have in common. */
const COLLEAGUES = 24

/**
 * Few broad roles that give most of what is held and nothing that is not: what is rare stays outside, as it would make
 * a role for one person. Candidates are what holders of one right have in common, and what each has in common with
 * others who share a right, two and three at a time; of them always the one that takes most off the list, until `share`
 * is reached or none is worth its own cost. Yields the share reached.
 */
export function* broadRoles(matrix: Condensed, options: BroadOptions): Generator<number, ClassRole[]> {
  const { held } = matrix
  const people = matrix.holders.map(holders => holders.length)
  const weights = matrix.rights.map(rights => rights.length)
  const weight = (rights: Bits) => bitsOf(rights).reduce((sum, right) => sum + (weights[right] as number), 0)
  const left = held.map(row => row.slice())
  const total = held.reduce((sum, row, holder) => sum + weight(row) * (people[holder] as number), 0)

  /** Rights that the role would take off the list of the direct ones, less what the role itself costs. */
  const worth = ({ rights, holders }: Omit<Candidate, 'gain'>): number =>
    holders.reduce(
      (sum, holder) => sum + weight(bothOf(left[holder] as Bits, rights)) * (people[holder] as number),
      0,
    ) -
    1 -
    weight(rights) -
    holders.reduce((sum, holder) => sum + (people[holder] as number), 0)

  const candidates: Candidate[] = []
  for (const { rights, holders } of collect(matrix, options.seed)) {
    if (holders.reduce((sum, holder) => sum + (people[holder] as number), 0) < options.people) continue
    candidates.push({ rights, holders, gain: worth({ rights, holders }) })
  }
  const queue = candidates.sort((a, b) => a.gain - b.gain)
  const roles: ClassRole[] = []
  let given = 0
  while (queue.length > 0 && given < options.share * total) {
    yield given / Math.max(1, total)
    const best = queue.pop() as Candidate
    // What it was worth has shrunk with every role taken since; it can only have shrunk, so the rest need no new look.
    const gain = worth(best)
    if (gain <= 0) continue
    if (gain < (queue.at(-1)?.gain ?? 0)) {
      insert(queue, { ...best, gain })
      continue
    }
    roles.push({ rights: best.rights, holders: best.holders })
    for (const holder of best.holders) {
      given += weight(bothOf(left[holder] as Bits, best.rights)) * (people[holder] as number)
      left[holder] = without(left[holder] as Bits, best.rights)
    }
  }
  return withoutEmpty(matrix, roles)
}

/** What a role found later gives may be all that an earlier one gave a holder: such memberships go. */
function withoutEmpty({ held }: Condensed, roles: readonly ClassRole[]): ClassRole[] {
  const of = held.map(() => [] as number[])
  for (const [at, role] of roles.entries()) for (const holder of role.holders) of[holder]?.push(at)
  const kept = roles.map(role => new Set(role.holders))
  for (const [holder, mine] of of.entries())
    for (const at of mine) {
      const others = noBits((held[holder] as Bits).length * 32)
      for (const other of mine)
        if (other !== at && kept[other]?.has(holder)) addAll(others, (roles[other] as ClassRole).rights)
      if (isSubset((roles[at] as ClassRole).rights, others)) kept[at]?.delete(holder)
    }
  return roles
    .map((role, at) => ({ rights: role.rights, holders: [...(kept[at] as Set<number>)] }))
    .filter(role => role.holders.length > 0)
}

function insert(queue: Candidate[], one: Candidate): void {
  let [low, high] = [0, queue.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((queue[middle] as Candidate).gain < one.gain) low = middle + 1
    else high = middle
  }
  queue.splice(low, 0, one)
}

function* collect({ held, heldBy }: Condensed, seed: number): Generator<Omit<Candidate, 'gain'>> {
  const random = randomFrom(seed)
  const seen = new Set<string>()
  const candidate = (rights: Bits): Omit<Candidate, 'gain'>[] => {
    const key = rights.join(' ')
    if (isEmpty(rights) || seen.has(key)) return []
    seen.add(key)
    const [first, ...more] = bitsOf(rights)
    const having = (heldBy[first as number] as Bits).slice()
    for (const right of more) keepOnly(having, heldBy[right] as Bits)
    return [{ rights, holders: bitsOf(having) }]
  }
  for (const having of heldBy) {
    const [first, ...others] = bitsOf(having)
    const rights = (held[first as number] as Bits).slice()
    for (const holder of others) keepOnly(rights, held[holder] as Bits)
    yield* candidate(rights)
  }
  for (const row of held) {
    const mine = bitsOf(row)
    const sharing = () => {
      const having = bitsOf(heldBy[mine[Math.floor(random() * mine.length)] as number] as Bits)
      return held[having[Math.floor(random() * having.length)] as number] as Bits
    }
    for (let n = 0; n < COLLEAGUES; n++) {
      const two = bothOf(row, sharing())
      yield* candidate(two)
      const three = bothOf(two, sharing())
      if (countBits(three) > 1) yield* candidate(three)
    }
  }
}
