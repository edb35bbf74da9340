import type { Readable } from 'node:stream'
import type { ImportSettings, ImportUpload } from '#contract/transfer.ts'
import { audit } from '../../audit/audit-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import { type By as MayChange, undoMany, type When } from '../catalogue/sheet-service.ts'
import { writeSheets } from '../catalogue/sheet-store.ts'
import { isOwn, proposeTargets, sameHeading } from './headings.ts'
import { unknownPaths } from './kitos-shape.ts'
import { type Known, type PlannedImport, type PlannedRow, planImport } from './plan-import.ts'
import { tellKitos } from './read-kitos.ts'
import { tellTables } from './read-tables.ts'
import { readUpload, takeSystems } from './read-upload.ts'
import type { Told } from './told.ts'
import * as store from './transfer-store.ts'

export type By = MayChange & { actor: { userId: string } }
/** Rows that are shown of a file before anything is said about it. */
const SHOWN = 5

/** Looks at a file that is sent in, and keeps it until it is let in or two days are over. Nothing is changed. */
export async function takeUpload(db: Db, by: By, when: When, name: string, from: Readable): Promise<ImportUpload> {
  const content = await readUpload(await takeSystems(from), name)
  const id = newId()
  return db.transaction(async tx => {
    await store.keepImport(tx, { id, userId: by.actor.userId, at: when.now, name, content })
    const seen = lookAt(content, await store.savedColumns(tx))
    await audit(tx).write({
      actor: by.actor,
      action: 'system.import-sent-in',
      subjectKind: 'catalogue-import',
      subjectId: id,
      requestId: by.requestId ?? null,
      detail: { kind: content.kind, rows: seen.tables.map(one => one.rows) },
    })
    return { importId: id, name, ...seen }
  })
}

function lookAt(
  content: store.ImportContent,
  saved: readonly store.SavedColumns[],
): Omit<ImportUpload, 'importId' | 'name'> {
  if (content.kind === 'kitos')
    return {
      saved: [],
      ...{ kind: 'kitos', headings: [], rows: [], columns: [], own: false, remembered: null, leftSheets: [] },
      tables: [{ part: 'systems', sheet: null, rows: content.file.usages.length }],
      unknown: unknownPaths(content.file),
    }
  const systems = content.tables.find(one => one.part === 'systems')
  const headings = systems?.headings ?? []
  const keys = headings.map(sameHeading)
  const own = isOwn(headings)
  const remembered = own
    ? undefined
    : saved.find(
        one => one.headings.length === keys.length && one.headings.every((heading, at) => heading === keys[at]),
      )
  return {
    saved: saved.map(one => layOn(one, keys)).sort((a, b) => b.fits - a.fits),
    kind: 'table',
    tables: content.tables.map(one => ({ part: one.part, sheet: one.sheet, rows: one.rows.length })),
    headings,
    rows: systems?.rows.slice(0, SHOWN).map(row => headings.map((_, at) => row.cells[at] ?? '')) ?? [],
    columns: remembered?.columns ?? proposeTargets(headings),
    own,
    remembered: remembered?.name ?? null,
    leftSheets: content.left,
    unknown: [],
  }
}

/** Saved columns on the headings of another file: a heading that they know says what it said there, each at most once. */
function layOn(saved: store.SavedColumns, keys: readonly string[]): ImportUpload['saved'][number] {
  const left = saved.headings.map((heading, at) => ({ heading, target: saved.columns[at] ?? null }))
  let fits = 0
  const columns = keys.map(key => {
    const at = left.findIndex(one => one.heading === key)
    if (at < 0) return null
    fits++
    return left.splice(at, 1)[0]?.target ?? null
  })
  return { name: saved.name, columns, fits }
}

/** Throws `not-found`, and `conflict` where other columns have the name. */
export async function renameSaved(tx: Tx, by: By, name: string, to: string): Promise<{ name: string }> {
  const done = await store.renameColumns(tx, name, to)
  if (done === 'unknown') throw problem('not-found', { detail: 'There are no saved columns of this name.' })
  if (done === 'taken')
    throw problem('conflict', { detail: `Other columns are saved as "${to}". Choose another name, or delete those.` })
  await noteSaved(tx, by, 'system.columns-renamed', { name, to })
  return { name: to }
}

/** Throws `not-found`. */
export async function deleteSaved(tx: Tx, by: By, name: string): Promise<{ name: string }> {
  if (!(await store.deleteColumns(tx, name)))
    throw problem('not-found', { detail: 'There are no saved columns of this name.' })
  await noteSaved(tx, by, 'system.columns-deleted', { name })
  return { name }
}

const noteSaved = (tx: Tx, by: By, action: string, detail: Record<string, string>) =>
  audit(tx).write({
    actor: by.actor,
    action,
    subjectKind: 'catalogue-columns',
    requestId: by.requestId ?? null,
    detail,
  })

export type Planned = PlannedImport & { known: Known; content: store.ImportContent; name: string }

/** What a file would do. Throws `not-found`, and `data-invalid` where a thing is to be read from two columns. */
export async function planOf(
  tx: Tx,
  by: By,
  when: When,
  importId: string,
  settings: ImportSettings,
  lock = false,
): Promise<Planned> {
  const kept = await store.readImport(tx, importId, by.actor.userId, lock)
  if (!kept)
    throw problem('not-found', { detail: 'The file has been let in, or was sent in too long ago. Send it in again.' })
  const twice = settings.columns.find((one, at) => one !== null && settings.columns.indexOf(one) !== at)
  if (twice)
    throw problem('data-invalid', {
      detail: `Two columns are read as ${twice}. Choose one of them.`,
      errors: [{ where: `/columns/${settings.columns.lastIndexOf(twice)}`, what: 'is said by another column already' }],
    })
  const { content, name } = kept
  const told: Told[] = content.kind === 'kitos' ? tellKitos(content.file) : tellTables(content.tables, settings)
  const known = await store.readKnown(tx, {
    numbers: [...new Set(told.flatMap(one => one.refs.flatMap(said => said.number ?? [])))],
    chosen: settings.people.flatMap(({ as }) => (typeof as === 'object' ? [as.person] : [])),
    lock,
  })
  const who = { at: when.now.toISOString(), by: by.actor.userId, reason: `Import: ${name}`.slice(0, 500) }
  return { ...planImport(told, known, settings, who), known, content, name }
}

/** Does what was shown, in one transaction. Throws `plan-stale` when it would do something else now. */
export async function applyImport(
  tx: Tx,
  by: By,
  when: When,
  importId: string,
  given: ImportSettings & { hash: string; saveAs: string | null },
): Promise<{ created: number; changed: number; left: number }> {
  const plan = await planOf(tx, by, when, importId, given, true)
  if (plan.hash !== given.hash)
    throw problem('plan-stale', { detail: 'The catalogue has been changed since you looked. Look again and confirm.' })
  const bad = plan.rows.filter(row => row.op === 'bad')
  const todo = plan.rows.filter(row => row.op === 'new' || row.op === 'changed')
  if (given.onlyWhole && bad.length > 0)
    throw problem('data-invalid', {
      detail: `${bad.length} rows have mistakes, and nothing is to be taken unless all is right.`,
    })
  if (todo.length === 0)
    throw problem('conflict', { detail: 'There is nothing in the file that would change anything.' })
  const made = await makeNew(tx, todo, when)
  const reason = `Import: ${plan.name}`.slice(0, 500)
  await writeSheets(
    tx,
    todo.map(row => {
      const { hand, sheet, changes } = row.planned!
      const id = row.system?.id ?? (made.get(row.key ?? '') as string)
      return { id, feed: row.system?.feed ?? {}, hand, sheet, changes, version: (row.system?.version ?? 0) + 1, reason }
    }),
    { at: when.now, origin: 'import', userId: by.actor.userId, batch: importId },
  )
  await store.keepExternal(
    tx,
    plan.rows.flatMap(({ op, told, system, key }) => {
      const systemId = system?.id ?? made.get(key ?? '')
      return op !== 'bad' && told.uuid && systemId ? [{ key: told.uuid, systemId, rest: told.rest ?? {} }] : []
    }),
    importId,
  )
  const created = todo.filter(row => row.op === 'new').length
  const counts = { created, changed: todo.length - created, left: bad.length }
  await store.noteApplied(tx, { id: importId, at: when.now, ...counts })
  if (given.saveAs && plan.content.kind === 'table') {
    const headings = plan.content.tables.find(one => one.part === 'systems')?.headings.map(sameHeading) ?? []
    await store.saveColumns(tx, {
      name: given.saveAs,
      headings,
      columns: given.columns,
      userId: by.actor.userId,
      at: when.now,
    })
  }
  await audit(tx).write({
    actor: by.actor,
    action: 'system.imported',
    subjectKind: 'catalogue-import',
    subjectId: importId,
    requestId: by.requestId ?? null,
    detail: {
      ...counts,
      reason,
      systems: todo.flatMap(row => row.system?.id ?? made.get(row.key ?? '') ?? []),
      // Another rung is what an auditor looks for.
      rungs: todo.filter(row => row.planned?.changes.some(one => one.field === 'rung')).map(row => row.key),
    },
  })
  return counts
}

const makeNew = (tx: Tx, todo: readonly PlannedRow[], when: When): Promise<Map<string, string>> =>
  store.makeSystems(
    tx,
    todo.flatMap(row =>
      row.op === 'new' && row.key ? [{ key: row.key, name: String(row.planned?.sheet.name ?? row.key) }] : [],
    ),
    when.today,
  )

/** Takes an import back, field by field; what has been changed since stays and is named. */
export async function undoImport(tx: Tx, by: By, when: When, importId: string) {
  if (!(await store.lockApplied(tx, importId)))
    throw problem('not-found', { detail: 'There is no such import, or it has been undone.' })
  const { undone, keptAt } = await undoMany(tx, by, when, importId)
  const removed = await store.retireMade(tx, importId, when.now)
  await store.noteUndone(tx, importId, when.now)
  await audit(tx).write({
    actor: by.actor,
    action: 'system.import-undone',
    subjectKind: 'catalogue-import',
    subjectId: importId,
    requestId: by.requestId ?? null,
    detail: { undone, kept: keptAt.length, removed },
  })
  return {
    undone: undone - removed.length,
    removed: removed.length,
    kept: keptAt.map(({ system: { id, key, name }, fields }) => ({ system: { id, key, name }, fields })),
  }
}
