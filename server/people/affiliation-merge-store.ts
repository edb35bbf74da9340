import type { AuthorityLookup } from '../platform/feed-record.ts'
import { problem } from '../platform/problem.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { refreshCurrent, refreshDeputies } from './current-store.ts'
import { lockPeople, rederive } from './fact-store.ts'
import { closeMerge, insertMerge, readMerge, settleRoots } from './merge-rows-store.ts'

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
  const mergeId = await insertMerge(tx, 'affiliation', input, when.now)
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
  const merge = await readMerge(tx, 'affiliation', input.mergeId)
  if (!merge) throw problem('not-found')
  if (merge.undoneAt) throw problem('conflict', { detail: 'These two have been taken apart already.' })
  await closeMerge(tx, 'affiliation', input.mergeId, input.actorId, input.reason, when.now)
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
  const { all } = await settleRoots(tx, 'affiliation', ids)
  await rederive(tx, 'affiliation', all, when.authority, when.now)
  await refreshDeputies(tx)
  return refreshCurrent(tx, { affiliations: all }, when.today)
}
