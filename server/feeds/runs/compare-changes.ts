import type { ChangeCount } from '../../plans/decide-guards.ts'
import { countChanges, createPlan, sealPlan, setPlanState } from '../../plans/plan-store.ts'
import { civilDate } from '../../platform/clock.ts'
import type { Json, RecordKind } from '../../platform/feed-record.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { openAnnouncements, saveUses } from '../guards/announcement-store.ts'
import { type NeverInBatch, weighPlan } from '../guards/weigh-plan.ts'
import type { SourceDeclaration } from '../sources/source.ts'
import { dropPlan, goneSinceComplete, noteChangesRead, settleWaiting } from './change-store.ts'
import { type Counts, type HeldPart, noCounts } from './feed-run.ts'
import { addChange, describeHeld, noteHeld } from './run-compare.ts'
import type { ReadOutcome } from './run-read.ts'
import { noteOutcome, setPhase } from './run-store.ts'
import {
  clearStage,
  countMissing,
  followKeys,
  followSeen,
  markAbsence,
  planChanges,
  rejectDuplicates,
} from './stage-store.ts'

/**
 * Plan a list of changes. The shape guards have nothing to say here: a list of changes is empty on a quiet night. The
 * change guards do. What was looked for and not found is missing, which ends nothing; what the source states to be
 * deleted is gone. Answers false when nothing differs: then no plan is left behind, and nothing has to be worked out.
 * One transaction with the state from which the next read goes on.
 */
export async function compareChanges(
  tx: Tx,
  run: {
    runId: string
    source: SourceDeclaration
    kinds: readonly RecordKind[]
    read: ReadOutcome
    state: Json
    startedBy: string | null
    now: Date
    neverInBatch: readonly NeverInBatch[]
  },
): Promise<boolean> {
  const { runId, source, read, now } = run
  const stage = { runId, source: source.key }
  const counts: Counts = {}
  for (const [kind, { read: used, rejected }] of Object.entries(read.shape))
    if (used + rejected > 0) counts[kind as RecordKind] = { ...noCounts(), read: used + rejected, rejected }
  const rejected = Object.values(counts).reduce((sum, kind) => sum + kind.rejected, 0)
  let planId: string | null = null
  let heldBack: HeldPart[] = []
  if (read.staged > 0) {
    await rejectDuplicates(tx, runId, { next: read.rejectsStored + 1, left: 100 })
    await followKeys(tx, stage)
    await followSeen(tx, stage)
    planId = newId()
    await createPlan(tx, { id: planId, kind: 'feed', subject: source.key, causeId: runId, createdBy: run.startedBy })
    // No kind in which absence counts: nobody ends by not being in a list of changes.
    const found = await planChanges(tx, { planId, ...stage, absenceCounts: [] })
    const items = await settleWaiting(tx, { id: planId, ...stage, items: found })
    for (const [kind, count] of Object.entries(await countMissing(tx, { ...stage, absenceCounts: run.kinds })))
      counts[kind as RecordKind] = { ...(counts[kind as RecordKind] ?? noCounts()), missing: count }
    if (items > 0) {
      const changes = await countChanges(tx, planId)
      for (const { kind, op, count } of changes) addChange(counts, kind as RecordKind, op, count)
      const { holds, used } = await weighPlan(tx, {
        ...{ planId, source, changes, neverInBatch: run.neverInBatch },
        earlier: await goneEarlier(tx, source.key, runId, changes),
        announcements: await openAnnouncements(tx, source.key, civilDate(now), null),
      })
      noteHeld(counts, holds)
      heldBack = describeHeld(holds)
      await saveUses(tx, runId, used)
      await sealPlan(tx, planId, holds, source.guards.expireDays)
      await setPlanState(tx, planId, 'applying')
    } else {
      await dropPlan(tx, planId)
      planId = null
    }
    await markAbsence(tx, { ...stage, absenceCounts: run.kinds, now })
    await clearStage(tx, runId)
  }
  for (const count of Object.values(counts))
    count.unchanged = Math.max(0, count.read - count.rejected - count.added - count.changed - count.returned)
  await noteChangesRead(tx, { source: source.key, runId, state: run.state, now })
  await noteOutcome(tx, runId, { counts, heldBack, rejected, planId })
  if (planId) await setPhase(tx, runId, 'apply')
  return planId !== null
}

/** Many small bites count as one, or what is too much for one run could leave in twenty. */
async function goneEarlier(
  tx: Tx,
  source: string,
  runId: string,
  changes: readonly ChangeCount[],
): Promise<ChangeCount[]> {
  const now = new Set(changes.filter(change => change.op === 'gone').map(change => change.kind))
  if (now.size === 0) return []
  return (await goneSinceComplete(tx, source, runId)).filter(one => now.has(one.kind))
}
