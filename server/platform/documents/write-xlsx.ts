import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { sayable } from '../sheet-text.ts'
import { ENTRY } from './fixed-zip.ts'
import { xmlText } from './xml-text.ts'

/** A text, a number, or a civil day `YYYY-MM-DD`. A text is never a formula, whatever it begins with. */
export type XlsxCell = string | number | { day: string } | null
export type XlsxSheet = {
  /** At most 31 signs, none of `[]:*?/\`. */
  name: string
  /** Lines above the table: what it is about. */
  above?: readonly (readonly XlsxCell[])[]
  head: readonly string[]
  /** In characters, as many as columns. */
  widths: readonly number[]
  rows: AsyncIterable<readonly XlsxCell[]> | Iterable<readonly XlsxCell[]>
}

/** A sheet ends at 1,048,576 rows; what is more goes on on another. */
const MOST_ROWS = 1_000_000
const PART = 64 * 1024
const PLAIN = 0
const BOLD = 1
const DAY = 2

/**
 * A workbook as a stream (ECMA-376, texts inline): memory does not grow with its rows, and the same rows give the same bytes.
 * A fault of the rows ends the stream with it.
 */
export function writeXlsx(sheets: readonly XlsxSheet[]): Readable {
  const zip = new ZipFile()
  const out = zip.outputStream as unknown as Readable
  fill(zip, sheets).catch((error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error))))
  return out
}

async function fill(zip: ZipFile, sheets: readonly XlsxSheet[]): Promise<void> {
  const names: string[] = []
  for (const sheet of sheets) {
    const rows = iteratorOf(sheet.rows)
    let next = await rows.next()
    for (let part = 1; part === 1 || !next.done; part++) {
      names.push(part === 1 ? sheet.name : `${sheet.name.slice(0, 26)} (${part})`)
      const source = Readable.from(
        sheetXml(sheet, async function* () {
          for (let count = 0; !next.done && count < MOST_ROWS; count++) {
            yield next.value
            next = await rows.next()
          }
        }),
        { objectMode: false },
      )
      await added(zip, source, `xl/worksheets/sheet${names.length}.xml`)
    }
  }
  for (const [name, xml] of partsOf(names)) zip.addBuffer(Buffer.from(xml), name, ENTRY)
  zip.end()
}

/** One after the other: what reads the database for one sheet is done before the next begins. */
const added = (zip: ZipFile, source: Readable, name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    source.once('end', resolve)
    source.once('error', reject)
    zip.addReadStream(source, name, ENTRY)
  })

const iteratorOf = <T>(rows: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> =>
  Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]()

async function* sheetXml(
  { above = [], head, widths }: XlsxSheet,
  rows: () => AsyncGenerator<readonly XlsxCell[]>,
): AsyncGenerator<string> {
  const top = above.length + 1
  let text = `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="${top}" topLeftCell="A${
    top + 1
  }" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths
    .map((width, place) => `<col min="${place + 1}" max="${place + 1}" width="${width}" customWidth="1"/>`)
    .join('')}</cols><sheetData>`
  let line = 0
  const put = (cells: readonly XlsxCell[], style: number) => {
    line += 1
    text += `<row r="${line}">${cells.map((cell, place) => cellXml(cell, place, line, style)).join('')}</row>`
  }
  for (const [place, cells] of above.entries()) put(cells, place === 0 ? BOLD : PLAIN)
  put(head, BOLD)
  for await (const cells of rows()) {
    put(cells, PLAIN)
    if (text.length < PART) continue
    yield text
    text = ''
  }
  yield `${text}</sheetData></worksheet>`
}

const DAY_MS = 86_400_000
/** Spreadsheets count days from the 30th of December 1899. */
const serial = (day: string): number => Math.round((Date.parse(`${day}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / DAY_MS)

function cellXml(cell: XlsxCell, place: number, line: number, style: number): string {
  if (cell === null || cell === '') return ''
  const at = `${columnName(place)}${line}`
  if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`
  if (typeof cell === 'object') return `<c r="${at}" s="${DAY}"><v>${serial(cell.day)}</v></c>`
  return `<c r="${at}" t="inlineStr"${style ? ` s="${style}"` : ''}><is><t xml:space="preserve">${escaped(sayable(cell))}</t></is></c>`
}

const columnName = (place: number): string =>
  place < 26 ? String.fromCharCode(65 + place) : `${columnName(Math.floor(place / 26) - 1)}${columnName(place % 26)}`

const escaped = (text: string): string =>
  xmlText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const TYPES = 'http://schemas.openxmlformats.org/package/2006/content-types'
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

function* partsOf(names: readonly string[]): Generator<[name: string, xml: string]> {
  yield [
    'xl/workbook.xml',
    `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${names
      .map(
        (name, place) =>
          `<sheet name="${escaped(name).replaceAll('"', '&quot;')}" sheetId="${place + 1}" r:id="rId${place + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
  ]
  yield [
    'xl/_rels/workbook.xml.rels',
    `${XML}<Relationships xmlns="${RELS}">${names
      .map(
        (_, place) =>
          `<Relationship Id="rId${place + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${place + 1}.xml"/>`,
      )
      .join(
        '',
      )}<Relationship Id="rId${names.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  ]
  yield [
    'xl/styles.xml',
    `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
  ]
  yield [
    '_rels/.rels',
    `${XML}<Relationships xmlns="${RELS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ]
  yield [
    '[Content_Types].xml',
    `${XML}<Types xmlns="${TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${SHEET_TYPE}.styles+xml"/>${names
      .map(
        (_, place) =>
          `<Override PartName="/xl/worksheets/sheet${place + 1}.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/>`,
      )
      .join('')}</Types>`,
  ]
}
