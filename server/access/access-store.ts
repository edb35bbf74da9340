import { affiliationFacts } from '../people/affiliation-facts-view.ts'
import { refreshCurrent, subjectsChangingOn } from '../people/current-store.ts'
import { newId } from '../platform/ids.ts'
import { figuresForNewTables } from '../platform/planner.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { AffiliationFacts } from '../rules/affiliation-facts.ts'
import type { RuleIndex } from '../rules/rule-index.ts'
import { affectedFacts } from './affected-facts.ts'
import type { AfterDecided } from './after-decided.ts'
import { wantedAssignments } from './assignment-store.ts'
import { createDecider, type Decided, type NoEffect } from './decide-assignments.ts'
import { type GraceOffer, graceOffers, storeGrace } from './grants/grace-after-move.ts'
import { loadGrants, noteNoEffect } from './grants/grant-store.ts'
import { loadGrounds, loadIndex, type Prints, printsAndState, printsOf, stampOf } from './grounds-store.ts'
import { keepLastAdministrators, type LocalAdministrators } from './last-administrator.ts'
import { refreshPersonRights } from './person-rights-store.ts'
import { syncSuspensions } from './policies/suspension-store.ts'
import { holdBack, someStrict } from './strict/hold-back.ts'

export type AccessRun = { runId: string; affiliations: number; added: number; changed: number; removed: number }
type When = {
  today: string
  now: Date
  cause: string
  localAdministrators?: LocalAdministrators
  /** What follows from it in the same transaction, in this order; filled in where everything is put together. */
  after?: readonly AfterDecided[]
}

/** From so many affiliations on it is work on tables, and not on rows. */
const MANY = 200

/** What was decided of an affiliation last is not what counts now. */
const DIFFERS = `(c.facts_hash, c.person_id, c.leave_kind) is distinct from (d.facts_hash, d.person_id, d.leave_kind)`

/**
 * Brings assignments up to date with facts, rules and date. What is decided again: everyone when rules, roles,
 * entitlements, the shape of the organisation or the date have changed since the last time; otherwise only affiliations
 * whose facts differ from those that were decided last. One transaction, one writer at a time: a reader sees the state before or the state after.
 * `among`: only these affiliations can differ, so that nobody else has to be looked at.
 */
export async function catchUp(tx: Tx, when: When, among?: readonly string[]): Promise<AccessRun | null> {
  await turnPeople(tx, when.today)
  await lock(tx)
  const { prints, state } = await printsAndState(tx)
  if (state?.stamp !== stampOf(prints) || state.onDate !== when.today) return decideOf(tx, 'all', when, prints)
  const due = await (among ? withOtherFactsAmong(tx, among) : withOtherFacts(tx))
  return due.length === 0 ? null : decideOf(tx, due, when, prints)
}

/**
 * Who starts and who has left since the day that was decided last. Whoever comes first on a new day does it: were it left
 * to the daily roll, a report or a file that is a minute quicker would make that day look done, and leavers stay.
 */
async function turnPeople(tx: Tx, today: string): Promise<void> {
  const [state] = await tx.query<{ on_date: string }>('select on_date from access_state')
  // Before the lock of rights: everybody takes that of people first.
  if (state && state.on_date < today)
    await refreshCurrent(tx, await subjectsChangingOn(tx, state.on_date, today), today)
}

/** Affiliations whose facts are not those that were decided last. */
async function withOtherFacts(tx: Tx): Promise<string[]> {
  const due = await tx.query<{ id: string }>(
    `select coalesce(c.affiliation_id, d.affiliation_id) as id
     from affiliation_current c full join affiliation_decided d on d.affiliation_id = c.affiliation_id
     where ${DIFFERS}`,
  )
  return due.map(row => row.id)
}

async function withOtherFactsAmong(tx: Tx, affiliations: readonly string[]): Promise<string[]> {
  if (affiliations.length === 0) return []
  const due = await tx.query<{ id: string }>(
    `select i.id from unnest($1::uuid[]) as i (id)
     left join affiliation_current c on c.affiliation_id = i.id
     left join affiliation_decided d on d.affiliation_id = i.id
     where ${DIFFERS}`,
    [affiliations],
  )
  return due.map(row => row.id)
}

/**
 * Runs a change of rules or roles and decides again only those whom a changed rule matches, before or after: what one
 * rule touches is paid for, not the municipality. Where the assignments were not up to date to begin with, or nothing
 * has been decided yet, everyone is decided.
 */
export async function changeRules(tx: Tx, change: () => Promise<void>, when: When): Promise<AccessRun | null> {
  await lock(tx)
  const { prints, state } = await printsAndState(tx)
  const upToDate = state?.onDate === when.today && state.stamp === stampOf(prints)
  const before = upToDate ? await loadIndex(tx, when.today) : null
  await change()
  if (!before) return catchUp(tx, when)
  const after = await loadIndex(tx, when.today)
  const touched = await touchedBy(tx, before, after)
  const run = touched.length === 0 ? null : await recompute(tx, touched, when)
  await tx.query('update access_state set rules_stamp = $1', [stampOf(await printsOf(tx))])
  return run
}

/** So many can be named, in memory and in a statement. */
const NAMED = 100_000

/** Whom a change of rules may concern: `all` where that is most of them, or very many, who are then quicker decided than named. */
async function touchedBy(tx: Tx, before: RuleIndex, after: RuleIndex): Promise<string[] | 'all'> {
  const touched = new Set(await withOtherFacts(tx))
  const [everybody] = await tx.query<{ n: number }>('select count(*)::int as n from affiliation_current')
  const most = Math.max(MANY, Math.min(NAMED, (everybody?.n ?? 0) / 2))
  for await (const batch of affectedFacts(tx, before, after)) {
    for (const facts of batch) touched.add(facts.id)
    if (touched.size > most) return 'all'
  }
  return [...touched]
}

/** Decide these affiliations (or all) again and store the difference, with history. */
export async function recompute(tx: Tx, scope: readonly string[] | 'all', when: When): Promise<AccessRun> {
  await lock(tx)
  return decideOf(tx, scope, when, await printsOf(tx))
}

async function decideOf(tx: Tx, scope: readonly string[] | 'all', when: When, prints: Prints): Promise<AccessRun> {
  const runId = newId()
  const { index, units, ids } = await loadGrounds(tx, when.today, prints)
  const decider = createDecider(index, units)
  const many = scope === 'all' || scope.length > MANY
  // Sorting and hashing everybody in the memory that is meant for one page goes to disk, several times over.
  if (many) await tx.query(`set local work_mem = '64MB'`)
  const strict = await someStrict(tx)
  const store = await wantedAssignments(tx, scope, when.now, { all: !strict })
  const grants = await loadGrants(tx, scope, { on: when.today, now: when.now })
  const offers = await graceOffers(tx, scope, index)
  const noEffect: NoEffect[] = []
  const grace: GraceOffer[] = []
  const decideOne = (facts: AffiliationFacts): Decided[] => {
    const given = grants.get(facts.id)
    const offered = offers.get(facts.id)
    if (!offered) return decider.decideOne(facts, given, noEffect)
    const held = new Set(decider.decideOne(facts, given).map(one => one.entitlement))
    const lost = offered.filter(one => !held.has(one.entitlement))
    const decided = decider.decideOne(facts, [...(given ?? []), ...lost], noEffect)
    const taken = new Set(decided.map(one => one.reason.grantId))
    grace.push(...lost.filter(one => taken.has(one.id)))
    return decided
  }
  let affiliations = 0
  // Small batches: a batch becomes one text to copy, and texts of megabytes are what makes the memory grow.
  for await (const batch of affiliationFacts(tx, scope, 500)) {
    affiliations += batch.length
    await store.put(
      batch.flatMap(facts => decideOne(facts as AffiliationFacts)),
      ids,
    )
  }
  await keepLastAdministrators(tx, scope, { today: when.today, locals: when.localAdministrators })
  if (strict) noEffect.push(...(await holdBack(tx, scope, when)))
  const counts = await store.settle(runId)
  // Asked before it is noted whose they are now: who has lost an affiliation to somebody else has other rights too.
  const people = scope === 'all' ? 'all' : await personsOf(tx, scope)
  await storeGrace(tx, grace, when)
  if (grants.size > 0) await noteNoEffect(tx, scope, noEffect)
  await noteDecided(tx, scope, when.today)
  await tx.query(
    `insert into access_run (id, started_at, ended_at, cause, on_date, affiliations, added, changed, removed)
     values ($1, $2, clock_timestamp(), $3, $4, $5, $6, $7, $8)`,
    [runId, when.now, when.cause, when.today, affiliations, counts.added, counts.changed, counts.removed],
  )
  // A few rows more do not make a full table of an empty one.
  if (many) await figuresForNewTables(tx, FILLED)
  await syncSuspensions(tx, people, { now: when.now, runId })
  await refreshPersonRights(tx, people)
  if (many) await tx.query('set local work_mem to default')
  await runAfter(tx, people, when)
  return { runId, affiliations, ...counts }
}

/**
 * What rests is worked out anew for these people, without deciding any right again: somebody was locked or released, or
 * the policy of absence is another. Answers whose rights changed.
 */
export async function resuspend(tx: Tx, people: readonly string[] | 'all', when: When): Promise<string[]> {
  await lock(tx)
  const runId = newId()
  const changed = await syncSuspensions(tx, people, { now: when.now, runId })
  await tx.query(
    `insert into access_run (id, started_at, ended_at, cause, on_date) values ($1, $2, clock_timestamp(), $3, $4)`,
    [runId, when.now, when.cause, when.today],
  )
  await refreshPersonRights(tx, changed)
  // Somebody who is locked may have no right that rests and accounts to close all the same.
  await runAfter(tx, people === 'all' ? changed : people, when)
  return changed
}

async function runAfter(tx: Tx, people: readonly string[] | 'all', when: When): Promise<void> {
  if (people !== 'all' && people.length === 0) return
  const { today, now, cause } = when
  for (const after of when.after ?? []) await after(tx, { people, today, now, cause })
}

const FILLED = [
  'assignment',
  'observed_right',
  'group_entitlement',
  'derivation',
  'affiliation_current',
  'right_deviation',
]

const lock = (tx: Tx) => tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel access'))`)

async function noteDecided(tx: Tx, scope: readonly string[] | 'all', today: string): Promise<void> {
  if (scope === 'all') {
    await tx.query(
      'delete from affiliation_decided d where not exists (select from affiliation_current c where c.affiliation_id = d.affiliation_id)',
    )
    await tx.query(
      `insert into access_state (one, rules_stamp, on_date) values (true, $1, $2)
       on conflict (one) do update set rules_stamp = excluded.rules_stamp, on_date = excluded.on_date`,
      [stampOf(await printsOf(tx)), today],
    )
  }
  const gone = `with gone as (
      delete from affiliation_decided d where d.affiliation_id = any($1)
        and not exists (select from affiliation_current c where c.affiliation_id = d.affiliation_id))`
  await tx.query(
    `${scope === 'all' ? '' : gone}
     insert into affiliation_decided as d (affiliation_id, facts_hash, person_id, placed, unit_id, pay_unit_id, position_key,
       title_norm, leave_kind, pinned)
     select affiliation_id, facts_hash, person_id, true, unit_id, pay_unit_id, position_key, title_norm, leave_kind,
       origin ?| array['unitOverride', 'unit']
     from affiliation_current where ${scope === 'all' ? 'true' : 'affiliation_id = any($1)'}
     on conflict (affiliation_id) do update set facts_hash = excluded.facts_hash, person_id = excluded.person_id, placed = true,
       unit_id = excluded.unit_id, pay_unit_id = excluded.pay_unit_id, position_key = excluded.position_key,
       title_norm = excluded.title_norm, leave_kind = excluded.leave_kind, pinned = excluded.pinned
       where not d.placed or (d.facts_hash, d.person_id, d.pay_unit_id, d.position_key, d.title_norm, d.leave_kind, d.pinned)
         is distinct from (excluded.facts_hash, excluded.person_id, excluded.pay_unit_id, excluded.position_key,
           excluded.title_norm, excluded.leave_kind, excluded.pinned)`,
    scope === 'all' ? [] : [scope],
  )
}

async function personsOf(tx: Tx, affiliations: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ person_id: string }>(
    `select person_id from affiliation_current where affiliation_id = any($1) and person_id is not null
     union select person_id from affiliation_decided where affiliation_id = any($1) and person_id is not null
     union select person_id from affiliation where id = any($1) and person_id is not null`,
    [affiliations],
  )
  return rows.map(row => row.person_id)
}
