import type { Request, Response } from 'express'
import type { Session } from '#contract/auth.ts'
import * as contract from '#contract/auth.ts'
import * as localContract from '#contract/local-users.ts'
import * as factorContract from '#contract/second-factors.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import { problem } from '../platform/problem.ts'
import type { Db } from '../platform/unit-of-work.ts'
import { type Actor, type SignInVia, seesOthers } from '../policy/actor.ts'
import { auditActor, mainRole, packedRulesFor, permissionsOf } from '../policy/policy.ts'
import { type CsrfParts, csrfToken } from './csrf.ts'
import type { LocalUserService } from './local-user-service.ts'
import { localUsers } from './local-user-views.ts'
import type { PassportSetup, SignedIn } from './passport-setup.ts'
import type { FactorService, FactorUser } from './second-factor-service.ts'
import { endSession, raiseSession, requireConfirmed, startSession } from './session.ts'
import { sessionRoutes } from './session-routes.ts'
import { userStore } from './user-store.ts'

export type DemoSignIn = Session['demo'] extends infer Demo
  ? Demo extends { users: infer Users }
    ? Users
    : never
  : never

export type AuthRouteParts = {
  db: Db
  clock: Clock
  passport: PassportSetup
  factors: FactorService
  localUsers: LocalUserService
  csrf: CsrfParts
  municipality: string
  directoryName: string | null
  /** The demonstration sign-ins; null outside the demonstration. */
  demo: (() => Promise<DemoSignIn>) | null
}

const CHALLENGE_MINUTES = 5

export function authRoutes(routes: Routes<Actor>, parts: AuthRouteParts): void {
  const { db, clock, passport, factors, localUsers: locals } = parts

  async function answer(request: Request, response: Response): Promise<Session> {
    const { signedIn } = request
    const actor = signedIn?.actor ?? null
    return {
      signedIn: signedIn !== undefined,
      secondFactor: signedIn?.state ?? 'none',
      factors: signedIn?.user.factors ?? { totp: false, passkey: false, recoveryCodesLeft: 0 },
      actor: actor && signedIn ? describe(actor, signedIn) : null,
      packedRules: actor ? packedRulesFor(actor) : [],
      permissions: actor ? permissionsOf(actor) : [],
      demo: parts.demo ? { users: await parts.demo() } : null,
      methods: { local: true, directory: parts.directoryName },
      csrfToken: csrfToken(request, response, parts.csrf),
      municipality: parts.municipality,
      locale: request.acceptsLanguages('da', 'en') === 'en' ? 'en' : 'da',
    }
  }

  async function begin(via: SignInVia, request: Request, response: Response, requestId: string): Promise<Session> {
    const userId = await passport.authenticate(via, request, response)
    await startSession(request, userId, via, clock.now())
    const signedIn = await passport.reload(request, userId)
    if (!signedIn) throw problem('not-allowed')
    await db.transaction(async tx => {
      await userStore(tx).signedIn(userId, clock.now())
      await audit(tx).write({
        actor: auditActor({ ...signedIn.user.base, via, secondFactor: false }),
        action: signedIn.user.base.kind === 'emergency' ? 'user.emergency-signed-in' : 'user.signed-in',
        subjectKind: 'user',
        subjectId: userId,
        detail: { via },
        requestId,
      })
    })
    return answer(request, response)
  }

  routes.addOwn(contract.getSession, ({ request, response }) => answer(request, response))
  routes.addOwn(contract.signInLocal, call => begin('local', call.request, call.response, call.requestId))
  routes.addOwn(contract.signInDirectory, call => begin('directory', call.request, call.response, call.requestId))
  routes.addOwn(contract.signInDemo, call => begin('demo', call.request, call.response, call.requestId))
  routes.addOwn(contract.signOut, async ({ request, response, body, requestId }) => {
    const { signedIn } = request
    if (signedIn) {
      const { base } = signedIn.user
      await db.transaction(async tx => {
        if (body.everywhere) await userStore(tx).endSessions(base.userId)
        await audit(tx).write({
          actor: auditActor({ ...base, via: signedIn.via, secondFactor: false }),
          action: 'user.signed-out',
          subjectKind: 'user',
          subjectId: base.userId,
          detail: { everywhere: body.everywhere },
          requestId,
        })
      })
      request.signedIn = undefined
      await endSession(request, response, parts.csrf.secure)
      // What the browser kept of the answers goes with the session.
      response.setHeader('clear-site-data', '"cache"')
    }
    return answer(request, response)
  })

  /** The second step: whoever has passed the first and not yet this one. */
  async function second(request: Request, response: Response, give: (user: FactorUser) => Promise<void>) {
    const signedIn = waiting(request, 'needed')
    await give(factorUser(signedIn))
    await raiseSession(request, signedIn.user.base.userId, clock.now())
    await passport.reload(request, signedIn.user.base.userId)
    return answer(request, response)
  }
  routes.addOwn(contract.confirmTotp, ({ request, response, body }) =>
    second(request, response, user => factors.giveTotp(user, body.code)),
  )
  routes.addOwn(contract.confirmRecoveryCode, ({ request, response, body }) =>
    second(request, response, user => factors.giveRecoveryCode(user, body.code)),
  )
  routes.addOwn(contract.beginPasskey, async ({ request }) => {
    const options = await factors.passkeyOptions(factorUser(waiting(request, 'needed')))
    remember(request, options.challenge, 'sign-in')
    return { options: { ...options } }
  })
  routes.addOwn(contract.confirmPasskey, ({ request, response, body }) => {
    const challenge = recall(request, 'sign-in')
    return second(request, response, user => factors.givePasskey(user, challenge, body.response))
  })

  routes.addOwn(factorContract.listFactors, ({ actor }) => factors.list(actor.userId))
  routes.addOwn(factorContract.beginTotp, ({ request }) =>
    factors.beginTotp(factorUser(enrolling(request, clock.now()))),
  )
  routes.addOwn(factorContract.enrolTotp, async ({ request, response, params, body }) => {
    const signedIn = enrolling(request, clock.now())
    const recoveryCodes = await factors.enrolTotp(factorUser(signedIn), params.factorId, body.code)
    return { recoveryCodes, session: await enrolled(request, response, signedIn) }
  })
  routes.addOwn(factorContract.beginPasskeyEnrolment, async ({ request }) => {
    const options = await factors.enrolmentOptions(factorUser(enrolling(request, clock.now())))
    remember(request, options.challenge, 'enrol')
    return { options: { ...options } }
  })
  routes.addOwn(factorContract.enrolPasskey, async ({ request, response, body }) => {
    const signedIn = enrolling(request, clock.now())
    const challenge = recall(request, 'enrol')
    const recoveryCodes = await factors.enrolPasskey(factorUser(signedIn), challenge, body.name, body.response)
    return { recoveryCodes, session: await enrolled(request, response, signedIn) }
  })
  routes.addOwn(factorContract.newRecoveryCodes, async ({ request }) => {
    const signedIn = complete(request)
    requireConfirmed(request, clock.now())
    return { recoveryCodes: await factors.newRecoveryCodes(factorUser(signedIn)) }
  })
  routes.addOwn(factorContract.removeFactor, async ({ request, params }) => {
    const signedIn = complete(request)
    requireConfirmed(request, clock.now())
    await factors.remove(factorUser(signedIn), params.factorId, seesOthers(signedIn.user.base))
    return {}
  })

  /** The factor that was just proved counts for this session as well. */
  async function enrolled(request: Request, response: Response, signedIn: SignedIn): Promise<Session> {
    await raiseSession(request, signedIn.user.base.userId, clock.now())
    await passport.reload(request, signedIn.user.base.userId)
    return answer(request, response)
  }

  sessionRoutes(routes, { ...parts, complete, factorUser })

  routes.addOwn(localContract.openLink, ({ body }) => locals.openLink(body.token))
  routes.addOwn(localContract.useLink, ({ body }) => locals.redeemLink(body.token, body.password))

  routes.add(localContract.listLocalUsers, ({ tx }) => localUsers(tx, clock.today()))
  routes.addOwn(localContract.createLocalUser, ({ actor, body }) => locals.create(auditActor(actor), body))
  routes.addOwn(localContract.grantLocalRole, ({ actor, params, body }) =>
    locals.grant(auditActor(actor), params.userId, body),
  )
  routes.addOwn(localContract.endLocalRole, async ({ actor, params }) => {
    await locals.endRole(auditActor(actor), params.userId, params.roleId)
    return {}
  })
  routes.addOwn(localContract.resetLocalUser, ({ actor, params }) => locals.reset(auditActor(actor), params.userId))
  routes.addOwn(localContract.enableLocalUser, async ({ actor, params }) => {
    await locals.enable(auditActor(actor), params.userId)
    return {}
  })
  routes.addOwn(localContract.disableLocalUser, async ({ actor, params }) => {
    await locals.disable(auditActor(actor), params.userId)
    return {}
  })

  function remember(request: Request, value: string, purpose: 'sign-in' | 'enrol'): void {
    request.session.challenge = { value, purpose, at: clock.now().getTime() }
  }
  /** A challenge counts once and for five minutes. */
  function recall(request: Request, purpose: 'sign-in' | 'enrol'): string {
    const { challenge } = request.session
    request.session.challenge = undefined
    if (challenge?.purpose !== purpose || clock.now().getTime() - challenge.at > CHALLENGE_MINUTES * 60_000)
      throw problem('second-factor-wrong', { detail: 'It took too long. Try again.' })
    return challenge.value
  }
}

function describe(actor: Actor, { user, via }: SignedIn): NonNullable<Session['actor']> {
  const { userId, personId, displayName, kind, roles, until } = actor
  const named = (units: { id: string; name: string }[], ids: readonly string[]) =>
    units.filter(unit => ids.includes(unit.id))
  return {
    userId,
    personId,
    displayName,
    kind,
    roles: [...roles],
    units: named(user.units, actor.units),
    actingFor: named(user.actingFor, actor.actingFor),
    via,
    until,
  }
}

function waiting(request: Request, state: SignedIn['state']): SignedIn {
  if (request.signedIn?.state !== state) throw problem('not-signed-in')
  return request.signedIn
}

/** A second factor is set up by who has to, or by who is fully signed in; not by who has one and did not show it. */
function enrolling(request: Request, now: Date): SignedIn {
  if (!request.signedIn) throw problem('not-signed-in')
  if (request.signedIn.state === 'needed') throw problem('second-factor-needed')
  // The first one is set up on the way in; whoever is in already shows again who they are.
  if (request.signedIn.state === 'none') requireConfirmed(request, now)
  return request.signedIn
}

function complete(request: Request): SignedIn {
  if (!request.signedIn) throw problem('not-signed-in')
  if (request.signedIn.state !== 'none') throw problem('second-factor-needed')
  return request.signedIn
}

function factorUser({ user, via }: SignedIn): FactorUser {
  const { userId, displayName } = user.base
  const actor = { ...user.base, via, secondFactor: false }
  return { userId, displayName, username: user.username, actor: auditActor(actor, mainRole(actor)) }
}
