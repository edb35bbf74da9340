import { z } from 'zod'

/** What there is to tell, how a mail fares, how often there is one. */
export const MAIL_KINDS = [
  'task-assigned',
  'task-due',
  'task-escalated',
  'approval-asked',
  'approval-reminded',
  'case-plan',
  'affiliation-expires',
  'payroll-unconfirmed',
  'lock-set',
  'grace-begins',
  'grace-ends',
  'hold-ends',
  'death',
  'rectification-asked',
  'rectification-due',
  'rectification-answered',
  'binding-review',
  'attestation-due',
  'contract-day',
  'sheet-attestation',
] as const
export const mailKind = z.enum(MAIL_KINDS)
export type MailKind = (typeof MAIL_KINDS)[number]

export const MAIL_STATES = ['waiting', 'sending', 'sent', 'shown', 'failed'] as const
export const mailState = z.enum(MAIL_STATES)
export const mailRhythm = z.enum(['now', 'hour', 'day'])
export const mailLanguage = z.enum(['da', 'en'])
export type MailLanguage = z.output<typeof mailLanguage>
