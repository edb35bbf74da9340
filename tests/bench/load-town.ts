import process from 'node:process'
import { createProgress } from '../../server/platform/setup-progress.ts'
import { firstSetUp } from '../../server/setup/set-up.ts'
import { openHouse } from './bench-house.ts'
import { timed } from './measure.ts'
import type { SourceTime, TownLoad } from './town.ts'

/** Loads a town as a first start does, without its fortnight; prints what it took as its last line. */
const [url, dataDir] = process.argv.slice(2) as [string, string]
const house = await openHouse(url, dataDir)
const peak = () => process.resourceUsage().maxRSS / 1024
const { run } = house.feeds
let afterSources = 0
house.feeds.run = async (...args) => {
  const result = await run(...args)
  afterSources = peak()
  return result
}
const ms = await timed(() => firstSetUp(house, createProgress(), { fortnight: false }))
const peakAfterAll = peak()
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
const [counts] = await db.snapshot(tx => tx.query<{ people: number }>('select count(*) as people from person_current'))
const load: TownLoad = {
  ms,
  sources: sources.map(one => ({ ...one, ms: Number(one.ms), records: Number(one.records) })),
  people: counts!.people,
  peakMb: peakAfterAll,
  peakAfterSourcesMb: afterSources,
}
await db.close()
process.stdout.write(`${JSON.stringify(load)}\n`)
