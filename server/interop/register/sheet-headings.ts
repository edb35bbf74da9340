import { REGISTER_PARTS, type RegisterPart } from '#contract/register-transfer.ts'
import { type ColumnWords, proposeColumns, sameHeading } from '../../feeds/imports/headings.ts'
import { SHEETS } from './sheets.ts'

/* Which sheet a worksheet is, and what its columns say: by headings, our own first and then what others call the same. */

type Folded = ColumnWords<string> & { needed: boolean }
const foldedColumns = (part: RegisterPart): readonly Folded[] =>
  SHEETS[part].columns.map(({ name, da, en, also = [], foreign = false, later = false }) => ({
    ...{ name, needed: !foreign && !later, own: [da, en].map(sameHeading), also: also.map(sameHeading) },
  }))
/** Every heading of a file is held against every word of every column: those are folded once. */
const FOLDED = Object.fromEntries(REGISTER_PARTS.map(part => [part, foldedColumns(part)])) as Record<
  RegisterPart,
  readonly Folded[]
>
const NAMES = Object.fromEntries(
  REGISTER_PARTS.map(part => [part, [SHEETS[part].da, SHEETS[part].en].map(sameHeading)]),
) as Record<RegisterPart, string[]>

/** The column of each heading, each at most once. */
export const columnsFor = (part: RegisterPart, headings: readonly string[]): (string | null)[] =>
  proposeColumns(FOLDED[part], headings.map(sameHeading))

/** Are these the headings of our own sheet? */
export const isOwnSheet = (part: RegisterPart, headings: readonly string[]): boolean =>
  isOwn(part, new Set(headings.map(sameHeading)))

const isOwn = (part: RegisterPart, keys: ReadonlySet<string>): boolean =>
  [0, 1].some(language => FOLDED[part].every(one => !one.needed || keys.has(one.own[language] ?? '')))

/** How well headings fit each sheet; the name of the sheet is worth more than any heading. */
export function fitsOf(sheet: string | null, headings: readonly string[]): { part: RegisterPart; fit: number }[] {
  const keys = headings.map(sameHeading)
  const set = new Set(keys)
  const name = sameHeading(sheet ?? '')
  return REGISTER_PARTS.map(part => {
    if (isOwn(part, set)) return { part, fit: 1000 }
    const said = proposeColumns(FOLDED[part], keys).filter(
      one => one !== null && one !== 'activity' && one !== 'title',
    ).length
    return { part, fit: said + (NAMES[part].includes(name) && said > 0 ? 100 : 0) }
  })
}
