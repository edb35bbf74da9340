import type { AuthorityLookup } from '../platform/feed-record.ts'
import { newId } from '../platform/ids.ts'
import { problem } from '../platform/problem.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { refreshCurrent, refreshDeputies } from './current-store.ts'
import { lockPeople, rederive } from './fact-store.ts'

type When = { authority: AuthorityLookup; now: Date; today: string }

/**
 * Two records are one employment: a report and the payroll row that came later. As with persons a merge is a row; keys
 * and facts stay where they are, the facts of both count by authority, and closing the row gives back what was before,
 * with what each source has said in the meantime. Answers the affiliations whose facts (what rules see) changed.
 * Throws `not-found`, `merge-refused` (with why).
 */
export async function mergeAffiliations(
  tx: Tx,
  input: { survivorId: string; absorbedId: string; actorId: string; reason: string },
  when: When,
): Promise<{ mergeId: string; affiliations: string[] }> {
  await lockPeople(tx)
  const rows = await tx.query<{ id: string; personId: string | null; mergedInto: string | null }>(
    `select id, person_id as "personId", merged_into as "mergedInto" from affiliation where id = any($1) order by id for update`,
    [[input.survivorId, input.absorbedId]],
  )
  const survivor = rows.find(row => row.id === input.survivorId)
  const absorbed = rows.find(row => row.id === input.absorbedId)
  if (!survivor || !absorbed) throw problem('not-found')
  const why = whyNot(survivor, absorbed)
  if (why) throw problem('merge-refused', { detail: why })
  const mergeId = newId(when.now.getTime())
  await tx.query(
    `insert into affiliation_merge (id, survivor_id, absorbed_id, at, actor_id, reason) values ($1, $2, $3, $4, $5, $6)`,
    [mergeId, survivor.id, absorbed.id, when.now, input.actorId, input.reason],
  )
  return { mergeId, affiliations: await followAffiliations(tx, [survivor.id, absorbed.id], when) }
}

type Side = { id: string; personId: string | null; mergedInto: string | null }
function whyNot(survivor: Side, absorbed: Side): string | null {
  if (survivor.id === absorbed.id) return 'This is one and the same employment.'
  if (survivor.mergedInto || absorbed.mergedInto) return 'One of the two counts as another employment already.'
  if (survivor.personId === null || survivor.personId !== absorbed.personId)
    return 'The two are employments of two people. Merge the people first, if they are one.'
  return null
}

/** Two employments again. Throws `not-found`, `conflict` where it has been undone already. */
export async function unmergeAffiliations(
  tx: Tx,
  input: { mergeId: string; actorId: string; reason: string },
  when: When,
): Promise<{ survivorId: string; absorbedId: string; affiliations: string[] }> {
  await lockPeople(tx)
  const [merge] = await tx.query<{ survivorId: string; absorbedId: string; undoneAt: Date | null }>(
    `select survivor_id as "survivorId", absorbed_id as "absorbedId", undone_at as "undoneAt"
     from affiliation_merge where id = $1 for update`,
    [input.mergeId],
  )
  if (!merge) throw problem('not-found')
  if (merge.undoneAt) throw problem('conflict', { detail: 'These two have been taken apart already.' })
  await tx.query('update affiliation_merge set undone_at = $2, undone_by = $3, undone_reason = $4 where id = $1', [
    input.mergeId,
    when.now,
    input.actorId,
    input.reason,
  ])
  const { survivorId, absorbedId } = merge
  return { survivorId, absorbedId, affiliations: await followAffiliations(tx, [survivorId, absorbedId], when) }
}

/** Two people were taken apart: an employment of the one is no longer an employment of the other. */
export async function splitAcrossPeople(tx: Tx, personIds: readonly string[], when: When): Promise<void> {
  const closed = await tx.query<{ survivor: string; absorbed: string }>(
    `update affiliation_merge m set undone_at = $2, undone_by = 'people taken apart', undone_reason = 'people taken apart'
     from affiliation s, affiliation a where s.id = m.survivor_id and a.id = m.absorbed_id and m.undone_at is null
       and s.person_id is distinct from a.person_id and (s.person_id = any($1) or a.person_id = any($1))
     returning m.survivor_id as survivor, m.absorbed_id as absorbed`,
    [personIds, when.now],
  )
  if (closed.length === 0) return
  await followAffiliations(tx, [...new Set(closed.flatMap(row => [row.survivor, row.absorbed]))], when)
}

/** Brings what is derived in line with the merges that are open among these affiliations. */
async function followAffiliations(tx: Tx, ids: readonly string[], when: When): Promise<string[]> {
  const rows = await tx.query<{ id: string; root: string; before: string | null }>(
    `with recursive around (id) as (
       select unnest($1::uuid[])
       union
       select x.id from around a
       join affiliation_merge m on m.undone_at is null and a.id in (m.survivor_id, m.absorbed_id)
       cross join lateral (values (m.survivor_id), (m.absorbed_id)) as x (id)
     ), up (id, root) as (
       select id, id from around
       union
       select u.id, m.survivor_id from up u join affiliation_merge m on m.absorbed_id = u.root and m.undone_at is null
     )
     select u.id, u.root, p.merged_into as before from up u join affiliation p on p.id = u.id
     where not exists (select from affiliation_merge m where m.absorbed_id = u.root and m.undone_at is null)`,
    [ids],
  )
  await tx.query(
    `update affiliation p set merged_into = nullif(r.root, r.id)
     from json_to_recordset($1::json) as r(id uuid, root uuid) where p.id = r.id`,
    [JSON.stringify(rows)],
  )
  const all = [...new Set(rows.flatMap(row => [row.id, row.root, ...(row.before ? [row.before] : [])]))]
  await rederive(tx, 'affiliation', all, when.authority, when.now)
  await refreshDeputies(tx)
  return refreshCurrent(tx, { affiliations: all }, when.today)
}
