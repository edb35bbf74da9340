import type { NormalAttrs } from '../platform/feed-record.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { endedByDeath } from './affiliation.ts'
import { type Origin, segmentAt } from './derive-timeline.ts'
import { lockPeople } from './fact-store.ts'
import type { ResolvedUnit } from './organisation.ts'
import { loadUnitsAround, refreshUnits, upsertCurrent } from './organisation-store.ts'
import { type AffiliationInput, type PersonNow, placePerson } from './place-person.ts'
import { normaliseTitle } from './position.ts'
import { searchText } from './search-text.ts'

export type Touched = { persons?: readonly string[]; affiliations?: readonly string[]; units?: readonly string[] }

const BATCH = 2000

/**
 * Bring what holds today in line with the state, for what was touched and for everybody it reaches: colleagues below
 * a moved unit, people whose manager changed, all affiliations of a person when one changes. Answers the affiliations
 * whose facts (what rules can see) changed or that are no longer there.
 */
export async function refreshCurrent(tx: Tx, scope: Touched | 'all', today: string): Promise<string[]> {
  await lockPeople(tx)
  const changedUnits = (await reachesUnits(tx, scope)) ? await refreshUnits(tx, today) : []
  if (scope !== 'all' && changedUnits.length === 0 && isFew(scope)) {
    const ids = await fewPersons(tx, scope)
    return ids.length === 0 ? [] : refreshBatch(tx, ids, today)
  }
  await collectPersons(tx, scope, changedUnits)
  const changed: string[] = []
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await tx.query<{ id: string }>(
      'select person_id as id from people_touched where person_id > $1 order by person_id limit $2',
      [last, BATCH],
    )
    const ids = rows.map(row => row.id)
    if (ids.length === 0) return changed
    changed.push(...(await refreshBatch(tx, ids, today)))
    last = ids.at(-1) ?? last
  }
}

/** What a run has stated facts about; also people whose title got another position by it. */
export async function touchedByRun(tx: Tx, runId: string): Promise<Required<Touched>> {
  const rows = await tx.query<{ kind: string; ids: string[] }>(
    `select subject_kind as kind, array_agg(distinct subject_id) as ids from fact
     where run_id = $1 and subject_id is not null group by subject_kind`,
    [runId],
  )
  const [positions] = await tx.query<{ any: boolean }>(
    `select exists (select from fact where run_id = $1 and subject_kind = 'position') as any`,
    [runId],
  )
  const retitled = positions?.any
    ? await tx.query<{ id: string }>(
        `select distinct c.person_id as id from affiliation_current c
         left join position_title t on t.title_norm = c.title_norm
         left join position p on p.key = t.position_key
         where (c.position_key, c.position_category) is distinct from (p.key, p.category)`,
      )
    : []
  const of = (kind: string) => rows.find(row => row.kind === kind)?.ids ?? []
  return {
    persons: [...of('person'), ...retitled.map(row => row.id)],
    affiliations: of('affiliation'),
    units: of('unit'),
  }
}

/**
 * Persons and units for whom something begins or ends in state known today, on a day after `after` and up to and
 * including `until`: starts, ends, changes with a date, leaves. What the daily roll refreshes.
 */
export async function subjectsChangingOn(tx: Tx, after: string, until: string): Promise<Required<Touched>> {
  const span = `daterange($1::date, $2::date, '(]')`
  const boundary = `(${span} @> lower(s.valid) or ${span} @> upper(s.valid))`
  const affiliations = await tx.query<{ id: string }>(
    `select distinct affiliation_id as id from affiliation_state s
     where upper_inf(recorded) and (${boundary}
       or ${span} @> (attrs ->> 'leaveFrom')::date or ${span} @> (attrs ->> 'leaveTo')::date)`,
    [after, until],
  )
  const persons = await tx.query<{ id: string }>(
    `select distinct person_id as id from person_state s where upper_inf(recorded) and ${boundary}`,
    [after, until],
  )
  const units = await tx.query<{ id: string }>(
    `select distinct unit_id as id from org_unit_state s where upper_inf(recorded) and ${boundary}`,
    [after, until],
  )
  const ids = (rows: { id: string }[]) => rows.map(row => row.id)
  return { persons: ids(persons), affiliations: ids(affiliations), units: ids(units) }
}

/** Whose deputy is who: affiliations may get their person after the deputy record came. */
export async function refreshDeputies(tx: Tx): Promise<void> {
  await tx.query(
    `update deputy d set deputy_person_id = a.person_id from affiliation a
     where a.id = d.deputy_affiliation_id and d.deputy_person_id is distinct from a.person_id`,
  )
}

/** User names that people can be searched by. For the room that owns accounts; an empty list takes them away. */
export async function setUsernames(
  tx: Tx,
  entries: readonly { personId: string; usernames: string[] }[],
): Promise<void> {
  // So many at a time: as one text those of everybody in a large town would be most of the memory that there is.
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const given = new Map(
      entries.slice(at, at + AT_ONCE).map(one => [one.personId, [...one.usernames].sort().join(' ')]),
    )
    const rows = await tx.query<{ id: string; name: string }>(
      'select person_id as id, name from person_current where person_id = any($1)',
      [[...given.keys()]],
    )
    const next = rows.map(({ id, name }) => {
      const usernames = given.get(id) ?? ''
      return { id, usernames, search: searchText(name, usernames) }
    })
    await tx.query(
      `update person_current p set usernames = r.usernames, search = r.search
       from json_to_recordset($1::json) as r(id uuid, usernames text, search text)
       where p.person_id = r.id and p.usernames <> r.usernames`,
      [JSON.stringify(next)],
    )
  }
}
const AT_ONCE = 10_000

/** Units need another look when one was touched, or the affiliation in a manager's post (its person, start, end). */
async function reachesUnits(tx: Tx, scope: Touched | 'all'): Promise<boolean> {
  if (scope === 'all' || (scope.units?.length ?? 0) > 0) return true
  const [row] = await tx.query<{ any: boolean }>(
    `select exists (
       select from org_unit_state where upper_inf(recorded) and attrs ->> 'manager' = any(
         select id::text from affiliation where id = any($1) or person_id = any($2))) as any`,
    [scope.affiliations ?? [], scope.persons ?? []],
  )
  return row?.any ?? false
}

/** No more people than one batch has, with those that they count as. */
const isFew = ({ persons = [], affiliations = [] }: Touched): boolean =>
  persons.length + 2 * affiliations.length <= BATCH / 2

/** As `collectPersons` finds them, in one statement. */
async function fewPersons(tx: Tx, { persons = [], affiliations = [] }: Touched): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `with touched as (
       select unnest($1::uuid[]) as id
       union select person_id from affiliation where id = any($2) and person_id is not null
       union select person_id from affiliation_current where affiliation_id = any($2)
     )
     select id from touched
     union select p.merged_into from touched t join person p on p.id = t.id where p.merged_into is not null
     order by id`,
    [persons, affiliations],
  )
  return rows.map(row => row.id)
}

async function collectPersons(tx: Tx, scope: Touched | 'all', changedUnits: readonly string[]): Promise<void> {
  await tx.query(
    'create temporary table if not exists people_touched (person_id uuid primary key) on commit delete rows',
  )
  await tx.query('delete from people_touched')
  if (scope === 'all') {
    await tx.query('insert into people_touched select id from person')
    return
  }
  await tx.query(
    `insert into people_touched
     select unnest($1::uuid[])
     union select person_id from affiliation where id = any($2) and person_id is not null
     union select person_id from affiliation_current where affiliation_id = any($2)`,
    [scope.persons ?? [], scope.affiliations ?? []],
  )
  if (changedUnits.length > 0)
    await tx.query(
      `insert into people_touched
       select person_id from affiliation_current
       where unit_path && $1 or unit_id = any($1) or pay_unit_id = any($1) or manager_of && $1
       union select post_person_id from org_unit_current where unit_id = any($1) and post_person_id is not null
       on conflict do nothing`,
      [changedUnits],
    )
  await tx.query(
    `insert into people_touched select p.merged_into from people_touched t join person p on p.id = t.person_id
     where p.merged_into is not null on conflict do nothing`,
  )
}

type StateRow = { id: string; from: string | null; to: string | null; attrs: NormalAttrs; origin: Origin }

async function refreshBatch(tx: Tx, personIds: string[], today: string): Promise<string[]> {
  const persons = await loadPersons(tx, personIds, today)
  const affiliations = withoutTheDead(
    (await loadAffiliations(tx, personIds, today)).filter(entry => persons.has(entry.personId)),
    persons,
    today,
  )
  const units = await loadUnitsAround(
    tx,
    [...new Set(affiliations.flatMap(entry => unitRefs(entry.attrs)))],
    affiliations.map(entry => entry.id),
  )
  const managed = new Map<string, ResolvedUnit[]>()
  for (const unit of units.values())
    if (unit.postAffiliationId && unit.active)
      managed.set(unit.postAffiliationId, [...(managed.get(unit.postAffiliationId) ?? []), unit])
  const around = { today, units, managed, positions: await loadPositions(tx, affiliations) }

  const byPerson = Map.groupBy(affiliations, entry => entry.personId)
  const placed = [...persons.values()].map(person => placePerson(person, byPerson.get(person.id) ?? [], around))
  const personRows = placed.map(one => one.person)
  const affiliationRows = placed.flatMap(one => one.affiliations)

  const standing = await tx.query<{ id: string; hash: string }>(
    `select affiliation_id as id, '\\x' || encode(facts_hash, 'hex') as hash from affiliation_current
     where person_id = any($1) or affiliation_id = any($2)`,
    [personIds, affiliationRows.map(row => row.affiliation_id)],
  )
  const before = new Map(standing.map(row => [row.id, row.hash]))
  const staying = new Set(affiliationRows.map(row => row.affiliation_id))
  const removed = [...before.keys()].filter(id => !staying.has(id))
  if (removed.length > 0) await tx.query('delete from affiliation_current where affiliation_id = any($1)', [removed])
  const known = new Set(personRows.map(row => row.person_id))
  const forgotten = personIds.filter(id => !known.has(id))
  if (forgotten.length > 0) await tx.query('delete from person_current where person_id = any($1)', [forgotten])
  await upsertCurrent(tx, 'person_current', 'person_id', personRows, Object.keys(personRows[0] ?? {}))
  await upsertCurrent(
    tx,
    'affiliation_current',
    'affiliation_id',
    affiliationRows,
    Object.keys(affiliationRows[0] ?? {}),
  )
  const changed = affiliationRows.filter(row => before.get(row.affiliation_id) !== row.facts_hash)
  return [...changed.map(row => row.affiliation_id), ...removed]
}

async function loadPersons(tx: Tx, ids: readonly string[], today: string): Promise<Map<string, PersonNow>> {
  const rows = await tx.query<StateRow & { realm: 'staff' | 'pupil'; usernames: string }>(
    `select s.person_id as id, p.realm, lower(s.valid) as from, upper(s.valid) as to, s.attrs, s.origin,
       coalesce(c.usernames, '') as usernames
     from person_state s join person p on p.id = s.person_id left join person_current c on c.person_id = s.person_id
     where s.person_id = any($1) and upper_inf(s.recorded) and p.merged_into is null`,
    [ids],
  )
  const persons = new Map<string, PersonNow>()
  for (const [id, states] of Map.groupBy(rows, row => row.id)) {
    const now = segmentAt(states, today)?.segment
    if (now) persons.set(id, now)
  }
  return persons
}

async function loadAffiliations(tx: Tx, personIds: readonly string[], today: string): Promise<AffiliationInput[]> {
  const rows = await tx.query<StateRow & { personId: string; source: string }>(
    `select a.id, a.person_id as "personId", a.source, lower(s.valid) as from, upper(s.valid) as to, s.attrs, s.origin
     from affiliation a join affiliation_state s on s.affiliation_id = a.id
     where a.person_id = any($1) and upper_inf(s.recorded)`,
    [personIds],
  )
  const found: AffiliationInput[] = []
  for (const states of Map.groupBy(rows, row => row.id).values()) {
    const now = segmentAt(states, today)
    if (now) found.push({ ...now.segment, status: now.status })
  }
  return found
}

/** Death ends every affiliation, also one that a source does not know the end of. */
function withoutTheDead(
  affiliations: readonly AffiliationInput[],
  persons: ReadonlyMap<string, PersonNow>,
  today: string,
): AffiliationInput[] {
  return affiliations.map(entry => endedByDeath(entry, persons.get(entry.personId)?.attrs.diedOn, today))
}

async function loadPositions(tx: Tx, affiliations: readonly AffiliationInput[]) {
  const titles = new Set<string>()
  for (const { attrs } of affiliations) if (typeof attrs.title === 'string') titles.add(normaliseTitle(attrs.title))
  const rows = await tx.query<{ title: string; key: string; category: string }>(
    `select t.title_norm as title, p.key, p.category from position_title t join position p on p.key = t.position_key
     where t.title_norm = any($1)`,
    [[...titles]],
  )
  return new Map(rows.map(row => [row.title, row]))
}

function unitRefs(attrs: NormalAttrs): string[] {
  return [attrs.unitOverride, attrs.unit, attrs.payUnit].filter(value => typeof value === 'string')
}
