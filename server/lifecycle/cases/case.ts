import type { Missing } from '#contract/lifecycle.ts'
import type { CaseForm, ExtraRight, ReportedKind } from '#contract/lifecycle-forms.ts'
import type { AffiliationKind } from '#contract/shapes.ts'

export type CaseKind = 'hire' | 'move' | 'absence' | 'end'
export type CaseDoor = 'plain' | 'rehire' | 'withdraw' | 'postpone' | 'extend' | 'vikar' | 'emergency'
export type CaseState = 'draft' | 'prepared' | 'sent' | 'done' | 'withdrawn'

export type StoredCase = {
  id: string
  kind: CaseKind
  door: CaseDoor
  state: CaseState
  personId: string | null
  affiliationId: string | null
  unitId: string | null
  effectiveOn: string | null
  form: CaseForm
  cprSealed: string | null
  confidential: boolean
  named: string[]
  releasedAt: Date | null
  origin: 'screen' | 'api' | 'payroll'
  author: string | null
  authorPersonId: string | null
  createdAt: Date
  updatedAt: Date
  preparedAt: Date | null
  sentAt: Date | null
  sentBy: string | null
  sentVersion: number | null
  statedAt: Date | null
  deadline: string | null
  version: number
}

/** Who does something with a report: the user, and the person that the user is. */
export type Doer = { userId: string; personId: string | null }

/** What of a report stands in columns, since lists and the policy ask for it. */
export type Placed = {
  personId: string | null
  affiliationId: string | null
  unitId: string | null
  effectiveOn: string | null
  /** Where somebody moves to: whoever leads there may read the report too. */
  toUnitId?: string | null
}

/** Nobody but HR, the author and the named users may know that it exists. */
export const isSecret = (one: Pick<StoredCase, 'confidential' | 'releasedAt'>): boolean =>
  one.confidential && one.releasedAt === null

export const isOpen = (one: Pick<StoredCase, 'state'>): boolean => one.state === 'draft' || one.state === 'prepared'

/** A secondment is paid by somebody else, so it is an external here. */
export const affiliationKindOf = (kind: ReportedKind): AffiliationKind => (kind === 'secondment' ? 'external' : kind)

/** A week of full time in the agreements of municipalities. */
export const FULL_TIME = 37
export const fractionOf = (hours: number | null): number | null =>
  hours === null ? null : Math.min(1.5, Math.round((hours / FULL_TIME) * 10_000) / 10_000)

/** Payroll never hears of the others. */
export const isPaid = (kind: ReportedKind): boolean => ['employment', 'temp', 'trainee', 'elected'].includes(kind)

/** Whom the municipality does not pay, somebody answers for, and not for longer than this (domain.md: at most 12 months). */
export const needsSponsor = (kind: ReportedKind): boolean =>
  kind === 'external' || kind === 'secondment' || kind === 'volunteer'
export const needsEnd = (kind: ReportedKind): boolean => needsSponsor(kind) || kind === 'temp'
export const LONGEST_MONTHS = 12
/** A report may be late, but one a year late is a slip of the year. */
export const EARLIEST_MONTHS = 12

export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10)
}
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** A right of the catalogue, as far as a report is concerned. */
export type RightFacts = {
  id: string
  key: string
  name: string
  sensitivity: 'none' | 'personal' | 'confidential' | 'special' | 'criminal'
  privileged: boolean
  /** Who its owner says has to agree to it; null: nobody beside what its sensitivity asks for. */
  approval: 'unit' | 'system' | 'right' | null
  /** Retired, or gone from the catalogue. */
  gone: boolean
}

export type Because = 'special' | 'criminal' | 'confidential' | 'privileged' | 'asked-for'
/**
 * Why a right that somebody asks for waits for another's yes; null: it does not. Rights that a rule gives have had theirs:
 * the rule's.
 */
export function approvalNeeded(
  right: Pick<RightFacts, 'sensitivity' | 'privileged'> & Partial<Pick<RightFacts, 'approval'>>,
): Because | null {
  if (right.privileged) return 'privileged'
  const { sensitivity } = right
  return sensitivity === 'special' || sensitivity === 'criminal' || sensitivity === 'confidential'
    ? sensitivity
    : right.approval
      ? 'asked-for'
      : null
}

export const missingAt = (where: string, what: Missing['what'] = 'needed'): Missing => ({ where, what })
export const extrasOf = (form: CaseForm): readonly ExtraRight[] => ('rights' in form ? form.rights : [])
/** Whom a form names before there is a person; a form about an affiliation that is there names nobody. */
export const namedIn = (form: CaseForm) =>
  form.kind === 'hire'
    ? form.person
    : { personId: null, givenName: '', familyName: '', birthDate: null, protected: false }
/** People that a form names beside the one it is about. */
export function peopleIn(form: CaseForm): string[] {
  if (form.kind !== 'end') return []
  const { mailbox } = form
  return [
    ...[mailbox.receiver, form.driveTo, form.casesTo, form.equipmentTo].flatMap(id => id ?? []),
    ...mailbox.readers,
    ...[...form.returns, ...form.handovers].map(one => one.toPersonId),
  ]
}
