import type { ResponseOf } from '#contract/endpoint.ts'
import type { listShifts } from '#contract/lifecycle-shift.ts'
import { unitRefSql } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import type { ColumnMap } from '../../policy/condition-to-sql.ts'
import { sqlFor } from '../../policy/policy.ts'
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
       null::timestamptz as released_at, t.unit_id, null::uuid as to_unit_id, null::uuid as author, '{}'::uuid[] as named) c
     where ${caseFilter(actor, q, 'c', 'u', 'change')} order by u.name, t.title`,
    q.params,
  )
  const w = statement()
  const me = w.bind(actor.userId, 'uuid')
  const mine = w.bind(actor.personId, 'uuid')
  const columns = {
    asked: { sql: `case when x.asked_by = ${me} or tu.person_id = ${mine} then 'self' else 'other' end`, type: 'text' },
    unitId: { sql: 'x.unit_id', type: 'uuid' },
    unitPath: { sql: `coalesce(u.path, '{}'::uuid[])`, type: 'uuid[]' },
  } satisfies ColumnMap
  const may = (action: 'read' | 'approve') => w.use(startAt => sqlFor(actor, action, 'Shift', columns, { startAt }))
  const waiting = await tx.query<
    Omit<Answer['waiting'][number], 'allowed' | 'endsAt'> & { endsAt: Date; confirm: boolean }
  >(
    `select x.case_id as "caseId", trim(concat(c.form #>> '{person,givenName}', ' ', c.form #>> '{person,familyName}')) as name,
       c.form #>> '{person,birthDate}' as "birthDate", c.form #>> '{affiliation,organisation}' as agency,
       ${unitRefSql('u')} as unit, t.title, x.ends_at as "endsAt", coalesce(${may('approve')}, false) as confirm
     from shift_cover x join lifecycle_case c on c.id = x.case_id join shift_template t on t.id = x.template_id
     left join tool_user tu on tu.id = x.asked_by left join org_unit_current u on u.unit_id = x.unit_id
     where x.confirmed_at is null and x.ended_at is null and x.ends_at > ${w.bind(now, 'timestamptz')}
       and (${me}, ${mine}) is not distinct from (${me}, ${mine}) and ${may('read')}
     order by x.asked_at limit 50`,
    w.params,
  )
  return {
    templates,
    waiting: waiting.map(({ confirm, endsAt, ...row }) => ({
      ...row,
      endsAt: endsAt.toISOString(),
      allowed: { confirm },
    })),
  }
}
