import type { ResponseOf } from '#contract/endpoint.ts'
import type { getStaleThen } from '#contract/freshness.ts'
import type { Moment } from '../../access/past-rights.ts'
import { staleThenSql } from '../../access/past-state.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

type Then = ResponseOf<typeof getStaleThen>['rows'][number]

/** Sources that were too old at the end of a day in the town hall, or at the instant, when that was earlier. */
export async function staleThenView(tx: Tx, at: Moment): Promise<Then[]> {
  const rows = await tx.query<Omit<Then, 'readAt'> & { readAt: Date | null }>(
    `with moment as materialized (
       select least($1::timestamptz, ($2::date + 1)::timestamp at time zone 'Europe/Copenhagen') as at
     )
     select s.key as source, s.name, t.read_at as "readAt" from (${staleThenSql('(select at from moment)')}) t
     join source s on s.key = t.source order by s.key`,
    [at.known, at.valid],
  )
  return rows.map(row => ({ ...row, readAt: row.readAt?.toISOString() ?? null }))
}
