import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openDatabase } from '../../server/platform/database.ts'
import type { Db } from '../../server/platform/unit-of-work.ts'
import type { BenchPostgres } from './bench-database.ts'
import { also, atMost, type BenchRow, within } from './bench-row.ts'
import { asStarted, runChild } from './run-child.ts'

const ACCOUNTS = 20_000
const RIGHTS_EACH = 50
const RIGHTS = 400
const HEADER = 'Bruger;Rolle;Afgrænsning;Sidst brugt'

type Read = { ms: number; megabytes: number; state: string; added: number; changed: number; error: unknown }

/** A million observed rights from a file: the first time, unchanged, and with one in a hundred changed. */
export async function benchObserved(postgres: BenchPostgres): Promise<BenchRow[]> {
  const url = await postgres.database('observed')
  const db = await openDatabase(url, { poolSize: 2 })
  try {
    await catalogue(db)
    await writeList(join(postgres.folder, 'liste.csv'), () => false)
    await writeList(join(postgres.folder, 'naeste.csv'), n => n % 100 === 7)
    const first = await inProcess(url, postgres.folder, 'liste.csv')
    const same = await inProcess(url, postgres.folder, 'liste.csv')
    const some = await inProcess(url, postgres.folder, 'naeste.csv')
    if ([first, same, some].some(read => read.state !== 'done'))
      throw new Error(`a read did not end well: ${JSON.stringify([first, same, some])}`)
    const copied = await copyOf(db, join(postgres.folder, 'liste.csv'))
    const rows = (ACCOUNTS * RIGHTS_EACH).toLocaleString('en')
    const against = (what: string, read: Read) =>
      atMost(10, {
        what: `${what} of a user list: ${rows} observed rights from CSV`,
        ours: read.ms,
        other: 'COPY of the same file into the same indexed table',
        theirs: copied,
        unit: 'ms',
      })
    const most = Math.max(first.megabytes, same.megabytes, some.megabytes)
    return [
      also(against('First read', first), `${first.added.toLocaleString('en')} added`, first.added > 0),
      against('Reconciling, 1 in 100 changed,', some),
      against('Reconciling, unchanged,', same),
      within(512, { what: `Memory at most while ${rows} rows are read`, ours: most, unit: 'MB' }),
    ]
  } finally {
    await db.close()
  }
}

const catalogue = (db: Db) =>
  db.transaction(async tx => {
    await tx.query(`insert into it_system (key, name, source) values ('nova', 'Nova', 'bench')`)
    await tx.query(
      `insert into entitlement (key, system_id, name, source)
       select 'nova/r' || n, s.id, 'Rolle ' || n, 'bench' from it_system s, generate_series(0, $1 - 1) n`,
      [RIGHTS],
    )
  })

async function writeList(path: string, changed: (n: number) => boolean): Promise<void> {
  await pipeline(
    Readable.from(
      (function* () {
        yield `${HEADER}\r\n`
        for (let account = 0; account < ACCOUNTS; account++) {
          let lines = ''
          for (let right = 0; right < RIGHTS_EACH; right++) {
            const limit = changed(account * RIGHTS_EACH + right) ? 'Skole 8' : `Skole ${account % 7}`
            lines += `bruger${account};Rolle ${(account * 7 + right * 3) % RIGHTS};${limit};01-0${1 + (account % 9)}-2026\r\n`
          }
          yield lines
        }
      })(),
    ),
    createWriteStream(path),
  )
}

/** The same columns as text, the same key and index, one statement. */
async function copyOf(db: Db, path: string): Promise<number> {
  await db.transaction(tx =>
    tx.query(
      `create table bare_list (account text, "right" text, limits text, last_used text, primary key (account, "right"));
       create index on bare_list ("right")`,
    ),
  )
  const began = performance.now()
  await db.transaction(tx =>
    tx.copyIn(`copy bare_list from stdin with (format csv, delimiter ';', header true)`, createReadStream(path)),
  )
  return performance.now() - began
}

const inProcess = async (url: string, folder: string, path: string): Promise<Read> =>
  JSON.parse(await runChild(join(import.meta.dirname, 'read-list.ts'), [url, folder, path], asStarted()))
