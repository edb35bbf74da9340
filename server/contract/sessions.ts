import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/** Where one is signed in, and what has to be confirmed anew before it is changed (OWASP ASVS 5, 7.4 and 7.5). */
export const openSession = z.object({
  /** Not the session's own id, which is a secret: a hash of it, enough to point at it. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  startedAt: s.instant,
  /** When it ends if nothing is done in it; used until then, it goes on until the absolute end. */
  idleUntil: s.instant,
  via: z.enum(['demo', 'local', 'directory']),
  /** What the browser called itself when signing in; empty when it did not say. */
  agent: z.string(),
  current: z.boolean(),
})
export type OpenSession = z.output<typeof openSession>

export const listSessions = endpoint({
  id: 'listSessions',
  path: '/sessions',
  permission: 'signed-in',
  summary: 'Where I am signed in',
  response: z.object({ sessions: z.array(openSession), hasPassword: z.boolean() }),
})
export const endOtherSession = endpoint({
  id: 'endOtherSession',
  method: 'DELETE',
  path: '/sessions/:sessionId',
  permission: 'signed-in',
  summary: 'Sign out somewhere else; this session is ended by signing out',
  params: z.object({ sessionId: openSession.shape.id }),
  response: z.object({}),
  problems: ['not-found', 'confirm-needed', 'csrf-failed'],
})
export const endOtherSessions = endpoint({
  id: 'endOtherSessions',
  method: 'POST',
  path: '/sessions/end-others',
  permission: 'signed-in',
  summary: 'Sign out everywhere else',
  response: z.object({ ended: z.number().int() }),
  problems: ['confirm-needed', 'csrf-failed'],
})
export const confirmIdentity = endpoint({
  id: 'confirmIdentity',
  method: 'POST',
  path: '/session/confirm',
  permission: 'signed-in',
  summary: 'Show again who one is, before sign-in settings are changed; counts for a quarter of an hour',
  body: z.object({
    password: z.string().min(1).max(1024),
    /** From the code app, where the user has one. */
    code: z
      .string()
      .trim()
      .regex(/^\d{6}$/)
      .optional(),
  }),
  response: z.object({}),
  problems: ['sign-in-failed', 'second-factor-wrong', 'account-locked', 'source-unreachable', 'csrf-failed'],
})
export const changePassword = endpoint({
  id: 'changePassword',
  method: 'POST',
  path: '/password',
  permission: 'signed-in',
  summary:
    'Choose a new password; all other sessions of the user end. People sign in with the password of the directory',
  body: z.object({ current: z.string().min(1).max(1024), next: z.string().min(1).max(1024) }),
  response: z.object({}),
  problems: ['not-found', 'sign-in-failed', 'password-weak', 'account-locked', 'csrf-failed'],
})
export const endSessionsOfUser = endpoint({
  id: 'endSessionsOfUser',
  method: 'POST',
  path: '/local-users/:userId/sessions/end',
  permission: 'local-role.grant',
  summary: 'Sign a user out everywhere, at once',
  params: z.object({ userId: s.id }),
  response: z.object({ ended: z.number().int() }),
  problems: ['not-found', 'csrf-failed'],
})
