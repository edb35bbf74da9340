import type { ActivityContent } from '#contract/activity-content.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import type { Ending } from '../../register/activities/ending.ts'
import { rightsResting } from './losing-rights.ts'
import { putBeforeOwners } from './plan-service.ts'
import type { Cause } from './plan-store.ts'

/** How many rights rest on an activity and on nothing else. */
export const restingOn = async (tx: Tx, activityId: string, today: string): Promise<number> =>
  (await rightsResting(tx, { activityId, alone: true }, today)).length

/**
 * Asked while the record still stands as it did: what of it ends, and which rights lose by it what they were for, or what that
 * rested on. Those are put before the owners of their systems; nobody loses anything.
 */
export async function planEnding(
  tx: Tx,
  ending: Ending,
  told: { actor: Actor; today: string; now: Date },
): Promise<void> {
  const { activityId, before, after, from } = ending
  const put = async (cause: Cause, keys: readonly string[], of: { purposes?: readonly string[]; alone: boolean }) =>
    putBeforeOwners(
      tx,
      told.actor,
      { cause, activityId, recordId: null, keys, from },
      await rightsResting(tx, { activityId, ...of }, told.today),
      told,
    )
  if (after === null) return put('activity', [], { alone: true })
  const lost = lostBy(before, after)
  if (lost.purposes.length > 0) await put('purpose', lost.purposes, { purposes: lost.purposes, alone: true })
  if (lost.bases.length > 0) await put('basis', lost.bases, { purposes: lost.bases, alone: false })
  if (lost.retention.length > 0) await put('retention', lost.retention, { alone: false })
}

/** Keys of what another content of a record no longer has: purposes, bases of purposes that stay, limits of retention. Pure. */
export function lostBy(
  before: ActivityContent | null,
  after: ActivityContent,
): { purposes: string[]; bases: string[]; retention: string[] } {
  if (before?.kind !== 'controller' || after.kind !== 'controller') return { purposes: [], bases: [], retention: [] }
  const purposes = new Map(after.purposes.map(one => [one.key, one]))
  const limits = new Map(after.retention.map(one => [one.key, one]))
  return {
    purposes: before.purposes.filter(one => !purposes.has(one.key)).map(one => one.key),
    bases: before.purposes
      .filter(one => one.art6 !== null && purposes.has(one.key) && purposes.get(one.key)?.art6 === null)
      .map(one => one.key),
    retention: before.retention
      .filter(one => one.period !== null && (limits.get(one.key)?.period ?? null) === null)
      .map(one => one.key),
  }
}
