import { createHash } from 'node:crypto'
import { mistake, personFields, readSheet, type Sheet, type SheetField, type SheetMistake } from '#contract/sheet.ts'
import type { AuditActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { type Given, type PlannedSheet, planSheet, planUndo, type SheetChange } from './effective-sheet.ts'
import {
  batchVersions,
  insertSystem,
  knownReferences,
  lockSheets,
  readSheets,
  type StoredSheet,
  writeSheets,
} from './sheet-store.ts'

/** Who changes, and of which systems that person may. */
export type By = { actor: AuditActor; requestId?: string | null; may(systemId: string): boolean }
export type When = { now: Date; today: string }
export type Set = { set: Readonly<Record<string, unknown>>; release?: readonly SheetField[] }
type Origin = 'hand' | 'bulk' | 'import'

/**
 * Reads what a form says and looks up whom and what it names. Throws `data-invalid` with every mistake at its field
 * (`/contracts/0/to`). A person is taken by the employment that counts: systems belong to jobs, not to people.
 */
export async function readGiven(tx: Tx, { set, release = [] }: Set, ownKeys: readonly string[] = []): Promise<Given> {
  const people = new Map<string, string>()
  for (const field of personFields) {
    const id = idIn(set[field], 'person')
    if (id) people.set(field, id)
  }
  const { values, mistakes } = readSheet(Object.fromEntries(Object.entries(set).filter(([name]) => !people.has(name))))
  const affiliations = personFields.flatMap(field => idIn(values[field], 'affiliation') ?? [])
  const units = idIn(values.unit, 'unit')
  const flows = values.flows ?? []
  const known = await knownReferences(tx, {
    people: [...people.values()],
    affiliations,
    units: units ? [units] : [],
    systems: flows.map(one => one.system),
  })
  for (const [field, id] of people) {
    const affiliation = known.people[id]
    if (affiliation) Object.assign(values, { [field]: { affiliation } })
    else mistakes.push(mistake(`/${field}`, 'unknown-person'))
  }
  for (const field of personFields) {
    const id = idIn(values[field], 'affiliation')
    if (id && !people.has(field) && !known.affiliations.includes(id))
      mistakes.push(mistake(`/${field}`, 'unknown-person'))
  }
  if (units && known.units.length === 0) mistakes.push(mistake('/unit', 'unknown-unit'))
  for (const [place, { system }] of flows.entries()) {
    if (ownKeys.includes(system)) mistakes.push(mistake(`/flows/${place}/system`, 'itself'))
    else if (!known.systems.includes(system)) mistakes.push(mistake(`/flows/${place}/system`, 'unknown-system'))
  }
  if (mistakes.length > 0) throw invalid(mistakes)
  return { values, release }
}

const idIn = (value: unknown, name: string): string | null => {
  const id = value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : null
  return typeof id === 'string' && /^[0-9a-f-]{36}$/i.test(id) ? id : null
}

/** `what` for who reads the API; the code in it is what the screen has its own words for. */
const invalid = (mistakes: readonly SheetMistake[]) =>
  problem('data-invalid', {
    detail: mistakes.map(({ where, what }) => `${where} ${what}`).join(' | '),
    errors: mistakes.map(({ where, code, what }) => ({ where, what: `${code}: ${what}` })),
  })

/** The rung says what may one day be done to a system by itself: never without a reason on record. */
function reasoned(changes: readonly SheetChange[], reason: string | null): void {
  if (changes.some(one => one.field === 'rung') && !reason)
    throw problem('reason-needed', { detail: 'Say why the system goes to another rung of enforcement.' })
}

/** Sets facts by hand and releases others to the feed. Throws `not-allowed`, `conflict`, `data-invalid`, `reason-needed`. */
export async function saveSheet(
  tx: Tx,
  by: By,
  when: When,
  systemId: string,
  given: Set & { version: number; reason: string | null; origin?: Origin },
): Promise<{ version: number; changed: SheetField[] }> {
  if (!by.may(systemId)) throw problem('not-allowed')
  const [stored] = await lockSheets(tx, [systemId])
  if (!stored) throw problem('not-found')
  if (stored.version !== given.version) throw changedMeanwhile(stored)
  const planned = planSheet(stored, await readGiven(tx, given, [stored.key]), who(by, when, given.reason))
  if (!planned.touched) return { version: stored.version, changed: [] }
  reasoned(planned.changes, given.reason)
  const how = { at: when.now, origin: given.origin ?? ('hand' as const), userId: by.actor.userId }
  await writeSheets(tx, [next(stored, planned, given.reason)], how)
  await put(tx, by, 'system.changed', stored.id, planned.changes, { reason: given.reason, version: stored.version + 1 })
  return { version: stored.version + 1, changed: planned.changes.map(one => one.field) }
}

/** A system that no feed has told of. `key`: small letters, digits, `.`, `_` and `-`; it never changes. */
export async function createSystem(
  tx: Tx,
  by: Omit<By, 'may'>,
  when: When,
  given: Set & { key: string; reason: string | null; origin?: Origin },
): Promise<{ id: string; key: string; version: number }> {
  const { values, release } = await readGiven(tx, given, [given.key])
  const mistakes: SheetMistake[] = []
  if (!/^[\p{Ll}\p{N}][\p{Ll}\p{N}._-]*$/u.test(given.key))
    mistakes.push(mistake('/key', given.key === '' ? 'missing' : 'not-understood'))
  if (!values.name) mistakes.push(mistake('/name', 'missing'))
  if (mistakes.length > 0) throw invalid(mistakes)
  const id = await insertSystem(tx, { key: given.key, name: String(values.name), source: 'hjemmel', today: when.today })
  if (!id)
    throw problem('conflict', {
      detail: `There is a system "${given.key}" already. Choose another key, or change that one.`,
    })
  const empty = { feed: {}, hand: {}, sheet: {} }
  const planned = planSheet(empty, { values, release }, who(by, when, given.reason))
  reasoned(planned.changes, given.reason)
  const stored = { ...empty, id, key: given.key, name: '', version: 0 }
  const how = { at: when.now, origin: given.origin ?? ('hand' as const), userId: by.actor.userId }
  await writeSheets(tx, [next(stored, planned, given.reason)], how)
  await put(tx, by, 'system.created', id, planned.changes, { reason: given.reason, key: given.key })
  return { id, key: given.key, version: 1 }
}

type BulkRow = { stored: StoredSheet; planned: PlannedSheet; refused: 'not-allowed' | null }

/** What setting facts for many systems would change, with a hash of exactly that. Nothing is written. */
export async function planMany(
  tx: Tx,
  by: By,
  when: When,
  ids: readonly string[],
  given: Set,
  options: { lock?: boolean; reason?: string | null } = {},
): Promise<{ rows: BulkRow[]; hash: string }> {
  const read = await readGiven(tx, given)
  const stored = await (options.lock ? lockSheets : readSheets)(tx, ids)
  if (stored.length < new Set(ids).size) throw problem('not-found')
  const rows = stored.map((one): BulkRow => {
    const planned = planSheet(one, read, who(by, when, options.reason ?? null))
    return { stored: one, planned, refused: by.may(one.id) ? null : 'not-allowed' }
  })
  const hash = createHash('sha256')
    .update(JSON.stringify(rows.map(row => [row.stored.id, row.stored.version, row.refused, row.planned.changes])))
    .digest('hex')
  return { rows, hash }
}

/** Does it, if it is still what was looked at (`plan-stale`). Systems that one may not change are left out, as shown. */
export async function changeMany(
  tx: Tx,
  by: By,
  when: When,
  ids: readonly string[],
  given: Set & { hash: string; reason: string | null },
): Promise<{ batch: string; changed: number }> {
  const { rows, hash } = await planMany(tx, by, when, ids, given, { lock: true, reason: given.reason })
  if (hash !== given.hash)
    throw problem('plan-stale', { detail: 'A system has been changed since you looked. Look again and confirm.' })
  const todo = rows.filter(row => row.refused === null && row.planned.touched)
  for (const row of todo) reasoned(row.planned.changes, given.reason)
  const batch = newId()
  const how = { at: when.now, origin: 'bulk' as const, userId: by.actor.userId, batch }
  await writeSheets(
    tx,
    todo.map(({ stored, planned }) => next(stored, planned, given.reason)),
    how,
  )
  await audit(tx).write({
    actor: by.actor,
    action: 'system.many-changed',
    subjectKind: 'system',
    requestId: by.requestId ?? null,
    after: { set: given.set, release: given.release ?? [] },
    detail: { batch, reason: given.reason, systems: todo.map(row => row.stored.id) },
  })
  return { batch, changed: todo.length }
}

/** Takes a change of many systems back, field by field; what has been changed since stays as it is now. */
export async function undoMany(
  tx: Tx,
  by: By,
  when: When,
  batch: string,
): Promise<{ undone: number; kept: number; keptAt: { system: StoredSheet; fields: SheetField[] }[] }> {
  const versions = await batchVersions(tx, batch)
  if (versions.length === 0 || versions.some(one => !by.may(one.id))) throw problem('not-found')
  const byId = new Map(versions.map(one => [one.id, one]))
  const keptAt: { system: StoredSheet; fields: SheetField[] }[] = []
  const writes = (await lockSheets(tx, [...byId.keys()])).flatMap(stored => {
    const { before, after, fields } = byId.get(stored.id)!
    const planned = planUndo(stored, { before, after, fields: fields as SheetField[] })
    if (planned.kept.length > 0) keptAt.push({ system: stored, fields: planned.kept })
    return planned.touched ? [next(stored, planned, null)] : []
  })
  if (writes.length === 0) throw problem('conflict', { detail: 'All of it has been taken back or changed since.' })
  await writeSheets(tx, writes, { at: when.now, origin: 'undo', userId: by.actor.userId, batch })
  await audit(tx).write({
    actor: by.actor,
    action: 'system.many-undone',
    subjectKind: 'system',
    requestId: by.requestId ?? null,
    detail: { batch, systems: writes.map(one => one.id), kept: keptAt.length },
  })
  return { undone: writes.length, kept: keptAt.length, keptAt }
}

const who = (by: Pick<By, 'actor'>, when: When, reason: string | null) => ({
  at: when.now.toISOString(),
  by: by.actor.userId,
  reason,
})
const next = (stored: StoredSheet, { hand, sheet, changes }: PlannedSheet, reason: string | null) => ({
  id: stored.id,
  feed: stored.feed,
  hand,
  sheet,
  version: stored.version + 1,
  changes,
  reason,
})
const changedMeanwhile = (stored: StoredSheet) =>
  problem('conflict', {
    detail: `Version ${stored.version} of this sheet counts now. Look at what has changed and try again.`,
    params: { version: stored.version },
  })

async function put(
  tx: Tx,
  by: Omit<By, 'may'>,
  action: string,
  subjectId: string,
  changes: readonly SheetChange[],
  detail: Record<string, unknown>,
): Promise<void> {
  const side = (which: 'before' | 'after'): Sheet => Object.fromEntries(changes.map(one => [one.field, one[which]]))
  await audit(tx).write({
    actor: by.actor,
    // Another rung is what an auditor looks for.
    action: action === 'system.changed' && changes.some(one => one.field === 'rung') ? 'system.rung-changed' : action,
    subjectKind: 'system',
    subjectId,
    requestId: by.requestId ?? null,
    before: side('before'),
    after: side('after'),
    detail,
  })
}
