import type { Evaluation } from '../../findings/finding-store.ts'
import { NOTICE_SQL } from '../../findings/finding-store.ts'
import { amongSql } from '../../platform/planned.ts'
import { LICENCES_USED } from '../entitlements/licences-used.ts'

/*
 * What does not fit, as questions to the data. Each answers rows of one or more kinds of findings (columns in
 * `Evaluation`), from data that whoever changes them also notes as touched: so evaluating what was touched gives what
 * evaluating everything would. A cause says what findings have in common: `<kind of cause>:<ids>`.
 */

export type People = readonly string[] | 'all'

/** So many days unused is worth a look; so many is the access "in case of" that F13 is about. */
const UNUSED = 90
const UNUSED_LONG = 180
const SENSITIVE = `('special', 'criminal', 'confidential')`
/** SQL of the unit and position of a person's main job, over `person_current p` and `affiliation_current main`. */
const MAIN = `join person_current p on p.person_id = s.person_id
  left join affiliation_current main on main.affiliation_id = p.primary_affiliation_id`

const filterOf = (people: People) => amongSql(people)
const paramsOf = (people: People): unknown[] => (people === 'all' ? [] : [people])

/**
 * Rights of people: what is stored of the comparison, split by why it may be so; privileged rights on the account of the
 * daily work; rights that a system's own list says are wider than they were given.
 */
export function rightFindings(people: People): Evaluation {
  const of = filterOf(people)
  return {
    codes: ['missing', 'unexplained', 'mover', 'still-held', 'privileged', 'outside-limit'],
    scope: of('f.person_id'),
    params: paramsOf(people),
    rows: `
      with differing as materialized (
        select d.person_id, d.entitlement_id, d.state from right_deviation d
        where d.state in ('missing', 'unexplained', 'still-held') and ${of('d.person_id')}
      ), lost as (
        -- The last time a rule gave it: lost by a change of the job, or by a change of the rules?
        select distinct on (s.person_id, s.entitlement_id) s.person_id, s.entitlement_id,
          r.cause is distinct from 'rules' and not coalesce(upper(g.valid) <= (upper(h.held) at time zone 'Europe/Copenhagen')::date, false) as moved
        from differing s join affiliation a on a.person_id = s.person_id
        join assignment_history h on h.affiliation_id = a.id and h.entitlement_id = s.entitlement_id
        join derivation dv on dv.id = h.derivation_id
        left join rights_rule g on g.key = dv.rule_key and g.version = dv.rule_version
        left join access_run r on r.id = h.run_id
        where s.state = 'unexplained'
        order by s.person_id, s.entitlement_id, upper(h.held) desc, h.affiliation_id
      ), given as (
        select s.person_id, s.entitlement_id, min(dv.rule_key) as rule_key
        from differing s join affiliation_current ac on ac.person_id = s.person_id
        join assignment a on a.affiliation_id = ac.affiliation_id and a.entitlement_id = s.entitlement_id
        join derivation dv on dv.id = a.derivation_id
        where s.state = 'missing' group by 1, 2
      ), resting as (
        -- Held although what gives it rests: the cause is the absence or the lock, and no change of job or rules.
        select s.person_id, s.entitlement_id, max(a.suspended) as why
        from differing s join affiliation_current ac on ac.person_id = s.person_id
        join assignment a on a.affiliation_id = ac.affiliation_id and a.entitlement_id = s.entitlement_id
        where s.state = 'still-held' and a.suspended is not null group by 1, 2
      )
      select case when s.state = 'unexplained' and l.moved then 'mover' else s.state end as code,
        s.person_id as subject_id, s.entitlement_id as object_id,
        case when s.state = 'missing' then 'give:' || s.entitlement_id || ':' || coalesce(g.rule_key, '')
          when r.why is not null then case r.why when 'lock' then 'locked:' else 'absence:' end || s.person_id
          when l.moved then 'moved:' || s.person_id
          when l.moved is not null then 'rule-gone:' || s.entitlement_id
          else 'place:' || s.entitlement_id || ':' || coalesce(main.unit_id::text, '') || ':' || coalesce(main.position_key, '')
        end as cause,
        case when s.state = 'missing' then 'medium'
          when r.why = 'lock' or e.privileged or e.sensitivity in ${SENSITIVE} then 'high'
          when l.moved or e.sensitivity = 'personal' then 'medium' else 'low' end as severity,
        s.person_id, e.system_id, p.unit_id, 'systemowner' as owner_role, '{}'::jsonb as detail
      from differing s join entitlement e on e.id = s.entitlement_id ${MAIN}
      left join lost l on l.person_id = s.person_id and l.entitlement_id = s.entitlement_id
      left join resting r on r.person_id = s.person_id and r.entitlement_id = s.entitlement_id
      left join given g on g.person_id = s.person_id and g.entitlement_id = s.entitlement_id
      union all
      select 'privileged', s.person_id, s.entitlement_id, 'privileged:' || s.entitlement_id, 'high', s.person_id, s.system_id,
        p.unit_id, 'systemowner', '{}'
      from (
        select distinct acc.person_id, e.id as entitlement_id, e.system_id
        from entitlement e join observed_right o on o.entitlement_id = e.id
        join account acc on acc.id = o.account_id and acc.gone_at is null and acc.kind = 'personal'
        where e.privileged and acc.person_id is not null and ${of('acc.person_id')}
          and exists (select from observed_right daily join entitlement business on business.id = daily.entitlement_id
            where daily.account_id = acc.id and not business.privileged)
      ) s ${MAIN}
      union all
      select 'outside-limit', s.person_id, s.entitlement_id, 'limit:' || s.entitlement_id,
        case when s.sensitivity in ${SENSITIVE} then 'high' else 'medium' end, s.person_id, s.system_id, p.unit_id,
        'systemowner', jsonb_build_object('limits', s.outside)
      from (
        select seen.person_id, seen.entitlement_id, e.system_id, e.sensitivity, array_agg(distinct seen.limited order by seen.limited) as outside
        from (
          select acc.person_id, o.entitlement_id, w.limited
          from observed_right o join account acc on acc.id = o.account_id and acc.gone_at is null
          cross join lateral unnest(o.limits) as w (limited)
          where o.limits <> '{}' and acc.person_id is not null and ${of('acc.person_id')}
        ) seen join entitlement e on e.id = seen.entitlement_id
        -- Given without any limit, nothing is outside it.
        where exists (select from affiliation_current ac join assignment a on a.affiliation_id = ac.affiliation_id
            where ac.person_id = seen.person_id and a.entitlement_id = seen.entitlement_id)
          and not exists (select from affiliation_current ac join assignment a on a.affiliation_id = ac.affiliation_id
            where ac.person_id = seen.person_id and a.entitlement_id = seen.entitlement_id and (a.constraints = '[]'
              or exists (select from jsonb_array_elements(a.constraints) c, jsonb_array_elements_text(c -> 'values') v
                left join org_unit_current u on u.key = v
                where lower(seen.limited) in (lower(v), lower(u.name)))))
        group by 1, 2, 3, 4
      ) s ${MAIN}`,
  }
}

/** Asked of shared accounts only, as `case` has it: PostgreSQL may ask for it first, of everybody. */
const SHARED_SENSITIVE = `case when a.kind = 'shared' then exists (select from observed_right so
  join entitlement se on se.id = so.entitlement_id where so.account_id = a.id and se.sensitivity in ${SENSITIVE}) else false end`

/** Accounts of `accounts` (SQL of ids), and those of whom a finding says it is about one of `people`. */
export function accountFindings(accounts: string, params: readonly unknown[]): Evaluation {
  return {
    codes: ['orphan', 'unlinked', 'leaver-active', 'dormant', 'shared'],
    scope: `f.subject_id in (${accounts})`,
    params,
    rows: `
      select k.code, a.id as subject_id, null::uuid as object_id, k.cause || ':' || a.source as cause, k.severity,
        a.person_id, null::uuid as system_id, p.unit_id, 'it' as owner_role, k.detail
      from account a left join person_current p on p.person_id = a.person_id
      cross join lateral (
        select 'orphan' as code, case when a.reason is null then 'nobody' else 'nobody-' || a.reason end as cause, 'medium' as severity, '{}'::jsonb as detail
        where a.situation = 'unmatched' and a.kind = 'personal' and a.enabled and not a.by_intent and not a.out_of_scope
        union all
        select 'unlinked', a.situation, case when a.situation = 'disputed' then 'medium' else 'low' end,
          jsonb_build_object('situation', a.situation)
        where a.situation in ('unlinked', 'disputed') and a.enabled and not a.by_intent and not a.out_of_scope
        union all
        select 'leaver-active', 'left', 'high', '{}'
        where a.enabled and a.kind = 'personal' and p.status = 'ended'
        union all
        -- Unknown is not unused. Of people's own accounts only when that has been discussed.
        select 'dormant', 'unused-' || a.kind, case when a.kind = 'admin' then 'high'
          when a.last_sign_in < now() - interval '${UNUSED_LONG} days' then 'medium' else 'low' end, '{}'
        where a.enabled and a.last_sign_in < now() - interval '${UNUSED} days' and (a.kind <> 'personal' or ${NOTICE_SQL})
        union all
        -- F14: whoever uses it, the log says the same name. Worse than that nobody answers for it.
        select 'shared', 'sensitive', 'high', '{}'
        where a.kind = 'shared' and a.enabled and ${SHARED_SENSITIVE}
        union all
        select 'shared', 'no-owner', 'medium', '{}'
        where a.kind = 'shared' and a.enabled and a.owner_person_id is null and a.owner_unit_id is null and not ${SHARED_SENSITIVE}
      ) k
      where a.gone_at is null and a.situation <> 'gone' and a.id in (${accounts})
      union all
      -- One right of an account that is otherwise in use, where its system says when each was used.
      select 'dormant', a.id, o.entitlement_id, 'unused-right:' || o.entitlement_id,
        case when e.privileged or e.sensitivity in ${SENSITIVE} or o.last_used < (now() at time zone 'Europe/Copenhagen')::date - ${UNUSED_LONG}
          then 'medium' else 'low' end, a.person_id, e.system_id, p.unit_id, 'systemowner', '{}'
      from account a join observed_right o on o.account_id = a.id join entitlement e on e.id = o.entitlement_id
      left join person_current p on p.person_id = a.person_id
      where a.gone_at is null and a.situation <> 'gone' and a.enabled and a.id in (${accounts})
        and o.last_used < (now() at time zone 'Europe/Copenhagen')::date - ${UNUSED} and (a.last_sign_in is null or a.last_sign_in >= now() - interval '${UNUSED} days')
        and (a.kind <> 'personal' or ${NOTICE_SQL})`,
  }
}

/** Accounts that people's state may say something else of now: theirs, and those that a finding says are theirs. */
export const accountsOf = (people: People): string =>
  people === 'all'
    ? `select id from account union select subject_id from finding where closed_at is null
       and code in ('orphan', 'unlinked', 'leaver-active', 'dormant', 'shared')`
    : `select id from account where ${filterOf(people)('person_id')}
       union select subject_id from finding where closed_at is null and ${filterOf(people)('person_id')}`

/** Licences with a cap, counted as was said of each. Few have a cap, so all of them are counted. */
export const licenceFindings: Evaluation = {
  codes: ['licence-over'],
  scope: 'true',
  params: [],
  rows: `
    select 'licence-over' as code, e.id as subject_id, null::uuid as object_id, 'cap:' || e.id as cause,
      'medium' as severity, null::uuid as person_id, e.system_id, null::uuid as unit_id, 'systemowner' as owner_role,
      jsonb_build_object('holders', used.n, 'cap', e.licence_cap, 'counts', e.licence_counts) as detail
    from entitlement e cross join lateral (select (${LICENCES_USED})::int as n) used
    where e.licence_cap is not null and e.gone_at is null and used.n > e.licence_cap`,
}

/** Exceptions that end within thirty days of `today` ($1): somebody has to decide again. */
export const endingFindings = (today: string): Evaluation => ({
  codes: ['exception-ending'],
  scope: 'true',
  params: [today],
  rows: `
    select 'exception-ending' as code, x.id as subject_id, x.entitlement_id as object_id,
      'ending:' || to_char(x.valid_to, 'YYYY-MM') as cause,
      'low' as severity, x.person_id, e.system_id, p.unit_id, 'systemowner' as owner_role,
      jsonb_build_object('until', x.valid_to) as detail
    from right_exception x join entitlement e on e.id = x.entitlement_id join person_current p on p.person_id = x.person_id
    where x.in_force and x.valid_to <= $1::date + 30`,
})
