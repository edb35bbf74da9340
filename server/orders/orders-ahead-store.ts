import type { CountOrders, OrdersAhead } from '../access/orders-ahead.ts'

/**
 * Orders that a change of rights would make in systems that are steered: what would be wanted and is not held, and what
 * would be wanted no longer, is held, and may be taken at the rung. Held is what was carried out last and nobody has read
 * since, or what is seen. A right that another affiliation of the person gives as well is not lost. One statement.
 */
export const countOrders: CountOrders = async (tx, moved) => {
  const rows = moved.flatMap(({ personId, gains, losses }) => [
    ...gains.map(key => ({ personId, key, gain: true })),
    ...losses.map(key => ({ personId, key, gain: false })),
  ])
  if (rows.length === 0) return { give: 0, take: 0, systems: 0 }
  const [counted] = await tx.query<OrdersAhead>(
    `with moved as (
       select m."personId" as person_id, e.id as entitlement_id, e.system_id, s.rung, m.gain, count(*) as times
       from jsonb_to_recordset($1::jsonb) as m ("personId" uuid, key text, gain boolean)
       join entitlement e on e.key = m.key and e.gone_at is null
       join it_system s on s.id = e.system_id and s.rung <> 'observe' and s.gone_at is null group by 1, 2, 3, 4, 5
     ), so_far as (
       select m.*, coalesce(
           (select o.action in ('grant', 'hand-out') from provisioning_order o where o.person_id = m.person_id
             and o.entitlement_id = m.entitlement_id and o.state in ('done', 'assumed')
             order by o.done_at desc, o.state = 'assumed', o.id desc limit 1),
           exists (select from account a join observed_right r on r.account_id = a.id and r.entitlement_id = m.entitlement_id
             where a.person_id = m.person_id and a.gone_at is null and a.kind = 'personal' and not a.out_of_scope)) as held,
         (select count(*) from affiliation_current ac join assignment a on a.affiliation_id = ac.affiliation_id
           where ac.person_id = m.person_id and a.entitlement_id = m.entitlement_id) as given
       from moved m
     ), orders as (
       select gain, system_id from so_far
       where case when gain then not held
         else held and given <= times and rung in ('apply', 'full')
           and not exists (select from moved g where g.gain and g.person_id = so_far.person_id and g.entitlement_id = so_far.entitlement_id) end
     )
     select count(*) filter (where gain)::int as give, count(*) filter (where not gain)::int as take,
       count(distinct system_id)::int as systems from orders`,
    [JSON.stringify(rows)],
  )
  return counted ?? { give: 0, take: 0, systems: 0 }
}
