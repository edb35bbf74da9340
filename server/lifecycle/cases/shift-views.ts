import type { ResponseOf } from '#contract/endpoint.ts'
import type { listShifts } from '#contract/lifecycle-shift.ts'
import { personRefSql, unitRefSql, visibleTo } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { caseFilter } from './case-sql.ts'

type Answer = ResponseOf<typeof listShifts>

/** Templates of the reader's units, and substitutes who wait there for a second person. Two statements. */
export async function shiftsView(tx: Tx, actor: Actor, now: Date): Promise<Answer> {
  const q = statement()
  // A unit stands in the place of a report about somebody else in it.
  const templates = await tx.query<Answer['templates'][number]>(
    `select t.id, ${unitRefSql('u')} as unit, t.title,
       coalesce((select json_agg(jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name,
           'system', jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name)) order by s.name, e.name)
         from entitlement e join it_system s on s.id = e.system_id
         where e.id = any(t.entitlement_ids) and e.gone_at is null), '[]') as rights
     from shift_template t join org_unit_current u on u.unit_id = t.unit_id and u.active
     cross join lateral (select null::uuid as id, null::uuid as person_id, false as confidential,
       null::timestamptz as released_at, t.unit_id, null::uuid as author, '{}'::uuid[] as named) c
     where ${caseFilter(actor, q, 'c', 'u', 'change')} order by u.name, t.title`,
    q.params,
  )
  const w = statement()
  const may = visibleTo(actor, w)
  const waiting = await tx.query<
    Omit<Answer['waiting'][number], 'allowed' | 'endsAt'> & { endsAt: Date; mine: boolean }
  >(
    `select x.case_id as "caseId", case when p.person_id is null then null else ${personRefSql('p', may.name('p'))} end as person,
       ${unitRefSql('u')} as unit, t.title, x.ends_at as "endsAt", x.asked_by = ${w.bind(actor.userId, 'uuid')} as mine
     from shift_cover x join lifecycle_case c on c.id = x.case_id join shift_template t on t.id = x.template_id
     join person_current p on p.person_id = c.person_id left join org_unit_current u on u.unit_id = c.unit_id
     where x.confirmed_at is null and x.ends_at > ${w.bind(now, 'timestamptz')} and ${caseFilter(actor, w, 'c', 'u', 'change')}
     order by x.asked_at limit 50`,
    w.params,
  )
  return {
    templates,
    waiting: waiting.map(({ mine, endsAt, ...row }) => ({
      ...row,
      endsAt: endsAt.toISOString(),
      allowed: { confirm: !mine },
    })),
  }
}
