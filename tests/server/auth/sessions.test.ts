import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { generateSync } from 'otplib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { breachCheck } from '../../../server/auth/breached-passwords.ts'
import { checkPassword } from '../../../server/auth/password-policy.ts'
import type { OpenSession } from '../../../server/contract/sessions.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { testDatabase } from '../../support/database.ts'
import { daysAhead } from '../../support/days.ts'
import { type AuthApp, authApp, type Client } from './auth-app.ts'

const database = testDatabase()
const PASSWORD = 'grøn hat fire broer'
const NEXT = 'seks blå cykler ved åen'
let app: AuthApp
let totpSecret = ''

beforeEach(async () => {
  await database.reset()
  app = await authApp(database.db)
  const link = (await app.auth.firstAdministratorLink())!
  const visitor = app.client()
  await visitor.session()
  const token = link.url.slice(link.url.lastIndexOf('/') + 1)
  await visitor.post('/links/use', { token, password: PASSWORD })
})
afterEach(() => app.close())

const epoch = () => Math.floor(app.clock.now().getTime() / 1000)
const code = () => generateSync({ secret: totpSecret, epoch: epoch() })

/** The first one sets up a code app; those after it use a code of a later step, since each counts once. */
async function administrator(agent = 'Firefox'): Promise<Client> {
  const client = app.client()
  client.headers['user-agent'] = agent
  const { body } = await client.signIn('local', 'administrator', PASSWORD)
  if (body.secondFactor === 'enrol') {
    const { body: begun } = await client.post<{ id: string; secret: string }>('/second-factors/totp')
    totpSecret = begun.secret
    await client.post(`/second-factors/totp/${begun.id}`, { code: code() })
  } else {
    app.clock.forward(1)
    await client.post('/session/totp', { code: code() })
  }
  expect((await client.session()).secondFactor).toBe('none')
  return client
}
const sessionsOf = async (client: Client) =>
  (await client.get<{ sessions: OpenSession[]; hasPassword: boolean }>('/sessions')).body
const statusOf = async (client: Client) => (await client.get('/who')).status
const actions = async () =>
  (await database.db.snapshot(tx => tx.query<{ action: string }>('select action from audit_entry order by id'))).map(
    row => row.action,
  )

describe('where one is signed in', () => {
  it('is listed with browser and time, without anything that would let one in', async () => {
    const here = await administrator('Firefox/140\u00e6')
    await administrator('Edge/150')
    const { sessions, hasPassword } = await sessionsOf(here)
    expect(sessions.map(one => [one.agent, one.via, one.current])).toEqual([
      ['Edge/150', 'local', false],
      ['Firefox/140', 'local', true],
    ])
    expect(hasPassword).toBe(true)
    const ids = await database.db.snapshot(tx => tx.query<{ sid: string }>('select sid from session'))
    for (const { sid } of ids) expect(JSON.stringify(sessions)).not.toContain(sid)
  })

  it('one can be ended from another; the own one only by signing out', async () => {
    const here = await administrator()
    const there = await administrator()
    const { sessions } = await sessionsOf(here)
    const [own, other] = [sessions.find(one => one.current)!, sessions.find(one => !one.current)!]
    expect((await here.send('DELETE', `/sessions/${own.id}`)).status).toBe(404)
    expect((await here.send('DELETE', `/sessions/${other.id}`)).status).toBe(200)
    expect(await statusOf(there)).toBe(401)
    expect(await statusOf(here)).toBe(200)
    expect((await here.send('DELETE', `/sessions/${other.id}`)).status).toBe(404)
    expect(await actions()).toContain('user.session-ended')
  })

  it('all others end at once', async () => {
    const here = await administrator()
    const others = [await administrator(), await administrator()]
    expect((await here.post('/sessions/end-others')).body).toEqual({ ended: 2 })
    for (const other of others) expect(await statusOf(other)).toBe(401)
    expect(await statusOf(here)).toBe(200)
  })

  it('an administrator ends those of another user, who is out with the next request', async () => {
    const admin = await administrator()
    const to = daysAhead(30, app.clock)
    const invited = await admin.post<{ id: string; link: { url: string } }>('/local-users', {
      kind: 'outsider',
      username: 'revisor',
      displayName: 'Rikke Revisor',
      role: 'auditor',
      to,
      reason: 'Årlig revision',
    })
    const { id, link } = invited.body
    const guest = app.client()
    await guest.session()
    await guest.post('/links/use', { token: link.url.slice(link.url.lastIndexOf('/') + 1), password: NEXT })
    await guest.signIn('local', 'revisor', NEXT)
    expect((await guest.session()).signedIn).toBe(true)
    expect((await admin.post(`/local-users/${id}/sessions/end`)).body).toEqual({ ended: 1 })
    expect((await guest.session()).signedIn).toBe(false)
  })
})

describe('showing again who one is', () => {
  const attempts: [string, (client: Client) => Promise<{ status: number; body: { code?: string } }>][] = [
    ['a code app', client => client.post('/second-factors/totp')],
    ['a passkey', client => client.post('/second-factors/passkey/options')],
    ['recovery codes', client => client.post('/second-factors/recovery-codes')],
    ['removing a factor', client => client.send('DELETE', '/second-factors/01890000-0000-7000-8000-000000000000')],
    ['ending other sessions', client => client.post('/sessions/end-others')],
  ]
  it.each(attempts)('is asked a quarter of an hour after the sign-in: %s', async (_what, attempt) => {
    const client = await administrator()
    expect((await attempt(client)).body.code).not.toBe('confirm-needed')
    app.clock.forward(16)
    expect(await attempt(client)).toMatchObject({ status: 403, body: { code: 'confirm-needed' } })
    expect((await client.post('/session/confirm', { password: PASSWORD, code: code() })).status).toBe(200)
    expect((await attempt(client)).body.code).not.toBe('confirm-needed')
  })

  it('takes the right password with the right code and nothing less', async () => {
    const client = await administrator()
    app.clock.forward(16)
    const confirm = (body: object) => client.post('/session/confirm', body)
    expect((await confirm({ password: 'wrong', code: code() })).body.code).toBe('sign-in-failed')
    expect((await confirm({ password: PASSWORD })).body.code).toBe('second-factor-wrong')
    expect((await confirm({ password: PASSWORD, code: '000000' })).body.code).toBe('second-factor-wrong')
    expect((await client.post('/sessions/end-others')).body.code).toBe('confirm-needed')
  })

  it('cannot be used for guessing: it counts towards the same lockout', async () => {
    const client = await administrator()
    for (let n = 1; n <= 5; n++) await client.post('/session/confirm', { password: 'wrong', code: code() })
    expect((await client.post('/session/confirm', { password: PASSWORD, code: code() })).body.code).toBe(
      'account-locked',
    )
  })
})

describe('a new password', () => {
  it('needs the current one, ends all other sessions, and works from then on', async () => {
    const here = await administrator()
    const there = await administrator()
    expect((await here.post('/password', { current: 'wrong', next: NEXT })).body.code).toBe('sign-in-failed')
    expect((await here.post('/password', { current: PASSWORD, next: 'administrator 2026' })).body.code).toBe(
      'password-weak',
    )
    expect((await here.post('/password', { current: PASSWORD, next: NEXT })).status).toBe(200)
    expect(await statusOf(here)).toBe(200)
    expect(await statusOf(there)).toBe(401)
    expect((await app.client().signIn('local', 'administrator', PASSWORD)).status).toBe(401)
    expect((await app.client().signIn('local', 'administrator', NEXT)).status).toBe(200)
    expect(await actions()).toContain('local-user.password-changed')
  })

  it.each([
    'password12345',
    'Velkommen2026',
    'Sommer2026!!',
    'KommuneHjemmel1',
    'BakkebyKommune1',
    'qwertyuiop123',
    '1qaz2wsx3edc',
    'aaaaaaaaaaaaaaaa',
    '123456789012',
    'dorte-dam-dorte',
    'kort',
    'x'.repeat(257),
  ])('%s is refused', password => {
    expect(() => checkPassword(password, 'dorte', 'Dorte Dam', 'Bakkeby Kommune')).toThrow()
  })

  it.each([
    'hest batteri klammer korrekt',
    'grøn traktor spiser grød',
    '愛犬と散歩する夏の夕暮れ時です',
    `${'en lang sætning om en cykel '.repeat(4)}slut`,
  ])('%s is taken: any letters, any length up to 256', password => {
    expect(() => checkPassword(password, 'dorte', 'Dorte Dam', 'Bakkeby Kommune')).not.toThrow()
  })
})

describe('a list of breached passwords', () => {
  const breached = 'tre små grise i blæsevejr'
  const hash = createHash('sha1').update(breached).digest('hex').toUpperCase()
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url?.includes('/down/')) return void response.writeHead(503).end()
    response.end(`${hash.slice(5)}:42\r\n${'0'.repeat(35)}:0\r\n`)
  })
  beforeEach(() => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)))
  afterEach(() => new Promise(resolve => server.close(resolve)))
  const at = (path = '') => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`

  it('is asked with five characters of the hash, and refuses what is on it', async () => {
    const check = breachCheck(at(), silentLog)
    expect(await check(breached)).toBe(true)
    expect(await check(NEXT)).toBe(false)
    for (const path of asked) expect(path).toMatch(/^\/range\/[0-9A-F]{5}$/)
  })

  it('keeps nobody out when it does not answer, and says so in the log', async () => {
    const warned: string[] = []
    const log = { ...silentLog, warn: (_: unknown, message: string) => void warned.push(message) }
    expect(await breachCheck(at('/down/'), log)(breached)).toBe(false)
    expect(warned).toEqual(['The list of breached passwords could not be asked'])
  })

  it('stands behind the choice of a password', async () => {
    const strict = await authApp(database.db, { breachedPasswordsUrl: at() })
    try {
      const client = strict.client()
      await client.signIn('local', 'administrator', PASSWORD)
      const { body: begun } = await client.post<{ id: string; secret: string }>('/second-factors/totp')
      const now = Math.floor(strict.clock.now().getTime() / 1000)
      await client.post(`/second-factors/totp/${begun.id}`, {
        code: generateSync({ secret: begun.secret, epoch: now }),
      })
      expect((await client.post('/password', { current: PASSWORD, next: breached })).body).toMatchObject({
        code: 'password-weak',
      })
      expect((await client.post('/password', { current: PASSWORD, next: NEXT })).status).toBe(200)
    } finally {
      await strict.close()
    }
  })
})
