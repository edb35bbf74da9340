import connectPgSimple from 'connect-pg-simple'
import type { Request, RequestHandler, Response } from 'express'
import session from 'express-session'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Log } from '../platform/log.ts'
import { problem } from '../platform/problem.ts'
import type { Db } from '../platform/unit-of-work.ts'
import type { SignInVia } from '../policy/actor.ts'

declare module 'express-session' {
  interface SessionData {
    via: SignInVia
    /** Milliseconds since 1970: the absolute end is counted from here. */
    startedAt: number
    secondFactor: boolean
    /** When the user last showed who they are, in milliseconds since 1970. */
    confirmedAt: number
    /** What the browser called itself, to tell one's sessions apart. */
    agent: string
    challenge: { value: string; purpose: 'sign-in' | 'enrol'; at: number }
  }
}

type Pool = NonNullable<connectPgSimple.PGStoreOptions['pool']>

export const IDLE_HOURS = 8
export const ABSOLUTE_HOURS = 12
const HOUR = 3_600_000
/** A session's idle end is written at most this often: a page with ten requests is one update, not ten. */
const TOUCH_EVERY = 5 * 60_000

export type SessionParts = { db: Db; keyring: Keyring; clock: Clock; log: Log; secure: boolean }

/**
 * Sessions in PostgreSQL, on the pool that is there already. The cookie is signed with a key derived from the keyring: a session id
 * read out of the database is not enough to take a session over. Nothing is stored before somebody signs in.
 */
export function sessionMiddleware(parts: SessionParts): RequestHandler[] {
  const Store = connectPgSimple(session)
  const store = new Store({
    pool: poolOf(parts.db),
    tableName: 'session',
    createTableIfMissing: false,
    pruneSessionInterval: 15 * 60,
    errorLog: (...what: unknown[]) => parts.log.warn({ error: what.map(String).join(' ') }, 'The session store failed'),
  })
  touchSeldom(store)
  return [
    // Secure is decided by the setting, not by what a proxy's headers happen to say about the connection.
    (request, _, next) => {
      if (parts.secure) request.headers['x-forwarded-proto'] = 'https'
      next()
    },
    session({
      store,
      name: cookieName('hjemmel', parts.secure),
      secret: parts.keyring.ids.map(id => parts.keyring.hash('session', 'session-cookie', id).toString('base64url')),
      resave: false,
      saveUninitialized: false,
      rolling: true,
      proxy: true,
      cookie: { httpOnly: true, sameSite: 'lax', path: '/', secure: parts.secure, maxAge: IDLE_HOURS * HOUR },
    }),
    absoluteEnd(parts.clock),
  ]
}

export const cookieName = (name: string, secure: boolean) => (secure ? `__Host-${name}` : name)

/** TypeORM's own pool: sessions need no second one. */
function poolOf(db: Db): Pool {
  const { master } = db.source.driver as unknown as { master: Pool }
  return master
}

function touchSeldom(store: session.Store): void {
  const touched = new Map<string, number>()
  const write = store.touch?.bind(store)
  if (!write) return
  store.touch = (sid, data, done) => {
    const now = Date.now()
    if (now - (touched.get(sid) ?? 0) < TOUCH_EVERY) return done?.()
    if (touched.size > 10_000) touched.clear()
    touched.set(sid, now)
    write(sid, data, done)
  }
}

function absoluteEnd(clock: Clock): RequestHandler {
  return (request, _, next) => {
    const { startedAt } = request.session
    if (startedAt === undefined || clock.now().getTime() - startedAt < ABSOLUTE_HOURS * HOUR) return next()
    request.session.regenerate(next)
  }
}

const AGENT_LENGTH = 200
function agentOf(request: Request): string {
  return (request.get('user-agent') ?? '').replaceAll(/[^\x20-\x7e]/g, '').slice(0, AGENT_LENGTH)
}

/** How long it counts that somebody has shown who they are, for changing how they sign in. */
export const CONFIRMED_MINUTES = 15

/** Throws `confirm-needed` unless the user has shown who they are a short while ago. The demonstration has no passwords. */
export function requireConfirmed(request: Request, now: Date): void {
  const { via, confirmedAt } = request.session
  if (via === 'demo' || now.getTime() - (confirmedAt ?? 0) < CONFIRMED_MINUTES * 60_000) return
  throw problem('confirm-needed')
}

/** A new session id at sign-in (passport regenerates), so an id that was planted before is worth nothing. */
export function startSession(request: Request, userId: string, via: SignInVia, now: Date): Promise<void> {
  return new Promise((resolve, reject) =>
    request.logIn({ id: userId }, error => {
      if (error) return reject(error)
      request.session.via = via
      request.session.startedAt = now.getTime()
      request.session.confirmedAt = now.getTime()
      request.session.agent = agentOf(request)
      request.session.secondFactor = false
      request.session.save(failed => (failed ? reject(failed) : resolve()))
    }),
  )
}

/** More is allowed from here on, so the session id changes again. */
export async function raiseSession(request: Request, userId: string, now: Date): Promise<void> {
  const { via, startedAt, agent } = request.session
  await new Promise<void>((resolve, reject) =>
    request.logIn({ id: userId }, error => (error ? reject(error) : resolve())),
  )
  request.session.via = via!
  request.session.startedAt = startedAt!
  request.session.agent = agent ?? ''
  request.session.confirmedAt = now.getTime()
  request.session.secondFactor = true
  await new Promise<void>((resolve, reject) => request.session.save(failed => (failed ? reject(failed) : resolve())))
}

export function endSession(request: Request, response: Response, secure: boolean): Promise<void> {
  return new Promise((resolve, reject) =>
    request.session.regenerate(error => {
      request.user = undefined
      response.clearCookie(cookieName('hjemmel', secure), { path: '/', secure, httpOnly: true, sameSite: 'lax' })
      if (error) reject(error)
      else resolve()
    }),
  )
}
