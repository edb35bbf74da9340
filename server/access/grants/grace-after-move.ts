import { addDays } from '../../platform/civil-date.ts'
import { newId } from '../../platform/ids.ts'
import { amongSql, askFor } from '../../platform/planned.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { ResolvedConstraint } from '../../rules/constraint.ts'
import type { RuleIndex } from '../../rules/rule-index.ts'
import { type RightClass, rightClassSql } from '../../systems/right-class.ts'
import type { GivenRight } from '../decide-assignments.ts'
import { loadGracePolicy } from '../policies/policy-store.ts'

/** A right that a rule gave before the move, as a grant that would let it stay for a while. */
export type GraceOffer = GivenRight & {
  affiliationId: string
  entitlementId: string
  to: string
  /** Where the right was had. */
  fromUnit: string | null
}

/**
 * Affiliations that have another unit or another position than when they were decided last, while they go on. No move:
 * the payroll unit is the same and only maps to another unit now; the new unit continues the old one after a
 * reorganisation; the title is the same and the catalogue of positions now knows it.
 */
const movedSql = (scope: string) => `
  select d.affiliation_id, d.unit_id from affiliation_decided d
  join affiliation_current c on c.affiliation_id = d.affiliation_id and c.person_id = d.person_id and c.status = 'active'
  where d.placed and ${scope} and (
    d.unit_id is distinct from c.unit_id
      and not coalesce(d.pay_unit_id = c.pay_unit_id and not d.pinned and not c.origin ?| array['unitOverride', 'unit'], false)
      and not exists (select from unit_succession s join org_unit o on o.id = d.unit_id and o.key = s.from_key
        join org_unit n on n.id = c.unit_id and n.key = s.to_key)
    or d.position_key is distinct from c.position_key and d.title_norm is distinct from c.title_norm)`

/**
 * What those who have moved held by a rule that still gives it to others, with the days of grace of its class: offered to
 * the decision as grants, which takes those that nothing else gives and nothing prohibits. By affiliation; one statement
 * more where nobody has moved.
 */
export async function graceOffers(
  tx: Tx,
  scope: readonly string[] | 'all',
  index: RuleIndex,
): Promise<Map<string, GraceOffer[]>> {
  const rows = await askFor<{
    affiliationId: string
    entitlementId: string
    entitlement: string
    constraints: ResolvedConstraint[]
    rule: string
    class: RightClass
    fromUnit: string | null
  }>(
    tx,
    scope,
    `with moved as materialized (${movedSql(amongSql(scope)('d.affiliation_id'))})
     select a.affiliation_id as "affiliationId", a.entitlement_id as "entitlementId", e.key as entitlement, a.constraints,
       m.unit_id as "fromUnit", v.rule_key as rule, ${rightClassSql('e', 's')} as class
     from moved m join assignment a on a.affiliation_id = m.affiliation_id
     join derivation v on v.id = a.derivation_id and v.grant_id is null
     join entitlement e on e.id = a.entitlement_id and e.gone_at is null join it_system s on s.id = e.system_id
     order by a.affiliation_id, e.key`,
    scope === 'all' ? [] : [scope],
  )
  const offers = new Map<string, GraceOffer[]>()
  if (rows.length === 0) return offers
  const policy = await loadGracePolicy(tx)
  for (const { rule, class: of, ...right } of rows) {
    const days = policy[of]
    if (days === 0 || !stillGives(index, rule, right.entitlement)) continue
    const list = offers.get(right.affiliationId) ?? []
    list.push({ id: newId(), ...right, to: addDays(index.on, days) })
    offers.set(right.affiliationId, list)
  }
  return offers
}

/** A rule that is gone, or gives it no more, has been changed: that is no move, and takes effect at once. */
function stillGives(index: RuleIndex, rule: string, entitlement: string): boolean {
  const rank = index.rankOf.get(rule)
  return rank !== undefined && (index.rules[rank]?.grants.some(grant => grant.entitlement === entitlement) ?? false)
}

/** Stores the offers that were taken. */
export async function storeGrace(
  tx: Tx,
  taken: readonly GraceOffer[],
  { today, now }: { today: string; now: Date },
): Promise<void> {
  if (taken.length === 0) return
  await tx.query(
    `insert into right_grant (id, affiliation_id, entitlement_id, constraints, from_unit_id, kind, reason, valid_from, valid_to, created_at, created_by)
     select id, "affiliationId", "entitlementId", constraints, "fromUnit", 'grace', 'move', $2, "to", $3, 'system'
     from jsonb_to_recordset($1::jsonb) as r(id uuid, "affiliationId" uuid, "entitlementId" uuid, constraints jsonb,
       "fromUnit" uuid, "to" date)`,
    [JSON.stringify(taken), today, now],
  )
}
