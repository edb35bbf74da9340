import { z } from 'zod'
import { session, webauthn } from './auth.ts'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

export const factor = z.object({
  id: s.id,
  kind: z.enum(['totp', 'passkey']),
  name: z.string(),
  createdAt: s.instant,
  lastUsedAt: s.instant.nullable(),
})
export const listFactors = endpoint({
  id: 'listFactors',
  path: '/second-factors',
  permission: 'signed-in',
  summary: 'My second factors',
  response: z.object({ factors: z.array(factor), recoveryCodesLeft: z.number().int() }),
})
/** Shown once, when the first second factor is confirmed or new ones are asked for; otherwise null. */
const recoveryCodes = z.array(z.string()).nullable()
export const beginTotp = endpoint({
  id: 'beginTotp',
  method: 'POST',
  path: '/second-factors/totp',
  permission: 'public',
  summary: 'Set up a code app: the secret as a QR code and as text',
  response: z.object({
    id: s.id,
    secret: z.string(),
    uri: z.string(),
    /** One SVG path over a square of `size` units, dark modules; inline, so it needs no image source in the CSP. */
    qr: z.object({ size: z.number().int(), path: z.string() }),
  }),
  problems: ['not-signed-in', 'second-factor-needed', 'csrf-failed'],
})
export const enrolTotp = endpoint({
  id: 'enrolTotp',
  method: 'POST',
  path: '/second-factors/totp/:factorId',
  permission: 'public',
  summary: 'Set up a code app: the first code proves that it works',
  params: z.object({ factorId: s.id }),
  body: z.object({
    code: z
      .string()
      .trim()
      .regex(/^\d{6}$/),
  }),
  response: z.object({ session, recoveryCodes }),
  problems: [
    'not-signed-in',
    'second-factor-needed',
    'second-factor-wrong',
    'account-locked',
    'not-found',
    'csrf-failed',
  ],
})
export const beginPasskeyEnrolment = endpoint({
  id: 'beginPasskeyEnrolment',
  method: 'POST',
  path: '/second-factors/passkey/options',
  kind: 'search',
  permission: 'public',
  summary: 'Set up a passkey: the challenge',
  response: z.object({ options: webauthn }),
  problems: ['not-signed-in', 'second-factor-needed', 'csrf-failed'],
})
export const enrolPasskey = endpoint({
  id: 'enrolPasskey',
  method: 'POST',
  path: '/second-factors/passkey',
  permission: 'public',
  summary: 'Set up a passkey: the answer of the device',
  body: z.object({ name: z.string().trim().min(1).max(80), response: webauthn }),
  response: z.object({ session, recoveryCodes }),
  problems: ['not-signed-in', 'second-factor-needed', 'second-factor-wrong', 'conflict', 'csrf-failed'],
})
export const newRecoveryCodes = endpoint({
  id: 'newRecoveryCodes',
  method: 'POST',
  path: '/second-factors/recovery-codes',
  permission: 'signed-in',
  summary: 'New recovery codes; the old ones stop working',
  response: z.object({ recoveryCodes: z.array(z.string()) }),
  problems: ['second-factor-needed', 'csrf-failed'],
})
export const removeFactor = endpoint({
  id: 'removeFactor',
  method: 'DELETE',
  path: '/second-factors/:factorId',
  permission: 'signed-in',
  summary: 'Remove a second factor; the last one cannot be removed by a user who needs one',
  params: z.object({ factorId: s.id }),
  response: z.object({}),
  problems: ['not-found', 'conflict', 'csrf-failed'],
})
