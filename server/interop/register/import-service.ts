import type { Readable } from 'node:stream'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { applyRegister, RegisterSettings, RegisterUpload, undoRegister } from '#contract/register-transfer.ts'
import { audit } from '../../audit/audit-store.ts'
import { fileGone, readOnce, toApply } from '../../feeds/imports/check-import.ts'
import * as saved from '../../feeds/imports/columns-service.ts'
import { readColumns, saveColumns } from '../../feeds/imports/columns-store.ts'
import { exampleIn, type KeptColumns, layColumns, rememberedFor, sameHeading } from '../../feeds/imports/headings.ts'
import * as files from '../../feeds/imports/import-store.ts'
import { takeSent } from '../../feeds/imports/read-sent.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import { auditActor } from '../../policy/policy.ts'
import * as activities from '../../register/activities/activity-service.ts'
import * as store from './import-store.ts'
import type { KnownRecord } from './known-register.ts'
import { type PlannedRecord, type PlannedRegister, planRegister } from './plan-register.ts'
import { type RegisterContent, readRegister, TOO_LARGE } from './read-register.ts'
import { columnsFor } from './sheet-headings.ts'
import { SHEETS } from './sheets.ts'
import { tellPackage, unknownFields } from './tell-package.ts'
import { isOwnFile, tellTables } from './tell-tables.ts'
import type { ToldFile } from './told-record.ts'

export type Ctx = activities.Ctx & { requestId: string }
/** Records that the reader may know of. */
export type LoadRecords = (tx: Tx) => Promise<readonly KnownRecord[]>

const FILES = 'register_import'
const COLUMNS = 'register_columns'

const note = (ctx: Pick<Ctx, 'tx' | 'actor' | 'requestId'>, action: string, id: string | null, detail: unknown) =>
  audit(ctx.tx).write({
    ...{ actor: auditActor(ctx.actor), action: `register.${action}`, subjectKind: 'register-import' },
    ...{ ...(id ? { subjectId: id } : {}), requestId: ctx.requestId, detail },
  })

/** Looks at a file that is sent in, and keeps it until it is let in or two days are over. Nothing is changed. */
export async function takeUpload(db: Db, by: Omit<Ctx, 'tx'>, name: string, from: Readable): Promise<RegisterUpload> {
  const content = await readRegister(await takeSent(from, TOO_LARGE), name)
  const id = newId()
  return db.transaction(async tx => {
    await files.keepFile(tx, FILES, { id, userId: by.actor.userId, at: by.now, name, content })
    const seen = lookAt(content, await readColumns(tx, COLUMNS))
    const rows = content.kind === 'table' ? content.tables.map(one => one.rows.length) : [content.records.length]
    await note({ ...by, tx }, 'import-sent-in', id, { kind: content.kind, rows })
    return { importId: id, name, ...seen }
  })
}

function lookAt(content: RegisterContent, kept: readonly KeptColumns[]): Omit<RegisterUpload, 'importId' | 'name'> {
  const none = { own: false, remembered: null, saved: [], leftSheets: [], unknown: [], area: '' }
  if (content.kind === 'package')
    return {
      ...{ ...none, kind: 'package', records: content.records.length, tables: [], area: content.title },
      unknown: unknownFields(content.records),
    }
  const tables = content.tables.map(one => ({
    headings: one.headings.map(sameHeading),
    proposed: columnsFor(one.part, one.headings),
    can: (name: string) => SHEETS[one.part].columns.some(column => column.name === name),
  }))
  const own = isOwnFile(content.tables)
  const remembered = own
    ? undefined
    : rememberedFor(
        kept,
        tables.map(one => one.headings),
      )
  return {
    ...{ ...none, kind: 'table', records: 0, own, remembered: remembered?.name ?? null, leftSheets: content.left },
    saved: kept.map(one => layColumns(one, tables)).sort((a, b) => b.fits - a.fits),
    tables: content.tables.map((table, at) => ({
      ...{ part: table.part, sheet: table.sheet, rows: table.rows.length, headings: table.headings },
      examples: table.headings.map((_, place) => exampleIn(table.rows, place)),
      columns: remembered?.columns[at] ?? tables[at]?.proposed ?? [],
      targets: SHEETS[table.part].columns.map(({ name, da, en }) => ({ name, da, en })),
    })),
  }
}

export type Planned = PlannedRegister & { name: string; content: RegisterContent }

/** What a file would do. Throws `not-found`, and `data-invalid` where a thing is to be read from two columns. */
export async function planOf(
  ctx: Ctx,
  importId: string,
  settings: RegisterSettings,
  loadRecords: LoadRecords,
  lock = false,
): Promise<Planned> {
  const kept = await files.readFile<RegisterContent>(ctx.tx, FILES, importId, ctx.actor.userId, lock)
  if (!kept) throw fileGone()
  const { content, name } = kept
  const columns = content.kind === 'table' ? content.tables.map((_, at) => settings.columns[at] ?? []) : []
  for (const [at, list] of columns.entries()) readOnce(list, `/columns/${at}`)
  const told = content.kind === 'table' ? tellTables(content.tables, columns) : tellPackage(content.records)
  const records = await loadRecords(ctx.tx)
  const known = await store.readKnown(ctx.tx, { records, numbers: numbersOf(told) })
  return { ...planRegister(told, known, settings, ctx.today), name, content }
}

/** What may be an employee number: in brackets, or bare. */
const numbersOf = (told: ToldFile): string[] => [
  ...new Set(
    told.records.flatMap(one => {
      const text = one.cells.owner?.text ?? ''
      return text === '' ? [] : [/\[([^[\]]+)\]$/.exec(text)?.[1]?.trim() ?? text]
    }),
  ),
]

/** Does what was shown, in one transaction. Throws `plan-stale` when it would do something else now. */
export async function applyImport(
  ctx: Ctx,
  importId: string,
  given: BodyOf<typeof applyRegister>,
  { loadRecords, check }: { loadRecords: LoadRecords; check: activities.CheckContent },
): Promise<ResponseOf<typeof applyRegister>> {
  const plan = await planOf(ctx, importId, given, loadRecords, true)
  const { todo, bad } = toApply(plan, given, { whole: 'register', lines: 'records' })
  const summary = `Import: ${plan.name}`.slice(0, 1000)
  const made: { activityId: string; versionId: string }[] = []
  for (const row of todo) made.push(await carryOut(ctx, row, summary, check))
  const locks = await store.locksOf(
    ctx.tx,
    made.map(one => one.versionId),
  )
  const proposals = todo.filter(row => row.becomes === 'proposal').length
  const counts = { drafts: todo.length - proposals, proposals, left: bad.length }
  await files.noteApplied(ctx.tx, FILES, {
    ...{ id: importId, at: ctx.now },
    did: {
      ...{ drafts: counts.drafts, proposals, left_out: bad.length },
      made: JSON.stringify(made.map(one => ({ ...one, lock: locks.get(one.versionId) ?? 1 }))),
    },
  })
  if (given.saveAs && plan.content.kind === 'table')
    await saveColumns(ctx.tx, COLUMNS, {
      ...{ name: given.saveAs, userId: ctx.actor.userId, at: ctx.now, columns: given.columns },
      headings: plan.content.tables.map(one => one.headings.map(sameHeading)),
    })
  await note(ctx, 'imported', importId, { ...counts, activities: made.map(one => one.activityId) })
  return counts
}

/** Through the doors that everybody uses, so that the same is checked and written down. */
async function carryOut(ctx: Ctx, row: PlannedRecord, summary: string, check: activities.CheckContent) {
  const { record, content } = row
  if (!content) throw new Error('a row without content is not carried out')
  if (!record) return activities.startActivity(ctx, content)
  const at = record.open
    ? { activityId: record.id, versionId: record.open.versionId }
    : await activities.startChange(ctx, record.id)
  const lock = record.open?.lock ?? 1
  const { lock: next } = await activities.changeDraft(ctx, at, { content, summary, lock }, check)
  if (row.becomes === 'proposal')
    await activities.propose(ctx, at, { summary, effectiveOn: ctx.today, lock: next }, check)
  return at
}

/** Takes one's own import back: what nobody has touched since is withdrawn. Throws `not-found`. */
export async function undoImport(ctx: Ctx, importId: string): Promise<ResponseOf<typeof undoRegister>> {
  const made = await store.lockApplied(ctx.tx, importId, ctx.actor.userId)
  if (!made) throw problem('not-found', { detail: 'There is no such import of yours, or it has been undone.' })
  const open = await store.untouched(ctx.tx, made)
  for (const one of open) await activities.withdraw(ctx, one, one.lock)
  await files.noteUndone(ctx.tx, FILES, importId, ctx.now)
  const counts = { withdrawn: open.length, kept: made.length - open.length }
  await note(ctx, 'import-undone', importId, counts)
  return counts
}

const noteColumns =
  (ctx: Ctx): saved.NoteColumns =>
  (action, detail) =>
    note(ctx, action, null, detail)
/** Calls saved columns something else, or forgets them. Throws `not-found`, `conflict`. */
export const renameColumns = (ctx: Ctx, given: { name: string; to: string }) =>
  saved.renameSaved(ctx.tx, COLUMNS, given, noteColumns(ctx))
export const deleteColumns = (ctx: Ctx, given: { name: string }) =>
  saved.deleteSaved(ctx.tx, COLUMNS, given, noteColumns(ctx))
