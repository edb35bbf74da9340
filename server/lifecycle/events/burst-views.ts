import type { Tx } from '../../platform/unit-of-work.ts'

/** How many events that end somebody a feed has sent since, other than these; those set aside do not count. */
export async function endsSince(tx: Tx, feed: string, since: Date, but: readonly string[]): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*)::int as count from hr_event e join hr_event_state s on s.event_id = e.id
     where e.feed = $1 and e.ends and e.received_at > $2 and s.state <> 'set-aside' and not e.id = any($3)`,
    [feed, since, but],
  )
  return row?.count ?? 0
}

/** How many people a feed tells of who are there now. */
export async function peopleOf(tx: Tx, feed: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(distinct c.person_id)::int as count from affiliation a
     join affiliation_current c on c.affiliation_id = coalesce(a.merged_into, a.id) and c.status = 'active'
     where a.source = $1`,
    [feed],
  )
  return row?.count ?? 0
}
