import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { rightGrant } from './people.ts'
import * as s from './shapes.ts'

export const EMERGENCY_HOURS = 72

export const giveEmergencyAccess = endpoint({
  id: 'giveEmergencyAccess',
  method: 'POST',
  path: '/grants/emergency',
  permission: 'emergency-access.use',
  summary: 'Give a right for some hours because it cannot wait; somebody else looks at it afterwards',
  body: z.object({
    affiliationId: s.id,
    entitlementId: s.id,
    hours: z.int().min(1).max(EMERGENCY_HOURS),
    reason: z.string().trim().min(5).max(500),
  }),
  response: z.object({
    id: s.id,
    /** Why it gives nothing, where a rule or a limit stands against it. */
    noEffect: z.string().nullable(),
  }),
  problems: ['not-found', 'not-allowed', 'data-invalid'],
})

export const endEmergencyAccess = endpoint({
  id: 'endEmergencyAccess',
  method: 'POST',
  path: '/grants/:grantId/end',
  permission: 'emergency-access.use',
  summary: 'End an emergency access before its time',
  params: z.object({ grantId: s.id }),
  body: z.object({ reason: z.string().trim().min(5).max(500) }),
  response: z.object({ ended: z.literal(true) }),
  problems: ['not-found'],
})

export const emergencyCheck = z.object({
  grant: rightGrant,
  person: s.personRef,
  entitlement: s.systemRef,
  system: s.systemRef,
  givenAt: s.instant,
  ended: z.boolean(),
  /** The reader may mark it as looked at: not the one who gave it. */
  mayCheck: z.boolean(),
})

export const listEmergencyChecks = endpoint({
  id: 'listEmergencyChecks',
  path: '/grants/emergency',
  permission: 'emergency-access.check',
  summary: 'Emergency accesses that nobody has looked at afterwards',
  query: z.object({ ...s.page.shape }),
  response: z.object({ rows: z.array(emergencyCheck), total: z.number().int() }),
})

export const checkEmergencyAccess = endpoint({
  id: 'checkEmergencyAccess',
  method: 'POST',
  path: '/grants/:grantId/check',
  permission: 'emergency-access.check',
  summary: 'Mark an emergency access as looked at',
  params: z.object({ grantId: s.id }),
  body: z.object({ note: z.string().trim().min(5).max(500) }),
  response: z.object({ checked: z.literal(true) }),
  problems: ['not-found', 'second-person-needed'],
})

/** Rights that stay for a while after a move, as the managers before and after it see them. */
export const listGrace = endpoint({
  id: 'listGrace',
  path: '/grants/grace',
  permission: 'matrix.read',
  summary: 'Rights that people keep for a while after a move: to the manager they came from and the one they came to',
  query: z.object({ ...s.page.shape }),
  response: z.object({
    rows: z.array(
      z.object({
        id: s.id,
        person: s.personRef,
        entitlement: s.systemRef,
        system: s.systemRef,
        until: s.civilDate,
        /** To the reader the person has come, or has gone. */
        side: z.enum(['came', 'went', 'other']),
      }),
    ),
    total: z.number().int(),
  }),
})
