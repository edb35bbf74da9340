import type { ResponseOf } from '#contract/endpoint.ts'
import type { getSystemRegister } from '#contract/reach.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { can } from '../../policy/policy.ts'
import { personRefSql } from '../../register/activities/activity-sql.ts'
import { countReach } from './count-reach.ts'
import { readTerms, termsOf } from './reach-terms.ts'
import { readReach } from './reach-views.ts'

type Answer = ResponseOf<typeof getSystemRegister>
type Row = Pick<Answer, 'activities' | 'bindings' | 'deletion' | 'logging'>

/**
 * What the register says of a system: activities that name it, or to which something of it is bound, with when they erase;
 * how much is bound; and what can be reached by its rights, as far as the reader may know of them. Three statements.
 */
export async function systemRegister(tx: Tx, actor: Actor, systemId: string, today: string): Promise<Answer> {
  const [row] = await tx.query<Row>(
    `with record as (
       select f.activity_id, f.version_id from activity_in_force f where upper_inf(f.recorded) and f.valid @> $2::date
     ), bound as materialized (
       select b.id, b.activity_id, b.approved_at from purpose_binding b left join entitlement e on e.id = b.entitlement_id
       where upper_inf(b.recorded) and b.valid @> $2::date and (b.system_id = $1 or e.system_id = $1)
     ), used as (
       select r.activity_id, r.version_id, s.use, s.system_id is not null as stated from record r
       left join activity_system s on s.version_id = r.version_id and s.system_id = $1
       where s.system_id is not null or r.activity_id in (select activity_id from bound where approved_at is not null)
     ), rights as (
       select distinct e.id from entitlement e where e.system_id = $1 and e.gone_at is null and (
         exists (select from assignment a where a.entitlement_id = e.id) or exists (select from observed_right o where o.entitlement_id = e.id))
     )
     select
       (select coalesce(json_agg(json_build_object('id', y.id, 'ref', y.ref, 'name', v.content ->> 'name', 'use', u.use, 'stated', u.stated,
          'owner', ${personRefSql('p')},
          'erasure', (select coalesce(json_agg(json_build_object('startEvent', one ->> 'startEvent', 'period', one ->> 'period',
             'archive', one ->> 'archive', 'data', (select coalesce(json_agg(distinct r.data), '[]') from activity_row r
               where r.version_id = u.version_id and r.erasure = one ->> 'key')) order by place), '[]')
            from jsonb_array_elements(coalesce(v.content -> 'retention', '[]')) with ordinality x (one, place))) order by y.ref), '[]')
        from used u join activity y on y.id = u.activity_id join activity_version v on v.id = u.version_id
        left join affiliation oa on oa.id = v.owner_id
        left join affiliation_current oc on oc.affiliation_id = coalesce(oa.merged_into, oa.id) and oc.status = 'active'
        left join person_current p on p.person_id = oc.person_id) as activities,
       json_build_object('counts', (select count(*) from bound where approved_at is not null),
         'waits', (select count(*) from bound where approved_at is null), 'rights', (select count(*) from rights)) as bindings,
       json_build_object('defined', (s.sheet ->> 'retentionDefined')::boolean, 'next', s.sheet ->> 'retentionNext') as deletion,
       json_build_object('measure', case when s.sheet ? 'precautions' then s.sheet -> 'precautions' ? 'logging' end,
         'kept', s.sheet ->> 'logKept', 'months', (s.sheet ->> 'logMonths')::int, 'readers', s.sheet ->> 'logReaders',
         'fields', coalesce(s.sheet -> 'logFields', '[]'), 'reason', s.sheet ->> 'logReason',
         'verified', s.sheet ->> 'logVerified') as logging
     from it_system s where s.id = $1`,
    [systemId, today],
  )
  if (!row) throw problem('not-found')
  const terms = await readTerms(tx)
  const sees = can(actor, 'system.holders')
  const set = sees ? await readReach(tx, today, { system: systemId, reader: actor }) : null
  const counted =
    set && countReach(set.footprints, set.crowds, cell => ['all', ...(cell.data === null ? [] : [`data ${cell.data}`])])
  const cells = set?.footprints.flatMap(one => one.cells) ?? []
  const rows = [...(counted ?? [])].flatMap(([key, count]) => {
    if (!key.startsWith('data ')) return []
    const data = key.slice(5)
    const subjects = new Set(cells.flatMap(cell => (cell.data === data && cell.subject !== null ? [cell.subject] : [])))
    return [{ data, subjects: [...subjects].sort(), ...count }]
  })
  const used = row.activities.flatMap(one => one.erasure.flatMap(rule => rule.data))
  return {
    ...row,
    reach: counted
      ? {
          all: counted.get('all') ?? { people: 0, constrained: 0, unexplained: 0 },
          rows: rows.sort((a, b) => b.people - a.people || (a.data < b.data ? -1 : 1)),
        }
      : null,
    data: termsOf(terms.data, [...rows.map(one => one.data), ...used]),
    subjects: termsOf(
      terms.subjects,
      rows.flatMap(one => one.subjects),
    ),
  }
}
