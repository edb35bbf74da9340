import type { z } from 'zod'
import type { personAccount } from '#contract/people.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Sources } from './person-names-views.ts'
import type { Viewer } from './viewer.ts'

type Account = z.output<typeof personAccount>

/** The accounts that the reader may see, those in use first. One statement. */
export async function readAccounts(tx: Tx, personId: string, viewer: Viewer, sources: Sources): Promise<Account[]> {
  const rows = await tx.prepared<
    Omit<Account, 'sourceName' | 'lastSignIn' | 'seenAt'> & {
      lastSignIn: Date | null
      unused90: boolean | null
      systemIds: string[]
    }
  >(
    'person accounts',
    `select a.id, a.source, a.username, a.kind, a.situation, a.enabled, a.last_sign_in as "lastSignIn", a.evidence,
       case when a.last_sign_in is not null then a.last_sign_in < now() - interval '90 days' end as unused90,
       (select count(*) from group_member m where m.member_account_id = a.id)::int as groups,
       array(select distinct e.system_id from observed_right o join entitlement e on e.id = o.entitlement_id
         where o.account_id = a.id) as "systemIds"
     from account a where a.person_id = $1 order by a.enabled desc, a.source, a.username`,
    [personId],
  )
  return rows
    .filter(row => viewer.account(row))
    .map(({ systemIds, ...row }) => ({
      ...row,
      sourceName: sources.get(row.source)?.name ?? row.source,
      lastSignIn: viewer.signInTimes({ kind: row.kind, systemIds }) ? (row.lastSignIn?.toISOString() ?? null) : null,
      seenAt: sources.get(row.source)?.seenAt ?? null,
    }))
}
