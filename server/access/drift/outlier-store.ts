import { NOTICE_SQL, syncFindings } from '../../findings/finding-store.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { type Holder, peerOutliers } from './peer-outliers.ts'

/**
 * Compares everybody with everybody, where it is recorded that this has been discussed; otherwise there are no such
 * findings at all. What is sensitive weighs more: an outlier among health data comes before one among calendars.
 */
export async function syncOutliers(tx: Tx): Promise<void> {
  const [may] = await tx.query<{ may: boolean }>(`select ${NOTICE_SQL} as may`)
  const found = may?.may ? await findOutliers(tx) : []
  await tx.query('update finding_notice set outliers_at = now()')
  await syncFindings(tx, {
    codes: ['outlier'],
    scope: 'true',
    params: [JSON.stringify(found)],
    rows: `
      select 'outlier' as code, w.person as subject_id, w.entitlement as object_id,
        'peers:' || w.entitlement as cause,
        case when e.sensitivity in ('special', 'criminal') then 'high' when e.sensitivity in ('confidential', 'personal')
          or e.privileged then 'medium' else 'low' end as severity,
        w.person as person_id, e.system_id, p.unit_id, 'systemowner' as owner_role,
        jsonb_build_object('holders', w.holders, 'of', w.of, 'why', w.among) as detail
      from jsonb_to_recordset($1::jsonb) as w (person uuid, entitlement uuid, holders int, "of" int, among text)
      join entitlement e on e.id = w.entitlement join person_current p on p.person_id = w.person`,
  })
}

async function findOutliers(tx: Tx) {
  const held = await tx.query<{ person_id: string; peers: string | null; rights: string[] }>(
    `select acc.person_id, main.unit_id || ':' || main.position_key as peers, array_agg(distinct o.entitlement_id::text) as rights
     from account acc join observed_right o on o.account_id = acc.id
     join person_current p on p.person_id = acc.person_id and p.kind = 'employee' and p.status = 'active'
     left join affiliation_current main on main.affiliation_id = p.primary_affiliation_id
     where acc.gone_at is null group by acc.person_id, 2 order by acc.person_id`,
  )
  const keys: string[] = []
  const numbers = new Map<string, number>()
  const numberOf = (key: string): number => {
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, keys.length)
    return keys.push(key) - 1
  }
  const people: Holder[] = held.map(row => ({ id: row.person_id, group: row.peers, rights: row.rights.map(numberOf) }))
  return peerOutliers(people, keys.length).map(one => ({
    person: one.id,
    entitlement: keys[one.right]!,
    holders: one.holders,
    of: one.of,
    among: one.among,
  }))
}

/** Deletes what was found of outliers and of last use of people's own accounts, with its history. Answers how many. */
export async function forgetGated(tx: Tx): Promise<number> {
  const rows = await tx.query(
    `delete from finding where code = 'outlier' or code = 'dormant' and (cause like 'unused-personal:%'
       or cause like 'unused-right:%' and subject_id in (select id from account where kind = 'personal')) returning id`,
  )
  await tx.query(`delete from finding_day where code = 'outlier'`)
  return rows.length
}
