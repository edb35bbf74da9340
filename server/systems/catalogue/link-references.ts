import type { Tx } from '../../platform/unit-of-work.ts'

/**
 * People and units that sheets name: chosen by hand, or by the key under which a source of people knows them. They may
 * come from another source, before or after the system. Words that lead nowhere stay words; a link that was found once
 * stays until something else is said. `systems` null: all of them.
 */
export async function linkReferences(tx: Tx, systems: readonly string[] | null): Promise<void> {
  await tx.query(
    `with named as materialized (
       select s.id, f.field, s.sheet -> f.field ->> 'words' as words,
         coalesce(s.sheet -> f.field ->> 'affiliation', s.sheet -> f.field ->> 'unit') as chosen
       from it_system s cross join unnest(array['owner', 'responsible', 'contact', 'unit']) as f(field)
       where s.sheet ? f.field and ($1::uuid[] is null or s.id = any($1::uuid[]))
     ), heard as materialized (
       select r.kind, r.key, min(r.subject_id::text) as id from source_record r
       where r.kind in ('affiliation', 'unit') and r.subject_id is not null
         and r.key in (select words from named where words is not null)
       group by r.kind, r.key
     ), found as (
       select n.id,
         max(coalesce(n.chosen, h.id)) filter (where n.field = 'owner')::uuid as owner,
         max(coalesce(n.chosen, h.id)) filter (where n.field = 'responsible')::uuid as responsible,
         max(coalesce(n.chosen, h.id)) filter (where n.field = 'contact')::uuid as contact,
         max(coalesce(n.chosen, h.id)) filter (where n.field = 'unit')::uuid as unit
       from named n
       left join heard h on h.key = n.words and h.kind = case n.field when 'unit' then 'unit' else 'affiliation' end
       group by n.id
     )
     update it_system s set owner_affiliation_id = coalesce(f.owner, s.owner_affiliation_id),
       responsible_affiliation_id = coalesce(f.responsible, s.responsible_affiliation_id),
       contact_affiliation_id = coalesce(f.contact, s.contact_affiliation_id), unit_id = coalesce(f.unit, s.unit_id)
     from found f
     where s.id = f.id and (f.owner <> s.owner_affiliation_id or (f.owner is not null and s.owner_affiliation_id is null)
       or f.responsible is distinct from s.responsible_affiliation_id and f.responsible is not null
       or f.contact is distinct from s.contact_affiliation_id and f.contact is not null
       or f.unit is distinct from s.unit_id and f.unit is not null)`,
    [systems],
  )
}
