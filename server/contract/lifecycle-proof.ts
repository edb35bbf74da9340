import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { proofShow } from './lifecycle-lists.ts'
import * as s from './shapes.ts'

/** Leaver proof: of each affiliation that has ended what it held, when that was to end, and by what it is known to have ended. */

/**
 * How it stands with one line. `kept`: another affiliation is a reason for it. `open`: it is held, or an order is open.
 * `said`: somebody or something says that it is done, and no reading has confirmed it. `unseen`: nothing has been done
 * that we know of, and the system cannot be read.
 */
export const proofState = z.enum(['kept', 'open', 'unseen', 'said', 'verified'])
/** When it ended, against when it should have. `same-day`: on the first day away, after the hour that counts. */
export const proofTiming = z.enum(['on-time', 'same-day', 'late', 'running', 'overdue'])
/** What ended it. `reading`: it was seen to be gone, and nobody had ordered it. `never-held`: it was expected and not held. */
export const proofBy = z.enum(['connector', 'task', 'reading', 'never-held'])

export const proofLine = z.object({
  /** `left`: a mailbox, a drive or cases, by the name `mailbox`, `mailbox-closed`, `drive` or `cases`. */
  kind: z.enum(['right', 'unexpected', 'account', 'left']),
  /** Null for an account that belongs to no system of the catalogue; then `name` says where it is. */
  system: s.systemRef.nullable(),
  name: z.string(),
  sensitivity: s.sensitivity.nullable(),
  state: proofState,
  timing: proofTiming.nullable(),
  /** From when what is left is wrong: the end with the unit's hours, or when the end was confirmed, whichever is later. */
  shouldEndAt: s.instant,
  endedAt: s.instant.nullable(),
  by: proofBy.nullable(),
  verifiedAt: s.instant.nullable(),
  /** Whole days since it should have ended, of what has not. */
  age: z.number().int().nullable(),
  taskId: s.id.nullable(),
})
export type ProofLine = z.output<typeof proofLine>

const counts = z.object({
  lines: z.number().int(),
  open: z.number().int(),
  /** Of the open ones: after the hour at which they should have ended. */
  overdue: z.number().int(),
  said: z.number().int(),
  verified: z.number().int(),
  onTime: z.number().int(),
  late: z.number().int(),
  unexpected: z.number().int(),
})
export const proofRow = z.object({
  affiliationId: s.id,
  person: s.personRef,
  title: z.string().nullable(),
  unit: s.unitRef.nullable(),
  /** The first day on which the person is no longer there. */
  endsOn: s.civilDate,
  confirmedAt: s.instant,
  /** Until this hour of that day counts as on time; null: midnight. */
  untilHour: z.number().int().nullable(),
  ...counts.shape,
  /** Whole days of the oldest open line. */
  oldest: z.number().int().nullable(),
})
export type ProofRow = z.output<typeof proofRow>

const period = {
  /** Ends in this period, closed-open. */
  from: s.civilDate,
  to: s.civilDate,
  unit: s.id.optional(),
}
export const listProof = endpoint({
  id: 'listProof',
  path: '/lifecycle/proof',
  permission: 'proof.read',
  summary: 'Who has left in a period, and how much of what they held is known to have ended; what is open first',
  query: z.object({
    ...period,
    show: proofShow.optional(),
    ...s.page.shape,
  }),
  response: z.object({ rows: z.array(proofRow), total: z.number().int(), people: z.number().int(), sum: counts }),
  problems: ['data-invalid'],
})
export const getProof = endpoint({
  id: 'getProof',
  path: '/lifecycle/proof/:affiliationId',
  permission: 'proof.read',
  summary:
    'The sheet of one affiliation that has ended: line by line what, when it should have ended, when it did, by what, seen when',
  params: z.object({ affiliationId: s.id }),
  response: z.object({
    row: proofRow,
    lines: z.array(proofLine),
  }),
  problems: ['not-found'],
})
export const exportProof = endpoint({
  id: 'exportProof',
  method: 'POST',
  path: '/lifecycle/proof/export',
  large: true,
  permission: 'proof.read',
  summary:
    'The report for a period, last day against the day of revocation, as XLSX or PDF. Protected names are never in it',
  body: z.object({ ...period, format: z.enum(['xlsx', 'pdf']), language: z.enum(['da', 'en']).default('da') }),
  /** `content`: the file in base64. */
  response: z.object({ fileName: z.string(), contentType: z.string(), content: z.string() }),
  problems: ['data-invalid'],
})
