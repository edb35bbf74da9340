import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, EqualityFilter } from 'ldapts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ldapReader } from '../../../server/directory/ldap-reader.ts'
import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import { systemClock } from '../../../server/platform/clock.ts'
import { openDatabase } from '../../../server/platform/database.ts'
import { silentLog } from '../../../server/platform/log.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'
import { sinks } from '../../../server/wiring.ts'
import { testDatabase } from '../../support/database.ts'
import { GROWING_BASE, growingLdif, RIGHTS_OF_GROUPS, renamedIn, tenChanges } from '../../support/growing-directory.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { testKeyring } from '../feeds/scratch.ts'

/** What a change costs must not depend on how many others there are: counted at two sizes, the same to the row. */
const SIZES = [1100, 2200]
const databases = SIZES.map(() => testDatabase())
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-growing-'))
const servers: Slapd[] = []

beforeAll(async () => {
  for (const size of SIZES) {
    const ldif = join(folder, `${size}.ldif`)
    writeFileSync(ldif, growingLdif(size))
    servers.push(await startSlapd({ baseDn: GROWING_BASE, ldifs: [ldif] }))
  }
}, 120_000)
afterAll(async () => {
  await Promise.all(servers.map(server => server.stop()))
  rmSync(folder, { recursive: true, force: true })
})

/** The same database with the statements kept; signs of life go by the clock, and are counted apart. */
function counting(db: Db): { db: Db; statements: string[]; signs(): number } {
  const statements: string[] = []
  let signs = 0
  const watch =
    (run: Db['transaction']): Db['transaction'] =>
    work =>
      run(tx =>
        work({
          ...tx,
          query: (sql, params) => {
            if (sql.includes('heartbeat_at = clock_timestamp(), progress')) signs++
            else statements.push(sql)
            return tx.query(sql, params)
          },
          copyIn: (sql, lines) => {
            statements.push(sql)
            return tx.copyIn(sql, lines)
          },
        }),
      )
  return {
    db: { ...db, transaction: watch(db.transaction), snapshot: watch(db.snapshot) },
    statements,
    signs: () => signs,
  }
}

/**
 * Until no group holds an old name any more. The overlay that writes a new name into groups (slapo-refint) does so after the
 * change has been answered: a read in between sees some of them, and how many would be chance.
 */
async function settled(slapd: Slapd, round: number): Promise<void> {
  const client = new Client({ url: slapd.url })
  try {
    await client.bind(slapd.bindDn, slapd.password)
    const filter = new EqualityFilter({ attribute: 'member', value: renamedIn(round) })
    const left = async () => (await client.search(GROWING_BASE, { filter, attributes: ['cn'] })).searchEntries.length
    await expect.poll(left, { timeout: 60_000 }).toBe(0)
  } finally {
    await client.unbind()
  }
}

/** Rows written since the database was made, by table. */
async function written(db: Db): Promise<Map<string, number>> {
  await db.transaction(tx => tx.query('select pg_stat_force_next_flush()'))
  const rows = await db.transaction(tx =>
    tx.query<{ name: string; n: number }>(
      `select relname as name, (n_tup_ins + n_tup_upd + n_tup_del)::int as n from pg_stat_user_tables where schemaname = 'public'`,
    ),
  )
  return new Map(rows.map(row => [row.name, row.n]))
}

test('ten changes and none cost the same statements and the same rows among 1,100 as among 2,200 entries', async () => {
  const costs: { ten: object; none: object }[] = []
  for (const [place] of SIZES.entries()) {
    const slapd = servers[place]!
    // One connection: what was written is then counted by the very process that is asked.
    const plain = await openDatabase(databases[place]!.url, { poolSize: 1 })
    const { db, statements, signs } = counting(plain)
    const feeds = createFeeds({
      ...{ db, sinks: sinks(), readers: [ldapReader], keyring: testKeyring, clock: systemClock, log: silentLog },
      secretOf: () => slapd.password,
    })
    const yaml = `sources:\n  - { key: ldap, kind: ldap, flavour: openldap, url: '${slapd.ldapsUrl}', caFile: '${slapd.caFile}', bindDn: '${slapd.bindDn}', password: { env: PW }, base: '${GROWING_BASE}', people: true }\n`
    await feeds.syncSources(parseSources(yaml, { file: 'k.yaml', folder: '/', readers: [ldapReader] }))
    await db.transaction(async tx => {
      for (const sql of RIGHTS_OF_GROUPS) await tx.query(sql)
    })
    expect(await feeds.run('ldap')).toMatchObject({ state: 'done', mode: 'full' })
    await db.transaction(tx => tx.query('analyze'))

    const cost = async (round: number | null) => {
      if (round !== null) {
        slapd.modify(tenChanges(round))
        await settled(slapd, round)
      }
      const [before, signsBefore] = [await written(db), signs()]
      statements.length = 0
      const run = await feeds.run('ldap', { mode: 'changes' })
      const asked = [...statements]
      const after = await written(db)
      expect(run, JSON.stringify(run.error)).toMatchObject({ state: 'done', mode: 'changes', heldBack: [] })
      // A slow machine writes more signs of life: each is one row of its run.
      const signed = (name: string) => (name === 'feed_run' ? signs() - signsBefore : 0)
      const rows = [...after].map(([name, n]) => [name, n - (before.get(name) ?? 0) - signed(name)] as const)
      return { run, asked, rows: Object.fromEntries(rows.filter(([, n]) => n > 0).sort()) }
    }
    // The first one also makes what is only made once.
    await cost(1)
    const ten = await cost(2)
    expect(ten.run.changed).toBeGreaterThan(8)
    await cost(null)
    const none = await cost(null)
    costs.push({
      ten: { statements: ten.asked, rows: ten.rows, counts: ten.run.byKind },
      none: { statements: none.asked, rows: none.rows },
    })
    expect(none.asked.length).toBeLessThan(30)
    await plain.close()
  }
  expect(costs[1]).toEqual(costs[0])
}, 240_000)
