import { affiliationFacts } from '../people/affiliation-facts-view.ts'
import { copyLine, pgArray } from '../platform/copy-text.ts'
import { newId } from '../platform/ids.ts'
import { figuresForNewTables } from '../platform/planner.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { AffiliationFacts } from '../rules/affiliation-facts.ts'
import type { UnitLookup } from '../rules/constraint.ts'
import { buildIndex, type RuleIndex } from '../rules/rule-index.ts'
import { loadRoles, loadRules, rulesStamp } from '../rules/rules-store.ts'
import { loadEntitlements } from '../systems/system-store.ts'
import { affectedFacts } from './affected-facts.ts'
import { createDecider, type Decided } from './decide-assignments.ts'
import { keepLastAdministrators, type LocalAdministrators } from './last-administrator.ts'
import { refreshPersonRights } from './person-rights-store.ts'

export type AccessRun = { runId: string; affiliations: number; added: number; changed: number; removed: number }
type When = { today: string; now: Date; cause: string; localAdministrators?: LocalAdministrators }

/**
 * Brings assignments up to date with facts, rules and date. What is decided again: everyone when rules, roles,
 * entitlements, the shape of the organisation or the date have changed since the last time; otherwise only affiliations
 * whose facts differ from those that were decided last. One transaction, one writer at a time: a reader sees the state before or the state after.
 */
export async function catchUp(tx: Tx, when: When): Promise<AccessRun | null> {
  await lock(tx)
  const stamp = await groundsStamp(tx)
  const [state] = await tx.query<{ rules_stamp: string; on_date: string }>(
    'select rules_stamp, on_date from access_state',
  )
  if (state?.rules_stamp !== stamp || state.on_date !== when.today) return recompute(tx, 'all', when)
  const due = await withOtherFacts(tx)
  return due.length === 0 ? null : recompute(tx, due, when)
}

/** Affiliations whose facts are not those that were decided last. */
async function withOtherFacts(tx: Tx): Promise<string[]> {
  const due = await tx.query<{ id: string }>(
    `select coalesce(c.affiliation_id, d.affiliation_id) as id
     from affiliation_current c full join affiliation_decided d on d.affiliation_id = c.affiliation_id
     where c.facts_hash is distinct from d.facts_hash or c.person_id is distinct from d.person_id`,
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
  const [state] = await tx.query<{ rules_stamp: string; on_date: string }>(
    'select rules_stamp, on_date from access_state',
  )
  const upToDate = state?.on_date === when.today && state.rules_stamp === (await groundsStamp(tx))
  const before = upToDate ? await loadIndex(tx, when.today) : null
  await change()
  if (!before) return catchUp(tx, when)
  const after = await loadIndex(tx, when.today)
  const touched = new Set(await withOtherFacts(tx))
  for await (const batch of affectedFacts(tx, before, after)) for (const facts of batch) touched.add(facts.id)
  const run = touched.size === 0 ? null : await recompute(tx, [...touched], when)
  await tx.query('update access_state set rules_stamp = $1', [await groundsStamp(tx)])
  return run
}

/** Decide these affiliations (or all) again and store the difference, with history. */
export async function recompute(tx: Tx, scope: readonly string[] | 'all', when: When): Promise<AccessRun> {
  await lock(tx)
  const runId = newId()
  const index = await loadIndex(tx, when.today)
  const decider = createDecider(index, await loadUnits(tx))
  const ids = new Map((await loadEntitlements(tx)).map(row => [row.key, row.id]))
  await tx.query(`
    create temporary table wanted (affiliation_id uuid, entitlement_id uuid, reason_hash text, constraints jsonb,
      valid_to date, valid_to_because text) on commit drop`)
  let affiliations = 0
  const lines = async function* (): AsyncGenerator<string> {
    // Small batches: a batch becomes one text to copy, and texts of megabytes are what makes the memory grow.
    for await (const batch of affiliationFacts(tx, scope, 500)) {
      affiliations += batch.length
      let text = ''
      for (const facts of batch)
        for (const one of decider.decideOne(facts as AffiliationFacts)) text += wantedLine(one, ids)
      if (text !== '') yield text
    }
  }
  // Facts are read on this same connection, so a batch of facts is read in full before its lines are copied.
  for await (const text of lines()) await tx.copyIn('copy wanted from stdin', oneOf(text))
  await keepLastAdministrators(tx, scope, { today: when.today, locals: when.localAdministrators })
  await storeReasons(tx, decider.reasons)
  const counts = await applyDifference(tx, scope, when.now, runId)
  // Asked before it is noted whose they are now: who has lost an affiliation to somebody else has other rights too.
  const people = scope === 'all' ? 'all' : await personsOf(tx, scope)
  await noteDecided(tx, scope, when.today)
  await tx.query(
    `insert into access_run (id, started_at, ended_at, cause, on_date, affiliations, added, changed, removed)
     values ($1, $2, clock_timestamp(), $3, $4, $5, $6, $7, $8)`,
    [runId, when.now, when.cause, when.today, affiliations, counts.added, counts.changed, counts.removed],
  )
  await figuresForNewTables(tx, [
    'assignment',
    'observed_right',
    'group_entitlement',
    'derivation',
    'affiliation_current',
    'right_deviation',
  ])
  await refreshPersonRights(tx, people)
  await tx.query('drop table wanted')
  return { runId, affiliations, ...counts }
}

/** Rules in force on a date over all entitlements, ready to decide. */
export async function loadIndex(tx: Tx, on: string): Promise<RuleIndex> {
  const [rules, roles, entitlements] = [await loadRules(tx), await loadRoles(tx), await loadEntitlements(tx)]
  return buildIndex(
    rules,
    roles,
    entitlements.map(row => row.key),
    on,
  )
}

/** Levels and subtrees of today's units, by key. */
export async function loadUnits(tx: Tx): Promise<UnitLookup> {
  const rows = await tx.query<{ key: string; level: number; path_keys: string[] }>(
    // In one order, so that the values of a limit are the same list each time and no assignment seems to have changed.
    'select key, level, path_keys from org_unit_current where active order by key collate "C"',
  )
  const level = new Map(rows.map(row => [row.key, row.level]))
  const below = new Map<string, string[]>()
  for (const row of rows)
    for (const above of row.path_keys) {
      const list = below.get(above)
      if (list) list.push(row.key)
      else below.set(above, [row.key])
    }
  return { level: key => level.get(key), below: key => below.get(key) ?? [] }
}

/** Limits such as "own unit and below" rest on units that are nobody's fact, so the tree counts like the rules. */
async function groundsStamp(tx: Tx): Promise<string> {
  const [row] = await tx.query<{ stamp: string }>(
    `select md5(coalesce(string_agg(key || ' ' || level || ' ' || array_to_string(path_keys, ' '), ',' order by unit_id), '')) as stamp
     from org_unit_current where active`,
  )
  return `${await rulesStamp(tx)}/${row?.stamp ?? ''}`
}

const lock = (tx: Tx) => tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel access'))`)

async function* oneOf(text: string): AsyncGenerator<string> {
  yield text
}

function wantedLine(one: Decided, ids: ReadonlyMap<string, string>): string {
  return copyLine([
    one.affiliationId,
    ids.get(one.entitlement),
    one.reason.hash,
    JSON.stringify(one.constraints),
    one.validTo,
    one.validToBecause,
  ])
}

async function storeReasons(tx: Tx, reasons: ReturnType<typeof createDecider>['reasons']): Promise<void> {
  await tx.query(`
    create temporary table reason_now (hash text, rule_key text, rule_version int, role_path text[], matched jsonb, also jsonb)
    on commit drop`)
  const lines = async function* (): AsyncGenerator<string> {
    for (const reason of reasons.values())
      yield copyLine([
        reason.hash,
        reason.ruleKey,
        reason.ruleVersion,
        pgArray(reason.rolePath),
        reason.matched,
        reason.also,
      ])
  }
  await tx.copyIn('copy reason_now from stdin', lines())
  await tx.query(`
    insert into derivation (hash, rule_key, rule_version, role_path, matched, also)
    select decode(hash, 'hex'), rule_key, rule_version, role_path, matched, also from reason_now
    on conflict (hash) do nothing`)
  await tx.query('drop table reason_now')
}

async function applyDifference(tx: Tx, scope: readonly string[] | 'all', now: Date, runId: string) {
  // Joined once: both halves of the difference need the id of the reason.
  await tx.query(`
    create temporary table wanted_full on commit drop as
    select w.affiliation_id, w.entitlement_id, d.id as derivation_id, w.constraints, w.valid_to, w.valid_to_because
    from wanted w join derivation d on d.hash = decode(w.reason_hash, 'hex')`)
  await tx.query('analyze wanted_full')
  const many = scope === 'all' || scope.length > 200
  // An assignment table that was last counted while empty looks like one row to the planner, which then loops over a
  // table that grows under it: quadratic, an hour instead of a second. For few affiliations the loop is the right way.
  if (many) await tx.query('set local enable_nestloop = off')
  const history = `insert into assignment_history (affiliation_id, entitlement_id, derivation_id, constraints, held, run_id)
    select affiliation_id, entitlement_id, derivation_id, constraints, tstzrange(reason_since, greatest($1, reason_since)), $2 from`
  const [removed] = await tx.query<{ n: number }>(
    `with lost as (
       delete from assignment a
       where ${scope === 'all' ? 'true' : 'a.affiliation_id = any($3)'}
         and not exists (select from wanted_full w where w.affiliation_id = a.affiliation_id and w.entitlement_id = a.entitlement_id)
       returning a.*
     ), kept as (${history} lost)
     select count(*) as n from lost`,
    scope === 'all' ? [now, runId] : [now, runId, scope],
  )
  const [changed] = await tx.query<{ n: number }>(
    `with differing as (
       select a.*, w.derivation_id as new_derivation, w.constraints as new_constraints, w.valid_to as new_to,
         w.valid_to_because as new_because
       from assignment a
       join wanted_full w on w.affiliation_id = a.affiliation_id and w.entitlement_id = a.entitlement_id
       where (a.derivation_id, a.constraints, a.valid_to, a.valid_to_because)
         is distinct from (w.derivation_id, w.constraints, w.valid_to, w.valid_to_because)
     ), kept as (${history} differing)
     , updated as (
       update assignment a
       set derivation_id = d.new_derivation, constraints = d.new_constraints, valid_to = d.new_to,
         valid_to_because = d.new_because, reason_since = $1
       from differing d
       where d.affiliation_id = a.affiliation_id and d.entitlement_id = a.entitlement_id
       returning 1
     )
     select count(*) as n from updated`,
    [now, runId],
  )
  const [added] = await tx.query<{ n: number }>(
    `with fresh as (
       insert into assignment (affiliation_id, entitlement_id, derivation_id, constraints, valid_to, valid_to_because, since, reason_since)
       select w.affiliation_id, w.entitlement_id, w.derivation_id, w.constraints, w.valid_to, w.valid_to_because, $1, $1
       from wanted_full w
       where not exists (select from assignment a where a.affiliation_id = w.affiliation_id and a.entitlement_id = w.entitlement_id)
       returning 1
     ) select count(*) as n from fresh`,
    [now],
  )
  if (many) await tx.query('set local enable_nestloop to default')
  await tx.query('drop table wanted_full')
  return { added: added?.n ?? 0, changed: changed?.n ?? 0, removed: removed?.n ?? 0 }
}

async function noteDecided(tx: Tx, scope: readonly string[] | 'all', today: string): Promise<void> {
  if (scope === 'all') {
    await tx.query(
      'delete from affiliation_decided d where not exists (select from affiliation_current c where c.affiliation_id = d.affiliation_id)',
    )
    await tx.query(
      `insert into access_state (one, rules_stamp, on_date) values (true, $1, $2)
       on conflict (one) do update set rules_stamp = excluded.rules_stamp, on_date = excluded.on_date`,
      [await groundsStamp(tx), today],
    )
  } else
    await tx.query(
      `delete from affiliation_decided d where d.affiliation_id = any($1)
       and not exists (select from affiliation_current c where c.affiliation_id = d.affiliation_id)`,
      [scope],
    )
  await tx.query(
    `insert into affiliation_decided as d (affiliation_id, facts_hash, person_id)
     select affiliation_id, facts_hash, person_id from affiliation_current where ${scope === 'all' ? 'true' : 'affiliation_id = any($1)'}
     on conflict (affiliation_id) do update set facts_hash = excluded.facts_hash, person_id = excluded.person_id
       where d.facts_hash <> excluded.facts_hash or d.person_id is distinct from excluded.person_id`,
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
