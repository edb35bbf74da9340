import type { AuthorityLookup } from '../platform/feed-record.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { splitAcrossPeople } from './affiliation-merge-store.ts'
import { openCpr } from './cpr.ts'
import { refreshCurrent, refreshDeputies } from './current-store.ts'
import { lockPeople, rederive } from './fact-store.ts'
import { closeMerge, insertMerge, readMerge, settleRoots } from './merge-rows-store.ts'
import type { MergeStore, MergeSubject } from './merge-service.ts'

/**
 * The store of merges, on one transaction. A merge is a row; identities, keys and facts stay where they are. What is
 * derived follows from the open rows alone, so that closing one gives back what was before it, and what a source has
 * said in the meantime about the absorbed identity goes with it.
 */
export function createMergeStore(
  tx: Tx,
  given: { authority: AuthorityLookup; keyring: Keyring; now: Date; today: string },
): MergeStore {
  return {
    lock: () => lockPeople(tx),

    subject: async id => {
      const [row] = await tx.query<Omit<MergeSubject, 'cpr'> & { sealed: string | null }>(
        `select p.id, p.realm, p.merged_into as "mergedInto", c.kind, cpr.sealed
         from person p left join person_current c on c.person_id = p.id left join person_cpr cpr on cpr.person_id = p.id
         where p.id = $1 for update of p`,
        [id],
      )
      if (!row) return null
      const { sealed, ...subject } = row
      return { ...subject, cpr: sealed === null ? null : openCpr(given.keyring, sealed, id) }
    },

    insert: merge => insertMerge(tx, 'person', merge, given.now),

    read: id => readMerge(tx, 'person', id),

    close: async (id, by, reason) => {
      await closeMerge(tx, 'person', id, by, reason, given.now)
    },

    follow: ids => followMerges(tx, ids, given),
  }
}

/**
 * Brings everything in the people room in line with the merges that are open among these people and all who are merged
 * with them: whom an identity counts as, whose an affiliation is, state, what holds today. Answers all of them.
 */
async function followMerges(
  tx: Tx,
  ids: readonly string[],
  given: { authority: AuthorityLookup; now: Date; today: string },
): Promise<string[]> {
  const { roots, all } = await settleRoots(tx, 'person', ids)
  await tx.query(
    `update affiliation a set person_id = r.root from json_to_recordset($1::json) as r(id uuid, root uuid)
     where a.identity_id = r.id and a.person_id <> r.root`,
    [JSON.stringify(roots)],
  )
  // Whoever counts as somebody else keeps the state of the own facts; whoever stands for others has that of all.
  await rederive(tx, 'person', all, given.authority, given.now)
  await splitAcrossPeople(tx, all, given)
  await refreshDeputies(tx)
  await refreshCurrent(tx, { persons: all }, given.today)
  return all
}

/** Whom an identity counts as since it was merged; null where it stands for itself or is unknown. */
export async function survivorOf(tx: Tx, personId: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string | null }>('select merged_into as id from person where id = $1', [personId])
  return row?.id ?? null
}

/** A person's identities: the person and whoever is merged into it. */
export async function identitiesOf(tx: Tx, personId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>('select id from person where id = $1 or merged_into = $1 order by id', [
    personId,
  ])
  return rows.map(row => row.id)
}
