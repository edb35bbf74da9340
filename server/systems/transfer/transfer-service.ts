import type { Readable } from 'node:stream'
import { type ImportSettings, type ImportTarget, type ImportUpload, importTargets } from '#contract/transfer.ts'
import { audit } from '../../audit/audit-store.ts'
import { countOps, fileGone, readOnce, toApply } from '../../feeds/imports/check-import.ts'
import { deleteSaved, type NoteColumns, renameSaved } from '../../feeds/imports/columns-service.ts'
import { readColumns, saveColumns } from '../../feeds/imports/columns-store.ts'
import { exampleIn, type KeptColumns, layColumns, rememberedFor, sameHeading } from '../../feeds/imports/headings.ts'
import * as files from '../../feeds/imports/import-store.ts'
import { takeSent } from '../../feeds/imports/read-sent.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import { type By as MayChange, undoMany, type When } from '../catalogue/sheet-service.ts'
import { writeSheets } from '../catalogue/sheet-store.ts'
import { isOwn, proposeTargets } from './headings.ts'
import { type Known, type PlannedImport, type PlannedRow, planImport } from './plan-import.ts'
import { leftPaths, tellKitos } from './read-kitos.ts'
import { tellTables } from './read-tables.ts'
import { readUpload, TOO_LARGE } from './read-upload.ts'
import type { Told } from './told.ts'
import * as store from './transfer-store.ts'

export type By = MayChange & { actor: { userId: string } }
const FILES = 'catalogue_import'
const COLUMNS = 'catalogue_columns'

/** Looks at a file that is sent in, and keeps it until it is let in or two days are over. Nothing is changed. */
export async function takeUpload(db: Db, by: By, when: When, name: string, from: Readable): Promise<ImportUpload> {
  const content = await readUpload(await takeSent(from, TOO_LARGE), name)
  const id = newId()
  return db.transaction(async tx => {
    const file = { id, userId: by.actor.userId, at: when.now, name, content }
    await files.keepFile(tx, FILES, file, { kind: content.kind })
    const seen = lookAt(content, await readColumns(tx, COLUMNS))
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

function lookAt(content: store.ImportContent, saved: readonly KeptColumns[]): Omit<ImportUpload, 'importId' | 'name'> {
  if (content.kind === 'kitos')
    return {
      saved: [],
      ...{ kind: 'kitos', headings: [], examples: [], columns: [], own: false, remembered: null, leftSheets: [] },
      tables: [{ part: 'systems', sheet: null, rows: content.file.usages.length }],
      unknown: leftPaths(content.file),
    }
  const systems = content.tables.find(one => one.part === 'systems')
  const headings = systems?.headings ?? []
  const keys = headings.map(sameHeading)
  const own = isOwn(headings)
  const remembered = own ? undefined : rememberedFor(saved, [keys])
  const proposed = proposeTargets(headings)
  const can = (name: string) => (importTargets as readonly string[]).includes(name)
  return {
    saved: saved
      .map(one => layColumns(one, [{ headings: keys, can, proposed }]))
      .map(one => ({ ...one, columns: targets(one.columns) }))
      .sort((a, b) => b.fits - a.fits),
    kind: 'table',
    tables: content.tables.map(one => ({ part: one.part, sheet: one.sheet, rows: one.rows.length })),
    headings,
    examples: headings.map((_, at) => exampleIn(systems?.rows ?? [], at)),
    columns: remembered ? targets(remembered.columns) : proposed,
    own,
    remembered: remembered?.name ?? null,
    leftSheets: content.left,
    unknown: [],
  }
}
/** Columns are those of the list of systems alone. */
const targets = (columns: (string | null)[][]) => (columns[0] ?? []) as (ImportTarget | null)[]

/** Calls saved columns something else, or forgets them. Throws `not-found`, `conflict`. */
export const renameColumns = (tx: Tx, by: By, given: { name: string; to: string }) =>
  renameSaved(tx, COLUMNS, given, noteColumns(tx, by))
export const deleteColumns = (tx: Tx, by: By, given: { name: string }) =>
  deleteSaved(tx, COLUMNS, given, noteColumns(tx, by))

const noteColumns =
  (tx: Tx, by: By): NoteColumns =>
  (action, detail) =>
    audit(tx).write({
      ...{ actor: by.actor, action: `system.${action}`, subjectKind: 'catalogue-columns' },
      ...{ requestId: by.requestId ?? null, detail },
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
  const kept = await files.readFile<store.ImportContent>(tx, FILES, importId, by.actor.userId, lock)
  if (!kept) throw fileGone()
  readOnce(settings.columns, '/columns')
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
  const { todo, bad } = toApply(plan, given, { whole: 'catalogue', lines: 'rows' })
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
  const { new: created, changed } = countOps(todo)
  const counts = { created, changed, left: bad.length }
  const did = { created, changed, left_out: bad.length }
  await files.noteApplied(tx, FILES, { id: importId, at: when.now, did })
  if (given.saveAs && plan.content.kind === 'table') {
    const headings = plan.content.tables.find(one => one.part === 'systems')?.headings.map(sameHeading) ?? []
    await saveColumns(tx, COLUMNS, {
      ...{ name: given.saveAs, userId: by.actor.userId, at: when.now },
      ...{ headings: [headings], columns: [given.columns] },
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
