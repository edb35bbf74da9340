import type { Evaluator } from '../../findings/evaluator.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { emptyWords } from '../../register/bindings/empty-words.ts'
import { peopleOfActivities, peopleOfActivity } from '../reach/reach-views.ts'

/*
 * What bindings and records say of themselves, held against what is so: words that say nothing, data that a record no longer
 * states, and how many people a record believes to have access (gdpr.md 9.3, F20-F22).
 */

/** Over `purpose_binding b`: approved and not over on the day, of an activity in force. */
const STANDS = (day: string) => `upper_inf(b.recorded) and b.approved_at is not null and b.valid @> ${day}`
const SYSTEM = `coalesce(b.system_id, e.system_id, (select x.system_id from group_entitlement ge join entitlement x on x.id = ge.entitlement_id
  where ge.group_id = b.group_id order by x.system_id limit 1))`

/** F20. Who looks at what is said of rights, looks for these first. */
const words: Evaluator = {
  codes: ['empty-words'],
  by: 'register',
  given: async (tx, day) => {
    const bindings = await tx.query<{ id: string; necessity: string; about: string[] }>(
      `select b.id, b.necessity, array_remove(array[e.name, s.name, g.name, p.name, v.content ->> 'name', b.role_key, b.rule_key], null) as about
       from purpose_binding b left join entitlement e on e.id = b.entitlement_id left join it_system s on s.id = coalesce(b.system_id, e.system_id)
       left join directory_group g on g.id = b.group_id
       left join activity_in_force f on f.activity_id = b.activity_id and upper_inf(f.recorded) and f.valid @> $1::date
       left join activity_version v on v.id = f.version_id left join activity_purpose p on p.version_id = f.version_id and p.key = b.purpose_key
       where ${STANDS('$1::date')}`,
      [day],
    )
    return emptyWords(bindings)
  },
  rows: ({ given }) => `
    select 'empty-words' as code, b.id as subject_id, null::uuid as object_id,
      case w.why when 'copied' then 'copied-words:' || md5(w.key) else 'empty-words' end as cause, 'low' as severity,
      null::uuid as person_id, ${SYSTEM} as system_id, null::uuid as unit_id, 'systemowner' as owner_role,
      jsonb_build_object('why', w.why, 'words', b.necessity) || case w.why when 'copied' then jsonb_build_object('copies', w.count) else '{}' end as detail,
      b.activity_id
    from jsonb_to_recordset(${given}) as w(id uuid, why text, key text, count int)
    join purpose_binding b on b.id = w.id left join entitlement e on e.id = b.entitlement_id`,
}

/** F21, of a binding: it names data that the record in force does not state (any more). The record is wrong, or the right is. */
const unstated: Evaluator = {
  codes: ['data-not-stated'],
  by: 'register',
  scope: 'f.object_id is not null',
  rows: ({ day }) => `
    select 'data-not-stated' as code, f.activity_id as subject_id, b.id as object_id, 'not-in-record:' || f.activity_id as cause,
      'medium' as severity, null::uuid as person_id, ${SYSTEM} as system_id, null::uuid as unit_id, 'activityowner' as owner_role,
      jsonb_build_object('terms', x.terms) as detail, f.activity_id
    from purpose_binding b left join entitlement e on e.id = b.entitlement_id
    join activity_in_force f on f.activity_id = b.activity_id and upper_inf(f.recorded) and f.valid @> ${day}
    cross join lateral (
      select jsonb_agg(jsonb_build_object('code', d.code, 'da', coalesce(t.da, d.code), 'en', coalesce(t.en, d.code)) order by d.code) as terms
      from (select distinct unnest(b.data) as code) d left join vocabulary_term t on t.kind = 'data' and t.code = d.code
      where not exists (select from activity_row r where r.version_id = f.version_id and r.data = d.code)
    ) x
    where ${STANDS(day)} and x.terms is not null`,
}

/** How many a record says have access, as the forms of OS2compliance ask for it: from, and to (null: no end). */
export const ACCESS_BANDS = {
  '1-10': [1, 10],
  '10-100': [10, 100],
  '100-1000': [100, 1000],
  'over-1000': [1000, null],
} as const

/** F22. What people can do is measured and what the record says is declared: here they correct each other. */
const reachDiffers: Evaluator = {
  codes: ['reach-differs'],
  by: 'activity',
  given: async (tx, day, of) => {
    const stated = await tx.query<{ id: string; stated: keyof typeof ACCESS_BANDS }>(
      `select f.activity_id as id, v.content ->> 'peopleWithAccess' as stated from activity_in_force f join activity_version v on v.id = f.version_id
       where upper_inf(f.recorded) and f.valid @> $1::date and v.content ->> 'peopleWithAccess' = any($2)`,
      [day, Object.keys(ACCESS_BANDS)],
    )
    const looked = new Set(of)
    return differing(tx, day, of === 'all' ? stated : stated.filter(one => looked.has(one.id)))
  },
  rows: ({ given, among }) => `
    select 'reach-differs' as code, w.id as subject_id, null::uuid as object_id, 'reach-differs:' || w.id as cause, 'medium' as severity,
      null::uuid as person_id, null::uuid as system_id, null::uuid as unit_id, 'activityowner' as owner_role,
      jsonb_build_object('stated', w.stated, 'holders', w.people) as detail, w.id as activity_id
    from jsonb_to_recordset(${given}) as w(id uuid, stated text, people int) where ${among('w.id')}`,
}

/** From so many records on, all are counted at once: each alone is a part of it. */
const SOME = 4

/** Counting people is what costs: it is done only where a record says a number. */
async function differing(tx: Tx, day: string, stated: readonly { id: string; stated: keyof typeof ACCESS_BANDS }[]) {
  if (stated.length === 0) return []
  const counted = new Map<string, { people: number }>()
  if (stated.length <= SOME) for (const { id } of stated) counted.set(id, await peopleOfActivity(tx, id, day))
  else for (const [id, count] of await peopleOfActivities(tx, day)) counted.set(id, count)
  return stated.flatMap(one => {
    const [from, to] = ACCESS_BANDS[one.stated]
    const people = counted.get(one.id)?.people ?? 0
    return people < from || (to !== null && people > to) ? [{ ...one, people }] : []
  })
}

export const saidFindings: readonly Evaluator[] = [words, unstated, reachDiffers]
