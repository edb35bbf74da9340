import writeExcelFile from 'write-excel-file/node'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { exportMatrix } from '#contract/matrix.ts'
import type { Clock } from '../../platform/clock.ts'
import { normalStyle } from '../../platform/sheet-style.ts'
import { sayable } from '../../platform/sheet-text.ts'
import { csvText } from '../../platform/write-csv.ts'
import type { Actor } from '../../policy/actor.ts'
import { type ExportWords, exportWords } from './export-words.ts'
import { linkLines, nodeLines, throughInWords } from './flow-export.ts'
import type { readFlow } from './flow-views.ts'
import { cellsOf, gridLines, headingOf, legendLines, listLines, matrixSizes } from './matrix-export.ts'
import type { Matrix } from './matrix-views.ts'

type Asked = BodyOf<typeof exportMatrix>
type Who = { actor: Actor; clock: Clock }
type File = ResponseOf<typeof exportMatrix>
type Lines = Iterable<readonly (string | null)[]>

/** A sheet of more lines takes a spreadsheet, and us, too long: the grid says the same in less. */
const LIST_LINES = 20_000

/** The cells as the screen has them, and as a list. */
export async function matrixFile(matrix: Matrix, asked: Asked, who: Who): Promise<File> {
  const words = exportWords[asked.language]
  const beside = asked.find ? [`${words.find}: ${asked.find}`] : []
  const heading = headingOf(matrix, matrixSizes(matrix, words), { ...headingBy(asked, words, who), beside })
  if (asked.format === 'csv') return csvFile([...heading, ...listLines(matrix, words)], matrix.asOf, asked)
  let lines = 0
  for (const _ of cellsOf(matrix)) lines++
  const above = cells(heading, 1)
  const wide = [{ width: 30 }, { width: 26 }, { width: 30 }]
  return workbook(
    [
      {
        sheet: words.grid,
        data: [...above, ...cells(gridLines(matrix, words), 2)],
        stickyRowsCount: above.length + 2,
        stickyColumnsCount: 1,
        columns: [...wide, ...matrix.columns.map(() => ({ width: 6 }))],
      },
      ...(lines <= LIST_LINES
        ? [
            {
              sheet: words.list,
              data: [...above, ...cells(listLines(matrix, words), 1)],
              stickyRowsCount: above.length + 1,
              columns: [...wide, { width: 22 }, { width: 30 }, { width: 30 }, { width: 26 }],
            },
          ]
        : []),
      { sheet: words.legend, data: cells(legendLines(words), 1), columns: [{ width: 12 }, { width: 34 }] },
    ],
    matrix.asOf,
    asked,
  )
}

/** The boxes of a flow and the bands between them, as its tables have them. */
export async function flowFile(
  { read, flow }: Awaited<ReturnType<typeof readFlow>>,
  asked: Asked,
  who: Who,
): Promise<File> {
  const words = exportWords[asked.language]
  const choice = asked.flow ?? {}
  const beside = [
    ...(asked.flow?.by === 'title' ? [words.byTitle] : []),
    ...[throughInWords(flow, choice, words)].filter(text => text !== ''),
  ]
  const sizes = [
    [String(flow.people), words.people],
    [String(flow.rights), words.rights.toLowerCase()],
    [words.onceEach],
  ]
  const heading = headingOf(read, sizes, { ...headingBy(asked, words, who), beside })
  if (asked.format === 'csv')
    return csvFile([...heading, ...nodeLines(flow, words), [], ...linkLines(flow, words)], flow.asOf, asked)
  const above = cells(heading, 1)
  const sheet = (name: string, lines: Lines, columns: { width: number }[]) => ({
    ...{ sheet: name, data: [...above, ...cells(lines, 1)], stickyRowsCount: above.length + 1, columns },
  })
  const [step, name, count] = [{ width: 20 }, { width: 44 }, { width: 16 }]
  return workbook(
    [
      sheet(words.boxes, nodeLines(flow, words), [step, name, count]),
      sheet(words.bands, linkLines(flow, words), [step, name, step, name, count]),
    ],
    flow.asOf,
    asked,
  )
}

const headingBy = ({ query, language }: Asked, words: ExportWords, { actor, clock }: Who) => ({
  ...{ words, query, who: actor.displayName },
  when: new Intl.DateTimeFormat(language === 'da' ? 'da-DK' : 'en-GB', {
    timeZone: 'Europe/Copenhagen',
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(clock.now()),
})

/** The first `bold` lines are so. */
const cells = (rows: Lines, bold = 0) =>
  [...rows].map((row, place) =>
    row.map(value => {
      if (value === null) return null
      return place < bold ? { value: sayable(value), fontWeight: 'bold' as const } : sayable(value)
    }),
  )

const nameOf = (asOf: string, { language, format }: Asked) => `${exportWords[language].file}-${asOf}.${format}`

const csvFile = (lines: string[][], asOf: string, asked: Asked): File => ({
  fileName: nameOf(asOf, asked),
  contentType: 'text/csv;charset=utf-8',
  content: Buffer.from(csvText(lines, asked.language === 'da' ? ';' : ','), 'utf8').toString('base64'),
})

type Sheets = Extract<Parameters<typeof writeExcelFile>[0], readonly { sheet?: string }[]>

async function workbook(sheets: Sheets, asOf: string, asked: Asked): Promise<File> {
  const file = await writeExcelFile(sheets, { features: [normalStyle] }).toBuffer()
  return {
    fileName: nameOf(asOf, asked),
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    content: Buffer.from(file).toString('base64'),
  }
}
