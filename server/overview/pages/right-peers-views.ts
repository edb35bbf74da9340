import type { ResponseOf } from '#contract/endpoint.ts'
import type { getRightPeers } from '#contract/pages.ts'
import { DANISH, unitRefSql, visibleTo } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'

type Answer = ResponseOf<typeof getRightPeers>
/** So many units are more than anybody reads. */
const UNITS = 200

/**
 * Unit by unit: how many of those who work there (in an active job, pupils apart) should have a right and how many have it,
 * as far as the reader may know. How many work in a unit is no secret, so the whole is the unit and not the part of it
 * that the reader sees. One statement. null: no such right.
 */
export async function rightPeersView(tx: Tx, actor: Actor, entitlementId: string): Promise<Answer | null> {
  const q = statement()
  const may = visibleTo(actor, q)
  const id = q.bind(entitlementId, 'uuid')
  const [answer] = await tx.query<Answer>(
    `with one as materialized (select e.id, e.system_id from entitlement e where e.id = ${id}),
     member as materialized (
       select distinct ac.unit_id, ac.person_id from affiliation_current ac
       where ac.status = 'active' and ac.kind <> 'pupil' and ac.unit_id is not null
     ), should as (
       select distinct ac.person_id from one e join assignment a on a.entitlement_id = e.id
       join affiliation_current ac on ac.affiliation_id = a.affiliation_id
       join person_current cp on cp.person_id = ac.person_id
       where a.suspended is null and ${may.person('cp')} and ${may.assignment('ac', 'cp', 'e')}
     ), has as (
       select distinct acc.person_id from one e join observed_right o on o.entitlement_id = e.id
       join account acc on acc.id = o.account_id and acc.gone_at is null
       join person_current cp on cp.person_id = acc.person_id
       where ${may.person('cp')} and ${may.observed('acc', 'cp', 'e')}
     ), counted as (
       select m.unit_id, count(h.person_id)::int as held, count(s.person_id)::int as expected, count(*)::int as people
       from member m left join has h on h.person_id = m.person_id left join should s on s.person_id = m.person_id
       group by m.unit_id having count(h.person_id) + count(s.person_id) > 0
     )
     select (select count(*) from counted)::int as total, coalesce((
       select jsonb_agg(jsonb_build_object('unit', few.unit, 'held', few.held, 'expected', few.expected, 'of', few.people) order by few.place)
       from (select ${unitRefSql('u')} as unit, c.held, c.expected, c.people,
           row_number() over (order by c.held desc, c.expected desc, u.name ${DANISH}, u.unit_id) as place
         from counted c join org_unit_current u on u.unit_id = c.unit_id order by place limit ${UNITS}) few), '[]') as rows
     from one`,
    q.params,
  )
  return answer ?? null
}
