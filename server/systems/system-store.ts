import type { Tx } from '../platform/unit-of-work.ts'
import { MAPPINGS, noteObserveDue } from './observe-rights.ts'

/** Entitlement keys and ids that may be given: what rules are expanded over. */
export async function loadEntitlements(tx: Tx): Promise<{ id: string; key: string }[]> {
  return tx.query('select id, key from entitlement where gone_at is null order by key')
}

export type MappingInput = { source: string; pattern: string; entitlement: string }

export async function loadMappings(tx: Tx): Promise<MappingInput[]> {
  return tx.query('select source, pattern, entitlement from group_mapping order by position, id')
}

/** Replaces all mappings by these, in this order. Rights that follow are worked out by the next observation. */
export async function replaceMappings(tx: Tx, mappings: readonly MappingInput[]): Promise<void> {
  const wanted = JSON.stringify(mappings)
  const removed = await tx.query(
    `delete from group_mapping m where not exists (
       select from jsonb_to_recordset($1::jsonb) as w(source text, pattern text, entitlement text)
       where (w.source, w.pattern, w.entitlement) = (m.source, m.pattern, m.entitlement))
     returning 1`,
    [wanted],
  )
  const written = await tx.query(
    `insert into group_mapping (source, pattern, entitlement, position)
     select distinct on (source, pattern, entitlement) source, pattern, entitlement, place::int
     from rows from (jsonb_to_recordset($1::jsonb) as (source text, pattern text, entitlement text))
       with ordinality as w (source, pattern, entitlement, place)
     order by source, pattern, entitlement, place
     on conflict (source, pattern, entitlement) do update set position = excluded.position
       where group_mapping.position <> excluded.position
     returning 1`,
    [wanted],
  )
  if (removed.length + written.length > 0) await noteObserveDue(tx, MAPPINGS)
}
