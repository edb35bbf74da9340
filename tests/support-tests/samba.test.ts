import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { Client, EqualityFilter, type SearchOptions } from 'ldapts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthority } from '../support/certificates.ts'
import { type Samba, startSamba } from '../support/samba.ts'

const LOADED = 1200
let folder: string
let samba: Samba

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hjemmel-samba-test-'))
  const ldif = join(folder, 'load.ldif')
  writeFileSync(ldif, directory('DC=kommune,DC=test'))
  samba = await startSamba({
    ldifs: [ldif],
    users: [
      { username: 'asoe', givenName: 'Åse', surname: 'Sørensen', password: 'Kaffe-1', attributes: { title: 'Leder' } },
      { username: 'blukket', givenName: 'Bo', surname: 'Lukket, jr.', password: 'Kaffe-2', disabled: true },
      { username: 'uden' },
    ],
  })
}, 120_000)

afterAll(async () => {
  await samba?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** People and one group with all of them, loaded before the start. */
function directory(base: string): string {
  const dn = (n: number) => `CN=Person ${n},OU=Folk,${base}`
  const people = Array.from(
    { length: LOADED },
    (_, n) => `dn: ${dn(n)}\nobjectClass: user\nsAMAccountName: p${n}\nuserAccountControl: 544\ndescription: loaded\n`,
  )
  const members = people.map((_, n) => `member: ${dn(n)}\n`).join('')
  const group = `dn: CN=Alle,OU=Folk,${base}\nobjectClass: group\nsAMAccountName: Alle\n${members}`
  return [`dn: OU=Folk,${base}\nobjectClass: organizationalUnit\n`, ...people, group].join('\n')
}

async function find(options: SearchOptions, base = samba.domainDn) {
  const client = await samba.connect()
  try {
    return (await client.search(base, { scope: 'sub', ...options })).searchEntries
  } finally {
    await client.unbind()
  }
}

const byName = async (name: string, options: SearchOptions = {}) =>
  (await find({ filter: `(sAMAccountName=${name})`, ...options }))[0]

const trusting = () => ({ ca: [readFileSync(samba.caFile)] })

test('it says that it is an Active Directory and who it is', async () => {
  const client = new Client({ url: samba.url, tlsOptions: trusting() })
  const { searchEntries } = await client.search('', { scope: 'base', attributes: ['*', 'supportedCapabilities'] })
  await client.unbind()
  expect(searchEntries[0]).toMatchObject({ defaultNamingContext: samba.domainDn, dnsHostName: 'dc1.kommune.test' })
  expect(searchEntries[0]?.supportedCapabilities).toContain('1.2.840.113556.1.4.800')
})

test('objectGUID comes as 16 bytes and finds its entry again', async () => {
  const entry = await byName('asoe', { attributes: ['objectGUID'], explicitBufferAttributes: ['objectGUID'] })
  const guid = entry?.objectGUID as Buffer
  expect(guid).toBeInstanceOf(Buffer)
  expect(guid).toHaveLength(16)
  // As text (`\\d4\\ca...`) ldapts would send these bytes as UTF-8 and find nothing.
  const filter = new EqualityFilter({ attribute: 'objectGUID', value: guid })
  const [again] = await find({ filter, attributes: ['sAMAccountName', 'title', 'sn'] })
  expect(again).toMatchObject({ sAMAccountName: 'asoe', title: 'Leder', sn: 'Sørensen' })
})

test('what was loaded offline is read in pages', async () => {
  const people = await find({
    filter: '(description=loaded)',
    attributes: ['sAMAccountName'],
    paged: { pageSize: 100 },
  })
  expect(new Set(people.map(entry => entry.sAMAccountName)).size).toBe(LOADED)
})

test('memberOf follows groups, those loaded and those added, nested ones by the chain rule', async () => {
  const [asoe, blukket] = [await byName('asoe'), await byName('blukket')]
  const inner = await samba.addGroup('Indre', [asoe!.dn])
  const outer = await samba.addGroup('Ydre', [inner, blukket!.dn])
  expect((await byName('asoe', { attributes: ['memberOf'] }))?.memberOf).toBe(inner)
  expect((await byName('p7', { attributes: ['memberOf'] }))?.memberOf).toBe(`CN=Alle,OU=Folk,${samba.domainDn}`)
  const chain = { filter: `(memberOf:1.2.840.113556.1.4.1941:=${outer})`, attributes: ['sAMAccountName'] }
  const names = (await find(chain)).map(entry => entry.sAMAccountName)
  expect(names.toSorted()).toEqual(['Indre', 'asoe', 'blukket'])
})

test('units are added and searched on their own', async () => {
  const unit = await samba.addUnit('Børn, Unge & Skole')
  await samba.addUsers([{ username: 'iunit', parentDn: unit }])
  expect((await find({ filter: '(objectClass=user)' }, unit)).map(entry => entry.sAMAccountName)).toEqual(['iunit'])
})

test('a name with a comma is one name', async () => {
  expect((await byName('blukket'))?.cn).toBe('Bo Lukket, jr.')
})

test('sign-in by bind: right, wrong, disabled, and without a password', async () => {
  const bind = async (username: string, password: string) => {
    const client = new Client({ url: samba.url, tlsOptions: trusting() })
    try {
      await client.bind(`${username}@kommune.test`, password)
    } finally {
      await client.unbind()
    }
  }
  await bind('asoe', 'Kaffe-1')
  await expect(bind('asoe', 'Kaffe-2')).rejects.toThrow(/data 52e/)
  await expect(bind('blukket', 'Kaffe-2')).rejects.toThrow(/data 533/)
  await expect(bind('uden', 'noget')).rejects.toThrow(/data 52e/)
})

test('plain ldap: a simple bind is refused, StartTLS with our authority works, with another not', async () => {
  const plain = new Client({ url: samba.plainUrl })
  await expect(plain.bind(samba.adminUpn, samba.password)).rejects.toThrow(/0x8\b|[Tt]ransport|[Ss]trong/)
  await plain.unbind()
  const secure = new Client({ url: samba.plainUrl })
  // Without `host` Node compares the certificate with "localhost" when the address is a number.
  await secure.startTLS({ ...trusting(), host: samba.host })
  await secure.bind(samba.adminUpn, samba.password)
  await secure.unbind()
  const doubting = new Client({ url: samba.plainUrl })
  const other = createAuthority(join(folder, 'other-ca'), 'Another authority')
  await expect(doubting.startTLS({ ca: [other.caPem], host: samba.host })).rejects.toThrow(/certificate/)
  await doubting.unbind()
})

test('an unknown authority is refused on ldaps', async () => {
  const client = new Client({ url: samba.url })
  await expect(client.bind(samba.adminUpn, samba.password)).rejects.toMatchObject({ code: /CERT|SIGNATURE/ })
})

test('two domains stand side by side, each with its own entries', async () => {
  const second = await startSamba({ users: [{ username: 'kunher' }] })
  try {
    expect(second.host).not.toBe(samba.host)
    expect(await byName('kunher')).toBeUndefined()
    const client = await second.connect()
    const { searchEntries } = await client.search(second.domainDn, { filter: '(sAMAccountName=kunher)' })
    await client.unbind()
    expect(searchEntries).toHaveLength(1)
  } finally {
    await second.stop()
  }
  expect(() => process.kill(second.pid, 0)).toThrow(/ESRCH/)
}, 60_000)

test('a pause ends the server and keeps data and address', async () => {
  const { url } = samba
  await samba.pause()
  await expect(samba.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await samba.resume()
  expect(samba.url).toBe(url)
  expect(await byName('asoe')).toBeDefined()
}, 60_000)

test('what Samba refuses is told in its words', async () => {
  const ldif = join(folder, 'broken.ldif')
  writeFileSync(ldif, 'dn: CN=X,OU=Findes ikke,DC=kommune,DC=test\nobjectClass: user\nsAMAccountName: x\n')
  await expect(startSamba({ ldifs: [ldif] })).rejects.toThrow(/ldbadd[\s\S]*OU=Findes ikke/)
}, 60_000)
