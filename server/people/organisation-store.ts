import type { NormalAttrs } from '../platform/feed-record.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { segmentAt } from './derive-timeline.ts'
import { type Posts, type ResolvedUnit, resolveOrganisation, type UnitInput } from './organisation.ts'

type UnitStateRow = {
  id: string
  key: string
  tree: string
  from: string | null
  to: string | null
  attrs: NormalAttrs
}

/**
 * Resolve all units as of `today` and write those that differ. Answers the units whose row is new, different or gone.
 * All of them, because one parent or post moves everything below; there are hundreds, and a run that touches neither
 * a unit nor a manager does not come here.
 */
export async function refreshUnits(tx: Tx, today: string): Promise<string[]> {
  const inputs = await withSurvivors(tx, await loadUnitInputs(tx, today))
  const posts = await loadPosts(
    tx,
    inputs.flatMap(unit => (unit.postId ? [unit.postId] : [])),
    today,
  )
  const resolved = [...resolveOrganisation(inputs, posts).values()]
  const rows = resolved.map(unit => ({
    unit_id: unit.id,
    key: unit.key,
    tree: unit.tree,
    name: unit.name,
    kind: unit.kind,
    level: unit.level,
    parent_id: unit.parentId,
    path: unit.path,
    path_keys: unit.pathKeys,
    kle: unit.kle,
    kle_inherited: unit.kleInherited,
    post_affiliation_id: unit.postAffiliationId,
    post_person_id: unit.postPersonId,
    manager_affiliation_id: unit.managerAffiliationId,
    manager_person_id: unit.managerPersonId,
    manager_via_unit_id: unit.managerViaUnitId,
    maps_to_id: unit.mapsToId,
    in_loop: unit.inLoop,
    active: unit.active,
  }))
  const changed = await upsertCurrent(tx, 'org_unit_current', 'unit_id', rows, rows[0] ? Object.keys(rows[0]) : [])
  const removed = await tx.query<{ id: string }>(
    'delete from org_unit_current where not unit_id = any($1) returning unit_id as id',
    [resolved.map(unit => unit.id)],
  )
  return [...changed, ...removed.map(row => row.id)]
}

/** All units as they are on a day. */
export async function loadUnitInputs(tx: Tx, today: string): Promise<UnitInput[]> {
  const rows = await tx.query<UnitStateRow>(
    `select u.id, u.key, u.tree, lower(s.valid) as from, upper(s.valid) as to, s.attrs
     from org_unit_state s join org_unit u on u.id = s.unit_id where upper_inf(s.recorded)`,
  )
  const inputs: UnitInput[] = []
  for (const [id, states] of Map.groupBy(rows, row => row.id)) {
    const now = segmentAt(states, today)
    if (!now) continue
    const { key, tree, attrs } = now.segment
    inputs.push({
      id,
      key,
      tree,
      name: textOf(attrs.name) ?? key,
      kind: textOf(attrs.unitKind) ?? 'unit',
      parentId: textOf(attrs.parent),
      postId: textOf(attrs.manager),
      kle: Array.isArray(attrs.kle) ? attrs.kle.map(String) : [],
      mapsToId: textOf(attrs.mapsTo),
      active: now.status === 'active',
    })
  }
  return inputs
}

/** A post whose affiliation counts as another is held by that other. */
async function withSurvivors(tx: Tx, inputs: UnitInput[]): Promise<UnitInput[]> {
  const posts = inputs.flatMap(unit => unit.postId ?? [])
  const rows = await tx.query<{ id: string; into: string }>(
    'select id, merged_into as into from affiliation where id = any($1) and merged_into is not null',
    [posts],
  )
  if (rows.length === 0) return inputs
  const into = new Map(rows.map(row => [row.id, row.into]))
  return inputs.map(unit => ({ ...unit, postId: into.get(unit.postId ?? '') ?? unit.postId }))
}

/** Who holds posts on a day. */
export async function loadPosts(tx: Tx, ids: readonly string[], today: string): Promise<Posts> {
  const rows = await tx.query<{ id: string; personId: string | null; active: boolean }>(
    `select a.id, a.person_id as "personId", exists (
       select from affiliation_state s
       where s.affiliation_id = a.id and upper_inf(s.recorded) and s.valid @> $2::date)
       and not exists (select from person_state p where p.person_id = a.person_id and upper_inf(p.recorded)
         and p.attrs ->> 'diedOn' <= $2::date::text) as active
     from affiliation a where a.id = any($1)`,
    [ids, today],
  )
  return new Map(rows.map(row => [row.id, row]))
}

type UnitRow = {
  id: string
  key: string
  tree: string
  name: string
  kind: string
  level: number
  parent_id: string | null
  path: string[]
  path_keys: string[]
  kle: string[]
  kle_inherited: string[]
  post_affiliation_id: string | null
  post_person_id: string | null
  manager_affiliation_id: string | null
  manager_person_id: string | null
  manager_via_unit_id: string | null
  maps_to_id: string | null
  in_loop: boolean
  active: boolean
}

/** What is needed to place these affiliations: their units with all above, mapped ones too, and units they manage. */
export async function loadUnitsAround(
  tx: Tx,
  unitIds: readonly string[],
  affiliationIds: readonly string[],
): Promise<Map<string, ResolvedUnit>> {
  const rows = await tx.query<UnitRow>(
    `with near as (
       select path, maps_to_id from org_unit_current where unit_id = any($1)
     ), wanted as (
       select unnest(path) as id from near
       union select unnest(m.path) from near join org_unit_current m on m.unit_id = near.maps_to_id
       union select unit_id from org_unit_current where post_affiliation_id = any($2)
     )
     select u.unit_id as id, u.* from org_unit_current u join wanted on wanted.id = u.unit_id`,
    [unitIds, affiliationIds],
  )
  return new Map(
    rows.map(row => [
      row.id,
      {
        id: row.id,
        key: row.key,
        tree: row.tree,
        name: row.name,
        kind: row.kind,
        level: row.level,
        parentId: row.parent_id,
        path: row.path,
        pathKeys: row.path_keys,
        kle: row.kle,
        kleInherited: row.kle_inherited,
        postAffiliationId: row.post_affiliation_id,
        postPersonId: row.post_person_id,
        managerAffiliationId: row.manager_affiliation_id,
        managerPersonId: row.manager_person_id,
        managerViaUnitId: row.manager_via_unit_id,
        mapsToId: row.maps_to_id,
        inLoop: row.in_loop,
        active: row.active,
      },
    ]),
  )
}

/** Insert or overwrite rows of a current table where something differs. Answers the keys that were written. */
export async function upsertCurrent(
  tx: Tx,
  table: 'org_unit_current' | 'person_current' | 'affiliation_current',
  key: string,
  rows: readonly Record<string, unknown>[],
  columns: readonly string[],
): Promise<string[]> {
  if (rows.length === 0) return []
  const sets = columns.filter(column => column !== key).map(column => `${column} = excluded.${column}`)
  const list = columns.join(', ')
  const written = await tx.query<{ id: string }>(
    `insert into ${table} as t (${list})
     select ${list} from json_populate_recordset(null::${table}, $1::json)
     on conflict (${key}) do update set ${sets.join(', ')} where t.* is distinct from excluded.*
     returning t.${key} as id`,
    [JSON.stringify(rows)],
  )
  return written.map(row => row.id)
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
