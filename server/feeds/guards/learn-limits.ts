import type { Tx } from '../../platform/unit-of-work.ts'

/** So many earlier runs with changes are needed before anything is called usual, and so many are looked at. */
const FEWEST_RUNS = 10
const LOOKED_AT = 200
/** A run may change half as much again as 99 of 100 did. */
const ROOM = 1.5

export type Learned = { kind: string; op: string; usual: number; runs: number; limit: number | null }

/**
 * What is usual: of the last runs that were let through without anything held back, how many changes of each kind and op
 * 99 of 100 had at most. Runs without any change of the sort do not count, or a quiet week would make Monday unusual.
 */
export async function learnLimits(tx: Tx, source: string): Promise<Learned[]> {
  const rows = await tx.query<{ kind: string; op: string; usual: number; runs: number }>(
    `select kind, op, percentile_disc(0.99) within group (order by n) as usual, count(*)::int as runs
     from (
       select counts from feed_run
       where source = $1 and state = 'done' and not dry_run and held_back = '[]'
         and jsonb_path_exists(counts, '$.* ? (@.added > 0 || @.changed > 0 || @.gone > 0 || @.returned > 0)')
       order by started_at desc limit $2
     ) r, jsonb_each(r.counts) k(kind, counts_of),
     lateral (values ('add', 'added'), ('change', 'changed'), ('gone', 'gone'), ('return', 'returned')) o(op, field),
     lateral (select (counts_of ->> field)::int as n) c
     where n > 0 group by kind, op`,
    [source, LOOKED_AT],
  )
  return rows.map(row => ({ ...row, limit: row.runs < FEWEST_RUNS ? null : Math.ceil(row.usual * ROOM) }))
}

/**
 * What is usual of small lists together: the same of all the lists between two complete reads, since a wave is weighed
 * over all of them. Lists between which something was held back, or that no complete read has ended yet, teach nothing.
 */
export async function learnWaves(tx: Tx, source: string): Promise<Learned[]> {
  const rows = await tx.query<{ kind: string; op: string; usual: number; runs: number }>(
    `select kind, op, percentile_disc(0.99) within group (order by n) as usual, count(*)::int as runs
     from (
       select wave, kind, sum((counts_of ->> 'changed')::int)::int as n, 'change' as op
       from (
         select counts, mode, wave, max(wave) over () as last, bool_and(held_back = '[]') over (partition by wave) as quiet
         from (
           select counts, mode, held_back, count(*) filter (where mode = 'full') over (order by started_at, id) as wave
           from feed_run where source = $1 and state in ('done', 'held') and not dry_run
         ) numbered
       ) r, jsonb_each(r.counts) k(kind, counts_of)
       where mode = 'changes' and quiet and wave < last and wave > last - $2 group by wave, kind
     ) waves where n > 0 group by kind, op`,
    [source, LOOKED_AT],
  )
  return rows.map(row => ({ ...row, limit: row.runs < FEWEST_RUNS ? null : Math.ceil(row.usual * ROOM) }))
}

/** The limits that are learned, by `kind op`. */
export const limitsOf = (learned: readonly Learned[]): ReadonlyMap<string, number> =>
  new Map(learned.flatMap(({ kind, op, limit }) => (limit === null ? [] : [[`${kind} ${op}`, limit] as const])))
