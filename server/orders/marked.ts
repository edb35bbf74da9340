import type { Tx } from '../platform/unit-of-work.ts'

/** What somebody decided to remove, in a finding: the origin of the order that it becomes. `by`: a user. */
export type Decision = { findingId: string; code: string; by: string | null; at: string; reason: string | null }

const DECISION = `jsonb_build_object('findingId', f.id, 'code', f.code, 'by', f.decided_by, 'at', f.decided_at, 'reason', f.reason)`
const MARKED = `f.closed_at is null and f.state = 'removal'`

/**
 * SQL: rights of people that are marked for removal, with the first decision that said so. Not where only a limit is to go,
 * which no order says; nor what only another account of the person is to lose: an order is about the own one.
 */
export const markedRights = (among: (column: string) => string): string =>
  `select distinct on (f.person_id, f.object_id) f.person_id, f.object_id as entitlement_id, ${DECISION} as decision
   from finding f where ${MARKED} and f.object_id is not null and ${among('f.person_id')}
     and (f.code in ('unexplained', 'mover', 'still-held', 'privileged', 'outlier', 'outside-task')
       or f.code = 'dormant' and exists (select from account own where own.id = f.subject_id and own.kind = 'personal'))
   order by f.person_id, f.object_id, f.decided_at, f.id`

/** SQL: accounts of people that are to be closed, over the kinds of accounts `type`. */
export const markedAccounts = (among: (column: string) => string): string =>
  `select distinct on (t.id, acc.person_id, 3) t.id as type_id, acc.person_id,
     case when t.per = 'affiliation' then acc.affiliation_id end as affiliation_id, ${DECISION} as decision
   from finding f join account acc on acc.id = f.subject_id and acc.gone_at is null and acc.kind = 'personal'
   join type t on t.source = acc.source
   where ${MARKED} and f.object_id is null and f.code in ('leaver-active', 'dormant') and ${among('acc.person_id')}
   order by t.id, acc.person_id, 3, f.decided_at, f.id`

/** Whose open orders rest on a decision that stands no more, whoever or whatever has ended it. */
export async function withdrawnSince(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select distinct coalesce(p.merged_into, p.id) as id from provisioning_order o join person p on p.id = o.person_id
     where o.cause = 'removal' and o.state in ('planned', 'task', 'retry', 'parked') and not exists (
       select from finding f where f.id = (o.content -> 'decision' ->> 'findingId')::uuid and ${MARKED})`,
  )
  return rows.map(row => row.id)
}
