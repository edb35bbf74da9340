import { type ActivityContent, activityContent, type ControllerContent } from '#contract/activity-content.ts'
import type { RegisterFault, RegisterSettings } from '#contract/register-transfer.ts'
import { isNone, readList, readNumber } from '../../systems/transfer/cell-text.ts'
import type { Ground } from './compose-ground.ts'
import { linesOf, listCellOf, readTerms } from './compose-lists.ts'
import type { Known, KnownRecord } from './known-register.ts'
import { readOwner, readUnits } from './read-references.ts'
import { columnOf } from './sheets.ts'
import { readChoiceCell, type TermReader } from './term-text.ts'
import { fault, type ListPart, type ToldCell, type ToldRecord } from './told-record.ts'

export type Composed = {
  content: ActivityContent | null
  faults: RegisterFault[]
  notes: RegisterFault[]
}
type Draft = Record<string, unknown>

const CONTROLLER_ONLY = ['information', 'consent'] as const
const TEXTS = ['nameEn', 'description', 'measuresNote', ...CONTROLLER_ONLY] as const
const CONTROLLER_LISTS: readonly ListPart[] = ['rows', 'purposes', 'retention']

/**
 * What a record would say, if the file were followed: the content that is there, with what the file says in its place. Null
 * where something in it cannot be taken: a record is taken whole or not at all. Pure.
 */
export function composeRecord(
  told: ToldRecord,
  before: KnownRecord | null,
  {
    known,
    terms,
    settings,
    lists,
  }: {
    known: Known
    terms: TermReader
    settings: Pick<RegisterSettings, 'empty' | 'area'>
    /** Lists that the file has sheets of. */
    lists: ReadonlySet<ListPart>
  },
): Composed {
  const faults: RegisterFault[] = []
  const notes: RegisterFault[] = [...told.notes]
  const clear = settings.empty === 'clear'
  const kind = kindOf(told, before, faults)
  const draft: Draft = before ? structuredClone(before.content) : { kind, systems: [], units: [], kle: [] }
  const ground: Ground = { told, before: before?.content ?? null, named: before?.named ?? null, known, terms, faults }

  /** Calls `take` with what the cell says; an empty one is passed on as null where empty cells say so. */
  const each = (name: string, take: (text: string | null, cell: ToldCell) => void) => {
    const cell = told.cells[name]
    if (!cell) return
    if (cell.text !== '') take(cell.text, cell)
    else if (clear) take(null, cell)
  }
  each('name', text => {
    if (text !== null) draft.name = text
  })
  each('area', text => {
    if (text !== null) draft.area = text
  })
  if (!before && draft.area === undefined) {
    if (settings.area !== '') draft.area = settings.area
    else faults.push(fault(told, columnOf('activities', 'area')?.da ?? null, '', 'area-missing'))
  }
  for (const name of TEXTS)
    each(name, (text, cell) => {
      if (kind === 'controller' || !CONTROLLER_ONLY.includes(name as 'consent')) draft[name] = text
      else if (text !== null) faults.push(fault(told, cell.column, text, 'not-for-kind'))
    })
  each('kle', (text, cell) => {
    draft.kle =
      text === null ? [] : readKle(text, bad => faults.push(fault(told, cell.column, bad, 'not-a-kle', mended(bad))))
  })
  each('reviewMonths', (text, cell) => {
    if (text === null) return
    const read = readNumber(text)
    if (read.ok) draft.reviewMonths = read.value
    else faults.push(fault(told, cell.column, text, read.code as 'not-a-number'))
  })
  each('units', (text, cell) => {
    draft.units = text === null ? [] : readUnits(readList(text), cell, ground)
  })
  each('owner', (text, cell) => {
    const owner = text === null ? null : readOwner(text, ground)
    if (owner !== undefined) draft.owner = owner
    else notes.push(fault(told, cell.column, text ?? '', 'owner-unknown'))
  })
  for (const name of ['dpo', 'representative'] as const) {
    const said = partyOf(told.cells[name], told.cells[`${name}Contact`], clear)
    if (said === 'nameless') faults.push(fault(told, told.cells[name]?.column ?? name, '', 'missing'))
    else if (said !== undefined) draft[name] = said
  }
  for (const part of ['rows', 'purposes', 'retention', 'transfers', 'systems', 'measures', 'parties'] as const) {
    const lines = told.lists[part]
    if (!lines && !(clear && lists.has(part))) continue
    if (lines && kind === 'processor' && CONTROLLER_LISTS.includes(part)) {
      faults.push(fault(lines[0] ?? told, null, '', 'not-for-kind'))
      continue
    }
    if (kind === 'controller' || !CONTROLLER_LISTS.includes(part))
      Object.assign(draft, linesOf(part, lines ?? [], kind, ground))
  }
  if (kind === 'controller' && !told.lists.purposes) purposeBeside(told, draft, ground)
  if (faults.length > 0) return { content: null, faults, notes }
  const parsed = activityContent.safeParse(draft)
  if (parsed.success) return { content: parsed.data, faults, notes }
  for (const issue of parsed.error.issues.slice(0, 20)) faults.push(placedIssue(issue, told))
  return { content: null, faults, notes }
}

function kindOf(told: ToldRecord, before: KnownRecord | null, faults: RegisterFault[]): ActivityContent['kind'] {
  const cell = told.cells.kind
  const known = before?.content.kind
  if (!cell || cell.text === '') return known ?? 'controller'
  const read = readChoiceCell('kind', cell.text)
  if (!read.ok) {
    faults.push(fault(told, cell.column, cell.text, 'not-a-choice', read.proposal))
    return known ?? 'controller'
  }
  const kind = read.value as ActivityContent['kind']
  if (known && kind !== known) faults.push(fault(told, cell.column, cell.text, 'kind-changed'))
  return known ?? kind
}

/** KLE as it is written by hand: numbers with anything between. A point at the end, or a zero that a spreadsheet took, is not guessed. */
function readKle(text: string, bad: (value: string) => void): string[] {
  const said = text.split(/[|;,\s]+/).filter(one => one !== '' && !isNone(one))
  return said.filter(one => /^\d{2}(\.\d{2}){0,2}$/.test(one) || void bad(one))
}
/** What a spreadsheet made of a number: `29.1` was `29.10`, `4.` may have been anything. */
const mended = (bad: string): string | null =>
  /^\d{1,2}\.\d$/.test(bad) ? `${bad.padStart(4, '0')}0` : /^\d$/.test(bad) ? `0${bad}` : null

/** Two cells that are one party. undefined: nothing is said. `nameless`: a way to reach nobody. */
export function partyOf(
  name: ToldCell | undefined,
  contact: ToldCell | undefined,
  clear: boolean,
): { name: string; contact: string | null } | null | 'nameless' | undefined {
  if (!name && !contact) return undefined
  if (!name?.text) return contact?.text ? 'nameless' : clear ? null : undefined
  return { name: name.text, contact: contact?.text || null }
}

type Purpose = ControllerContent['purposes'][number]

/**
 * Lists of other people say the purpose and its basis on the line of the record: that is one purpose. Of a record that has
 * some already it is the first; what the line does not say of it, and the other purposes, stay as they are.
 */
function purposeBeside(told: ToldRecord, draft: Draft, ground: Ground): void {
  const { purpose, art6, art9, national, laws } = told.cells
  const said = [purpose, art6, art9, national, laws].some(cell => cell !== undefined && cell.text !== '')
  if (!said) return
  const [old, ...others] = (draft.purposes as Purpose[] | undefined) ?? []
  const codes = (kind: 'basis6' | 'basis9' | 'national', cell: ToldCell | undefined) =>
    cell?.text ? readTerms(listCellOf(cell.text), kind, cell, told, ground) : null
  const name = purpose?.text ?? ''
  const long = name.length > 200
  draft.purposes = [
    {
      key: old?.key ?? 'formaal',
      name: name ? (long ? `${name.slice(0, 199)}…` : name) : (old?.name ?? String(draft.name ?? '')),
      description: long ? name : (old?.description ?? null),
      broader: old?.broader ?? null,
      art6: codes('basis6', art6)?.[0] ?? old?.art6 ?? null,
      art9: codes('basis9', art9) ?? old?.art9 ?? [],
      national: codes('national', national) ?? old?.national ?? [],
      provisions: laws?.text
        ? listCellOf(laws.text).map(law => old?.provisions.find(one => one.law === law) ?? { law })
        : (old?.provisions ?? []),
    },
    ...others,
  ]
}

type Issue = { code: string; path: PropertyKey[]; message: string }
const LIST_OF: Record<string, ListPart> = { jointControllers: 'parties', processing: 'parties' }

/** A mistake of the content, where it stands in the file. */
function placedIssue(issue: Issue, told: ToldRecord): RegisterFault {
  const [field, at, part] = issue.path.map(String)
  const list = LIST_OF[field ?? ''] ?? (field as ListPart)
  const line = told.lists[list]?.[Number(at)] ?? told
  const cell = 'cells' in line ? line.cells[part ?? field ?? ''] : undefined
  const code =
    issue.code === 'too_big'
      ? 'too-long'
      : issue.code === 'too_small' || issue.code === 'invalid_type'
        ? 'missing'
        : 'not-understood'
  const place = told.cells[field ?? '']
  return fault(line, cell?.column ?? place?.column ?? part ?? field ?? null, cell?.text ?? place?.text ?? '', code)
}
