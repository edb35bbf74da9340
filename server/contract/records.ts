import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/*
 * What a municipality has to be able to show beside the register: agreements with processors, assessments of consequences,
 * grounds of transfers, samples of logs, controls of consent. Minimal: a day, when it is due again, where the document is.
 */

export const recordKind = z.enum(['processor-agreement', 'dpia', 'transfer-ground', 'log-sample', 'consent-control'])
export const recordStanding = z.enum(['coming', 'counts', 'due', 'overdue', 'ended'])

export const datedRecord = z.object({
  id: s.id,
  kind: recordKind,
  onDay: s.civilDate,
  nextDue: s.civilDate.nullable(),
  reference: z.string(),
  note: z.string().nullable(),
  endedOn: s.civilDate.nullable(),
  endedReason: z.string().nullable(),
  origin: z.enum(['manual', 'imported']),
  standing: recordStanding,
})
export type DatedRecord = z.output<typeof datedRecord>

const written = z.object({
  kind: recordKind,
  onDay: s.civilDate,
  /** When it has to be looked at or made again; null: never by itself. */
  nextDue: s.civilDate.nullable().default(null),
  /** An address or the number of a case. */
  reference: z.string().trim().min(1).max(500),
  note: z.string().trim().max(1000).nullable().default(null),
})
const ending = z.object({ on: s.civilDate, reason: z.string().trim().min(5).max(500) })
const list = z.object({
  rows: z.array(datedRecord),
  /** Kinds that can be said of this, and whether the municipality keeps them here at all. */
  kinds: z.array(z.object({ kind: recordKind, kept: z.boolean() })),
  today: s.civilDate,
  allowed: z.object({ change: z.boolean() }),
})
const made = z.object({ id: s.id })

const ofSystem = z.object({ systemId: s.id })
const ofActivity = z.object({ activityId: s.id })

export const listSystemRecords = endpoint({
  id: 'listSystemRecords',
  path: '/systems/:systemId/records',
  permission: 'system.read',
  summary: 'Dated records of a system: agreement, DPIA, ground of transfer, samples of its log',
  params: ofSystem,
  response: list,
  problems: ['not-found'],
})
export const addSystemRecord = endpoint({
  id: 'addSystemRecord',
  method: 'POST',
  path: '/systems/:systemId/records',
  permission: 'system.change',
  summary: 'Note a dated record of a system',
  params: ofSystem,
  body: written,
  response: made,
  problems: ['not-found', 'not-allowed', 'data-invalid'],
})
export const endSystemRecord = endpoint({
  id: 'endSystemRecord',
  method: 'POST',
  path: '/systems/:systemId/records/:recordId/end',
  permission: 'system.change',
  summary:
    'A record of a system counts no more. Nobody loses a right by it: an agreement that ends makes findings and a plan',
  params: z.object({ systemId: s.id, recordId: s.id }),
  body: ending,
  response: made,
  problems: ['not-found', 'not-allowed', 'data-invalid', 'conflict'],
})
export const listActivityRecords = endpoint({
  id: 'listActivityRecords',
  path: '/activities/:activityId/records',
  permission: 'activity.read',
  summary: 'Dated records of an activity: agreement, DPIA, ground of transfer, control of consent',
  params: ofActivity,
  response: list,
  problems: ['not-found'],
})
export const addActivityRecord = endpoint({
  id: 'addActivityRecord',
  method: 'POST',
  path: '/activities/:activityId/records',
  permission: 'activity.change',
  summary: 'Note a dated record of an activity',
  params: ofActivity,
  body: written,
  response: made,
  problems: ['not-found', 'not-allowed', 'data-invalid'],
})
export const endActivityRecord = endpoint({
  id: 'endActivityRecord',
  method: 'POST',
  path: '/activities/:activityId/records/:recordId/end',
  permission: 'activity.change',
  summary: 'A record of an activity counts no more',
  params: z.object({ activityId: s.id, recordId: s.id }),
  body: ending,
  response: made,
  problems: ['not-found', 'not-allowed', 'data-invalid', 'conflict'],
})

export const getRecordKeeping = endpoint({
  id: 'getRecordKeeping',
  path: '/records/keeping',
  permission: 'activity.read',
  summary: 'Which kinds of dated records are kept in Hjemmel; of the others nothing is found',
  response: z.object({
    kinds: z.array(
      z.object({ kind: recordKind, kept: z.boolean(), records: z.number().int(), overdue: z.number().int() }),
    ),
    allowed: z.object({ change: z.boolean() }),
  }),
})
export const changeRecordKeeping = endpoint({
  id: 'changeRecordKeeping',
  method: 'PUT',
  path: '/records/keeping',
  permission: 'vocabulary.change',
  summary: 'Say that a kind of record is kept here, or elsewhere',
  body: z.object({ kind: recordKind, kept: z.boolean() }),
  response: z.object({ kept: z.boolean() }),
})

/** What is wrong with a row of a file. */
export const RECORD_ROW_FAULTS = [
  'kind',
  'about',
  'both',
  'unknown-system',
  'unknown-activity',
  'not-of-this',
  'not-allowed',
  'day',
  'due',
  'due-before',
  'reference',
  'too-long',
] as const
export const recordRowFault = z.enum(RECORD_ROW_FAULTS)
export const MOST_RECORD_ROWS = 5000
export const MOST_RECORD_BYTES = 4 * 1024 * 1024

const imported = z.object({
  rows: z.number().int(),
  /** Rows that are, or would be, taken in; and those that stand there already. */
  taken: z.number().int(),
  known: z.number().int(),
  bad: z.array(z.object({ line: z.number().int(), what: recordRowFault, text: z.string() })),
  badInAll: z.number().int(),
})
const file = z.object({ name: z.string().trim().min(1).max(200) })

export const previewRecordImport = endpoint({
  id: 'previewRecordImport',
  method: 'POST',
  path: '/records/imports/preview',
  kind: 'search',
  permission: 'system.change',
  summary:
    'What a file of dated records would do: XLSX or CSV with kind, system or activity, date, due, reference, note, as the body itself (`application/octet-stream`, at most 4 MB). Nothing is written',
  query: file,
  response: imported,
  problems: ['source-invalid', 'source-incomplete', 'payload-too-large'],
})
export const importRecords = endpoint({
  id: 'importRecords',
  method: 'POST',
  path: '/records/imports',
  permission: 'system.change',
  summary: 'Take in a file of dated records; rows that cannot be read are named and left out',
  query: file,
  response: imported,
  problems: ['source-invalid', 'source-incomplete', 'payload-too-large'],
})
