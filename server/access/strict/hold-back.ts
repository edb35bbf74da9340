import type { Tx } from '../../platform/unit-of-work.ts'
import { heldBackCtes } from './held-back-sql.ts'

/** Is any system strict? Asked each time that rights are decided, and answered by an index that is empty almost everywhere. */
export async function someStrict(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ some: boolean }>(
    'select exists (select from strict_mode where upper_inf(recorded)) as some',
  )
  return row?.some === true
}

/** What has been decided, with what gave it. */
const DECIDED = `(select x.*, d.rule_key, d.role_path from wanted x join derivation d on d.id = x.derivation_id)`

/**
 * Takes out of what has been decided (`wanted`) whatever is new in a strict system and has no purpose, and notes it as held
 * back. What somebody has already is never looked at. Emergency access comes through, and the note stays beside it: what it
 * let in is not taken for something that was there before. Set-based; answers the grants of people that give nothing by it.
 */
export async function holdBack(
  tx: Tx,
  scope: readonly string[] | 'all',
  { today, now }: { today: string; now: Date },
): Promise<{ grantId: string; because: string }[]> {
  await tx.query(
    `with ${heldBackCtes(DECIDED, { day: '$1', now: '$2' })}, noted as (
       insert into withheld_right as h (affiliation_id, entitlement_id, derivation_id, constraints, since)
       select affiliation_id, entitlement_id, derivation_id, constraints, $2 from lacking
       on conflict (affiliation_id, entitlement_id) do update
         set derivation_id = excluded.derivation_id, constraints = excluded.constraints
         where (h.derivation_id, h.constraints) <> (excluded.derivation_id, excluded.constraints)
     ), freed as (
       delete from withheld_right h
       where ${scope === 'all' ? 'true' : 'h.affiliation_id = any($3::uuid[])'} and not exists (
         select from lacking l where l.affiliation_id = h.affiliation_id and l.entitlement_id = h.entitlement_id)
     )
     delete from wanted w using lacking l
     where w.affiliation_id = l.affiliation_id and w.entitlement_id = l.entitlement_id and not l.urgent`,
    scope === 'all' ? [today, now] : [today, now, scope],
  )
  return tx.query<{ grantId: string; because: string }>(
    `select g.id as "grantId", 'no-purpose' as because from withheld_right h
     join right_grant g on g.affiliation_id = h.affiliation_id and g.entitlement_id = h.entitlement_id and g.ended_at is null
     where ${scope === 'all' ? 'true' : 'h.affiliation_id = any($1::uuid[])'}
       and not exists (select from wanted w where w.affiliation_id = h.affiliation_id and w.entitlement_id = h.entitlement_id)`,
    scope === 'all' ? [] : [scope],
  )
}
