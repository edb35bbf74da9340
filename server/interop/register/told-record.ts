import type { RegisterFault, RegisterPart } from '#contract/register-transfer.ts'

/** Where something stands in a file: the worksheet (null: there is only one list) and the line, or the place in a package. */
export type Place = { sheet: string | null; line: number }
/** A cell that says something, or is empty in a column that is read, with the heading of its column. */
export type ToldCell = { column: string; text: string }
export type ToldLine = Place & { cells: Readonly<Record<string, ToldCell>> }
export type ListPart = Exclude<RegisterPart, 'activities'>

/** What a file says of one record, whichever kind of file it is. Nothing here has been looked up yet. */
export type ToldRecord = Place & {
  ref: string | null
  name: string | null
  cells: Record<string, ToldCell>
  lists: Partial<Record<ListPart, ToldLine[]>>
  faults: RegisterFault[]
  /** What is not taken although the record is. */
  notes: RegisterFault[]
}
/** Records, and the lists that the file has: a record without lines in one of them is said to have none. */
export type ToldFile = { records: ToldRecord[]; lists: ReadonlySet<ListPart> }

export const toldOf = (place: Place): ToldRecord => ({
  ...{ sheet: place.sheet, line: place.line },
  ...{ ref: null, name: null, cells: {}, lists: {}, faults: [], notes: [] },
})

export const fault = (
  place: Place,
  column: string | null,
  value: string,
  code: RegisterFault['code'],
  proposal: string | null = null,
): RegisterFault => ({
  ...{ sheet: place.sheet, line: place.line, column, value: value.slice(0, 300), code, proposal },
})
