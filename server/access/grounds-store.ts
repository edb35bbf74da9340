import { planned } from '../platform/planned.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { UnitLookup } from '../rules/constraint.ts'
import { buildIndex, type RuleIndex } from '../rules/rule-index.ts'
import { loadRoles, loadRules } from '../rules/rules-store.ts'
import { loadEntitlements } from '../systems/system-store.ts'

/*
 * What decisions rest on beside the facts: rules, roles, entitlements and the shape of the organisation. Loading and
 * compiling a thousand rules takes longer than deciding one person, so the last ones are kept in the process. They are
 * kept under their content, which is asked of the database in the very transaction that decides: a change of another
 * process counts with its commit, one that is taken back was never there, and two databases in one process never meet.
 */

/** What the grounds are now, without what they say: equal prints are equal grounds. */
export type Prints = { rules: string; units: string }
export type Grounds = {
  index: RuleIndex
  units: UnitLookup
  /** Entitlement key → id. */
  ids: ReadonlyMap<string, string>
}
type Compiled = Pick<Grounds, 'index' | 'ids'>

/** A day and the next one, of what counts and of what counted before a change: more is memory for nothing. */
const KEPT = 4
const compiled = new Map<string, Compiled>()
const lookups = new Map<string, UnitLookup>()

/**
 * The sum of a hash of each row, of 64 bits, and not one hash over all of them in order: sorting 5,500 keys takes longer than
 * hashing them. The id is part of it, so what one database calls by a key is not what another does.
 */
const printOf = (table: string, hash: string, counts: string) =>
  `(select count(*) || ' ' || coalesce(sum(${hash}), 0) from ${table} where ${counts})`
const rowHash = (columns: string) => `hash_record_extended(row(${columns}), 0)`
/** Of the many: hashing the columns themselves takes less than half of what hashing them as a record does. */
const RIGHT_HASH = 'uuid_hash_extended(id, 0) # hashtextextended(key, 0)'

const PRINTS = `${printOf('rights_rule', rowHash('key, version, content_hash'), 'upper_inf(recorded)')} || '/' ||
    ${printOf('rights_role', rowHash('key, version, content_hash'), 'upper_inf(recorded)')} || '/' ||
    ${printOf('entitlement', RIGHT_HASH, 'gone_at is null')} as rules,
  ${printOf('org_unit_current', rowHash('unit_id, key, level, path_keys'), 'active')} as units`

export const printsOf = async (tx: Tx): Promise<Prints> => {
  const [row] = await planned<Prints>(tx, `select ${PRINTS}`, [])
  return row as Prints
}

/** The same with what everybody was decided by last: null where nothing has been. */
export async function printsAndState(
  tx: Tx,
): Promise<{ prints: Prints; state: { stamp: string; onDate: string } | null }> {
  const [row] = await planned<Prints & { state: { stamp: string; onDate: string } | null }>(
    tx,
    `select ${PRINTS}, (select json_build_object('stamp', rules_stamp, 'onDate', on_date) from access_state) as state`,
    [],
  )
  const { rules, units, state } = row as NonNullable<typeof row>
  return { prints: { rules, units }, state }
}

/** All of it as one text. By content, not by when it was written: transactions do not end in the order in which they began. */
export const stampOf = ({ rules, units }: Prints): string => `${rules}/${units}`

/** Everything that is needed to decide rights as of a civil date; `prints` where they have just been asked for. */
export async function loadGrounds(tx: Tx, on: string, prints?: Prints): Promise<Grounds> {
  const now = prints ?? (await printsOf(tx))
  const { index, ids } = await compiledOf(tx, now, on)
  return { index, ids, units: await unitsOf(tx, now) }
}

/** Rules in force on a date over all entitlements, ready to decide. */
export async function loadIndex(tx: Tx, on: string): Promise<RuleIndex> {
  return (await compiledOf(tx, await printsOf(tx), on)).index
}

/** The same with the ids of entitlements by their keys. */
export async function loadRuleGrounds(tx: Tx, on: string): Promise<Compiled> {
  return compiledOf(tx, await printsOf(tx), on)
}

/** Levels and subtrees of today's units, by key. */
export async function loadUnits(tx: Tx): Promise<UnitLookup> {
  return unitsOf(tx, await printsOf(tx))
}

async function compiledOf(tx: Tx, { rules: print }: Prints, on: string): Promise<Compiled> {
  const name = `${on} ${print}`
  return kept(compiled, name, async () => {
    const [rules, roles, rows] = [await loadRules(tx), await loadRoles(tx), await loadEntitlements(tx)]
    const keys = rows.map(row => row.key)
    const made = { index: buildIndex(rules, roles, keys, on), ids: new Map(rows.map(row => [row.key, row.id])) }
    // Somebody may have changed them while they were read: then they are good for this once.
    return { made, same: (await printsOf(tx)).rules === print }
  })
}

async function unitsOf(tx: Tx, { units: print }: Prints): Promise<UnitLookup> {
  return kept(lookups, print, async () => ({ made: await readUnits(tx), same: (await printsOf(tx)).units === print }))
}

async function kept<T>(all: Map<string, T>, name: string, make: () => Promise<{ made: T; same: boolean }>): Promise<T> {
  const known = all.get(name)
  all.delete(name)
  const { made, same } = known ? { made: known, same: true } : await make()
  if (same) all.set(name, made)
  // What was used last stands last.
  for (const old of [...all.keys()].slice(0, -KEPT)) all.delete(old)
  return made
}

async function readUnits(tx: Tx): Promise<UnitLookup> {
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
