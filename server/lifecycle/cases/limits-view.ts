import type { Missing } from '#contract/lifecycle.ts'
import type { ExtraRight } from '#contract/lifecycle-forms.ts'
import type { NormalAttrs } from '../../platform/feed-record.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { AffiliationFacts } from '../../rules/affiliation-facts.ts'
import {
  type ConstraintSpec,
  type ResolvedConstraint,
  resolveConstraints,
  type UnitLookup,
} from '../../rules/constraint.ts'
import { missingAt, type RightFacts } from './case.ts'
import { newcomerOn } from './newcomer-view.ts'

/** Rights of the catalogue by id; what cannot be given any more is there and says so. */
export async function rightFacts(tx: Tx, ids: readonly string[]): Promise<Map<string, RightFacts>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.query<RightFacts>(
    `select e.id, e.key, e.name, e.sensitivity, e.privileged, e.approval,
       e.gone_at is not null or e.status <> 'active' or s.gone_at is not null as gone
     from entitlement e join it_system s on s.id = e.system_id where e.id = any($1)`,
    [ids],
  )
  return new Map(rows.map(row => [row.id, row]))
}

/** What the chosen limits mean for this affiliation. null: one of them means nothing, and then nothing may be held. */
export function resolveLimits(
  right: ExtraRight,
  facts: AffiliationFacts,
  units: UnitLookup,
): ResolvedConstraint[] | null {
  const specs = right.limits.map(({ on, kind }): ConstraintSpec => ({ on, kind }))
  const chosen = Object.fromEntries(right.limits.flatMap(one => (one.kind === 'chosen' ? [[one.on, one.values]] : [])))
  return resolveConstraints(specs, facts, units, chosen)
}

/** Chosen rights that cannot be given, and limits that mean nothing there. */
export async function limitsMissing(
  tx: Tx,
  rights: readonly ExtraRight[],
  attrs: NormalAttrs,
  on: string,
): Promise<Missing[]> {
  if (rights.length === 0) return []
  const known = await rightFacts(
    tx,
    rights.map(one => one.entitlementId),
  )
  const newcomer = await newcomerOn(tx, attrs, on)
  return rights.flatMap((right, at) => {
    const one = known.get(right.entitlementId)
    if (!one || one.gone) return [missingAt(`rights/${at}`, 'right-gone')]
    return newcomer && resolveLimits(right, newcomer.facts, newcomer.units) === null
      ? [missingAt(`rights/${at}`, 'limit-unresolved')]
      : []
  })
}
