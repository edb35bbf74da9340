import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { AuditActor, AuditWrite } from '../audit/audit-entry.ts'
import type { Clock } from '../platform/clock.ts'
import { newId } from '../platform/ids.ts'
import type { Keyring } from '../platform/keyring.ts'
import { problem } from '../platform/problem.ts'
import type { AttemptStore } from './attempt-store.ts'
import type { FactorStore } from './factor-store.ts'
import { totpContext } from './rotate-factors.ts'
import { newRecoveryCodes, newTotpSecret, normalRecoveryCode, qrPath, totpStep, totpUri } from './second-factor.ts'

export type FactorStores = {
  factors: FactorStore
  attempts: AttemptStore
  audit(entry: AuditWrite): Promise<unknown>
}
export type FactorParts = {
  transaction<T>(work: (stores: FactorStores) => Promise<T>): Promise<T>
  keyring: Keyring
  clock: Clock
  municipality: string
  /** Origins that passkeys may be used on; the first names the relying party. */
  origin: string
}
/** The user in the middle of signing in, or signed in. */
export type FactorUser = { userId: string; username: string; displayName: string; actor: AuditActor }

export type FactorService = ReturnType<typeof factorService>

const TRIES = 5
/** EdDSA, ES256, RS256 (COSE): what authenticators have. Named, because finding out what this runtime could do prints warnings. */
const ALGORITHMS = [-8, -7, -257]

export function factorService(parts: FactorParts) {
  const { transaction, keyring, clock } = parts
  const rpID = new URL(parts.origin).hostname
  const attemptKey = (userId: string) => keyring.hash(`factor:${userId}`, 'sign-in-attempt')
  const codeHashes = (userId: string, code: string) =>
    keyring.ids.map(id => keyring.hash(`${userId}:${code}`, 'recovery-code', id))
  const entry = (user: FactorUser, action: string, detail?: unknown): AuditWrite => ({
    actor: user.actor,
    action,
    subjectKind: 'user',
    subjectId: user.userId,
    detail,
  })

  /** One try at a second factor: five wrong ones lock it for a quarter of an hour, whatever the kind. */
  async function guess(
    user: FactorUser,
    kind: string,
    attempt: (stores: FactorStores, now: Date) => Promise<boolean>,
  ): Promise<void> {
    const now = clock.now()
    const lockedUntil = await transaction(({ attempts }) => attempts.take(attemptKey(user.userId), TRIES, now))
    if (lockedUntil)
      throw problem('account-locked', {
        detail: 'Too many wrong codes. Wait a quarter of an hour, then try again.',
        params: { until: lockedUntil.toISOString() },
      })
    const right = await transaction(async stores => {
      const fits = await attempt(stores, now)
      if (fits) await stores.attempts.clear(attemptKey(user.userId))
      else await stores.attempts.failed(attemptKey(user.userId), TRIES, now)
      await stores.audit(entry(user, fits ? 'user.second-factor-given' : 'user.second-factor-failed', { kind }))
      return fits
    })
    if (!right) throw problem('second-factor-wrong')
  }

  const totpFits = async ({ factors }: FactorStores, userId: string, code: string, now: Date, enrolling?: string) => {
    for (const totp of await factors.totps(userId)) {
      if (enrolling ? totp.id !== enrolling : !totp.confirmed) continue
      const step = totpStep(keyring.decrypt(totp.secret, totpContext(totp.id)), code, totp.lastStep, now)
      if (step !== null && (await factors.takeStep(totp.id, step, now, enrolling !== undefined))) return true
    }
    return false
  }

  /** With the first factor come recovery codes, shown once. */
  const codesForFirst = async ({ factors, audit }: FactorStores, user: FactorUser, force = false) => {
    if (!force && (await factors.list(user.userId)).length > 1) return null
    const codes = newRecoveryCodes()
    await factors.replaceRecoveryCodes(
      user.userId,
      codes.map(code => keyring.hash(`${user.userId}:${code}`, 'recovery-code')),
    )
    await audit(entry(user, 'user.recovery-codes-made', { count: codes.length }))
    return codes
  }

  return {
    giveTotp: (user: FactorUser, code: string) =>
      guess(user, 'totp', (stores, now) => totpFits(stores, user.userId, code, now)),

    giveRecoveryCode: (user: FactorUser, code: string) =>
      guess(user, 'recovery-code', ({ factors }, now) =>
        factors.takeRecoveryCode(user.userId, codeHashes(user.userId, normalRecoveryCode(code)), now),
      ),

    passkeyOptions: async (user: FactorUser) => {
      const keys = await transaction(({ factors }) => factors.passkeys(user.userId))
      return generateAuthenticationOptions({
        rpID,
        userVerification: 'preferred',
        allowCredentials: keys.map(key => ({ id: key.credentialId, transports: key.transports })),
      })
    },

    givePasskey: (user: FactorUser, challenge: string, response: unknown) =>
      guess(user, 'passkey', async ({ factors }, now) => {
        const answer = response as AuthenticationResponseJSON
        const key = (await factors.passkeys(user.userId)).find(each => each.credentialId === answer?.id)
        if (!key) return false
        const result = await verifyAuthenticationResponse({
          response: answer,
          expectedChallenge: challenge,
          expectedOrigin: parts.origin,
          expectedRPID: rpID,
          requireUserVerification: false,
          credential: {
            id: key.credentialId,
            publicKey: new Uint8Array(key.publicKey),
            counter: key.counter,
            transports: key.transports,
          },
        }).catch(() => null)
        if (!result?.verified) return false
        return factors.takePasskey(key.id, result.authenticationInfo.newCounter, now)
      }),

    beginTotp: async (user: FactorUser) => {
      const id = newId()
      const secret = newTotpSecret()
      await transaction(async ({ factors, audit }) => {
        await factors.beginTotp(id, user.userId, 'TOTP', keyring.encrypt(secret, totpContext(id)))
        await audit(entry(user, 'user.second-factor-begun', { kind: 'totp' }))
      })
      const uri = totpUri(secret, user.username, parts.municipality)
      return { id, secret, uri, qr: qrPath(uri) }
    },

    enrolTotp: async (user: FactorUser, factorId: string, code: string) => {
      await guess(user, 'totp', (stores, now) => totpFits(stores, user.userId, code, now, factorId))
      return transaction(async stores => {
        await stores.audit(entry(user, 'user.second-factor-added', { kind: 'totp' }))
        return codesForFirst(stores, user)
      })
    },

    enrolmentOptions: async (user: FactorUser) => {
      const keys = await transaction(({ factors }) => factors.passkeys(user.userId))
      return generateRegistrationOptions({
        rpName: `Hjemmel ${parts.municipality}`.trim(),
        rpID,
        userName: user.username,
        userDisplayName: user.displayName,
        userID: new Uint8Array(Buffer.from(user.userId)),
        attestationType: 'none',
        supportedAlgorithmIDs: ALGORITHMS,
        excludeCredentials: keys.map(key => ({ id: key.credentialId, transports: key.transports })),
        authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
      })
    },

    enrolPasskey: async (user: FactorUser, challenge: string, name: string, response: unknown) => {
      const result = await verifyRegistrationResponse({
        response: response as RegistrationResponseJSON,
        supportedAlgorithmIDs: ALGORITHMS,
        expectedChallenge: challenge,
        expectedOrigin: parts.origin,
        expectedRPID: rpID,
        requireUserVerification: false,
      }).catch(() => null)
      if (!result?.verified) throw problem('second-factor-wrong')
      const { credential } = result.registrationInfo
      return transaction(async stores => {
        const added = await stores.factors.addPasskey(
          newId(),
          user.userId,
          {
            name,
            credentialId: credential.id,
            publicKey: credential.publicKey,
            counter: credential.counter,
            transports: credential.transports ?? [],
          },
          clock.now(),
        )
        if (!added) throw problem('conflict', { detail: 'This passkey is registered already.' })
        await stores.audit(entry(user, 'user.second-factor-added', { kind: 'passkey' }))
        return codesForFirst(stores, user)
      })
    },

    newRecoveryCodes: (user: FactorUser) =>
      transaction(async stores => {
        if ((await stores.factors.list(user.userId)).length === 0)
          throw problem('second-factor-needed', { detail: 'Set up a code app or a passkey first.' })
        return (await codesForFirst(stores, user, true)) ?? []
      }),

    list: (userId: string) =>
      transaction(async ({ factors }) => ({
        factors: await factors.list(userId),
        recoveryCodesLeft: await factors.recoveryCodesLeft(userId),
      })),

    remove: (user: FactorUser, factorId: string, needsOne: boolean) =>
      transaction(async ({ factors, audit }) => {
        const all = await factors.list(user.userId)
        if (!all.some(factor => factor.id === factorId)) throw problem('not-found')
        if (needsOne && all.length === 1)
          throw problem('conflict', { detail: 'Set up another second factor first: your role needs one.' })
        await factors.remove(factorId, user.userId)
        await audit(entry(user, 'user.second-factor-removed', { factorId }))
      }),
  }
}
