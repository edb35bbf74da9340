import type { Agreed } from './draft-store.ts'

export type Wanted = {
  affiliationId: string
  entitlement: string
  effect: string
  limitAfter: unknown
}

const keyOf = (one: { affiliationId: string; entitlement: string }) => `${one.affiliationId} ${one.entitlement}`
const outcome = (one: Wanted | Agreed) => `${one.effect === 'loss' ? 'none' : JSON.stringify(one.limitAfter)}`

/**
 * Does the draft still do what was approved? Nothing may change that nobody has agreed to (`unexpected`), and what was
 * agreed to and is not about to change must be so already, as where payroll has been quicker (`vanished`: it is not). Of
 * somebody who has left nothing is expected any more.
 */
export function heldAgainst(
  agreed: readonly Agreed[],
  now: readonly Wanted[],
  held: ReadonlyMap<string, { active: boolean; limits: unknown }>,
): { unexpected: number; vanished: number } {
  const approved = new Map(agreed.map(one => [keyOf(one), outcome(one)]))
  const coming = new Set(now.map(keyOf))
  const unexpected = now.filter(one => approved.get(keyOf(one)) !== outcome(one)).length
  const vanished = agreed.filter(one => {
    if (coming.has(keyOf(one))) return false
    const standing = held.get(keyOf(one))
    if (!standing?.active) return false
    const is = standing.limits === null ? 'none' : JSON.stringify(standing.limits)
    return is !== outcome(one)
  }).length
  return { unexpected, vanished }
}
