import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { z } from 'zod'
import type { DirectorySignIn } from '../../../server/auth/sign-in-service.ts'
import { type Auth, type AuthOptions, wireAuth } from '../../../server/auth/wire-auth.ts'
import type { Session } from '../../../server/contract/auth.ts'
import { endpoint } from '../../../server/contract/endpoint.ts'
import { type Clock, civilDate } from '../../../server/platform/clock.ts'
import { errorHandler } from '../../../server/platform/http/errors.ts'
import { createRoutes } from '../../../server/platform/http/handle.ts'
import { createKeyring, type Keyring } from '../../../server/platform/keyring.ts'
import { silentLog } from '../../../server/platform/log.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../server/policy/actor.ts'
import { gate } from '../../../server/policy/policy.ts'

/** A clock that a test can move; starts at the real now, because session cookies are dated by the real clock. */
export type MovingClock = Clock & { forward(minutes: number): void }
export function movingClock(): MovingClock {
  let offset = 0
  const now = () => new Date(Date.now() + offset)
  return {
    now,
    today: () => civilDate(now()),
    forward: minutes => {
      offset += minutes * 60_000
    },
  }
}

/** Endpoints that answer who the house takes the caller for: open to any signed-in user, and to those who read rules. */
export const whoAmI = endpoint({
  id: 'whoAmI',
  path: '/who',
  permission: 'signed-in',
  summary: 'test',
  response: z.object({ userId: z.string(), roles: z.array(z.string()) }),
})
const rulesOnly = endpoint({
  id: 'rulesOnly',
  path: '/rules-only',
  permission: 'rule.read',
  summary: 'test',
  response: z.object({}),
})

export type AuthApp = {
  url: string
  auth: Auth
  clock: MovingClock
  keyring: Keyring
  log: { level: string; message: string }[]
  client(): Client
  close(): Promise<void>
}

/** The real middleware and routes of signing in behind a real HTTP server. */
export async function authApp(db: Db, options: Partial<AuthOptions> = {}): Promise<AuthApp> {
  const app = express()
  const server: Server = createServer(app)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const clock = movingClock()
  const keyring = createKeyring([{ id: 'k1', secret: randomBytes(32) }])
  const log: AuthApp['log'] = []
  const auth = wireAuth({
    db,
    keyring,
    clock,
    log: { ...silentLog, error: (_, message) => log.push({ level: 'error', message }) },
    publicUrl: url,
    municipality: 'Bakkeby Kommune',
    ownNetworks: [],
    directory: null,
    demo: null,
    ...options,
  })
  app.set('trust proxy', 1)
  const router = express.Router()
  router.use(express.json(), ...auth.identify, auth.guard)
  const routes = createRoutes<Actor>({ router, db, actorOf: auth.actorOf, gate })
  auth.addRoutes(routes)
  routes.addOwn(whoAmI, async ({ actor }) => ({ userId: actor.userId, roles: [...actor.roles] }))
  routes.addOwn(rulesOnly, async () => ({}))
  app.use('/api', router)
  app.use(errorHandler(silentLog))
  return {
    url,
    auth,
    clock,
    keyring,
    log,
    client: () => new Client(url),
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}

export type Answer<T = Record<string, unknown>> = { status: number; body: T & { code?: string }; cookies: string[] }

/** A browser as far as signing in goes: keeps cookies and sends the CSRF token of the last session it read. */
export class Client {
  readonly url: string
  cookies = new Map<string, string>()
  csrf = ''
  headers: Record<string, string> = {}

  constructor(url: string) {
    this.url = url
  }

  async send<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(method === 'GET' ? {} : { 'x-csrf-token': this.csrf, 'content-type': 'application/json' }),
        ...this.headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const cookies = response.headers.getSetCookie()
    for (const cookie of cookies) {
      const [pair = ''] = cookie.split(';')
      const at = pair.indexOf('=')
      if (/expires=Thu, 01 Jan 1970/i.test(cookie)) this.cookies.delete(pair.slice(0, at))
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    const text = await response.text()
    const answer = { status: response.status, body: text ? JSON.parse(text) : {}, cookies }
    const token = answer.body.csrfToken ?? answer.body.session?.csrfToken
    if (token) this.csrf = token
    return answer
  }

  post = <T = Record<string, unknown>>(path: string, body: unknown = {}) => this.send<T>('POST', path, body)
  get = <T = Record<string, unknown>>(path: string) => this.send<T>('GET', path)
  session = async () => (await this.get<Session>('/session')).body
  async signIn(method: 'local' | 'directory', username: string, password: string): Promise<Answer<Session>> {
    await this.session()
    return this.post<Session>(`/session/${method}`, { username, password })
  }
}

/** A directory that knows one user; for tests of what comes after the bind. The bind itself is tried on real servers. */
export type { DirectorySignIn }
