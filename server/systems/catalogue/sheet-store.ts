import type { Sheet } from '#contract/sheet.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Hand, SheetChange } from './effective-sheet.ts'
import { linkReferences } from './link-references.ts'

export type StoredSheet = {
  id: string
  key: string
  name: string
  version: number
  feed: Sheet
  hand: Hand
  sheet: Sheet
}
const COLUMNS = 'id, key, name, version, feed, hand, sheet'

/** Sheets by id, to be changed: others wait. In the order of their keys, so that two changes of many cannot block each other. */
export async function lockSheets(tx: Tx, ids: readonly string[]): Promise<StoredSheet[]> {
  return tx.query(`select ${COLUMNS} from it_system where id = any($1) and gone_at is null order by key for update`, [
    ids,
  ])
}
export async function lockSheetsByKey(tx: Tx, keys: readonly string[]): Promise<StoredSheet[]> {
  return tx.query(`select ${COLUMNS} from it_system where key = any($1) order by key for update`, [keys])
}
export async function readSheets(tx: Tx, ids: readonly string[]): Promise<StoredSheet[]> {
  return tx.query(`select ${COLUMNS} from it_system where id = any($1) and gone_at is null order by key`, [ids])
}

export type SheetWrite = {
  id: string
  feed: Sheet
  hand: Hand
  sheet: Sheet
  /** Of the sheet after it; the same as before where only the feed's own words have changed. */
  version: number
  /** Null: no version of its own. */
  changes: SheetChange[] | null
  reason: string | null
}
export type HowWritten = {
  at: Date
  origin: 'feed' | 'hand' | 'bulk' | 'undo' | 'import'
  source?: string
  runId?: string
  userId?: string | null
  batch?: string
}

/** Writes sheets with the columns that follow from them, their versions and whom they name. Three statements, however many. */
export async function writeSheets(tx: Tx, writes: readonly SheetWrite[], how: HowWritten): Promise<void> {
  if (writes.length === 0) return
  await tx.query(
    `update it_system s set feed = r.feed, hand = r.hand, sheet = r.sheet, version = r.version,
       name = coalesce(r.sheet ->> 'name', s.name), area = r.sheet ->> 'area', description = r.sheet ->> 'description',
       kle = array(select jsonb_array_elements_text(coalesce(r.sheet -> 'kle', '[]'))),
       supplier = r.sheet ->> 'supplier', criticality = r.sheet ->> 'criticality', hosting = r.sheet ->> 'hosting',
       kind = coalesce(r.sheet ->> 'systemKind', 'it'), status = r.sheet ->> 'status',
       reading = coalesce(r.sheet ->> 'reading', 'none'),
       owner_key = r.sheet -> 'owner' ->> 'words', responsible = r.sheet -> 'responsible' ->> 'words',
       contact = r.sheet -> 'contact' ->> 'words', unit_words = r.sheet -> 'unit' ->> 'words',
       owner_affiliation_id = case when r.sheet -> 'owner' is not distinct from s.sheet -> 'owner' then s.owner_affiliation_id
         else (r.sheet -> 'owner' ->> 'affiliation')::uuid end,
       responsible_affiliation_id = case when r.sheet -> 'responsible' is not distinct from s.sheet -> 'responsible'
         then s.responsible_affiliation_id else (r.sheet -> 'responsible' ->> 'affiliation')::uuid end,
       contact_affiliation_id = case when r.sheet -> 'contact' is not distinct from s.sheet -> 'contact'
         then s.contact_affiliation_id else (r.sheet -> 'contact' ->> 'affiliation')::uuid end,
       unit_id = case when r.sheet -> 'unit' is not distinct from s.sheet -> 'unit' then s.unit_id
         else (r.sheet -> 'unit' ->> 'unit')::uuid end
     from jsonb_to_recordset($1::jsonb) as r(id uuid, feed jsonb, hand jsonb, sheet jsonb, version int)
     where s.id = r.id`,
    [JSON.stringify(writes.map(({ id, feed, hand, sheet, version }) => ({ id, feed, hand, sheet, version })))],
  )
  await tx.query(
    `insert into system_version (system_id, version, at, origin, source, run_id, user_id, reason, batch, changes, sheet, hand)
     select id, version, $2, $3, $4, $5::uuid, $6::uuid, reason, $7::uuid, changes, sheet, hand
     from jsonb_to_recordset($1::jsonb) as r(id uuid, version int, reason text, changes jsonb, sheet jsonb, hand jsonb)`,
    [
      JSON.stringify(writes.filter(one => one.changes !== null)),
      how.at,
      how.origin,
      how.source ?? null,
      how.runId ?? null,
      how.userId ?? null,
      how.batch ?? null,
    ],
  )
  await linkReferences(
    tx,
    writes.map(one => one.id),
  )
}

/** A system that nobody has heard of: its sheet follows. Null: the key is taken. Asked "is this still true?" within a year. */
export async function insertSystem(
  tx: Tx,
  given: { key: string; name: string; source: string; today: string },
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `insert into it_system (key, name, source, attest_due) values ($1, $2, $3, ${firstDue('$1', '$4')})
     on conflict (key) do nothing returning id`,
    [given.key, given.name, given.source, given.today],
  )
  return row?.id ?? null
}

/** Systems are first asked about spread over a year, so that nobody is asked about all of theirs on one day. */
export const firstDue = (key: string, today: string): string => `${today}::date + (hashtext(${key}) & 2147483647) % 365`

/** What the references of a form lead to: of these people the employment that counts, of these ids and keys those that are there. */
export async function knownReferences(
  tx: Tx,
  asked: { people: string[]; affiliations: string[]; units: string[]; systems: string[] },
): Promise<{ people: Record<string, string>; affiliations: string[]; units: string[]; systems: string[] }> {
  const [row] = await tx.query<{
    people: Record<string, string>
    affiliations: string[]
    units: string[]
    systems: string[]
  }>(
    `select coalesce((select jsonb_object_agg(person_id, affiliation_id) from (
         select distinct on (person_id) person_id, affiliation_id from affiliation_current
         where person_id = any($1::uuid[]) and status <> 'ended' and kind <> 'pupil'
         order by person_id, status, is_primary desc, affiliation_id) p), '{}') as people,
       array(select affiliation_id::text from affiliation_current where affiliation_id = any($2::uuid[]) and kind <> 'pupil') as affiliations,
       array(select unit_id::text from org_unit_current where unit_id = any($3::uuid[])) as units,
       array(select key from it_system where key = any($4::text[]) and gone_at is null) as systems`,
    [asked.people, asked.affiliations, asked.units, asked.systems],
  )
  return row!
}

/** What a batch changed: the hand before and after it, by system. */
export async function batchVersions(
  tx: Tx,
  batch: string,
): Promise<{ id: string; fields: string[]; before: Hand; after: Hand; userId: string | null }[]> {
  return tx.query(
    `select v.system_id as id, array(select c ->> 'field' from jsonb_array_elements(v.changes) c) as fields,
       coalesce(p.hand, '{}') as before, v.hand as after, v.user_id as "userId"
     from system_version v left join system_version p on p.system_id = v.system_id and p.version = v.version - 1
     where v.batch = $1 and v.origin in ('bulk', 'import')`,
    [batch],
  )
}
