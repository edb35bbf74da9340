import { newId } from '../platform/ids.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { People } from './order-plan-store.ts'

/**
 * What somebody who leaves leaves: a mailbox, a personal drive, cases, equipment. A report says what is to happen with
 * it, in the transaction in which it is sent; here it becomes orders of the systems that are said to keep such things
 * (`it_system.carries`) and in which the person has something. No right hangs on it, so it is planned beside the rights.
 */
export type Left = {
  what: 'mailbox' | 'drive' | 'cases' | 'kit'
  /** `hand-over`: to whom, with an answer and readers where it is a mailbox. `close`: nothing of it is left. */
  action: 'hand-over' | 'close'
  dueOn: string
  /** The thing, where it is equipment; its own order says that it comes back, this says to whom. */
  entitlementId: string | null
  to: string | null
  readers: readonly string[]
  reply: string | null
  until: string | null
}
type Of = { caseId: string; personId: string; affiliationId: string }

/** Written down once for each system that keeps it; without a system where none is said to. One statement. */
export async function stateLeft(tx: Tx, of: Of, things: readonly Left[], now: Date): Promise<void> {
  if (things.length === 0) return
  await tx.query(
    `insert into left_behind (id, case_id, person_id, affiliation_id, what, system_id, entitlement_id, action, due_on,
       to_person_id, reader_ids, reply, until, stated_at)
     select gen_random_uuid(), $2, $3, $4, t.what, coalesce(k.system_id, s.id), t."entitlementId", t.action, t."dueOn",
       t."to", t.readers, t.reply, t.until, $5
     from jsonb_to_recordset($1::jsonb) as t (what text, action text, "dueOn" date, "entitlementId" uuid, "to" uuid,
       readers uuid[], reply text, until date)
     left join entitlement k on k.id = t."entitlementId"
     left join it_system s on t.what = any(s.carries) and s.gone_at is null and (
       exists (select from assignment a join entitlement e on e.id = a.entitlement_id
         where a.affiliation_id = $4 and e.system_id = s.id)
       or exists (select from account acc join observed_right o on o.account_id = acc.id
         join entitlement e on e.id = o.entitlement_id
         where acc.person_id = $3 and acc.gone_at is null and e.system_id = s.id)
       or exists (select from account_type ty join account acc on acc.source = ty.source and acc.gone_at is null
         where ty.system_id = s.id and ty.gone_at is null and acc.person_id = $3 and acc.kind = 'personal'))`,
    [JSON.stringify(things), of.caseId, of.personId, of.affiliationId, now],
  )
}

/** The person stays after all: what is not done yet is not to be done. */
export const takeBackLeft = (tx: Tx, caseIds: readonly string[], now: Date): Promise<unknown> =>
  tx.query('update left_behind set taken_back_at = $2 where case_id = any($1) and taken_back_at is null', [
    caseIds,
    now,
  ])

/** The end is another day: what follows from the day follows it, a mailbox that lives on until a day does not. */
export const moveLeft = (tx: Tx, caseIds: readonly string[], dueOn: string): Promise<unknown> =>
  tx.query(
    `update left_behind set due_on = $2 where case_id = any($1) and taken_back_at is null
       and (action = 'hand-over' or until is null)`,
    [caseIds, dueOn],
  )

/**
 * Brings the open orders of what is left in line with what reports say: one for each thing and system that is steered,
 * from the day on which it became so. Said anew each time, so it may be repeated. Answers whether anything changed.
 */
export async function planLeft(tx: Tx, people: People, { now }: { now: Date }): Promise<boolean> {
  const among = (column: string, at: number) => (people === 'all' ? 'true' : `${column} = any($${at}::uuid[])`)
  const scope = people === 'all' ? [] : [people]
  const [any] = await tx.query(`select from left_behind l where ${among('l.person_id', 1)} limit 1`, scope)
  if (!any) return false
  const off = await tx.query(
    `update provisioning_order o set state = 'cancelled', done_at = $1, version = o.version + 1
     from left_behind l left join it_system s on s.id = l.system_id
     where l.id = o.left_id and o.state in ('planned', 'task', 'retry', 'parked') and ${among('o.person_id', 2)}
       and (l.taken_back_at is not null or s.rung = 'observe' or s.gone_at is not null) returning 1`,
    [now, ...scope],
  )
  const moved = await tx.query(
    `update provisioning_order o set due_on = l.due_on, version = o.version + 1 from left_behind l
     where l.id = o.left_id and o.state in ('planned', 'task', 'retry', 'parked') and o.due_on <> l.due_on
       and ${among('o.person_id', 1)} returning 1`,
    scope,
  )
  const due = await tx.query<{ id: string }>(
    `select l.id from left_behind l join it_system s on s.id = l.system_id and s.rung <> 'observe' and s.gone_at is null
     where l.what <> 'kit' and l.taken_back_at is null and ${among('l.person_id', 1)}
       and l.due_on >= (s.rung_at at time zone 'Europe/Copenhagen')::date
       and not exists (select from provisioning_order o where o.left_id = l.id and o.state <> 'cancelled')
     order by l.due_on, l.id`,
    scope,
  )
  if (due.length > 0)
    await tx.query(
      `insert into provisioning_order (id, system_id, person_id, affiliation_id, left_id, action, due_on, state, cause, made_at)
       select m.id, l.system_id, l.person_id, l.affiliation_id, l.id, l.action, l.due_on, 'planned', 'ended', $2
       from jsonb_to_recordset($1::jsonb) as m (id uuid, "leftId" uuid) join left_behind l on l.id = m."leftId"`,
      [JSON.stringify(due.map(one => ({ id: newId(), leftId: one.id }))), now],
    )
  return off.length + moved.length + due.length > 0
}

/**
 * SQL, over an order `o`: what of the leaver's it is about, with whom gets it, for whoever carries it out; null where it is
 * about nothing that is left. Things that come back say to whom.
 */
export const LEFT_SQL = `(select jsonb_build_object('what', l.what, 'reply', nullif(l.reply, ''), 'until', l.until,
    'to', case when g.person_id is not null then jsonb_build_object('id', g.person_id,
      'name', case when not g.protected then g.name end, 'protected', g.protected) end,
    'readers', coalesce((select jsonb_agg(r.name order by r.name) from person_current r
      where r.person_id = any(l.reader_ids) and not r.protected), '[]'))
  from left_behind l left join person_current g on g.person_id = l.to_person_id
  where l.id = o.left_id or (o.action = 'take-back' and l.what = 'kit' and l.person_id = o.person_id
    and l.entitlement_id = o.entitlement_id and l.taken_back_at is null)
  order by l.stated_at desc limit 1)`
