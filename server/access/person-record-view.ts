import type { z } from 'zod'
import type { personPage } from '#contract/people.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { PolicyRecords } from '../policy/subjects.ts'

type Page = z.output<typeof personPage>['person']

/** What the page says of the person alone; what of it is shown is for the policy to say. */
export type PersonHead = {
  name: string
  protected: boolean
  kind: Page['kind']
  status: Page['status']
  email: string | null
  phone: string | null
  origin: Record<string, unknown> | null
  hasCpr: boolean
  lockedSince: Date | null
}
type Row = PolicyRecords['Person'] & PersonHead

/** The person as the policy sees them, and as the page shows them, in one statement; null where there is no such person. */
export async function readPersonHead(
  tx: Tx,
  personId: string,
): Promise<{ record: PolicyRecords['Person']; head: PersonHead } | null> {
  const [row] = await tx.prepared<Row>(
    'person and lock',
    `select p.person_id as id, p.kind, p.status, p.unit_ids as "unitIds", p.unit_path as "unitPath",
       array(select distinct e.system_id from affiliation_current ac
         join assignment a on a.affiliation_id = ac.affiliation_id
         join entitlement e on e.id = a.entitlement_id where ac.person_id = p.person_id
         union select e.system_id from account acc join observed_right o on o.account_id = acc.id
         join entitlement e on e.id = o.entitlement_id where acc.person_id = p.person_id) as "systemIds",
       p.name, p.protected, p.email, p.phone, p.origin,
       (select l.locked_at from person_lock l join person i on i.id = l.person_id
         where l.released_at is null and coalesce(i.merged_into, i.id) = p.person_id limit 1) as "lockedSince",
       exists (select from person_cpr c where c.person_id in (
         select p.person_id union all select m.id from person m where m.merged_into = p.person_id)) as "hasCpr"
     from person_current p where p.person_id = $1`,
    [personId],
  )
  if (!row) return null
  const { id, kind, status, unitIds, unitPath, systemIds, ...own } = row
  return { record: { id, kind, status, unitIds, unitPath, systemIds }, head: { kind, status, ...own } as PersonHead }
}

/** The person as the policy sees them, or null. Whether the reader may know of the person is for the caller to ask. */
export async function personRecord(tx: Tx, personId: string): Promise<PolicyRecords['Person'] | null> {
  return (await readPersonHead(tx, personId))?.record ?? null
}
