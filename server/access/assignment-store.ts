import { copyValue } from '../platform/copy-text.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Decided, Reason } from './decide-assignments.ts'

export type Scope = readonly string[] | 'all'
export type Difference = { added: number; changed: number; removed: number }

/**
 * What has been decided, on its way into `assignment`: put batch by batch into the temporary table `wanted`, and settled
 * as the difference, with history. Where nobody holds anything yet there is nothing to differ from, and the rows are
 * copied to where they belong: that is a first load, and half the time of it. `all` false: some of it may be held back
 * before it is settled, so that it always goes the long way.
 */
export async function wantedAssignments(tx: Tx, scope: Scope, now: Date, { all }: { all: boolean }) {
  await tx.query(`
    create temporary table wanted (affiliation_id uuid, entitlement_id uuid, derivation_id bigint, constraints jsonb,
      valid_to date, valid_to_because text) on commit drop`)
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
      let text = ''
      // Put together here: ids, numbers and dates hold nothing to escape, and there are hundreds of thousands of them.
      for (const { affiliationId, entitlement, reason, constraints, validTo, validToBecause } of decided) {
        const limits = constraints.length === 0 ? '[]' : copyValue(constraints)
        text += `${affiliationId}\t${entitlements.get(entitlement)}\t${known.get(reason.hash)}\t${limits}\t${validTo ?? '\\N'}\t${validToBecause ?? '\\N'}${since}\n`
      }
      copied += decided.length
      await tx.copyIn(`copy ${target} from stdin`, oneOf(text))
    },
    async settle(runId: string): Promise<Difference> {
      const counts = first ? { added: copied, changed: 0, removed: 0 } : await applyDifference(tx, scope, now, runId)
      await tx.query('drop table wanted')
      return counts
    },
  }
}

async function isEmpty(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ some: boolean }>('select exists (select from assignment) as some')
  return row?.some === false
}

async function* oneOf(text: string): AsyncGenerator<string> {
  yield text
}

/** Reasons are stored once, whoever has them; adds their ids to `known`. */
async function noteReasons(tx: Tx, known: Map<string, number>, decided: readonly Decided[]): Promise<void> {
  const fresh = new Map<string, Reason>()
  for (const { reason } of decided) if (!known.has(reason.hash)) fresh.set(reason.hash, reason)
  if (fresh.size === 0) return
  const rows = [...fresh.values()].map(one => ({
    ...one,
    matched: JSON.parse(one.matched) as unknown,
    also: JSON.parse(one.also) as unknown,
  }))
  await tx.query(
    `insert into derivation (hash, rule_key, rule_version, role_path, matched, also, grant_id)
     select decode(hash, 'hex'), "ruleKey", "ruleVersion", "rolePath", matched, also, "grantId"
     from jsonb_to_recordset($1::jsonb) as r (hash text, "ruleKey" text, "ruleVersion" int, "rolePath" text[], matched jsonb,
       also jsonb, "grantId" uuid)
     on conflict (hash) do nothing`,
    [JSON.stringify(rows)],
  )
  const ids = await tx.query<{ hash: string; id: number }>(
    `select encode(hash, 'hex') as hash, id from derivation where hash = any(array(select decode(h, 'hex') from unnest($1::text[]) as h))`,
    [[...fresh.keys()]],
  )
  for (const { hash, id } of ids) known.set(hash, id)
}

async function applyDifference(tx: Tx, scope: Scope, now: Date, runId: string): Promise<Difference> {
  const many = scope === 'all' || scope.length > 200
  // An assignment table that was last counted while empty looks like one row to the planner, which then loops over a
  // table that grows under it: quadratic, an hour instead of a second. For few affiliations the loop is the right way,
  // once it is known that they are few.
  if (many) await tx.query('set local enable_nestloop = off')
  else await tx.query('analyze wanted')
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
  if (many) await tx.query('set local enable_nestloop to default')
  return { added: added?.n ?? 0, changed: changed?.n ?? 0, removed: removed?.n ?? 0 }
}
