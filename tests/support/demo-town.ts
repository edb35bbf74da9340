import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, inject } from 'vitest'
import type { DemoManifest } from '../../server/demo/manifest.ts'
import { demoManifest } from '../../server/demo/read-manifest.ts'
import type { Clock } from '../../server/platform/clock.ts'
import { createDatabase, dropDatabase, urlOf, withClient } from '../../server/platform/postgres/admin.ts'
import { type House, loadSources } from '../../server/wiring.ts'
import { openHouse, serve } from './house.ts'

const TEMPLATE = 'hjemmel_demo'

/** Where the key and the files of the demonstration stand that every clone of the template was made with. */
export const demoDataDir = () => join(inject('postgres').folder, 'demo-data')

/**
 * The database of the demonstration municipality, filled once a run by whichever file asks first; the others wait.
 * Returns its name, for `create database … template`.
 */
export async function demoTemplate(): Promise<string> {
  const { adminUrl, template } = inject('postgres')
  await withClient(adminUrl, async client => {
    await client.query(`select pg_advisory_lock(hashtext('hjemmel tests: demonstration'))`)
    const made = await client.query('select from pg_database where datname = $1', [TEMPLATE])
    if (made.rowCount !== 0) return
    const unfinished = `${TEMPLATE}_making`
    await dropDatabase(adminUrl, unfinished)
    rmSync(demoDataDir(), { recursive: true, force: true })
    mkdirSync(demoDataDir())
    chmodSync(demoDataDir(), 0o755)
    await whenFree(() => createDatabase(adminUrl, unfinished, { template }))
    const script = join(import.meta.dirname, 'demo-load.ts')
    await promisify(execFile)(process.execPath, [script, urlOf(adminUrl, unfinished), demoDataDir()])
    await client.query(`alter database ${unfinished} rename to ${TEMPLATE}`)
  })
  return TEMPLATE
}

/** A first start that nothing disturbed, fortnight and all, as a database of its own: its name. */
export async function undisturbedStart(folder: string): Promise<string> {
  const { adminUrl, template } = inject('postgres')
  const name = `start_${randomBytes(6).toString('hex')}`
  await whenFree(() => createDatabase(adminUrl, name, { template }))
  const script = join(import.meta.dirname, 'demo-load.ts')
  await promisify(execFile)(process.execPath, [script, urlOf(adminUrl, name), folder, 'fortnight'])
  return name
}

export type Town = {
  /** As the superuser of the tests' server: for looking and for damaging. */
  databaseUrl: string
  dataDir: string
  manifest: DemoManifest
  house: House
  /** Address of the application. */
  url: string
  /** Everything that was logged, one JSON text a line. */
  log: string[]
}
type Options = { environment?: Record<string, string>; clock?: Clock }

/**
 * The demonstration municipality with its application, for a test file alone: a clone of the template. Call at the top
 * of the file; the members are there when tests run. `HJEMMEL_TRUST_PROXY` is 1, so that a test can come from any address.
 */
export function demoTown({ environment = {}, clock }: Options = {}): Town {
  const town = { log: [] as string[] } as Town
  const name = `demo_${randomBytes(6).toString('hex')}`
  let close = async () => {}
  beforeAll(async () => {
    const { adminUrl } = inject('postgres')
    const template = await demoTemplate()
    town.databaseUrl = await whenFree(() => createDatabase(adminUrl, name, { template }))
    town.dataDir = demoDataDir()
    town.manifest = demoManifest(join(town.dataDir, 'demo'))!
    town.house = await openHouse(
      town.databaseUrl,
      town.dataDir,
      { HJEMMEL_TRUST_PROXY: '1', ...environment },
      { ...(clock ? { clock } : {}), log: { write: line => void town.log.push(line) } },
    )
    await loadSources(town.house)
    const served = await serve(town.house)
    town.url = served.url
    close = served.close
  }, 300_000)
  afterAll(async () => {
    await close()
    await town.house?.db.close()
    await dropDatabase(inject('postgres').adminUrl, name)
  })
  return town
}

/** A clone of the demonstration for processes of their own: a database and a folder with its key and files. */
export async function cloneTown(folder: string): Promise<{ name: string; databaseUrl: string; dataDir: string }> {
  const template = await demoTemplate()
  const name = `demo_${randomBytes(6).toString('hex')}`
  const databaseUrl = await whenFree(() => createDatabase(inject('postgres').adminUrl, name, { template }))
  cpSync(demoDataDir(), folder, { recursive: true })
  return { name, databaseUrl, dataDir: folder }
}

/** PostgreSQL refuses to copy a template while another copy is just being made of it. */
export async function whenFree<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= 100 || !/being accessed by other users/.test(String(error))) throw error
      await new Promise(resolve => setTimeout(resolve, Math.min(1000, 50 * attempt)))
    }
  }
}
