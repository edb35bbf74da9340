import { createHash } from 'node:crypto'
import { ACTIONS_OF, type FindingCode, type FindingState, type SettleAction } from '#contract/findings.ts'

/** A chosen finding, as far as deciding about it goes. */
export type Chosen = {
  id: string
  code: FindingCode
  state: FindingState
  until: string | null
  personId: string | null
  objectId: string | null
  mayDecide: boolean
  /** An exception in force allows the right that it is about. */
  excepted: boolean
}
export type Refusal = 'wrong-kind' | 'decided-already' | 'not-yours' | 'no-exception'
export type SettlePlan = {
  fits: Chosen[]
  refused: { why: Refusal; count: number }[]
  people: number
  /** Of what would be done to what: another choice, action or date has another. */
  hash: string
}

/** The state that an action leaves a finding in; ending an exception leaves it as it is, and what differs again is found anew. An exception closes it: the right is no longer a difference. */
export const STATE_AFTER = {
  explained: 'explained',
  exception: 'explained',
  removal: 'removal',
  accept: 'accepted',
  'not-a-finding': 'not-a-finding',
  reopen: 'open',
} as const satisfies Record<Exclude<SettleAction, 'end'>, FindingState>

/** Which of the chosen findings an action settles, and why not the others. */
export function planSettle(chosen: readonly Chosen[], action: SettleAction, until: string | null): SettlePlan {
  const refused = new Map<Refusal, number>()
  const fits = chosen.filter(one => {
    const why = refusal(one, action, until)
    if (why !== null) refused.set(why, (refused.get(why) ?? 0) + 1)
    return why === null
  })
  const ids = fits.map(one => one.id).sort()
  return {
    fits,
    refused: [...refused].map(([why, count]) => ({ why, count })),
    people: new Set(fits.flatMap(one => one.personId ?? [])).size,
    hash: createHash('sha256')
      .update(JSON.stringify([action, until, ids]))
      .digest('hex'),
  }
}

function refusal(one: Chosen, action: SettleAction, until: string | null): Refusal | null {
  if (!one.mayDecide) return 'not-yours'
  if (!ACTIONS_OF[one.code].includes(action)) return 'wrong-kind'
  if (action === 'end') return one.excepted ? null : 'no-exception'
  if (one.state === 'closed') return 'decided-already'
  // Saying the same again with another date is a decision of its own.
  return one.state === STATE_AFTER[action] && (action !== 'accept' || one.until === until) ? 'decided-already' : null
}
