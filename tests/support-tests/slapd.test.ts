import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { Client, type SearchOptions, SizeLimitExceededError } from 'ldapts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthority } from '../support/certificates.ts'
import { isRoot } from '../support/server-process.ts'
import { type Slapd, startSlapd } from '../support/slapd.ts'

const baseDn = 'dc=kommune,dc=test'
const PEOPLE = 2500
const started: Slapd[] = []
let folder: string
let ldif: string
let slapd: Slapd

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hjemmel-slapd-test-'))
  ldif = join(folder, 'people.ldif')
  writeFileSync(ldif, directory())
  slapd = await launch({ ldifs: [ldif], sizeLimit: 500 })
}, 60_000)

afterAll(async () => {
  await Promise.all(started.map(server => server.stop()))
  rmSync(folder, { recursive: true, force: true })
})

async function launch(options: Partial<Parameters<typeof startSlapd>[0]>): Promise<Slapd> {
  const server = await startSlapd({ baseDn, ...options })
  started.push(server)
  return server
}

/** 2,500 people in a folder, and one group of the first three; no entry for the suffix itself. */
function directory(): string {
  const person = (n: number) =>
    `dn: uid=p${n},ou=folk,${baseDn}\nobjectClass: inetOrgPerson\nuid: p${n}\ncn: Åse Nr${n}\nsn: Nr${n}\nuserPassword: pw-${n}\n`
  const people = Array.from({ length: PEOPLE }, (_, n) => person(n))
  const group = `dn: cn=g1,ou=folk,${baseDn}\nobjectClass: groupOfNames\ncn: g1\nmember: uid=p0,ou=folk,${baseDn}\nmember: UID=p1, ou=folk,${baseDn}\nmember: uid=p2,ou=fo\n lk,${baseDn}\n`
  return [`dn: ou=folk,${baseDn}\nobjectClass: organizationalUnit\nou: folk\n`, ...people, group].join('\n')
}

const trusting = (server: Slapd) => ({ ca: [readFileSync(server.caFile)] })

async function reader<T>(server: Slapd, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ url: server.ldapsUrl, tlsOptions: trusting(server) })
  try {
    await client.bind(server.bindDn, server.password)
    return await work(client)
  } finally {
    await client.unbind()
  }
}

async function find(server: Slapd, options: SearchOptions) {
  return (await reader(server, client => client.search(baseDn, { scope: 'sub', ...options }))).searchEntries
}

test('everything is read in pages, where an unpaged search runs into the size limit', async () => {
  const options = { filter: '(objectClass=inetOrgPerson)', attributes: ['uid', 'entryUUID'] }
  await expect(find(slapd, options)).rejects.toBeInstanceOf(SizeLimitExceededError)
  const entries = await find(slapd, { ...options, paged: { pageSize: 200 } })
  expect(entries).toHaveLength(PEOPLE)
  expect(new Set(entries.map(entry => entry.entryUUID)).size).toBe(PEOPLE)
  expect(entries[0]?.entryUUID).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
})

test('the suffix entry is made when the files have none', async () => {
  expect(await find(slapd, { scope: 'base', attributes: ['dc'] })).toEqual([{ dn: baseDn, dc: 'kommune' }])
})

test('memberOf stands after a bulk load, whatever the spelling of the DN, and follows later changes', async () => {
  const memberOf = async (uid: string) =>
    (await find(slapd, { filter: `(uid=${uid})`, attributes: ['memberOf'] }))[0]?.memberOf
  const group = `cn=g1,ou=folk,${baseDn}`
  for (const uid of ['p0', 'p1', 'p2']) expect(await memberOf(uid)).toBe(group)
  expect(await memberOf('p3')).toEqual([])
  slapd.modify(
    `dn: ${group}\nchangetype: modify\nadd: member\nmember: uid=p3,ou=folk,${baseDn}\n-\ndelete: member\nmember: uid=p0,ou=folk,${baseDn}\n`,
  )
  expect(await memberOf('p3')).toBe(group)
  expect(await memberOf('p0')).toEqual([])
})

test('a deleted person leaves the groups (refint)', async () => {
  slapd.add(
    `dn: cn=g2,ou=folk,${baseDn}\nobjectClass: groupOfNames\ncn: g2\nmember: uid=p8,ou=folk,${baseDn}\nmember: uid=p9,ou=folk,${baseDn}\n`,
  )
  slapd.add(`dn: uid=extra,ou=folk,${baseDn}\nobjectClass: inetOrgPerson\nuid: extra\ncn: Ekstra\nsn: Ekstra\n`)
  const group = `dn: cn=g2,ou=folk,${baseDn}\nchangetype: modify\n`
  slapd.modify(`${group}add: member\nmember: uid=extra,ou=folk,${baseDn}\n`)
  slapd.modify(`dn: uid=extra,ou=folk,${baseDn}\nchangetype: delete\n`)
  // The overlay works after the answer to the delete.
  await expect
    .poll(async () => (await find(slapd, { filter: '(cn=g2)', attributes: ['member'] }))[0]?.member)
    .toEqual([`uid=p8,ou=folk,${baseDn}`, `uid=p9,ou=folk,${baseDn}`])
})

test('the service account cannot write and cannot see passwords', async () => {
  const write = reader(slapd, client => client.del(`uid=p5,ou=folk,${baseDn}`))
  await expect(write).rejects.toThrow(/insufficient|no global superior|0x32/i)
  const [entry] = await find(slapd, { filter: '(uid=p5)', attributes: ['uid', 'userPassword'] })
  expect(entry).toMatchObject({ uid: 'p5', userPassword: [] })
})

test('people sign in by bind; a wrong password and an anonymous read are refused', async () => {
  const client = new Client({ url: slapd.ldapsUrl, tlsOptions: trusting(slapd) })
  await client.bind(`uid=p7,ou=folk,${baseDn}`, 'pw-7')
  await expect(client.bind(`uid=p7,ou=folk,${baseDn}`, 'pw-8')).rejects.toThrow(/0x31/)
  await client.unbind()
  const anonymous = new Client({ url: slapd.ldapsUrl, tlsOptions: trusting(slapd) })
  await expect(anonymous.search(baseDn, { scope: 'base' })).rejects.toThrow(/0x20/)
  await anonymous.unbind()
})

test('StartTLS works with our authority and is refused with another', async () => {
  const client = new Client({ url: slapd.url })
  await client.startTLS(trusting(slapd))
  await client.bind(slapd.bindDn, slapd.password)
  expect((await client.search(baseDn, { scope: 'base' })).searchEntries).toHaveLength(1)
  await client.unbind()
  const doubting = new Client({ url: slapd.url })
  const other = createAuthority(join(folder, 'other-ca'), 'Another authority')
  await expect(doubting.startTLS({ ca: [other.caPem] })).rejects.toThrow(/certificate/)
  await doubting.unbind()
})

test.each([
  ['good', undefined],
  ['expired', 'CERT_HAS_EXPIRED'],
  ['wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
] as const)('ldaps with a certificate that is %s', async (tls, code) => {
  const server = tls === 'good' ? slapd : await launch({ tls })
  const read = find(server, { scope: 'base' })
  if (code) await expect(read).rejects.toMatchObject({ code })
  else expect(await read).toHaveLength(1)
})

test('an unknown authority is refused', async () => {
  const client = new Client({ url: slapd.ldapsUrl })
  await expect(client.bind(slapd.bindDn, slapd.password)).rejects.toMatchObject({ code: /CERT|SIGNATURE/ })
})

test('a server may cut a paged read short or refuse paging', async () => {
  const short = await launch({ ldifs: [ldif], pagedLimit: 300 })
  const options = { filter: '(objectClass=inetOrgPerson)', attributes: ['uid'], paged: { pageSize: 100 } }
  await expect(find(short, options)).rejects.toBeInstanceOf(SizeLimitExceededError)
  const none = await launch({ ldifs: [ldif], pagedLimit: 'disabled' })
  await expect(find(none, { ...options, paged: { pageSize: 100 } })).rejects.toThrow()
})

test('without TLS there is no StartTLS', async () => {
  const plain = await launch({ tls: 'none' })
  const client = new Client({ url: plain.url })
  await client.bind(plain.bindDn, plain.password)
  await client.unbind()
  const starting = new Client({ url: plain.url })
  await expect(starting.startTLS({})).rejects.toThrow()
  await starting.unbind()
})

test('a pause ends the server and keeps data and address', async () => {
  const server = await launch({ ldifs: [ldif] })
  await server.pause()
  await expect(find(server, { scope: 'base' })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await server.resume()
  expect(await find(server, { filter: '(uid=p1)' })).toHaveLength(1)
})

test('it does not run as root, nor with the groups of root', async () => {
  const status = readFileSync(`/proc/${slapd.pid}/status`, 'utf8')
  expect(status).toMatch(/^Uid:\s+[1-9]/m)
  if (isRoot) expect(status).toMatch(/^Groups:\s*$/m)
})

test('stop leaves no process behind', async () => {
  const server = await startSlapd({ baseDn })
  const { pid } = server
  await server.stop()
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/)
  await server.stop()
})

test('a mistake in the settings is told in the words of the server', async () => {
  await expect(startSlapd({ baseDn, extraConfig: ['no-such-setting on'] })).rejects.toThrow(/no-such-setting/)
  await expect(startSlapd({ baseDn: 'uid=x' })).rejects.toThrow(/must begin with dc=/)
})
