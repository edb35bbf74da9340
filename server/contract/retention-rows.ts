/**
 * What is kept of people, from which event on, and for how long (the table that ships; a municipality changes periods with a
 * reason). `outside`: Hjemmel does not keep it, or cannot delete it; the row says what is agreed.
 */
export type RetentionRow = {
  key: string
  /** The event from which the period is counted; the client has a text for each. */
  from: 'left' | 'answered' | 'released' | 'decided' | 'closed' | 'event' | 'made' | 'gone' | 'run' | 'sent' | 'outside'
  amount: number
  unit: 'days' | 'months'
  mode: 'automatic' | 'by-hand'
  /** From so many in one run on a second person has to agree. */
  most: number
  /** What ids of this row are: whom a hold protects follows from it. */
  subject: 'person' | 'account' | 'case' | 'entry' | 'other' | 'outside'
}

const row = <Key extends string>(
  key: Key,
  from: RetentionRow['from'],
  amount: number,
  unit: RetentionRow['unit'],
  subject: RetentionRow['subject'],
  more: Partial<Pick<RetentionRow, 'mode' | 'most'>> = {},
) => ({ key, from, amount, unit, subject, mode: 'automatic' as const, most: 200, ...more })

export const RETENTION_ROWS = [
  // A leaver becomes a stub: who, where and when; how to reach them is nobody's business any more.
  row('contact', 'left', 30, 'days', 'person'),
  // Summer relief comes back after ten months: with six the number would be gone by then.
  row('cpr', 'left', 15, 'months', 'person'),
  row('name', 'left', 60, 'months', 'person'),
  row('account', 'gone', 24, 'months', 'account'),
  row('approvals', 'decided', 60, 'months', 'other', { most: 1_000 }),
  row('findings', 'closed', 60, 'months', 'other', { most: 2_000 }),
  row('lookups', 'event', 6, 'months', 'entry', { most: 50_000 }),
  // Half-yearly samples of those who see most have to find two half years.
  row('lookups-wide', 'event', 13, 'months', 'entry', { most: 50_000 }),
  row('changes', 'event', 60, 'months', 'entry', { most: 50_000 }),
  row('drafts', 'made', 6, 'months', 'case'),
  row('cases', 'closed', 60, 'months', 'case'),
  // So long somebody may come back to what was answered, as with a request for access.
  row('rectifications', 'answered', 60, 'months', 'other'),
  row('hr-events', 'event', 24, 'months', 'other', { most: 2_000 }),
  row('orders', 'closed', 24, 'months', 'other', { most: 5_000 }),
  row('evidence', 'closed', 60, 'months', 'other', { most: 1_000 }),
  row('mails', 'sent', 6, 'months', 'other', { most: 5_000 }),
  row('exports', 'made', 90, 'days', 'other', { most: 1_000 }),
  row('runs', 'run', 13, 'months', 'other', { most: 50_000 }),
  row('backups', 'outside', 90, 'days', 'outside', { mode: 'by-hand' }),
  row('breaches', 'outside', 60, 'months', 'outside', { mode: 'by-hand' }),
  row('subject-requests', 'outside', 60, 'months', 'outside', { mode: 'by-hand' }),
  row('misuse', 'outside', 60, 'months', 'outside', { mode: 'by-hand' }),
  row('awareness', 'outside', 24, 'months', 'outside', { mode: 'by-hand' }),
] as const satisfies readonly RetentionRow[]

export type RetentionKey = (typeof RETENTION_ROWS)[number]['key']
export const RETENTION_KEYS = RETENTION_ROWS.map(one => one.key) as [RetentionKey, ...RetentionKey[]]
/** Rows with something in Hjemmel to delete. */
export const DELETED_KEYS = RETENTION_ROWS.filter(one => one.subject !== 'outside').map(one => one.key)
export const retentionRow = (key: RetentionKey): RetentionRow => {
  const found = RETENTION_ROWS.find(one => one.key === key)
  if (!found) throw new Error(`There is no row ${key}`)
  return found
}
