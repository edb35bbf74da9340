import type { Tx } from '../platform/unit-of-work.ts'

export type LookupRow = {
  at: string
  /** The action of the log, `person.viewed` and its kin; the client has a text for each. */
  what: string
  byFunction: string
  /** Where whoever looked works now; null for programs, and for those who have left. */
  unit: string | null
  reason: string | null
}

/**
 * SQL that is true for entries that may be shown: those under a confidential case only from its release. A case that
 * nobody has released counts as not released.
 */
export const releasedOnly = (alias: string) =>
  `(${alias}.case_id is null or exists (select from audit_case released where released.case_id = ${alias}.case_id and released.released_at is not null))`

/**
 * Who looked the person up: what and when, by whose function and from which unit, never by which name. Newest first. Several ids where
 * records that were looked up have turned out to be one person.
 */
export async function lookupsOf(
  tx: Tx,
  personId: string | readonly string[],
  page: { offset: number; limit: number },
): Promise<{ lookups: LookupRow[]; total: number }> {
  const ids = typeof personId === 'string' ? [personId] : personId
  const filter = `entry.person_id = any($1) and entry.lookup and (entry.actor_person_id = any($1)) is not true and ${releasedOnly('entry')}`
  const lookups = await tx.query<LookupRow>(
    `select to_char(entry.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, entry.action as what,
       entry.actor_function as "byFunction", unit.name as unit, payload.body::jsonb #>> '{detail,reason}' as reason
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
