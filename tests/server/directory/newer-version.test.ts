import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ldapReader } from '../../../server/directory/ldap-reader.ts'
import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import { PARSE_VERSION } from '../../../server/feeds/reading/read-content.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import { systemClock } from '../../../server/platform/clock.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { sinks } from '../../../server/wiring.ts'
import { testDatabase } from '../../support/database.ts'
import { type Samba, startSamba } from '../../support/samba.ts'
import { testKeyring } from '../feeds/scratch.ts'

/*
 * A domain that an older version of this program has loaded, which did not read primary groups: its first full read by
 * this one changes every account. The guards are on, with a floor that sixty accounts go beyond.
 */
const database = testDatabase()
let samba: Samba
beforeAll(async () => {
  samba = await startSamba()
  const unit = await samba.addUnit('Ældre')
  await samba.addUsers(
    Array.from({ length: 60 }, (_, n) => ({
      ...{ username: `bruger${n}`, givenName: 'Anna', surname: `Nr${n}`, parentDn: unit },
      attributes: { employeeID: String(1000 + n), description: 'Som før' },
    })),
  )
}, 180_000)
afterAll(() => samba?.stop())
beforeEach(() => database.reset())

async function follow(more = '') {
  const feeds = createFeeds({
    ...{
      db: database.db,
      sinks: sinks(),
      readers: [ldapReader],
      keyring: testKeyring,
      clock: systemClock,
      log: silentLog,
    },
    secretOf: () => samba.password,
  })
  const yaml = `sources:
  - { key: ad, kind: ldap, flavour: ad, url: '${samba.url}', caFile: '${samba.caFile}', bindDn: '${samba.adminUpn}', password: { env: PW }, base: '${samba.domainDn}'${more} }
`
  await feeds.syncSources(parseSources(yaml, { file: 'k.yaml', folder: '/', readers: [ldapReader] }))
  return feeds
}

/** As an older version left it: the attributes unknown, the records hashed without them, every one to be parsed again. */
async function byOlderVersion(attributes: readonly string[], version: number | null = null): Promise<number> {
  const rows = await database.db.transaction(async tx => {
    await tx.query(`update source set parse_version = $1 where key = 'ad'`, [version])
    return tx.query(
      `update source_record set payload = payload - $1::text[], hash = decode(md5(payload::text), 'hex'), seen_hash = null
       where kind = 'account' and payload ->> 'primaryGroup' is not null returning key`,
      [attributes],
    )
  })
  await database.db.transaction(tx => tx.query('update account set primary_group = null, description = null'))
  expect(rows.length).toBeGreaterThan(60)
  return rows.length
}
const notes = async () =>
  (
    await database.db.snapshot(tx =>
      tx.query<{ notes: { note: string }[] }>('select notes from feed_run order by started_at desc limit 1'),
    )
  )[0]!.notes.filter(one => one.note === 'more-is-read')
const primaryGroups = async () =>
  (
    await database.db.snapshot(tx =>
      tx.query<{ n: number }>('select count(*)::int as n from account where primary_group is not null'),
    )
  )[0]!.n

test('what a newer version reads more of the same entries waits for nobody, and the run says what it is', async () => {
  const feeds = await follow()
  expect(await feeds.run('ad')).toMatchObject({ state: 'done' })
  const accounts = await byOlderVersion(['primaryGroup'])
  expect(await feeds.run('ad')).toMatchObject({ state: 'done', changed: accounts, heldBack: [], applied: accounts })
  expect(await notes()).toEqual([
    { note: 'more-is-read', kind: 'account', attributes: ['primaryGroup'], count: accounts },
  ])
  expect(await primaryGroups()).toBe(accounts)
  // From now on it is a version like any: the same difference once more is one of the directory, and waits.
  await byOlderVersion(['primaryGroup'], PARSE_VERSION)
  expect(await feeds.run('ad')).toMatchObject({ state: 'held', byKind: { account: { held: accounts } } })
}, 120_000)

test('a change of the directory in the same read is guarded as ever, and so is a mapping that somebody has changed', async () => {
  const feeds = await follow()
  await feeds.run('ad')
  const accounts = await byOlderVersion(['primaryGroup'])
  // Somebody else's hand: sixty descriptions that every record had, and now another one.
  await database.db.transaction(tx =>
    tx.query(`update source_record set payload = payload || '{"description": "Noget andet"}' where kind = 'account'
      and payload ->> 'description' = 'Som før'`),
  )
  const mixed = await feeds.run('ad')
  expect(mixed).toMatchObject({ state: 'held', byKind: { account: { changed: accounts, held: 60 } } })
  expect(await notes()).toEqual([
    { note: 'more-is-read', kind: 'account', attributes: ['primaryGroup'], count: accounts - 60 },
  ])

  await database.reset()
  await (await follow()).run('ad')
  await byOlderVersion(['primaryGroup', 'description'])
  // The declaration is another one than the one that was read by: what is new may be of its making.
  const changed = await (await follow(', pageSize: 400')).run('ad')
  expect(changed).toMatchObject({ state: 'held' })
  expect(await notes()).toEqual([])
}, 120_000)
