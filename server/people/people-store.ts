import { audit } from '../audit/audit-store.ts'
import type { AuthorityLookup } from '../platform/feed-record.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { readCpr } from './cpr-store.ts'
import { refreshCurrent, refreshDeputies } from './current-store.ts'
import type { StateKind } from './fact.ts'
import { applyFacts, loadFacts, lockPeople } from './fact-store.ts'
import type { PeopleStore } from './people-service.ts'

const identityTables: Record<StateKind, string> = { person: 'person', affiliation: 'affiliation', unit: 'org_unit' }

/** The store of the people service, on one transaction. */
export function createPeopleStore(tx: Tx, given: { authority: AuthorityLookup; keyring: Keyring }): PeopleStore {
  return {
    lock: () => lockPeople(tx),
    subjectExists: async (kind, id) =>
      (await tx.query(`select 1 from ${identityTables[kind]} where id = $1`, [id])).length > 0,
    facts: async (kind, id) => (await loadFacts(tx, kind, [id])).get(id) ?? [],
    apply: (kind, facts, meta) => applyFacts(tx, kind, facts, given.authority, meta),
    refresh: async (kind, id, today) => {
      await refreshDeputies(tx)
      return refreshCurrent(tx, { [`${kind}s`]: [id] }, today)
    },
    readCpr: personId => readCpr(tx, given.keyring, personId),
    audit: entry => audit(tx).write(entry),
    auditReveal: (personId, reason, actor) =>
      audit(tx).lookup({ actor, personId, action: 'person.cpr-revealed', reason }),
  }
}
