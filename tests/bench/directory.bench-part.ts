import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { Client } from 'ldapts'
import { defaultSearches } from '../../server/directory/default-records.ts'
import { attributesOf } from '../../server/directory/map-entry.ts'
import { loadSources } from '../../server/wiring.ts'
import { type Slapd, startSlapd } from '../support/slapd.ts'
import { bareCopy, productTables } from './bare-copy.ts'
import type { BenchPostgres } from './bench-database.ts'
import { openHouse } from './bench-house.ts'
import { atMost, type BenchRow } from './bench-row.ts'
import { BASE_DN, directoryLdif } from './directory-ldif.ts'
import { inTurn, median } from './measure.ts'

const ENTRIES = 6000

/**
 * A real slapd over TLS. With `people` its entries are also the persons, employments and units of the municipality;
 * without, which is the rule where payroll gives those, they are accounts and groups.
 */
export async function benchDirectory(postgres: BenchPostgres): Promise<BenchRow[]> {
  const folder = join(postgres.folder, 'directory')
  mkdirSync(folder)
  const ldif = join(folder, 'directory.ldif')
  writeFileSync(ldif, directoryLdif(ENTRIES))
  const slapd = await startSlapd({ baseDn: BASE_DN, ldifs: [ldif] })
  try {
    return [...(await compare(postgres, slapd, folder, false)), ...(await compare(postgres, slapd, folder, true))]
  } finally {
    await slapd.stop()
  }
}

async function compare(postgres: BenchPostgres, slapd: Slapd, folder: string, people: boolean): Promise<BenchRow[]> {
  const what = people ? 'people, accounts and groups' : 'accounts and groups'
  const sources = join(folder, `kilder-${people}.yaml`)
  writeFileSync(
    sources,
    `sources:\n  - { key: ldap, kind: ldap, flavour: openldap, url: '${slapd.ldapsUrl}', caFile: '${slapd.caFile}', bindDn: '${slapd.bindDn}', password: { env: HJEMMEL_SECRET_BENCH }, base: '${BASE_DN}', people: ${people} }\n`,
  )
  const environment = { HJEMMEL_SECRET_BENCH: slapd.password, HJEMMEL_SOURCES: sources, HJEMMEL_DEMO: '0' }
  let made = 0
  const empty = async () => {
    const house = await openHouse(await postgres.database(`directory_${people}_${made++}`), folder, environment)
    await loadSources(house)
    return house
  }
  const read = (house: Awaited<ReturnType<typeof empty>>) => async () => {
    const result = await house.feeds.run('ldap', { trigger: 'manual' })
    if (result.state !== 'done') throw new Error(`the run ended ${result.state}: ${JSON.stringify(result.error)}`)
    return result
  }
  const bareRead = () => readBare(slapd, people)

  // The first full load, each time into a database that has just been migrated; one of them stays for the rest.
  let house = await empty()
  await read(house)()
  const { db } = house
  const bare = await bareCopy(db, folder, await productTables(db))
  const [first, firstBare] = await inTurn(
    [
      async () => read(house)(),
      async () => {
        await bareRead()
        await bare.copyIn()
      },
    ],
    3,
    {
      before: [
        async () => {
          if (house.db !== db) await house.db.close()
          house = await empty()
        },
        bare.clear,
      ],
    },
  )
  await bare.drop()

  // The same directory again, nothing changed. That it found nothing is checked, every time.
  await house.db.source.query('vacuum analyze')
  const again = async () => {
    const result = await read(house)()
    if (result.added + result.changed + result.gone > 0) throw new Error('an unchanged directory gave changes')
  }
  const [unchanged, plain, tool] = await inTurn([again, bareRead, () => ldapsearch(slapd, people)], 7, { warmUp: 2 })
  await house.db.close()
  await db.close()
  const stored = Object.values(bare.rows).reduce((sum, count) => sum + count, 0)
  return [
    atMost(2, {
      what: `Read and reconcile ${ENTRIES.toLocaleString('en')} unchanged entries: ${what}`,
      ours: median(unchanged!),
      other: 'ldapts reading the same attributes',
      theirs: median(plain!),
      unit: 'ms',
      note: `ldapsearch: ${Math.round(median(tool!))} ms`,
    }),
    atMost(4, {
      what: `First full load of the same, ${stored.toLocaleString('en')} rows stored: ${what}`,
      ours: median(first!),
      other: 'ldapts + COPY of the same rows',
      theirs: median(firstBare!),
      unit: 'ms',
    }),
  ]
}

const searches = (people: boolean) =>
  defaultSearches('openldap', { people }).map(({ filter, records }) => ({ filter, attributes: attributesOf(records) }))

/** What anybody would write with ldapts: sign in, page through the same searches, keep the entries. */
async function readBare(slapd: Slapd, people: boolean): Promise<void> {
  const client = new Client({ url: slapd.ldapsUrl, tlsOptions: { ca: [readFileSync(slapd.caFile)] } })
  await client.bind(slapd.bindDn, slapd.password)
  let read = 0
  for (const { filter, attributes } of searches(people)) {
    const { searchEntries } = await client.search(BASE_DN, { filter, attributes, paged: { pageSize: 500 } })
    read += searchEntries.length
  }
  await client.unbind()
  if (read < ENTRIES) throw new Error(`only ${read} entries were read`)
}

async function ldapsearch(slapd: Slapd, people: boolean): Promise<void> {
  for (const { filter, attributes } of searches(people)) {
    const args = ['-x', '-LLL', '-H', slapd.ldapsUrl, '-D', slapd.bindDn, '-w', slapd.password, '-b', BASE_DN]
    const child = spawn('/usr/bin/ldapsearch', [...args, '-E', 'pr=500/noprompt', filter, ...attributes], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, LDAPTLS_CACERT: slapd.caFile },
    })
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', code => (code === 0 ? resolve() : reject(new Error(`ldapsearch ended with ${code}`))))
    })
  }
}
