import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hashPassword } from '../../../server/auth/password-hash.ts'
import type { Session } from '../../../server/contract/auth.ts'
import { newId } from '../../../server/platform/ids.ts'
import { testDatabase } from '../../support/database.ts'
import { type AuthApp, authApp, type Client } from './auth-app.ts'
import { person } from './people-in-database.ts'

const database = testDatabase()
const PASSWORD = 'blå cykel syv hatte'
let hash: string
let app: AuthApp

beforeAll(async () => {
  hash = await hashPassword(PASSWORD)
})
beforeEach(async () => {
  await database.reset()
  app = await authApp(database.db)
})
const stop = () => app.close()
afterAll(async () => stop())

async function outsider(username: string, role: string | null = 'auditor'): Promise<string> {
  const id = newId()
  await database.db.transaction(async tx => {
    await tx.query(
      `insert into tool_user (id, kind, username, display_name, password_hash) values ($1, 'outsider', $2, $2, $3)`,
      [id, username, hash],
    )
    if (role)
      await tx.query(
        `insert into local_role (id, user_id, role, valid, reason) values ($1, $2, $3, daterange($4::date - 1, $4::date + 30), 'test')`,
        [newId(), id, role, app.clock.today()],
      )
  })
  return id
}
const actions = async () =>
  (await database.db.snapshot(tx => tx.query<{ action: string }>('select action from audit_entry order by id'))).map(
    row => row.action,
  )

describe('signing in with a local password', () => {
  it('says who it is, and what comes next: a second factor has to be set up before anything is shown', async () => {
    const id = await outsider('revisor')
    const client = app.client()
    const answer = await client.signIn('local', 'Revisor', PASSWORD)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ signedIn: true, secondFactor: 'enrol', actor: null, permissions: [] })
    expect(answer.body.packedRules).toEqual([])
    expect((await client.get('/who')).status).toBe(401)
    expect(await actions()).toEqual(['user.signed-in'])
    expect(await database.db.snapshot(tx => tx.query('select subject_id from audit_entry'))).toEqual([
      { subject_id: id },
    ])
  })

  it('answers the same for a wrong password and for nobody', async () => {
    await outsider('revisor')
    const wrong = await app.client().signIn('local', 'revisor', 'something else')
    const nobody = await app.client().signIn('local', 'nobody', 'something else')
    expect(wrong.status).toBe(401)
    const { requestId: _, ...first } = wrong.body as Record<string, unknown>
    const { requestId: __, ...second } = nobody.body as Record<string, unknown>
    expect(first).toEqual(second)
    expect(await actions()).toEqual(['user.sign-in-failed', 'user.sign-in-failed'])
  })

  it('lets nobody in whose roles have ended, and none who is disabled', async () => {
    await outsider('uden', null)
    expect((await app.client().signIn('local', 'uden', PASSWORD)).body.code).toBe('not-allowed')
    const id = await outsider('stoppet')
    await database.db.transaction(tx => tx.query('update tool_user set disabled_at = now() where id = $1', [id]))
    expect((await app.client().signIn('local', 'stoppet', PASSWORD)).body.code).toBe('sign-in-failed')
  })

  it('locks after five wrong passwords for a quarter of an hour, also for a name that nobody has', async () => {
    await outsider('revisor')
    for (const name of ['revisor', 'nobody']) {
      const client = app.client()
      for (let n = 1; n <= 5; n++) expect((await client.signIn('local', name, 'wrong')).status).toBe(401)
      const locked = await client.signIn('local', name.toUpperCase(), PASSWORD)
      expect(locked).toMatchObject({ status: 423, body: { code: 'account-locked' } })
    }
    app.clock.forward(14)
    expect((await app.client().signIn('local', 'revisor', PASSWORD)).status).toBe(423)
    app.clock.forward(2)
    expect((await app.client().signIn('local', 'revisor', PASSWORD)).status).toBe(200)
    expect(await actions()).toContain('user.locked')
  })

  it('gives a burst at once no more than five tries', async () => {
    await outsider('revisor')
    const clients = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const client = app.client()
        await client.session()
        return client
      }),
    )
    const answers = await Promise.all(
      clients.map(client => client.post('/session/local', { username: 'revisor', password: 'wrong' })),
    )
    expect(answers.filter(answer => answer.status === 401).length).toBeLessThanOrEqual(5)
    expect(answers.filter(answer => answer.status === 423).length).toBeGreaterThanOrEqual(7)
  })

  it('a right password starts the count anew', async () => {
    await outsider('revisor')
    for (let round = 0; round < 3; round++) {
      for (let n = 1; n <= 4; n++) await app.client().signIn('local', 'revisor', 'wrong')
      expect((await app.client().signIn('local', 'revisor', PASSWORD)).status).toBe(200)
    }
  })

  it('locks an address that tries one name after another', async () => {
    for (let n = 1; n <= 50; n++) expect((await app.client().signIn('local', `name${n}`, 'wrong')).status).toBe(401)
    await outsider('revisor')
    expect((await app.client().signIn('local', 'revisor', PASSWORD)).status).toBe(423)
    const elsewhere = app.client()
    elsewhere.headers['x-forwarded-for'] = '192.0.2.77'
    expect((await elsewhere.signIn('local', 'revisor', PASSWORD)).status).toBe(200)
  })

  it('keeps neither user names nor passwords of failed attempts', async () => {
    await app.client().signIn('local', 'min hemmelige kode', 'wrong')
    const [row] = await database.db.snapshot(tx =>
      tx.query<{ all: string }>(
        `select (select json_agg(a)::text from sign_in_attempt a) || (select json_agg(e)::text from audit_entry e) || (select json_agg(p)::text from audit_payload p) as all`,
      ),
    )
    expect(row!.all).not.toContain('hemmelige')
  })
})

describe('the session', () => {
  it('gets a new id at sign-in, so a planted one is worth nothing', async () => {
    await outsider('revisor')
    const client = app.client()
    await client.session()
    client.cookies.set('hjemmel', 's%3Aplanted.signature')
    await client.post('/session/local', { username: 'revisor', password: PASSWORD })
    expect(client.cookies.get('hjemmel')).not.toContain('planted')
    const first = client.cookies.get('hjemmel')
    await client.signIn('local', 'revisor', PASSWORD)
    expect(client.cookies.get('hjemmel')).not.toBe(first)
    const old = app.client()
    old.cookies.set('hjemmel', first!)
    expect((await old.session()).signedIn).toBe(false)
  })

  it('cookie is HttpOnly, SameSite and, on https, Secure with the __Host- prefix', async () => {
    await outsider('revisor')
    const plain = await app.client().signIn('local', 'revisor', PASSWORD)
    expect(plain.cookies.find(cookie => cookie.startsWith('hjemmel='))).toMatch(/Path=\/;.*HttpOnly; SameSite=Lax/)
    const secure = await authApp(database.db, { publicUrl: 'https://hjemmel.bakkeby.example' })
    try {
      const client = secure.client()
      const answer = await client.signIn('local', 'revisor', PASSWORD)
      expect(answer.status).toBe(200)
      for (const name of ['__Host-hjemmel', '__Host-hjemmel-csrf']) expect([...client.cookies.keys()]).toContain(name)
      expect(answer.cookies.find(cookie => cookie.startsWith('__Host-hjemmel='))).toMatch(/Path=\/;.*HttpOnly; Secure/)
      expect(answer.cookies.join()).not.toContain('Domain')
    } finally {
      await secure.close()
    }
  })

  it('stores nothing for a visitor who is not signed in', async () => {
    await app.client().session()
    expect(await database.db.snapshot(tx => tx.query('select sid from session'))).toEqual([])
  })

  it('ends after twelve hours whatever happens', async () => {
    await outsider('revisor')
    const client = app.client()
    await client.signIn('local', 'revisor', PASSWORD)
    app.clock.forward(11 * 60 + 59)
    expect((await client.session()).signedIn).toBe(true)
    app.clock.forward(2)
    expect((await client.session()).signedIn).toBe(false)
  })

  it('ends here, or everywhere', async () => {
    await outsider('revisor')
    const [here, there]: Client[] = [app.client(), app.client()]
    await here!.signIn('local', 'revisor', PASSWORD)
    await there!.signIn('local', 'revisor', PASSWORD)
    const copy = app.client()
    copy.cookies = new Map(here!.cookies)
    expect((await here!.post<Session>('/session/end')).body.signedIn).toBe(false)
    expect((await copy.session()).signedIn).toBe(false)
    expect((await there!.session()).signedIn).toBe(true)
    await here!.signIn('local', 'revisor', PASSWORD)
    await here!.post('/session/end', { everywhere: true })
    expect((await there!.session()).signedIn).toBe(false)
    expect((await actions()).filter(action => action === 'user.signed-out')).toHaveLength(2)
  })

  it('is over at once for a user who is disabled', async () => {
    const id = await outsider('revisor')
    const client = app.client()
    await client.signIn('local', 'revisor', PASSWORD)
    await database.db.transaction(tx => tx.query('update tool_user set disabled_at = now() where id = $1', [id]))
    expect((await client.session()).signedIn).toBe(false)
  })
})

describe('requests from elsewhere', () => {
  beforeEach(() => outsider('revisor'))
  const tryIn = (client: Client) => client.post('/session/local', { username: 'revisor', password: PASSWORD })

  it('are refused without the token, with a wrong one, and with one of another browser', async () => {
    const client = app.client()
    expect((await tryIn(client)).body.code).toBe('csrf-failed')
    const other = app.client()
    await other.session()
    await client.session()
    client.csrf = other.csrf
    expect((await tryIn(client)).body.code).toBe('csrf-failed')
    client.csrf = ''
    expect((await tryIn(client)).status).toBe(403)
  })

  it('are refused from another origin even with the token', async () => {
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of foreign) {
      const client = app.client()
      await client.session()
      client.headers = headers
      expect((await tryIn(client)).body.code).toBe('csrf-failed')
    }
    const client = app.client()
    await client.session()
    client.headers = { origin: app.url }
    expect((await tryIn(client)).status).toBe(200)
  })

  it('the token of before signing in does not count after it', async () => {
    const client = app.client()
    await client.session()
    const before = client.csrf
    await tryIn(client)
    expect(client.csrf).not.toBe(before)
    client.csrf = before
    expect((await client.post('/session/end')).body.code).toBe('csrf-failed')
  })
})

describe('the demonstration', () => {
  it('takes one click, only for its own users, and does without a second factor', async () => {
    const { personId } = await person(database.db, { username: 'hrpartner', roles: ['employee', 'hr'] })
    await person(database.db, { username: 'another', roles: ['employee', 'it'] })
    const users = async () => [
      { username: 'hrpartner', role: 'hr' as const, name: 'HR', title: null, lookAt: { da: 'Se', en: 'See' } },
    ]
    const demo = await authApp(database.db, { demo: users })
    try {
      const client = demo.client()
      expect((await client.session()).demo?.users).toHaveLength(1)
      expect((await client.post('/session/demo', { username: 'another' })).status).toBe(404)
      const answer = await client.post<Session>('/session/demo', { username: 'hrpartner' })
      expect(answer.body).toMatchObject({
        signedIn: true,
        secondFactor: 'none',
        actor: { personId, via: 'demo', roles: ['hr', 'employee'] },
      })
      expect(answer.body.permissions).toContain('person.reveal-cpr')
      expect((await client.get('/rules-only')).status).toBe(200)
      await client.post('/session/end')
      await client.post('/session/demo', { username: 'hrpartner' })
      const rows = await database.db.snapshot(tx =>
        tx.query('select id from tool_user where person_id = $1', [personId]),
      )
      expect(rows).toHaveLength(1)
    } finally {
      await demo.close()
    }
  })

  it('is not there outside of it', async () => {
    await person(database.db, { username: 'hrpartner', roles: ['hr'] })
    const client = app.client()
    expect((await client.session()).demo).toBeNull()
    expect((await client.post('/session/demo', { username: 'hrpartner' })).status).toBe(404)
  })
})

describe('emergency access', () => {
  it('leaves its own audit entry and a line that somebody must act on', async () => {
    const id = await outsider('nødadgang', 'admin')
    await database.db.transaction(tx => tx.query(`update tool_user set kind = 'emergency' where id = $1`, [id]))
    await app.client().signIn('local', 'nødadgang', PASSWORD)
    expect(await actions()).toEqual(['user.emergency-signed-in'])
    expect(app.log).toEqual([{ level: 'error', message: expect.stringContaining('Emergency access') }])
  })
})
