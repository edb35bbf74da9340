import { generateSync } from 'otplib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Session } from '../../../server/contract/auth.ts'
import { testDatabase } from '../../support/database.ts'
import { daysAhead } from '../../support/days.ts'
import { type AuthApp, authApp, type Client } from './auth-app.ts'

const database = testDatabase()
const PASSWORD = 'grøn hat fire broer'
let app: AuthApp

beforeEach(async () => {
  await database.reset()
  app = await authApp(database.db)
})
afterEach(() => app.close())

const tokenOf = (link: { url: string }) => link.url.slice(link.url.lastIndexOf('/') + 1)
const inDays = (days: number) => daysAhead(days, app.clock)

async function choose(url: string, password = PASSWORD) {
  const client = app.client()
  await client.session()
  return client.post('/links/use', { token: tokenOf({ url }), password })
}

/** Sign in with password and a new code app; returns the client that is let in. */
async function enter(username: string, password = PASSWORD): Promise<Client> {
  const client = app.client()
  await client.signIn('local', username, password)
  const { body: begun } = await client.post<{ id: string; secret: string }>('/second-factors/totp')
  const epoch = Math.floor(app.clock.now().getTime() / 1000)
  const done = await client.post<{ session: Session }>(`/second-factors/totp/${begun.id}`, {
    code: generateSync({ secret: begun.secret, epoch }),
  })
  expect(done.body.session.secondFactor).toBe('none')
  return client
}

async function administrator(): Promise<Client> {
  const link = (await app.auth.firstAdministratorLink())!
  await choose(link.url)
  return enter('administrator')
}
const actions = async () =>
  (await database.db.snapshot(tx => tx.query<{ action: string }>('select action from audit_entry order by id'))).map(
    row => row.action,
  )

describe('the first administrator', () => {
  it('comes in by a link printed at start, until somebody can administer', async () => {
    const first = (await app.auth.firstAdministratorLink())!
    expect(first.url).toMatch(/^http:\/\/localhost:\d+\/link\/[\w-]{43}$/)
    const second = (await app.auth.firstAdministratorLink())!
    expect((await choose(first.url)).body.code).toBe('link-invalid')
    const visitor = app.client()
    await visitor.session()
    expect((await visitor.post('/links/open', { token: tokenOf(second) })).body).toMatchObject({
      purpose: 'first-administrator',
      username: 'administrator',
    })
    expect((await choose(second.url, 'kort')).body.code).toBe('password-weak')
    expect((await choose(second.url, 'administrator2026')).body.code).toBe('password-weak')
    expect((await choose(second.url)).body).toEqual({ username: 'administrator' })
    expect((await choose(second.url)).body.code).toBe('link-invalid')
    expect(await app.auth.firstAdministratorLink()).toBeNull()
    const client = await enter('administrator')
    const session = await client.session()
    expect(session.actor).toMatchObject({ kind: 'administrator', roles: ['admin'], until: inDays(90) })
    expect(session.permissions).toContain('local-role.grant')
  })

  it('a link counts once even when two use it at once, for 24 hours, and only its hash is stored', async () => {
    const link = (await app.auth.firstAdministratorLink())!
    const answers = await Promise.all([choose(link.url), choose(link.url), choose(link.url)])
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 410, 410])
    await database.reset()
    const late = (await app.auth.firstAdministratorLink())!
    const [row] = await database.db.snapshot(tx =>
      tx.query<{ all: string }>('select json_agg(l)::text as all from one_time_link l'),
    )
    expect(row!.all).not.toContain(tokenOf(late))
    app.clock.forward(24 * 60 + 1)
    expect((await choose(late.url)).body.code).toBe('link-invalid')
  })

  it('a new link is printed when the role has run out', async () => {
    await administrator()
    app.clock.forward(91 * 24 * 60)
    const again = (await app.auth.firstAdministratorLink())!
    expect((await choose(again.url)).status).toBe(200)
  })
})

describe('named outsiders', () => {
  const dpo = () => ({
    kind: 'outsider',
    username: 'dorte@faelles-dpo.example',
    displayName: 'Dorte Dam',
    role: 'dpo',
    to: inDays(200),
    reason: 'Fælles DPO for fire kommuner',
  })

  it('are invited with a dated role, and everything about it is in the audit log', async () => {
    const admin = await administrator()
    const { body: made } = await admin.post<{ id: string; link: { url: string } }>('/local-users', dpo())
    expect((await choose(made.link.url, 'rød kat seks tårne')).status).toBe(200)
    const client = await enter('Dorte@faelles-dpo.example', 'rød kat seks tårne')
    expect((await client.session()).actor).toMatchObject({
      kind: 'outsider',
      displayName: 'Dorte Dam',
      personId: null,
      roles: ['dpo'],
      until: inDays(200),
    })
    expect((await client.post('/local-users', dpo())).status).toBe(403)
    expect((await client.get<{ users: unknown[] }>('/local-users')).body.users).toHaveLength(2)
    expect(await actions()).toEqual(
      expect.arrayContaining(['local-user.created', 'local-role.granted', 'local-user.password-set', 'user.signed-in']),
    )
  })

  it('are out on the day the role ends', async () => {
    const admin = await administrator()
    const { body: made } = await admin.post<{ link: { url: string } }>('/local-users', { ...dpo(), to: inDays(2) })
    await choose(made.link.url)
    expect((await app.client().signIn('local', dpo().username, PASSWORD)).status).toBe(200)
    // One of the days may have 25 hours.
    app.clock.forward(2 * 24 * 60 + 60)
    expect((await app.client().signIn('local', dpo().username, PASSWORD)).body.code).toBe('not-allowed')
  })

  it.each([
    ['without an end', { to: undefined }, 400],
    ['for more than two years', { to: '2099-01-01' }, 422],
    ['that ends before it begins', { to: '2020-01-01' }, 422],
    ['from the past', { from: '2020-01-01' }, 422],
    ['without a reason', { reason: ' ' }, 400],
    ['of an unknown role', { role: 'manager' }, 400],
    ['as a person of the municipality', { kind: 'person' }, 400],
    ['under a name that is no name', { username: 'a b' }, 400],
  ])('no role %s', async (_, change, status) => {
    const admin = await administrator()
    const before = (await actions()).length
    expect((await admin.post('/local-users', { ...dpo(), ...change })).status).toBe(status)
    expect(await actions()).toHaveLength(before)
  })

  it('a name is given once, a role not twice at the same time, and nobody gives one to themselves', async () => {
    const admin = await administrator()
    const { body: made } = await admin.post<{ id: string }>('/local-users', dpo())
    expect((await admin.post('/local-users', { ...dpo(), username: dpo().username.toUpperCase() })).status).toBe(409)
    const role = { role: 'dpo', to: inDays(20), reason: 'en gang til' }
    expect((await admin.post(`/local-users/${made.id}/roles`, role)).status).toBe(409)
    const self = (await admin.session()).actor!.userId
    expect((await admin.post(`/local-users/${self}/roles`, { ...role, role: 'hr' })).body.code).toBe(
      'second-person-needed',
    )
  })

  it('a reset ends password, second factors and sessions; disabling ends them at once', async () => {
    const admin = await administrator()
    const { body: made } = await admin.post<{ id: string; link: { url: string } }>('/local-users', dpo())
    await choose(made.link.url)
    const client = await enter(dpo().username)
    const { body: link } = await admin.post<{ url: string }>(`/local-users/${made.id}/link`)
    expect((await client.session()).signedIn).toBe(false)
    expect((await app.client().signIn('local', dpo().username, PASSWORD)).status).toBe(401)
    await choose(link.url, 'gul sko otte søer')
    const again = await enter(dpo().username, 'gul sko otte søer')
    await admin.post(`/local-users/${made.id}/disable`)
    expect((await again.session()).signedIn).toBe(false)
    expect((await app.client().signIn('local', dpo().username, 'gul sko otte søer')).status).toBe(401)
    // Let in again: password and second factor are still there, and a second time there is nothing to do.
    expect((await admin.post(`/local-users/${made.id}/enable`)).status).toBe(200)
    expect((await app.client().signIn('local', dpo().username, 'gul sko otte søer')).status).toBe(200)
    expect((await admin.post(`/local-users/${made.id}/enable`)).body.code).toBe('conflict')
    const entries = (await database.db.source.query(
      `select action, actor_user_id is not null as somebody from audit_entry
       where subject_id = $1 and action in ('local-user.disabled', 'local-user.enabled') order by id`,
      [made.id],
    )) as unknown[]
    expect(entries).toEqual([
      { action: 'local-user.disabled', somebody: true },
      { action: 'local-user.enabled', somebody: true },
    ])
  })

  it('the last administrator stays', async () => {
    const admin = await administrator()
    const self = (await admin.session()).actor!.userId
    const { body } = await admin.get<{ users: { id: string; roles: { id: string }[] }[] }>('/local-users')
    const role = body.users.find(user => user.id === self)!.roles[0]!.id
    expect((await admin.send('DELETE', `/local-users/${self}/roles/${role}`)).body.code).toBe('conflict')
    expect((await admin.post(`/local-users/${self}/disable`)).body.code).toBe('conflict')
  })

  it('a role that is ended gives nothing any more', async () => {
    const admin = await administrator()
    const { body: made } = await admin.post<{ id: string; link: { url: string } }>('/local-users', dpo())
    await choose(made.link.url)
    const client = await enter(dpo().username)
    const { body } = await admin.get<{ users: { id: string; roles: { id: string }[] }[] }>('/local-users')
    const role = body.users.find(user => user.id === made.id)!.roles[0]!.id
    expect((await admin.send('DELETE', `/local-users/${made.id}/roles/${role}`)).status).toBe(200)
    expect((await client.session()).signedIn).toBe(false)
  })
})
