import { checkCprKeys } from '../people/cpr-store.ts'
import { SETTINGS } from '../platform/config.ts'
import { isProblem } from '../platform/problem.ts'
import type { House } from '../wiring.ts'
import { type Answer, EXIT, withHouse } from './session.ts'

type Check = { check: string; ok: boolean; detail: string }

/** What is wrong and what to do, check by check; a check that cannot be made says why and the others still run. */
export async function doctor(): Promise<Answer> {
  const checks: Check[] = []
  const note = async (check: string, work: () => Promise<string>): Promise<void> => {
    try {
      checks.push({ check, ok: true, detail: await work() })
    } catch (error) {
      checks.push({
        check,
        ok: false,
        detail: isProblem(error) ? error.message : `Unexpected: ${(error as Error).message}`,
      })
    }
  }
  // Settings, database, schema version and key are what it takes to open the house at all.
  await note('installation', async () =>
    withHouse(async house => {
      await note('database', () => database(house))
      await note('schema', () => schema(house))
      await note('key', async () => {
        await house.db.snapshot(tx => checkCprKeys(tx, house.keyring))
        return `current key "${house.keyring.current}" of ${house.keyring.ids.length}`
      })
      for (const source of await house.feeds.sources())
        await note(`source ${source.key}`, () => sourceState(house, source.key))
      await note('jobs', () => jobs(house))
      return `${Object.keys(SETTINGS).length} settings valid, data in ${house.dataDir}`
    }),
  )
  const ok = checks.every(check => check.ok)
  return {
    json: { ok, checks },
    text: checks.map(one => `${one.ok ? '✓' : '✗'} ${one.check.padEnd(16)} ${one.detail}`).join('\n'),
    exit: ok ? EXIT.done : EXIT.failed,
  }
}

async function database(house: House): Promise<string> {
  const [row] = (await house.db.source.query(
    `select current_setting('server_version') as version, pg_size_pretty(pg_database_size(current_database())) as size`,
  )) as { version: string; size: string }[]
  return `PostgreSQL ${row?.version}, ${row?.size}${house.embedded ? ', embedded' : ''}`
}

async function schema(house: House): Promise<string> {
  const [row] = (await house.db.source.query('select name from migration order by id desc limit 1')) as {
    name: string
  }[]
  return `up to date at ${row?.name}`
}

async function sourceState(house: House, key: string): Promise<string> {
  const steps = await house.feeds.test(key)
  const failed = steps.find(step => !step.ok)
  if (failed) throw new Error(`${failed.step}: ${failed.detail}`)
  const [row] = (await house.db.source.query('select complete_at from source where key = $1', [key])) as {
    complete_at: Date | null
  }[]
  return row?.complete_at ? `answers; last complete read ${row.complete_at.toISOString()}` : 'answers; never read yet'
}

async function jobs(house: House): Promise<string> {
  const [row] = (await house.db.source.query(
    `select case when to_regclass('graphile_worker._private_jobs') is null then -1 else 0 end as missing`,
  )) as { missing: number }[]
  if (row?.missing === -1) return 'no worker has run yet'
  const [failing] = (await house.db.source.query(
    'select count(*)::int as n from graphile_worker._private_jobs where attempts >= 3 and last_error is not null',
  )) as { n: number }[]
  if ((failing?.n ?? 0) > 0) throw new Error(`${failing?.n} jobs keep failing; the log of the worker says why.`)
  return 'no job keeps failing'
}
