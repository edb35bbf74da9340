import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../server/platform/clock.ts'
import type { BenchPostgres } from './bench-database.ts'
import { asStarted, runChild } from './run-child.ts'

export type SourceTime = { source: string; records: number; ms: number }
export type TownLoad = {
  /** From declared sources to stored rights, everything that a first start does with the data. */
  ms: number
  sources: SourceTime[]
  people: number
  /** Largest resident memory of that process, in MB. */
  peakMb: number
  /** The same when the sources had been read, before the rules came. */
  peakAfterSourcesMb: number
}
export type Town = {
  people: number
  url: string
  dataDir: string
  load: TownLoad
  /** Deciding and storing everybody's rights from nothing, once the part `rights` has measured it. */
  rightsMs?: number
}

/** The demonstration municipality of 6,000 or 60,000 people, through the real pipeline, in a process of its own. */
export async function makeTown(postgres: BenchPostgres, people: number): Promise<Town> {
  const dataDir = join(postgres.folder, `town-${people}`)
  mkdirSync(dataDir)
  const script = (name: string) => join(import.meta.dirname, name)
  // Who makes the files is no part of the product and may take the memory that a large town needs; who reads them in may not.
  await runChild(script('write-town.ts'), [join(dataDir, 'demo'), String(people / 6000), systemClock.today()], {
    flags: ['--max-old-space-size=12288'],
    environment: {},
  })
  const url = await postgres.database(`town_${people}`)
  const load = JSON.parse(await runChild(script('load-town.ts'), [url, dataDir], asStarted())) as TownLoad
  return { people, url, dataDir, load }
}
