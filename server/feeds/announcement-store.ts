import type { Expectation } from '#contract/announcements.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { OpenAnnouncement, Use } from './announcement.ts'

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
    `select a.id, a.expected, coalesce((
       select jsonb_object_agg(line, n) from (
         select line, sum(count) as n from announcement_use u where u.announcement_id = a.id group by line) per_line
       ), '{}') as used
     from announcement a
     where a.source = $1 and (a.id = $3 or a.state = 'approved' and a.starts_on <= $2 and a.ends_on > $2)
     order by a.created_at, a.id`,
    [source, today, tried],
  )
  return rows.map(({ id, expected, used }) => ({
    id,
    lines: expected.map((one, line) => ({ line, expected: one, left: Math.max(0, one.most - (used[line] ?? 0)) })),
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
