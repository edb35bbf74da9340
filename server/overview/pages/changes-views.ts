import type { ResponseOf } from '#contract/endpoint.ts'
import type { getPersonChanges } from '#contract/pages.ts'
import { type Moment, pastRightsSql, ruleThenSql, workSql } from '../../access/past-rights.ts'
import { DANISH, personRefSql, visibleTo } from '../../access/visible.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { peopleThenIn } from './unit-as-of-views.ts'

type Changes = ResponseOf<typeof getPersonChanges>
export type About =
  | { person: string }
  | { system: string; entitlement?: string | undefined }
  /** The people who work in it on either day. */
  | { unit: string }
type Asked = { from: Moment; to: Moment; offset: number; limit: number }

/** Which rights and people it is about, as SQL of ids. */
function scopeOf(about: About, { from, to }: Asked, q: Statement): { rights?: string; people?: string } {
  if ('person' in about) return { people: `select ${q.bind(about.person, 'uuid')}` }
  if ('unit' in about) {
    const unit = q.bind(about.unit, 'uuid')
    const on = (at: Moment) => peopleThenIn(unit, q.bind(at.valid, 'date'), q.bind(at.known, 'timestamptz'))
    return { people: `${on(from)} union ${on(to)}` }
  }
  const system = q.bind(about.system, 'uuid')
  const only = about.entitlement ? ` and id = ${q.bind(about.entitlement, 'uuid')}` : ''
  return { rights: `select id from entitlement where system_id = ${system}${only}` }
}

/** `<name>_job`: where and as what those in `differing` worked on a day, as values that can be compared. */
const jobSql = (name: string, valid: string, known: string) => `
  ${workSql(name, { valid, known, people: 'select person_id from differing' })}, ${name}_job as (
    select w.person_id, array_agg(distinct w.unit_id order by w.unit_id) as units,
      array_agg(distinct concat_ws('|', w.kind, w.attrs ->> 'title')) as jobs,
      (array_agg(w.unit_id order by (w.attrs ->> 'primary')::boolean desc nulls last, w.affiliation_id))[1] as unit_id
    from ${name}_work w group by w.person_id
  ), ${name}_unit as (
    select u.id as unit_id, jsonb_build_object('id', u.id, 'name', coalesce(s.attrs ->> 'name', u.key)) as unit
    from org_unit u left join org_unit_state s on s.unit_id = u.id and s.valid @> ${valid} and s.recorded @> ${known}
    where u.id in (select unit_id from ${name}_job)
  )`

/** What differs between two days, in one statement. */
export async function changesView(tx: Tx, actor: Actor, about: About, asked: Asked): Promise<Changes> {
  const q = statement()
  const may = visibleTo(actor, q)
  const shown = may.name('p')
  const scope = scopeOf(about, asked, q)
  const job = (name: string, at: Moment) => jobSql(name, q.bind(at.valid, 'date'), q.bind(at.known, 'timestamptz'))
  const none = (side: string) => `coalesce(${side}.expected or ${side}.observed or ${side}.rests, false)`
  const held = (side: string) =>
    `jsonb_build_object('expected', coalesce(${side}.expected, false), 'observed', coalesce(${side}.observed, false), 'rests', coalesce(${side}.rests, false))`
  const [answer] = await tx.query<{ rows: Changes['rows'] | null; total: number; gained: number; lost: number }>(
    `with ${pastRightsSql(actor, q, { name: 'one', at: asked.from, ...scope })},
     ${pastRightsSql(actor, q, { name: 'two', at: asked.to, ...scope })},
     differing as materialized (
       select coalesce(a.person_id, b.person_id) as person_id, coalesce(a.account_id, b.account_id) as account_id,
         coalesce(a.entitlement_id, b.entitlement_id) as entitlement_id, coalesce(a.system_id, b.system_id) as system_id,
         ${held('a')} as before, ${held('b')} as after, ${none('a')} as had, ${none('b')} as has,
         coalesce(a.rests, false) <> coalesce(b.rests, false) as rest_changed, coalesce(a.expected, false) as expected_before, coalesce(b.expected, false) as expected_after,
         a.grounds as grounds_before, b.grounds as grounds_after
       from one_held a full join two_held b on b.entitlement_id = a.entitlement_id
         and coalesce(b.person_id, b.account_id) = coalesce(a.person_id, a.account_id)
       where (coalesce(a.expected, false), coalesce(a.observed, false), coalesce(a.rests, false))
         is distinct from (coalesce(b.expected, false), coalesce(b.observed, false), coalesce(b.rests, false))
     ), ${job('old', asked.from)}, ${job('new', asked.to)}, page as (
       select d.*, row_number() over (order by d.had and d.has, s.name ${DANISH}, e.name ${DANISH}, d.has desc,
           case when ${shown} then p.family_name end ${DANISH} nulls last,
           case when ${shown} then p.given_name end ${DANISH} nulls last, d.person_id, d.account_id, d.entitlement_id) as place,
         e.key, e.name as right_name, s.key as system_key, s.name as system_name, ${personRefSql('p', shown)} as person
       from differing d join entitlement e on e.id = d.entitlement_id join it_system s on s.id = d.system_id
       left join person_current p on p.person_id = d.person_id
       order by place offset ${q.bind(asked.offset, 'int')} limit ${q.bind(asked.limit, 'int')}
     )
     select (select count(*) from differing) as total, (select count(*) from differing where not had) as gained,
       (select count(*) from differing where not has) as lost,
       (select jsonb_agg(jsonb_build_object('person', g.person,
          'account', case when acc.id is not null then jsonb_build_object('id', acc.id, 'username', acc.username) end,
          'entitlement', jsonb_build_object('id', g.entitlement_id, 'key', g.key, 'name', g.right_name),
          'system', jsonb_build_object('id', g.system_id, 'key', g.system_key, 'name', g.system_name),
          'before', g.before, 'after', g.after,
          'cause', case when begun.at is null or least((select at from one_moment), (select at from two_moment)) < begun.at
              then 'first-read' when g.person_id is null then 'nobody'
            when g.expected_before = g.expected_after and not g.rest_changed then 'seen'
            when oj.person_id is null and tj.person_id is not null then 'joined'
            when oj.person_id is not null and tj.person_id is null then 'left'
            when oj.units is distinct from tj.units then 'moved'
            when oj.jobs is distinct from tj.jobs then 'other-work' when g.rest_changed then 'rest' else 'rule' end,
          'rule', case when coalesce(wb.key, wa.key) is not null then
            jsonb_build_object('key', coalesce(wb.key, wa.key), 'name', coalesce(wb.name, wa.name)) end,
          'unitBefore', ou.unit, 'unitAfter', tu.unit) order by g.place)
        from page g cross join (select min(started_at) as at from access_run) begun left join account acc on acc.id = g.account_id
        left join old_job oj on oj.person_id = g.person_id left join old_unit ou on ou.unit_id = oj.unit_id
        left join new_job tj on tj.person_id = g.person_id left join new_unit tu on tu.unit_id = tj.unit_id
        left join ${ruleThenSql('g.entitlement_id', 'g.grounds_before', 'one')} wa on true
        left join ${ruleThenSql('g.entitlement_id', 'g.grounds_after', 'two')} wb on true
       ) as rows`,
    q.params,
  )
  const { total = 0, gained = 0, lost = 0 } = answer ?? {}
  return {
    from: asked.from.valid,
    to: asked.to.valid,
    known: asked.to.known.toISOString(),
    rows: answer?.rows ?? [],
    total,
    counts: { gained, lost, other: total - gained - lost },
  }
}
