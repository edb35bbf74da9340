import * as files from '../../feeds/imports/import-store.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { firstDue } from '../catalogue/sheet-store.ts'
import type { Known, KnownSystem, NamedPerson } from './plan-import.ts'
import type { Table } from './read-tables.ts'

export type ImportContent =
  | { kind: 'table'; tables: Table[]; left: string[] }
  | { kind: 'kitos'; file: { usages: unknown[]; contracts: unknown[]; processing: unknown[] } }
/** Null: there is no such import, or it has been undone. Its row is held. */
export async function lockApplied(tx: Tx, id: string): Promise<{ name: string } | null> {
  const [row] = await tx.query<{ name: string }>(
    'select name from catalogue_import where id = $1 and applied_at is not null and undone_at is null for update',
    [id],
  )
  return row ?? null
}
export async function noteUndone(tx: Tx, id: string, at: Date): Promise<void> {
  await files.noteUndone(tx, 'catalogue_import', id, at)
  await tx.query('delete from system_external_key where import_id = $1', [id])
}

/** What a file is held against: all sheets, and the people and units that it or they name. Two statements. */
export async function readKnown(
  tx: Tx,
  asked: { numbers: readonly string[]; chosen: readonly string[]; lock: boolean },
): Promise<Known> {
  type System = Omit<KnownSystem, 'linked'> & {
    owner: string | null
    responsible: string | null
    contact: string | null
    unit: string | null
  }
  const systems = await tx.query<System>(
    `select id, key, name, version, feed, hand, sheet, gone_at is not null as gone, owner_affiliation_id as owner,
       responsible_affiliation_id as responsible, contact_affiliation_id as contact, unit_id as unit
     from it_system order by key ${asked.lock ? 'for update' : ''}`,
  )
  const linked = systems.flatMap(one => [one.owner, one.responsible, one.contact].flatMap(id => id ?? []))
  const [row] = await tx.query<{
    uuids: Record<string, string>
    numbers: { number: string; affiliation: string; person: string; ended: boolean }[]
    people: Record<string, NamedPerson>
    units: { id: string; key: string; name: string; folded: string; pay: boolean }[]
    chosen: Record<string, string>
  }>(
    `with held as (
       select ac.affiliation_id, ac.person_id, ac.employee_no, ac.status, ac.is_primary from affiliation_current ac
       where ac.kind <> 'pupil' and ac.employee_no = any($1::text[])
     )
     select
       coalesce((select jsonb_object_agg(x.key, s.key) from system_external_key x join it_system s on s.id = x.system_id
         where x.scheme = 'kitos'), '{}') as uuids,
       coalesce((select jsonb_agg(jsonb_build_object('number', employee_no, 'affiliation', affiliation_id, 'person', person_id,
         'ended', status = 'ended') order by is_primary desc, affiliation_id) from held), '[]') as numbers,
       coalesce((select jsonb_object_agg(a.id, jsonb_build_object('name', p.name, 'number', ac.employee_no, 'hidden', p.protected))
         from affiliation a join person_current p on p.person_id = a.person_id
         left join affiliation_current ac on ac.affiliation_id = a.id
         where a.id = any($2::uuid[]) or a.id in (select affiliation_id from held) or a.person_id = any($3::uuid[])), '{}') as people,
       coalesce((select jsonb_agg(jsonb_build_object('id', unit_id, 'key', key, 'name', name,
         'folded', search_fold(name), 'pay', tree = 'pay')) from org_unit_current), '[]') as units,
       coalesce((select jsonb_object_agg(person_id, affiliation_id) from (
         select distinct on (person_id) person_id, affiliation_id from affiliation_current
         where person_id = any($3::uuid[]) and status <> 'ended' and kind <> 'pupil'
         order by person_id, status, is_primary desc, affiliation_id) p), '{}') as chosen`,
    [asked.numbers, linked, asked.chosen],
  )
  if (!row) throw new Error('no answer of one row')
  const many = <T>(rows: readonly T[], key: (row: T) => string) => {
    const map = new Map<string, T[]>()
    for (const one of rows) map.set(key(one), [...(map.get(key(one)) ?? []), one])
    return map
  }
  // Payroll's tree has units of the same names: the one that people know is meant.
  const units = row.units.filter(one => !one.pay)
  return {
    systems: new Map(
      systems.map(({ owner, responsible, contact, unit, ...one }) => [
        one.key,
        {
          ...one,
          linked: Object.fromEntries(
            Object.entries({ owner, responsible, contact, unit }).filter(([, id]) => id !== null),
          ) as KnownSystem['linked'],
        },
      ]),
    ),
    uuids: new Map(Object.entries(row.uuids)),
    numbers: many(row.numbers, one => one.number),
    people: new Map(Object.entries(row.people)),
    units: new Map(row.units.map(one => [one.id, one])),
    unitKeys: new Map([...row.units.filter(one => one.pay), ...units].map(one => [one.key, one.id])),
    unitNames: new Map([...many(units, one => one.folded)].map(([name, found]) => [name, found.map(one => one.id)])),
    chosen: new Map(Object.entries(row.chosen)),
  }
}

/** New systems, and those that come back; by key. In one statement each, however many. */
export async function makeSystems(
  tx: Tx,
  given: readonly { key: string; name: string }[],
  today: string,
): Promise<Map<string, string>> {
  const rows = await tx.query<{ key: string; id: string }>(
    `insert into it_system (key, name, source, attest_due)
     select r.key, r.name, 'hjemmel', ${firstDue('r.key', '$2')} from jsonb_to_recordset($1::jsonb) as r(key text, name text)
     on conflict (key) do update set gone_at = null returning key, id`,
    [JSON.stringify(given), today],
  )
  return new Map(rows.map(row => [row.key, row.id]))
}

export async function keepExternal(
  tx: Tx,
  rows: readonly { key: string; systemId: string; rest: unknown }[],
  importId: string,
): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `insert into system_external_key (scheme, key, system_id, rest, import_id)
     select 'kitos', r.key, r."systemId", r.rest, $2::uuid
     from jsonb_to_recordset($1::jsonb) as r(key text, "systemId" uuid, rest jsonb)
     on conflict (scheme, key) do update set rest = excluded.rest`,
    [JSON.stringify(rows), importId],
  )
}

/** Takes out of the catalogue what an import made, as long as nobody has changed it and no right hangs on it. */
export async function retireMade(tx: Tx, importId: string, at: Date): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `update it_system s set gone_at = $2 where s.gone_at is null and s.source = 'hjemmel'
       and s.id in (select system_id from system_version where batch = $1 and origin = 'import' and version = 1)
       and not exists (select from system_version v where v.system_id = s.id and v.batch is distinct from $1)
       and not exists (select from entitlement e where e.system_id = s.id and e.gone_at is null) returning s.id`,
    [importId, at],
  )
  return rows.map(row => row.id)
}
