import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/*
 * Strict mode of a system: nothing new is given in it while nobody has said what it is for. What people have already stays,
 * and undoing it leaves nothing behind.
 */

const ofSystem = z.object({ systemId: s.id })
const count = z.number().int()

/** A right that a rule or a person gives and that strict mode holds back. */
export const withheldRow = z.object({
  person: s.personRef,
  unit: s.unitRef.nullable(),
  affiliationId: s.id,
  entitlement: s.systemRef,
  since: s.instant,
  /** What gives it: a rule, or somebody who decided it for this person. */
  by: z.enum(['rule', 'grant']),
  rule: z.object({ key: z.string(), name: z.string() }).nullable(),
  /** Emergency access lets it through until then. */
  emergencyUntil: s.instant.nullable(),
  /** The right may be given as emergency access. */
  emergency: z.boolean(),
})

export const getStrictMode = endpoint({
  id: 'getStrictMode',
  path: '/systems/:systemId/strict',
  permission: 'binding.read',
  summary: 'Whether a system is strict, what it holds back, and how much of what people have lacks a purpose now',
  params: ofSystem,
  query: z.object(s.page.shape),
  response: z.object({
    strict: z.object({ since: s.instant, by: z.string().nullable(), reason: z.string() }).nullable(),
    /** Held or expected now, and how much of it nobody has said a purpose of: it stays whatever is decided. */
    now: z.object({ rights: count, lacking: count, people: count }),
    rows: z.array(withheldRow),
    total: count,
    allowed: z.object({ change: z.boolean() }),
  }),
  problems: ['not-found'],
})

export const setStrictMode = endpoint({
  id: 'setStrictMode',
  method: 'PUT',
  path: '/systems/:systemId/strict',
  permission: 'binding.approve',
  summary:
    'Turn strict mode of a system on or off. On: nothing that people have is touched. Off: what was held back is given at once',
  params: ofSystem,
  body: z.object({ on: z.boolean(), reason: z.string().trim().min(5).max(500) }),
  response: z.object({
    strict: z.boolean(),
    /** Rights that were held back and are given now. */
    given: count,
  }),
  problems: ['not-found', 'not-allowed', 'conflict', 'data-invalid'],
})
