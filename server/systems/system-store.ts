import type { Tx } from '../platform/unit-of-work.ts'
import { MAPPINGS, noteObserveDue } from './observe-rights.ts'

/** Entitlement keys and ids that may be given: what rules are expanded over. */
export async function loadEntitlements(tx: Tx): Promise<{ id: string; key: string }[]> {
  return tx.query('select id, key from entitlement where gone_at is null order by key')
}

export type MappingInput = { source: string; pattern: string; entitlement: string }

/** Mappings in force, in the order in which they are asked. */
export async function loadMappings(tx: Tx): Promise<MappingInput[]> {
  return tx.query('select source, pattern, entitlement from group_mapping where off_at is null order by position, id')
}

/**
 * What an import of files leaves alone: mappings that people have made on the screen, and those of files that people
 * have taken out there.
 */
export async function mappingsOfTheScreen(tx: Tx): Promise<{ kept: MappingInput[]; out: MappingInput[] }> {
  const rows = await tx.query<MappingInput & { off: boolean }>(
    `select source, pattern, entitlement, off_at is not null as off from group_mapping
     where origin = 'screen' or off_at is not null order by position, id`,
  )
  const plain = ({ source, pattern, entitlement }: MappingInput): MappingInput => ({ source, pattern, entitlement })
  return { kept: rows.filter(row => !row.off).map(plain), out: rows.filter(row => row.off).map(plain) }
}

/**
 * Replaces the mappings that files declare by these, in this order; what people have said on the screen stands. Rights
 * that follow are worked out by the next observation.
 */
export async function replaceMappings(tx: Tx, mappings: readonly MappingInput[]): Promise<void> {
  const wanted = JSON.stringify(mappings)
  const removed = await tx.query(
    `delete from group_mapping m where m.origin = 'file' and not exists (
       select from jsonb_to_recordset($1::jsonb) as w(source text, pattern text, entitlement text)
       where (w.source, w.pattern, w.entitlement) = (m.source, m.pattern, m.entitlement))
     returning 1`,
    [wanted],
  )
  const written = await tx.query(
    `insert into group_mapping as m (source, pattern, entitlement, position)
     select distinct on (source, pattern, entitlement) source, pattern, entitlement, place::int
     from rows from (jsonb_to_recordset($1::jsonb) as (source text, pattern text, entitlement text))
       with ordinality as w (source, pattern, entitlement, place)
     order by source, pattern, entitlement, place
     -- One that the screen has made too stays the screen's; one that was taken out there is now known to stand in a file.
     on conflict (source, pattern, entitlement) do update set position = excluded.position, origin = 'file'
       where (m.origin = 'file' or m.off_at is not null) and (m.position, m.origin) <> (excluded.position, 'file')
     returning 1`,
    [wanted],
  )
  if (removed.length + written.length > 0) await noteObserveDue(tx, MAPPINGS)
}
