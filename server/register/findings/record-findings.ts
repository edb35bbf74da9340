import type { Evaluator } from '../../findings/evaluator.ts'

/*
 * What a record in force lacks, asked of the record alone (gdpr.md 9.3). A colleague remarks on it while it is written
 * (`checkContent`); in force it is a finding that somebody owns.
 */

/** Controllers' records in force, with the unit that a finding is listed under: the first that is responsible. */
const IN_FORCE = (day: string, among: (column: string) => string) => `force as materialized (
  select f.activity_id, f.version_id, (select u.unit_id from activity_unit u where u.version_id = f.version_id order by u.unit_id limit 1) as unit_id
  from activity_in_force f join activity g on g.id = f.activity_id and g.kind = 'controller'
  where upper_inf(f.recorded) and f.valid @> ${day} and ${among('f.activity_id')})`

const FINDING = (
  code: string,
  cause: string,
  detail: string,
) => `select '${code}' as code, f.activity_id as subject_id, null::uuid as object_id,
  '${cause}:' || f.activity_id as cause, 'high' as severity, null::uuid as person_id, null::uuid as system_id, f.unit_id,
  'activityowner' as owner_role, ${detail} as detail, f.activity_id`

/**
 * F03. A purpose without basis in Art. 6; or one on 6(1)(c) or (e) that names no law: those rest on a law of their own
 * (Art. 6(3)). A record without any purpose has no basis either.
 */
const noLegalBasis: Evaluator = {
  codes: ['no-legal-basis'],
  by: 'activity',
  rows: ({ day, among }) => `
    with ${IN_FORCE(day, among)}, lacks as (
      select f.activity_id, array_agg(p.name order by p.place) filter (where p.key is not null) as names
      from force f left join activity_purpose p on p.version_id = f.version_id
      where p.key is null or p.art6 is null or (p.art6 in ('6.1.c', '6.1.e') and jsonb_array_length(p.provisions) = 0)
      group by 1
    )
    ${FINDING('no-legal-basis', 'no-legal-basis', `jsonb_strip_nulls(jsonb_build_object('names', l.names))`)}
    from force f join lacks l on l.activity_id = f.activity_id`,
}

/**
 * F04, of the record: it uses special categories and no purpose has a condition of Art. 9(2), or data about offences (Art. 10)
 * and none names databeskyttelsesloven § 8. What is missing is named by category; CPR (§ 11) is neither.
 */
const noCondition: Evaluator = {
  codes: ['no-condition'],
  by: 'activity',
  scope: 'f.object_id is null',
  rows: ({ day, among }) => `
    with ${IN_FORCE(day, among)}, lacks as (
      select f.activity_id, string_agg(distinct t.class, ',' order by t.class) as why,
        jsonb_agg(distinct jsonb_build_object('code', t.code, 'da', t.da, 'en', t.en)) as terms
      from force f join activity_row r on r.version_id = f.version_id
      join vocabulary_term t on t.kind = 'data' and t.code = r.data
      where (t.class = 'special' and not exists (select from activity_purpose p where p.version_id = f.version_id and p.art9 <> '{}'))
        or (t.class = 'criminal' and not exists (select from activity_purpose p, unnest(p.national) as n
          where p.version_id = f.version_id and n like 'DBL8.%'))
      group by 1
    )
    ${FINDING('no-condition', 'no-condition', `jsonb_build_object('why', l.why, 'terms', l.terms)`)}
    from force f join lacks l on l.activity_id = f.activity_id`,
}

export const recordFindings: readonly Evaluator[] = [noLegalBasis, noCondition]
