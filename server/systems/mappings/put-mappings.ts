import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { mappingProblems } from '../group-mapping.ts'
import type { PlaceBack, Standing } from './mapping-step.ts'

/** Writes mappings and where they are asked. */

export type Put = { source: string; pattern: string; entitlement: string; place: 'first' | 'last' }
type Who = { by: string; now: Date }

export const stale = () =>
  problem('conflict', { detail: 'Somebody has changed these mappings in the meantime. Look at them again.' })
const invalid = (where: string, what: string, detail: string) =>
  problem('mapping-invalid', { detail, errors: [{ where, what }] })

/** Throws `mapping-invalid`, naming the field and what is wrong with it. `systems`: by key of right, of those named. */
export async function checkPuts(tx: Tx, puts: readonly Put[], systems: ReadonlyMap<string, string>): Promise<void> {
  if (puts.length === 0) return
  const text = ({ source, pattern, entitlement }: Put) => JSON.stringify([source, pattern, entitlement])
  if (new Set(puts.map(text)).size < puts.length)
    throw invalid('pattern', 'mapping-twice', 'The same mapping stands twice. Take one of them out.')
  for (const put of puts) {
    const [wrong] = mappingProblems(put.pattern, put.entitlement)
    if (wrong)
      throw invalid(
        'entitlement',
        wrong,
        wrong === 'mapping-unknown-star'
          ? 'The right uses a star that the pattern does not have; {1} is the first "*".'
          : 'A right is written system/right, with the system in small letters.',
      )
    if (!put.entitlement.includes('{') && !systems.has(put.entitlement))
      throw invalid(
        'entitlement',
        'entitlement-unknown',
        'No system has this right. Choose one from the list, or create it on the page of its system.',
      )
  }
  const sources = [...new Set(puts.map(put => put.source))]
  const known = await tx.query<{ source: string }>(
    'select key as source from source where key = any($1) union select source from directory_group where source = any($1)',
    [sources],
  )
  if (known.length < sources.length) throw invalid('source', 'source-unknown', 'There is no such source.')
}

/** Positions of the screen lie before and after those of files, whatever these count. */
const AFTER_FILES = 1_000_000
const EDGE_SQL = `select least(0, min(position)) as low, greatest(${AFTER_FILES}, max(position)) as high from group_mapping`

/** Answers the mappings, in the order of what was put. Throws `mapping-invalid` where one is in force already. */
export async function putMappings(tx: Tx, puts: readonly Put[], { by, now }: Who): Promise<string[]> {
  if (puts.length === 0) return []
  const rows = await tx.query<{ id: string; source: string; pattern: string; entitlement: string }>(
    `with edge as (${EDGE_SQL})
     insert into group_mapping as m (source, pattern, entitlement, position, origin, changed_at, changed_by)
     select source, pattern, entitlement,
       case place when 'first' then e.low - $4::int + n::int - 1 else e.high + n::int end,
       'screen', $2, $3
     from edge e cross join rows from (jsonb_to_recordset($1::jsonb) as (source text, pattern text, entitlement text, place text))
       with ordinality as w (source, pattern, entitlement, place, n)
     -- One that was taken out and is wanted again is the same mapping; a file's stays the file's, in its place.
     on conflict (source, pattern, entitlement) do update set off_at = null, changed_at = excluded.changed_at,
       changed_by = excluded.changed_by,
       position = case when m.origin = 'file' then m.position else excluded.position end
       where m.off_at is not null
     returning id, source, pattern, entitlement`,
    [JSON.stringify(puts), now, by, puts.length],
  )
  return puts.map(put => {
    const row = rows.find(
      one => one.source === put.source && one.pattern === put.pattern && one.entitlement === put.entitlement,
    )
    if (!row) throw invalid('pattern', 'mapping-exists', 'This mapping exists already. Look at the list of mappings.')
    return row.id
  })
}

/**
 * Moves mappings to where they shall be asked: a position, or before or after all others. One of a file that is moved is
 * the screen's from then on, since the next import would move it back.
 */
export async function moveMappings(
  tx: Tx,
  moves: readonly { mapping: string; to: number | 'first' | 'last' }[],
  { by, now }: Who,
): Promise<void> {
  if (moves.length === 0) return
  await tx.query(
    `with edge as (${EDGE_SQL}), wanted as (
       select w.mapping, case w."to" when 'first' then e.low - $4::int + w.n::int - 1 when 'last' then e.high + w.n::int
         else w."to"::int end as position
       from edge e cross join rows from (jsonb_to_recordset($1::jsonb) as (mapping uuid, "to" text))
         with ordinality as w (mapping, "to", n)
     )
     update group_mapping m set position = w.position, origin = 'screen', changed_at = $2, changed_by = $3
     from wanted w where m.id = w.mapping and m.position <> w.position`,
    [JSON.stringify(moves), now, by, moves.length],
  )
}

/** Puts moved mappings back. Throws `conflict` where one has been moved again since. */
export async function placeBack(tx: Tx, steps: readonly PlaceBack[], { by, now }: Who): Promise<void> {
  if (steps.length === 0) return
  const rows = await tx.query(
    `update group_mapping m set position = w.position, origin = w.origin, changed_at = $2, changed_by = $3
     from jsonb_to_recordset($1::jsonb) as w(mapping uuid, "from" int, position int, origin text)
     where m.id = w.mapping and m.position = w."from" returning m.id`,
    [JSON.stringify(steps), now, by],
  )
  if (rows.length < steps.length) throw stale()
}

/** Where these mappings stand, those that are put again included. */
export async function standingOf(tx: Tx, ids: readonly string[], puts: readonly Put[]): Promise<Map<string, Standing>> {
  if (ids.length === 0 && puts.length === 0) return new Map()
  const rows = await tx.query<Standing & { id: string }>(
    `select id, position, origin from group_mapping m where id = any($1) or exists (
       select from jsonb_to_recordset($2::jsonb) as w(source text, pattern text, entitlement text)
       where (w.source, w.pattern, w.entitlement) = (m.source, m.pattern, m.entitlement))`,
    [ids, JSON.stringify(puts)],
  )
  return new Map(rows.map(({ id, position, origin }) => [id, { position, origin }]))
}
