import type { Tx } from '../platform/unit-of-work.ts'
import type { RuleIndex } from '../rules/rule-index.ts'
import { affectedFacts } from './affected-facts.ts'
import { createDecider, type Decided } from './decide-assignments.ts'
import { loadGrants } from './grants/grant-store.ts'
import { loadUnits } from './grounds-store.ts'
import { difference, type RightsDifference } from './rules-change.ts'
import { heldTurns, strictRights, type Turn } from './strict/held-ahead.ts'

type When = { today: string; now: Date }
type Found = RightsDifference & { turns?: Turn[] }

/**
 * What everybody whom a changed rule matches would gain and lose today. What a right given by hand still gives is neither
 * won nor lost by a rule, and what strict mode would hold back is no gain.
 */
export async function rulesDifferences(
  tx: Tx,
  before: RuleIndex,
  after: RuleIndex,
  when: When,
): Promise<RightsDifference[]> {
  const units = await loadUnits(tx)
  const grants = await loadGrants(tx, 'all', { on: when.today, now: when.now })
  const strict = await strictRights(tx)
  const [had, has] = [createDecider(before, units), createDecider(after, units)]
  const found: Found[] = []
  // Colleagues gain and lose the same: one list for all of them.
  const lists = new Map<string, string[]>()
  const shared = (list: string[]): string[] => {
    const key = list.join(' ')
    const known = lists.get(key)
    if (!known) lists.set(key, list)
    return known ?? list
  }
  for await (const batch of affectedFacts(tx, before, after))
    for (const facts of batch) {
      const decide = (decider: ReturnType<typeof createDecider>) => decider.decideOne(facts, grants.get(facts.id))
      const [was, is] = [decide(had), decide(has)]
      const { gains, losses } = difference(keysOf(was, strict), keysOf(is, strict))
      const turns = strict.size === 0 ? [] : turnsOf(was, is, strict, when)
      if (gains.length + losses.length + turns.length > 0)
        found.push({
          ...{ affiliationId: facts.id, personId: facts.personId, gains: shared(gains), losses: shared(losses) },
          ...(turns.length > 0 ? { turns } : {}),
        })
    }
  return strict.size === 0 ? found : settled(tx, found)
}

/** Keys of what is decided outside strict systems, where it is held as it is decided. */
const keysOf = (decided: readonly Decided[], strict: ReadonlySet<string>): string[] =>
  decided.flatMap(one => (strict.has(one.entitlement) ? [] : one.entitlement))

/** Rights of strict systems that are given otherwise than before: another reason may have a purpose where the other had none. */
function turnsOf(
  was: readonly Decided[],
  is: readonly Decided[],
  strict: ReadonlySet<string>,
  { today, now }: When,
): Turn[] {
  const of = (decided: readonly Decided[]) =>
    new Map(decided.filter(one => strict.has(one.entitlement)).map(one => [one.entitlement, one]))
  const [before, after] = [of(was), of(is)]
  const ahead = (decided: Decided | undefined) => (decided ? { decided, on: today, at: now } : null)
  const text = (decided: Decided | undefined) =>
    decided
      ? `${decided.reason.ruleKey} ${decided.reason.rolePath.join('>')} ${JSON.stringify(decided.constraints)}`
      : ''
  return [...new Set([...before.keys(), ...after.keys()])].flatMap(key => {
    const [one, other] = [before.get(key), after.get(key)]
    return text(one) === text(other) ? [] : { before: ahead(one), after: ahead(other) }
  })
}

async function settled(tx: Tx, found: readonly Found[]): Promise<RightsDifference[]> {
  const turned = await heldTurns(
    tx,
    found.flatMap(one => one.turns ?? []),
  )
  let place = 0
  return found.flatMap(({ turns, ...one }) => {
    if (!turns) return one
    const own = turned.slice(place, place + turns.length)
    place += turns.length
    const keys = turns.map(({ before, after }) => (before ?? after)?.decided.entitlement ?? '')
    const where = (fits: (turn: (typeof own)[number]) => boolean) => keys.filter((_, at) => fits(own[at]!))
    const gains = [...one.gains, ...where(turn => !turn.before && turn.after !== null)].sort()
    const losses = [...one.losses, ...where(turn => turn.before !== null && !turn.after)].sort()
    const withheld = where(turn => turn.withheld).sort()
    if (gains.length + losses.length + withheld.length === 0) return []
    return { ...one, gains, losses, ...(withheld.length > 0 ? { withheld } : {}) }
  })
}
