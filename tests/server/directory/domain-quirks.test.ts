import { Attribute, Change } from 'ldapts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ldapReader } from '../../../server/directory/ldap-reader.ts'
import type { ReadMode } from '../../../server/feeds/runs/read-mode.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import { testDatabase } from '../../support/database.ts'
import { type Samba, startSamba } from '../../support/samba.ts'
import { expectSpoken } from '../../support/spoken.ts'
import { feedsOf, mapGroups, membersOf, rightsOf, townOf } from './pipeline-world.ts'

const database = testDatabase()
let samba: Samba
let made = 0

beforeAll(async () => {
  samba = await startSamba()
}, 120_000)
beforeEach(() => database.reset())
afterAll(() => samba?.stop())

/** Everything of one test stands in a unit of its own, which is all that its source reads. */
async function unitOf(name = 'prøve'): Promise<string> {
  return samba.addUnit(`${name} ${++made}`)
}
const declare = (bases: readonly string[], more = '') =>
  parseSources(
    `sources:
  - key: ad
    kind: ldap
    flavour: ad
    url: ${samba.url}
    caFile: ${samba.caFile}
    bindDn: ${samba.adminUpn}
    password: { env: PW }
    searches:
${bases.map(base => `      - base: ${JSON.stringify(base)}\n`).join('')}
    ${more}
`,
    { file: 'k.yaml', folder: '/', readers: [ldapReader] },
  )[0]!
const open = (...bases: string[]) => feedsOf(database.db, [declare(bases)], samba.password)

async function change(dn: string, type: string, ...values: string[]): Promise<void> {
  const client = await samba.connect()
  await client.modify(dn, new Change({ operation: 'replace', modification: new Attribute({ type, values }) }))
  await client.unbind()
}
async function idOf(dn: string, attribute: string): Promise<string> {
  const client = await samba.connect()
  const { searchEntries } = await client.search(dn, {
    scope: 'base',
    attributes: ['objectSid'],
    explicitBufferAttributes: ['objectSid'],
  })
  await client.unbind()
  const sid = searchEntries[0]![attribute] as Buffer
  return String(sid.readUInt32LE(sid.length - 4))
}

test.each([
  ['a comma', 'Olsen, Bo'],
  ['quotes', 'Bo "Bossen" Olsen'],
  ['a number sign in front', '#1 vagtplan'],
  ['a plus and an equals sign', 'A+B=C'],
  ['angle brackets and a semicolon', '<x>; y'],
  ['a backslash', 'nord\\syd'],
  ['letters beyond ASCII', 'Åse Ægir-Østergård'],
  ['letters of two code points', 'A\u030ase'],
  ['letters of other alphabets', 'Łukasz Żółć 李'],
])('a name with %s is found as a member of its group', async (_what, cn) => {
  const unit = await unitOf(cn)
  const username = `navn${++made}`
  const [dn] = await samba.addUsers([{ username, cn: `${cn} ${made}`, parentDn: unit }])
  await samba.addGroup(`gruppe${made}`, [dn!], unit)
  await (await open(unit)).run('ad')
  expect(await membersOf(database.db, `gruppe${made}`)).toEqual([username])
})

test('rights reach through nested groups and through groups that hold each other, and every path is counted', async () => {
  const unit = await unitOf()
  const [anna, bo] = await samba.addUsers([
    { username: 'ring-anna', parentDn: unit },
    { username: 'ring-bo', parentDn: unit },
  ])
  const inner = await samba.addGroup('ring-inderst', [anna!], unit)
  const middle = await samba.addGroup('ring-midt', [inner, bo!], unit)
  const outer = await samba.addGroup('ring-yderst', [middle, inner], unit)
  await change(inner, 'member', anna!, outer)
  await mapGroups(database.db, 'ad', { 'ring-yderst': 'laes', 'ring-inderst': 'skriv' })
  const feeds = await open(unit)
  expect(await feeds.run('ad')).toMatchObject({ state: 'done' })
  expect(await rightsOf(database.db)).toEqual([
    { username: 'ring-anna', right: 'laes', paths: 2, via: ['ring-inderst', 'ring-yderst'] },
    { username: 'ring-anna', right: 'skriv', paths: 1, via: ['ring-inderst'] },
    { username: 'ring-bo', right: 'laes', paths: 1, via: ['ring-midt', 'ring-yderst'] },
    // The ring closes: whoever is in any of the three is in all of them.
    { username: 'ring-bo', right: 'skriv', paths: 1, via: ['ring-midt', 'ring-yderst', 'ring-inderst'] },
  ])
  await change(inner, 'member', anna!)
  await feeds.run('ad')
  expect((await rightsOf(database.db)).map(right => `${right.username} ${right.right}`)).toEqual([
    'ring-anna laes',
    'ring-anna skriv',
    'ring-bo laes',
  ])
})

const MODES: ReadMode[] = ['full', 'changes']
test.each(MODES)(
  'read in mode %s: an account is a member of its primary group, though that does not list it; also after it has another',
  async mode => {
    const unit = await unitOf()
    const [anna] = await samba.addUsers([{ username: `prim-${mode}`, parentDn: unit }])
    const feeds = await open(unit, `CN=Users,${samba.domainDn}`)
    await feeds.run('ad')
    expect(await membersOf(database.db, 'Domain Users')).toContain(`prim-${mode}`)
    const other = await samba.addGroup(`prim-gruppe-${mode}`, [anna!], unit)
    await change(anna!, 'primaryGroupID', await idOf(other, 'objectSid'))
    await feeds.run('ad', { mode })
    const client = await samba.connect()
    const { searchEntries } = await client.search(other, { scope: 'base', attributes: ['member'] })
    await client.unbind()
    // The quirk itself: the domain has taken the account out of the list.
    expect(searchEntries[0]!.member).toEqual([])
    expect(await membersOf(database.db, `prim-gruppe-${mode}`)).toEqual([`prim-${mode}`])
    // The domain has written the former primary group's list instead.
    expect(await membersOf(database.db, 'Domain Users')).toContain(`prim-${mode}`)
  },
)

test.each(MODES)(
  'read in mode %s: renamed and moved entries stay who they are, with the memberships they have',
  async mode => {
    const [unit, elsewhere] = [await unitOf(), await unitOf()]
    const [dn] = await samba.addUsers([{ username: `flyt-${mode}`, cn: 'Bo Før', parentDn: unit }])
    const group = await samba.addGroup(`flyt-gruppe-${mode}`, [dn!], unit)
    const feeds = await open(unit, elsewhere)
    await feeds.run('ad')
    const before = await database.db.snapshot(tx => tx.query('select id, key, dn from account'))
    const client = await samba.connect()
    await client.modifyDN(dn!, `CN=Bo\\, Efter,${elsewhere}`)
    await client.modifyDN(group, `CN=flyt-gruppe-${mode},${elsewhere}`)
    await client.unbind()
    await feeds.run('ad', { mode })
    const after = await database.db.snapshot(tx =>
      tx.query<{ id: string; key: string; dn: string }>('select id, key, dn from account'),
    )
    expect(after).toEqual([{ ...before[0], dn: `CN=Bo\\, Efter,${elsewhere}` }])
    expect(await membersOf(database.db, `flyt-gruppe-${mode}`)).toEqual([`flyt-${mode}`])
  },
)

test.each(MODES)(
  'read in mode %s: a unit that is moved takes along what is in it, without its entries being touched',
  async mode => {
    const [unit, other] = [await unitOf(), await unitOf()]
    const inner = await samba.addUnit('inderst', unit)
    const [dn] = await samba.addUsers([{ username: `medflyt-${mode}`, parentDn: inner }])
    await samba.addGroup(`medflyt-gruppe-${mode}`, [dn!], other)
    const feeds = await open(unit, other)
    await feeds.run('ad')
    const client = await samba.connect()
    await client.modifyDN(inner, `OU=inderst,${other}`)
    await client.unbind()
    await feeds.run('ad', { mode })
    const { accounts } = await townOf(database.db)
    expect(accounts).toMatchObject([
      { username: `medflyt-${mode}`, dn: expect.stringContaining(`,${other}`), gone: false },
    ])
    expect(await membersOf(database.db, `medflyt-gruppe-${mode}`)).toEqual([`medflyt-${mode}`])
  },
)

test('a user name that is given to another person in the same run: a new account, that inherits nothing', async () => {
  const unit = await unitOf()
  const [dn] = await samba.addUsers([{ username: 'genbrug', cn: 'Bo Gammel', parentDn: unit }])
  const group = await samba.addGroup('genbrug-gruppe', [dn!], unit)
  await mapGroups(database.db, 'ad', { 'genbrug-gruppe': 'laes' })
  const feeds = await open(unit)
  await feeds.run('ad')
  const [old] = await database.db.transaction(async tx => {
    const [person] = await tx.query<{ id: string }>('insert into person (id) values (gen_random_uuid()) returning id')
    return tx.query<{ id: string; key: string }>('update account set person_id = $1 returning id, key', [person!.id])
  })
  const client = await samba.connect()
  await client.del(dn!)
  await client.unbind()
  await samba.addUsers([{ username: 'genbrug', cn: 'Eva Ny', parentDn: unit }])
  await feeds.run('ad')
  const accounts = await database.db.snapshot(tx =>
    tx.query<{ id: string; key: string; person_id: string | null; rights: number }>(
      `select id, key, person_id, (select count(*)::int from observed_right where account_id = a.id) as rights
       from account a where username = 'genbrug'`,
    ),
  )
  const fresh = accounts.find(account => account.id !== old!.id)!
  expect(fresh.key).not.toBe(old!.key)
  expect(fresh).toMatchObject({ person_id: null, rights: 0 })
  expect(accounts.find(account => account.id === old!.id)?.person_id).not.toBeNull()
  expect(group).toContain('genbrug-gruppe')
})

test('what accounts are is read from their bits: disabled ones, and computers, contacts and groups that are none', async () => {
  const unit = await unitOf()
  await samba.addUsers([
    { username: 'bit-tændt', parentDn: unit },
    { username: 'bit-slukket', parentDn: unit, disabled: true },
  ])
  const client = await samba.connect()
  await client.add(`CN=bit-pc,${unit}`, {
    objectClass: 'computer',
    sAMAccountName: 'bit-pc$',
    userAccountControl: '4096',
  } as never)
  await client.add(`CN=bit-kontakt,${unit}`, { objectClass: 'contact', sn: 'Kontakt' } as never)
  await client.unbind()
  await (await open(unit)).run('ad')
  const { accounts } = await townOf(database.db)
  expect(accounts.map(account => account as { username: string; enabled: boolean })).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ username: 'bit-slukket', enabled: false }),
      expect.objectContaining({ username: 'bit-tændt', enabled: true }),
    ]),
  )
  expect(accounts).toHaveLength(2)
})

test('the test of the connection warns of an account that may write, and shows the certificate', async () => {
  const unit = await unitOf()
  await samba.addUsers([{ username: 'skriv', parentDn: unit }])
  const context = { secretOf: () => samba.password, signal: new AbortController().signal }
  const steps = await ldapReader.test(declare([unit]), context)
  expect(steps.filter(step => !step.ok)).toMatchObject([])
  expect(steps.find(step => step.step === 'tls')?.certificate).toMatchObject({
    trusted: true,
    names: expect.arrayContaining([samba.host]),
  })
  expectSpoken(steps)
  expect(steps.filter(step => step.warning).map(step => step.step)).toContain('rights')
})
