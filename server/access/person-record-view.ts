import type { Tx } from '../platform/unit-of-work.ts'
import type { PolicyRecords } from '../policy/abilities.ts'

/** The person as the policy sees them, or null. Whether the reader may know of the person is for the caller to ask. */
export async function personRecord(tx: Tx, personId: string): Promise<PolicyRecords['Person'] | null> {
  const [row] = await tx.prepared<PolicyRecords['Person']>(
    'person record',
    `select p.person_id as id, p.kind, p.status, p.unit_ids as "unitIds", p.unit_path as "unitPath",
       array(select distinct e.system_id from affiliation_current ac
         join assignment a on a.affiliation_id = ac.affiliation_id
         join entitlement e on e.id = a.entitlement_id where ac.person_id = p.person_id
         union select e.system_id from account acc join observed_right o on o.account_id = acc.id
         join entitlement e on e.id = o.entitlement_id where acc.person_id = p.person_id) as "systemIds"
     from person_current p where p.person_id = $1`,
    [personId],
  )
  return row ?? null
}
