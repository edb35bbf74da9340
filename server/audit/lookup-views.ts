import type { Tx } from '../platform/unit-of-work.ts'

export type LookupRow = {
  at: string
  /** The action of the log, `person.viewed` and its kin; the client has a text for each. */
  what: string
  byFunction: string
  /** Where whoever looked works now; null for programs, and for those who have left. */
  unit: string | null
  reason: string | null
  /** Only where it was asked for: who looked; null for programs and where the name is protected. */
  byName?: string | null
}

/**
 * SQL that is true for entries that may be shown: those under a confidential case only from its release. A case that
 * nobody has released counts as not released.
 */
export const releasedOnly = (alias: string) =>
  `(${alias}.case_id is null or exists (select from audit_case released where released.case_id = ${alias}.case_id and released.released_at is not null))`

/** Whoever looked, here still or not. */
const NAME = `coalesce(
  (select case when not np.protected then np.name end from person ni
   join person_current np on np.person_id = coalesce(ni.merged_into, ni.id) where ni.id = entry.actor_person_id),
  (select u.display_name from tool_user u where u.id = entry.actor_user_id and u.person_id is null))`

/**
 * Who looked the person up: what and when, by whose function and from which unit; by which name only where
 * `named` asks for it. Newest first. Several ids where
 * records that were looked up have turned out to be one person.
 */
export async function lookupsOf(
  tx: Tx,
  personId: string | readonly string[],
  page: { offset: number; limit: number; named?: boolean },
): Promise<{ lookups: LookupRow[]; total: number }> {
  const ids = typeof personId === 'string' ? [personId] : personId
  const filter = `entry.person_id = any($1) and entry.lookup and (entry.actor_person_id = any($1)) is not true and ${releasedOnly('entry')}`
  const lookups = await tx.query<LookupRow>(
    `select to_char(entry.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, entry.action as what,
       entry.actor_function as "byFunction", unit.name as unit, payload.body::jsonb #>> '{detail,reason}' as reason
       ${page.named ? `, ${NAME} as "byName"` : ''}
     from audit_entry entry left join audit_payload payload on payload.entry_id = entry.id
     left join person_current looker on looker.person_id = entry.actor_person_id and looker.status = 'active'
     left join org_unit_current unit on unit.unit_id = looker.unit_id
     where ${filter}
     order by entry.at desc, entry.id desc offset $2 limit $3`,
    [ids, page.offset, page.limit],
  )
  const [count] = await tx.query<{ total: number }>(
    `select count(*)::int as total from audit_entry entry where ${filter}`,
    [ids],
  )
  return { lookups, total: count?.total ?? 0 }
}
