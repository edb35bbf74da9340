import type { Tx } from './unit-of-work.ts'

/**
 * Whom a transaction is done for: user ids, noted at the edge, and by a command that carries out what somebody else has
 * asked for. For what must be seen to by another person. A job is done for nobody.
 */
const askers = new WeakMap<Tx, Set<string>>()

export function noteAsker(tx: Tx, userId: string): void {
  const known = askers.get(tx)
  if (known) known.add(userId)
  else askers.set(tx, new Set([userId]))
}

export const askersOf = (tx: Tx): string[] => [...(askers.get(tx) ?? [])]
