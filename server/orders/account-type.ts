import type { z } from 'zod'
import type { accountTypeRule } from '#contract/account-types.ts'

/** Kinds of accounts: who gets one, and which must be there first. Pure. */

/** `unitId` null is everywhere where no unit says anything; `positions` are keys, with `position`. */
export type AccountTypeRule = z.output<typeof accountTypeRule>

export type Candidate = { kind: string; unitPath: readonly string[]; positionKey: string | null; hourly: boolean }

/** The deepest unit that says something decides. `unitPath`: ids from the top to the own unit. Nothing said is nobody. */
export function getsAccount(rules: readonly AccountTypeRule[], job: Candidate): boolean {
  let best: AccountTypeRule | null = null
  let depth = -2
  for (const rule of rules) {
    const at = rule.unitId === null ? -1 : job.unitPath.indexOf(rule.unitId)
    if (at > depth && (rule.unitId === null || at >= 0)) {
      best = rule
      depth = at
    }
  }
  if (!best) return false
  switch (best.who) {
    case 'nobody':
      return false
    case 'everyone':
      return true
    case 'not-hourly':
      return !job.hourly
    case 'position':
      return job.positionKey !== null && best.positions.includes(job.positionKey)
  }
}

/** Ids of a circle that `id` would close by depending on `on`; null where it closes none. */
export function circleOf(
  id: string,
  on: string | null,
  dependsOn: ReadonlyMap<string, string | null>,
): string[] | null {
  const way = [id]
  for (let next = on; next !== null; next = dependsOn.get(next) ?? null) {
    if (next === id) return way
    if (way.includes(next)) return null
    way.push(next)
  }
  return null
}
