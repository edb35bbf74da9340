import type { Tx } from '../../platform/unit-of-work.ts'
import type { Binding, Way } from '../../register/bindings/binding.ts'
import { effectivePurpose } from '../../register/bindings/effective-purpose.ts'
import type { Moment } from '../past-rights.ts'

/** What a right was for, and on which basis, as the record in force said it. */
export type PurposeThen = Binding & {
  activity: string
  purpose: string
  art6: string | null
  art9: string[]
  national: string[]
  provisions: { law: string; section: string | null }[]
}
export type WayThen = Way & { constraints: { on: string; values: string[] }[] | null }

/**
 * Answers what a right was for at a moment: all that was said and agreed to is read once (it is as large as the register, not
 * as the rights are), and each right looks at what speaks of it only. `only`: of these rights, so what is said of others
 * is not read. One statement.
 */
export async function purposesThen(
  tx: Tx,
  { valid, known }: Moment,
  only?: readonly { systemId: string; entitlementId: string }[],
): Promise<(right: { systemId: string; entitlementId: string }, ways: readonly WayThen[]) => PurposeThen[]> {
  const bindings = await tx.query<PurposeThen>(
    `select b.id, jsonb_strip_nulls(jsonb_build_object('level', b.level, 'systemId', b.system_id, 'entitlementId', b.entitlement_id,
         'groupId', b.group_id, 'roleKey', b.role_key, 'ruleKey', b.rule_key, 'affiliationId', b.affiliation_id)) as object,
       b.activity_id as "activityId", b.purpose_key as "purposeKey", b.scope, lower(b.valid)::text as "from", upper(b.valid)::text as "to",
       a.ref || ' ' || (v.content ->> 'name') as activity, p.name as purpose, p.art6, p.art9, p.national, p.provisions
     from purpose_binding b join activity a on a.id = b.activity_id
     join activity_in_force f on f.activity_id = a.id and f.valid @> $1::date and f.recorded @> $2::timestamptz
     join activity_version v on v.id = f.version_id
     join activity_purpose p on p.version_id = f.version_id and p.key = b.purpose_key
     where b.valid @> $1::date and b.recorded @> $2::timestamptz and b.approved_at <= $2::timestamptz
       ${only ? 'and coalesce(b.system_id = any($3::uuid[]), true) and coalesce(b.entitlement_id = any($4::uuid[]), true)' : ''}
     order by a.ref, b.purpose_key, b.id`,
    [valid, known, ...(only ? [only.map(one => one.systemId), only.map(one => one.entitlementId)] : [])],
  )
  const about = Map.groupBy(bindings, keyOf)
  return (right, ways) => {
    const found = new Map<string, PurposeThen>()
    for (const way of ways.length > 0 ? ways : [SEEN_ONLY]) {
      const candidates = keysOf(right, way).flatMap(key => about.get(key) ?? [])
      const limits = Object.fromEntries((way.constraints ?? []).map(one => [one.on, one.values]))
      for (const { binding } of effectivePurpose({ ...right, ways: [way], limits }, candidates, valid))
        found.set(`${binding.activityId} ${binding.purposeKey}`, binding)
    }
    return [...found.values()].sort((a, b) => (a.activity < b.activity ? -1 : 1))
  }
}

/** By which group something was seen is not known of another day: what is said of the right or its system counts. */
const SEEN_ONLY: WayThen = { affiliationId: null, ruleKey: null, rolePath: [], groupIds: [], constraints: null }

const keyOf = ({ object }: Binding): string =>
  object.level === 'system'
    ? `system ${object.systemId}`
    : object.level === 'group'
      ? `group ${object.groupId}`
      : object.level === 'role'
        ? `role ${object.roleKey}`
        : object.level === 'rule'
          ? `rule ${object.ruleKey}`
          : object.level === 'entitlement'
            ? `entitlement ${object.entitlementId}`
            : `assignment ${object.affiliationId} ${object.entitlementId}`

const keysOf = (right: { systemId: string; entitlementId: string }, way: Way): string[] => [
  `assignment ${way.affiliationId} ${right.entitlementId}`,
  `rule ${way.ruleKey}`,
  ...way.rolePath.map(key => `role ${key}`),
  ...way.groupIds.map(id => `group ${id}`),
  `entitlement ${right.entitlementId}`,
  `system ${right.systemId}`,
]
