import { z } from 'zod'
import { endpoint } from './endpoint.ts'

export const RIGHT_CLASS_NAMES = ['basic', 'ordinary', 'sensitive', 'privileged', 'kit'] as const
export const ABSENCE_NAMES = ['parental', 'sick', 'other', 'suspension'] as const
const rightClass = z.enum(RIGHT_CLASS_NAMES)
export const absenceEffect = z.enum(['keep', 'suspend'])
export const accessPolicies = z.object({
  /** What happens with each class of right while somebody is away. */
  absence: z.record(z.enum(ABSENCE_NAMES), z.record(rightClass, absenceEffect)),
  /** Days that a right of each class stays after a move. */
  grace: z.record(rightClass, z.int().min(0).max(90)),
})
export type AccessPolicies = z.output<typeof accessPolicies>

export const getAccessPolicies = endpoint({
  id: 'getAccessPolicies',
  path: '/access-policies',
  permission: 'access-policy.read',
  summary: 'What happens with each class of right in an absence and after a move',
  response: z.object({
    policies: accessPolicies,
    /** Rights of each class that are given now, and how many of them rest. */
    classes: z.array(z.object({ class: rightClass, given: z.number().int(), resting: z.number().int() })),
    allowed: z.object({ change: z.boolean() }),
  }),
})

export const previewAccessPolicies = endpoint({
  id: 'previewAccessPolicies',
  method: 'POST',
  path: '/access-policies/preview',
  kind: 'search',
  permission: 'access-policy.change',
  summary:
    'How many rights would begin to rest, or rest no more, today; and how long rights would have stayed after moves',
  body: accessPolicies,
  response: z.object({
    suspended: z.number().int(),
    returned: z.number().int(),
    people: z.number().int(),
    /** Of the rights that stayed after a move in the last `days` days: how many would have ended sooner, or later. */
    grace: z.object({
      count: z.number().int(),
      sooner: z.number().int(),
      later: z.number().int(),
      days: z.number().int(),
    }),
  }),
})

export const changeAccessPolicies = endpoint({
  id: 'changeAccessPolicies',
  method: 'PUT',
  path: '/access-policies',
  permission: 'access-policy.change',
  summary: 'Change both policies; takes effect at once',
  body: z.object({ policies: accessPolicies, reason: z.string().trim().min(5).max(500) }),
  response: z.object({ suspended: z.number().int(), returned: z.number().int(), people: z.number().int() }),
})
