import type { SheetField } from '#contract/sheet.ts'
import type { ImportFault } from '#contract/transfer.ts'

/** Where something stands in a file: the worksheet (null: there is only one list) and the line, or the place in a JSON list. */
export type Place = { sheet: string | null; line: number }
export type RefField = 'owner' | 'responsible' | 'contact' | 'unit'
export const refFields: readonly RefField[] = ['owner', 'responsible', 'contact', 'unit']

/** Somebody or a unit, as a file names it. */
export type Said = {
  field: RefField
  column: string
  text: string
  /** An employee number, or the key of a unit. */
  number: string | null
  name: string | null
  email: string | null
}

/** What a file says of one system, whichever kind of file it is. Nothing here has been looked up yet. */
export type Told = Place & {
  key: string | null
  /** Key of the system in KITOS. */
  uuid: string | null
  name: string | null
  /** Values as `readSheet` takes them; null takes one away. */
  set: Partial<Record<SheetField, unknown>>
  /** The cell that a value was read from, and the heading of its column. */
  cells: Partial<Record<SheetField, { column: string; text: string }>>
  refs: Said[]
  /** Where each contract and each flow stands. */
  places: { contracts: Place[]; flows: Place[] }
  faults: ImportFault[]
  /** What is not taken although the system is: no mistake, but said. */
  notes: ImportFault[]
  /** What this file calls systems that its relations lead to, by their key there. */
  called: Record<string, string>
  /** Names of units and systems that lead nowhere are no mistakes of this file: another register has its own. */
  loose: boolean
  /** What there is no place for, kept with the system. */
  rest: Record<string, unknown> | null
}

export const toldOf = (place: Place): Told => ({
  ...place,
  ...{ key: null, uuid: null, name: null, set: {}, cells: {}, refs: [], places: { contracts: [], flows: [] } },
  ...{ faults: [], notes: [], called: {}, loose: false, rest: null },
})

export const fault = (
  place: Place,
  column: string | null,
  value: string,
  code: ImportFault['code'],
  proposal: string | null = null,
): ImportFault => ({ sheet: place.sheet, line: place.line, column, value: value.slice(0, 300), code, proposal })

/** `Anna Berg [12345]`, a bare number, a mail address, or only a name. */
export function readSaid(field: RefField, column: string, text: string): Said {
  const said = { field, column, text, number: null, name: null, email: null }
  const marked = /^(.*?)\s*\[([^\]]+)\]$/s.exec(text)
  if (marked) return { ...said, number: marked[2]!.trim(), name: marked[1] || null }
  if (/^\S+@\S+$/.test(text)) return { ...said, email: text }
  if (/^\S*\d\S*$/.test(text)) return { ...said, number: text }
  return { ...said, name: text }
}
