import type { MailKind } from '#contract/mail-lists.ts'
import type { CatalogueMailFacts } from './mail-words-catalogue.ts'
import type { RegisterMailFacts } from './mail-words-register.ts'

/**
 * What a mail of each kind is made of. A name comes beside it: null where it is protected, and empty where the person has
 * died and the mail is about something else.
 */
export type MailFacts = RegisterMailFacts &
  CatalogueMailFacts & {
    'task-assigned': { system: string; direction: 'give' | 'take'; on: string; urgent: boolean; reopened: boolean }
    'task-due': { system: string; direction: 'give' | 'take'; on: string; stage: 'before' | 'on' | 'after' }
    'task-escalated': { system: string; direction: 'give' | 'take'; on: string }
    'approval-asked': { system: string; right: string; from: string }
    'approval-reminded': { system: string; right: string; from: string }
    'case-plan': {
      case: 'hire' | 'move' | 'absence' | 'end'
      door: string
      on: string
      unit: string | null
      title: string | null
      orders: number
      approvals: number
    }
    'affiliation-expires': { unit: string | null; title: string | null; last: string; days: number }
    'payroll-unconfirmed': { unit: string | null; from: string | null }
    'lock-set': { on: string }
    'grace-begins': { unit: string | null; fromUnit: string | null; rights: number; last: string }
    'grace-ends': { unit: string | null; fromUnit: string | null; rights: number; last: string }
    'hold-ends': { of: 'person' | 'case'; placed: string; until: string }
    death: { unit: string | null; title: string | null; on: string }
  }
export type AnyFacts = MailFacts[MailKind]
export type Told = {
  [K in MailKind]: { kind: K; facts: MailFacts[K]; name: string | null; subjectId: string }
}[MailKind]
