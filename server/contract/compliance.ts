import { z } from 'zod'
import { documentFormat, documentLanguage, madeFile } from './documents.ts'
import { endpoint } from './endpoint.ts'
import { RETENTION_KEYS } from './retention-rows.ts'
import * as s from './shapes.ts'

/* The product's own compliance: how long it keeps what, what must not be deleted, and what it tells those it is about. */

export const retentionKey = z.enum(RETENTION_KEYS)
const count = z.number().int()
const reason = z.string().trim().min(5).max(500)
const period = z.object({ amount: z.int().min(1).max(600), unit: z.enum(['days', 'months']) })
export const retentionMode = z.enum(['automatic', 'by-hand'])

export const previewedRow = z.object({
  row: retentionKey,
  due: count,
  held: count,
  blocked: count,
  /** What was due first: which kind of record and since when, never whose name. */
  sample: z.array(z.object({ part: z.string(), id: z.string(), started: s.civilDate })),
})
export const retentionRun = z.object({
  id: s.id,
  rows: z.array(retentionKey),
  state: z.enum(['waiting', 'running', 'done', 'refused']),
  onDay: s.civilDate,
  askedAt: s.instant,
  /** Null: the night did. */
  askedBy: z.string().nullable(),
  reason: z.string(),
  decidedBy: z.string().nullable(),
  decision: z.string().nullable(),
  endedAt: s.instant.nullable(),
  due: count,
  gone: count,
  /** What each row let go, or would. */
  parts: z.array(z.object({ row: retentionKey, due: count, held: count, gone: count })),
  allowed: z.object({ agree: z.boolean(), refuse: z.boolean() }),
})

export const getRetention = endpoint({
  id: 'getRetention',
  path: '/compliance/retention',
  permission: 'compliance.read',
  summary: 'How long what is kept of people, from which event, and the runs that let it go',
  response: z.object({
    rows: z.array(
      z.object({
        key: retentionKey,
        from: z.string(),
        outside: z.boolean(),
        ...period.shape,
        shipped: period,
        mode: retentionMode,
        most: count,
        begun: z.boolean(),
        changed: z.object({ at: s.instant, by: z.string(), reason: z.string() }).nullable(),
      }),
    ),
    runs: z.array(retentionRun),
    journal: z.object({ lines: count, subjects: count, hash: z.string().nullable() }),
    allowed: z.object({ change: z.boolean(), run: z.boolean() }),
  }),
})
export const previewRetention = endpoint({
  id: 'previewRetention',
  method: 'POST',
  path: '/compliance/retention/preview',
  kind: 'search',
  permission: 'compliance.read',
  summary: 'What would go today, row by row, and what a hold keeps; nothing changes',
  body: z.object({ rows: z.array(retentionKey).min(1).max(50) }),
  response: z.object({ rows: z.array(previewedRow) }),
})
export const changeRetention = endpoint({
  id: 'changeRetention',
  method: 'PUT',
  path: '/compliance/retention/:row',
  permission: 'compliance.change',
  summary: 'Another period, rhythm or limit of a row, with the reason',
  params: z.object({ row: retentionKey }),
  body: z.object({ ...period.shape, mode: retentionMode, most: z.int().min(1).max(1_000_000), reason }),
  response: z.object({ changed: z.literal(true) }),
})
export const startRetention = endpoint({
  id: 'startRetention',
  method: 'POST',
  path: '/compliance/retention/runs',
  permission: 'retention.run',
  summary: "Let go what is due of these rows; above a row's limit it waits for a second person",
  body: z.object({ rows: z.array(retentionKey).min(1).max(50), reason }),
  response: z.object({ id: s.id, state: z.enum(['waiting', 'running', 'done']) }),
  problems: ['run-in-progress'],
})
export const decideRetention = endpoint({
  id: 'decideRetention',
  method: 'POST',
  path: '/compliance/retention/runs/:runId/decision',
  permission: 'retention.run',
  summary: 'The second person agrees to a run above the limit, or refuses it',
  params: z.object({ runId: s.id }),
  body: z.object({ yes: z.boolean(), reason }),
  response: z.object({ state: z.enum(['running', 'done', 'refused']) }),
  problems: ['not-found', 'conflict', 'second-person-needed', 'run-in-progress'],
})

export const legalHold = z.object({
  id: s.id,
  kind: z.enum(['person', 'case']),
  subjectId: s.id,
  person: s.personRef.nullable(),
  owner: s.personRef.nullable(),
  /** Null where `hidden`. */
  reason: z.string().nullable(),
  /** About a confidential report that the reader may not know of: that there is a hold, and nothing of whom or why. */
  hidden: z.boolean(),
  placedAt: s.instant,
  expiresOn: s.civilDate,
  state: z.enum(['in-force', 'soon', 'expired', 'ended']),
  endedReason: z.string().nullable(),
})
export const listHolds = endpoint({
  id: 'listHolds',
  path: '/compliance/holds',
  permission: 'hold.read',
  summary: 'What must not be deleted, why, who answers for it and until when',
  query: z.object({ ...s.page.shape, all: z.stringbool().default(false) }),
  response: z.object({
    rows: z.array(legalHold),
    total: count,
    /** Of those in force: how many run out within a month. */
    soon: count,
    allowed: z.object({ change: z.boolean() }),
  }),
})
export const placeHold = endpoint({
  id: 'placeHold',
  method: 'POST',
  path: '/compliance/holds',
  permission: 'hold.change',
  summary: 'Nothing of this person, or about this report, is deleted until that day',
  body: z.object({ kind: z.enum(['person', 'case']), subjectId: s.id, ownerId: s.id, expiresOn: s.civilDate, reason }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'data-invalid'],
})
export const changeHold = endpoint({
  id: 'changeHold',
  method: 'POST',
  path: '/compliance/holds/:holdId',
  permission: 'hold.change',
  summary: 'Until another day, or ended at once (`expiresOn` null)',
  params: z.object({ holdId: s.id }),
  body: z.object({ expiresOn: s.civilDate.nullable(), reason }),
  response: z.object({ changed: z.literal(true) }),
  problems: ['not-found', 'conflict', 'data-invalid'],
})

export const TEXT_KINDS = ['notice', 'dpia', 'log-policy'] as const
export const textKind = z.enum(TEXT_KINDS)
export type TextKind = z.output<typeof textKind>
const body = z.string().trim().min(50).max(40_000)
export const listComplianceTexts = endpoint({
  id: 'listComplianceTexts',
  path: '/compliance/texts',
  permission: 'compliance.read',
  summary:
    'The notice, the impact assessment and the log policy: as they ship, or as the municipality has published them',
  response: z.object({
    texts: z.array(
      z.object({
        kind: textKind,
        /** 0: as it ships, published by nobody yet. */
        version: count,
        da: z.string(),
        en: z.string(),
        publishedAt: s.instant.nullable(),
        publishedBy: z.string().nullable(),
        reason: z.string().nullable(),
      }),
    ),
    /** Hjemmel in the municipality's own register, where the record has been adopted. */
    ownRecordId: s.id.nullable(),
    allowed: z.object({ change: z.boolean() }),
  }),
})
export const publishComplianceText = endpoint({
  id: 'publishComplianceText',
  method: 'POST',
  path: '/compliance/texts/:kind',
  permission: 'compliance.change',
  summary: 'A new version of one of the texts; a new notice is shown to everybody once more',
  params: z.object({ kind: textKind }),
  body: z.object({ da: body, en: body, reason, version: count.min(0) }),
  response: z.object({ version: count }),
  problems: ['conflict'],
})

const onPaper = { format: documentFormat, language: documentLanguage.default('da') }
export const makeComplianceDocument = endpoint({
  id: 'makeComplianceDocument',
  path: '/compliance/text-document',
  permission: 'compliance.read',
  summary: 'One of the texts as it counts now, as a document',
  query: z.object({ kind: textKind, ...onPaper }),
  response: madeFile,
})
export const makeNoticeDocument = endpoint({
  id: 'makeNoticeDocument',
  path: '/me/notice/document',
  permission: 'signed-in',
  summary: 'The notice with how long what is kept, as a document: to hand to those who have no account',
  query: z.object(onPaper),
  response: madeFile,
})
export const getNotice = endpoint({
  id: 'getNotice',
  path: '/me/notice',
  permission: 'signed-in',
  summary: 'What employees are told about Hjemmel, and whether the reader has yet to be shown it',
  response: z.object({
    version: count,
    /** Published, about the reader, and not shown to the reader in this version. */
    due: z.boolean(),
    da: z.string(),
    en: z.string(),
    publishedAt: s.instant.nullable(),
    seenAt: s.instant.nullable(),
    periods: z.array(z.object({ key: retentionKey, from: z.string(), ...period.shape })),
  }),
})
export const confirmNotice = endpoint({
  id: 'confirmNotice',
  method: 'POST',
  path: '/me/notice',
  permission: 'me.read',
  summary: 'The notice was shown to the reader',
  body: z.object({ version: count.min(1) }),
  response: z.object({ seen: z.literal(true) }),
  problems: ['conflict'],
})
export const getNoticeStanding = endpoint({
  id: 'getNoticeStanding',
  path: '/compliance/notice',
  permission: 'compliance.read',
  summary: 'How many have been shown the notice: figures, no names',
  response: z.object({
    version: count,
    people: count,
    screen: count,
    paper: count,
    withoutAccount: count,
    allowed: z.object({ list: z.boolean(), record: z.boolean() }),
  }),
})
export const listNotTold = endpoint({
  id: 'listNotTold',
  path: '/compliance/notice/not-told',
  permission: 'notice.follow-up',
  summary: 'Who has not been shown the notice, for whoever follows it up',
  query: z.object({ ...s.page.shape, withoutAccount: z.stringbool().default(false) }),
  response: z.object({
    rows: z.array(z.object({ person: s.personRef, unit: s.unitRef.nullable(), account: z.boolean() })),
    total: count,
  }),
})
export const recordPaper = endpoint({
  id: 'recordPaper',
  method: 'POST',
  path: '/compliance/notice/paper',
  permission: 'notice.record',
  summary: 'These people were handed the notice on paper',
  body: z.object({ version: count.min(1), people: z.array(s.id).min(1).max(500) }),
  response: z.object({ recorded: count }),
  problems: ['conflict', 'not-found'],
})

export const sampleAnswer = z.enum(['work', 'not-work', 'unclear'])
export const listLookupSamples = endpoint({
  id: 'listLookupSamples',
  path: '/compliance/samples',
  permission: 'lookup-sample.read',
  summary: 'Lookups of those who see most, picked by chance each month: were they part of the work?',
  query: z.object({ ...s.page.shape, open: z.stringbool().default(true) }),
  response: z.object({
    rows: z.array(
      z.object({
        entryId: count,
        month: s.civilDate,
        at: s.instant,
        action: z.string(),
        byFunction: z.string(),
        by: z.string().nullable(),
        person: s.personRef.nullable(),
        reason: z.string().nullable(),
        answer: sampleAnswer.nullable(),
        note: z.string().nullable(),
        allowed: z.object({ answer: z.boolean() }),
      }),
    ),
    total: count,
    months: z.array(z.object({ month: s.civilDate, drawn: count, answered: count, notWork: count })),
  }),
})
export const answerLookupSample = endpoint({
  id: 'answerLookupSample',
  method: 'POST',
  path: '/compliance/samples/:entryId',
  permission: 'lookup-sample.answer',
  summary: 'Whether a lookup was part of the work; nobody answers for their own',
  params: z.object({ entryId: z.coerce.number().int().positive() }),
  body: z.object({ answer: sampleAnswer, note: z.string().trim().max(500).default('') }),
  response: z.object({ answered: z.literal(true) }),
  problems: ['not-found', 'second-person-needed', 'reason-needed'],
})
