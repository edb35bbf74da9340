import type { Request, RequestHandler, Response } from 'express'
import { Passport } from 'passport'
import { Strategy as CustomStrategy } from 'passport-custom'
import { Strategy as LocalStrategy } from 'passport-local'
import type { Clock } from '../platform/clock.ts'
import { problem } from '../platform/problem.ts'
import type { Db } from '../platform/unit-of-work.ts'
import type { Actor, SignInVia } from '../policy/actor.ts'
import { type LoadedUser, loadUser } from './actor-views.ts'
import { effectiveActor, factorState } from './decide-sign-in.ts'
import type { SignInService } from './sign-in-service.ts'

declare global {
  namespace Express {
    interface User {
      id: string
    }
    interface Request {
      /** Who is signing in or signed in; the actor is in it only when nothing more is needed (or the own page is waived). */
      signedIn?: SignedIn
    }
  }
}

export type SignedIn = {
  user: LoadedUser
  via: SignInVia
  state: 'none' | 'needed' | 'enrol'
  actor: Actor | null
}

export type PassportParts = {
  db: Db
  clock: Clock
  signIn: SignInService
  /** Is this address in one of the municipality's own networks? */
  onOwnNetwork(address: string | undefined): boolean
}

/** The strategies local, directory and demo, and the middleware that puts the actor of a session on the request. */
export function passportSetup(parts: PassportParts) {
  const { signIn, clock } = parts
  const passport = new Passport()
  const address = (request: Request) => request.ip ?? 'unknown'

  for (const method of ['local', 'directory'] as const)
    passport.use(
      method,
      new LocalStrategy({ passReqToCallback: true, session: false }, (request, username, password, done) => {
        signIn[method](username, password, address(request)).then(user => done(null, { id: user.userId }), done)
      }),
    )
  passport.use(
    'demo',
    new CustomStrategy((request, done) => {
      signIn.demo(String(request.body?.username ?? '')).then(user => done(null, { id: user.userId }), done)
    }),
  )
  passport.serializeUser<string>((user, done) => done(null, user.id))
  passport.deserializeUser<string>(
    (request: unknown, id: string, done: (error: unknown, user?: Express.User | false) => void) => {
      load(request as Request, id).then(found => done(null, found ? { id } : false), done)
    },
  )

  /** Loads user, roles and scopes anew for each request: what ended a minute ago counts no more. */
  async function load(request: Request, id: string): Promise<SignedIn | null> {
    const { via, secondFactor } = request.session
    if (via === undefined) return null
    // One statement sees one instant by itself: no transaction around it, this runs on every request.
    const user = await loadUser(parts.db, id, clock.today())
    if (!user || user.disabled || user.base.roles.length === 0) return null
    const session = { via, secondFactor: secondFactor === true }
    request.signedIn = {
      user,
      via,
      state: factorState(user, session),
      actor: effectiveActor(user, session, parts.onOwnNetwork(request.ip)),
    }
    return request.signedIn
  }

  const middleware: RequestHandler = passport.session()

  return {
    /** Middleware, after the session's. */
    loadActor: middleware,
    /** For `createRoutes`. */
    actorOf: (request: Request): Actor | null => request.signedIn?.actor ?? null,
    /** Load again after the session has changed within a request. */
    reload: load,
    /** Run a strategy; answers the user's id or throws the problem that it failed with. */
    authenticate: (strategy: SignInVia, request: Request, response: Response): Promise<string> =>
      new Promise((resolve, reject) => {
        const answer = (error: unknown, user?: Express.User | false | null) => {
          if (error) reject(error)
          else if (user) resolve(user.id)
          else reject(problem('sign-in-failed'))
        }
        passport.authenticate(strategy, { session: false }, answer)(request, response, reject)
      }),
  }
}
export type PassportSetup = ReturnType<typeof passportSetup>
