import type { Tx } from '../../platform/unit-of-work.ts'

/** Retiring an activity that rights rest on, asked for and not yet done. */
export type Asked = { from: string; reason: string; rights: number; by: string; personId: string | null }

export async function askedRetirement(tx: Tx, activityId: string): Promise<Asked | null> {
  const [row] = await tx.query<Asked>(
    `select r.from_day as "from", r.reason, r.rights, r.asked_by as by, coalesce(i.merged_into, u.person_id) as "personId"
     from activity_retirement r left join tool_user u on u.id::text = r.asked_by left join person i on i.id = u.person_id
     where r.activity_id = $1`,
    [activityId],
  )
  return row ?? null
}

export async function askRetirement(
  tx: Tx,
  activityId: string,
  asked: { from: string; reason: string; rights: number; by: string; now: Date },
): Promise<void> {
  await tx.query(
    `insert into activity_retirement (activity_id, from_day, reason, rights, asked_at, asked_by) values ($1, $2, $3, $4, $5, $6)`,
    [activityId, asked.from, asked.reason, asked.rights, asked.now, asked.by],
  )
}

export async function forgetRetirement(tx: Tx, activityId: string): Promise<void> {
  await tx.query('delete from activity_retirement where activity_id = $1', [activityId])
}
