import { type Evaluator, evaluate } from '../../findings/evaluator.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

/*
 * What a municipality should be able to show beside the register and cannot (gdpr.md 9.3: F15, F17-F19, F24). Only of kinds
 * that are kept here: where they are kept elsewhere nothing is found, and screens say so.
 */

const KEPT = (kind: string) => `exists (select from record_keeping k where k.kind = '${kind}' and k.kept)`

/** Records of a kind that have begun and not ended; `late`: due again before the day. */
const STANDING = (kind: string, day: string) => `standing as materialized (
  select r.system_id, r.activity_id, r.on_day, r.reference, coalesce(r.next_due < ${day}, false) as late from dated_record r
  where r.kind = '${kind}' and upper_inf(r.recorded) and r.on_day <= ${day} and (r.ended_on is null or r.ended_on > ${day}))`

/** Records of processing in force, with the unit under which a finding is listed. */
const IN_FORCE = (day: string) => `force as materialized (
  select f.activity_id, f.version_id, (select u.unit_id from activity_unit u where u.version_id = f.version_id order by u.unit_id limit 1) as unit_id
  from activity_in_force f join activity g on g.id = f.activity_id and g.kind = 'controller'
  where upper_inf(f.recorded) and f.valid @> ${day})`

/**
 * Systems with special categories or data about offences (rung 3 of the ladder and above): a right says so, the sheet does,
 * or a record in force that names the system states such data.
 */
const PROTECTED = (day: string) => `protected as materialized (
  select s.id, s.unit_id, s.sheet, s.supplier, s.hosting from it_system s
  where s.gone_at is null and s.key <> 'hjemmel' and coalesce(s.status, '') not in ('planned', 'closed') and (
    s.sheet -> 'sensitivityLevels' ?| array['sensitive', 'criminal']
    or exists (select from entitlement e where e.system_id = s.id and e.gone_at is null and e.sensitivity in ('special', 'criminal'))
    or exists (select from activity_system y join activity_in_force f on f.version_id = y.version_id
      and upper_inf(f.recorded) and f.valid @> ${day} join activity_row r on r.version_id = f.version_id
      join vocabulary_term t on t.kind = 'data' and t.code = r.data and t.class in ('special', 'criminal') where y.system_id = s.id)))`

const ofSystem = (
  code: string,
  cause: string,
  detail: string,
) => `select '${code}' as code, s.id as subject_id, null::uuid as object_id,
  ${cause} || ':' || s.id as cause, 'high' as severity, null::uuid as person_id, s.id as system_id, s.unit_id,
  'systemowner' as owner_role, ${detail} as detail, null::uuid as activity_id`
const ofActivity = (code: string, cause: string, severity: string, detail: string) => `select '${code}' as code,
  f.activity_id as subject_id, null::uuid as object_id, ${cause} || ':' || f.activity_id as cause, '${severity}' as severity,
  null::uuid as person_id, null::uuid as system_id, f.unit_id, 'activityowner' as owner_role, ${detail} as detail, f.activity_id`
const UNTIL = (of: string) => `jsonb_strip_nulls(jsonb_build_object('until', ${of}))`

/** F15. Nobody could see who has looked, or nobody ever does look: log only on suspicion is what Kerteminde was blamed for. */
const logUnchecked: Evaluator = {
  codes: ['log-unchecked'],
  by: 'register',
  rows: ({ day }) => `
    with ${PROTECTED(day)}, ${STANDING('log-sample', day)}
    ${ofSystem(
      'log-unchecked',
      `case when x.unlogged then 'no-read-log' when x.taken then 'sample-late' else 'never-sampled' end`,
      `'{}'::jsonb`,
    )}
    from protected s cross join lateral (
      select coalesce(s.sheet ->> 'logKept', '') not in ('lookups', 'changes-and-lookups') as unlogged,
        exists (select from standing t where t.system_id = s.id) as taken,
        exists (select from standing t where t.system_id = s.id and not t.late) as fresh) x
    where ${KEPT('log-sample')} and (x.unlogged or not x.fresh)`,
}

/**
 * F17. Somebody else runs a system with such data, and there is no agreement with them (Art. 28(3)), or it should have been
 * looked at by now. What the sheet's contracts say of agreements counts; one that says it needs none is believed.
 */
const noAgreement: Evaluator = {
  codes: ['no-agreement'],
  by: 'register',
  rows: ({ day }) => `
    with ${PROTECTED(day)}, ${STANDING('processor-agreement', day)}, said as materialized (
      select s.id, bool_or(c ->> 'agreement' = 'yes' and coalesce((c ->> 'to')::date > ${day}, true)) as yes,
        bool_and(c ->> 'agreement' = 'irrelevant') as needless
      from protected s cross join lateral jsonb_array_elements(coalesce(s.sheet -> 'contracts', '[]')) c group by s.id
    )
    ${ofSystem('no-agreement', `case when x.some then 'agreement-late' else 'no-agreement' end`, UNTIL('x.due'))}
    from protected s left join said on said.id = s.id
    cross join lateral (
      select count(t.on_day) > 0 as some, coalesce(bool_or(not t.late), false) as fresh,
        (select max(r.next_due) from dated_record r where r.kind = 'processor-agreement' and upper_inf(r.recorded)
          and r.system_id = s.id and r.ended_on is null) as due
      from standing t where t.system_id = s.id or t.activity_id in (
        select f.activity_id from activity_in_force f join activity_system y on y.version_id = f.version_id and y.system_id = s.id
        where upper_inf(f.recorded) and f.valid @> ${day})) x
    where ${KEPT('processor-agreement')} and not x.fresh and (x.some or not coalesce(said.yes, false)) and not coalesce(said.needless, false)
      and (coalesce(s.supplier, '') <> '' or s.hosting in ('hosted', 'saas', 'hybrid'))`,
}

/** Years after which an assessment is looked at again where nothing else is said (gdpr.md 5.3). */
const DPIA_YEARS = 3

/**
 * F18. Sensitive data about vulnerable people: two of the nine criteria of WP248, so that an assessment is due (Art. 35). One
 * of the activity counts, or of every system that it names; a sheet that says that it has been made counts for its system.
 */
const noDpia: Evaluator = {
  codes: ['no-dpia'],
  by: 'register',
  rows: ({ day }) => `
    with ${IN_FORCE(day)}, ${STANDING('dpia', day)}, made as materialized (
      select t.activity_id, t.system_id, t.on_day, t.late or t.on_day < ${day} - interval '${DPIA_YEARS} years' as late from standing t
      union all
      select null, s.id, (s.sheet ->> 'dpiaOn')::date, coalesce((s.sheet ->> 'dpiaOn')::date < ${day} - interval '${DPIA_YEARS} years', false)
      from it_system s where s.gone_at is null and s.sheet ->> 'dpiaDone' = 'yes'
    ), systems as materialized (
      select f.activity_id, bool_and(exists (select from made m where m.system_id = y.system_id)) as all_made,
        bool_and(exists (select from made m where m.system_id = y.system_id and not m.late)) as all_fresh
      from force f join activity_system y on y.version_id = f.version_id group by 1
    )
    ${ofActivity('no-dpia', `case when x.made then 'dpia-late' else 'no-dpia' end`, 'high', `'{}'::jsonb`)}
    from force f left join systems y on y.activity_id = f.activity_id
    cross join lateral (
      select exists (select from made m where m.activity_id = f.activity_id) or coalesce(y.all_made, false) as made,
        exists (select from made m where m.activity_id = f.activity_id and not m.late) or coalesce(y.all_fresh, false) as fresh) x
    where ${KEPT('dpia')} and not x.fresh
      and exists (select from activity_row r join vocabulary_term t on t.kind = 'data' and t.code = r.data
        where r.version_id = f.version_id and t.class in ('special', 'criminal'))
      and exists (select from activity_row r join vocabulary_term t on t.kind = 'subject' and t.code = r.subject
        where r.version_id = f.version_id and (t.class = 'children' or exists (
          select from unnest(t.dpv) as d where d ~ '(Vulnerable|Elderly|Patient|AsylumSeeker|Child)')))`,
}

/**
 * F19. Data leave the EU and EEA and the record names no ground; or a decision of adequacy that has run out; or another ground
 * of which nothing is there to show: neither a document at the transfer nor a dated record that is not overdue.
 */
const noTransferGround: Evaluator = {
  codes: ['no-transfer-ground'],
  by: 'register',
  rows: ({ day }) => `
    with ${IN_FORCE(day)}, ${STANDING('transfer-ground', day)}, going as materialized (
      select f.activity_id, f.unit_id, x ->> 'recipient' as recipient, x ->> 'ground' as ground, x ->> 'document' as document,
        upper(x ->> 'country') as country
      from force f join activity_version v on v.id = f.version_id
      cross join lateral jsonb_array_elements(coalesce(v.content -> 'transfers', '[]')) x
      where coalesce(x ->> 'ground', '') <> 'NONE' and coalesce((x ->> 'from')::date <= ${day}, true) and coalesce((x ->> 'to')::date > ${day}, true)
    ), wrong as (
      select g.activity_id, (array_agg(g.unit_id))[1] as unit_id, array_agg(distinct g.recipient order by g.recipient) as names,
        bool_or(g.ground is null) as bare
      from going g where g.ground is null
        or g.ground in ('45', '45-DPF') and not exists (select from vocabulary_term t where t.kind = 'adequacy' and upper(t.code) = g.country
          and t.retired_at is null and coalesce(t.expires_on > ${day}, true))
        or g.ground not in ('45', '45-DPF') and g.document is null and not exists (
          select from standing s where not s.late and (s.activity_id = g.activity_id or s.system_id in (
            select y.system_id from force f join activity_system y on y.version_id = f.version_id where f.activity_id = g.activity_id)))
      group by 1
    )
    ${ofActivity('no-transfer-ground', `case when f.bare then 'no-ground' else 'ground-unproven' end`, 'high', `jsonb_build_object('names', f.names)`)}
    from wrong f where ${KEPT('transfer-ground')}`,
}

/** F24. Rests on consent (Art. 6(1)(a) or 9(2)(a)), and nobody checks that it was given and can be withdrawn (Art. 7). */
const consentUnchecked: Evaluator = {
  codes: ['consent-unchecked'],
  by: 'register',
  rows: ({ day }) => `
    with ${IN_FORCE(day)}, ${STANDING('consent-control', day)}
    ${ofActivity('consent-unchecked', `case when x.some then 'control-late' else 'consent-unchecked' end`, 'medium', `jsonb_build_object('names', p.names)`)}
    from force f join lateral (
      select array_agg(p.name order by p.place) as names from activity_purpose p
      where p.version_id = f.version_id and (p.art6 = '6.1.a' or '9.2.a' = any(p.art9))) p on p.names is not null
    cross join lateral (
      select count(*) > 0 as some, coalesce(bool_or(not t.late), false) as fresh from standing t where t.activity_id = f.activity_id) x
    where ${KEPT('consent-control')} and not x.fresh`,
}

/** Small, and always evaluated whole. */
export const datedFindings: readonly Evaluator[] = [
  logUnchecked,
  noAgreement,
  noDpia,
  noTransferGround,
  consentUnchecked,
]

/** After a dated record or what is kept here has changed: these kinds and no others follow from it. */
export const syncDated = (tx: Tx, day: string): Promise<void> => evaluate(tx, datedFindings, day)
