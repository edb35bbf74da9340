import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { readSheet, type Sheet, type SheetField, type SheetMistake } from '#contract/sheet.ts'
import type { ImportFault, ImportSettings } from '#contract/transfer.ts'
import { fold } from '../../platform/fold.ts'
import { type Hand, type PlannedSheet, planSheet } from '../catalogue/effective-sheet.ts'
import { cellOf, cleanText, isPlain } from './cell-text.ts'
import { looseFlows } from './loose-flows.ts'
import { namedCells } from './named-cells.ts'
import { fault, type Place, type RefField, refFields, type Said, type Told } from './told.ts'

/** A system that the catalogue has, or had (`gone`), and whom its sheet leads to. */
export type KnownSystem = {
  id: string
  key: string
  name: string
  version: number
  feed: Sheet
  hand: Hand
  sheet: Sheet
  gone: boolean
  /** Employments and unit that are linked, also where a feed has given only a number. */
  linked: Partial<Record<RefField, string>>
}
export type NamedPerson = { name: string; number: string | null; hidden: boolean }
export type Known = {
  systems: ReadonlyMap<string, KnownSystem>
  /** Key of KITOS → key of the system. */
  uuids: ReadonlyMap<string, string>
  /** Employee number → employments that have it. */
  numbers: ReadonlyMap<string, readonly { affiliation: string; person: string; ended: boolean }[]>
  people: ReadonlyMap<string, NamedPerson>
  /** Units by id, by key, and by folded name. */
  units: ReadonlyMap<string, { name: string; key: string }>
  unitKeys: ReadonlyMap<string, string>
  unitNames: ReadonlyMap<string, readonly string[]>
  /** The employment that counts of somebody who was chosen. */
  chosen: ReadonlyMap<string, string>
}
export type PlannedRow = {
  told: Told
  system: KnownSystem | null
  /** Of the system, or of the one to be made. */
  key: string | null
  op: 'bad' | 'new' | 'changed' | 'unchanged'
  found: 'key' | 'kitos' | 'name' | null
  planned: PlannedSheet | null
  faults: ImportFault[]
  notes: ImportFault[]
  skipped: number
}
/** Somebody without a number: `said` is the text as it stands in the file. */
export type Unsettled = { said: string; name: string | null; email: string | null; count: number; fields: SheetField[] }
export type PlannedImport = { rows: PlannedRow[]; people: Unsettled[]; hash: string }

/**
 * What a file does to the catalogue. A system is taken whole or not at all: one mistake, in whichever list, and nothing
 * of it is taken. Systems that the file does not name are left alone. Pure.
 */
export function planImport(
  told: readonly Told[],
  known: Known,
  settings: Pick<ImportSettings, 'people'>,
  who: { at: string; by: string | null; reason: string | null },
): PlannedImport {
  const people = new Map<string, Unsettled>()
  const decided = new Map(settings.people.map(one => [one.said, one.as]))
  const placed = place(told, known)
  const made = new Set(placed.flatMap(one => (one.op === 'new' && one.key ? [one.key] : [])))
  const keys = new Set([...[...known.systems.values()].filter(one => !one.gone).map(one => one.key), ...made])
  const uuids = new Map([
    ...known.uuids,
    ...placed.flatMap(one => (one.told.uuid && one.key ? [[one.told.uuid, one.key] as const] : [])),
  ])
  const rows = placed.map(row => planRow(row, { known, decided, people, keys, uuids, who }))
  // What a flow leads to must come in too, and what leads to that.
  for (let again = true; again; ) {
    again = false
    const lost = new Set(rows.flatMap(row => (row.op === 'bad' && row.key && made.has(row.key) ? [row.key] : [])))
    for (const row of rows)
      for (const [at, flow] of ((row.planned?.sheet.flows ?? []) as { system: string }[]).entries())
        if (row.op !== 'bad' && lost.has(flow.system)) {
          const where = row.told.places.flows[at] ?? row.told
          row.faults.push(fault(where, null, flow.system, 'unknown-system'))
          Object.assign(row, { op: 'bad', planned: null })
          again = true
        }
  }
  const hash = createHash('sha256')
    .update(
      JSON.stringify(rows.map(row => [row.key, row.op, row.system?.version ?? 0, row.planned?.changes, row.faults])),
    )
    .digest('hex')
  return { rows, people: [...people.values()].sort((a, b) => b.count - a.count), hash }
}

/** Which system each row is about. */
function place(told: readonly Told[], known: Known): PlannedRow[] {
  const byName = new Map<string, KnownSystem[]>()
  for (const one of known.systems.values())
    if (!one.gone) byName.set(fold(one.name), [...(byName.get(fold(one.name)) ?? []), one])
  const taken = new Set([...known.systems.keys(), ...told.flatMap(one => one.key ?? [])])
  const rows = told.map((one): PlannedRow => {
    const row: PlannedRow = {
      ...{ told: one, system: null, key: one.key, op: 'unchanged', found: null, planned: null },
      ...{ faults: [...one.faults], notes: [], skipped: 0 },
    }
    const byUuid = one.uuid ? (known.uuids.get(one.uuid) ?? one.uuid) : null
    const known_ = known.systems.get(one.key ?? byUuid ?? '')
    if (known_)
      return {
        ...row,
        system: known_,
        key: known_.key,
        op: known_.gone ? 'new' : 'unchanged',
        found: one.key ? 'key' : 'kitos',
      }
    if (!one.key && one.name) {
      const named = byName.get(fold(one.name)) ?? []
      if (named.length === 1 && named[0]) return { ...row, system: named[0], key: named[0].key, found: 'name' }
      if (named.length > 1) {
        row.faults.push(
          fault(
            one,
            one.cells.name?.column ?? null,
            one.name,
            'name-of-many',
            named.map(known => known.key).join(', '),
          ),
        )
        return row
      }
    }
    const bare = Object.keys(one.cells).length === 0 && !one.uuid
    if (one.name === null) {
      if (one.key || !bare)
        row.faults.push(
          bare
            ? fault(one, null, one.key ?? '', 'no-such-system')
            : fault(one, one.cells.name?.column ?? null, '', 'name-missing'),
        )
      return row
    }
    if (one.key && !/^[\p{Ll}\p{N}][\p{Ll}\p{N}._-]{0,99}$/u.test(one.key))
      row.faults.push(fault(one, null, one.key, 'key-invalid', slug(one.key) || null))
    return { ...row, key: one.key ?? one.uuid ?? freeKey(one.name, taken), op: 'new' }
  })
  const first = new Map<string, PlannedRow>()
  for (const row of rows) {
    if (!row.key) continue
    const other = first.get(row.key)
    if (!other) first.set(row.key, row)
    else
      for (const [one, twin] of [
        [row, other],
        [other, row],
      ] as const)
        if (!one.faults.some(known => known.code === 'key-twice'))
          one.faults.push(fault(one.told, null, row.key, 'key-twice', String(twin.told.line)))
  }
  return rows
}

const slug = (name: string): string =>
  fold(name)
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 90)

function freeKey(name: string, taken: Set<string>): string {
  const base = slug(name) || 'system'
  let key = base
  for (let n = 2; taken.has(key); n++) key = `${base}-${n}`
  taken.add(key)
  return key
}

type About = {
  known: Known
  decided: ReadonlyMap<string, ImportSettings['people'][number]['as']>
  people: Map<string, Unsettled>
  keys: ReadonlySet<string>
  uuids: ReadonlyMap<string, string>
  who: { at: string; by: string | null; reason: string | null }
}

function planRow(row: PlannedRow, about: About): PlannedRow {
  const { told, system } = row
  const before: Sheet = system?.sheet ?? {}
  const given: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(told.set) as [SheetField, unknown][]) {
    const cell = told.cells[field]
    // What stands in the cell is what we have written there: it says nothing new, whatever reading it would come to.
    const same = cell !== undefined && isPlain(field) && value !== null
    if (same && (['da', 'en'] as const).some(language => cellOf(field, before[field], language) === cell.text)) continue
    given[field] = value
  }
  const notes = [...told.notes]
  if (told.loose && Array.isArray(given.flows)) {
    const { flows, left } = looseFlows(given.flows, told, about)
    // A file of which nothing is known here says nothing about what we know.
    if (flows.length > 0) given.flows = flows
    else delete given.flows
    notes.push(...left)
  }
  const faults = [...row.faults]
  let skipped = 0
  for (const said of told.refs) {
    const answer = said.field === 'unit' ? readUnit(said, row, about) : readPerson(said, row, about)
    if (answer.kind === 'skipped') skipped++
    if (answer.kind === 'fault') faults.push(fault(told, said.column, said.text, answer.code))
    if (answer.kind === 'value') given[said.field] = answer.value
  }
  const { values, mistakes } = readSheet(given)
  // As with cells: written alike, they say nothing new.
  for (const field of ['contracts', 'flows'] as const)
    if (isDeepStrictEqual(written(values[field]), written(before[field]))) delete values[field]
  faults.push(...mistakes.map(one => placedMistake(one, told)))
  for (const [at, flow] of (values.flows ?? []).entries()) {
    const where = told.places.flows[at] ?? told
    if (flow.system === row.key) faults.push(fault(where, null, flow.system, 'itself'))
    else if (!about.keys.has(flow.system)) faults.push(fault(where, null, flow.system, 'unknown-system'))
  }
  if (faults.length > 0) return { ...row, op: 'bad', faults, notes, skipped }
  const stored = system ?? { feed: {}, hand: {}, sheet: {} }
  const planned = planSheet(stored, { values, release: [] }, about.who)
  const op = row.op === 'new' ? 'new' : planned.touched ? 'changed' : 'unchanged'
  return { ...row, op, planned, faults, notes, skipped }
}

/** A list as a file can carry it. */
const written = (value: unknown): unknown => {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(written)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, written(inner)]))
}

/** What a name comes to: a value, nothing new, nothing yet, or why it cannot be taken. */
type Meant =
  | { kind: 'value'; value: unknown }
  | { kind: 'same' }
  | { kind: 'skipped' }
  | { kind: 'fault'; code: ImportFault['code'] }
const value = (it: unknown): Meant => ({ kind: 'value', value: it })
const wrong = (code: ImportFault['code']): Meant => ({ kind: 'fault', code })
const SAME: Meant = { kind: 'same' }

function readUnit(said: Said, row: PlannedRow, { known }: About): Meant {
  const linked = row.system?.linked.unit
  const unit = linked ? known.units.get(linked) : undefined
  const words = row.system?.sheet.unit
  if (namedCells(unit ? { name: unit.name, number: unit.key, hidden: false } : null, wordsIn(words)).has(said.text))
    return SAME
  const id = known.unitKeys.get(said.number ?? said.text)
  const named = known.unitNames.get(fold(said.name ?? said.text)) ?? []
  const found = id ?? (named.length === 1 ? named[0] : undefined)
  if (found) return found === linked ? SAME : value({ unit: found })
  return row.told.loose ? value({ words: said.text.slice(0, 200) }) : wrong('unknown-unit')
}

function readPerson(said: Said, row: PlannedRow, { known, decided, people }: About): Meant {
  const linked = row.system?.linked[said.field]
  const person = linked ? (known.people.get(linked) ?? null) : null
  if (namedCells(person, wordsIn(row.system?.sheet[said.field as 'owner'])).has(said.text)) return SAME
  if (said.number !== null) {
    const found = known.numbers.get(said.number) ?? []
    const open = found.filter(one => !one.ended)
    if (found.length === 0) return wrong('unknown-number')
    if (open.length === 0) return wrong('number-ended')
    if (new Set(open.map(one => one.person)).size > 1) return wrong('number-of-many')
    // One number can be two jobs of one person: the one that is there already stays.
    if (open.some(one => one.affiliation === linked)) return SAME
    return value({ affiliation: open[0]?.affiliation })
  }
  const one = people.get(said.text) ?? { said: said.text, name: said.name, email: said.email, count: 0, fields: [] }
  one.count++
  if (!one.fields.includes(said.field)) one.fields.push(said.field)
  people.set(said.text, one)
  const as = decided.get(said.text)
  if (as === 'words') return value({ words: said.text.slice(0, 200) })
  const affiliation = typeof as === 'object' ? known.chosen.get(as.person) : undefined
  if (!affiliation) return { kind: 'skipped' }
  return affiliation === linked ? SAME : value({ affiliation })
}

const wordsIn = (value: unknown): string | null =>
  value !== null && typeof value === 'object' && 'words' in value ? String(value.words) : null

function placedMistake({ where, code }: SheetMistake, told: Told): ImportFault {
  const [field, at] = where.slice(1).split('/')
  const rows = field === 'contracts' || field === 'flows' ? told.places[field] : []
  const place: Place = rows[Number(at)] ?? told
  const cell = told.cells[field as SheetField]
  const part = where.split('/').slice(3).join(' ')
  const known: ImportFault['code'] =
    code === 'unknown-person' || (code === 'missing' && field === 'name')
      ? 'name-missing'
      : (code as ImportFault['code'])
  return fault(place, cell?.column ?? (part || field) ?? null, cell?.text ?? '', known)
}

export const isRef = (field: SheetField): field is RefField => (refFields as readonly string[]).includes(field)
