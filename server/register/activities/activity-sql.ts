import type { Statement } from '../../platform/statement.ts'
import type { Actor } from '../../policy/actor.ts'
import type { ColumnMap } from '../../policy/condition-to-sql.ts'
import { sqlFor } from '../../policy/policy.ts'
import type { PolicyAction } from '../../policy/subjects.ts'

/**
 * Every record with the version that speaks for it on a day: what counts, else what is to come, else what counted last,
 * else what is open, else the last one that was drafted.
 */
export function activitiesSql(day: string): string {
  return `(
    select a.*, now.version_id as now_id, soon.version_id as soon_id, soon.starts as soon_from,
      open.id as open_id, open.number as open_number, open.state as open_state, open.proposed_at as open_proposed_at,
      coalesce(now.version_id, soon.version_id, past.version_id, open.id, latest.id) as speaks_id,
      case when now.version_id is not null then 'in-force' when soon.version_id is not null then 'coming'
        when past.version_id is not null then 'retired' else 'draft' end as standing
    from activity a
    left join activity_in_force now on now.activity_id = a.id and upper_inf(now.recorded) and now.valid @> ${day}
    left join lateral (
      select f.version_id, lower(f.valid) as starts from activity_in_force f
      where f.activity_id = a.id and upper_inf(f.recorded) and lower(f.valid) > ${day}
      order by lower(f.valid) limit 1) soon on true
    left join lateral (
      select f.version_id from activity_in_force f
      where f.activity_id = a.id and upper_inf(f.recorded) order by lower(f.valid) desc limit 1) past on true
    left join activity_version open on open.activity_id = a.id and open.state in ('draft', 'proposed')
    left join lateral (
      select v.id from activity_version v where v.activity_id = a.id order by v.number desc limit 1) latest on true)`
}

/** Beside those: the version itself and the employment of its owner, which may count as another since. */
export const SPEAKING = `join activity_version sv on sv.id = g.speaks_id
  left join affiliation oa on oa.id = sv.owner_id
  left join affiliation_current oc on oc.affiliation_id = coalesce(oa.merged_into, oa.id)`

/** Who answers for it today; somebody whose employment has ended does not. */
export const OWNER = `case when oc.status = 'active' then oc.person_id end`

const COLUMNS = {
  ownerPersonId: { sql: OWNER, type: 'uuid' },
  unitPath: {
    overlaps: list => `exists (select from activity_unit pu join org_unit_current pc on pc.unit_id = pu.unit_id
      where pu.version_id = g.speaks_id and pc.path && ${list})`,
    type: 'uuid[]',
  },
} satisfies ColumnMap

/** Over `g` (`activitiesSql`) and `SPEAKING`. */
export const mayActivity = (actor: Actor, q: Statement, action: PolicyAction): string =>
  q.use(startAt => sqlFor(actor, action, 'Activity', COLUMNS, { startAt }))

/** How long before the day an attestation is spoken of. */
export const ATTEST_NOTICE_DAYS = 30

/** What somebody should see to, as conditions over `g` and `SPEAKING`; `today` is SQL of a day. */
export const ATTENTION = {
  proposal: () => `g.open_state = 'proposed'`,
  attest: (today: string) => `g.standing = 'in-force' and g.attest_due < ${today} + ${ATTEST_NOTICE_DAYS}`,
  advice: () =>
    `exists (select from activity_comment ac where ac.activity_id = g.id and ac.kind = 'advice' and ac.answer is null)`,
  unchecked: () =>
    `g.standing = 'in-force' and exists (select from activity_purpose up cross join jsonb_array_elements(up.provisions) one
      where up.version_id = g.now_id and one ->> 'checkedOn' is null)`,
  'no-owner': () => `g.standing <> 'retired' and ${OWNER} is null`,
  unconfirmed: () => `g.standing <> 'retired' and g.confirmed_at is null`,
} as const

/** A person as the register names them: a protected name is not shown here to anybody. */
export const personRefSql = (p: string): string =>
  `case when ${p}.person_id is not null then json_build_object('id', ${p}.person_id,
    'name', case when ${p}.protected then null else ${p}.name end, 'protected', ${p}.protected) end`

/** The name of whoever did something, kept as the id of their user; null: the program itself. */
export const userName = (column: string): string =>
  `(select coalesce(case when not up.protected then up.name end, u.display_name, u.username)
    from tool_user u left join person_current up on up.person_id = u.person_id where u.id::text = ${column}::text)`
