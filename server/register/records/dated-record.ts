/**
 * What a municipality has to be able to show of a system or an activity beside the record itself (gdpr.md 9.3: F15, F17-F19,
 * F24). Minimal on purpose: a day, when it is due again, and where the document is.
 */
export const RECORD_KINDS = ['processor-agreement', 'dpia', 'transfer-ground', 'log-sample', 'consent-control'] as const
export type RecordKind = (typeof RECORD_KINDS)[number]

/** Of what a kind can be said. A sample is taken of a system's log, an assessment is of an activity, consent too. */
export const RECORD_ABOUT: Readonly<Record<RecordKind, readonly ('system' | 'activity')[]>> = {
  'processor-agreement': ['system', 'activity'],
  dpia: ['system', 'activity'],
  'transfer-ground': ['system', 'activity'],
  'log-sample': ['system'],
  'consent-control': ['activity'],
}

/** Civil days, closed-open: a record that ends on a day does not count on it. */
export type Dated = { onDay: string; nextDue: string | null; endedOn: string | null }

/** How it stands on a day. `due` within the notice: soon to be renewed. */
export type RecordStanding = 'coming' | 'counts' | 'due' | 'overdue' | 'ended'
export const DUE_NOTICE_DAYS = 60

export function standingOf({ onDay, nextDue, endedOn }: Dated, today: string, noticeDay: string): RecordStanding {
  if (endedOn !== null && endedOn <= today) return 'ended'
  if (onDay > today) return 'coming'
  if (nextDue === null) return 'counts'
  if (nextDue < today) return 'overdue'
  return nextDue <= noticeDay ? 'due' : 'counts'
}
