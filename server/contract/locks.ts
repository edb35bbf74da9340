import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

const reason = z.string().trim().min(5).max(500)

export const lockRow = z.object({
  id: s.id,
  person: s.personRef,
  unit: s.unitRef.nullable(),
  reason: z.string(),
  lockedAt: s.instant,
  lockedBy: z.string().nullable(),
  releasedAt: s.instant.nullable(),
  releasedBy: z.string().nullable(),
  releaseReason: z.string().nullable(),
  /** The reader may release it: neither the one who locked nor the one who is locked. */
  mayRelease: z.boolean(),
})

export const rosterRow = z.object({
  id: s.id,
  person: s.personRef,
  startsAt: s.instant,
  endsAt: s.instant,
  now: z.boolean(),
})

export const listLocks = endpoint({
  id: 'listLocks',
  path: '/locks',
  permission: 'lock.read',
  summary: 'Emergency locks in force, those of before, and who is on call',
  query: z.object({ ...s.page.shape }),
  response: z.object({
    /** All of them: whoever is on call finds nobody by any other list. */
    current: z.array(lockRow),
    past: z.array(lockRow),
    pastTotal: z.number().int(),
    /** Who is on call now or will be. */
    roster: z.array(rosterRow),
    onCallNow: z.boolean(),
    allowed: z.object({ roster: z.boolean() }),
  }),
})

export const getPersonLock = endpoint({
  id: 'getPersonLock',
  path: '/people/:personId/lock',
  permission: 'lock.read',
  summary: 'Whether a person is locked, and what the reader may do about it',
  params: z.object({ personId: s.id }),
  response: z.object({
    lock: lockRow.nullable(),
    /** Hjemmel knows the birth date, and asks for it before it locks. */
    birthDateKnown: z.boolean(),
    allowed: z.object({ lock: z.boolean() }),
  }),
  problems: ['not-found'],
})

export const lockPerson = endpoint({
  id: 'lockPerson',
  method: 'POST',
  path: '/people/:personId/lock',
  permission: 'lock.set',
  summary: 'Lock a person at once: all rights rest, and sign-ins to Hjemmel end. Asks for the birth date first',
  params: z.object({ personId: s.id }),
  body: z.object({ birthDate: s.civilDate.optional(), reason }),
  response: z.object({ lockId: s.id, rights: z.number().int() }),
  problems: ['not-found', 'birth-date-wrong', 'birth-date-refused', 'conflict', 'last-administrator'],
})

export const releaseLock = endpoint({
  id: 'releaseLock',
  method: 'POST',
  path: '/locks/:lockId/release',
  permission: 'lock.release',
  summary: 'Lift a lock: another person than the one who locked, with a reason',
  params: z.object({ lockId: s.id }),
  body: z.object({ reason }),
  response: z.object({ rights: z.number().int() }),
  problems: ['not-found', 'second-person-needed', 'conflict'],
})

export const addOnCall = endpoint({
  id: 'addOnCall',
  method: 'POST',
  path: '/locks/on-call',
  permission: 'lock.roster',
  summary: 'Put somebody on call: for that time they may lock and lift locks',
  body: z.object({ personId: s.id, startsAt: s.instant, endsAt: s.instant }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'data-invalid'],
})

export const endOnCall = endpoint({
  id: 'endOnCall',
  method: 'POST',
  path: '/locks/on-call/:rosterId/end',
  permission: 'lock.roster',
  summary: 'Take somebody off call',
  params: z.object({ rosterId: s.id }),
  response: z.object({ ended: z.literal(true) }),
  problems: ['not-found'],
})
