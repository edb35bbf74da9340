import type { ResponseOf } from '#contract/endpoint.ts'
import type { getUnitSiblings } from '#contract/pages.ts'
import { DANISH, visibleTo } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'

type Answer = ResponseOf<typeof getUnitSiblings>

/** So many differences are more than anybody reads. */
const ROWS = 80

/**
 * A unit (and all below it) beside the others under the same parent, in two statements. Who works in both counts in both.
 * Shares are of the people whom the reader may see: a manager of one unit has nobody to compare with. null: no such unit.
 */
export async function siblingsView(tx: Tx, actor: Actor, unitId: string): Promise<Answer | null> {
  const [unit] = await tx.query('select 1 from org_unit_current where unit_id = $1', [unitId])
  if (!unit) return null
  const q = statement()
  const may = visibleTo(actor, q)
  const id = q.bind(unitId, 'uuid')
  const share = (n: string, of: string) => `${n}::float / nullif(${of}, 0)`
  const difference = `${share('n.here', 't.here')} - ${share('n.there', 't.there')}`
  const [answer] = await tx.query<Answer>(
    `with known as materialized (select p.person_id from person_current p where ${may.person('p')}),
     place as materialized (
       select o.unit_id, o.name, o.unit_id = ${id} as own from org_unit_current o join org_unit_current u on u.unit_id = ${id}
       where o.unit_id = ${id} or (o.parent_id = u.parent_id and o.tree = u.tree and o.active)
     ), member as materialized (
       select distinct place.unit_id, place.own, ac.person_id
       from place join affiliation_current ac on ac.status = 'active' and place.unit_id = any(ac.unit_path)
       where ac.person_id in (select person_id from known) and ${may.affiliation('ac')}
     ), who as materialized (select distinct person_id from member), held as materialized (
       select ac.person_id, a.entitlement_id from who join affiliation_current ac on ac.person_id = who.person_id
       join assignment a on a.affiliation_id = ac.affiliation_id join entitlement e on e.id = a.entitlement_id
       join person_current cp on cp.person_id = ac.person_id where ${may.assignment('ac', 'cp', 'e')}
       union
       select acc.person_id, o.entitlement_id from who join account acc on acc.person_id = who.person_id and acc.gone_at is null
       join observed_right o on o.account_id = acc.id join entitlement e on e.id = o.entitlement_id
       join person_current cp on cp.person_id = acc.person_id where ${may.observed('acc', 'cp', 'e')}
     ), t as (
       select count(distinct person_id) filter (where own)::int as here,
         count(distinct person_id) filter (where not own)::int as there from member
     ), side as materialized (
       -- A person once, whatever the number of units: then nothing below has to be counted apart.
       select person_id, bool_or(own) as here, bool_or(not own) as there from member group by person_id
     ), n as (
       select h.entitlement_id, (count(*) filter (where s.here))::int as here, (count(*) filter (where s.there))::int as there
       from held h join side s on s.person_id = h.person_id group by h.entitlement_id
     ), widest as materialized (
       select n.*, row_number() over (order by abs(${difference}) desc, n.here desc, n.entitlement_id) as place
       from n, t where abs(${difference}) > 0.000001 order by place limit ${ROWS}
     ), spread as (
       select h.entitlement_id, count(distinct m.unit_id)::int as siblings
       from widest w join held h on h.entitlement_id = w.entitlement_id
       join member m on m.person_id = h.person_id and not m.own group by h.entitlement_id
     ), in_system as (
       select distinct h.person_id, e.system_id from held h join entitlement e on e.id = h.entitlement_id
     ), by_system as (
       select i.system_id, (count(*) filter (where s.here))::int as here, (count(*) filter (where s.there))::int as there
       from in_system i join side s on s.person_id = i.person_id group by i.system_id having bool_or(s.here)
     ), given as (
       -- Which rule gives it to how many: here, and in the siblings.
       select a.entitlement_id, m.own, d.rule_key, count(distinct m.person_id) as people
       from widest w join assignment a on a.entitlement_id = w.entitlement_id
       join affiliation_current ac on ac.affiliation_id = a.affiliation_id
       join member m on m.person_id = ac.person_id join derivation d on d.id = a.derivation_id
       join entitlement e on e.id = a.entitlement_id join person_current cp on cp.person_id = ac.person_id
       where d.rule_key <> '' and ${may.assignment('ac', 'cp', 'e')}
       group by a.entitlement_id, m.own, d.rule_key
     ), rule as (
       select distinct on (g.entitlement_id) g.entitlement_id, g.rule_key as key, coalesce(r.name, g.rule_key) as name
       from given g left join rights_rule r on r.key = g.rule_key and upper_inf(r.recorded)
       order by g.entitlement_id, g.own desc, g.people desc, g.rule_key
     ), unexplained as (
       select d.entitlement_id, count(*)::int as people from right_deviation d
       join widest w on w.entitlement_id = d.entitlement_id
       join held h on h.person_id = d.person_id and h.entitlement_id = d.entitlement_id
       where d.state = 'unexplained' and d.person_id in (select person_id from member where own)
       group by d.entitlement_id
     )
     select t.here, t.there,
       coalesce((select jsonb_agg(jsonb_build_object('id', p.unit_id, 'name', p.name,
          'people', (select count(*) from member m where m.unit_id = p.unit_id)) order by p.name ${DANISH})
        from place p where not p.own), '[]') as siblings,
       coalesce((select jsonb_agg(jsonb_build_object(
          'entitlement', jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name, 'sensitivity', e.sensitivity),
          'system', jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name),
          'here', w.here, 'there', w.there, 'siblings', coalesce(spread.siblings, 0),
          'rule', case when rule.key is not null then jsonb_build_object('key', rule.key, 'name', rule.name) end,
          'unexplained', coalesce(x.people, 0)) order by w.place)
        from widest w join entitlement e on e.id = w.entitlement_id join it_system s on s.id = e.system_id
        left join rule on rule.entitlement_id = w.entitlement_id
        left join spread on spread.entitlement_id = w.entitlement_id
        left join unexplained x on x.entitlement_id = w.entitlement_id), '[]') as rows,
       coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name, 'here', b.here,
          'there', b.there) order by b.here desc, s.name ${DANISH})
        from by_system b join it_system s on s.id = b.system_id), '[]') as systems
     from t`,
    q.params,
  )
  return answer ?? null
}
