import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { EquipmentRow, listEquipment } from '#contract/equipment.ts'
import { equipmentState } from '#contract/lists.ts'
import { personRefSql, unitRefSql, visibleTo } from '../access/visible.ts'
import { type Statement, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { can } from '../policy/policy.ts'
import { mayOrder, NOTICE_DAYS, OPEN } from './order-visible.ts'

type List = ResponseOf<typeof listEquipment>

/**
 * CTEs up to `item`: one row for each thing handed out (or to be), with what took it back or will. A thing that somebody
 * had before anybody ordered it is there once it is to come back. `may`: SQL over `provisioning_order o` and `pc`.
 */
const itemsSql = (may: string, today: string) => `kit as (
    select o.*, coalesce(p.merged_into, p.id) as holder, o.state in ${OPEN} as is_open,
      coalesce((v.detail ->> 'on')::date, (o.done_at at time zone 'Europe/Copenhagen')::date) as on_day,
      coalesce(v.detail -> 'serials' ->> o.id::text, v.detail ->> 'serial') as serial, v.detail ->> 'signature' as signature,
      v.by as seen_by
    from provisioning_order o join person p on p.id = o.person_id
    left join person_current pc on pc.person_id = coalesce(p.merged_into, p.id)
    left join lateral (select e.detail, e.by from task_evidence e
      where e.task_id = o.task_id and e.kind = 'handover' order by e.at desc limit 1) v on not o.state in ${OPEN}
    where o.action in ('hand-out', 'take-back') and o.state <> 'cancelled' and ${may}
  ), back as (
    -- A join of equals, so that it can be hashed: there are thousands of things.
    select distinct on (h.id) h.id as hand, b.*
    from kit h join kit b on b.holder = h.holder and b.entitlement_id = h.entitlement_id
    where h.action = 'hand-out' and b.action = 'take-back' and (b.is_open or b.done_at >= coalesce(h.done_at, h.made_at))
    order by h.id, b.is_open, b.done_at
  ), item as (
    select h.id, h.holder, h.entitlement_id, h.system_id, h.serial, h.signature,
      case when h.action = 'take-back' then null when h.is_open then h.due_on else h.on_day end as since,
      case when h.action = 'hand-out' then b.due_on else h.due_on end as due_back,
      case when h.action = 'take-back' then case when not h.is_open then h.on_day end when not b.is_open then b.on_day end as returned_on,
      case when h.action = 'take-back' then case when not h.is_open then h.seen_by end when not b.is_open then b.seen_by end as returned_by,
      case when h.action = 'hand-out' and h.is_open then h.task_id when coalesce(b.is_open, h.is_open) then coalesce(b.task_id, h.task_id) end as task_id,
      case when h.action = 'hand-out' and h.is_open then 'ordered'
        when h.action = 'hand-out' and b.id is null then 'out'
        when not coalesce(b.is_open, h.is_open) then 'returned'
        when coalesce(b.due_on, h.due_on) < ${today} then 'overdue'
        when coalesce(b.due_on, h.due_on) <= ${today} + ${NOTICE_DAYS} then 'due-back' else 'out' end as state
    from kit h left join back b on b.hand = h.id
    where h.action = 'hand-out' or not exists (select from kit g where g.action = 'hand-out' and g.holder = h.holder
      and g.entitlement_id = h.entitlement_id)
  )`

const rowsSql = (
  shown: (p: string) => string,
) => `i.id, ${personRefSql('pc', shown('pc'))} as person, ${unitRefSql('u')} as unit,
  jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name) as thing,
  jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system, i.state, i.serial, i.signature,
  i.since, i.due_back as "dueBack", i.returned_on as "returnedOn",
  case when i.returned_by is not null then coalesce(tu.display_name, tu.username) end as "returnedTo", i.task_id as "taskId"`
const ROW_JOINS = `join entitlement e on e.id = i.entitlement_id join it_system s on s.id = i.system_id
  left join person_current pc on pc.person_id = i.holder left join org_unit_current u on u.unit_id = pc.unit_id
  left join tool_user tu on tu.id = i.returned_by`
const ORDER = `array_position(array['overdue', 'due-back', 'ordered', 'out', 'returned'], i.state)`

/** Two statements. */
export async function equipmentView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listEquipment>,
  today: string,
): Promise<List> {
  const q = statement()
  const where = ['true']
  const items = itemsSql(mayOrder(actor, q, 'read'), q.bind(today, 'date'))
  if (query.state) where.push(`i.state = ${q.bind(query.state, 'text')}`)
  if (query.system) where.push(`i.system_id = ${q.bind(query.system, 'uuid')}`)
  if (query.person) where.push(`i.holder = ${q.bind(query.person, 'uuid')}`)
  const rows = await tx.query<EquipmentRow & { total: number }>(
    `with ${items} select ${rowsSql(shownBy(actor, q))}, count(*) over () as total from item i ${ROW_JOINS}
     where ${where.join(' and ')} order by ${ORDER}, i.due_back, i.since desc, e.name, i.id
     offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  const n = statement()
  const all = itemsSql(mayOrder(actor, n, 'read'), n.bind(today, 'date'))
  const [sums] = await tx.query<{
    counts: Record<string, number> | null
    systems: List['systems'] | null
    stock: List['stock'] | null
  }>(
    `with ${all}, by_state as (select state, count(*)::int as n from item group by 1),
     things as (
       select e.id, e.name, k.owned, count(*) filter (where i.state in ('out', 'due-back', 'overdue'))::int as out,
         count(*) filter (where i.state = 'ordered')::int as ordered
       from entitlement e left join item i on i.entitlement_id = e.id left join equipment_stock k on k.entitlement_id = e.id
       where i.id is not null or k.entitlement_id is not null group by e.id, k.owned order by e.name limit 200)
     select (select jsonb_object_agg(state, n) from by_state) as counts,
       (select jsonb_agg(distinct jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name)) from item i join it_system s on s.id = i.system_id) as systems,
       (select jsonb_agg(jsonb_build_object('thing', jsonb_build_object('id', id, 'name', name), 'owned', owned, 'out', out, 'ordered', ordered)) from things) as stock`,
    n.params,
  )
  return {
    rows: rows.map(({ total: _, ...row }) => row),
    total: rows[0]?.total ?? 0,
    counts: Object.fromEntries(
      equipmentState.options.map(state => [state, sums?.counts?.[state] ?? 0]),
    ) as List['counts'],
    systems: [...(sums?.systems ?? [])].sort((a, b) => a.name.localeCompare(b.name, 'da')),
    stock: sums?.stock ?? [],
    mayStock: can(actor, 'account-type.change'),
  }
}

/** One's own things, whatever else one may see. */
export async function ownEquipment(tx: Tx, personId: string, today: string): Promise<EquipmentRow[]> {
  const q = statement()
  return tx.query<EquipmentRow>(
    `with ${itemsSql(`coalesce(p.merged_into, p.id) = ${q.bind(personId, 'uuid')}`, q.bind(today, 'date'))}
     select ${rowsSql(() => 'true')} from item i ${ROW_JOINS} where i.state <> 'returned' order by ${ORDER}, i.due_back, e.name, i.id`,
    q.params,
  )
}

const shownBy = (actor: Actor, q: Statement) => (p: string) => visibleTo(actor, q).name(p)

/** false: there is no such thing. */
export async function storeStock(
  tx: Tx,
  entitlementId: string,
  owned: number | null,
  who: { by: string; now: Date },
): Promise<{ before: number | null } | null> {
  const [thing] = await tx.query<{ before: number | null }>(
    `select k.owned as before from entitlement e join it_system s on s.id = e.system_id
     left join equipment_stock k on k.entitlement_id = e.id
     where e.id = $1 and (e.kind in ('equipment', 'physical') or s.kind in ('equipment', 'physical'))`,
    [entitlementId],
  )
  if (!thing) return null
  if (owned === null) await tx.query('delete from equipment_stock where entitlement_id = $1', [entitlementId])
  else
    await tx.query(
      `insert into equipment_stock (entitlement_id, owned, changed_at, changed_by) values ($1, $2, $3, $4)
       on conflict (entitlement_id) do update set owned = $2, changed_at = $3, changed_by = $4`,
      [entitlementId, owned, who.now, who.by],
    )
  return thing
}
