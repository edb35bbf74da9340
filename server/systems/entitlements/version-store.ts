import type { Tx } from '../../platform/unit-of-work.ts'

/** Who changed it and why; `by` null: what was before anybody did. */
export type VersionBy = { by: string | null; reason: string | null; now: Date }

/**
 * SQL of what an entitlement is and consists of, over `entitlement e`: what versions keep and are compared by. Lists are
 * in order, so that the same is the same.
 */
export const CONTENT_SQL = `jsonb_build_object(
  'name', e.name, 'description', e.description, 'technicalNote', e.technical_note, 'kind', e.kind,
  'sensitivity', e.sensitivity, 'privileged', e.privileged, 'constraints', to_jsonb(e.constraints),
  'owner', e.owner_person_id, 'licenceCap', e.licence_cap, 'licenceCounts', e.licence_counts, 'status', e.status,
  'groups', (select coalesce(jsonb_agg(g.source || ': ' || g.name order by g.source, g.name), '[]')
    from group_entitlement ge join directory_group g on g.id = ge.group_id where ge.entitlement_id = e.id),
  'mappings', (select coalesce(jsonb_agg(distinct m.source || ': ' || m.pattern), '[]')
    from group_entitlement ge join group_mapping m on m.id = ge.mapping_id where ge.entitlement_id = e.id),
  'includes', (select coalesce(jsonb_agg(part.key order by part.key), '[]')
    from entitlement_include i join entitlement part on part.id = i.includes_id where i.entitlement_id = e.id))
  || jsonb_strip_nulls(jsonb_build_object('approval', e.approval, 'emergency', case when not e.emergency then false end))`

/**
 * Notes what these entitlements are, so that `keepVersions` can tell which of them a change has made different. In one
 * transaction, once before and once after.
 */
export async function noteContent(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.query(
    `create temporary table content_before on commit drop as
     select e.id as entitlement_id, ${CONTENT_SQL} as content from entitlement e where e.id = any($1)`,
    [ids],
  )
}

/** A version of each that is different now; of one that has none yet, also the state before. Answers which. */
export async function keepVersions(tx: Tx, { by, reason, now }: VersionBy): Promise<string[]> {
  const rows = await tx.query<{ entitlement_id: string }>(
    `with now as (
       select b.entitlement_id, b.content as before, ${CONTENT_SQL} as after,
         coalesce((select max(v.version) from entitlement_version v where v.entitlement_id = e.id), 0) as last
       from content_before b join entitlement e on e.id = b.entitlement_id
     ), different as (select * from now where before <> after),
     first as (
       insert into entitlement_version (entitlement_id, version, recorded_at, content)
       select entitlement_id, 1, $1::timestamptz, before from different where last = 0
     )
     insert into entitlement_version (entitlement_id, version, recorded_at, recorded_by, reason, content)
     select entitlement_id, greatest(last, 1) + 1, $1, $2, $3, after from different returning entitlement_id`,
    [now, by, reason],
  )
  await tx.query('drop table content_before')
  return rows.map(row => row.entitlement_id)
}

/** The first version of one that a person has just made. */
export async function firstVersion(tx: Tx, id: string, { by, reason, now }: VersionBy): Promise<void> {
  await tx.query(
    `insert into entitlement_version (entitlement_id, version, recorded_at, recorded_by, reason, content)
     select e.id, 1, $2, $3, $4, ${CONTENT_SQL} from entitlement e where e.id = $1`,
    [id, now, by, reason],
  )
}
