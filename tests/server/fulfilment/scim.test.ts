import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { scimClient } from '../../../server/fulfilment/scim/scim-client.ts'
import { scimConnector } from '../../../server/fulfilment/scim/scim-connector.ts'
import { retryAfter } from '../../../server/fulfilment/send-http.ts'
import type { OrderToCarryOut } from '../../../server/orders/connector.ts'
import { newId } from '../../../server/platform/ids.ts'
import { carry, contextWith, failureOf, order, reachOf, right } from './carry.ts'
import { scimServer, type Trouble } from './scim-server.ts'

const TOKEN = 'a token of the tests'
let server: Awaited<ReturnType<typeof scimServer>>
let settings: Record<string, unknown>
const connector = scimConnector(reachOf())
beforeAll(async () => {
  server = await scimServer(TOKEN)
})
afterAll(() => server.close())
beforeEach(() => {
  server.users.clear()
  server.groups.clear()
  server.asked.length = 0
  server.next(null)
  server.supports({ patch: true })
  server.pages(true)
  settings = { url: server.url, token: { env: 'HJEMMEL_SECRET_SCIM' }, allowPlain: true, onDelete: 'delete' }
})

const doIt = (one: OrderToCarryOut, more: object = {}) =>
  carry(connector, { ...settings, ...more }, one, contextWith(TOKEN))
const anna = (username: string, more: Record<string, string | null> = {}) => ({
  username,
  attributes: {
    ...{ givenName: 'Anna', familyName: 'Åse', displayName: 'Anna "Ann" Åse', title: 'Lærer' },
    email: 'anna@kommune.test',
    ...more,
  },
})
const somebody = () => ({ id: newId(), name: null })
const group = (displayName: string, members: { value: string }[] = []) => {
  const id = newId()
  server.groups.set(id, { id, displayName, members })
  return id
}
const membersOf = (id: string) => ((server.groups.get(id)?.members ?? []) as { value: string }[]).map(one => one.value)
const writes = () => server.asked.filter(one => !one.startsWith('GET'))

describe('users and groups', () => {
  test('a person appears closed, is opened, changed, renamed, put in a group and out, closed and removed', async () => {
    const person = somebody()
    const made = await doIt(order('create', { person, account: anna('anna1') }))
    expect(made).toMatchObject({ steps: ['Create the user'], verified: 'as-wanted' })
    const { externalId } = made
    const stored = () => server.users.get(externalId!)
    expect(stored()).toMatchObject({
      ...{ userName: 'anna1', externalId: person.id, active: false, title: 'Lærer' },
      emails: [{ value: 'anna@kommune.test', type: 'work', primary: true }],
    })
    const at = (username: string, more = {}) => ({ person, account: { ...anna(username, more), externalId } })
    expect(await doIt(order('enable', at('anna1')))).toMatchObject({ verified: 'as-wanted' })
    expect(stored()).toMatchObject({ active: true })
    const set = order('set', at('anna1', { title: null, email: 'ny@kommune.test', displayName: 'Anna Åse' }))
    expect(await doIt(set)).toMatchObject({ verified: 'as-wanted' })
    expect(stored()).not.toHaveProperty('title')
    expect(stored()).toMatchObject({ displayName: 'Anna Åse', emails: [{ value: 'ny@kommune.test' }], active: true })
    await doIt(order('rename', at('anna.b', { familyName: 'Bæk' })))
    expect(stored()).toMatchObject({ userName: 'anna.b', name: { familyName: 'Bæk', givenName: 'Anna' } })

    const bo = newId()
    const id = group('Kokke & tjenere (A)', [{ value: bo }])
    const grant = order('grant', { ...at('anna.b'), right: right('Kokke & tjenere (A)') })
    expect(await doIt(grant)).toMatchObject({ verified: 'as-wanted' })
    expect(membersOf(id)).toEqual([bo, externalId])
    expect(await doIt(grant)).toMatchObject({ verified: 'already' })
    expect(await doIt({ ...grant, action: 'revoke' })).toMatchObject({ verified: 'as-wanted' })
    expect(membersOf(id)).toEqual([bo])

    expect(await failureOf(doIt(order('delete', at('anna.b'))))).toMatchObject({ why: 'refused' })
    await doIt(order('disable', at('anna.b')))
    expect(stored()).toMatchObject({ active: false })
    expect(await doIt(order('delete', at('anna.b')))).toMatchObject({ verified: 'as-wanted' })
    expect(stored()).toBeUndefined()
    expect(await doIt(order('delete', at('anna.b')))).toMatchObject({ verified: 'already' })
  })

  test('where users are not deleted they are closed', async () => {
    const person = somebody()
    const { externalId } = await doIt(order('create', { person, account: { ...anna('anna1'), enabled: true } }))
    await doIt(order('delete', { person, account: { ...anna('anna1'), externalId } }), { onDelete: 'deactivate' })
    expect(server.users.get(externalId!)).toMatchObject({ active: false })
  })

  test('a name that somebody else has is never taken for ours', async () => {
    const theirs = { id: newId(), userName: 'anna1', externalId: 'hr-7', active: true }
    server.users.set(theirs.id, theirs)
    expect((await doIt(order('create', { account: anna('anna1') }))).untouchable).toBe('account-of-another')
    expect((await doIt(order('disable', { account: anna('anna1') }))).untouchable).toBe('account-of-another')
    // This server tells capital letters apart in filters, and not in what it lets in (against RFC 7643, 4.1.1).
    const shouted = await failureOf(doIt(order('create', { account: anna('ANNA1') })))
    expect(shouted).toMatchObject({ why: 'refused' })
    expect(server.users.size).toBe(1)
    const nobodys = { id: newId(), userName: 'bo1', active: true }
    server.users.set(nobodys.id, nobodys)
    expect((await doIt(order('create', { account: anna('bo1') }))).untouchable).toBe('account-of-another')
    // Known to be the person's, and marked by nobody.
    expect(await doIt(order('disable', { account: anna('bo1') }))).toMatchObject({ verified: 'as-wanted' })
    server.users.set('x', { id: 'x', userName: 'svc-mail', active: true })
    expect(
      (await doIt(order('disable', { account: anna('svc-mail') }), { protectedUsers: ['svc-*'] })).untouchable,
    ).toBe('account-protected')
    expect(writes().filter(one => one.startsWith('PATCH'))).toHaveLength(1)
  })

  test('a name is a value in a filter, never a part of it', async () => {
    server.users.set('x', { id: 'x', userName: 'x', active: true })
    const sly = order('disable', { account: anna('a" or userName sw "') })
    // This server cannot read such a filter, and says so (RFC 7644, 3.4.2.2 would have it find nobody).
    expect(await failureOf(doIt(sly))).toMatchObject({ why: 'refused' })
    expect(server.asked.at(-1)).toContain('userName eq "a\\" or userName sw \\""')
    expect(writes()).toEqual([])
  })

  test('after it was carried out the plan is empty, and orders may come in any order', async () => {
    const ids = [group('A'), group('B')]
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(['grant-A', 'grant-B', 'set', 'enable'], { minLength: 4, maxLength: 4 }),
        async sequence => {
          const person = somebody()
          const { externalId } = await doIt(order('create', { person, account: anna(`u${person.id}`) }))
          for (const what of sequence) {
            const [action, carrier] = what.split('-') as ['grant' | 'set' | 'enable', string?]
            const account = { ...anna(`u${person.id}`, { title: 'Leder' }), externalId }
            const next = order(action, { person, account, right: carrier ? right(carrier) : null })
            expect((await doIt(next)).verified).toBe('as-wanted')
            expect((await doIt(next)).steps).toEqual([])
          }
          expect(server.users.get(externalId!)).toMatchObject({ title: 'Leder', active: true })
          for (const id of ids) expect(membersOf(id)).toContain(externalId)
        },
      ),
      { numRuns: 8 },
    )
  })
})

describe('a server that lets one down', () => {
  test('a moment after which it may be asked again is counted from when it said so', async () => {
    const moment = Date.now() + 3_600_000
    server.next({ status: 503, headers: { 'retry-after': new Date(moment).toUTCString() } })
    const asked = Date.now()
    const failed = await failureOf(doIt(order('create', { person: somebody(), account: anna('anna1') })))
    const told = Date.now()
    expect(failed.why).toBe('retry')
    // The moment is told in whole seconds, and so is what is left until then.
    expect(failed.after).toBeGreaterThanOrEqual(Math.floor((moment - told) / 1000) - 1)
    expect(failed.after).toBeLessThanOrEqual(Math.ceil((moment - asked) / 1000))
  })

  test.each<{ how: Trouble & object; why: string; after: number | null }>([
    { how: { status: 429, headers: { 'retry-after': '120' } }, why: 'retry', after: 120 },
    { how: { status: 503, headers: { 'retry-after': '60' } }, why: 'retry', after: 60 },
    { how: { status: 500 }, why: 'lost', after: null },
    { how: { status: 401 }, why: 'retry', after: null },
    { how: { status: 403 }, why: 'refused', after: null },
    { how: { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, why: 'refused', after: null },
  ])('$how.status is $why', async ({ how, why, after }) => {
    server.next(how)
    const one = order('create', { person: somebody(), account: anna('anna1') })
    const failed = await failureOf(doIt(one))
    expect(failed.why).toBe(why)
    expect(failed.after).toBe(after)
    // Once it is well again, one user and no more.
    expect(await doIt(one)).toMatchObject({ verified: 'as-wanted' })
    expect(server.users.size).toBe(1)
  })

  test.each([{ how: { status: 500, afterWriting: true } as const }, { how: 'half' as const }])(
    'created, and the answer never came whole ($how): read, and not created again',
    async ({ how }) => {
      server.next(how)
      const one = order('create', { person: somebody(), account: anna('anna1') })
      expect(await failureOf(doIt(one))).toMatchObject({ why: 'lost' })
      expect(server.users.size).toBe(1)
      expect(await doIt(one)).toMatchObject({ verified: 'already', externalId: [...server.users.keys()][0] })
      expect(writes()).toHaveLength(1)
    },
  )

  test('half an answer to a question changes nothing', async () => {
    server.next('half', false)
    expect(await failureOf(doIt(order('create', { account: anna('anna1') })))).toMatchObject({ why: 'retry' })
    expect(server.users.size).toBe(0)
  })

  test('silence ends', async () => {
    server.next('silent')
    const one = order('create', { account: anna('anna1') })
    expect(await failureOf(doIt(one, { timeoutSeconds: 1 }))).toMatchObject({ why: 'lost' })
  })

  test('nobody there is no reason to think that it was done', async () => {
    const nobody = { url: 'http://127.0.0.1:9/scim' }
    expect(await failureOf(doIt(order('create', { account: anna('anna1') }), nobody))).toMatchObject({ why: 'retry' })
  })

  test('without PATCH nothing is changed, and no whole user is put back', async () => {
    const person = somebody()
    const { externalId } = await doIt(order('create', { person, account: anna('anna1') }))
    server.supports({ patch: false })
    const failed = await failureOf(doIt(order('enable', { person, account: { ...anna('anna1'), externalId } })))
    expect(failed).toMatchObject({ why: 'refused', says: expect.stringContaining('PATCH') })
    expect(writes().every(one => one.startsWith('POST'))).toBe(true)
  })

  test('a try says what the server can do', async () => {
    const test = (token: string) => connector.test(connector.settings.parse(settings), contextWith(token))
    expect(await test(TOKEN)).toMatchObject({ ok: true })
    expect(await test('another')).toMatchObject({ ok: false })
    server.supports({ patch: false })
    expect((await test(TOKEN)).steps.filter(step => !step.ok)).toHaveLength(1)
  })
})

test('the token goes nowhere that nobody has allowed', async () => {
  const narrow = scimConnector(reachOf({ hosts: ['scim.kommune.test'] }))
  const failed = await failureOf(carry(narrow, settings, order('create', { account: anna('a1') }), contextWith(TOKEN)))
  expect(failed.why).toBe('refused')
  const none = scimConnector(reachOf({ hosts: [] }))
  expect(await failureOf(carry(none, settings, order('create'), contextWith(TOKEN)))).toMatchObject({ why: 'refused' })
  expect(server.asked).toEqual([])
})

test('a list is read to its end, page by page', async () => {
  for (let n = 0; n < 250; n += 1) server.users.set(`${n}`, { id: `${n}`, userName: `u${n}`, active: true })
  const signal = new AbortController().signal
  const client = scimClient({ url: server.url, token: TOKEN, seconds: 10, signal })
  const found = (await client.find('/Users', 'active eq true')) as { id: string }[]
  expect(new Set(found.map(one => one.id)).size).toBe(250)
  expect(server.asked).toHaveLength(3)
  server.pages(false)
  expect(await failureOf(client.find('/Users', 'active eq true'))).toMatchObject({ why: 'refused' })
})

test('how long to wait is a number or a date, and never years', () => {
  const now = Date.parse('2030-01-01T00:00:00Z')
  expect(retryAfter('120', now)).toBe(120)
  expect(retryAfter('Tue, 01 Jan 2030 00:00:30 GMT', now)).toBe(30)
  expect(retryAfter('Tue, 01 Jan 2019 00:00:30 GMT', now)).toBe(0)
  expect(retryAfter('999999999', now)).toBe(86_400)
  expect(retryAfter('soon', now)).toBeNull()
  expect(retryAfter(null, now)).toBeNull()
})
