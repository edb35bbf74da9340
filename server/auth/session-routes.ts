import type { Request } from 'express'
import * as contract from '#contract/sessions.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import { problem } from '../platform/problem.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { auditActor } from '../policy/policy.ts'
import type { LocalUserService } from './local-user-service.ts'
import type { PassportSetup, SignedIn } from './passport-setup.ts'
import type { FactorService, FactorUser } from './second-factor-service.ts'
import { requireConfirmed } from './session.ts'
import { sessionHandle, sessionStore } from './session-store.ts'

export type SessionRouteParts = {
  db: Db
  clock: Clock
  passport: PassportSetup
  factors: FactorService
  localUsers: LocalUserService
  factorUser(signedIn: SignedIn): FactorUser
  complete(request: Request): SignedIn
}

/** Where one is signed in, showing again who one is, and a new password. */
export function sessionRoutes(routes: Routes<Actor>, parts: SessionRouteParts): void {
  const { db, clock, passport, factors, localUsers, complete, factorUser } = parts
  const record = (tx: Tx, actor: Actor, action: string, requestId: string, detail?: unknown) =>
    audit(tx).write({
      actor: auditActor(actor),
      action,
      subjectKind: 'user',
      subjectId: actor.userId,
      requestId,
      ...(detail === undefined ? {} : { detail }),
    })

  /** The password of this very user, by the way they signed in; wrong ones count towards the lockout. */
  async function showPassword(
    call: { request: Request; response: Parameters<PassportSetup['authenticate']>[2] },
    signedIn: SignedIn,
    password: string,
  ): Promise<void> {
    call.request.body = { username: signedIn.user.username, password }
    const userId = await passport.authenticate(signedIn.via, call.request, call.response)
    if (userId !== signedIn.user.base.userId) throw problem('sign-in-failed')
  }

  routes.add(contract.listSessions, async ({ tx, actor, request }) => ({
    sessions: await sessionStore(tx).open(actor.userId, sessionHandle(request.sessionID)),
    hasPassword: request.signedIn?.user.hasPassword === true,
  }))

  routes.addOwn(contract.endOtherSession, async ({ actor, request, params, requestId }) => {
    complete(request)
    requireConfirmed(request, clock.now())
    if (params.sessionId === sessionHandle(request.sessionID))
      throw problem('not-found', { detail: 'This is the session you are in. Sign out instead.' })
    await db.transaction(async tx => {
      if (!(await sessionStore(tx).endOne(actor.userId, params.sessionId))) throw problem('not-found')
      await record(tx, actor, 'user.session-ended', requestId)
    })
    return {}
  })

  routes.addOwn(contract.endOtherSessions, async ({ actor, request, requestId }) => {
    complete(request)
    requireConfirmed(request, clock.now())
    return db.transaction(async tx => {
      const ended = await sessionStore(tx).endOthers(actor.userId, request.sessionID)
      await record(tx, actor, 'user.sessions-ended', requestId, { ended })
      return { ended }
    })
  })

  routes.addOwn(contract.confirmIdentity, async ({ actor, request, response, body, requestId }) => {
    const signedIn = complete(request)
    if (signedIn.via !== 'demo') {
      if (signedIn.user.factors.totp && body.code === undefined) throw problem('second-factor-wrong')
      await showPassword({ request, response }, signedIn, body.password)
      if (signedIn.user.factors.totp && body.code) await factors.giveTotp(factorUser(signedIn), body.code)
    }
    request.session.confirmedAt = clock.now().getTime()
    await db.transaction(tx => record(tx, actor, 'user.confirmed', requestId))
    return {}
  })

  routes.addOwn(contract.changePassword, async ({ actor, request, response, body }) => {
    const signedIn = complete(request)
    if (signedIn.via !== 'local')
      throw problem('not-found', { detail: 'You sign in without a password of Hjemmel; there is none to change.' })
    await showPassword({ request, response }, signedIn, body.current)
    await localUsers.changePassword(auditActor(actor), actor.userId, body.next, request.sessionID)
    return {}
  })

  routes.addOwn(contract.endSessionsOfUser, ({ actor, params }) =>
    localUsers.endSessions(auditActor(actor), params.userId),
  )
}
