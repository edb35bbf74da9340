import type { Tx } from '../../platform/unit-of-work.ts'
import { loadVocabularies } from '../../register/vocabulary/vocabulary-store.ts'
import type { Keyed, Known, KnownRecord } from './known-register.ts'

export type Made = { activityId: string; versionId: string; lock: number }
/** What an import made; null: there is no such import of this user, or it has been undone. Its row is held. */
export async function lockApplied(tx: Tx, id: string, userId: string): Promise<Made[] | null> {
  const [row] = await tx.query<{ made: Made[] }>(
    `select made from register_import
     where id = $1 and user_id = $2 and applied_at is not null and undone_at is null for update`,
    [id, userId],
  )
  return row?.made ?? null
}
/** Versions of those that are open and have the lock still that they were made with. */
export async function untouched(tx: Tx, made: readonly Made[]): Promise<Made[]> {
  return tx.query<Made>(
    `select v.activity_id as "activityId", v.id as "versionId", v.lock from activity_version v
     join jsonb_to_recordset($1::jsonb) as m("versionId" uuid, lock int) on m."versionId" = v.id and m.lock = v.lock
     where v.state in ('draft', 'proposed')`,
    [JSON.stringify(made)],
  )
}

export async function locksOf(tx: Tx, versionIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ id: string; lock: number }>(
    'select id, lock from activity_version where id = any($1)',
    [versionIds],
  )
  return new Map(rows.map(row => [row.id, row.lock]))
}

/**
 * What a file is held against, beside the records: words, units, systems, and the employments of the numbers that it may
 * name. Two statements. Units of payroll's tree have the names of others: where a name is of both, people mean the other.
 */
export async function readKnown(
  tx: Tx,
  { records, numbers }: { records: readonly KnownRecord[]; numbers: readonly string[] },
): Promise<Known> {
  const vocabularies = await loadVocabularies(tx)
  const [row] = await tx.query<{
    units: (Keyed & { pay: boolean })[]
    systems: Keyed[]
    numbers: { number: string; affiliation: string; person: string }[]
  }>(
    `select
       coalesce((select jsonb_agg(jsonb_build_object('id', unit_id, 'key', key, 'name', name, 'pay', tree = 'pay'))
         from org_unit_current), '[]') as units,
       coalesce((select jsonb_agg(jsonb_build_object('id', id, 'key', key, 'name', name)) from it_system where gone_at is null), '[]') as systems,
       coalesce((select jsonb_agg(jsonb_build_object('number', employee_no, 'affiliation', affiliation_id, 'person', person_id)
           order by is_primary desc, affiliation_id)
         from affiliation_current
         where employee_no = any($1::text[]) and kind <> 'pupil' and status <> 'ended'), '[]') as numbers`,
    [numbers],
  )
  if (!row) throw new Error('no answer of one row')
  const named = new Set(row.units.filter(one => !one.pay).flatMap(one => [`k ${one.key}`, `n ${one.name}`]))
  const units = row.units.filter(one => !one.pay || (!named.has(`k ${one.key}`) && !named.has(`n ${one.name}`)))
  return {
    ...{ vocabularies, records, units, systems: row.systems },
    numbers: Map.groupBy(row.numbers, one => one.number),
  }
}
