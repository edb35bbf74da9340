import type { searchBindings } from '#contract/bindings.ts'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, can, sqlFor } from '../../policy/policy.ts'
import { DANISH } from '../visible.ts'

type Answer = ResponseOf<typeof searchBindings>
type Row = Omit<Answer['rows'][number], 'allowed' | 'proposedAt' | 'approvedAt'> & {
  proposedAt: Date
  approvedAt: Date | null
}

/** Systems whose rights a binding `b` speaks of; one of a role or a rule speaks of none in particular. */
export const SYSTEMS = `select e.system_id from entitlement e where e.id = b.entitlement_id
  union select b.system_id where b.system_id is not null
  union select e.system_id from group_entitlement ge join entitlement e on e.id = ge.entitlement_id where ge.group_id = b.group_id`

/** Over `purpose_binding b` that counts: the day on which whoever answers for it looks whether it is still true. */
export const REVIEW_ON = `((b.approved_at at time zone 'Europe/Copenhagen')::date + make_interval(months => b.review_months))::date`

/** Over `purpose_binding b`: whether the reader may do it with the binding. Of a group's systems one is enough to read. */
export const bindingMay = (actor: Actor, action: 'read' | 'approve', q: Statement): string =>
  `exists (select from (${SYSTEMS} union all select null::uuid where b.level in ('role', 'rule')) y where ${q.use(
    startAt => sqlFor(actor, action, 'Binding', { systemId: { sql: 'y.system_id', type: 'uuid' } }, { startAt }),
  )})`

/**
 * Bindings that stand, those that wait for a yes first, in two statements. Who said something is told as stored: an id of
 * a user, or `hjemmel` for what was proposed by the house.
 */
export async function bindingsView(
  tx: Tx,
  actor: Actor,
  query: BodyOf<typeof searchBindings>,
  day: string,
): Promise<Answer> {
  const q = statement()
  const may = bindingMay(actor, 'read', q)
  const today = q.bind(day, 'date')
  const due = `b.approved_at is not null and ${REVIEW_ON} <= ${today}`
  const filter = [
    'upper_inf(b.recorded)',
    `(upper_inf(b.valid) or upper(b.valid) > ${today})`,
    may,
    query.level ? `b.level = ${q.bind(query.level, 'text')}` : '',
    query.activity ? `b.activity_id = ${q.bind(query.activity, 'uuid')}` : '',
    query.system ? `${q.bind(query.system, 'uuid')} in (${SYSTEMS})` : '',
    query.state === 'review' ? due : query.state ? `b.approved_at is ${query.state === 'waits' ? '' : 'not '}null` : '',
    query.entitlement
      ? ofRight(q.bind(query.entitlement, 'uuid'), query.affiliation && q.bind(query.affiliation, 'uuid'))
      : '',
    query.role ? `b.role_key = ${q.bind(query.role, 'text')}` : '',
    query.rule ? `b.rule_key = ${q.bind(query.rule, 'text')}` : '',
  ]
    .filter(Boolean)
    .join(' and ')
  const [count] = await tx.query<{ total: number; waiting: number; due: number }>(
    `select count(*)::int as total, (count(*) filter (where b.approved_at is null))::int as waiting,
       (count(*) filter (where ${due}))::int as due
     from purpose_binding b where ${filter}`,
    q.params,
  )
  const page = `offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`
  const rows = await tx.query<Row>(
    `with page as (select b.* from purpose_binding b where ${filter} order by b.approved_at is not null, b.proposed_at desc, b.id ${page})
     select b.id, jsonb_strip_nulls(jsonb_build_object('level', b.level, 'systemId', b.system_id, 'entitlementId', b.entitlement_id,
         'groupId', b.group_id, 'roleKey', b.role_key, 'ruleKey', b.rule_key, 'affiliationId', b.affiliation_id)) as object,
       coalesce(e.name, s.name, g.name, (select r.name from rights_role r where r.key = b.role_key and upper_inf(r.recorded)),
         (select r.name from rights_rule r where r.key = b.rule_key and upper_inf(r.recorded)), b.role_key, b.rule_key) as label,
       (select concat_ws(', ', ac.title, u.name) from affiliation_current ac left join org_unit_current u on u.unit_id = ac.unit_id
        where ac.affiliation_id = b.affiliation_id) as detail,
       case when s.id is not null then json_build_object('id', s.id, 'key', s.key, 'name', s.name) end as system,
       json_build_object('id', y.id, 'ref', y.ref, 'name', v.content ->> 'name') as activity,
       json_build_object('key', b.purpose_key, 'name', coalesce(p.name, b.purpose_key)) as purpose,
       b.subjects, b.data, b.operations, b.scope, b.necessity, b.origin, b.proposal_source as "proposalSource", b.confidence,
       b.proposed_by as "proposedBy", b.proposed_at as "proposedAt", b.approved_by as "approvedBy", b.approved_at as "approvedAt",
       lower(b.valid) as "from", upper(b.valid) as "to",
       b.review_months as "reviewMonths", ${REVIEW_ON} as "reviewOn", coalesce(${due}, false) as "reviewDue",
       coalesce((select json_agg(json_build_object('id', z.id, 'key', z.key, 'name', z.name) order by z.name ${DANISH}, z.id)
         from it_system z where z.id in (${SYSTEMS})), '[]') as systems,
       (select json_build_object('id', o.id, 'activity', json_build_object('id', oy.id, 'ref', oy.ref, 'name', ov.content ->> 'name'))
        from purpose_binding o join activity oy on oy.id = o.activity_id
        join lateral (select oi.version_id from activity_in_force oi where oi.activity_id = oy.id and upper_inf(oi.recorded)
          order by oi.valid @> ${today} desc, lower(oi.valid) desc limit 1) oi on true
        join activity_version ov on ov.id = oi.version_id where o.id = b.replaces_id and upper_inf(o.recorded)) as replaces
     from page b join activity y on y.id = b.activity_id
     left join lateral (select f.version_id from activity_in_force f where f.activity_id = y.id and upper_inf(f.recorded)
       order by f.valid @> ${today} desc, lower(f.valid) desc limit 1) f on true
     left join activity_version v on v.id = f.version_id
     left join activity_purpose p on p.version_id = f.version_id and p.key = b.purpose_key
     left join entitlement e on e.id = b.entitlement_id left join directory_group g on g.id = b.group_id
     left join it_system s on s.id = coalesce(b.system_id, e.system_id)
     order by b.approved_at is not null, b.proposed_at desc, b.id`,
    q.params,
  )
  const one = (action: 'change' | 'approve') => (systemId: string | null) =>
    allows(actor, action, 'Binding', { systemId })
  const mayChange = (ids: readonly string[]) => (ids.length === 0 ? one('change')(null) : ids.some(one('change')))
  const mayApprove = (ids: readonly string[]) => (ids.length === 0 ? one('approve')(null) : ids.every(one('approve')))
  return {
    rows: rows.map(({ proposedAt, approvedAt, ...row }) => ({
      ...row,
      proposedAt: proposedAt.toISOString(),
      approvedAt: approvedAt?.toISOString() ?? null,
      allowed: {
        change: mayChange(row.systems.map(idOf)),
        approve: approvedAt === null && row.proposedBy !== actor.userId && mayApprove(row.systems.map(idOf)),
        confirm:
          approvedAt !== null &&
          mayApprove(row.systems.map(idOf)) &&
          (row.systems.length > 0 || row.proposedBy !== actor.userId),
      },
    })),
    total: count?.total ?? 0,
    waiting: count?.waiting ?? 0,
    due: count?.due ?? 0,
    allowed: { make: can(actor, 'binding.change') },
  }
}

const idOf = (system: { id: string }) => system.id

/** What speaks of one right; with a job, also what is said of this very holding of it. */
const ofRight = (entitlement: string, affiliation: string | undefined): string => `(
  (b.level = 'entitlement' and b.entitlement_id = ${entitlement})
  or (b.level = 'system' and b.system_id = (select system_id from entitlement where id = ${entitlement}))
  or b.group_id in (select group_id from group_entitlement where entitlement_id = ${entitlement})
  ${affiliation ? `or (b.affiliation_id = ${affiliation} and b.entitlement_id = ${entitlement})` : ''})`

/** For a reader who sees all: what waits for a yes, what is to be looked at again and since when. SQL of a number each. */
export const reviewClockSql = (today: string): string => {
  const stands = `from purpose_binding b where upper_inf(b.recorded) and (upper_inf(b.valid) or upper(b.valid) > ${today})`
  return `(select count(*)::int ${stands} and b.approved_at is null) as bindings_waiting,
    (select count(*)::int ${stands} and ${REVIEW_ON} <= ${today}) as bindings_review,
    (select count(*)::int ${stands} and ${REVIEW_ON} < ${today}) as bindings_review_late,
    (select min(${REVIEW_ON}) ${stands} and ${REVIEW_ON} <= ${today}) as bindings_review_due`
}

/** For a home: bindings that wait for the reader's yes, and those to look at again, as the list behind them counts. */
export function countBindingsSql(actor: Actor, q: Statement, day: string): string {
  const today = q.bind(day, 'date')
  const stands = `upper_inf(b.recorded) and (upper_inf(b.valid) or upper(b.valid) > ${today}) and ${bindingMay(actor, 'read', q)}`
  return `(select count(*) from purpose_binding b where b.approved_at is null and ${stands}) as bindings_waiting,
    (select count(*) from purpose_binding b where ${REVIEW_ON} <= ${today} and ${stands}) as bindings_due`
}
