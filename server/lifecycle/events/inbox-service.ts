import type { EventState } from '#contract/hr-events.ts'
import type { AuditActor, AuditWrite } from '../../audit/audit-entry.ts'
import { problem } from '../../platform/problem.ts'

export type InboxRows = {
  /** Locked. Only events that the actor may settle. */
  find(ids: readonly string[]): Promise<{ id: string; state: EventState; personId: string | null }[]>
  move(
    ids: readonly string[],
    to: { state: EventState; by: string; reason: string | null; now: Date },
  ): Promise<unknown>
}
type Parts = {
  rows: InboxRows
  audit(entry: AuditWrite): Promise<unknown>
  actor: AuditActor
  now: Date
  requestId: string
}

const SETTLES: Record<
  'retry' | 'set-aside' | 'approve',
  { from: readonly EventState[]; to: EventState; action: string }
> = {
  retry: { from: ['failed', 'waiting'], to: 'received', action: 'hr-event.retried' },
  'set-aside': { from: ['failed', 'waiting', 'held', 'unknown-type'], to: 'set-aside', action: 'hr-event.set-aside' },
  approve: { from: ['held'], to: 'approved', action: 'hr-event.approved' },
}

/**
 * What a person decides about events that have not been carried out. Throws `not-found`, `conflict` where one is not in
 * a state in which that can be said of it, `reason-needed`.
 */
export async function settleEvents(
  how: keyof typeof SETTLES,
  ids: readonly string[],
  given: string | null,
  { rows, audit, actor, now, requestId }: Parts,
): Promise<EventState> {
  const reason = given?.trim() ?? null
  if (how !== 'retry' && (reason === null || reason.length < 5)) throw problem('reason-needed')
  const { from, to, action } = SETTLES[how]
  const found = await rows.find(ids)
  if (found.length < new Set(ids).size) throw problem('not-found')
  if (found.some(event => !from.includes(event.state)))
    throw problem('conflict', { detail: 'Something has become of the event in the meantime. Load the page again.' })
  await rows.move(ids, { state: to, by: actor.userId ?? actor.function, reason, now })
  const [only] = found
  await audit({
    actor,
    action,
    subjectKind: 'hr-event',
    subjectId: found.length === 1 ? (only?.id ?? null) : null,
    personId: found.length === 1 ? (only?.personId ?? null) : null,
    detail: { events: found.length, ...(reason ? { reason } : {}) },
    requestId,
  })
  return to
}
