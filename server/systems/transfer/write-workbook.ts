import type { Blob } from 'node:buffer'
import type Stream from 'node:stream'
import writeExcelFile, { type Feature as AnyFeature } from 'write-excel-file/node'
import {
  getCellAddress,
  getOrderOfSiblings,
  insertElementMarkupAccordingToOrderOfSiblings,
} from 'write-excel-file/utility'
import { SHEET } from '#contract/sheet.ts'
import { importTargets, MOST_IMPORT_ROWS } from '#contract/transfer.ts'
import { normalStyle } from '../../platform/sheet-style.ts'
import { sayable } from '../../platform/sheet-text.ts'
import { type Language, WORDS } from './cell-text.ts'
import { valueLines } from './export-lines.ts'

type Feature = AnyFeature<Stream | Buffer | Blob>
type Lines = readonly (readonly string[])[]
export type WorkbookSheet = { name: string; lines: Lines; sticky?: number }

/** Every cell is text, so that nothing is taken for a formula, a number with lost zeros, or a date of another country. */
export async function workbook(sheets: readonly WorkbookSheet[], features: readonly Feature[] = []): Promise<Buffer> {
  const data = sheets.map(({ name, lines, sticky }) => ({
    sheet: name,
    data: lines.map((line, place) =>
      line.map(value =>
        value === ''
          ? null
          : { value: sayable(value), type: String, ...(place === 0 ? { fontWeight: 'bold' as const } : {}) },
      ),
    ),
    stickyRowsCount: 1,
    ...(sticky ? { stickyColumnsCount: sticky } : {}),
    columns: (lines[0] ?? []).map(heading => ({ width: Math.min(40, Math.max(14, heading.length + 2)) })),
  }))
  return writeExcelFile(data, { features: [normalStyle, ...features] }).toBuffer()
}

/** The lists of the catalogue, with drop-downs in the columns of closed lists; those are the columns of the last sheet. */
export function catalogueWorkbook(
  { systems, contracts, flows }: Record<'systems' | 'contracts' | 'flows', Lines>,
  language: Language,
): Promise<Buffer> {
  const { sheets } = WORDS[language]
  const values = valueLines(language)
  const lists = choiceColumns().flatMap((target, place) => {
    // A drop-down takes one value; columns of several have theirs on the last sheet only.
    if (SHEET[target].kind !== 'choice') return []
    const column = importTargets.indexOf(target)
    const most = values.filter(line => line[place] !== '').length
    const [from, to] = [getCellAddress(1, column), getCellAddress(MOST_IMPORT_ROWS, column)]
    const [first, last] = [getCellAddress(1, place), getCellAddress(most - 1, place)].map(fixed)
    return `<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="${from}:${to}"><formula1>'${sheets.values}'!${first}:${last}</formula1></dataValidation>`
  })
  const dropDowns: Feature = {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': {
          transform: (content, _options, { sheetIndex }) =>
            sheetIndex === 0
              ? insertElementMarkupAccordingToOrderOfSiblings(
                  content,
                  `<dataValidations count="${lists.length}">${lists.join('')}</dataValidations>`,
                  getOrderOfSiblings('xl/worksheets/sheet{id}.xml', 'worksheet') ?? [],
                  'worksheet',
                )
              : content,
        },
      },
    },
  }
  return workbook(
    [
      { name: sheets.systems, lines: systems, sticky: 2 },
      { name: sheets.contracts, lines: contracts, sticky: 2 },
      { name: sheets.flows, lines: flows, sticky: 2 },
      { name: sheets.values, lines: values },
    ],
    [dropDowns],
  )
}

/** In the order of the last sheet's columns. */
const choiceColumns = () =>
  importTargets.flatMap(target =>
    target !== 'key' && ['choice', 'choices'].includes(SHEET[target].kind) ? [target] : [],
  )
const fixed = (address: string) => address.replace(/^([A-Z]+)(\d+)$/, '$$$1$$$2')
