import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { systemClock } from '../../server/platform/clock.ts'
import type { BenchPostgres } from './bench-database.ts'

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

type Started = { flags: string[]; environment: Record<string, string> }

/** How `npm start` runs the server: variables that are set for it, and options of Node. The bench loads a town the same way. */
function asStarted(): Started {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    scripts: { start: string }
  }
  const words = scripts.start.split(/\s+/)
  const node = words.indexOf('node')
  return {
    flags: words.slice(node + 1).filter(word => word.startsWith('--')),
    environment: Object.fromEntries(words.slice(0, node).map(word => word.split('=', 2) as [string, string])),
  }
}

/** Runs a script of ours and gives back its last line; throws with what it wrote when it fails. */
function runChild(file: string, args: string[], { flags, environment }: Started): Promise<string> {
  const child = spawn(process.execPath, [...flags, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  })
  let output = ''
  child.stdout.on('data', chunk => {
    output += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code =>
      code === 0
        ? resolve(output.trimEnd().split('\n').at(-1) ?? '')
        : reject(new Error(`${file} ended with ${code}: ${output}`)),
    )
  })
}
