import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
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

const DAY = () => new Date().toISOString().slice(0, 10)

/** The demonstration municipality of 6,000 or 60,000 people, through the real pipeline, in a process of its own. */
export async function makeTown(postgres: BenchPostgres, people: number): Promise<Town> {
  const dataDir = join(postgres.folder, `town-${people}`)
  mkdirSync(dataDir)
  const script = (name: string) => join(import.meta.dirname, name)
  await runChild(script('write-town.ts'), [join(dataDir, 'demo'), String(people / 6000), DAY()])
  const url = await postgres.database(`town_${people}`)
  const load = JSON.parse(await runChild(script('load-town.ts'), [url, dataDir])) as TownLoad
  return { people, url, dataDir, load }
}

/** Runs a script of ours and gives back its last line; throws with what it wrote when it fails. */
function runChild(file: string, args: string[]): Promise<string> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
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
