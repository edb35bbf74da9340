import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { defaultSearches } from '../../../server/directory/default-records.ts'
import { ldapReader } from '../../../server/directory/ldap-reader.ts'
import { ldifReader } from '../../../server/directory/ldif-reader.ts'
import { isReject, type ReadItem, type SourceReader } from '../../../server/feeds/reading/reader.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import type { SourceDeclaration } from '../../../server/feeds/sources/source.ts'
import { testDatabase } from '../../support/database.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { expectSpoken } from '../../support/spoken.ts'
import { feedsOf, membersOf } from './pipeline-world.ts'
import { readContext } from './responder-source.ts'

const base = 'dc=kommune,dc=test'
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-quirks-'))
const database = testDatabase()
const servers: Slapd[] = []
let slapd: Slapd

/** Names as DNs escape them, with what they are called. */
const NAMES: [rdn: string, cn: string][] = [
  ['cn=Olsen\\, Bo', 'Olsen, Bo'],
  ['cn=\\"Bossen\\" Olsen', '"Bossen" Olsen'],
  ['cn=\\#1 vagt', '#1 vagt'],
  ['cn=\\ foran', ' foran'],
  ['cn=A\\+B\\=C', 'A+B=C'],
  ['cn=Åse Ægir', 'Åse Ægir'],
  ['cn=nord\\\\syd', 'nord\\syd'],
]
/** The same name again as somebody else may write it: every byte in hex. */
const inHex = (cn: string) =>
  `CN=${Array.from(Buffer.from(cn), byte => `\\${byte.toString(16).padStart(2, '0')}`).join('')} , OU=folk,${base}`

function directory(): string {
  const text = (value: string) => `: ${Buffer.from(value).toString('base64')}`
  const people = NAMES.map(
    ([rdn, cn], n) =>
      `dn:${text(`${rdn},ou=folk,${base}`)}\nobjectClass: inetOrgPerson\nuid: p${n}\ncn:${text(cn)}\ngivenName: P\nsn: Nr${n}\nmail: p${n}@kommune.test\nuserPassword: hemmelig${n}\nemployeeNumber: ${n}\n`,
  )
  const several = `dn: cn=Eva+uid=eva,ou=folk,${base}\nobjectClass: inetOrgPerson\nuid: eva\ncn: Eva\ngivenName: Eva\nsn: Holm\nemployeeNumber: 77\n`
  const spoken = `dn: uid=sprog,ou=folk,${base}\nobjectClass: inetOrgPerson\nuid: sprog\ncn: Sprog\nsn: Sprog\ngivenName: S\ndisplayName: Health visitor\ndisplayName;lang-da: Sundhedsplejerske\ndisplayName;lang-en: Health visitor\ndescription: cpr 010203-1234 er ikke til at vise\n`
  const members = [...NAMES.map(([, cn]) => inHex(cn)), `UID=eva + CN=Eva, OU=folk, ${base}`]
  const group = `dn: cn=alle,ou=folk,${base}\nobjectClass: groupOfNames\ncn: alle\n${members.map(dn => `member:${text(dn)}`).join('\n')}\n`
  const elsewhere = `dn: ou=andetsteds,${base}\nobjectClass: referral\nobjectClass: extensibleObject\nou: andetsteds\nref: ldap://andetsteds.invalid/ou=andetsteds,${base}\n`
  const unit = `dn: ou=folk,${base}\nobjectClass: organizationalUnit\nou: folk\n`
  return [unit, ...people, several, spoken, group, elsewhere].join('\n')
}

beforeAll(async () => {
  writeFileSync(join(folder, 'town.ldif'), directory())
  slapd = await launch()
}, 60_000)
beforeEach(() => database.reset())
afterAll(async () => {
  await Promise.all(servers.map(server => server.stop()))
  rmSync(folder, { recursive: true, force: true })
})

async function launch(options: Partial<Parameters<typeof startSlapd>[0]> = {}): Promise<Slapd> {
  const server = await startSlapd({ baseDn: base, ldifs: [join(folder, 'town.ldif')], ...options })
  servers.push(server)
  return server
}
const parse = (yaml: string) =>
  parseSources(`sources:\n${yaml}`, { file: 'k.yaml', folder, readers: [ldapReader, ldifReader] })[0]!
const declare = (server: Slapd, more = '', url = server.ldapsUrl) =>
  parse(`  - key: skole
    kind: ldap
    flavour: openldap
    url: ${url}
    bindDn: ${server.bindDn}
    password: { env: PW }
    base: ${base}
    ${more || `caFile: ${server.caFile}`}
`)
/** The same records as the live directory gives by itself, from a file. */
const declareFile = (file: string, people = false) =>
  parse(`  - key: skole
    kind: ldif
    file: ${file}
    records: ${JSON.stringify(defaultSearches('openldap', { people }).flatMap(search => search.records))}
`)
const context = (password = slapd.password) => readContext(password)
async function readAll(reader: SourceReader, source: SourceDeclaration): Promise<ReadItem[]> {
  const items: ReadItem[] = []
  for await (const batch of reader.read(source, context())) items.push(...batch)
  return items
}
/** By kind and key, without where each came from. */
const sorted = (items: ReadItem[]) =>
  items.map(({ at: _at, ...item }) => item).sort((a, b) => (`${a.kind} ${a.key}` < `${b.kind} ${b.key}` ? -1 : 1))

test('every odd name is found as a member, also where the group writes it in another way', async () => {
  const feeds = await feedsOf(database.db, [declare(slapd)], slapd.password)
  expect(await feeds.run('skole')).toMatchObject({ state: 'done', rejected: 0 })
  expect(await membersOf(database.db, 'alle')).toEqual(['eva', ...NAMES.map((_, n) => `p${n}`)])
})

test('a name in several languages is the Danish one, live and in an export', async () => {
  const named = (items: ReadItem[]) =>
    items.find(item => !isReject(item) && item.kind === 'account' && item.attrs.username === 'sprog')
  expect(named(await readAll(ldapReader, declare(slapd)))).toMatchObject({
    attrs: { displayName: 'Sundhedsplejerske' },
  })
})

test('a part of the tree on another server is said and not gone to', async () => {
  const noted = context()
  for await (const _ of ldapReader.read(declare(slapd), noted));
  expect(noted.notes).toEqual([
    { note: 'referrals', count: 1, to: [expect.stringMatching(/^ldap:\/\/andetsteds\.invalid/)] },
  ])
})

const SEARCH = '/usr/bin/ldapsearch'
const signIn = () => ['-x', '-H', slapd.url, '-D', slapd.bindDn, '-w', slapd.password, '-b', base]
const exported: [string, string[]][] = [
  ['ldapsearch with all that it writes around entries', []],
  ['ldapsearch in pages', ['-E', 'pr=3/noprompt']],
  ['ldapsearch without comments', ['-LLL']],
  ['ldapsearch that folds nothing', ['-o', 'ldif-wrap=no']],
]
test.each(exported)('an export by %s gives the same records as the directory itself', async (_how, options) => {
  const text = execFileSync(SEARCH, [...signIn(), ...options, '(objectClass=*)', '*', '+'])
  writeFileSync(join(folder, 'export.ldif'), text)
  for (const people of [false, true]) {
    const live = sorted(await readAll(ldapReader, declare(slapd, `caFile: ${slapd.caFile}\n    people: ${people}`)))
    expect(live.length).toBeGreaterThan(9)
    expect(sorted(await readAll(ldifReader, declareFile('export.ldif', people)))).toEqual(live)
  }
})

test('an export that the server cut short says so itself, and is refused', async () => {
  const small = await launch({ sizeLimit: 3 })
  const ask = [
    ...signIn().map(part => (part === slapd.url ? small.url : part === slapd.password ? small.password : part)),
  ]
  let text = ''
  try {
    execFileSync(SEARCH, [...ask, '(objectClass=*)'], { stdio: 'pipe' })
  } catch (error) {
    text = String((error as { stdout: Buffer }).stdout)
  }
  writeFileSync(join(folder, 'kort.ldif'), text)
  await expect(readAll(ldifReader, declareFile('kort.ldif'))).rejects.toMatchObject({
    problem: 'source-incomplete',
    message: expect.stringMatching(/Size limit/),
  })
}, 30_000)

test.each([
  ['ldap', () => [ldapReader, declare(slapd)] as const],
  ['ldif', () => [ldifReader, declareFile('town.ldif')] as const],
])(
  'a sample of a source of kind %s: some of every sort, as they are and as they become, and no secret',
  async (_kind, of) => {
    const [reader, source] = of()
    const sample = await reader.sample!(source, context(), 10)
    expect(sample.length).toBeGreaterThan(2)
    expect(sample.length).toBeLessThanOrEqual(10)
    const kinds = new Set(sample.flatMap(entry => entry.items.map(item => item.kind)))
    expect([...kinds].sort()).toEqual(['account', 'group'])
    expect(sample.some(entry => 'sn' in entry.raw)).toBe(true)
    const said = JSON.stringify(sample)
    expect(said).not.toMatch(/hemmelig|userpassword/i)
    expect(said).not.toContain(Buffer.from('hemmelig0').toString('base64'))
    const member = sample.find(entry => entry.items[0]?.kind === 'group')!
    expect((member.raw.member as string[]).at(-1)).toMatch(/^\+ \d+$/)
  },
)

test('a mapping that asks for a password is a mistake in the declaration', () => {
  const records = JSON.stringify([
    {
      record: 'account',
      match: { objectClass: '*' },
      key: 'uid',
      map: { username: 'uid', description: 'userPassword' },
    },
  ])
  expect(() => declare(slapd, `allowPlain: true\n    searches: [{ base: "${base}", records: ${records} }]`)).toThrow(
    /userPassword/,
  )
  expect(() => parse(`  - key: a\n    kind: ldif\n    file: x\n    records: ${records}\n`)).toThrow(/userPassword/)
})

test.each([
  ['no server', 'base: dc=x', /which server/],
  ['two ways of naming servers', 'url: ldaps://a\n    urls: [ldaps://b]', /which server/],
  ['one of several without TLS', 'urls: [ldaps://a, ldap://b]', /in clear/],
  ['a filter that is none', 'url: ldaps://a\n    searches: [{ base: dc=x, filter: "(uid=" }]', /no LDAP filter/],
])('a declaration with %s is refused, and says why', (_what, lines, why) => {
  const yaml = `  - key: a\n    kind: ldap\n    flavour: openldap\n    bindDn: cn=x\n    password: { env: PW }\n    ${lines}\n    ${lines.includes('base') ? '' : 'base: dc=x'}\n`
  expect(() => parse(yaml)).toThrow(why)
})

type TlsCase = ['expired' | 'wrong-host' | 'good', boolean, RegExp, string]
const refused: TlsCase[] = [
  ['expired', true, /has expired.*renewed/, 'certificate-expired'],
  ['wrong-host', true, /another name/, 'certificate-other-name'],
  ['good', false, /caFile/, 'certificate-unknown'],
]
test.each(refused)(
  'a certificate that is not trusted (%s, authority given: %s) is shown all the same, with what to do',
  async (tls, known, advice, code) => {
    const server = tls === 'good' ? slapd : await launch({ tls })
    for (const way of ['ldaps', 'StartTLS']) {
      const more = [
        known ? `caFile: ${server.caFile}` : 'timeoutSeconds: 20',
        ...(way === 'StartTLS' ? ['startTls: true'] : []),
      ]
      const source = declare(server, more.join('\n    '), way === 'ldaps' ? server.ldapsUrl : server.url)
      const steps = await ldapReader.test(source, context(server.password))
      expect(steps.map(step => [step.step, step.ok])).toEqual([
        ['name', true],
        ['tcp', true],
        ['tls', false],
      ])
      expectSpoken(steps)
      expect(steps.at(-1)).toMatchObject({
        why: 'certificate',
        detail: expect.stringMatching(advice),
        said: { code },
        certificate: {
          trusted: false,
          subject: expect.stringContaining('CN='),
          issuer: 'CN=Hjemmel test CA',
          fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
          names: tls === 'wrong-host' ? ['directory.somewhere-else.test'] : ['localhost', '127.0.0.1'],
        },
      })
    }
  },
  60_000,
)

test('a certificate that is trusted is shown, and one that soon expires is warned of', async () => {
  const tls = (await ldapReader.test(declare(slapd), context())).find(step => step.step === 'tls')
  // Those of the tests are good for less than the month that is warned of.
  expect(tls).toMatchObject({
    ok: true,
    certificate: { trusted: true },
    warning: expect.stringMatching(/expires on \d{4}-/),
    warned: { code: 'certificate-expires', params: { day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) } },
  })
})

test('attributes that no entry has are named: a misspelt one, or one that the account may not read', async () => {
  const steps = await ldapReader.test(
    declare(slapd, `caFile: ${slapd.caFile}\n    employeeNo: medarbejdernr`),
    context(),
  )
  expectSpoken(steps)
  expect(steps.find(step => step.empty?.includes('medarbejdernr'))).toMatchObject({ step: 'rights', ok: true })
})
