import type { NormalAttrs } from '../platform/feed-record.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { type AffiliationNow, endedByDeath } from './affiliation.ts'
import { segmentAt } from './derive-timeline.ts'

type StateRow = {
  id: string
  personId: string
  source: string
  from: string | null
  to: string | null
  attrs: NormalAttrs
  diedOn: string | null
}

/**
 * All affiliations of these people as they are on a day, ahead or behind, as it is known now: what facts of rules are
 * made of. People who are not shown today (merged into somebody, or without a name yet) have none.
 */
export async function affiliationsOn(
  tx: Tx,
  personIds: readonly string[],
  day: string,
): Promise<Map<string, (AffiliationNow & { source: string })[]>> {
  const found = new Map<string, (AffiliationNow & { source: string })[]>()
  if (personIds.length === 0) return found
  const rows = await tx.query<StateRow>(
    `select a.id, a.person_id as "personId", a.source, lower(s.valid) as from, upper(s.valid) as to, s.attrs,
       (select p.died_on from person_current p where p.person_id = a.person_id) as "diedOn"
     from affiliation a join affiliation_state s on s.affiliation_id = a.id
     where a.person_id = any($1) and upper_inf(s.recorded)
       and exists (select from person_current p where p.person_id = a.person_id)`,
    [personIds],
  )
  for (const states of Map.groupBy(rows, row => row.id).values()) {
    const now = segmentAt(states, day)
    if (!now) continue
    const { id, personId, source, attrs, diedOn } = now.segment
    const list = found.get(personId) ?? []
    list.push(endedByDeath({ id, personId, source, attrs, status: now.status }, diedOn ?? undefined, day))
    found.set(personId, list)
  }
  return found
}

/** Position of each title that is known, by the title normalised. */
export async function positionsByTitle(tx: Tx): Promise<Map<string, { key: string; category: string }>> {
  const rows = await tx.query<{ title: string; key: string; category: string }>(
    `select t.title_norm as title, p.key, p.category from position_title t join position p on p.key = t.position_key`,
  )
  return new Map(rows.map(({ title, key, category }) => [title, { key, category }]))
}
