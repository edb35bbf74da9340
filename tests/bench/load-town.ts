import process from 'node:process'
import { recompute } from '../../server/access/access-store.ts'
import { createProgress } from '../../server/platform/setup-progress.ts'
import { firstSetUp } from '../../server/setup.ts'
import { openHouse } from './bench-house.ts'
import { forgetRights } from './forget-rights.ts'
import { timed } from './measure.ts'
import type { SourceTime, TownLoad } from './town.ts'

/** Loads a town as a first start does and decides everybody once more; prints what it took as its last line. */
const [url, dataDir] = process.argv.slice(2) as [string, string]
const house = await openHouse(url, dataDir)
const ms = await timed(() => firstSetUp(house, createProgress()))
const { db } = house
// As the database keeps itself after a while; the figures must not depend on whether it has come to it yet.
await db.source.query('vacuum analyze')
const sources = await db.snapshot(tx =>
  tx.query<SourceTime>(
    `select source, extract(epoch from ended_at - started_at) * 1000 as ms,
       (select sum((value ->> 'read')::int) from jsonb_each(counts)) as records
     from feed_run order by started_at`,
  ),
)
await forgetRights(db)
let affiliations = 0
const recomputeMs = await timed(async () => {
  const run = await db.transaction(tx =>
    recompute(tx, 'all', { today: house.clock.today(), now: house.clock.now(), cause: 'bench' }),
  )
  affiliations = run.affiliations
})
const [counts] = await db.snapshot(tx =>
  tx.query<{ people: number; assignments: number }>(
    'select (select count(*) from person_current) as people, (select count(*) from assignment) as assignments',
  ),
)
const load: TownLoad = {
  ms,
  sources: sources.map(one => ({ ...one, ms: Number(one.ms), records: Number(one.records) })),
  recompute: { ms: recomputeMs, affiliations, assignments: counts!.assignments },
  people: counts!.people,
  peakMb: process.resourceUsage().maxRSS / 1024,
}
await db.close()
process.stdout.write(`${JSON.stringify(load)}\n`)
