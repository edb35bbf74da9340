import { archivePdf } from '../../platform/documents/archive-pdf.ts'
import { printable } from '../../platform/documents/printable.ts'
import { cellsOf, headingOf, type ProofReport, REPORT_COLUMNS, type ReportColumn, sumsOf } from './proof-report.ts'
import type { ReportLine } from './proof-views.ts'
import type { ProofFormats } from './proof-words.ts'

const MARGIN = 40
/** Points of an A4 page on its side. */
const PAGE = { width: 841.89, height: 595.28 }
const LEFT = MARGIN
const RIGHT = PAGE.width - MARGIN
const TOP = MARGIN + 22
const BOTTOM = PAGE.height - MARGIN - 18
/** What stands in the table of each person; the person, unit and day are the heading above it. */
const SHOWN: readonly ReportColumn[] = [
  'system',
  'what',
  'expected',
  'should',
  'ended',
  'by',
  'verified',
  'state',
  'days',
]
const SHARES = [0.14, 0.23, 0.07, 0.11, 0.11, 0.08, 0.11, 0.11, 0.04]
const RED = '#a92825'
const GREY = '#424a51'

/**
 * The report as a tagged PDF (PDF/UA: a document with headings and tables that a screen reader can walk), on its side,
 * with what it is and who made it above and "page x of y" below each page. `compress: false` is for those who look inside.
 */
export async function proofPdf(
  report: ProofReport,
  formats: ProofFormats,
  options: { compress?: boolean; language?: 'da' | 'en' } = {},
): Promise<Buffer> {
  const { words, day } = formats
  const { doc, use, finished } = archivePdf({
    ...{ title: words.title, author: report.who, language: options.language ?? 'da', madeAt: new Date(report.madeAt) },
    ...{ size: PAGE, margin: MARGIN, compress: options.compress ?? true },
  })
  const body = doc.struct('Document')
  doc.addStructure(body)
  const put = (into: PDFKit.PDFStructureElement, tag: string, draw: () => void) => into.add(doc.struct(tag, {}, draw))
  const text = (
    said: string,
    x: number,
    y: number,
    width: number,
    more: { size?: number; bold?: boolean; colour?: string } = {},
  ) =>
    use(more.bold ? 'bold' : 'plain')
      .fontSize(more.size ?? 8)
      .fillColor(more.colour ?? '#000')
      .text(printable(said), x, y, { width, lineGap: 1 })
  const height = (said: string, width: number, bold = false) =>
    use(bold ? 'bold' : 'plain')
      .fontSize(8)
      .heightOfString(printable(said), { width, lineGap: 1 })

  let y = TOP
  const room = (needed: number) => {
    if (y + needed <= BOTTOM) return
    doc.addPage()
    y = TOP
  }
  put(body, 'H1', () => text(words.title, LEFT, y, RIGHT - LEFT, { size: 18, bold: true }))
  y += 28
  const sums = sumsOf(report.lines)
  const said = [
    ...headingOf(report, formats).map(([name, value]) => `${name}: ${value}`),
    (['people', 'lines', 'open', 'overdue', 'onTime', 'late', 'unexpected'] as const)
      .map(name => `${words[name]}: ${sums[name]}`)
      .join('   '),
    words.rule,
    ...(report.cut ? [words.cut] : []),
    ...(report.lines.length === 0 ? [words.none] : []),
  ]
  for (const line of said) {
    const tall = height(line, RIGHT - LEFT)
    put(body, 'P', () => text(line, LEFT, y, RIGHT - LEFT))
    y += tall + 3
  }

  const widths = SHARES.map(share => share * (RIGHT - LEFT))
  const places = widths.map((_, place) => LEFT + widths.slice(0, place).reduce((sum, one) => sum + one, 0))
  const row = (table: PDFKit.PDFStructureElement, cells: readonly string[], head: boolean, red: boolean) => {
    const tall = Math.max(...cells.map((cell, place) => height(cell, widths[place]! - 6, head))) + 4
    if (y + tall > BOTTOM) {
      room(tall + 16)
      // The head again on the next page; for a reader it is one table, so it is no part of it.
      if (!head) {
        doc.markContent('Artifact', { type: 'Layout' })
        for (const [place, name] of heads.entries())
          text(name, places[place]!, y, widths[place]! - 6, { bold: true, colour: GREY })
        doc.endMarkedContent()
        y += 14
      }
    }
    const line = doc.struct('TR')
    table.add(line)
    for (const [place, cell] of cells.entries())
      put(line, head ? 'TH' : 'TD', () =>
        text(cell, places[place]!, y, widths[place]! - 6, { bold: head, colour: head ? GREY : red ? RED : '#000' }),
      )
    line.end()
    y += tall
  }
  const heads = SHOWN.map(column => words.columns[column])
  for (const lines of Map.groupBy(report.lines, line => line.affiliationId).values()) {
    const first = lines[0] as ReportLine
    const name = first.person.protected ? words.hidden : (first.person.name ?? words.hidden)
    room(60)
    y += 8
    put(body, 'H2', () =>
      text(
        [name, first.unit?.name, `${words.columns.ends}: ${day(first.endsOn)}`].filter(Boolean).join(', '),
        ...([LEFT, y, RIGHT - LEFT, { size: 10, bold: true }] as const),
      ),
    )
    y += 16
    const table = doc.struct('Table')
    body.add(table)
    row(table, heads, true, false)
    for (const line of lines) {
      const all = cellsOf(line, formats)
      row(
        table,
        SHOWN.map(column => all[REPORT_COLUMNS.indexOf(column)] ?? ''),
        false,
        line.timing === 'overdue',
      )
    }
    table.end()
  }
  body.end()

  const { count } = doc.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page)
    // The margin at the foot would begin a new page.
    doc.page.margins.bottom = 0
    doc.markContent('Artifact', { type: 'Pagination', attached: ['Top'] })
    text(`${words.title}, ${headingOf(report, formats)[0]![1]}`, LEFT, MARGIN - 6, RIGHT - LEFT, { colour: GREY })
    doc.endMarkedContent()
    doc.markContent('Artifact', { type: 'Pagination', attached: ['Bottom'] })
    text(words.page(page + 1, count), LEFT, PAGE.height - MARGIN, RIGHT - LEFT, { colour: GREY })
    doc.endMarkedContent()
  }
  doc.end()
  return finished
}
