import type { Tx } from '../platform/unit-of-work.ts'
import { KEPT_VERIFIED } from './kept-store.ts'

/**
 * What a reading says about what was said to be done, before anything is planned from it: seen as wanted is verified;
 * contradicted is to be done again, with the reason. Only readings that began after it was done can say either. One
 * uploaded list so settles all of a system's tasks. `runId`: the run that has just been observed.
 */
export async function verifyOrders(tx: Tx, { source, runId, now }: { source: string; runId: string; now: Date }) {
  const [some] = await tx.query<{ some: boolean }>(
    `select exists (select from provisioning_order where state in ('done', 'assumed')) as some`,
  )
  if (!some?.some) return { verified: 0, contradicted: 0 }
  const told = await tx.query<{ id: string; as_wanted: boolean; task_id: string | null }>(
    `with run as (select started_at from feed_run where id = $2),
     done as (
       select o.*, coalesce(p.merged_into, p.id) as holder from provisioning_order o join person p on p.id = o.person_id, run
       where o.state in ('done', 'assumed') and o.done_at < run.started_at
     ), rights as (
       select d.id, (d.action = 'grant') = exists (
           select from observed_right r join account acc on acc.id = r.account_id
           where r.entitlement_id = d.entitlement_id and acc.person_id = d.holder and acc.gone_at is null
             -- What was to go from the account of the daily work stays on the one made for it.
             and (acc.kind = 'personal' or d.content -> 'decision' ->> 'code' is distinct from 'privileged')) as as_wanted
       from done d
       where d.action in ('grant', 'revoke') and (
         exists (select from group_entitlement ge join directory_group g on g.id = ge.group_id
           where ge.entitlement_id = d.entitlement_id and g.source = $1)
         or exists (select from list_right l where l.entitlement_id = d.entitlement_id and l.source = $1))
     ), accounts as (
       select d.id, case d.action
           when 'create' then a.there when 'enable' then a.on when 'disable' then not a.on when 'delete' then not a.there end as as_wanted
       from done d join account_type t on t.id = d.account_type_id and t.source = $1, lateral (
         select coalesce(bool_or(acc.gone_at is null), false) as there, coalesce(bool_or(acc.gone_at is null and acc.enabled), false) as on,
           max(acc.seen_at) as seen_at
         from account acc where acc.source = $1 and acc.person_id = d.holder and acc.kind = 'personal'
           and (t.per = 'person' or acc.affiliation_id = d.affiliation_id)) a
       -- Gone is said by a second reading; until then an account that is no longer seen says nothing.
       where d.action in ('create', 'enable', 'disable', 'delete') and (d.action <> 'delete' or not a.there or a.seen_at > d.done_at)
     ), kept as (
       ${KEPT_VERIFIED}
     ), said as (select * from rights union all select * from accounts union all select * from kept)
     update provisioning_order o set
       state = case when s.as_wanted then 'verified' when o.state = 'assumed' then 'cancelled'
         -- Done twice and not shown: the reading says it in other words, and a third time would change nothing.
         when o.content ? 'notSeen' then 'parked' when o.task_id is not null then 'task' else 'planned' end,
       verified_at = case when s.as_wanted then $3::timestamptz end,
       done_at = case when s.as_wanted or o.state = 'assumed' then o.done_at end,
       said = case when s.as_wanted then o.said when o.content ? 'notSeen' then 'not-shown' else 'not-seen' end,
       content = case when not s.as_wanted and o.content ? 'kept' then o.content || '{"notSeen": true}' else o.content end, version = o.version + 1
     from said s where s.id = o.id
       -- What has been ordered anew meanwhile stands for itself.
       and (s.as_wanted or not exists (select from provisioning_order n where n.id <> o.id and n.system_id = o.system_id
         and n.person_id = o.person_id and n.action = o.action and n.entitlement_id is not distinct from o.entitlement_id
         and n.account_type_id is not distinct from o.account_type_id
         and n.state in ('planned', 'task', 'sending', 'retry', 'parked')))
     returning o.id, s.as_wanted, o.task_id`,
    [source, runId, now],
  )
  const contradicted = told.filter(one => !one.as_wanted)
  const tasks = [...new Set(told.flatMap(one => one.task_id ?? []))]
  if (tasks.length > 0) {
    // One that waits beside it for the same day takes the orders over; the other stays as it was.
    await tx.query(
      `update task k set state = 'open', reopened_at = $2, reopened_why = 'not-seen', done_at = null, done_by = null,
         version = version + 1
       where k.id = any($1::uuid[]) and k.state <> 'open'
         and exists (select from provisioning_order o where o.task_id = k.id and o.state = 'task')
         and not exists (select from task n where n.id <> k.id and n.state = 'open'
           and (n.system_id, n.person_id, n.due_on, n.direction) = (k.system_id, k.person_id, k.due_on, k.direction))`,
      [tasks, now],
    )
    await tx.query(
      `update task k set state = 'verified', verified_at = $2, version = version + 1
       where k.id = any($1::uuid[]) and k.state in ('done', 'second')
         and not exists (select from provisioning_order o where o.task_id = k.id and o.state not in ('verified', 'cancelled'))`,
      [tasks, now],
    )
  }
  return { verified: told.length - contradicted.length, contradicted: contradicted.length }
}
