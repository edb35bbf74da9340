import { subjectsChangingOn } from '../../people/current-store.ts'
import { positionsByTitle } from '../../people/on-date-view.ts'
import { loadPosts, loadUnitInputs } from '../../people/organisation-store.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { loadRoles, loadRules } from '../../rules/rules-store.ts'
import { loadEntitlements } from '../../systems/system-store.ts'
import { type Day, differingUnits, type Ground, unitsWithOtherBelow, type Worlds } from './draft-worlds.ts'

/** All that a draft stands on but the people, read in the caller's snapshot. */
export async function loadGround(tx: Tx, { today, onDate }: { today: string; onDate: string }): Promise<Ground> {
  const dayOf = async (day: string): Promise<Day> => {
    const units = await loadUnitInputs(tx, day)
    const posts = units.flatMap(unit => (unit.postId ? [unit.postId] : []))
    return { day, units, posts: await loadPosts(tx, posts, day) }
  }
  const now = await dayOf(today)
  return {
    rules: await loadRules(tx),
    roles: await loadRoles(tx),
    entitlements: (await loadEntitlements(tx)).map(row => row.key),
    positions: await positionsByTitle(tx),
    today: now,
    onDate: onDate === today ? now : await dayOf(onDate),
  }
}

/**
 * Everybody for whom the facts of some affiliation may differ between two of the worlds. For all others what
 * `affiliation_current` says is the truth in every one of them, and only rules can make a difference.
 */
export async function touchedPeople(tx: Tx, worlds: Worlds): Promise<string[]> {
  const [today, without] = worlds.steps
  if (!today || !without) return []
  const units = new Set<string>(worlds.reach.unitIds)
  const below = new Set<string>()
  worlds.steps.slice(1).forEach((step, place) => {
    const before = worlds.steps[place] ?? today
    for (const id of differingUnits(before, step)) units.add(id)
    for (const id of unitsWithOtherBelow(before, step)) below.add(id)
  })
  const dated =
    without.day > today.day
      ? await subjectsChangingOn(tx, today.day, without.day)
      : { persons: [], affiliations: [], units: [] }
  for (const id of dated.units) units.add(id)
  // Units that the draft makes have no id in the database, and nobody in them.
  const stored = (ids: Iterable<string>) => [...ids].filter(id => !id.startsWith('new:'))
  const posts = [...units].flatMap(id => worlds.steps.flatMap(step => step.units.get(id)?.postAffiliationId ?? []))
  const rows = await tx.query<{ id: string }>(
    `select person_id as id from affiliation_current
     where unit_path && $1::uuid[] or unit_id = any($1) or pay_unit_id = any($1) or manager_of && $1::uuid[]
       or unit_id = any($2) or title_norm = any($3) or affiliation_id = any($4)
     union select person_id from affiliation where id = any($4) and person_id is not null
     union select p.person_id from unnest($5::uuid[]) i (id) join person_current p on p.person_id = i.id
     -- A right given by hand that begins or ends until then.
     union select f.person_id from right_grant g join affiliation f on f.id = g.affiliation_id
       where $6::date < $7::date and g.ended_at is null and f.person_id is not null
         and (g.valid_from > $6 and g.valid_from <= $7 or g.valid_to > $6 and g.valid_to <= $7 or g.expires_at is not null)`,
    [
      stored(units),
      stored(below),
      [...worlds.reach.titles],
      [...new Set([...worlds.reach.affiliationIds, ...dated.affiliations, ...posts])],
      dated.persons,
      today.day,
      without.day,
    ],
  )
  return rows.map(row => row.id)
}
