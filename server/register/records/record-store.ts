import { fold } from '../../platform/fold.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { activitiesSql, OWNER, SPEAKING } from '../activities/activity-sql.ts'
import type { Dated, RecordKind } from './dated-record.ts'

export type NewRecord = {
  kind: RecordKind
  systemId: string | null
  activityId: string | null
  onDay: string
  nextDue: string | null
  reference: string
  note: string | null
}
export type StoredRecord = NewRecord &
  Dated & { id: string; endedReason: string | null; origin: 'manual' | 'imported'; recordedBy: string }

const COLUMNS = `r.id, r.kind, r.system_id as "systemId", r.activity_id as "activityId", r.on_day as "onDay", r.next_due as "nextDue",
  r.reference, r.note, r.ended_on as "endedOn", r.ended_reason as "endedReason", r.origin, r.recorded_by as "recordedBy"`

/** Kinds that the municipality keeps here. Of all others nothing is found, and screens say that they are kept elsewhere. */
export async function keptKinds(tx: Tx): Promise<ReadonlySet<RecordKind>> {
  const rows = await tx.query<{ kind: RecordKind }>('select kind from record_keeping where kept')
  return new Set(rows.map(row => row.kind))
}

export async function setKept(
  tx: Tx,
  one: { kind: RecordKind; kept: boolean; by: string; now: Date },
): Promise<{ before: boolean }> {
  const before = (await keptKinds(tx)).has(one.kind)
  await tx.query(
    `insert into record_keeping (kind, kept, changed_at, changed_by) values ($1, $2, $3, $4)
     on conflict (kind) do update set kept = excluded.kept, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
    [one.kind, one.kept, one.now, one.by],
  )
  return { before }
}

/** Records that count on a day, overdue ones too, as known now; the newest of each kind first. */
export async function recordsOn(
  tx: Tx,
  day: string,
  of: { system?: string | undefined; activity?: string | undefined } = {},
): Promise<StoredRecord[]> {
  return tx.query<StoredRecord>(
    `select ${COLUMNS} from dated_record r
     where upper_inf(r.recorded) and r.on_day <= $1::date and (r.ended_on is null or r.ended_on > $1::date)
       and ($2::uuid is null or r.system_id = $2) and ($3::uuid is null or r.activity_id = $3)
     order by r.kind, r.on_day desc, r.id`,
    [day, of.system ?? null, of.activity ?? null],
  )
}

/** All that is known of a system or an activity, ended ones last. */
export async function recordsOf(
  tx: Tx,
  of: { system?: string | undefined; activity?: string | undefined },
): Promise<StoredRecord[]> {
  return tx.query<StoredRecord>(
    `select ${COLUMNS} from dated_record r
     where upper_inf(r.recorded) and (r.system_id = $1 or r.activity_id = $2)
     order by r.ended_on is not null, r.kind, r.on_day desc, r.id`,
    [of.system ?? null, of.activity ?? null],
  )
}

/** Notes records in one statement whatever their number; answers their ids in the same order. */
export async function addRecords(
  tx: Tx,
  records: readonly NewRecord[],
  told: { by: string; now: Date; origin: 'manual' | 'imported' },
): Promise<string[]> {
  if (records.length === 0) return []
  const rows = records.map(record => ({ id: newId(told.now.getTime()), ...record }))
  await tx.query(
    `insert into dated_record (id, kind, system_id, activity_id, on_day, next_due, reference, note, origin, recorded, recorded_by)
     select r.id, r.kind, r."systemId", r."activityId", r."onDay", r."nextDue", r.reference, r.note, $4, tstzrange($2, null), $3
     from jsonb_to_recordset($1::jsonb) as r(id uuid, kind text, "systemId" uuid, "activityId" uuid, "onDay" date,
       "nextDue" date, reference text, note text)`,
    [JSON.stringify(rows), told.now, told.by, told.origin],
  )
  return rows.map(row => row.id)
}

/** What stands now, to decide about it; locked. */
export async function loadRecord(tx: Tx, id: string): Promise<StoredRecord | null> {
  const [row] = await tx.query<StoredRecord>(
    `select ${COLUMNS} from dated_record r where r.id = $1 and upper_inf(r.recorded) for update`,
    [id],
  )
  return row ?? null
}

/** Ends a record from a day on: what was known stays known, and the ended one stands beside it. Answers its new id. */
export async function endRecord(
  tx: Tx,
  id: string,
  end: { on: string; reason: string; by: string; now: Date },
): Promise<string> {
  const made = newId(end.now.getTime())
  await tx.query(
    `with was as (
       update dated_record set recorded = tstzrange(lower(recorded), $6) where id = $1 and upper_inf(recorded) returning *
     )
     insert into dated_record (id, kind, system_id, activity_id, on_day, next_due, reference, note, ended_on, ended_reason, origin,
       recorded, recorded_by)
     select $2, kind, system_id, activity_id, on_day, next_due, reference, note, $3, $4, origin, tstzrange($6, null), $5 from was`,
    [id, made, end.on, end.reason, end.by, end.now],
  )
  return made
}

type Named = { id: string; ownerPersonId: string | null; unitPath: string[] }

/** The name under which something is looked for: letters only as a search compares them. */
export const nameKey = (text: string): string => fold(text).replaceAll(/\s+/g, ' ').trim()
export const recordKey = (one: Pick<NewRecord, 'kind' | 'systemId' | 'activityId' | 'onDay' | 'reference'>): string =>
  JSON.stringify([one.kind, one.systemId, one.activityId, one.onDay, one.reference])

/** Systems by key and name, activities by ref and name, and what stands already, for a whole file in three statements. */
export async function namedIn(
  tx: Tx,
  told: readonly { system: string | null; activity: string | null }[],
  today: string,
): Promise<{ systems: Map<string, Named>; activities: Map<string, Named>; standing: Set<string> }> {
  const systems = new Map<string, Named>()
  const activities = new Map<string, Named>()
  const unclear = new Set<string>()
  const put = (map: Map<string, Named>, name: string, one: Named) => {
    const key = nameKey(name)
    const before = map.get(key)
    if (before && before.id !== one.id) unclear.add(key)
    map.set(key, one)
  }
  if (told.some(one => one.system !== null))
    for (const row of await tx.query<{ id: string; key: string; name: string }>(
      'select id, key, name from it_system where gone_at is null',
    ))
      for (const name of [row.name, row.key]) put(systems, name, { id: row.id, ownerPersonId: null, unitPath: [] })
  if (told.some(one => one.activity !== null))
    for (const row of await tx.query<Named & { ref: string; name: string }>(
      `select g.id, g.ref, sv.content ->> 'name' as name, ${OWNER} as "ownerPersonId",
         array(select distinct p from activity_unit pu join org_unit_current pc on pc.unit_id = pu.unit_id, unnest(pc.path) p
           where pu.version_id = g.speaks_id) as "unitPath"
       from ${activitiesSql('$1::date')} g ${SPEAKING}`,
      [today],
    ))
      for (const name of [row.name, row.ref]) put(activities, name, row)
  // Two of one name: nobody knows which is meant, so that neither is.
  for (const key of unclear) {
    systems.delete(key)
    activities.delete(key)
  }
  const standing = await tx.query<StoredRecord>(
    `select ${COLUMNS} from dated_record r where upper_inf(r.recorded) and r.ended_on is null`,
  )
  return { systems, activities, standing: new Set(standing.map(recordKey)) }
}
