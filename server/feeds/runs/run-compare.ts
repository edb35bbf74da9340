import type { HeldBack, Hold } from '../../plans/plan.ts'
import { countChanges, createPlan, sealPlan, setPlanState, staleEarlier } from '../../plans/plan-store.ts'
import { civilDate } from '../../platform/clock.ts'
import type { RecordKind } from '../../platform/feed-record.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { announcedGone } from '../guards/announcement.ts'
import { openAnnouncements, saveSimulation, saveUses } from '../guards/announcement-store.ts'
import type { Gained } from '../guards/gained-by-parsing.ts'
import { closeReplaced } from '../guards/held-store.ts'
import { acceptRead, judgeRead, withDoubles, withMerged } from '../guards/judge-read.ts'
import { type NeverInBatch, type Weighed, weighPlan } from '../guards/weigh-plan.ts'
import type { SourceDeclaration } from '../sources/source.ts'
import { readByOlderVersion } from '../sources/source-store.ts'
import { type Counts, type HeldPart, noCounts } from './feed-run.ts'
import type { ReadOutcome } from './run-read.ts'
import { noteOutcome, setPhase } from './run-store.ts'
import {
  clearStage,
  countMissing,
  followKeys,
  followSeen,
  type Merging,
  markAbsence,
  markUnseen,
  mergeRepeats,
  planChanges,
  rejectDuplicates,
} from './stage-store.ts'

export type CompareOutcome =
  | { rejected: true; counts: Counts; heldBack: HeldPart[] }
  | { rejected: false; planId: string; counts: Counts; heldBack: HeldPart[]; changes: number; gained: Gained[] }

/**
 * Compare the staged read with what the source said before: shape guards, plan, change guards, absence. One
 * transaction, so that a plan with its guards stands whole or not at all.
 */
export async function compareAndPlan(
  tx: Tx,
  run: {
    runId: string
    source: SourceDeclaration
    kinds: readonly RecordKind[]
    read: ReadOutcome
    dryRun: boolean
    startedBy: string | null
    now: Date
    seenAt: Date
    merging?: Merging
    neverInBatch?: readonly NeverInBatch[] | undefined
    /** A dry run for an announcement counts it as if it were approved. */
    announcement?: string | null | undefined
  },
): Promise<CompareOutcome> {
  const { runId, source, read } = run
  const stage = { runId, source: source.key }
  const fewer = await mergeRepeats(tx, stage, run.merging ?? new Map())
  const twice = await rejectDuplicates(tx, runId, { next: read.rejectsStored + 1, left: 100 })
  const shape = withDoubles(withMerged(read.shape, fewer), twice)
  const counts: Counts = {}
  for (const kind of Object.keys(shape) as RecordKind[]) {
    const { read: used, rejected } = shape[kind]!
    counts[kind] = { ...noCounts(), read: used + rejected, rejected }
  }
  const rejected = Object.values(counts).reduce((sum, kind) => sum + kind.rejected, 0)

  if (!read.absenceMarked) await markUnseen(tx, runId, source.key)
  const absenceCounts = run.kinds.filter(one => !read.absenceUnknown.has(one))
  const announcements = await openAnnouncements(tx, source.key, civilDate(run.now), run.announcement ?? null)
  const { verdicts, unusual } = await judgeRead(tx, {
    ...{ runId, source, shape, absenceCounts, now: run.now, seenAt: run.seenAt },
    announcedGone: announcedGone(announcements),
  })
  if (verdicts.length > 0) {
    await clearStage(tx, runId)
    await noteOutcome(tx, runId, { counts, heldBack: verdicts, rejected, planId: null })
    return { rejected: true, counts, heldBack: verdicts }
  }

  await followKeys(tx, stage)
  await followSeen(tx, stage)
  const planId = newId()
  const kind = run.dryRun ? 'feed-preview' : 'feed'
  await createPlan(tx, { id: planId, kind, subject: source.key, causeId: runId, createdBy: run.startedBy })
  const items = await planChanges(tx, { planId, ...stage, absenceCounts })
  const missing = await countMissing(tx, { ...stage, absenceCounts })
  // Asked before the read is accepted: from then on it counts as one by this version.
  const newVersion = items > 0 && (await readByOlderVersion(tx, source.key))
  let weighed: Weighed = { holds: [], used: [], matched: [], gained: [] }
  if (items > 0) {
    const changes = await countChanges(tx, planId)
    for (const { kind: of, op, count } of changes) addChange(counts, of as RecordKind, op, count)
    weighed = await weighPlan(tx, {
      planId,
      source,
      changes,
      announcements,
      neverInBatch: run.neverInBatch ?? [],
      newVersion,
    })
    noteHeld(counts, weighed.holds)
  }
  await sealPlan(tx, planId, weighed.holds, source.guards.expireDays)
  for (const one of run.kinds) {
    const count = counts[one]
    if (!count) continue
    count.missing = missing[one] ?? 0
    count.unchanged = Math.max(0, count.read - count.rejected - count.added - count.changed - count.returned)
  }
  if (run.dryRun) {
    await setPlanState(tx, planId, 'stale')
    if (run.announcement) await saveSimulation(tx, simulationOf(run.announcement, runId, weighed))
  } else {
    await saveUses(tx, runId, weighed.used)
    await staleEarlier(tx, 'feed', source.key, planId)
    await closeReplaced(tx, source.key, runId)
    await setPlanState(tx, planId, 'applying')
    await markAbsence(tx, { ...stage, absenceCounts, now: run.now })
    await acceptRead(tx, { runId, source: source.key, shape, now: run.now, seenAt: run.seenAt, unusual })
  }
  await clearStage(tx, runId)
  const heldBack = describeHeld(weighed.holds)
  await noteOutcome(tx, runId, { counts, heldBack, rejected, planId })
  await setPhase(tx, runId, 'apply')
  return { rejected: false, planId, counts, heldBack, changes: items, gained: weighed.gained }
}

const FIELD = { add: 'added', change: 'changed', gone: 'gone', return: 'returned' } as const

export function addChange(counts: Counts, kind: RecordKind, op: keyof typeof FIELD, count: number): void {
  const known = counts[kind] ?? noCounts()
  known[FIELD[op]] += count
  counts[kind] = known
}

/** One line per guard that trips, though several causes may name what it holds. */
export function describeHeld(held: readonly HeldBack[]): HeldPart[] {
  const lines = new Map<string, HeldPart>()
  for (const { guard, kind, op, part, aspect, count, total, limit } of held) {
    const what = [`${kind} ${op}`, part ?? (guard === 'aspect' ? aspect : null)].filter(Boolean).join(': ')
    const key = `${guard} ${what}`
    const known = lines.get(key)
    if (known) known.count = Math.max(known.count, total)
    else lines.set(key, { guard, part: what, count: Math.max(count, total), limit })
  }
  return [...lines.values()]
}

/** How many changes of each kind wait; additions are held as a whole, so their count is what came. */
export function noteHeld(counts: Counts, holds: readonly Hold[]): void {
  for (const { kind, count } of holds) {
    const known = counts[kind as RecordKind]
    if (known) known.held += count
  }
}

function simulationOf(announcementId: string, runId: string, { matched, holds }: Weighed) {
  const lines: number[] = []
  for (const one of matched) if (one.announcementId === announcementId) lines[one.line] = one.count
  const held = holds.reduce((sum, hold) => sum + hold.count, 0)
  return { announcementId, runId, lines: Array.from(lines, count => count ?? 0), held }
}
