import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { mailKind, mailLanguage, mailRhythm, mailState } from './mail-lists.ts'
import * as s from './shapes.ts'

/**
 * What people are told by mail, or on the screen where there is no mail server:
 * GET  /me/mails                 listOwnMails
 * PUT  /me/mails/language        setMailLanguage
 * GET  /mails                    listMails       for IT
 * POST /mails/:mailId/send-again sendMailAgain
 */
const mailRow = z.object({
  id: s.id,
  to: s.personRef,
  language: mailLanguage,
  rhythm: mailRhythm,
  state: mailState,
  /** As it was written for its reader: the same text as in the mail. */
  subject: z.string(),
  text: z.string(),
  kinds: z.array(mailKind),
  attempts: z.number().int(),
  error: z.string().nullable(),
  madeAt: s.instant,
  sentAt: s.instant.nullable(),
  nextTryAt: s.instant.nullable(),
})
export type MailRow = z.output<typeof mailRow>

/** How mails reach somebody. */
const by = z.enum(['mail', 'no-server', 'no-address'])

export const listOwnMails = endpoint({
  id: 'listOwnMails',
  path: '/me/mails',
  permission: 'signed-in',
  summary: 'What the reader was told, the latest first',
  query: z.object({ ...s.page.shape }),
  response: z.object({ by, language: mailLanguage, rows: z.array(mailRow), total: z.number().int() }),
})
export const setMailLanguage = endpoint({
  id: 'setMailLanguage',
  method: 'PUT',
  path: '/me/mails/language',
  permission: 'signed-in',
  summary: 'In which language the reader gets mails',
  body: z.object({ language: mailLanguage }),
  response: z.object({ language: mailLanguage }),
  problems: ['not-found'],
})
export const listMails = endpoint({
  id: 'listMails',
  path: '/mails',
  permission: 'mail.read',
  summary: 'Mails to everybody with their state, the latest first',
  query: z.object({ state: mailState.optional(), ...s.page.shape }),
  response: z.object({
    server: z.boolean(),
    rows: z.array(mailRow.extend({ allowed: z.object({ sendAgain: z.boolean() }) })),
    total: z.number().int(),
    counts: z.record(mailState, z.number().int()),
  }),
})
export const sendMailAgain = endpoint({
  id: 'sendMailAgain',
  method: 'POST',
  path: '/mails/:mailId/send-again',
  permission: 'mail.send',
  summary: 'Try a mail again that was given up, cut off, or only shown',
  params: z.object({ mailId: s.id }),
  response: z.object({}),
  problems: ['not-found', 'conflict'],
})
