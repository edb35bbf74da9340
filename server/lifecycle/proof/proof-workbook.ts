import writeExcelFile from 'write-excel-file/node'
import { normalStyle } from '../../platform/sheet-style.ts'
import { sayable } from '../../platform/sheet-text.ts'
import { cellsOf, headingOf, type ProofReport, REPORT_COLUMNS, sumsOf } from './proof-report.ts'
import type { ProofFormats } from './proof-words.ts'

const WIDTHS = [28, 26, 14, 26, 36, 12, 18, 18, 14, 18, 28, 8]

/** The report as a workbook: heading and sums, then one line a right; days are numbers that can be added up. */
export async function proofWorkbook(report: ProofReport, formats: ProofFormats): Promise<Buffer> {
  const { words } = formats
  const bold = (value: string) => ({ value: sayable(value), fontWeight: 'bold' as const })
  const sums = sumsOf(report.lines)
  const head = [
    [bold(words.title)],
    ...headingOf(report, formats).map(([name, value]) => [sayable(name), sayable(value)]),
    [sayable(words.rule)],
    ...(['people', 'lines', 'open', 'overdue', 'onTime', 'late', 'unexpected'] as const).map(name => [
      sayable(words[name]),
      sums[name],
    ]),
    ...(report.cut ? [[bold(words.cut)]] : []),
    [],
    REPORT_COLUMNS.map(column => bold(words.columns[column])),
  ]
  const lines = report.lines.map(line =>
    cellsOf(line, formats).map((text, place) =>
      REPORT_COLUMNS[place] === 'days' ? (line.age ?? null) : text === '' ? null : sayable(text),
    ),
  )
  const file = await writeExcelFile(
    [
      {
        sheet: words.title,
        data: [...head, ...lines],
        stickyRowsCount: head.length,
        columns: WIDTHS.map(width => ({ width })),
      },
    ],
    { features: [normalStyle] },
  ).toBuffer()
  return Buffer.from(file)
}
