import type { ActivityNames } from '#contract/activities.ts'
import type { PackageScope } from '#contract/packages.ts'
import type { Moment } from '../../access/past-rights.ts'
import { unitsAsOf } from '../../people/people-views.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { type FoundRecord, foundRecords } from '../../register/documents/document-views.ts'
import type { PrintedRecord } from '../../register/documents/record-document.ts'

export type SystemThen = { id: string; key: string; name: string; read: boolean }
/** What a package is about, with the names of that day. */
export type ScopeThen = {
  at: Moment
  unit: { id: string; name: string } | null
  /** The unit and what stood below it; null: everywhere. */
  unitIds: readonly string[] | null
  unitNames: ReadonlyMap<string, string>
  records: readonly FoundRecord[]
  /** The chosen systems, or those of the records; by name. */
  systems: readonly SystemThen[]
}

/** Three statements. Throws `not-found` for a unit that was not there, or a system that never was. */
export async function scopeThen(
  tx: Tx,
  actor: Actor,
  scope: Pick<PackageScope, 'unit' | 'systems'>,
  at: Moment,
  today: string,
): Promise<ScopeThen> {
  const units = await unitsAsOf(tx, at.valid, at.known)
  const unit = scope.unit === null ? null : units.find(one => one.id === scope.unit)
  if (unit === undefined) throw problem('not-found', { detail: 'There was no such unit on that day.' })
  const unitIds = unit ? units.filter(one => one.path.includes(unit.id)).map(one => one.id) : null
  const records = await foundRecords(tx, actor, {
    ...{ day: at.valid, known: at.known, today },
    units: unitIds ?? undefined,
    systems: scope.systems.length > 0 ? scope.systems : undefined,
  })
  const systems = await systemsThen(
    tx,
    scope.systems.length > 0 ? scope.systems : records.flatMap(one => one.content.systems.map(each => each.systemId)),
    at,
  )
  if (scope.systems.some(id => !systems.some(one => one.id === id))) throw problem('not-found')
  return {
    ...{ at, unitIds, records, systems },
    unit: unit ? { id: unit.id, name: unit.name } : null,
    unitNames: new Map(units.map(one => [one.id, one.name])),
  }
}

/** Of a system whose sheets have versions, the name that it had then; before the first of them, that of the first. */
export const systemNameThen = (system: string, known: string): string =>
  `coalesce((select v.sheet ->> 'name' from system_version v where v.system_id = ${system}.id and v.at <= ${known} order by v.version desc limit 1),
    (select v.sheet ->> 'name' from system_version v where v.system_id = ${system}.id order by v.version limit 1), ${system}.name)`

export async function systemsThen(tx: Tx, ids: readonly string[], { known }: Moment): Promise<SystemThen[]> {
  return tx.query<SystemThen>(
    `select n.id, n.key, n.name, n.read from (
       select s.id, s.key, ${systemNameThen('s', '$2::timestamptz')} as name,
         coalesce((select v.sheet ->> 'reading' from system_version v where v.system_id = s.id and v.at <= $2::timestamptz
           order by v.version desc limit 1), s.reading) <> 'none' as read
       from it_system s where s.id = any($1::uuid[])) n
     order by n.name collate "da-x-icu", n.key`,
    [ids, known],
  )
}

/** Records with the names of that day, for print. One statement. `named`: without it nobody is named. */
export async function printedThen(tx: Tx, then: ScopeThen, named: boolean): Promise<PrintedRecord[]> {
  const systems = new Map(then.systems.map(one => [one.id, one]))
  const more = then.records
    .flatMap(one => one.content.systems.map(each => each.systemId))
    .filter(id => !systems.has(id))
  for (const one of more.length > 0 ? await systemsThen(tx, more, then.at) : []) systems.set(one.id, one)
  const owners = await ownersThen(
    tx,
    then.records.flatMap(one => one.content.owner ?? []),
    then,
  )
  return then.records.map(({ content, ...record }) => ({
    ...record,
    content,
    people: null,
    names: {
      owner: ownerOf(content.owner === null ? undefined : owners.get(content.owner), named),
      units: content.units
        .flatMap(id => ({ id, name: then.unitNames.get(id) ?? '' }))
        .filter(one => one.name !== '')
        .sort((a, b) => a.name.localeCompare(b.name, 'da')),
      systems: content.systems
        .flatMap(({ systemId }) => systems.get(systemId) ?? [])
        .map(({ id, key, name }) => ({ id, key, name }))
        .sort((a, b) => a.name.localeCompare(b.name, 'da')),
    },
  }))
}

type Owner = {
  id: string
  personId: string
  name: string | null
  protected: boolean
  title: string | null
  unitId: string
}

const ownerOf = (owner: (Owner & { unit: string | null }) | undefined, named: boolean): ActivityNames['owner'] =>
  owner
    ? {
        person: { id: owner.personId, name: named && !owner.protected ? owner.name : null, protected: owner.protected },
        title: owner.protected ? null : owner.title,
        unit: owner.protected ? null : owner.unit,
      }
    : null

async function ownersThen(tx: Tx, ids: readonly string[], { at, unitNames }: ScopeThen) {
  const rows = await tx.query<Owner>(
    `select f.id, f.person_id as "personId", p.protected, s.attrs ->> 'title' as title,
       nullif(concat_ws(' ', ps.attrs ->> 'givenName', ps.attrs ->> 'familyName'), '') as name,
       coalesce(s.attrs ->> 'unitOverride', s.attrs ->> 'unit') as "unitId"
     from affiliation f join person_current p on p.person_id = f.person_id
     left join affiliation_state s on s.affiliation_id = f.id and s.valid @> $2::date and s.recorded @> $3::timestamptz
     left join person_state ps on ps.person_id = f.person_id and ps.valid @> $2::date and ps.recorded @> $3::timestamptz
     where f.id = any($1::uuid[])`,
    [ids, at.valid, at.known],
  )
  return new Map(rows.map(row => [row.id, { ...row, unit: unitNames.get(row.unitId) ?? null }]))
}
