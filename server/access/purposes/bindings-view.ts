import type { searchBindings } from '#contract/bindings.ts'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, sqlFor } from '../../policy/policy.ts'

type Answer = ResponseOf<typeof searchBindings>
type Row = Omit<Answer['rows'][number], 'allowed' | 'proposedAt' | 'approvedAt'> & {
  systemIds: string[]
  proposedAt: Date
  approvedAt: Date | null
}

/** Systems whose rights a binding `b` speaks of; one of a role or a rule speaks of none in particular. */
const SYSTEMS = `select e.system_id from entitlement e where e.id = b.entitlement_id
  union select b.system_id where b.system_id is not null
  union select e.system_id from group_entitlement ge join entitlement e on e.id = ge.entitlement_id where ge.group_id = b.group_id`

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
  const may = q.use(startAt =>
    sqlFor(
      actor,
      'read',
      'Binding',
      { systemId: { sql: `coalesce(b.system_id, (select y.system_id from (${SYSTEMS}) y limit 1))`, type: 'uuid' } },
      { startAt },
    ),
  )
  const filter = [
    'upper_inf(b.recorded)',
    `(upper_inf(b.valid) or upper(b.valid) > ${q.bind(day, 'date')})`,
    may,
    query.level ? `b.level = ${q.bind(query.level, 'text')}` : '',
    query.activity ? `b.activity_id = ${q.bind(query.activity, 'uuid')}` : '',
    query.system ? `${q.bind(query.system, 'uuid')} in (${SYSTEMS})` : '',
    query.state ? `b.approved_at is ${query.state === 'waits' ? '' : 'not '}null` : '',
  ]
    .filter(Boolean)
    .join(' and ')
  const [count] = await tx.query<{ total: number; waiting: number }>(
    `select count(*)::int as total, (count(*) filter (where b.approved_at is null))::int as waiting
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
       case when s.id is not null then json_build_object('id', s.id, 'key', s.key, 'name', s.name) end as system,
       json_build_object('id', y.id, 'ref', y.ref, 'name', v.content ->> 'name') as activity,
       json_build_object('key', b.purpose_key, 'name', coalesce(p.name, b.purpose_key)) as purpose,
       b.subjects, b.data, b.operations, b.scope, b.necessity, b.origin, b.proposal_source as "proposalSource", b.confidence,
       b.proposed_by as "proposedBy", b.proposed_at as "proposedAt", b.approved_by as "approvedBy", b.approved_at as "approvedAt",
       lower(b.valid) as "from", upper(b.valid) as "to",
       ((b.approved_at at time zone 'Europe/Copenhagen')::date + make_interval(months => b.review_months))::date as "reviewOn",
       array(${SYSTEMS}) as "systemIds"
     from page b join activity y on y.id = b.activity_id
     left join lateral (select f.version_id from activity_in_force f where f.activity_id = y.id and upper_inf(f.recorded)
       order by f.valid @> ${q.bind(day, 'date')} desc, lower(f.valid) desc limit 1) f on true
     left join activity_version v on v.id = f.version_id
     left join activity_purpose p on p.version_id = f.version_id and p.key = b.purpose_key
     left join entitlement e on e.id = b.entitlement_id left join directory_group g on g.id = b.group_id
     left join it_system s on s.id = coalesce(b.system_id, e.system_id)
     order by b.approved_at is not null, b.proposed_at desc, b.id`,
    q.params,
  )
  const judged = (action: 'change' | 'approve', ids: readonly string[]) =>
    ids.length === 0
      ? allows(actor, action, 'Binding', { systemId: null })
      : ids.every(systemId => allows(actor, action, 'Binding', { systemId }))
  return {
    rows: rows.map(({ systemIds, proposedAt, approvedAt, ...row }) => ({
      ...row,
      proposedAt: proposedAt.toISOString(),
      approvedAt: approvedAt?.toISOString() ?? null,
      allowed: {
        change: judged('change', systemIds),
        approve: approvedAt === null && row.proposedBy !== actor.userId && judged('approve', systemIds),
      },
    })),
    total: count?.total ?? 0,
    waiting: count?.waiting ?? 0,
  }
}
