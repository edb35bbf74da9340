import type { Tx } from '../../platform/unit-of-work.ts'
import { withoutPurposeSql } from '../../register/bindings/without-purpose-sql.ts'

/** Is any system strict? Asked each time that rights are decided, and answered by an index that is empty almost everywhere. */
export async function someStrict(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ some: boolean }>(
    'select exists (select from strict_mode where upper_inf(recorded)) as some',
  )
  return row?.some === true
}

const EMERGENCY = (
  of: string,
  now: string,
) => `exists (select from right_grant x where x.kind = 'emergency' and x.ended_at is null
  and x.expires_at > ${now} and x.affiliation_id = ${of}.affiliation_id and x.entitlement_id = ${of}.entitlement_id)`

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
    `with candidate as materialized (
       select w.affiliation_id, w.entitlement_id, w.derivation_id, w.constraints, e.system_id, d.rule_key, d.role_path,
         ${EMERGENCY('w', '$2')} as urgent
       from wanted w join entitlement e on e.id = w.entitlement_id
       join strict_mode m on m.system_id = e.system_id and upper_inf(m.recorded)
       join derivation d on d.id = w.derivation_id
       where not exists (select from assignment a where a.affiliation_id = w.affiliation_id and a.entitlement_id = w.entitlement_id)
         or exists (select from withheld_right h where h.affiliation_id = w.affiliation_id and h.entitlement_id = w.entitlement_id)
     ), lacking as materialized (${withoutPurposeSql('candidate', '$1')}
     ), noted as (
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
