import { readFileSync } from 'node:fs'
import { Attribute, Change, Client } from 'ldapts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Feeds } from '../../../server/feeds/feeds-service.ts'
import { dirSync } from '../../../server/platform/ldap-dirsync.ts'
import { testDatabase } from '../../support/database.ts'
import { type Samba, startSamba } from '../../support/samba.ts'
import { followDirectory } from './follow-directory.ts'

/** What Active Directory tells and what it keeps to itself, and where reading changes must not go on. */
const database = testDatabase()
const READER_PASSWORD = 'Laeser-2026-kun'
let samba: Samba
let client: Client
let unit: string

beforeAll(async () => {
  samba = await startSamba()
  unit = await samba.addUnit('Omsorg')
  await samba.addUsers([{ username: 'laeser', surname: 'Læser', password: READER_PASSWORD }])
  client = await samba.connect()
}, 120_000)
afterAll(async () => {
  await client?.unbind().catch(() => {})
  await samba?.stop()
})
beforeEach(() => database.reset())

let made = 0
async function addUser(parentDn = unit): Promise<string> {
  const n = ++made
  const [dn] = await samba.addUsers([{ username: `u${n}`, givenName: 'Uffe', surname: `Nr${n}`, parentDn }])
  return dn!
}
const replace = (dn: string, type: string, value: string) =>
  client.modify(dn, new Change({ operation: 'replace', modification: new Attribute({ type, values: [value] }) }))

/** An account of nobody's, without any right beyond what every account has: may not see what is deleted. */
const asReader = (base = samba.domainDn) =>
  followDirectory(database.db, base, {
    ...{ url: samba.url, flavour: 'ad', caFile: samba.caFile },
    ...{ bindDn: `laeser@${samba.realm.toLowerCase()}`, password: READER_PASSWORD },
  })
const asAdministrator = (base = samba.domainDn, more?: string) =>
  followDirectory(database.db, base, {
    ...{ url: samba.url, flavour: 'ad', caFile: samba.caFile, bindDn: samba.adminUpn, password: samba.password },
    ...(more ? { more } : {}),
  })

const changes = async (feeds: Feeds) => {
  const run = await feeds.run('katalog', { mode: 'changes' })
  expect(run, JSON.stringify(run.error)).toMatchObject({ state: 'done' })
  return run
}
const accountOf = async (dn: string) =>
  (
    await database.db.snapshot(tx =>
      tx.query<{ here: boolean; description: string | null }>(
        `select a.gone_at is null as here, a.description from account a where lower(a.dn) = lower($1) order by a.first_seen_at desc`,
        [dn],
      ),
    )
  )[0]
const changeState = (change: string) =>
  database.db.transaction(tx => tx.query(`update source set change_state = ${change} where key = 'katalog'`))

test('an account without any special right is told of changes within the domain; deletions it finds by comparing', async () => {
  const dn = await addUser()
  const feeds = await asReader()
  expect(await feeds.run('katalog')).toMatchObject({ state: 'done', mode: 'full' })
  await replace(dn, 'description', 'nyt')
  expect(await changes(feeds)).toMatchObject({ mode: 'changes', changed: 1 })
  expect(await accountOf(dn)).toMatchObject({ description: 'nyt' })
  await client.del(dn)
  expect(await changes(feeds)).toMatchObject({ mode: 'changes', gone: 0 })
  expect(await accountOf(dn)).toMatchObject({ here: true })
  await feeds.run('katalog')
  await feeds.run('katalog')
  expect(await accountOf(dn)).toMatchObject({ here: false })
})

test('who may see tombstones is told of deletions at once, also of groups and of members that went without a word', async () => {
  const [stays, leaves] = [await addUser(), await addUser()]
  const group = await samba.addGroup(`hold-${++made}`, [stays, leaves])
  const feeds = await asAdministrator()
  await feeds.run('katalog')
  await client.del(leaves)
  expect(await changes(feeds)).toMatchObject({ mode: 'changes', gone: 3, changed: 1 })
  const [row] = await database.db.snapshot(tx =>
    tx.query<{ members: string[] }>(`select members from directory_group where lower(dn) = lower($1)`, [group]),
  )
  expect(row?.members).toEqual([stays.toLowerCase()])
})

test('out of the search base is missing, which ends nothing; back in it, all is as it was', async () => {
  const other = await samba.addUnit(`Skole-${++made}`)
  const dn = await addUser()
  const feeds = await asAdministrator(unit)
  await feeds.run('katalog')
  const rdn = dn.slice(0, dn.indexOf(','))
  await client.modifyDN(dn, `${rdn},${other}`)
  expect(await changes(feeds)).toMatchObject({ mode: 'changes', gone: 0, missing: 3 })
  expect(await accountOf(dn)).toMatchObject({ here: true })
  await client.modifyDN(`${rdn},${other}`, dn)
  expect(await changes(feeds)).toMatchObject({ mode: 'changes', gone: 0, missing: 0 })
  expect(
    await database.db.snapshot(tx => tx.query('select from source_record where missing_since is not null')),
  ).toHaveLength(0)
})

test.each([
  ['other-server', `jsonb_set(change_state, '{server}', '"CN=NTDS Settings,CN=DC9 0000"')`],
  [
    'cookie-refused',
    `jsonb_set(change_state, '{cookies}', jsonb_build_object('DC=kommune,DC=test', 'bm90IGEgY29va2ll'))`,
  ],
  ['too-old', `jsonb_set(change_state, '{at}', '"2020-01-01T00:00:00.000Z"')`],
  ['other-settings', `jsonb_set(change_state, '{searches}', '"andre"')`],
  ['unreadable', `'{"way": "et andet program"}'`],
])('%s: everything is read in the same run, and the next one reads changes again', async (because, change) => {
  const dn = await addUser()
  const feeds = await asAdministrator()
  await feeds.run('katalog')
  await changeState(change)
  await replace(dn, 'description', because)
  expect(await changes(feeds)).toMatchObject({ mode: 'full', fullBecause: because, changed: 1 })
  expect(await accountOf(dn)).toMatchObject({ description: because })
  expect(await changes(feeds)).toMatchObject({ mode: 'changes', read: 0 })
})

test('a renamed unit changes the names of all below it without a word: everything is read', async () => {
  const old = await samba.addUnit(`Gammel-${++made}`)
  const dn = await addUser(old)
  const feeds = await asAdministrator()
  await feeds.run('katalog')
  const renamed = `OU=Ny-${++made},${samba.domainDn}`
  await client.modifyDN(old, renamed)
  expect(await changes(feeds)).toMatchObject({ mode: 'full', fullBecause: 'moved-container' })
  expect(await accountOf(`${dn.slice(0, dn.indexOf(','))},${renamed}`)).toMatchObject({ here: true })
  // A new one has nobody below it yet who was there before.
  const fresh = await samba.addUnit(`Frisk-${++made}`)
  await addUser(fresh)
  expect(await changes(feeds)).toMatchObject({ mode: 'changes', added: 4 })
})

test('a source that reads what the server works out, or whose keys are not the entry itself, is read whole each time', async () => {
  const records = (key: string, more = '') =>
    `searches: [{ base: '${samba.domainDn}', records: [{ record: account, match: { objectClass: user }, key: ${key}, map: { username: sAMAccountName${more} } }] }]`
  const told = await asAdministrator(samba.domainDn, records('objectGUID'))
  await told.run('katalog')
  expect(await changes(told)).toMatchObject({ mode: 'changes' })
  for (const more of [records('sAMAccountName'), records('objectGUID', ', description: memberOf'), 'changes: off']) {
    await database.reset()
    const untold = await asAdministrator(samba.domainDn, more)
    await untold.run('katalog')
    expect(await changes(untold)).toMatchObject({ mode: 'full', fullBecause: 'first' })
  }
})

test('what the server refuses is said as such, and a line that is not there is no answer', async () => {
  const ask = { base: unit, cookie: Buffer.alloc(0), filter: '(objectClass=*)', attributes: ['name'] }
  // DirSync knows whole naming contexts only.
  expect(await dirSync(client, ask)).toBeNull()
  const unconnected = new Client({ url: samba.url, tlsOptions: { ca: [readFileSync(samba.caFile)] } })
  await expect(dirSync(unconnected, ask)).rejects.toMatchObject({ problem: 'source-incomplete' })
})
