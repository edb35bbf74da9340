import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { ReadNote } from '../reading/reader.ts'
import type { Counts, HeldPart, Progress, RunError, RunPhase, RunResult, RunState, RunTrigger } from './feed-run.ts'
import { totals } from './feed-run.ts'
import type { FullBecause, ReadMode } from './read-mode.ts'

export type RunRow = {
  id: string
  source: string
  trigger: RunTrigger
  mode: ReadMode
  fullBecause: string | null
  dryRun: boolean
  startedBy: string | null
  state: RunState
  phase: RunPhase
  counts: Counts
  heldBack: HeldPart[]
  planId: string | null
  planHash: string | null
  heldHash: string | null
  seenAt: Date | null
  worker: string
  rejected: number
  error: RunError | null
}

const COLUMNS = `r.id, r.source, r.trigger, r.mode, r.full_because as "fullBecause", r.dry_run as "dryRun", r.started_by as "startedBy", r.state, r.phase, r.counts,
  r.held_back as "heldBack", r.plan_id as "planId", p.hash as "planHash", p.held_hash as "heldHash",
  r.seen_at as "seenAt", r.worker, r.rejected, r.error`

/** Claim the source. Throws `run-in-progress` when somebody else reads it: the unique index decides, not a look before. */
export async function startRun(
  tx: Tx,
  run: { id: string; source: string; trigger: RunTrigger; dryRun: boolean; startedBy: string | null; worker: string },
): Promise<void> {
  const rows = await tx.query(
    `insert into feed_run (id, source, trigger, dry_run, started_by, state, phase, worker, phases)
     values ($1, $2, $3, $4, $5, 'running', 'read', $6, jsonb_build_object('read', jsonb_build_object('from', clock_timestamp())))
     on conflict (source) where state = 'running' do nothing returning id`,
    [run.id, run.source, run.trigger, run.dryRun, run.startedBy, run.worker],
  )
  if (rows.length === 0)
    throw problem('run-in-progress', {
      detail: `The source ${run.source} is being read already. Wait until that run has ended.`,
      params: { source: run.source },
    })
}

/** Which way a run reads; said again when it has to read everything after all. */
export async function setMode(tx: Tx, runId: string, mode: ReadMode, because: FullBecause): Promise<void> {
  await tx.query('update feed_run set mode = $2, full_because = $3 where id = $1', [runId, mode, because])
}

/** What the reader had to say; after the run has ended as well. */
export async function noteRead(tx: Tx, runId: string, notes: readonly ReadNote[]): Promise<void> {
  await tx.query('update feed_run set notes = $2 where id = $1', [runId, JSON.stringify(notes)])
}

export async function readRun(tx: Tx, runId: string): Promise<RunRow> {
  const [row] = await tx.query<RunRow>(
    `select ${COLUMNS} from feed_run r left join plan p on p.id = r.plan_id where r.id = $1`,
    [runId],
  )
  if (!row) throw problem('not-found', { detail: 'There is no such run.' })
  return row
}

/**
 * Runs whose worker has given no sign of life for the length of a lease, or that a process of this host left behind
 * when it was killed. Each is taken over by exactly one: the old worker's name is in the condition.
 */
export async function takeOverRuns(
  tx: Tx,
  worker: string,
  options: { leaseSeconds: number; source?: string; isDead(worker: string): boolean },
): Promise<RunRow[]> {
  const running = await tx.query<{ id: string; worker: string; stale: boolean }>(
    `select id, worker, heartbeat_at < clock_timestamp() - make_interval(secs => $1) as stale
     from feed_run where state = 'running' and ($2::text is null or source = $2)`,
    [options.leaseSeconds, options.source ?? null],
  )
  const taken: RunRow[] = []
  for (const run of running) {
    if (run.worker === worker || !(run.stale || options.isDead(run.worker))) continue
    const rows = await tx.query(
      `update feed_run set worker = $3, heartbeat_at = clock_timestamp()
       where id = $1 and worker = $2 and state = 'running' returning id`,
      [run.id, run.worker, worker],
    )
    if (rows.length > 0) taken.push(await readRun(tx, run.id))
  }
  return taken
}

/**
 * Take the run for the rest of the transaction and make sure that it is still ours. The lock is an advisory one and not
 * on the row, so that the sign of life can be written during a long batch; who takes a run over waits here until
 * the old worker's batch has ended, and the old worker finds out at its next one.
 */
export async function holdRun(tx: Tx, runId: string, worker: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('feed_run ' || $1, 0))`, [runId])
  const rows = await tx.query(`select 1 from feed_run where id = $1 and worker = $2 and state = 'running'`, [
    runId,
    worker,
  ])
  if (rows.length === 0) throw problem('conflict', { detail: 'Another worker has taken this run over.' })
}

export async function noteProgress(tx: Tx, runId: string, worker: string, progress: Progress | null): Promise<void> {
  await tx.query(
    `update feed_run set heartbeat_at = clock_timestamp(), progress = coalesce($3::jsonb, progress)
     where id = $1 and worker = $2 and state = 'running'`,
    [runId, worker, progress && JSON.stringify(progress)],
  )
}

export async function setPhase(tx: Tx, runId: string, phase: RunPhase, seenAt?: Date): Promise<void> {
  await tx.query(
    `update feed_run set phase = $2, heartbeat_at = clock_timestamp(), seen_at = coalesce($3, seen_at),
       phases = phases
         || jsonb_build_object(phase, coalesce(phases -> phase, '{}') || jsonb_build_object('to', clock_timestamp()))
         || jsonb_build_object($2::text, jsonb_build_object('from', clock_timestamp()))
     where id = $1`,
    [runId, phase, seenAt ?? null],
  )
}

export type RunEnd = {
  state: RunState
  counts?: Counts
  heldBack?: HeldPart[]
  rejected?: number
  error?: RunError | null
}

export async function endRun(tx: Tx, runId: string, end: RunEnd): Promise<void> {
  await tx.query(
    `update feed_run set state = $2, phase = 'end', ended_at = clock_timestamp(), counts = coalesce($3, counts),
       held_back = coalesce($4, held_back), rejected = coalesce($5, rejected), error = $6, progress = '{}',
       phases = phases
         || jsonb_build_object(phase, coalesce(phases -> phase, '{}') || jsonb_build_object('to', clock_timestamp()))
     where id = $1`,
    [
      runId,
      end.state,
      end.counts ? JSON.stringify(end.counts) : null,
      end.heldBack ? JSON.stringify(end.heldBack) : null,
      end.rejected ?? null,
      end.error ? JSON.stringify(end.error) : null,
    ],
  )
}

/** A decided run goes on. Throws `run-in-progress` when the source is being read. */
export async function reopenRun(tx: Tx, runId: string, worker: string, source: string): Promise<void> {
  const rows = await tx.query(
    `update feed_run set state = 'running', phase = 'apply', worker = $2, heartbeat_at = clock_timestamp(), ended_at = null
     where id = $1 and not exists (select 1 from feed_run r where r.source = $3 and r.state = 'running')
     returning id`,
    [runId, worker, source],
  )
  if (rows.length === 0)
    throw problem('run-in-progress', {
      detail: `The source ${source} is being read. Try again when that run has ended.`,
    })
}

export async function noteOutcome(tx: Tx, runId: string, outcome: Omit<RunEnd, 'state'> & { planId: string | null }) {
  await tx.query(`update feed_run set counts = $2, held_back = $3, rejected = $4, plan_id = $5 where id = $1`, [
    runId,
    JSON.stringify(outcome.counts ?? {}),
    JSON.stringify(outcome.heldBack ?? []),
    outcome.rejected ?? 0,
    outcome.planId,
  ])
}

export async function resultOf(tx: Tx, runId: string): Promise<RunResult> {
  const run = await readRun(tx, runId)
  const sum = totals(run.counts)
  const [applied] = run.planId
    ? await tx.query<{ n: number }>(`select count(*) as n from plan_item where plan_id = $1 and state = 'applied'`, [
        run.planId,
      ])
    : [{ n: 0 }]
  return {
    runId: run.id,
    source: run.source,
    state: run.state,
    mode: run.mode,
    fullBecause: run.fullBecause,
    dryRun: run.dryRun,
    read: sum.read,
    added: sum.added,
    changed: sum.changed,
    unchanged: sum.unchanged,
    gone: sum.gone,
    rejected: Math.max(run.rejected, sum.rejected),
    missing: sum.missing,
    heldBack: run.heldBack,
    applied: applied?.n ?? 0,
    planHash: run.planHash,
    heldHash: run.heldHash,
    byKind: run.counts,
    error: run.error,
  }
}

/** The newest run of a source that was to count; null when there is none. */
export async function newestRun(tx: Tx, source: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    'select id from feed_run where source = $1 and not dry_run order by started_at desc limit 1',
    [source],
  )
  return row?.id ?? null
}
