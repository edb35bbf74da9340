import type { EntitlementAttribute } from '#contract/entitlements.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { type GroupMapping, mapGroups } from '../group-mapping.ts'
import type { EntitlementValues } from './entitlement.ts'
import { CONTENT_SQL } from './version-store.ts'

export type StoredEntitlement = EntitlementValues & {
  id: string
  key: string
  systemId: string
  systemHasOwner: boolean
  status: 'active' | 'retired'
  gone: boolean
  includes: string[]
  stamp: string
}

/** Fits one state of what an entitlement is and consists of. */
export const STAMP_SQL = `md5(${CONTENT_SQL}::text)`

/** Held until the transaction ends. null: there is none. */
export async function lockEntitlement(tx: Tx, id: string): Promise<StoredEntitlement | null> {
  await tx.query('select from entitlement where id = $1 for update', [id])
  const [row] = await tx.query<StoredEntitlement>(
    `select e.id, e.key, e.system_id as "systemId", s.owner_affiliation_id is not null as "systemHasOwner", e.status,
       e.gone_at is not null as gone, e.name, e.description, e.technical_note as "technicalNote", e.kind, e.sensitivity,
       e.privileged, e.constraints, e.owner_person_id as "ownerPersonId", e.licence_cap as "licenceCap",
       e.licence_counts as "licenceCounts", e.approval, e.emergency, ${STAMP_SQL} as stamp,
       array(select includes_id from entitlement_include i where i.entitlement_id = e.id) as includes
     from entitlement e join it_system s on s.id = e.system_id where e.id = $1`,
    [id],
  )
  return row ?? null
}

export async function stampOf(tx: Tx, id: string): Promise<string> {
  const [row] = await tx.query<{ stamp: string }>(`select ${STAMP_SQL} as stamp from entitlement e where e.id = $1`, [
    id,
  ])
  return row?.stamp ?? ''
}

/** What has been given in `v` (JSON by attribute); everything else stays. */
const FED_SQL = `name = coalesce(v ->> 'name', e.name),
  description = case when v ? 'description' then v ->> 'description' else e.description end,
  kind = coalesce(v ->> 'kind', e.kind), sensitivity = coalesce(v ->> 'sensitivity', e.sensitivity),
  privileged = coalesce((v ->> 'privileged')::boolean, e.privileged),
  constraints = case when v ? 'constraints' then array(select jsonb_array_elements_text(v -> 'constraints')) else e.constraints end`

/** Writes values, and keeps those that feeds say too as said by a person. */
export async function writeValues(
  tx: Tx,
  id: string,
  values: Readonly<Record<string, unknown>>,
  fed: readonly EntitlementAttribute[],
  who: { by: string; now: Date },
): Promise<void> {
  await tx.query(
    `update entitlement e set ${FED_SQL},
       technical_note = case when v ? 'technicalNote' then v ->> 'technicalNote' else e.technical_note end,
       owner_person_id = case when v ? 'ownerPersonId' then (v ->> 'ownerPersonId')::uuid else e.owner_person_id end,
       licence_cap = case when v ? 'licenceCap' then (v ->> 'licenceCap')::int else e.licence_cap end,
       licence_counts = coalesce(v ->> 'licenceCounts', e.licence_counts),
       approval = case when v ? 'approval' then v ->> 'approval' else e.approval end,
       emergency = coalesce((v ->> 'emergency')::boolean, e.emergency)
     from (select $2::jsonb as v) given where e.id = $1`,
    [id, JSON.stringify(values)],
  )
  await tx.query(
    `insert into entitlement_set (entitlement_id, attribute, value, set_by, set_at)
     select $1, key, value, $3, $4 from jsonb_each($2::jsonb)
     on conflict (entitlement_id, attribute) do update set value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at`,
    [id, JSON.stringify(Object.fromEntries(fed.map(attribute => [attribute, values[attribute]]))), who.by, who.now],
  )
}

/** What people have said stands before what a feed has just written. Nothing is set: one statement that finds nothing. */
export async function putBackSetValues(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx.query(
    `update entitlement e set ${FED_SQL}
     from (select s.entitlement_id, jsonb_object_agg(s.attribute, s.value) as v from entitlement_set s
       group by s.entitlement_id) given
     where e.id = given.entitlement_id and e.key = any($1)`,
    [keys],
  )
}

/** What the feeds say of an entitlement, by attribute; the source that spoke last. null: no feed knows it. */
export const FEED_SQL = `(select jsonb_build_object('name', r.payload -> 'name', 'description', r.payload -> 'description',
    'kind', coalesce(r.payload -> 'entitlementKind', '"role"'), 'sensitivity', coalesce(r.payload -> 'sensitivity', '"none"'),
    'privileged', coalesce(r.payload -> 'privileged', 'false'), 'constraints', coalesce(r.payload -> 'constraints', '[]'))
  from source_record r where r.subject_id = e.id and r.kind = 'entitlement' and r.gone_at is null
  order by r.changed_at desc limit 1)`

/** Lets the feed say these again. Throws `entitlement-invalid` where no feed knows the entitlement. */
export async function releaseValues(tx: Tx, id: string, attributes: readonly EntitlementAttribute[]): Promise<void> {
  const [row] = await tx.query<{ feed: Record<string, unknown> | null }>(
    `select ${FEED_SQL} as feed from entitlement e where e.id = $1`,
    [id],
  )
  const feed = row?.feed
  if (!feed)
    throw problem('entitlement-invalid', {
      detail: 'No source says anything of this entitlement. Change the value instead.',
      errors: attributes.map(where => ({ where, what: 'no-feed' })),
    })
  await tx.query('delete from entitlement_set where entitlement_id = $1 and attribute = any($2)', [id, attributes])
  await tx.query(`update entitlement e set ${FED_SQL} from (select $2::jsonb as v) given where e.id = $1`, [
    id,
    JSON.stringify(Object.fromEntries(attributes.map(attribute => [attribute, feed[attribute] ?? null]))),
  ])
}

export async function replaceIncludes(tx: Tx, id: string, parts: readonly string[]): Promise<void> {
  await tx.query('delete from entitlement_include where entitlement_id = $1 and includes_id <> all($2)', [id, parts])
  await tx.query(
    `insert into entitlement_include (entitlement_id, includes_id) select $1, unnest($2::uuid[]) on conflict do nothing`,
    [id, parts],
  )
}

/** Everything that entitlements include, by id: few rows, since only people write them. */
export async function loadIncludes(tx: Tx): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ id: string; parts: string[] }>(
    'select entitlement_id as id, array_agg(includes_id) as parts from entitlement_include group by entitlement_id',
  )
  return new Map(rows.map(row => [row.id, row.parts]))
}

/** Groups that give this entitlement, or whose mapping is waiting for it, are to be mapped again. */
export async function noteGroupsOf(tx: Tx, { id, key }: { id: string; key: string }): Promise<void> {
  const mappings = await tx.query<GroupMapping>(
    `select id, source, pattern, entitlement from group_mapping where off_at is null order by position, id`,
  )
  const waiting = mappings.some(one => one.entitlement === key || one.entitlement.includes('{'))
  const groups = waiting
    ? await tx.query<{ id: string; source: string; name: string }>(
        'select id, source, name from directory_group where gone_at is null',
      )
    : []
  const meant = mapGroups(groups, mappings).filter(one => one.entitlement === key)
  await tx.query(
    `insert into observe_due_subject (source, kind, subject_id)
     select g.source, 'group', g.id from directory_group g
     where g.id = any($1) or g.id in (select group_id from group_entitlement where entitlement_id = $2)
     on conflict do nothing`,
    [meant.map(one => one.groupId), id],
  )
}
