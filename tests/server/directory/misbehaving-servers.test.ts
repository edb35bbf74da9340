import { afterEach, expect, test } from 'vitest'
import { ldapReader } from '../../../server/directory/ldap-reader.ts'
import { bindAs, connectionOf, openDirectory } from '../../../server/platform/ldap-client.ts'
import { testConnection } from '../../../server/platform/ldap-test.ts'
import { freePort } from '../../support/free-port.ts'
import {
  type Misbehaviour,
  type Responder,
  type ResponderOptions,
  startLdapResponder,
} from '../../support/ldap-responder.ts'
import { expectSpoken, spoken } from '../../support/spoken.ts'
import { BASE, declareServers, readContext, readWhole, units, usersOf } from './responder-source.ts'

const started: Responder[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map(server => server.stop()))
})
async function launch(options: Partial<ResponderOptions> = {}): Promise<Responder> {
  const server = await startLdapResponder({ entries: [...units, ...usersOf(250)], ...options })
  started.push(server)
  return server
}
const PAGES = 'pageSize: 100'
/** The second page of users: in the middle of what is read. */
const onSecondPage =
  (bad: Misbehaviour): ResponderOptions['misbehave'] =>
  asked =>
    asked.page === 2 ? bad : undefined

test('a server that behaves is read to its last entry', async () => {
  const server = await launch()
  expect(await readWhole(declareServers([server.url], PAGES))).toHaveLength(250)
})

test.each([
  ['a size limit', { code: 4, message: 'Size limit exceeded' }, /read more entries in pages/, 'size-limit', false],
  ['a time limit', { code: 3 }, /pageSize/, 'time-limit', true],
  ['an administrative limit', { code: 11 }, /administrative limit/, 'admin-limit', false],
  ['being busy', { code: 51, entries: 0 }, /next run/, 'busy', true],
  ['being shut down', { code: 52, entries: 0 }, /next run/, 'busy', true],
  ['forgetting its cookie', { code: 53, entries: 0, message: 'invalid cookie' }, /read everything/, 'other', false],
  ['dropping the line', { dropAfter: 2000 }, /next run reads anew/, 'connection-lost', true],
  ['dropping the line before a byte', { dropAfter: 0 }, /next run reads anew/, 'connection-lost', true],
  ['no sign of paging', { noPaging: true }, /RFC 2696/, 'paging', false],
  ['the same page for ever', { stuck: true }, /over and over/, 'unending', false],
] as const)(
  '%s in the middle of a read: an error that says what to do, never a short list',
  async (_what, bad, advice, why, heals) => {
    const server = await launch({ misbehave: onSecondPage(bad) })
    const error = await readWhole(declareServers([server.url], PAGES)).catch(error => error)
    expect(error).toMatchObject({
      problem: 'source-incomplete',
      message: expect.stringMatching(advice),
      info: { params: { why, heals }, said: { code: why === 'other' ? 'read-refused' : 'read-stopped' } },
    })
    spoken(error.info.said)
  },
)

test('empty pages with a cookie are gone through, but not for ever', async () => {
  const few = await launch({ misbehave: asked => (asked.n % 3 === 0 ? { emptyPage: true } : undefined) })
  expect(await readWhole(declareServers([few.url], PAGES))).toHaveLength(250)
  const endless = await launch({ misbehave: onSecondPage({ emptyPage: true }) })
  await expect(readWhole(declareServers([endless.url], PAGES))).rejects.toMatchObject({
    info: { params: { why: 'unending' } },
  })
})

test('a server that is slow is waited for; one that falls silent is not waited for beyond timeoutSeconds', async () => {
  const slow = await launch({ misbehave: onSecondPage({ delay: 300 }) })
  expect(await readWhole(declareServers([slow.url], PAGES))).toHaveLength(250)
  const silent = await launch({ misbehave: onSecondPage({ silent: true }) })
  await expect(readWhole(declareServers([silent.url], `${PAGES}\n    timeoutSeconds: 1`))).rejects.toMatchObject({
    problem: 'source-incomplete',
    message: expect.stringMatching(/timeoutSeconds/),
    info: { params: { why: 'timeout', heals: true } },
  })
})

test('references to other servers are counted and said, and not gone to', async () => {
  const other = await launch()
  const server = await launch({
    references: [`${other.url}/DC=skole,DC=test`, 'ldap://forest/DC=ForestDnsZones,DC=test'],
  })
  const context = readContext()
  expect(await readWhole(declareServers([server.url], PAGES), context)).toHaveLength(250)
  expect(context.notes).toEqual([
    { note: 'referrals', count: 2, to: expect.arrayContaining([`${other.url}/DC=skole,DC=test`]) },
  ])
  const steps = await ldapReader.test(declareServers([server.url]), readContext())
  expectSpoken(steps)
  expect(steps.find(step => step.step === 'paging')).toMatchObject({
    ok: true,
    warning: expect.stringMatching(/other servers/),
    warned: { code: 'parts-elsewhere' },
  })
  expect(other.connections()).toBe(0)
})

test('a base that another server holds is a mistake in the declaration, said as one', async () => {
  const other = await launch()
  const server = await launch({ misbehave: () => ({ code: 10, entries: 0, referral: [`${other.url}/${BASE}`] }) })
  await expect(readWhole(declareServers([server.url]))).rejects.toMatchObject({
    problem: 'source-invalid',
    message: expect.stringMatching(/refers to another/),
    info: { said: { code: 'base-elsewhere', params: { base: BASE } } },
  })
  expect(other.connections()).toBe(0)
})

test.each([
  ['52e', /the password is wrong/, 'adgangskoden er forkert'],
  ['532', /its password has expired/, 'adgangskoden er udløbet'],
  ['533', /the account is disabled/, 'kontoen er spærret'],
  ['701', /the account has expired/, 'kontoen er udløbet'],
  ['773', /must be changed/, 'adgangskoden skal først skiftes'],
  ['775', /the account is locked/, 'kontoen er låst'],
  ['525', /there is no such user/, 'kontoen findes ikke'],
  ['530', /at this time/, 'på dette tidspunkt'],
  ['531', /from this machine/, 'fra denne maskine'],
  ['57', /name or the password of [^(]*\. Check/, 'navnet eller adgangskoden er forkert'],
])('Active Directory refuses a sign-in with %s: the reason in words', async (data, words, danish) => {
  const message = `80090308: LdapErr: DSID-0C09041C, comment: AcceptSecurityContext error, data ${data}, v4563`
  const server = await launch({ bind: () => ({ code: 49, message }) })
  const error = await readWhole(declareServers([server.url])).catch(error => error)
  expect(error).toMatchObject({
    problem: 'source-unreachable',
    message: expect.stringMatching(words),
    info: { params: { why: 'credentials', heals: false } },
  })
  expect(spoken(error.info.said).da).toContain(`${server.url} tager ikke imod`)
  expect(spoken(error.info.said).da).toContain(danish)
})

test('of several servers the first that answers is read, and those passed over are named', async () => {
  const dead = `ldap://127.0.0.1:${await freePort()}`
  const busy = await launch({ bind: () => 51 })
  const good = await launch()
  const context = readContext()
  expect(await readWhole(declareServers([dead, busy.url, good.url]), context)).toHaveLength(250)
  expect(context.notes).toEqual([
    { note: 'server-passed-over', url: dead, why: 'refused' },
    { note: 'server-passed-over', url: busy.url, why: 'busy' },
  ])
  const steps = await ldapReader.test(declareServers([dead, good.url]), readContext())
  expect(steps.map(step => [step.server === dead, step.step, step.ok])).toEqual([
    [true, 'name', true],
    [true, 'tcp', false],
    ...['name', 'tcp', 'tls', 'bind', 'base', 'paging', 'rights'].map(step => [false, step, true]),
  ])
})

test('when no server answers, each is said with what is wrong with it', async () => {
  const [one, two] = [`ldap://127.0.0.1:${await freePort()}`, 'ldap://findes-ikke.invalid']
  await expect(readWhole(declareServers([one, two]))).rejects.toMatchObject({
    problem: 'source-unreachable',
    message: expect.stringMatching(/Nothing listens at .*127.*findes-ikke.* is not known/s),
    info: { params: { heals: false }, said: { code: 'servers-fail', params: { servers: `${one}, ${two}` } } },
  })
})

test('a wrong password is tried on one server only: the others would count it towards locking the account', async () => {
  const first = await launch({ bind: () => 49 })
  const second = await launch()
  await expect(readWhole(declareServers([first.url, second.url]))).rejects.toMatchObject({
    info: { params: { why: 'credentials' } },
  })
  expect(second.connections()).toBe(0)
})

test('the server that answered last time is asked first, so that what is known of its changes stays good', async () => {
  const [one, two] = [await launch(), await launch()]
  const config = { urls: [one.url, two.url], startTls: false, bindDn: 'CN=x', password: 'y' }
  const client = await openDirectory({ ...config, prefer: two.url })
  expect(connectionOf(client)).toEqual({ url: two.url, passedOver: [] })
  await client.unbind()
  await two.stop()
  const other = await openDirectory({ ...config, prefer: two.url })
  expect(connectionOf(other)).toMatchObject({ url: one.url, passedOver: [{ url: two.url, why: 'refused' }] })
  await other.unbind()
  const elsewhere = await openDirectory({ ...config, urls: [one.url], prefer: 'ldap://somewhere-else' })
  expect(connectionOf(elsewhere).url).toBe(one.url)
  await elsewhere.unbind()
})

test('signing in goes on at the next server when the first is down', async () => {
  const dead = `ldap://127.0.0.1:${await freePort()}`
  const good = await launch({ bind: (_dn, password) => (password === 'rigtig' ? 0 : 49) })
  const config = { urls: [dead, good.url], startTls: false, bindDn: 'CN=x', password: 'y' }
  expect(await bindAs(config, 'CN=anna', 'rigtig')).toBe(true)
  expect(await bindAs(config, 'CN=anna', 'forkert')).toBe(false)
})

test('a server that takes no password without encryption says so, and we say what to do', async () => {
  const server = await launch({ bind: () => ({ code: 8, message: 'BindSimple: Transport encryption required.' }) })
  await expect(readWhole(declareServers([server.url]))).rejects.toMatchObject({
    message: expect.stringMatching(/startTls/),
    info: { params: { why: 'encryption-required' } },
  })
})

test('TLS spoken to a port that has none: the port is named as what to check', async () => {
  const plain = await launch()
  await expect(
    readWhole(declareServers([plain.url.replace('ldap:', 'ldaps:')], 'timeoutSeconds: 2')),
  ).rejects.toMatchObject({ problem: 'source-unreachable', message: expect.stringMatching(/port is the right one/) })
}, 20_000)

test.each([
  ['never answers the question', 'unanswered'],
  ['says yes and then never speaks TLS', 'yes-then-silent'],
] as const)(
  'a server that %s for StartTLS is given up, named, and the next one is asked',
  async (_what, startTls) => {
    const silent = await launch({ startTls })
    const config = { urls: [silent.url], startTls: true, bindDn: 'CN=x', password: 'y', connectTimeout: 500 }
    await expect(openDirectory(config)).rejects.toMatchObject({
      problem: 'source-unreachable',
      message: expect.stringContaining(silent.url),
      info: { params: { why: 'timeout', heals: true }, said: { code: 'no-answer' } },
    })
    const other = await launch({ startTls })
    const error = await openDirectory({ ...config, urls: [silent.url, other.url] }).catch(error => error)
    expect(error).toMatchObject({ info: { said: { code: 'servers-fail' } } })
    expect(error.message).toContain(other.url)
    expect([silent.connections(), other.connections()]).toEqual([2, 1])
    // What tries a connection for somebody on the screen names the step, and does not wait longer.
    const steps = await testConnection(config, [])
    expect(steps.at(-1)).toMatchObject({ ok: false, why: 'timeout' })
  },
  20_000,
)
