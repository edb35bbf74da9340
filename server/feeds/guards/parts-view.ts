import type { z } from 'zod'
import type { listParts } from '#contract/announcements.ts'
import { unitNames } from '../../people/unit-names-view.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

type Part = z.output<(typeof listParts)['response']>['rows'][number]
const MOST = 20

/**
 * The parts that the guards count the records of a source in, as the source has them: units, systems, and groups (each
 * of which is a part of its own). By name or key, the largest first: whoever announces a change knows the name.
 */
export async function partsOf(
  tx: Tx,
  source: string,
  query: { kind: string; text: string },
): Promise<{ rows: Part[]; total: number }> {
  const found = await tx.query<{ key: string; records: number; system: string | null }>(
    `select p.key, p.records, s.name as system from (
       select case when kind = 'group' then payload ->> 'name' else part end as key, count(*)::int as records
       from source_record where source = $1 and kind = $2 and gone_at is null group by 1
     ) p left join it_system s on $2 = 'entitlement' and s.key = p.key and s.gone_at is null
     where p.key is not null and p.key <> ''`,
    [source, query.kind],
  )
  const nameOf = await unitNames(
    tx,
    found.filter(one => one.system === null).map(one => one.key),
  )
  const wanted = query.text.toLocaleLowerCase('da')
  const rows = found
    .map(({ system, ...one }) => ({ ...one, name: system ?? nameOf(one.key, false) ?? null }))
    .filter(one => `${one.name ?? ''} ${one.key}`.toLocaleLowerCase('da').includes(wanted))
    .sort((a, b) => b.records - a.records || (a.name ?? a.key).localeCompare(b.name ?? b.key, 'da'))
  return { rows: rows.slice(0, MOST), total: rows.length }
}
