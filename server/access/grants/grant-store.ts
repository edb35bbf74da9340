import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { ResolvedConstraint } from '../../rules/constraint.ts'

export type GrantKind = 'report' | 'grace' | 'emergency' | 'template'

/** A right that a person has decided that one affiliation gets. Dates are civil, closed-open; null is open. */
export type NewGrant = {
  affiliationId: string
  entitlementId: string
  constraints: readonly ResolvedConstraint[]
  from: string | null
  to: string | null
  /** Emergency only: the instant at which it ends. */
  expiresAt?: Date | null
  kind: GrantKind
  reason: string
  caseId: string | null
  /** User id, or the name of the part of the house that gave it. */
  by: string
}

/** A grant as the decision sees it. */
export type StandingGrant = {
  id: string
  affiliationId: string
  entitlement: string
  constraints: readonly ResolvedConstraint[]
  to: string | null
}

/**
 * Notes grants and answers their ids in the same order. They count from the next time that their affiliations are
 * decided, and these are marked as due for it: `catchUp` finds them by itself. A grant of a right that is given no more
 * is noted, and has no effect. Throws `invalid-request` where it would end before it begins.
 */
export async function addGrants(tx: Tx, grants: readonly NewGrant[], when: { now: Date }): Promise<string[]> {
  if (grants.length === 0) return []
  for (const { from, to } of grants)
    if (from !== null && to !== null && from >= to)
      throw problem('invalid-request', { detail: `The right would end on ${to}, before it begins on ${from}.` })
  const rows = grants.map(grant => ({ id: newId(), ...grant, expiresAt: grant.expiresAt?.toISOString() ?? null }))
  await tx.query(
    `insert into right_grant (id, affiliation_id, entitlement_id, constraints, kind, reason, case_id, valid_from, valid_to,
       expires_at, created_at, created_by)
     select id, "affiliationId", "entitlementId", constraints, kind, reason, "caseId", "from", "to", "expiresAt", $2, by
     from jsonb_to_recordset($1::jsonb) as r(id uuid, "affiliationId" uuid, "entitlementId" uuid, constraints jsonb,
       kind text, reason text, "caseId" uuid, "from" date, "to" date, "expiresAt" timestamptz, by text)`,
    [JSON.stringify(rows), when.now],
  )
  await markDue(
    tx,
    grants.map(one => one.affiliationId),
  )
  return rows.map(row => row.id)
}

/** Ends grants that have not ended yet; the others are left as they are. Takes effect like `addGrants`. */
export async function endGrants(
  tx: Tx,
  ids: readonly string[],
  when: { now: Date; today: string; by: string; reason: string },
): Promise<void> {
  if (ids.length === 0) return
  const ended = await tx.query<{ affiliation: string }>(
    `update right_grant set ended_at = $2, ended_by = $3, ended_reason = $4
     where id = any($1::uuid[]) and ended_at is null returning affiliation_id as affiliation`,
    [ids, when.now, when.by, when.reason],
  )
  await markDue(
    tx,
    ended.map(one => one.affiliation),
  )
}

/** What was decided for them last counts no more. */
async function markDue(tx: Tx, affiliations: readonly string[]): Promise<void> {
  if (affiliations.length > 0)
    await tx.query(`update affiliation_decided set facts_hash = '\\x' where affiliation_id = any($1::uuid[])`, [
      [...new Set(affiliations)],
    ])
}

const IN_FORCE = (on: string, now: string) => `g.ended_at is null and coalesce(g.valid_from <= ${on}, true)
  and coalesce(g.valid_to > ${on}, true) and coalesce(g.expires_at > ${now}, true)`

/** Grants in force on a date, by affiliation, oldest first. One statement; nothing where nobody has any. */
export async function loadGrants(
  tx: Tx,
  scope: readonly string[] | 'all',
  { on, now }: { on: string; now: Date },
): Promise<Map<string, StandingGrant[]>> {
  const rows = await tx.query<StandingGrant>(
    `select g.id, g.affiliation_id as "affiliationId", e.key as entitlement, g.constraints,
       least(g.valid_to, (g.expires_at at time zone 'Europe/Copenhagen')::date + 1) as to
     from right_grant g join entitlement e on e.id = g.entitlement_id
     where ${IN_FORCE('$1::date', '$2::timestamptz')} and ${scope === 'all' ? 'true' : 'g.affiliation_id = any($3::uuid[])'}
     order by g.affiliation_id, g.created_at, g.id`,
    scope === 'all' ? [on, now] : [on, now, scope],
  )
  const found = new Map<string, StandingGrant[]>()
  for (const row of rows) {
    const list = found.get(row.affiliationId)
    if (list) list.push(row)
    else found.set(row.affiliationId, [row])
  }
  return found
}

/** Notes at the grants that were just decided which of them give nothing, and why; all others have an effect. */
export async function noteNoEffect(
  tx: Tx,
  scope: readonly string[] | 'all',
  found: readonly { grantId: string; because: string }[],
): Promise<void> {
  await tx.query(
    `update right_grant g set no_effect = w.because
     from right_grant old left join jsonb_to_recordset($1::jsonb) as w("grantId" uuid, because text) on w."grantId" = old.id
     where old.id = g.id and g.ended_at is null and ${scope === 'all' ? 'true' : 'g.affiliation_id = any($2::uuid[])'}
       and g.no_effect is distinct from w.because`,
    scope === 'all' ? [JSON.stringify(found)] : [JSON.stringify(found), scope],
  )
}
