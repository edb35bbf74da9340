import type { Tx } from '../platform/unit-of-work.ts'

/**
 * Names of users by id: the person's own name, or the one an outsider was registered with. Of somebody whose name is
 * protected the user name: whoever reads lists of runs and rules knows accounts by it, and need not know more.
 */
export async function userNames(tx: Tx, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (userIds.length === 0) return new Map()
  const rows = await tx.query<{ id: string; name: string }>(
    `select u.id::text as id, coalesce(case when not p.protected then p.name end, u.display_name, u.username) as name
     from tool_user u left join person_current p on p.person_id = u.person_id where u.id::text = any($1)`,
    [[...new Set(userIds)]],
  )
  return new Map(rows.map(row => [row.id, row.name]))
}
