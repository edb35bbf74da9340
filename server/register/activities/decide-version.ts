import { type ProblemDetail, problem } from '../../platform/problem.ts'

/** Who acts, as far as the four eyes go: one human being with two users is one. */
export type Hand = { userId: string; personId: string | null }

/** Whoever has proposed a change does not put it in force, nor reject it. */
export const hasProposed = (by: Hand, proposedBy: { userId: string; personId: string | null } | null): boolean =>
  proposedBy !== null &&
  (by.userId === proposedBy.userId || (by.personId !== null && by.personId === proposedBy.personId))

/** Throws unless the version is in one of these states and nobody has written it since it was read. */
export function requireState(
  version: { state: string; lock: number },
  states: readonly string[],
  lock: number | undefined,
): void {
  const detail = (text: string): ProblemDetail => ({ detail: text })
  if (!states.includes(version.state))
    throw problem('conflict', detail('This version is no longer open: load the record again.'))
  if (lock !== undefined && lock !== version.lock)
    throw problem('conflict', detail('Somebody has written this version in the meantime: load it again.'))
}

/** From an earlier day than today only as a correction, and a correction says why. */
export function requireReason(effectiveOn: string, today: string, reason: string | null): void {
  if (effectiveOn < today && (reason === null || reason.length < 5))
    throw problem('reason-needed', { detail: 'A day that has passed is a correction: say why.' })
}
