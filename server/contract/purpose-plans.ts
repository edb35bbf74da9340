import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/*
 * Rights that lose what they were for, because an activity, a basis, an agreement or a retention limit has ended. Nobody loses
 * access by that: the owner of the system says what becomes of each right, and what is taken away goes the way of every change.
 */

export const planCause = z.enum(['activity', 'purpose', 'basis', 'retention', 'processor-agreement'])
export const planChoice = z.enum(['bind', 'accept', 'take-away'])

export const purposePlan = z.object({
  id: s.id,
  system: s.systemRef,
  cause: planCause,
  activity: z.object({ id: s.id, ref: z.string(), name: z.string() }).nullable(),
  from: s.civilDate,
  madeAt: s.instant,
  rights: z.array(
    z.object({
      entitlement: s.systemRef,
      people: z.number().int(),
      choice: planChoice.nullable(),
      until: s.civilDate.nullable(),
      reason: z.string().nullable(),
      draftId: s.id.nullable(),
      /** Nobody has decided, or what was accepted has come to its day. */
      open: z.boolean(),
    }),
  ),
  allowed: z.object({ decide: z.boolean() }),
})

export const listPurposePlans = endpoint({
  id: 'listPurposePlans',
  path: '/purpose-plans',
  permission: 'binding.read',
  summary: 'Rights whose purpose has ended, by system, and what its owner has decided; open ones first',
  query: z.object({ system: s.id.optional() }),
  response: z.object({ plans: z.array(purposePlan), today: s.civilDate }),
})

const words = z.string().trim().min(5).max(500)
export const decidePurposePlan = endpoint({
  id: 'decidePurposePlan',
  method: 'POST',
  path: '/purpose-plans/:planId/decide',
  permission: 'binding.approve',
  summary:
    'Decide about rights of a plan: a new purpose, accepted until a day, or taken away. Taking away makes a what-if that somebody else approves under its guards',
  params: z.object({ planId: s.id }),
  body: z.object({
    decisions: z
      .array(
        z.discriminatedUnion('choice', [
          z.object({
            ...{ choice: z.literal('bind'), entitlementId: s.id, activityId: s.id },
            ...{ purposeKey: z.string().min(1).max(40), necessity: z.string().trim().min(10).max(1000) },
          }),
          z.object({ choice: z.literal('accept'), entitlementId: s.id, until: s.civilDate, reason: words }),
          z.object({ choice: z.literal('take-away'), entitlementId: s.id, reason: words }),
        ]),
      )
      .min(1)
      .max(500),
  }),
  response: z.object({ decided: z.number().int(), draftId: s.id.nullable() }),
  problems: ['not-found', 'not-allowed', 'data-invalid', 'invalid-request', 'conflict'],
})
