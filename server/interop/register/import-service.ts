import type { Readable } from 'node:stream'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { applyRegister, RegisterSettings, RegisterUpload, undoRegister } from '#contract/register-transfer.ts'
import { audit } from '../../audit/audit-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import { auditActor } from '../../policy/policy.ts'
import * as activities from '../../register/activities/activity-service.ts'
import { sameHeading } from '../../systems/transfer/headings.ts'
import * as store from './import-store.ts'
import type { KnownRecord } from './known-register.ts'
import { type PlannedRecord, type PlannedRegister, planRegister } from './plan-register.ts'
import { type RegisterContent, readRegister, takeRegister } from './read-register.ts'
import { proposeColumns } from './sheet-headings.ts'
import { SHEETS } from './sheets.ts'
import { tellPackage, unknownFields } from './tell-package.ts'
import { isOwnFile, type Table, tellTables } from './tell-tables.ts'
import type { ToldFile } from './told-record.ts'

export type Ctx = activities.Ctx & { requestId: string }
/** Records that the reader may know of. */
export type LoadRecords = (tx: Tx) => Promise<readonly KnownRecord[]>

const note = (ctx: Pick<Ctx, 'tx' | 'actor' | 'requestId'>, action: string, id: string | null, detail: unknown) =>
  audit(ctx.tx).write({
    ...{ actor: auditActor(ctx.actor), action: `register.${action}`, subjectKind: 'register-import' },
    ...{ ...(id ? { subjectId: id } : {}), requestId: ctx.requestId, detail },
  })

/** Looks at a file that is sent in, and keeps it until it is let in or two days are over. Nothing is changed. */
export async function takeUpload(db: Db, by: Omit<Ctx, 'tx'>, name: string, from: Readable): Promise<RegisterUpload> {
  const content = await readRegister(await takeRegister(from), name)
  const id = newId()
  return db.transaction(async tx => {
    await store.keepFile(tx, { id, userId: by.actor.userId, at: by.now, name, content })
    const seen = lookAt(content, await store.savedColumns(tx))
    const rows = content.kind === 'table' ? content.tables.map(one => one.rows.length) : [content.records.length]
    await note({ ...by, tx }, 'import-sent-in', id, { kind: content.kind, rows })
    return { importId: id, name, ...seen }
  })
}

function lookAt(
  content: RegisterContent,
  saved: readonly store.SavedColumns[],
): Omit<RegisterUpload, 'importId' | 'name'> {
  const none = {
    own: false,
    remembered: null,
    saved: saved.map(one => one.name),
    leftSheets: [],
    unknown: [],
    area: '',
  }
  if (content.kind === 'package')
    return {
      ...{ ...none, kind: 'package', records: content.records.length, tables: [], area: content.title },
      unknown: unknownFields(content.records),
    }
  const headings = content.tables.map(one => one.headings.map(sameHeading))
  const own = isOwnFile(content.tables)
  const remembered = own ? undefined : saved.find(one => JSON.stringify(one.headings) === JSON.stringify(headings))
  return {
    ...{ ...none, kind: 'table', records: 0, own, remembered: remembered?.name ?? null, leftSheets: content.left },
    tables: content.tables.map((table, at) => ({
      ...{ part: table.part, sheet: table.sheet, rows: table.rows.length, headings: table.headings },
      examples: table.headings.map((_, place) => exampleOf(table, place)),
      columns: remembered?.columns[at] ?? proposeColumns(table.part, table.headings),
      targets: SHEETS[table.part].columns.map(({ name, da, en }) => ({ name, da, en })),
    })),
  }
}
const exampleOf = (table: Table, at: number): string =>
  table.rows.find(row => (row.cells[at] ?? '') !== '')?.cells[at]?.slice(0, 80) ?? ''

export type Planned = PlannedRegister & { name: string; content: RegisterContent }

/** What a file would do. Throws `not-found`, and `data-invalid` where a thing is to be read from two columns. */
export async function planOf(
  ctx: Ctx,
  importId: string,
  settings: RegisterSettings,
  loadRecords: LoadRecords,
  lock = false,
): Promise<Planned> {
  const kept = await store.readFile(ctx.tx, importId, ctx.actor.userId, lock)
  if (!kept)
    throw problem('not-found', { detail: 'The file has been let in, or was sent in too long ago. Send it in again.' })
  const { content, name } = kept
  const columns = content.kind === 'table' ? content.tables.map((_, at) => settings.columns[at] ?? []) : []
  for (const [at, list] of columns.entries()) {
    const twice = list.find((one, place) => one !== null && list.indexOf(one) !== place)
    if (twice)
      throw problem('data-invalid', {
        detail: `Two columns are read as ${twice}. Choose one of them.`,
        errors: [{ where: `/columns/${at}/${list.lastIndexOf(twice)}`, what: 'is said by another column already' }],
      })
  }
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
  if (plan.hash !== given.hash)
    throw problem('plan-stale', { detail: 'The register has been changed since you looked. Look again and confirm.' })
  const bad = plan.rows.filter(row => row.op === 'bad')
  const todo = plan.rows.filter(row => row.op === 'new' || row.op === 'changed')
  if (given.onlyWhole && bad.length > 0)
    throw problem('data-invalid', {
      detail: `${bad.length} records have mistakes, and nothing is to be taken unless all is right.`,
    })
  if (todo.length === 0)
    throw problem('conflict', { detail: 'There is nothing in the file that would change anything.' })
  const summary = `Import: ${plan.name}`.slice(0, 1000)
  const made: { activityId: string; versionId: string }[] = []
  for (const row of todo) made.push(await carryOut(ctx, row, summary, check))
  const locks = await store.locksOf(
    ctx.tx,
    made.map(one => one.versionId),
  )
  const proposals = todo.filter(row => row.becomes === 'proposal').length
  const counts = { drafts: todo.length - proposals, proposals, left: bad.length }
  await store.noteApplied(ctx.tx, {
    ...{ id: importId, at: ctx.now, ...counts },
    made: made.map(one => ({ ...one, lock: locks.get(one.versionId) ?? 1 })),
  })
  if (given.saveAs && plan.content.kind === 'table')
    await store.saveColumns(ctx.tx, {
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
  await store.noteUndone(ctx.tx, importId, ctx.now)
  const counts = { withdrawn: open.length, kept: made.length - open.length }
  await note(ctx, 'import-undone', importId, counts)
  return counts
}

/** Throws `not-found`. */
export async function deleteSaved(ctx: Ctx, name: string): Promise<{ name: string }> {
  if (!(await store.deleteColumns(ctx.tx, name)))
    throw problem('not-found', { detail: 'There are no saved columns of this name.' })
  await note(ctx, 'columns-deleted', null, { name })
  return { name }
}
