import { createHash } from 'node:crypto'
import type { ActivityContent } from '#contract/activity-content.ts'
import type { ContentChange } from '#contract/activity-versions.ts'
import type { Remark } from '#contract/register.ts'
import type { RegisterFault, RegisterSettings } from '#contract/register-transfer.ts'
import { fold } from '../../platform/fold.ts'
import { checkContent } from '../../register/activities/check-content.ts'
import { diffContent } from '../../register/activities/diff-content.ts'
import { cleanText } from '../../systems/transfer/cell-text.ts'
import { composeRecord } from './compose-record.ts'
import type { Known, KnownRecord } from './known-register.ts'
import { termReader } from './term-text.ts'
import { fault, type ToldFile, type ToldRecord } from './told-record.ts'

export type PlannedRecord = {
  told: ToldRecord
  record: KnownRecord | null
  found: 'ref' | 'name' | null
  op: 'bad' | 'new' | 'changed' | 'unchanged'
  becomes: 'draft' | 'proposal' | null
  content: ActivityContent | null
  changes: ContentChange[]
  remarks: Remark[]
  faults: RegisterFault[]
  notes: RegisterFault[]
}
export type PlannedRegister = { rows: PlannedRecord[]; hash: string }

/**
 * What a file does to the register. A record is taken whole or not at all: one mistake, on whichever sheet, and nothing of
 * it is taken. Records that the file does not name are left alone. New ones become drafts; changes of what counts become
 * proposals, where nothing stands in the way of proposing them, and else drafts. Pure.
 */
export function planRegister(file: ToldFile, known: Known, settings: RegisterSettings, today: string): PlannedRegister {
  const terms = termReader(known.vocabularies)
  const placed = place(file.records, known)
  const rows = placed.map(row => {
    if (row.op === 'bad') return row
    const { told, record } = row
    const composed = composeRecord(told, record, { known, terms, settings, lists: file.lists })
    const faults = [...row.faults, ...composed.faults]
    const { content, notes } = composed
    if (!content || faults.length > 0) return { ...row, op: 'bad' as const, faults, notes }
    const changes = record ? diffContent(written(record.content), content) : []
    if (record && changes.length === 0) return { ...row, op: 'unchanged' as const, notes }
    const barred = record && barredBy(record, told)
    if (barred) return { ...row, op: 'bad' as const, faults: [barred], notes }
    const remarks = checkContent(content, known.vocabularies, today)
    const proposes = record !== null && record.standing !== 'draft' && !remarks.some(one => one.severity === 'must')
    return {
      ...{ ...row, op: record ? ('changed' as const) : ('new' as const), content, changes, remarks, faults, notes },
      becomes: proposes ? ('proposal' as const) : ('draft' as const),
    }
  })
  const hash = createHash('sha256')
    .update(
      JSON.stringify(rows.map(row => [row.record?.id, row.record?.open, row.op, row.becomes, row.content, row.faults])),
    )
    .digest('hex')
  return { rows, hash }
}

/** Somebody else is at it, or it is not the reader's to change. */
function barredBy(record: KnownRecord, told: ToldRecord): RegisterFault | null {
  if (!record.mayChange) return fault(told, null, record.ref, 'not-allowed')
  if (record.open?.state === 'proposed') return fault(told, null, record.ref, 'proposed')
  if (record.open && record.standing !== 'draft') return fault(told, null, record.ref, 'open-change')
  return null
}

const keyOf = (text: string): string => fold(text).replaceAll(/\s+/g, ' ').trim()
/** How the register numbers its own records. */
const OWN_REF = /^BA-\d+$/i

/** Which record each told one is about. */
function place(told: readonly ToldRecord[], known: Known): PlannedRecord[] {
  const byRef = new Map(known.records.map(one => [one.ref.toUpperCase(), one]))
  const byName = Map.groupBy(
    known.records.filter(one => one.standing !== 'retired'),
    one => keyOf(cleanText(one.content.name)),
  )
  const rows = told.map((one): PlannedRecord => {
    const row: PlannedRecord = {
      ...{ told: one, record: null, found: null, op: 'unchanged', becomes: null, content: null },
      ...{ changes: [], remarks: [], faults: [...one.faults], notes: one.notes },
    }
    const bad = (...faults: RegisterFault[]): PlannedRecord => ({
      ...row,
      op: 'bad',
      faults: [...row.faults, ...faults],
    })
    const refColumn = one.cells.ref?.column ?? null
    const record = one.ref === null ? undefined : byRef.get(one.ref.toUpperCase())
    if (record) return { ...row, record, found: 'ref' }
    if (one.ref !== null && OWN_REF.test(one.ref)) return bad(fault(one, refColumn, one.ref, 'ref-unknown'))
    const named = byName.get(keyOf(one.name ?? one.ref ?? '')) ?? []
    if (named.length === 1 && named[0]) return { ...row, record: named[0], found: 'name' }
    if (named.length > 1)
      return bad(
        fault(
          one,
          one.cells.name?.column ?? null,
          one.name ?? '',
          'name-of-many',
          named.map(known => known.ref).join(', '),
        ),
      )
    if (one.name !== null) return row
    if (one.faults.some(known => known.code === 'wrong-shape')) return { ...row, op: 'bad' }
    if (Object.keys(one.cells).length > 0) return bad(fault(one, one.cells.name?.column ?? null, '', 'title-missing'))
    return one.faults.length > 0 ? { ...row, op: 'bad' } : bad(fault(one, null, one.ref ?? '', 'no-such-activity'))
  })
  twice(rows, row => row.record?.id ?? null, 'ref-twice')
  twice(rows, row => (row.record || row.told.name === null ? null : keyOf(row.told.name)), 'title-twice')
  return rows
}

/** Two of one file that are the same record, or would be: neither is taken, and each names the other. */
function twice(
  rows: readonly PlannedRecord[],
  keyOfRow: (row: PlannedRecord) => string | null,
  code: 'ref-twice' | 'title-twice',
): void {
  const first = new Map<string, PlannedRecord>()
  for (const row of rows) {
    const key = keyOfRow(row)
    if (key === null || key === '') continue
    const other = first.get(key)
    if (!other) {
      first.set(key, row)
      continue
    }
    for (const [one, twin] of [
      [row, other],
      [other, row],
    ] as const)
      if (!one.faults.some(known => known.code === code))
        one.faults.push(
          fault(
            one.told,
            one.told.cells.name?.column ?? null,
            one.told.name ?? one.told.ref ?? '',
            code,
            String(twin.told.line),
          ),
        )
  }
}

/** A content as a file can carry it: what looks alike in a cell is no change. */
export function written(content: ActivityContent): ActivityContent {
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return cleanText(value) || null
    if (Array.isArray(value)) return value.map(clean)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, clean(inner)]))
  }
  return clean(content) as ActivityContent
}
