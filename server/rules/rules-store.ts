import { createHash } from 'node:crypto'
import { newId } from '../platform/ids.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { RightsRule } from './rights-rule.ts'
import type { Role } from './role.ts'

export type StoredRole = Role & { description?: string }

/** Rules and roles as they count now, in CASL's order. */
export async function loadRules(tx: Tx): Promise<RightsRule[]> {
  type Row = Omit<RightsRule, 'reason' | 'purpose' | 'constraints' | 'excepts' | 'ownerPerson'> & {
    reason: string | null
    purpose: string | null
    excepts: string | null
    ownerPerson: string | null
    constraints: NonNullable<RightsRule['constraints']>
  }
  const rows = await tx.query<Row>(
    `select key, version, name, state, inverted, reason, conditions, entitlements, roles, constraints, owner, purpose,
       excepts, owner_person as "ownerPerson", coalesce(lower(valid), '0001-01-01') as "validFrom", upper(valid) as "validTo", position as "order"
     from rights_rule where upper_inf(recorded) order by position, key`,
  )
  return rows.map(({ reason, purpose, excepts, ownerPerson, constraints, ...rule }) => ({
    ...rule,
    // As the file had it: a rule without limits does not name them.
    ...(Object.keys(constraints).length === 0 ? {} : { constraints }),
    ...(reason === null ? {} : { reason }),
    ...(purpose === null ? {} : { purpose }),
    ...(excepts === null ? {} : { excepts }),
    ...(ownerPerson === null ? {} : { ownerPerson }),
  }))
}

/** One version of a rule as JSON; read it with `ruleOfJson`. `r`: a row of rights_rule. */
export const ruleJsonSql = (r: string): string =>
  // What may be left out is left out; a null in conditions is a value that they ask for, and stays.
  `jsonb_strip_nulls(jsonb_build_object('reason', ${r}.reason, 'purpose', ${r}.purpose, 'excepts', ${r}.excepts,
     'ownerPerson', ${r}.owner_person)) || jsonb_build_object('key', ${r}.key, 'version', ${r}.version, 'name', ${r}.name,
     'state', ${r}.state, 'inverted', ${r}.inverted, 'conditions', ${r}.conditions, 'entitlements', ${r}.entitlements,
     'roles', ${r}.roles, 'constraints', ${r}.constraints, 'owner', ${r}.owner,
     'validFrom', coalesce(lower(${r}.valid), '0001-01-01'), 'validTo', upper(${r}.valid), 'order', ${r}.position)`

/** As `loadRules` has it: a rule without limits does not name them. */
export function ruleOfJson({ constraints, ...rule }: RightsRule): RightsRule {
  return Object.keys(constraints ?? {}).length === 0 ? rule : { ...rule, constraints: constraints! }
}

export async function loadRoles(tx: Tx): Promise<StoredRole[]> {
  const rows = await tx.query<StoredRole & { description: string | null }>(
    'select key, name, description, entitlements, roles from rights_role where upper_inf(recorded) order by key',
  )
  return rows.map(({ description, ...role }) => ({ ...role, ...(description === null ? {} : { description }) }))
}

/**
 * What decisions rest on beside the facts, as one text: which version of each rule and role, and which entitlements
 * there are. By content, not by when it was written: transactions do not end in the order in which they began.
 */
export async function rulesStamp(tx: Tx): Promise<string> {
  const [row] = await tx.query<{ stamp: string }>(`select ${RULES_STAMP} as stamp`)
  return row?.stamp ?? newId()
}

const versionsOf = (table: string) =>
  `(select md5(coalesce(string_agg(key || ' ' || version, ',' order by key), '')) from ${table} where upper_inf(recorded))`

/** The same as SQL, for who asks for more at once. */
export const RULES_STAMP = `${versionsOf('rights_rule')} || '/' || ${versionsOf('rights_role')} || '/' ||
  (select md5(coalesce(string_agg(key, ',' order by key), '')) from entitlement where gone_at is null)`

export type StoreChange = { added: string[]; changed: string[]; removed: string[] }

/**
 * Makes the stored rules equal to `wanted`: closes the recorded range of what is changed or left out and adds a new
 * version. Nothing is overwritten, so "which rule was it then" stays answerable.
 */
export async function replaceRules(
  tx: Tx,
  wanted: readonly RightsRule[],
  by: string | null,
  /** Why, kept with each new version. */
  why: string | null = null,
): Promise<StoreChange> {
  const rows = wanted.map(rule => ({
    key: rule.key,
    name: rule.name,
    state: rule.state,
    inverted: rule.inverted,
    reason: rule.reason ?? null,
    conditions: rule.conditions,
    entitlements: rule.entitlements,
    roles: rule.roles,
    constraints: rule.constraints ?? {},
    valid_from: rule.validFrom,
    valid_to: rule.validTo,
    owner: rule.owner,
    purpose: rule.purpose ?? null,
    position: rule.order,
    excepts: rule.excepts ?? null,
    owner_person: rule.ownerPerson ?? null,
    hash: contentHash({ ...rule, version: 0 }),
  }))
  const { change, fresh } = await close(tx, 'rights_rule', rows)
  await tx.query(
    `insert into rights_rule (key, version, name, state, inverted, reason, conditions, entitlements, roles, constraints,
       valid, owner, purpose, position, excepts, owner_person, recorded, recorded_by, content_hash, change_reason)
     select w.key, w.version, w.name, w.state, w.inverted, w.reason, w.conditions, w.entitlements, w.roles, w.constraints,
       daterange(w.valid_from, w.valid_to), w.owner, w.purpose, w.position, w.excepts, w.owner_person,
       tstzrange(clock_timestamp(), null), $2, decode(w.hash, 'hex'), $3
     from jsonb_to_recordset($1::jsonb) as w(key text, version int, name text, state text, inverted boolean,
       reason text, conditions jsonb, entitlements text[], roles text[], constraints jsonb, valid_from date, valid_to date,
       owner text, purpose text, position int, excepts text, owner_person uuid, hash text)`,
    [JSON.stringify(fresh), by, why],
  )
  return change
}

export async function replaceRoles(
  tx: Tx,
  wanted: readonly StoredRole[],
  by: string | null,
  why: string | null = null,
): Promise<StoreChange> {
  const rows = wanted.map(role => ({
    key: role.key,
    name: role.name,
    description: role.description ?? null,
    entitlements: role.entitlements,
    roles: role.roles,
    hash: contentHash(role),
  }))
  const { change, fresh } = await close(tx, 'rights_role', rows)
  await tx.query(
    `insert into rights_role (key, version, name, description, entitlements, roles, recorded, recorded_by, content_hash, change_reason)
     select w.key, w.version, w.name, w.description, w.entitlements, w.roles, tstzrange(clock_timestamp(), null), $2,
       decode(w.hash, 'hex'), $3
     from jsonb_to_recordset($1::jsonb) as w(key text, version int, name text, description text, entitlements jsonb,
       roles text[], hash text)`,
    [JSON.stringify(fresh), by, why],
  )
  return change
}

/**
 * Closes what is changed or left out; answers that, and what is to be added, with its version. The versions are read by a
 * statement of their own: one that reads the index of the constraint while it fills it loses entries (see the migration
 * 1764100000024).
 */
async function close<Row extends { key: string; hash: string }>(
  tx: Tx,
  table: 'rights_rule' | 'rights_role',
  rows: readonly Row[],
): Promise<{ change: StoreChange; fresh: (Row & { version: number })[] }> {
  const current = await tx.query<{ key: string; hash: string }>(
    `select key, encode(content_hash, 'hex') as hash from ${table} where upper_inf(recorded)`,
  )
  const before = new Map(current.map(row => [row.key, row.hash]))
  const after = new Map(rows.map(row => [row.key, row.hash]))
  const change = {
    added: rows.filter(row => !before.has(row.key)).map(row => row.key),
    changed: rows.filter(row => before.has(row.key) && before.get(row.key) !== row.hash).map(row => row.key),
    removed: current.filter(row => !after.has(row.key)).map(row => row.key),
  }
  await tx.query(
    `update ${table} set recorded = tstzrange(lower(recorded), clock_timestamp()) where upper_inf(recorded) and key = any($1)`,
    [[...change.changed, ...change.removed]],
  )
  const keys = new Set([...change.added, ...change.changed])
  const known = await tx.query<{ key: string; version: number }>(
    `select key, max(version) as version from ${table} where key = any($1) group by key`,
    [[...keys]],
  )
  const last = new Map(known.map(row => [row.key, row.version]))
  const fresh = rows.filter(row => keys.has(row.key)).map(row => ({ ...row, version: (last.get(row.key) ?? 0) + 1 }))
  return { change, fresh }
}

/** Order of keys must not matter: a re-import of the same YAML is no change. */
function contentHash(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sortKeys(value)))
    .digest('hex')
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  )
}
