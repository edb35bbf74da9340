import type { RECORD_ROW_FAULTS } from '#contract/records.ts'
import { fold } from '../../platform/fold.ts'
import { cleanText, readDate } from '../../systems/transfer/cell-text.ts'
import { RECORD_ABOUT, RECORD_KINDS, type RecordKind } from './dated-record.ts'

export type RawRow = { line: number; cells: readonly string[] }
export type RowFault = (typeof RECORD_ROW_FAULTS)[number]
/** A row as it is written, before it is known which system or activity it names. */
export type ToldRecord = {
  line: number
  kind: RecordKind
  system: string | null
  activity: string | null
  onDay: string
  nextDue: string | null
  reference: string
  note: string | null
}
export type BadRow = { line: number; what: RowFault; text: string }

/** Headings as town halls write them, folded when they are compared. */
const HEADINGS = {
  kind: ['type', 'art', 'slags', 'dokumenttype', 'kind'],
  system: ['system', 'it-system', 'systemnavn', 'fagsystem', 'systemnøgle'],
  activity: ['behandlingsaktivitet', 'aktivitet', 'behandling', 'activity', 'processing activity'],
  onDay: ['dato', 'dateret', 'udført', 'indgået', 'underskrevet', 'date', 'on'],
  nextDue: ['næste', 'næste frist', 'frist', 'fornyes', 'revideres', 'udløber', 'due', 'next due'],
  reference: ['henvisning', 'reference', 'link', 'sag', 'sagsnr', 'sagsnummer', 'dokument', 'document'],
  note: ['bemærkning', 'bemærkninger', 'note', 'noter', 'remark'],
} as const
type Column = keyof typeof HEADINGS

const KIND_WORDS: Readonly<Record<RecordKind, readonly string[]>> = {
  'processor-agreement': ['databehandleraftale', 'dba', 'processor agreement', 'data processing agreement', 'dpa'],
  dpia: ['konsekvensanalyse', 'dpia', 'konsekvensvurdering'],
  'transfer-ground': ['overførselsgrundlag', 'overførsel', 'transfer ground', 'tia', 'scc'],
  'log-sample': ['logstikprøve', 'stikprøve', 'logkontrol', 'stikprøve af log', 'log sample'],
  'consent-control': ['samtykkekontrol', 'kontrol af samtykke', 'consent control'],
}

const knownAs = (column: Column): string[] => HEADINGS[column].map(same)

/** Longest texts, as the contract has them. */
const MOST = { reference: 500, note: 1000 }

const same = (text: string): string => fold(cleanText(text)).replaceAll(/[*:.]/g, '').replaceAll(/\s+/g, ' ').trim()

export const kindOf = (text: string): RecordKind | null =>
  RECORD_KINDS.find(kind => kind === text.trim() || KIND_WORDS[kind].some(word => same(word) === same(text))) ?? null

/**
 * Where the columns are: the first row that names at least a kind, a date and a reference, since lists have titles above
 * them. null: no row does.
 */
export function columnsOf(rows: readonly RawRow[]): { at: Partial<Record<Column, number>>; after: number } | null {
  for (const [place, row] of rows.slice(0, 20).entries()) {
    const headings = row.cells.map(same)
    const at: Partial<Record<Column, number>> = {}
    for (const column of Object.keys(HEADINGS) as Column[]) {
      const found = headings.findIndex(one => knownAs(column).includes(one))
      if (found >= 0) at[column] = found
    }
    if (at.kind !== undefined && at.onDay !== undefined && at.reference !== undefined) return { at, after: place + 1 }
  }
  return null
}

/** Reads rows below the headings; every row that cannot be read is named with the first thing that is wrong with it. */
export function readRecords(
  rows: readonly RawRow[],
  at: Partial<Record<Column, number>>,
): { told: ToldRecord[]; bad: BadRow[] } {
  const told: ToldRecord[] = []
  const bad: BadRow[] = []
  for (const row of rows) {
    const cell = (column: Column) => cleanText(row.cells[at[column] ?? -1] ?? '')
    if (Object.keys(at).every(column => cell(column as Column) === '')) continue
    const read = readRow(row.line, cell)
    if ('what' in read) bad.push(read)
    else told.push(read)
  }
  return { told, bad }
}

function readRow(line: number, cell: (column: Column) => string): ToldRecord | BadRow {
  const fault = (what: RowFault, text: string): BadRow => ({ line, what, text: text.slice(0, 200) })
  const [system, activity, reference, note] = [cell('system'), cell('activity'), cell('reference'), cell('note')]
  const kind = kindOf(cell('kind'))
  if (kind === null) return fault('kind', cell('kind'))
  if (system === '' && activity === '') return fault('about', '')
  if (system !== '' && activity !== '') return fault('both', `${system} / ${activity}`)
  if (!RECORD_ABOUT[kind].includes(system === '' ? 'activity' : 'system')) return fault('not-of-this', cell('kind'))
  const onDay = readDate(cell('onDay'))
  if (!onDay.ok) return fault('day', cell('onDay'))
  const due = cell('nextDue') === '' ? null : readDate(cell('nextDue'))
  if (due && !due.ok) return fault('due', cell('nextDue'))
  const nextDue = due ? String(due.value) : null
  if (nextDue !== null && nextDue <= String(onDay.value)) return fault('due-before', cell('nextDue'))
  if (reference === '') return fault('reference', '')
  if (reference.length > MOST.reference) return fault('too-long', reference)
  if (note.length > MOST.note) return fault('too-long', note)
  return {
    ...{ line, kind, system: system || null, activity: activity || null },
    ...{ onDay: String(onDay.value), nextDue, reference, note: note || null },
  }
}
