import type { Expectation } from '#contract/announcements.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { OpenAnnouncement, Use } from './announcement.ts'

/**
 * What runs have used of an announcement, per line. A run that failed has used what it had carried out by then: the next
 * one plans the rest again.
 */
export const USED = `coalesce((
  select jsonb_object_agg(line, n) from (
    select u.line, sum(case when r.state = 'failed' then least(u.count, (
      select count(*) from plan_item i where i.plan_id = r.plan_id and i.state = 'applied')) else u.count end) as n
    from announcement_use u left join feed_run r on r.id = u.run_id
    where u.announcement_id = a.id group by u.line) per_line), '{}')`

/**
 * What is announced for a source on a date, the oldest first, with what earlier runs have left of it. `tried`: an
 * announcement that counts although nobody has approved it and its window may be ahead, for its simulation.
 */
export async function openAnnouncements(
  tx: Tx,
  source: string,
  today: string,
  tried: string | null,
): Promise<OpenAnnouncement[]> {
  const rows = await tx.query<{ id: string; expected: Expectation[]; used: Record<string, number> }>(
    `select a.id, a.expected, ${USED} as used
     from announcement a
     where a.source = $1 and (a.id = $3 or a.state = 'approved' and a.starts_on <= $2 and a.ends_on > $2)
     order by a.created_at, a.id`,
    [source, today, tried],
  )
  return rows.map(({ id, expected, used }) => ({
    id,
    lines: expected.map((one, line) => ({
      line,
      expected: one,
      left: Math.max(0, one.most - Number(used[line] ?? 0)),
    })),
  }))
}

export async function saveUses(tx: Tx, runId: string, uses: readonly Use[]): Promise<void> {
  if (uses.length === 0) return
  await tx.query(
    `insert into announcement_use (announcement_id, run_id, line, count)
     select "announcementId", $1, line, count
     from jsonb_to_recordset($2::jsonb) as u("announcementId" uuid, line int, count int)
     on conflict (announcement_id, run_id, line) do update set count = excluded.count`,
    [runId, JSON.stringify(uses)],
  )
}

/** What a dry run met of the announcement that it was made for. */
export async function saveSimulation(
  tx: Tx,
  simulation: { announcementId: string; runId: string; lines: readonly number[]; held: number },
): Promise<void> {
  await tx.query('update announcement set simulation_run = $2, simulated = $3 where id = $1', [
    simulation.announcementId,
    simulation.runId,
    JSON.stringify({ lines: simulation.lines, held: simulation.held }),
  ])
}

export type StoredAnnouncement = {
  id: string
  source: string
  state: 'draft' | 'approved' | 'cancelled'
  startsOn: string
  endsOn: string
  createdBy: string
  simulated: boolean
}

export async function storeAnnouncement(
  tx: Tx,
  one: {
    id: string
    source: string
    startsOn: string
    endsOn: string
    reason: string
    expected: readonly Expectation[]
    by: string
  },
): Promise<void> {
  await tx.query(
    `insert into announcement (id, source, state, reason, starts_on, ends_on, expected, created_by)
     values ($1, $2, 'draft', $3, $4, $5, $6, $7)`,
    [one.id, one.source, one.reason, one.startsOn, one.endsOn, JSON.stringify(one.expected), one.by],
  )
}

/** Locked until the command ends: two people may decide on it at once. */
export async function storedAnnouncement(tx: Tx, id: string): Promise<StoredAnnouncement | null> {
  const [row] = await tx.query<StoredAnnouncement>(
    `select id, source, state, starts_on as "startsOn", ends_on as "endsOn", created_by as "createdBy",
       simulated is not null as simulated
     from announcement where id = $1 for update`,
    [id],
  )
  return row ?? null
}

export async function storeDecision(
  tx: Tx,
  id: string,
  decision: { state: 'approved' | 'cancelled'; by: string; reason: string | null; now: Date },
): Promise<void> {
  await tx.query(
    `update announcement set state = $2, decided_by = $3, decision_reason = $4, decided_at = $5 where id = $1`,
    [id, decision.state, decision.by, decision.reason, decision.now],
  )
}

/** Which run tries the announcement: shown as running from its start. A run that was quicker than this keeps its result. */
export async function noteSimulation(tx: Tx, id: string, runId: string): Promise<void> {
  await tx.query(
    `update announcement set simulation_run = $2, simulated = null where id = $1 and simulation_run is distinct from $2`,
    [id, runId],
  )
}
