import { createHash } from 'node:crypto'
import type { MappingCounts } from '#contract/mappings.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { notReadByGroups, readByGroups } from '../../systems/catalogue/read-by-groups.ts'
import { keepVersions, noteContent } from '../../systems/entitlements/version-store.ts'
import { type GroupMapping, mapGroups } from '../../systems/group-mapping.ts'
import { createMapper, type NamedGroup } from '../../systems/mappings/describe-mappings.ts'
import type { CarriedStep } from '../../systems/mappings/mapping-step.ts'
import { loadNamed, type Named, type Pattern, writeSteps } from '../../systems/mappings/mapping-store.ts'
import { MOST } from '../../systems/observe-changes.ts'
import { MAPPINGS, noteObserveDue, observeRights } from '../../systems/observe-rights.ts'
import { type AfterDecided, followed } from '../after-decided.ts'
import { syncRights } from '../drift/sync-drift.ts'
import { refreshPersonRights } from '../person-rights-store.ts'
import { guardMappings } from './mapping-guard.ts'

/** What a change of mappings has done; rights by key. */
export type PersonDifference = { personId: string; gains: string[]; losses: string[] }
export type MappingOutcome = {
  counts: MappingCounts
  hash: string
  undo: CarriedStep[]
  differences: PersonDifference[]
  named: Named
}
const MOST_SHOWN = 200

/**
 * Carries a change of mappings out and says what it did: only groups that a touched pattern fits are mapped again, only
 * accounts below them are looked at, and only people concerned are compared. A preview is the same, taken back by the
 * caller with a savepoint: so the two cannot differ. `check` may refuse once it is known what the steps name. `change` is
 * the change's id, under which sheets of systems that are read from now on are written; `undoes` is of the one taken back.
 */
export async function carryOut(
  tx: Tx,
  steps: readonly CarriedStep[],
  who: {
    by: string
    now: Date
    reason: string | null
    change: string
    undoes?: string | null
    today?: string | undefined
    after?: readonly AfterDecided[] | undefined
  },
  check: (named: Named) => void,
): Promise<MappingOutcome> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel access'))`)
  const named = await loadNamed(tx, steps)
  check(named)
  // What waits to be worked out from before is not the doing of this change.
  const earlier = await observeRights(tx, who.now, null)
  await refreshPersonRights(tx, earlier.mappingChanged ? 'all' : earlier.people)
  const { undo, touched } = await writeSteps(tx, steps, named, who)
  const affected = await affectedGroups(tx, touched)
  const rights = await noteBefore(tx, affected)
  if (affected.length > MOST) await noteObserveDue(tx, MAPPINGS)
  else
    await tx.query(
      `insert into observe_due_subject (source, kind, subject_id)
       select source, 'group', id from jsonb_to_recordset($1::jsonb) as g(id uuid, source text) on conflict do nothing`,
      [JSON.stringify(affected)],
    )
  const observed = await observeRights(tx, who.now, null)
  const people =
    observed.shown === null ? 'all' : [...new Set([...observed.people, ...(await expecting(tx, observed.shown))])]
  await tx.query(
    `create temporary table deviation_before on commit drop as
     select person_id, entitlement_id, state from right_deviation where ${people === 'all' ? 'true' : 'person_id = any($1)'}`,
    people === 'all' ? [] : [people],
  )
  await refreshPersonRights(tx, people)
  await syncRights(tx, rights)
  if (who.today !== undefined)
    await followed(tx, who.after, { people, today: who.today, now: who.now, cause: `mapping ${who.change}` })
  // Taking back says nothing new of a system: it only takes back.
  const reads = who.undoes ? [] : await readByGroups(tx, await newlyShown(tx), { ...who, batch: who.change })
  if (who.undoes) await notReadByGroups(tx, { ...who, batch: who.undoes })
  const counted = { ...(await count(tx, people)), reads }
  const differences = await readDifferences(tx)
  const hash = await hashOf(tx, steps, counted)
  await tx.query('drop table affected_group, right_before, observed_before, deviation_before, touched_right')
  await keepVersions(tx, who)
  const [population] = await tx.query<{ n: number }>(
    `select count(*)::int as n from person_current where status = 'active'`,
  )
  return {
    counts: { ...counted, heldBack: guardMappings(counted, population?.n ?? 0) },
    hash,
    undo,
    differences,
    named,
  }
}

async function affectedGroups(tx: Tx, touched: readonly Pattern[]): Promise<NamedGroup[]> {
  if (touched.length === 0) return []
  const groups = await tx.query<NamedGroup>(
    'select id, source, name from directory_group where gone_at is null and source = any($1)',
    [[...new Set(touched.map(one => one.source))]],
  )
  const mapper = createMapper(touched.map((one, place) => ({ ...one, id: String(place), entitlement: 'any/right' })))
  return groups.filter(group => mapper(group).fits.length > 0)
}

/** Who should hold these rights: what they lack or not depends on whether it can be seen. */
async function expecting(tx: Tx, rights: readonly string[]): Promise<string[]> {
  if (rights.length === 0) return []
  const rows = await tx.query<{ person_id: string }>(
    `select distinct ac.person_id from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
     where a.entitlement_id = any($1)`,
    [rights],
  )
  return rows.map(row => row.person_id)
}

const GIVEN = `select ge.group_id, ge.entitlement_id from group_entitlement ge join affected_group using (group_id)`

/** Keeps what the affected groups give and what is seen of it, to compare with afterwards. Answers the rights that it is about. */
async function noteBefore(tx: Tx, affected: readonly NamedGroup[]): Promise<string[]> {
  const mappings = await tx.query<GroupMapping>(
    'select id, source, pattern, entitlement from group_mapping where off_at is null order by position, id',
  )
  await tx.query('create temporary table affected_group on commit drop as select unnest($1::uuid[]) as group_id', [
    affected.map(group => group.id),
  ])
  await tx.query(`create temporary table right_before on commit drop as ${GIVEN}`)
  await tx.query(
    `create temporary table touched_right on commit drop as
     select entitlement_id from right_before union select id from entitlement where key = any($1)`,
    [[...new Set(mapGroups(affected, mappings).map(one => one.entitlement))]],
  )
  await tx.query(
    `create temporary table observed_before on commit drop as
     select account_id, entitlement_id from observed_right where entitlement_id in (select entitlement_id from touched_right)`,
  )
  const touched = await tx.query<{ id: string }>('select entitlement_id as id from touched_right')
  const rights = touched.map(row => row.id)
  await noteContent(tx, rights)
  return rights
}

const DIFFERENT = `observed_now as (
    select account_id, entitlement_id from observed_right where entitlement_id in (select entitlement_id from touched_right)
  ), gained as (select * from observed_now except select * from observed_before),
  lost as (select * from observed_before except select * from observed_now)`

/** Systems that a group now shows a right of and did not before. */
async function newlyShown(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select distinct e.system_id as id from (${GIVEN} except select group_id, entitlement_id from right_before) n
     join entitlement e on e.id = n.entitlement_id join it_system s on s.id = e.system_id where s.reading = 'none'`,
  )
  return rows.map(row => row.id)
}

async function count(tx: Tx, people: 'all' | readonly string[]): Promise<Omit<MappingCounts, 'heldBack'>> {
  const [row] = await tx.query<Omit<MappingCounts, 'heldBack'>>(
    `with ${DIFFERENT}, right_now as (${GIVEN}), other as (
       select group_id from (select * from right_before except select * from right_now) was
       union select group_id from (select * from right_now except select * from right_before) now
     ), deviation_now as (
       select person_id, entitlement_id, state from right_deviation where ${people === 'all' ? 'true' : 'person_id = any($1)'}
     ), came as (select * from deviation_now except select * from deviation_before),
     went as (select * from deviation_before except select * from deviation_now)
     select (select count(*)::int from other) as groups,
       (select count(*)::int from gained) as gains, (select count(*)::int from lost) as losses,
       (select count(distinct a.person_id)::int from gained g join account a on a.id = g.account_id) as gaining,
       (select count(distinct a.person_id)::int from lost l join account a on a.id = l.account_id) as losing,
       (select count(*)::int from came) as "deviationsAdded", (select count(*)::int from went) as "deviationsGone",
       (select count(distinct person_id)::int from came) as deviating`,
    people === 'all' ? [] : [people],
  )
  return row!
}

/** Whom it concerns, those who lose most first. */
async function readDifferences(tx: Tx): Promise<PersonDifference[]> {
  return tx.query<PersonDifference>(
    `with ${DIFFERENT}, different as (
       select account_id, entitlement_id, true as gain from gained union all select account_id, entitlement_id, false from lost
     )
     select a.person_id as "personId",
       coalesce(array_agg(distinct e.key) filter (where d.gain), '{}') as gains,
       coalesce(array_agg(distinct e.key) filter (where not d.gain), '{}') as losses
     from different d join account a on a.id = d.account_id join entitlement e on e.id = d.entitlement_id
     where a.person_id is not null group by a.person_id
     order by count(*) filter (where not d.gain) desc, count(*) desc, a.person_id limit ${MOST_SHOWN}`,
  )
}

/** Of what was asked and of everything that it does, so that what is let through is what was looked at. */
async function hashOf(tx: Tx, steps: readonly CarriedStep[], counts: object): Promise<string> {
  const [row] = await tx.query<{ hash: string }>(
    `with ${DIFFERENT} select md5(coalesce(string_agg(line, ',' order by line), '')) as hash from (
       select '+' || account_id || entitlement_id as line from gained
       union all select '-' || account_id || entitlement_id from lost) lines`,
  )
  return createHash('sha256')
    .update(JSON.stringify([steps, counts, row?.hash]))
    .digest('hex')
}
