import { audit } from '../audit/audit-store.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { auditActor } from '../policy/policy.ts'

type Asked = { actor: Actor; requestId: string }
type Logged = { action: string; query: Record<string, string | number | boolean | null | undefined>; count: number }

/**
 * Reads a list of people in one snapshot and puts one entry with its query on record before the answer leaves: no
 * answer without its trace. A list without people in it leaves none (`logged` answers null).
 */
export async function lookAtList<T>(
  db: Db,
  { actor, requestId }: Asked,
  read: (tx: Tx) => Promise<T>,
  logged: (answer: T) => Logged | null,
): Promise<T> {
  const answer = await db.snapshot(read)
  const entry = logged(answer)
  if (entry && entry.count > 0) {
    const query = Object.fromEntries(
      Object.entries(entry.query).map(([name, value]) => [name, value === undefined ? null : value]),
    )
    await db.transaction(tx =>
      audit(tx).lookupList({ actor: auditActor(actor), action: entry.action, query, count: entry.count, requestId }),
    )
  }
  return answer
}
