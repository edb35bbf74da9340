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
export const webauthn = z.record(z.string(), z.unknown())
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
