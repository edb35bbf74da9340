import type { ResponseOf } from '#contract/endpoint.ts'
import type { getUnitAsOf } from '#contract/pages.ts'
import { type Moment, pastRightsSql } from '../../access/past-rights.ts'
import { DANISH, personRefSql, visibleTo } from '../../access/visible.ts'
import { unitsAsOf } from '../../people/people-views.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'

type Page = ResponseOf<typeof getUnitAsOf>

/** SQL of the people who worked in a unit itself (`unit`: SQL of its id) on a day; what a payroll unit maps to is today's. */
export const peopleThenIn = (unit: string, valid: string, known: string): string => `
  select f.person_id from affiliation_state s join affiliation f on f.id = s.affiliation_id
  left join org_unit_current pay on pay.unit_id::text = s.attrs ->> 'payUnit'
  where s.valid @> ${valid} and s.recorded @> ${known}
    and coalesce(s.attrs ->> 'unitOverride', s.attrs ->> 'unit', pay.maps_to_id::text) = ${unit}::text`

/** A unit on another day, in three statements. null: no such unit, on any day. */
export async function unitAsOfView(
  tx: Tx,
  actor: Actor,
  unitId: string,
  at: Moment,
  page: { offset: number; limit: number },
): Promise<Page | null> {
  const [found] = await tx.query('select 1 from org_unit where id = $1', [unitId])
  if (!found) return null
  const units = new Map((await unitsAsOf(tx, at.valid, at.known)).map(unit => [unit.id, unit]))
  const then = units.get(unitId)
  const q = statement()
  const may = visibleTo(actor, q)
  const shown = may.name('p')
  const details = may.affiliation('w', 'details')
  const unit = q.bind(unitId, 'uuid')
  const [valid, known] = [q.bind(at.valid, 'date'), q.bind(at.known, 'timestamptz')]
  const people = peopleThenIn(unit, valid, known)
  const [answer] = await tx.query<{ people: Page['people'] | null; total: number; systems: Page['systems'] | null }>(
    `with ${pastRightsSql(actor, q, { name: 'then', at, people })}, here as (
       select w.affiliation_id, w.kind, p.person_id, ${personRefSql('p', shown)} as person, ${shown} as shown,
         case when ${shown} then p.family_name end as family_name, case when ${shown} then p.given_name end as given_name,
         case when ${details} then jsonb_build_object('title', w.attrs ->> 'title', 'startsOn', w.attrs ->> 'startsOn',
           'endsOn', w.attrs ->> 'endsOn') else '{"title": null, "startsOn": null, "endsOn": null}' end as details
       from then_work w join person_current p on p.person_id = w.person_id
       where w.unit_id = ${unit} and ${may.person('p')} and ${may.history('p')} and ${may.affiliation('w')}
     ), counts as (
       select person_id, count(*) filter (where expected) as expected, count(*) filter (where observed) as observed
       from then_held group by person_id
     ), page as (
       select *, row_number() over (order by family_name ${DANISH} nulls last, given_name ${DANISH} nulls last,
         affiliation_id) as place from here order by place
       offset ${q.bind(page.offset, 'int')} limit ${q.bind(page.limit, 'int')}
     )
     select (select count(*) from here) as total,
       (select jsonb_agg(g.details || jsonb_build_object(
          'person', case when g.shown then g.person || jsonb_build_object('name', coalesce(nullif(concat_ws(' ',
            ps.attrs ->> 'givenName', ps.attrs ->> 'familyName'), ''), g.person ->> 'name')) else g.person end,
          'affiliationId', g.affiliation_id, 'kind', g.kind,
          'expected', coalesce(n.expected, 0), 'observed', coalesce(n.observed, 0)) order by g.place)
        from page g left join counts n on n.person_id = g.person_id
        left join person_state ps on ps.person_id = g.person_id and ps.valid @> ${valid} and ps.recorded @> ${known}) as people,
       (select jsonb_agg(jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name, 'expected', n.expected,
          'observed', n.observed) order by n.expected desc, s.name ${DANISH})
        from (select system_id, count(distinct person_id) filter (where expected) as expected,
            count(distinct person_id) filter (where observed) as observed
          from then_held where person_id in (select person_id from here) group by system_id) n
        join it_system s on s.id = n.system_id) as systems`,
    q.params,
  )
  return {
    asOf: at.valid,
    known: at.known.toISOString(),
    unit: then
      ? {
          name: then.name,
          path: then.path.flatMap(id => {
            const step = units.get(id)
            return step ? [{ id, name: step.name }] : []
          }),
        }
      : null,
    people: answer?.people ?? [],
    totalPeople: answer?.total ?? 0,
    systems: answer?.systems ?? [],
  }
}
