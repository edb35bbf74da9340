import { copyValue } from '../platform/copy-text.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Decided, Reason } from './decide-assignments.ts'

export type Scope = readonly string[] | 'all'
export type Difference = { added: number; changed: number; removed: number }

/** From so many affiliations on what is decided is compared as tables are, and not row by row. */
const MANY = 200
/** So few rows are put by a statement: copying takes three messages. */
const FEW_ROWS = 200

const COLUMNS = `affiliation_id uuid, entitlement_id uuid, derivation_id bigint, constraints jsonb, valid_to date, valid_to_because text`

/**
 * What has been decided, on its way into `assignment`: put batch by batch into the temporary table `wanted`, and settled
 * as the difference, with history. The table stays with its connection, empty: making one takes longer than deciding a person. Where nobody holds anything yet there is nothing to differ from, and the rows are
 * copied to where they belong: that is a first load, and half the time of it. `all` false: some of it may be held back
 * before it is settled, so that it always goes the long way.
 */
export async function wantedAssignments(tx: Tx, scope: Scope, now: Date, { all }: { all: boolean }) {
  await tx.query(`create temporary table if not exists wanted (${COLUMNS}) on commit delete rows`)
  const first = all && scope === 'all' && (await isEmpty(tx))
  const target = first
    ? 'assignment (affiliation_id, entitlement_id, derivation_id, constraints, valid_to, valid_to_because, since, reason_since)'
    : 'wanted'
  const since = first ? `\t${now.toISOString()}\t${now.toISOString()}` : ''
  const known = new Map<string, number>()
  let copied = 0
  return {
    async put(decided: readonly Decided[], entitlements: ReadonlyMap<string, string>): Promise<void> {
      if (decided.length === 0) return
      await noteReasons(tx, known, decided)
      copied += decided.length
      if (!first && decided.length <= FEW_ROWS) return putFew(tx, known, decided, entitlements)
      let text = ''
      // Put together here: ids, numbers and dates hold nothing to escape, and there are hundreds of thousands of them.
      for (const { affiliationId, entitlement, reason, constraints, validTo, validToBecause } of decided) {
        const limits = constraints.length === 0 ? '[]' : copyValue(constraints)
        text += `${affiliationId}\t${entitlements.get(entitlement)}\t${known.get(reason.hash)}\t${limits}\t${validTo ?? '\\N'}\t${validToBecause ?? '\\N'}${since}\n`
      }
      await tx.copyIn(`copy ${target} from stdin`, oneOf(text))
    },
    async settle(runId: string): Promise<Difference> {
      if (first) return { added: copied, changed: 0, removed: 0 }
      if (scope !== 'all' && scope.length <= MANY) return settleFew(tx, scope, now, runId)
      const counts = await applyDifference(tx, scope, now, runId)
      await tx.query('truncate wanted')
      return counts
    },
  }
}

async function isEmpty(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ some: boolean }>('select exists (select from assignment) as some')
  return row?.some === false
}

async function putFew(
  tx: Tx,
  known: ReadonlyMap<string, number>,
  decided: readonly Decided[],
  entitlements: ReadonlyMap<string, string>,
): Promise<void> {
  const rows = decided.map(one => ({
    affiliation_id: one.affiliationId,
    entitlement_id: entitlements.get(one.entitlement),
    derivation_id: known.get(one.reason.hash),
    constraints: one.constraints,
    valid_to: one.validTo,
    valid_to_because: one.validToBecause,
  }))
  await tx.query(`insert into wanted select * from jsonb_to_recordset($1::jsonb) as r (${COLUMNS})`, [
    JSON.stringify(rows),
  ])
}

async function* oneOf(text: string): AsyncGenerator<string> {
  yield text
}

/** Reasons are stored once, whoever has them; adds their ids to `known`. */
async function noteReasons(tx: Tx, known: Map<string, number>, decided: readonly Decided[]): Promise<void> {
  const fresh = new Map<string, Reason>()
  for (const { reason } of decided) if (!known.has(reason.hash)) fresh.set(reason.hash, reason)
  if (fresh.size === 0) return
  // Nearly always they are there already.
  await knowReasons(tx, known, [...fresh.keys()])
  const rows = [...fresh.values()]
    .filter(one => !known.has(one.hash))
    .map(one => ({ ...one, matched: JSON.parse(one.matched) as unknown, also: JSON.parse(one.also) as unknown }))
  if (rows.length === 0) return
  await tx.query(
    `insert into derivation (hash, rule_key, rule_version, role_path, matched, also, grant_id)
     select decode(hash, 'hex'), "ruleKey", "ruleVersion", "rolePath", matched, also, "grantId"
     from jsonb_to_recordset($1::jsonb) as r (hash text, "ruleKey" text, "ruleVersion" int, "rolePath" text[], matched jsonb,
       also jsonb, "grantId" uuid)
     on conflict (hash) do nothing`,
    [JSON.stringify(rows)],
  )
  await knowReasons(
    tx,
    known,
    rows.map(one => one.hash),
  )
}

async function knowReasons(tx: Tx, known: Map<string, number>, hashes: readonly string[]): Promise<void> {
  const ids = await tx.query<{ hash: string; id: number }>(
    `select encode(hash, 'hex') as hash, id from derivation where hash = any(array(select decode(h, 'hex') from unnest($1::text[]) as h))`,
    [hashes],
  )
  for (const { hash, id } of ids) known.set(hash, id)
}

/** The difference of a few affiliations, found and written in one statement that empties `wanted`. */
async function settleFew(tx: Tx, scope: readonly string[], now: Date, runId: string): Promise<Difference> {
  const was = 'affiliation_id, entitlement_id, derivation_id, constraints, reason_since, suspended'
  const [counts] = await tx.query<Difference>(
    `with want as (
       delete from wanted returning *
     ), lost as (
       delete from assignment a
       where a.affiliation_id = any($3) and not exists (
         select from want w where w.affiliation_id = a.affiliation_id and w.entitlement_id = a.entitlement_id)
       returning a.*
     ), differing as (
       select a.*, w.derivation_id as new_derivation, w.constraints as new_constraints, w.valid_to as new_to,
         w.valid_to_because as new_because
       from assignment a join want w on w.affiliation_id = a.affiliation_id and w.entitlement_id = a.entitlement_id
       where a.affiliation_id = any($3) and (a.derivation_id, a.constraints, a.valid_to, a.valid_to_because)
         is distinct from (w.derivation_id, w.constraints, w.valid_to, w.valid_to_because)
     ), kept as (
       insert into assignment_history (affiliation_id, entitlement_id, derivation_id, constraints, held, run_id, suspended)
       select affiliation_id, entitlement_id, derivation_id, constraints, tstzrange(reason_since, greatest($1, reason_since)), $2, suspended
       from (select ${was} from lost union all select ${was} from differing) x
     ), updated as (
       update assignment a
       set derivation_id = d.new_derivation, constraints = d.new_constraints, valid_to = d.new_to,
         valid_to_because = d.new_because, reason_since = $1
       from differing d
       where d.affiliation_id = a.affiliation_id and d.entitlement_id = a.entitlement_id
       returning 1
     ), fresh as (
       insert into assignment (affiliation_id, entitlement_id, derivation_id, constraints, valid_to, valid_to_because, since, reason_since)
       select w.affiliation_id, w.entitlement_id, w.derivation_id, w.constraints, w.valid_to, w.valid_to_because, $1, $1
       from want w
       where not exists (select from assignment a where a.affiliation_id = w.affiliation_id and a.entitlement_id = w.entitlement_id)
       returning 1
     )
     select (select count(*)::int from fresh) as added, (select count(*)::int from updated) as changed,
       (select count(*)::int from lost) as removed`,
    [now, runId, scope],
  )
  return counts ?? { added: 0, changed: 0, removed: 0 }
}

/** The same of many, one table beside the other. */

async function applyDifference(tx: Tx, scope: Scope, now: Date, runId: string): Promise<Difference> {
  // An assignment table that was last counted while empty looks like one row to the planner, which then loops over a
  // table that grows under it: quadratic, an hour instead of a second.
  await tx.query('set local enable_nestloop = off')
  const history = `insert into assignment_history (affiliation_id, entitlement_id, derivation_id, constraints, held, run_id, suspended)
    select affiliation_id, entitlement_id, derivation_id, constraints, tstzrange(reason_since, greatest($1, reason_since)), $2, suspended from`
  const [removed] = await tx.query<{ n: number }>(
    `with lost as (
       delete from assignment a
       where ${scope === 'all' ? 'true' : 'a.affiliation_id = any($3)'}
         and not exists (select from wanted w where w.affiliation_id = a.affiliation_id and w.entitlement_id = a.entitlement_id)
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
       join wanted w on w.affiliation_id = a.affiliation_id and w.entitlement_id = a.entitlement_id
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
       from wanted w
       where not exists (select from assignment a where a.affiliation_id = w.affiliation_id and a.entitlement_id = w.entitlement_id)
       returning 1
     ) select count(*) as n from fresh`,
    [now],
  )
  await tx.query('set local enable_nestloop to default')
  return { added: added?.n ?? 0, changed: changed?.n ?? 0, removed: removed?.n ?? 0 }
}
