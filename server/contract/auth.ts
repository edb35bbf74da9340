import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { PERMISSIONS, TOOL_ROLES } from './permissions.ts'
import * as s from './shapes.ts'

export const toolRole = z.enum(TOOL_ROLES)
const bilingual = z.object({ da: z.string(), en: z.string() })

/** One demonstration sign-in: a click, no password. */
export const demoUser = z.object({
  username: z.string(),
  role: toolRole,
  name: z.string(),
  title: z.string().nullable(),
  lookAt: bilingual,
})

export const session = z.object({
  signedIn: z.boolean(),
  /**
   * `none`: nothing more is needed. `needed`: a code or passkey comes next. `enrol`: a second factor has to be set up
   * first. In the last two `actor` is null, or, on the municipality's own network, reduced to the own page.
   */
  secondFactor: z.enum(['none', 'needed', 'enrol']),
  /** Kinds of second factor that the user in the middle of signing in has. */
  factors: z.object({ totp: z.boolean(), passkey: z.boolean(), recoveryCodesLeft: z.number().int() }),
  actor: z
    .object({
      userId: s.id,
      personId: s.id.nullable(),
      displayName: z.string(),
      kind: z.enum(['person', 'outsider', 'administrator', 'emergency']),
      roles: z.array(toolRole),
      /** Units managed, own and as deputy. */
      units: z.array(s.unitRef),
      /** Units for which the user acts as deputy. */
      actingFor: z.array(s.unitRef),
      via: z.enum(['demo', 'local', 'directory']),
      /** The first day on which a time-boxed role no longer holds. */
      until: s.civilDate.nullable(),
    })
    .nullable(),
  /** CASL rules for `unpackRules`; the client uses them for menus only, the server decides. */
  packedRules: z.array(z.array(z.unknown())),
  permissions: z.array(z.enum(PERMISSIONS)),
  /** Set only in the demonstration, which does without passwords and second factors. */
  demo: z.object({ users: z.array(demoUser) }).nullable(),
  /** How one can sign in here. `directory` is the name of the source people sign in with. */
  methods: z.object({ local: z.boolean(), directory: z.string().nullable() }),
  /** For the header `x-csrf-token` of every request that is not a GET. Changes at sign-in. */
  csrfToken: z.string(),
  municipality: z.string(),
  locale: z.enum(['da', 'en']),
})
export type Session = z.output<typeof session>

export const getSession = endpoint({
  id: 'getSession',
  path: '/session',
  permission: 'public',
  summary: 'Who is signed in, what they may do, and how to sign in',
  response: session,
})

const credentials = z.object({
  username: z.string().trim().min(1).max(256),
  password: z.string().min(1).max(1024),
})
const signInProblems = ['sign-in-failed', 'account-locked', 'csrf-failed', 'not-allowed'] as const

export const signInLocal = endpoint({
  id: 'signInLocal',
  method: 'POST',
  path: '/session/local',
  permission: 'public',
  summary: 'Sign in with a user name and password of Hjemmel itself',
  body: credentials,
  response: session,
  problems: [...signInProblems],
})
export const signInDirectory = endpoint({
  id: 'signInDirectory',
  method: 'POST',
  path: '/session/directory',
  permission: 'public',
  summary: "Sign in with the user name and password of the municipality's directory",
  body: credentials,
  response: session,
  problems: [...signInProblems, 'source-unreachable'],
})
export const signInDemo = endpoint({
  id: 'signInDemo',
  method: 'POST',
  path: '/session/demo',
  permission: 'public',
  summary: 'Sign in as one of the demonstration users; only in the demonstration',
  body: z.object({ username: z.string().trim().min(1).max(256) }),
  response: session,
  problems: ['not-found', 'csrf-failed', 'not-allowed'],
})
export const signOut = endpoint({
  id: 'signOut',
  method: 'POST',
  path: '/session/end',
  permission: 'public',
  summary: 'Sign out here, or everywhere',
  body: z.object({ everywhere: z.boolean().default(false) }),
  response: session,
  problems: ['csrf-failed'],
})

export const confirmTotp = endpoint({
  id: 'confirmTotp',
  method: 'POST',
  path: '/session/totp',
  permission: 'public',
  summary: 'Second step of signing in: a code from the app',
  body: z.object({
    code: z
      .string()
      .trim()
      .regex(/^\d{6}$/),
  }),
  response: session,
  problems: ['not-signed-in', 'second-factor-wrong', 'account-locked', 'csrf-failed'],
})
export const confirmRecoveryCode = endpoint({
  id: 'confirmRecoveryCode',
  method: 'POST',
  path: '/session/recovery-code',
  permission: 'public',
  summary: 'Second step of signing in: a recovery code; each counts once',
  body: z.object({ code: z.string().trim().min(8).max(40) }),
  response: session,
  problems: ['not-signed-in', 'second-factor-wrong', 'account-locked', 'csrf-failed'],
})
/** WebAuthn JSON for `startAuthentication` / `startRegistration` of @simplewebauthn/browser. */
const webauthn = z.record(z.string(), z.unknown())
export const beginPasskey = endpoint({
  id: 'beginPasskey',
  method: 'POST',
  path: '/session/passkey/options',
  kind: 'search',
  permission: 'public',
  summary: 'Second step of signing in: the challenge for a passkey',
  response: z.object({ options: webauthn }),
  problems: ['not-signed-in', 'csrf-failed'],
})
export const confirmPasskey = endpoint({
  id: 'confirmPasskey',
  method: 'POST',
  path: '/session/passkey',
  permission: 'public',
  summary: 'Second step of signing in: the answer of a passkey',
  body: z.object({ response: webauthn }),
  response: session,
  problems: ['not-signed-in', 'second-factor-wrong', 'account-locked', 'csrf-failed'],
})

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

const token = z.string().min(20).max(100)
export const openLink = endpoint({
  id: 'openLink',
  method: 'POST',
  path: '/links/open',
  kind: 'search',
  permission: 'public',
  summary: 'What a one-time link is for',
  body: z.object({ token }),
  response: z.object({
    purpose: z.enum(['first-administrator', 'invitation', 'reset']),
    username: z.string(),
    displayName: z.string(),
    expiresAt: s.instant,
  }),
  problems: ['link-invalid', 'csrf-failed'],
})
export const useLink = endpoint({
  id: 'useLink',
  method: 'POST',
  path: '/links/use',
  permission: 'public',
  summary: 'Choose a password with a one-time link, which then stops working',
  body: z.object({ token, password: z.string().min(1).max(1024) }),
  response: z.object({ username: z.string() }),
  problems: ['link-invalid', 'password-weak', 'csrf-failed'],
})

/** Roles that are given by hand, always with an end; all others follow from the rules. */
export const localRoleName = z.enum(['admin', 'hr', 'it', 'dpo', 'auditor'])
export const localUser = z.object({
  id: s.id,
  kind: z.enum(['person', 'outsider', 'administrator', 'emergency']),
  username: z.string(),
  displayName: z.string(),
  disabled: z.boolean(),
  hasPassword: z.boolean(),
  lastSignInAt: s.instant.nullable(),
  roles: z.array(
    z.object({
      id: s.id,
      role: localRoleName,
      from: s.civilDate,
      to: s.civilDate,
      reason: z.string(),
      active: z.boolean(),
    }),
  ),
})
export const listLocalUsers = endpoint({
  id: 'listLocalUsers',
  path: '/local-users',
  permission: 'local-role.read',
  summary: 'Outsiders, the first administrator and emergency access, with their dated local roles',
  response: z.object({ users: z.array(localUser) }),
})
const dated = {
  /** First day; default today. */
  from: s.civilDate.optional(),
  /** First day on which it no longer holds; at most two years ahead. */
  to: s.civilDate,
  reason: z.string().trim().min(5).max(500),
}
/** The link is shown once; hand it over in person. */
const link = z.object({ url: z.string(), expiresAt: s.instant })
export const createLocalUser = endpoint({
  id: 'createLocalUser',
  method: 'POST',
  path: '/local-users',
  permission: 'local-role.grant',
  summary: 'Invite a named outsider, or make an emergency access, with one dated role',
  body: z.object({
    kind: z.enum(['outsider', 'emergency']),
    username: z
      .string()
      .trim()
      .regex(/^[\p{L}\p{N}._@-]{3,100}$/u),
    displayName: z.string().trim().min(2).max(120),
    role: localRoleName,
    ...dated,
  }),
  response: z.object({ id: s.id, link }),
  problems: ['conflict', 'data-invalid', 'csrf-failed'],
})
export const grantLocalRole = endpoint({
  id: 'grantLocalRole',
  method: 'POST',
  path: '/local-users/:userId/roles',
  permission: 'local-role.grant',
  summary: 'Give a local role until a date',
  params: z.object({ userId: s.id }),
  body: z.object({ role: localRoleName, ...dated }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'conflict', 'data-invalid', 'csrf-failed'],
})
export const endLocalRole = endpoint({
  id: 'endLocalRole',
  method: 'DELETE',
  path: '/local-users/:userId/roles/:roleId',
  permission: 'local-role.grant',
  summary: 'End a local role today',
  params: z.object({ userId: s.id, roleId: s.id }),
  response: z.object({}),
  problems: ['not-found', 'conflict', 'csrf-failed'],
})
export const resetLocalUser = endpoint({
  id: 'resetLocalUser',
  method: 'POST',
  path: '/local-users/:userId/link',
  permission: 'local-role.grant',
  summary: 'A one-time link to choose a new password; second factors and sessions are ended',
  params: z.object({ userId: s.id }),
  response: link,
  problems: ['not-found', 'csrf-failed'],
})
export const enableLocalUser = endpoint({
  id: 'enableLocalUser',
  method: 'POST',
  path: '/local-users/:userId/enable',
  permission: 'local-role.grant',
  summary: 'Let a local user who was disabled sign in again, with the roles that are still in force',
  params: z.object({ userId: s.id }),
  response: z.object({}),
  problems: ['not-found', 'conflict', 'second-person-needed', 'csrf-failed'],
})
export const disableLocalUser = endpoint({
  id: 'disableLocalUser',
  method: 'POST',
  path: '/local-users/:userId/disable',
  permission: 'local-role.grant',
  summary: 'Stop a local user from signing in, at once',
  params: z.object({ userId: s.id }),
  response: z.object({}),
  problems: ['not-found', 'conflict', 'csrf-failed'],
})
