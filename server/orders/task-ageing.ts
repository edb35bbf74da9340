/**
 * How a task stands by its date. Pure, said anew each day from the due date alone: whoever sends reminders compares it
 * with what was sent last, and the screen shows it as it is. Dates are civil days.
 */

/** `later`: not to be done yet. `soon`: within days. `due`: today. `late`: the owner's still. `deputy`, `it`: theirs as well. */
export const AGEINGS = ['later', 'soon', 'due', 'late', 'deputy', 'it'] as const
export type Ageing = (typeof AGEINGS)[number]

/** Days before its day from which the owner is reminded. */
export const REMIND_DAYS = 3
/** Days over its day after which the deputy, and who is responsible, is asked too; then IT. What is urgent goes at once. */
export const DEPUTY_DAYS = 3
export const IT_DAYS = 7

export function ageingOf(task: { dueOn: string; urgent: boolean }, today: string): Ageing {
  const days = daysBetween(task.dueOn, today)
  if (days < -REMIND_DAYS) return 'later'
  if (days < 0) return 'soon'
  // A lock that nobody has carried out cannot wait for a week.
  if (task.urgent) return days === 0 ? 'deputy' : 'it'
  if (days === 0) return 'due'
  if (days < DEPUTY_DAYS) return 'late'
  return days < IT_DAYS ? 'deputy' : 'it'
}

/** The same as SQL over `task k`: has it gone on to others than the system's owner? `today`: SQL of the civil date. */
export const escalatedSql = (today: string): string =>
  `(k.state = 'open' and (k.due_on <= ${today} - ${DEPUTY_DAYS} or k.due_on <= ${today}
    and exists (select from provisioning_order u where u.task_id = k.id and u.urgent)))`

/** Days from one civil date to another; negative where the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T12:00:00Z`) - Date.parse(`${from}T12:00:00Z`)) / 86_400_000)
}
