import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'ldapts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ldapReader } from '../../../server/directory/ldap-reader.ts'
import { isReject, type ReadItem } from '../../../server/feeds/reading/reader.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import type { SourceDeclaration } from '../../../server/feeds/sources/source.ts'
import type { FeedRecord } from '../../../server/platform/feed-record.ts'
import { bindAs } from '../../../server/platform/ldap-client.ts'
import { searchOne } from '../../../server/platform/ldap-search.ts'
import { createAuthority } from '../../support/certificates.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { expectSpoken } from '../../support/spoken.ts'

const base = 'dc=kommune,dc=test'
const PEOPLE = 1250
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-ldap-'))
const ldif = join(folder, 'people.ldif')
const servers: Slapd[] = []
let slapd: Slapd

beforeAll(async () => {
  writeFileSync(ldif, directory())
  slapd = await launch({ sizeLimit: 500 })
}, 60_000)
afterAll(async () => {
  await Promise.all(servers.map(server => server.stop()))
  rmSync(folder, { recursive: true, force: true })
})

async function launch(options: Partial<Parameters<typeof startSlapd>[0]> = {}): Promise<Slapd> {
  const server = await startSlapd({ baseDn: base, ldifs: [ldif], ...options })
  servers.push(server)
  return server
}

function directory(): string {
  const unit = (dn: string, name: string) => `dn: ${dn}\nobjectClass: organizationalUnit\nou: ${name}\n`
  const units = [unit(`ou=folk,${base}`, 'folk'), unit(`ou=Sundhed,ou=folk,${base}`, 'Sundhed')]
  const people = Array.from(
    { length: PEOPLE },
    (_, n) =>
      `dn: uid=p${n},ou=Sundhed,ou=folk,${base}\nobjectClass: inetOrgPerson\nuid: p${n}\ncn: Åse Nr${n}\ngivenName: Åse\nsn: Nr${n}\nemployeeNumber: ${1000 + n}\nmail: p${n}@kommune.test\n`,
  )
  const group = `dn: cn=alle,ou=folk,${base}\nobjectClass: groupOfNames\ncn: alle\nmember: UID=p0, ou=Sundhed, ou=folk,${base}\nmember: uid=p1,ou=Sundhed,ou=folk,${base}\n`
  return [...units, ...people, group].join('\n')
}

type Options = { url?: string; more?: string; bindDn?: string; caFile?: string | null; base?: string }
function declare(server: Slapd, options: Options = {}): SourceDeclaration {
  const { url = server.ldapsUrl, more = '', bindDn = server.bindDn, caFile = server.caFile } = options
  const yaml = `sources:
  - key: ldap
    kind: ldap
    flavour: openldap
    url: ${url}
    bindDn: ${bindDn}
    password: { env: PW }
    base: ${options.base ?? base}
    ${caFile ? `caFile: ${caFile}` : ''}
    ${more}
`
  return parseSources(yaml, { file: 'k.yaml', folder, readers: [ldapReader] })[0]!
}
const context = (server: Slapd, password = server.password) => ({
  secretOf: () => password,
  signal: new AbortController().signal,
})

async function readAll(source: SourceDeclaration, server: Slapd, password?: string): Promise<ReadItem[]> {
  const items: ReadItem[] = []
  for await (const batch of ldapReader.read(source, context(server, password))) items.push(...batch)
  return items
}

const recordsOf = (items: ReadItem[]): FeedRecord[] => items.filter((item): item is FeedRecord => !isReject(item))

/** Every entry with the number of its last change: what any write to the directory would alter, whoever makes it. */
async function changeNumbers(server: Slapd): Promise<string[]> {
  const client = new Client({ url: server.url })
  await client.bind(server.adminDn, server.adminPassword)
  const { searchEntries } = await client.search(base, { attributes: ['entryCSN'], paged: true })
  await client.unbind()
  return searchEntries.map(entry => `${entry.dn} ${entry.entryCSN}`).sort()
}

type Way = [how: string, startTls: boolean]
const ways: Way[] = [
  ['ldaps', false],
  ['StartTLS', true],
]
test.each(ways)(
  'everything is read in pages over %s, and nothing is written',
  async (_how, startTls) => {
    const before = await changeNumbers(slapd)
    const options = startTls ? { url: slapd.url, more: 'startTls: true' } : {}
    const source = declare(slapd, { ...options, more: `${options.more ?? ''}\n    pageSize: 200` })
    const items = await readAll(source, slapd)
    expect(items.filter(isReject)).toEqual([])
    const accounts = recordsOf(items).filter(item => item.kind === 'account')
    expect(accounts).toHaveLength(PEOPLE)
    expect(new Set(accounts.map(item => item.key)).size).toBe(PEOPLE)
    expect(accounts.find(item => item.attrs.username === 'p7')).toMatchObject({
      key: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/),
      attrs: { employeeNo: '1007', email: 'p7@kommune.test', dn: `uid=p7,ou=Sundhed,ou=folk,${base}` },
    })
    expect(recordsOf(items).find(item => item.kind === 'group')?.attrs).toMatchObject({
      name: 'alle',
      members: [`uid=p0,ou=sundhed,ou=folk,${base}`, `uid=p1,ou=sundhed,ou=folk,${base}`],
    })
    expect(await changeNumbers(slapd)).toEqual(before)
    // The mark is one that a write would have moved.
    slapd.modify(`dn: ou=folk,${base}\nchangetype: modify\nreplace: description\ndescription: ${Date.now()}\n`)
    expect(await changeNumbers(slapd)).not.toEqual(before)
  },
  30_000,
)

test('with people: units by their place in the tree, persons, and their affiliations', async () => {
  const source = declare(slapd, { more: 'people: true' })
  expect(ldapReader.kinds(source).sort()).toEqual(['account', 'affiliation', 'group', 'person', 'unit'])
  const items = recordsOf(await readAll(source, slapd))
  const units = items.filter(item => item.kind === 'unit')
  expect(units.map(unit => unit.attrs.name)).toEqual(['folk', 'Sundhed'])
  expect(units[1]!.attrs.parent).toBe(units[0]!.key)
  const affiliation = items.find(item => item.kind === 'affiliation' && item.attrs.employeeNo === '1003')
  const person = items.find(item => item.kind === 'person' && item.key === affiliation?.attrs.person)
  expect(affiliation?.attrs).toMatchObject({ unit: units[1]!.key, affiliationKind: 'employment' })
  expect(person?.attrs).toMatchObject({ givenName: 'Åse', familyName: 'Nr3' })
})

test('a read that the server cuts short is an error, never a short list', async () => {
  const short = await launch({ pagedLimit: 300 })
  await expect(readAll(declare(short, { more: 'pageSize: 100' }), short)).rejects.toMatchObject({
    problem: 'source-incomplete',
  })
  const none = await launch({ pagedLimit: 'disabled' })
  await expect(readAll(declare(none), none)).rejects.toMatchObject({ problem: 'source-incomplete' })
}, 60_000)

test('a server that dies in the middle of a read is an error, never a short list', async () => {
  const dying = await launch()
  const read = async () => {
    let pages = 0
    for await (const _ of ldapReader.read(declare(dying, { more: 'pageSize: 20' }), context(dying)))
      if (++pages === 3) await dying.pause()
  }
  await expect(read()).rejects.toMatchObject({ problem: 'source-incomplete' })
}, 30_000)

test('the test of a connection says which step fails and what to do', async () => {
  const good = await ldapReader.test(declare(slapd), context(slapd))
  expect(good.map(step => [step.step, step.ok])).toEqual([
    ['name', true],
    ['tcp', true],
    ['tls', true],
    ['bind', true],
    ['base', true],
    ['paging', true],
    ['rights', true],
  ])
  expectSpoken(good)
  const last = async (source: SourceDeclaration, password?: string) => {
    const steps = await ldapReader.test(source, context(slapd, password))
    expectSpoken(steps)
    return steps.at(-1)
  }
  expect(await last(declare(slapd, { url: 'ldaps://no-such-host.invalid' }))).toMatchObject({
    step: 'name',
    ok: false,
    why: 'host-unknown',
  })
  expect(await last(declare(slapd, { url: 'ldaps://127.0.0.1:1' }))).toMatchObject({
    step: 'tcp',
    ok: false,
    why: 'refused',
    detail: /Nothing listens/,
    said: { code: 'nobody-listens', params: { at: 'ldaps://127.0.0.1:1' } },
  })
  expect(await last(declare(slapd, { caFile: null }))).toMatchObject({
    step: 'tls',
    ok: false,
    detail: expect.stringMatching(/caFile/),
  })
  const other = createAuthority(join(folder, 'other'), 'Another authority')
  expect(await last(declare(slapd, { caFile: other.caFile }))).toMatchObject({ step: 'tls', ok: false })
  expect(await last(declare(slapd), 'wrong')).toMatchObject({
    step: 'bind',
    ok: false,
    why: 'credentials',
    detail: expect.stringMatching(/name or the password/),
    said: { code: 'sign-in-refused' },
  })
  expect(await last(declare(slapd, { base: `ou=none,${base}` }))).toMatchObject({
    step: 'base',
    ok: false,
    why: 'base',
    said: { code: 'base-missing', params: { base: `ou=none,${base}` } },
  })
  expect(JSON.stringify(await ldapReader.test(declare(slapd), context(slapd, 'hemmeligt-ord')))).not.toContain(
    'hemmeligt-ord',
  )
})

test.each([['expired'], ['wrong-host']] as const)(
  'a certificate that is %s is refused',
  async tls => {
    const server = await launch({ tls })
    await expect(readAll(declare(server), server)).rejects.toMatchObject({
      problem: 'source-unreachable',
      message: expect.stringMatching(/certificate/),
    })
    await expect(readAll(declare(server, { url: server.url, more: 'startTls: true' }), server)).rejects.toMatchObject({
      problem: 'source-unreachable',
    })
  },
  60_000,
)

test('bindAs and searchOne, for signing in', async () => {
  const config = {
    urls: [slapd.ldapsUrl],
    startTls: false,
    ca: readFileSync(slapd.caFile),
    bindDn: slapd.bindDn,
    password: slapd.password,
  }
  expect(await bindAs(config, slapd.bindDn, slapd.password)).toBe(true)
  expect(await bindAs(config, slapd.bindDn, 'wrong')).toBe(false)
  expect(await bindAs(config, slapd.bindDn, '')).toBe(false)
  expect(await searchOne(config, { base, filter: '(uid=p9)', attributes: ['entryUUID'] })).toMatchObject({
    dn: `uid=p9,ou=Sundhed,ou=folk,${base}`,
  })
  expect(await searchOne(config, { base, filter: '(uid=nobody)', attributes: ['entryUUID'] })).toBeNull()
  await expect(searchOne(config, { base, filter: '(sn=*)', attributes: ['uid'] })).rejects.toMatchObject({
    info: { said: { code: 'several-found', params: { base } } },
    problem: 'source-invalid',
  })
  await expect(bindAs({ ...config, urls: ['ldaps://127.0.0.1:1'] }, 'cn=x', 'y')).rejects.toMatchObject({
    problem: 'source-unreachable',
  })
})
