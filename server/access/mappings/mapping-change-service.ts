import type { MappingCounts } from '#contract/mappings.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'
import type { CarriedStep } from '../../systems/mappings/mapping-step.ts'
import { type Named, systemOfStep } from '../../systems/mappings/mapping-store.ts'
import type { AfterDecided } from '../after-decided.ts'
import { carryOut, type MappingOutcome } from './carry-out-mappings.ts'

/** `after`: what follows from other rights being seen, on that civil date. */
type Who = { actor: Actor; now: Date; today?: string; after?: readonly AfterDecided[] }
type Result = MappingCounts & { changeId: string; applied: boolean }

/** System owners change what their own systems' rights are; patterns and what is no right at all are for IT. */
const checkFor = (actor: Actor, steps: readonly CarriedStep[]) => (named: Named) => {
  if (steps.every(step => allows(actor, 'change', 'Mapping', { systemId: systemOfStep(step, named) }))) return
  throw problem('not-allowed', {
    detail: 'You may only map groups to rights of systems that you own. Ask IT for the rest.',
  })
}

/** What the steps would do: they are carried out and taken back, so the preview is the change itself. */
export async function previewMappings(tx: Tx, steps: readonly CarriedStep[], who: Who): Promise<MappingOutcome> {
  await tx.query('savepoint preview')
  const outcome = await run(tx, steps, who, { reason: null, change: newId(who.now.getTime()) })
  await tx.query('rollback to savepoint preview')
  return outcome
}

/**
 * Changes mappings, or keeps the change for a second person where a guard holds it. `hash` is of the preview that was
 * looked at; without one only a single group may be decided. Throws `plan-stale` where it would do something else now.
 */
export async function changeMappings(
  tx: Tx,
  input: { steps: readonly CarriedStep[]; hash: string | null; reason: string | null },
  who: Who,
): Promise<Result> {
  if (input.hash === null && (input.steps.length > 1 || input.steps.some(step => !('group' in step))))
    throw problem('mapping-invalid', { detail: 'Look at the preview of this change first.' })
  return settle(tx, input, who, null)
}

/** The same change backwards, as a change of its own. Throws `conflict` where it was taken back or overtaken. */
export async function undoMappingChange(tx: Tx, changeId: string, who: Who): Promise<Result> {
  const [change] = await tx.query<{ undo: CarriedStep[]; state: string }>(
    'select undo, state from mapping_change where id = $1 for update',
    [changeId],
  )
  if (!change) throw problem('not-found')
  if (change.state !== 'applied')
    throw problem('conflict', { detail: 'Only a change that is in force can be taken back.' })
  return settle(tx, { steps: change.undo, hash: null, reason: null }, who, changeId)
}

/** Another person than the author lets a held change through, if it still does what it did when it was held. */
export async function approveMappingChange(
  tx: Tx,
  changeId: string,
  { actor, now, today, after }: Who,
): Promise<MappingCounts & { applied: boolean }> {
  const change = await heldChange(tx, changeId)
  if (change.created_by === actor.userId)
    throw problem('second-person-needed', { detail: 'You made this change yourself. Ask a colleague to approve it.' })
  const outcome = await carryOut(
    tx,
    change.steps,
    {
      ...{ by: change.created_by, now, reason: change.reason, change: changeId, undoes: change.undoes },
      ...{ today, after },
    },
    checkFor(actor, change.steps),
  )
  if (outcome.hash !== change.hash)
    throw problem('plan-stale', {
      detail: 'Groups or people have changed since. Reject this change and make it again.',
    })
  await tx.query(
    `update mapping_change set state = 'applied', undo = $2, decided_at = $3, decided_by = $4 where id = $1`,
    [changeId, JSON.stringify(outcome.undo), now, actor.userId],
  )
  if (change.undoes) await markUndone(tx, change.undoes)
  return { ...outcome.counts, applied: true }
}

export async function rejectMappingChange(tx: Tx, changeId: string, { actor, now }: Who): Promise<void> {
  await heldChange(tx, changeId)
  await tx.query(`update mapping_change set state = 'rejected', decided_at = $2, decided_by = $3 where id = $1`, [
    changeId,
    now,
    actor.userId,
  ])
}

async function heldChange(tx: Tx, changeId: string) {
  const [change] = await tx.query<{
    steps: CarriedStep[]
    hash: string
    reason: string | null
    created_by: string
    undoes: string | null
  }>(`select steps, hash, reason, created_by, undoes from mapping_change where id = $1 and state = 'held' for update`, [
    changeId,
  ])
  if (!change) throw problem('not-found')
  return change
}

type How = { reason: string | null; change: string; undoes?: string | null }
const run = (tx: Tx, steps: readonly CarriedStep[], { actor, now, today, after }: Who, how: How) =>
  carryOut(tx, steps, { by: actor.userId, now, today, after, ...how }, checkFor(actor, steps))

async function settle(
  tx: Tx,
  { steps, hash, reason }: { steps: readonly CarriedStep[]; hash: string | null; reason: string | null },
  who: Who,
  undoes: string | null,
): Promise<Result> {
  await tx.query('savepoint change')
  const changeId = newId(who.now.getTime())
  const outcome = await run(tx, steps, who, { reason, change: changeId, undoes })
  if (hash !== null && hash !== outcome.hash)
    throw problem('plan-stale', { detail: 'Groups or people have changed since the preview. Look at it again.' })
  const held = outcome.counts.heldBack.length > 0
  if (held) await tx.query('rollback to savepoint change')
  const { userId } = who.actor
  await tx.query(
    `insert into mapping_change (id, state, steps, undo, hash, counts, reason, undoes, created_at, created_by, decided_at, decided_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      changeId,
      held ? 'held' : 'applied',
      JSON.stringify(steps),
      held ? null : JSON.stringify(outcome.undo),
      outcome.hash,
      JSON.stringify(outcome.counts),
      reason,
      undoes,
      who.now,
      userId,
      held ? null : who.now,
      held ? null : userId,
    ],
  )
  if (undoes && !held) await markUndone(tx, undoes)
  return { ...outcome.counts, changeId, applied: !held }
}

const markUndone = (tx: Tx, changeId: string) =>
  tx.query(`update mapping_change set state = 'undone' where id = $1`, [changeId])
