import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { rectificationOutcome, rectificationState } from './register-lists.ts'
import * as s from './shapes.ts'

/** What somebody says is wrong: a right, a job, an account, or what is known of the person. */
export const rectificationObject = z.discriminatedUnion('about', [
  z.strictObject({ about: z.literal('right'), entitlementId: s.id }),
  z.strictObject({ about: z.literal('affiliation'), affiliationId: s.id }),
  z.strictObject({ about: z.literal('account'), accountId: s.id }),
  z.strictObject({ about: z.literal('person') }),
])
export type RectificationObject = z.output<typeof rectificationObject>

/** Who answers: the owner of the system, IT, or HR. */
const office = z.enum(['systemowner', 'it', 'hr'])
const shared = {
  id: s.id,
  object: rectificationObject,
  /** What it is about, as it is called now: a right, a job, a user name; null for the person as such. */
  label: z.string().nullable(),
  system: s.systemRef.nullable(),
  office,
  words: z.string(),
  askedAt: s.instant,
  outcome: rectificationOutcome.nullable(),
  answer: z.string().nullable(),
  answeredAt: s.instant.nullable(),
  /** Under which function it was answered. */
  answeredAs: z.string().nullable(),
}

export const askRectification = endpoint({
  id: 'askRectification',
  method: 'POST',
  path: '/me/rectifications',
  permission: 'me.read',
  summary: 'This is wrong: says so to whoever answers for it (Art. 16). Changes nothing by itself',
  body: z.object({ object: rectificationObject, words: z.string().trim().min(5).max(2000) }),
  response: z.object({ id: s.id, office }),
  problems: ['not-found', 'conflict'],
})

export const listOwnRectifications = endpoint({
  id: 'listOwnRectifications',
  path: '/me/rectifications',
  permission: 'me.read',
  summary: 'What I have said is wrong, and what was answered; the newest first, at most 200',
  response: z.object({
    rows: z.array(z.object({ ...shared, seen: z.boolean() })),
    /** Answers that the reader has not seen yet. */
    unseen: z.number().int(),
  }),
})

export const seeRectifications = endpoint({
  id: 'seeRectifications',
  method: 'POST',
  path: '/me/rectifications/seen',
  permission: 'me.read',
  summary: 'I have read the answers',
  body: z.object({}),
  response: z.object({ seen: z.number().int() }),
})

export const rectificationRow = z.object({
  ...shared,
  person: s.personRef,
  unit: s.unitRef.nullable(),
  /** Days since it was said. A month is what the law gives (Art. 12(3)). */
  days: z.number().int(),
  allowed: z.object({ answer: z.boolean() }),
})
export type RectificationRow = z.output<typeof rectificationRow>

export const listRectifications = endpoint({
  id: 'listRectifications',
  path: '/rectifications',
  permission: 'rectification.read',
  summary: 'What people say is wrong and the reader answers for, the oldest open first',
  query: z.object({ state: rectificationState.optional(), ...s.page.shape }),
  response: z.object({ rows: z.array(rectificationRow), total: z.number().int(), open: z.number().int() }),
})

export const answerRectification = endpoint({
  id: 'answerRectification',
  method: 'POST',
  path: '/rectifications/:rectificationId/answer',
  permission: 'rectification.answer',
  summary: 'Tell the person what came of it',
  params: z.object({ rectificationId: s.id }),
  body: z.object({ outcome: rectificationOutcome, answer: z.string().trim().min(5).max(2000) }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'not-allowed', 'conflict'],
})
