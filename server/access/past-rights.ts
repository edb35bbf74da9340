import type { Statement } from '../platform/statement.ts'
import type { Actor } from '../policy/actor.ts'
import { givenThenSql, includedThenSql, partThenSql, seenThenSql } from './past-state.ts'
import { visibleTo } from './visible.ts'

/** A day in the world, and the instant as of which it was known. */
export type Moment = { valid: string; known: Date }

type Scope = {
  /** Before the names of the CTEs, so that two moments stand in one statement. */
  name: string
  at: Moment
  /** SQL of ids of rights; without it: all. */
  rights?: string
  /** SQL of ids of people; without it: everybody, and accounts of nobody. */
  people?: string
}

/**
 * CTEs that say what was stored as expected, and seen as held, at the end of a day in the town hall (or at the instant,
 * when that was earlier). `<name>_held` has a row a person (or account of nobody) and right: person_id, account_id,
 * entitlement_id, system_id, expected, rests (given, and resting: not expected), observed, grounds (affiliations that it
 * followed from; null: none). What a held right included then is held with it, where it was expected.
 * `<name>_work` has the affiliations in force then of whoever is in it: person_id, affiliation_id, unit_id (then),
 * unit_path (today's: the policy is that of today, who may see it now and not who could have then), attrs.
 * Only whose history the reader may see is in it; whose an account was is what is known of it now.
 */
export function pastRightsSql(actor: Actor, q: Statement, { name, at, rights, people }: Scope): string {
  const may = visibleTo(actor, q)
  const valid = q.bind(at.valid, 'date')
  const known = q.bind(at.known, 'timestamptz')
  const when = `(select at from ${name}_moment)`
  const chosen = `select person_id from ${name}_people`
  // As a row of the table itself, filtered: whoever asks for everybody has no list to join.
  const among = (table: string, alias: string) =>
    people ? `(select * from ${table} where person_id in (${chosen})) ${alias}` : `${table} ${alias}`
  const only = rights ? { rights: `RIGHT in (${rights})` } : {}
  return `${people ? `${name}_people (person_id) as materialized (${people}), ` : ''}${name}_moment as materialized (
      select least(${known}, (${valid} + 1)::timestamp at time zone 'Europe/Copenhagen') as at
    ), ${name}_expected as materialized (
      select g.person_id, g.entitlement_id, array_agg(g.affiliation_id) as grounds, bool_and(g.rests) as rests
      from (${givenThenSql(when, { from: among('affiliation', 'f'), ...only })}) g
      group by g.person_id, g.entitlement_id
    ), ${name}_part as materialized (${partThenSql(when)}
    ), ${name}_observed as (
      select distinct o.person_id, case when o.person_id is null then o.account_id end as account_id, o.entitlement_id
      from (${seenThenSql(when, { from: among('account', 'acc'), ...only })}
        union all ${includedThenSql(when, `${name}_expected`, `${name}_part`)}) o
    ), ${name}_all as materialized (
      select coalesce(e.person_id, o.person_id) as person_id, o.account_id,
        coalesce(e.entitlement_id, o.entitlement_id) as entitlement_id, e.grounds, coalesce(e.rests, false) as rests,
        e.entitlement_id is not null and not e.rests as expected, o.entitlement_id is not null as observed
      from ${name}_expected e
      full join ${name}_observed o on o.person_id = e.person_id and o.entitlement_id = e.entitlement_id
    ), ${workSql(name, { valid, known, people: people ? chosen : `select person_id from ${name}_all` })},
    ${name}_held as materialized (
      select x.person_id, x.account_id, x.entitlement_id, en.system_id, x.expected, x.rests, x.observed, x.grounds
      from ${name}_all x join entitlement en on en.id = x.entitlement_id
      join person_current cp on cp.person_id = x.person_id
      where ${may.person('cp')} and ${may.history('cp')} and ${may.pastRight('x', 'cp', 'en', `${name}_work`)}
      union all
      select x.person_id, x.account_id, x.entitlement_id, en.system_id, x.expected, x.rests, x.observed, x.grounds
      from ${name}_all x join entitlement en on en.id = x.entitlement_id
      where x.person_id is null and ${may.nobodysRight('en')}
    )`
}

type Day = { valid: string; known: string; people: string }

/** The CTE `<name>_work` alone; `valid`, `known` and `people` are SQL. What a payroll unit maps to is known as of now only. */
export function workSql(name: string, { valid, known, people }: Day): string {
  return `${name}_placed as materialized (
      select f.person_id, s.affiliation_id, s.attrs, ou.id as unit_id
      from affiliation f join affiliation_state s on s.affiliation_id = f.id
      left join org_unit_current pay on pay.unit_id::text = s.attrs ->> 'payUnit'
      left join org_unit ou
        on ou.id::text = coalesce(s.attrs ->> 'unitOverride', s.attrs ->> 'unit', pay.maps_to_id::text)
      where s.valid @> ${valid} and s.recorded @> ${known} and f.person_id in (${people})
    ), ${name}_work as materialized (
      select w.*, coalesce(c.status, 'ended') as status, coalesce(c.unit_path, u.path, '{}') as unit_path,
        w.attrs ->> 'affiliationKind' as kind
      from ${name}_placed w
      left join affiliation_current c on c.affiliation_id = w.affiliation_id and c.unit_id is not distinct from w.unit_id
      left join org_unit_current u on u.unit_id = w.unit_id
    )`
}

/**
 * Lateral: the rule that a right followed from at a moment, one of several; columns key, name, since. `right` and
 * `grounds` are SQL of its id and of the affiliations that it followed from.
 */
export function ruleThenSql(right: string, grounds: string, moment: string): string {
  return `lateral (
      select d.rule_key as key, coalesce(r.name, d.rule_key) as name, g.since from (
        select h.derivation_id, lower(h.held) as since, 0 as place from assignment_history h
        where h.affiliation_id = any(${grounds}) and h.entitlement_id = ${right}
          and h.held @> (select at from ${moment}_moment)
        union all
        select a.derivation_id, a.since, 1 from assignment a
        where a.affiliation_id = any(${grounds}) and a.entitlement_id = ${right}
          and a.since <= (select at from ${moment}_moment)
      ) g join derivation d on d.id = g.derivation_id
      left join rights_rule r on r.key = d.rule_key and r.version = d.rule_version
      order by g.place, g.since limit 1)`
}
