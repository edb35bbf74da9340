import type { Rung } from '#contract/orders.ts'
import { newId } from '../platform/ids.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { getsAccount } from './account-type.ts'
import { accountTypesOf, jobsOf } from './order-plan-store.ts'
import { OPEN } from './order-visible.ts'

export async function rungOf(tx: Tx, systemId: string): Promise<{ key: string; rung: Rung } | null> {
  const [row] = await tx.query<{ key: string; rung: Rung }>(
    'select key, rung from it_system where id = $1 and gone_at is null for update',
    [systemId],
  )
  return row ?? null
}

/** A system that was only observed starts to count from now: what was lost before is nobody's order. */
export async function setRung(tx: Tx, systemId: string, rung: Rung, now: Date): Promise<void> {
  await tx.query(
    `update it_system set rung_at = case when $2 = 'observe' then null when rung = 'observe' then $3 else rung_at end, rung = $2
     where id = $1`,
    [systemId, rung, now],
  )
  await tx.query('delete from rung_change where system_id = $1', [systemId])
  if (rung !== 'observe') return
  await tx.query(
    `update provisioning_order set state = 'cancelled', done_at = $2, lease_until = null, version = version + 1
     where system_id = $1 and state in ${OPEN}`,
    [systemId, now],
  )
  await tx.query(
    `update task set state = 'cancelled', done_at = $2, version = version + 1 where system_id = $1 and state = 'open'`,
    [systemId, now],
  )
}

/**
 * Where nothing can be read nobody knows what is there. When such a system starts to be steered, what should be held is
 * taken to be: otherwise its owner would be asked to give what everybody has. It is so known what a leaver may have.
 */
export async function assumeRights(
  tx: Tx,
  systemId: string,
  { today, now }: { today: string; now: Date },
): Promise<number> {
  const rows = await tx.query(
    `insert into provisioning_order (id, system_id, person_id, affiliation_id, entitlement_id, action, due_on, state, cause, made_at, done_at)
     select gen_random_uuid(), e.system_id, ac.person_id, (array_agg(a.affiliation_id order by a.affiliation_id))[1], e.id,
       case when e.kind in ('equipment', 'physical') or s.kind in ('equipment', 'physical') then 'hand-out' else 'grant' end, $2::date, 'assumed', 'rule', $3, $3
     from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
     join entitlement e on e.id = a.entitlement_id and e.gone_at is null and e.system_id = $1 join it_system s on s.id = e.system_id
     where not exists (select from group_entitlement ge where ge.entitlement_id = e.id)
       and not exists (select from list_right l where l.entitlement_id = e.id)
       and not exists (select from provisioning_order o where o.person_id = ac.person_id and o.entitlement_id = e.id
         and o.state in ('done', 'verified', 'assumed'))
     group by e.id, ac.person_id, s.kind returning 1`,
    [systemId, today, now],
  )
  return rows.length
}

/** The same of accounts of a kind that no source shows. */
export async function assumeAccounts(
  tx: Tx,
  systemId: string,
  { today, now }: { today: string; now: Date },
): Promise<void> {
  const unread = new Set(
    (
      await tx.query<{ id: string }>(
        `select id from account_type where system_id = $1 and source is null and gone_at is null`,
        [systemId],
      )
    ).map(row => row.id),
  )
  if (unread.size === 0) return
  const types = (await accountTypesOf(tx, { as: null })).filter(type => unread.has(type.id))
  const jobs = (await jobsOf(tx, 'all')).filter(job => job.status === 'active')
  const have = types.flatMap(type =>
    jobs
      .filter(job => getsAccount(type.rules, job))
      .map(job => ({
        typeId: type.id,
        personId: job.personId,
        affiliationId: type.per === 'affiliation' ? job.affiliationId : null,
      })),
  )
  const once = [
    ...new Map(
      have.map(one => [`${one.typeId}/${one.personId}/${one.affiliationId}`, { ...one, id: newId() }]),
    ).values(),
  ]
  await tx.query(
    `insert into provisioning_order (id, system_id, person_id, affiliation_id, account_type_id, action, due_on, state, cause, made_at, done_at)
     select h.id, $2, h."personId", h."affiliationId", h."typeId", 'enable', $3::date, 'assumed', 'account-type', $4, $4
     from jsonb_to_recordset($1::jsonb) as h (id uuid, "typeId" uuid, "personId" uuid, "affiliationId" uuid)
     where not exists (select from provisioning_order o where o.person_id = h."personId" and o.account_type_id = h."typeId"
       and o.affiliation_id is not distinct from h."affiliationId" and o.state in ('done', 'verified', 'assumed'))`,
    [JSON.stringify(once), systemId, today, now],
  )
}

export type MadeOrder = { action: string; personId: string; what: string; slot: string; dueOn: string }
/** What has just been planned for a system, in one order. */
export async function madeOf(tx: Tx, systemId: string, now: Date): Promise<MadeOrder[]> {
  return tx.query(
    `select o.action, o.person_id as "personId", coalesce(e.name, t.name, '') as what,
       coalesce(e.key, t.key, o.left_id::text) || '/' || coalesce(o.affiliation_id::text, '') as slot, o.due_on as "dueOn"
     from provisioning_order o left join entitlement e on e.id = o.entitlement_id left join account_type t on t.id = o.account_type_id
     where o.system_id = $1 and o.made_at = $2 and o.state in ('planned', 'task', 'parked') order by o.action, 3, 2`,
    [systemId, now],
  )
}
export async function openOf(tx: Tx, systemId: string): Promise<{ orders: number; tasks: number; held: number }> {
  const [row] = await tx.query<{ orders: number; tasks: number; held: number }>(
    `select (select count(*) from provisioning_order where system_id = $1 and state in ${OPEN}) as orders,
       (select count(*) from provisioning_order where system_id = $1 and state in ${OPEN} and hold_id is not null) as held,
       (select count(*) from task where system_id = $1 and state = 'open') as tasks`,
    [systemId],
  )
  return row ?? { orders: 0, tasks: 0, held: 0 }
}

export type Waiting = { rung: Rung; hash: string; askedBy: string }
export async function waitingRung(tx: Tx, systemId: string): Promise<Waiting | null> {
  const [row] = await tx.query<Waiting>(
    `select rung, hash, asked_by as "askedBy" from rung_change where system_id = $1`,
    [systemId],
  )
  return row ?? null
}
export async function askForRung(
  tx: Tx,
  systemId: string,
  asked: { rung: Rung; reason: string; hash: string; now: Date; by: string },
): Promise<void> {
  await tx.query(
    `insert into rung_change (system_id, rung, reason, hash, asked_at, asked_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (system_id) do update set rung = excluded.rung, reason = excluded.reason, hash = excluded.hash,
       asked_at = excluded.asked_at, asked_by = excluded.asked_by`,
    [systemId, asked.rung, asked.reason, asked.hash, asked.now, asked.by],
  )
}
