import type { NormalAttrs } from '../platform/feed-record.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { affiliationKindOf, onLeave, unitOf } from './affiliation.ts'
import type { Origin } from './derive-timeline.ts'
import { type ResolvedUnit, resolveOrganisation, type UnitInput } from './organisation.ts'

export type AffiliationAsOf = {
  id: string
  kind: ReturnType<typeof affiliationKindOf>
  employeeNo: string | null
  title: string | null
  fraction: number | null
  primary: boolean
  startsOn: string | null
  endsOn: string | null
  onLeave: boolean
  unit: { id: string; key: string; name: string } | null
}
export type PersonAsOf = {
  id: string
  name: string
  attrs: NormalAttrs
  origin: Origin
  affiliations: AffiliationAsOf[]
}

type Row = { id: string; attrs: NormalAttrs; origin: Origin }

/**
 * A person on the civil date `valid`, as we knew it at the instant `known`. Null when we did not know of the person.
 * The affiliations are those in force on that date.
 */
export async function personAsOf(tx: Tx, personId: string, valid: string, known: Date): Promise<PersonAsOf | null> {
  const [person] = await tx.query<Row>(
    `select person_id as id, attrs, origin from person_state
     where person_id = $1 and valid @> $2::date and recorded @> $3::timestamptz`,
    [personId, valid, known],
  )
  if (!person) return null
  const rows = await tx.query<Row>(
    `select s.affiliation_id as id, s.attrs, s.origin
     from affiliation a join affiliation_state s on s.affiliation_id = a.id
     where a.person_id = $1 and s.valid @> $2::date and s.recorded @> $3::timestamptz
     order by s.attrs ->> 'startsOn', s.affiliation_id`,
    [personId, valid, known],
  )
  const units = await unitsAround(tx, rows, valid, known)
  return {
    id: person.id,
    name: [person.attrs.givenName, person.attrs.familyName].filter(part => typeof part === 'string').join(' '),
    attrs: person.attrs,
    origin: person.origin,
    affiliations: rows.map(({ id, attrs }) => {
      const unit = units.get(unitOf(attrs, units) ?? '')
      return {
        id,
        kind: affiliationKindOf(attrs),
        employeeNo: text(attrs.employeeNo),
        title: text(attrs.title),
        fraction: typeof attrs.fraction === 'number' ? attrs.fraction : null,
        primary: attrs.primary === true,
        startsOn: text(attrs.startsOn),
        endsOn: text(attrs.endsOn),
        onLeave: onLeave(attrs, valid),
        unit: unit ? { id: unit.id, key: unit.key, name: unit.name } : null,
      }
    }),
  }
}

export type UnitAsOf = Pick<
  ResolvedUnit,
  | 'id'
  | 'key'
  | 'tree'
  | 'name'
  | 'kind'
  | 'parentId'
  | 'level'
  | 'path'
  | 'kle'
  | 'kleInherited'
  | 'mapsToId'
  | 'inLoop'
> & { postAffiliationId: string | null }

/** The organisation on the civil date `valid`, as we knew it at `known`: every unit in force, with its path. */
export async function unitsAsOf(tx: Tx, valid: string, known: Date, tree?: string): Promise<UnitAsOf[]> {
  const rows = await tx.query<Row & { key: string; tree: string }>(
    `select u.id, u.key, u.tree, s.attrs, s.origin from org_unit_state s join org_unit u on u.id = s.unit_id
     where s.valid @> $1::date and s.recorded @> $2::timestamptz and ($3::text is null or u.tree = $3)
     order by u.key`,
    [valid, known, tree ?? null],
  )
  const posts = new Map(rows.map(row => [row.id, text(row.attrs.manager)]))
  return [...resolveOrganisation(rows.map(toInput), new Map()).values()].map(unit => ({
    id: unit.id,
    key: unit.key,
    tree: unit.tree,
    name: unit.name,
    kind: unit.kind,
    parentId: unit.parentId,
    level: unit.level,
    path: unit.path,
    kle: unit.kle,
    kleInherited: unit.kleInherited,
    mapsToId: unit.mapsToId,
    inLoop: unit.inLoop,
    postAffiliationId: posts.get(unit.id) ?? null,
  }))
}

export type HistoryRow = {
  kind: 'person' | 'affiliation'
  subjectId: string
  from: string | null
  to: string | null
  recordedFrom: Date
  /** Null: what we say now. */
  recordedTo: Date | null
  attrs: NormalAttrs
  origin: Origin
}

/** Everything ever known about a person and the person's affiliations, newest knowledge first: for the timeline. */
export async function personHistory(tx: Tx, personId: string): Promise<HistoryRow[]> {
  return tx.query<HistoryRow>(
    `select 'person' as kind, person_id as "subjectId", lower(valid) as from, upper(valid) as to,
       lower(recorded) as "recordedFrom", upper(recorded) as "recordedTo", attrs, origin
     from person_state where person_id = $1
     union all
     select 'affiliation', s.affiliation_id, lower(s.valid), upper(s.valid), lower(s.recorded), upper(s.recorded),
       s.attrs, s.origin
     from affiliation a join affiliation_state s on s.affiliation_id = a.id where a.person_id = $1
     order by "recordedFrom" desc, "from" desc nulls last`,
    [personId],
  )
}

/** Deputies of a unit on a civil date. */
export async function deputiesOf(tx: Tx, unitId: string, on: string) {
  return tx.query<{
    id: string
    personId: string | null
    affiliationId: string
    kind: 'permanent' | 'dated'
    from: string | null
    to: string | null
  }>(
    `select id, deputy_person_id as "personId", deputy_affiliation_id as "affiliationId", kind,
       lower(valid) as from, upper(valid) as to
     from deputy where unit_id = $1 and valid @> $2::date order by kind, lower(valid) nulls first, id`,
    [unitId, on],
  )
}

/** The units that rows name and everything above them (mapped payroll units too), on that date as known then. */
async function unitsAround(tx: Tx, rows: readonly Row[], valid: string, known: Date) {
  const ids = rows.flatMap(({ attrs }) =>
    [attrs.unitOverride, attrs.unit, attrs.payUnit].filter(one => one !== undefined),
  )
  const found = await tx.query<Row & { key: string; tree: string }>(
    `with recursive up as (
       select $1::uuid[] as ids
     ), near (unit_id, attrs) as (
       select s.unit_id, s.attrs from org_unit_state s, up
       where s.unit_id = any(up.ids) and s.valid @> $2::date and s.recorded @> $3::timestamptz
       union
       select s.unit_id, s.attrs from near
       join org_unit_state s on s.unit_id in ((near.attrs ->> 'parent')::uuid, (near.attrs ->> 'mapsTo')::uuid)
       where s.valid @> $2::date and s.recorded @> $3::timestamptz
     )
     select u.id, u.key, u.tree, near.attrs, '[]'::jsonb as origin from near join org_unit u on u.id = near.unit_id`,
    [ids, valid, known],
  )
  return resolveOrganisation(found.map(toInput), new Map())
}

function toInput(row: { id: string; key: string; tree: string; attrs: NormalAttrs }): UnitInput {
  return {
    id: row.id,
    key: row.key,
    tree: row.tree,
    name: text(row.attrs.name) ?? row.key,
    kind: text(row.attrs.unitKind) ?? 'unit',
    parentId: text(row.attrs.parent),
    postId: text(row.attrs.manager),
    kle: Array.isArray(row.attrs.kle) ? row.attrs.kle.map(String) : [],
    mapsToId: text(row.attrs.mapsTo),
    active: true,
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
