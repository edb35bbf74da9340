import type { Actor } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'

/** A report as the policy asks about it; null for a hold on a person. */
export type CaseFacts = {
  personId: string | null
  secret: boolean
  placed: boolean
  authorId: string | null
  knows: string[]
  unitPath: string[]
  toUnitPath: string[]
}

/** A hold on a report tells of the report: whoever may not know of that one is told nothing of it here either. */
export const mayKnow = (actor: Actor, report: CaseFacts | null): boolean =>
  report === null ||
  allows(actor, 'read', 'Case', {
    about: report.personId !== null && report.personId === actor.personId ? 'self' : 'other',
    ...{ secret: report.secret, placed: report.placed, authorId: report.authorId, knows: report.knows },
    ...{ unitPath: report.unitPath, toUnitPath: report.toUnitPath },
  })
