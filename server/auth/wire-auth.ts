import type { RequestHandler } from 'express'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Log } from '../platform/log.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { loadUser } from './actor-views.ts'
import { attemptStore } from './attempt-store.ts'
import { authRoutes, type DemoSignIn } from './auth-routes.ts'
import { breachCheck } from './breached-passwords.ts'
import { csrfGuard } from './csrf.ts'
import { factorStore } from './factor-store.ts'
import { linkStore } from './link-store.ts'
import { localRoleStore } from './local-role-store.ts'
import { localUserService } from './local-user-service.ts'
import { ownNetwork } from './own-network.ts'
import { passportSetup } from './passport-setup.ts'
import { hashPassword, passwordFits } from './password-hash.ts'
import { factorService } from './second-factor-service.ts'
import { sessionMiddleware } from './session.ts'
import { sessionStore } from './session-store.ts'
import { type DirectorySignIn, signInService } from './sign-in-service.ts'
import { identifyProgram, programOf } from './tokens/identify-program.ts'
import { tokenRoutes } from './tokens/token-routes.ts'
import { userStore } from './user-store.ts'

export type AuthOptions = {
  db: Db
  keyring: Keyring
  clock: Clock
  log: Log
  /** Address that people use, `http://localhost:3000` where none is set. Passkeys are bound to its host. */
  publicUrl: string
  municipality: string
  /** CIDR ranges where the own page needs no second factor. */
  ownNetworks: readonly string[]
  directory: DirectorySignIn | null
  demo: (() => Promise<DemoSignIn>) | null
  /** Range service of breached passwords; none is asked where it is not set. */
  breachedPasswordsUrl?: string | null
}

export type Auth = {
  /** In this order, before the routes: whose session it is, then the guard against requests of other sites (CSRF). */
  identify: RequestHandler[]
  guard: RequestHandler
  actorOf(request: Parameters<RequestHandler>[0]): Actor | null
  addRoutes(routes: Routes<Actor>): void
  /** At start: the link to print while nobody can administer; null when somebody can. */
  firstAdministratorLink(): Promise<{ url: string; expiresAt: string } | null>
  /** For the cleaning job. */
  removeOldAttempts(): Promise<void>
}

/** Everything about signing in, put together. */
export function wireAuth(options: AuthOptions): Auth {
  const { db, keyring, clock, log, demo, directory, municipality } = options
  const origin = new URL(options.publicUrl).origin
  const secure = origin.startsWith('https:')
  const stores = (tx: Tx) => ({
    users: userStore(tx),
    attempts: attemptStore(tx),
    factors: factorStore(tx),
    links: linkStore(tx),
    roles: localRoleStore(tx),
    sessions: sessionStore(tx),
    load: (userId: string, today: string) => loadUser(tx, userId, today),
    audit: audit(tx).write,
  })
  const transaction = <T>(work: (all: ReturnType<typeof stores>) => Promise<T>) =>
    db.transaction(tx => work(stores(tx)))

  const signIn = signInService({
    transaction,
    keyring,
    clock,
    log,
    passwordFits,
    directory,
    demo: demo ? async () => (await demo()).map(user => user.username) : null,
  })
  const localUsers = localUserService({
    transaction,
    clock,
    publicUrl: options.publicUrl,
    hashPassword,
    breached: breachCheck(options.breachedPasswordsUrl ?? null, log),
    municipality,
  })
  const factors = factorService({ transaction, keyring, clock, municipality, origin })
  const passport = passportSetup({ db, clock, signIn, onOwnNetwork: ownNetwork(options.ownNetworks) })
  const csrf = { keyring, secure, publicOrigin: origin }

  return {
    identify: [
      identifyProgram({ db, clock }),
      ...sessionMiddleware({ db, keyring, clock, log, secure }),
      passport.loadActor,
    ],
    guard: csrfGuard(csrf),
    actorOf: request => programOf(request) ?? passport.actorOf(request),
    addRoutes: routes => {
      tokenRoutes(routes, { clock })
      authRoutes(routes, {
        db,
        clock,
        passport,
        factors,
        localUsers,
        csrf,
        municipality,
        directoryName: directory?.name ?? null,
        demo,
      })
    },
    firstAdministratorLink: localUsers.firstAdministrator,
    removeOldAttempts: async () => {
      await transaction(({ attempts }) => attempts.removeOld(clock.now()))
    },
  }
}
