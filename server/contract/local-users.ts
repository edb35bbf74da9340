import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

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
export const localRoleName = z.enum(['admin', 'hr', 'it', 'dpo', 'auditor', 'reporter'])
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
      /** Of a `reporter`: the units that reports are prepared for. */
      units: z.array(s.unitRef),
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
  /** Of a `reporter`: the units that reports are prepared for, and what stands below them. */
  units: z.array(s.id).max(50).default([]),
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
