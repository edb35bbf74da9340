import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { getSystemAsOf } from '#contract/pages.ts'
import { type Moment, pastRightsSql, ruleThenSql } from '../../access/past-rights.ts'
import { DANISH, personRefSql, visibleTo } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'

type Page = ResponseOf<typeof getSystemAsOf>
type Row = Page['rows'][number]

/** The name of that day, where the reader may know the name at all; of whom nothing was recorded then, today's. */
const nameThen = (name: string) => `nullif(concat_ws(' ', ${name} ->> 'givenName', ${name} ->> 'familyName'), '')`

/** A system on another day, in two statements. null: there is no such system. */
export async function systemAsOfView(
  tx: Tx,
  actor: Actor,
  systemId: string,
  at: Moment,
  page: Pick<QueryOf<typeof getSystemAsOf>, 'entitlement' | 'offset' | 'limit'>,
): Promise<Page | null> {
  const [known] = await tx.query('select 1 from it_system where id = $1', [systemId])
  if (!known) return null
  const q = statement()
  const may = visibleTo(actor, q)
  const shown = may.name('p')
  const details = may.affiliation('w', 'details')
  const basic = may.affiliation('w')
  const rights = `select id from entitlement where system_id = ${q.bind(systemId, 'uuid')}`
  const only = page.entitlement ? `h.entitlement_id = ${q.bind(page.entitlement, 'uuid')}` : 'true'
  const [valid, knew] = [q.bind(at.valid, 'date'), q.bind(at.known, 'timestamptz')]
  const [answer] = await tx.query<{
    rights: Page['rights'] | null
    rows: (Omit<Row, 'since'> & { since: string | null })[] | null
    total: number
  }>(
    `with ${pastRightsSql(actor, q, { name: 'then', at, rights })}, named as (
       select h.*, e.key, e.name as right_name, ${personRefSql('p', shown)} as person, p.person_id is not null and ${shown} as shown,
         case when ${shown} then p.family_name end as family_name, case when ${shown} then p.given_name end as given_name
       from then_held h join entitlement e on e.id = h.entitlement_id left join person_current p on p.person_id = h.person_id
       where ${only}
     ), page as (
       select *, row_number() over (order by right_name ${DANISH}, family_name ${DANISH} nulls last,
         given_name ${DANISH} nulls last, person_id, account_id) as place
       from named order by place offset ${q.bind(page.offset, 'int')} limit ${q.bind(page.limit, 'int')}
     ), full_rows as (
       select g.place, jsonb_build_object(
         'person', case when g.shown then g.person || jsonb_build_object('name', coalesce(${nameThen('ps.attrs')}, g.person ->> 'name'))
           else g.person end,
         'account', case when acc.id is not null then jsonb_build_object('id', acc.id, 'username', acc.username) end,
         'unit', job.unit, 'title', job.title,
         'entitlement', jsonb_build_object('id', g.entitlement_id, 'key', g.key, 'name', g.right_name),
         'expected', g.expected, 'rests', g.rests, 'observed', g.observed,
         'rule', case when why.key is not null then jsonb_build_object('key', why.key, 'name', why.name) end,
         'since', coalesce(why.since, seen.since)) as row
       from page g left join account acc on acc.id = g.account_id
       left join person_state ps on ps.person_id = g.person_id and ps.valid @> ${valid} and ps.recorded @> ${knew}
       left join lateral (
         select case when u.id is not null then jsonb_build_object('id', u.id,
             'name', coalesce(us.attrs ->> 'name', u.key)) end as unit, case when ${details} then w.attrs ->> 'title' end as title
         from then_work w left join org_unit u on u.id = w.unit_id
         left join org_unit_state us on us.unit_id = u.id and us.valid @> ${valid} and us.recorded @> ${knew}
         where w.person_id = g.person_id and ${basic}
         order by coalesce(${details}, false) desc, (w.attrs ->> 'primary')::boolean desc nulls last,
           w.affiliation_id limit 1) job on true
       left join ${ruleThenSql('g.entitlement_id', 'g.grounds', 'then')} why on true
       left join lateral (
         select min(s.since) as since from (
           select o.first_seen_at as since from observed_right o join account oa on oa.id = o.account_id
           where o.entitlement_id = g.entitlement_id and (oa.person_id = g.person_id or oa.id = g.account_id)
             and o.first_seen_at <= (select at from then_moment)
           union all
           select lower(h.seen) from observed_right_history h join account oa on oa.id = h.account_id
           where h.entitlement_id = g.entitlement_id and (oa.person_id = g.person_id or oa.id = g.account_id)
             and h.seen @> (select at from then_moment)) s) seen on true
     )
     select (select jsonb_agg(row order by place) from full_rows) as rows, (select count(*) from named) as total,
       (select jsonb_agg(jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name, 'expected', n.expected,
          'observed', n.observed) order by e.name ${DANISH}, e.key)
        from (select entitlement_id, count(*) filter (where expected) as expected, count(*) filter (where observed) as observed
          from then_held group by entitlement_id) n join entitlement e on e.id = n.entitlement_id) as rights`,
    q.params,
  )
  return {
    asOf: at.valid,
    known: at.known.toISOString(),
    rights: answer?.rights ?? [],
    rows: (answer?.rows ?? []).map(({ since, ...row }) => ({
      ...row,
      since: since === null ? null : new Date(since).toISOString(),
    })),
    total: answer?.total ?? 0,
  }
}
