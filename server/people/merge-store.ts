import type { AuthorityLookup } from '../platform/feed-record.ts'
import { newId } from '../platform/ids.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { splitAcrossPeople } from './affiliation-merge-store.ts'
import { openCpr } from './cpr.ts'
import { refreshCurrent, refreshDeputies } from './current-store.ts'
import { lockPeople, rederive } from './fact-store.ts'
import type { MergeStore, MergeSubject, PersonMerge } from './merge-service.ts'

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

    insert: async merge => {
      const id = newId(given.now.getTime())
      await tx.query(
        `insert into person_merge (id, survivor_id, absorbed_id, at, actor_id, reason) values ($1, $2, $3, $4, $5, $6)`,
        [id, merge.survivorId, merge.absorbedId, given.now, merge.actorId, merge.reason],
      )
      return id
    },

    read: async id => {
      const [row] = await tx.query<PersonMerge>(
        `select id, survivor_id as "survivorId", absorbed_id as "absorbedId", undone_at as "undoneAt"
         from person_merge where id = $1 for update`,
        [id],
      )
      return row ?? null
    },

    close: async (id, by, reason) => {
      await tx.query('update person_merge set undone_at = $2, undone_by = $3, undone_reason = $4 where id = $1', [
        id,
        given.now,
        by,
        reason,
      ])
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
  const rows = await tx.query<{ id: string; root: string; before: string | null }>(
    `with recursive around (id) as (
       select unnest($1::uuid[])
       union
       select x.id from around a
       join person_merge m on m.undone_at is null and a.id in (m.survivor_id, m.absorbed_id)
       cross join lateral (values (m.survivor_id), (m.absorbed_id)) as x (id)
     ), up (id, root) as (
       select id, id from around
       union
       select u.id, m.survivor_id from up u join person_merge m on m.absorbed_id = u.root and m.undone_at is null
     )
     select u.id, u.root, p.merged_into as before from up u join person p on p.id = u.id
     where not exists (select from person_merge m where m.absorbed_id = u.root and m.undone_at is null)`,
    [ids],
  )
  const json = JSON.stringify(rows)
  const list = 'json_to_recordset($1::json) as r(id uuid, root uuid)'
  await tx.query(`update person p set merged_into = nullif(r.root, r.id) from ${list} where p.id = r.id`, [json])
  await tx.query(
    `update affiliation a set person_id = r.root from ${list} where a.identity_id = r.id and a.person_id <> r.root`,
    [json],
  )
  const all = [...new Set(rows.flatMap(row => [row.id, row.root, ...(row.before ? [row.before] : [])]))]
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
