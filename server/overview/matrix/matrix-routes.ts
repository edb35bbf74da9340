import writeExcelFile from 'write-excel-file/node'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import { exportMatrix, getFlow, getHeat, getMatrix } from '#contract/matrix.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { normalStyle } from '../../platform/sheet-style.ts'
import { sayable } from '../../platform/sheet-text.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import { csvText } from '../../platform/write-csv.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { lookAtList } from '../look.ts'
import { exportWords } from './export-words.ts'
import { flowView } from './flow-views.ts'
import { cellsOf, gridLines, headingOf, legendLines, listLines, narrowMatrix } from './matrix-export.ts'
import { heatView, type Matrix, type MatrixQuery, matrixView } from './matrix-views.ts'

type Parts = { db: Db; clock: Clock }

/** What was asked, as the log keeps it: that a text was searched for, not which. */
const asked = ({ text, ...query }: Partial<MatrixQuery>, view: string) => ({
  view,
  ...query,
  ...(text ? { text: true } : {}),
})

export function matrixRoutes(routes: Routes<Actor>, { db, clock }: Parts): void {
  routes.addOwn(getMatrix, call =>
    lookAtList(
      db,
      call,
      tx => matrixView(tx, call.actor, call.body, clock),
      answer => ({
        action: 'rights.matrix-viewed',
        query: asked(call.body, 'matrix'),
        count: answer.people.length,
      }),
    ),
  )
  routes.addOwn(getHeat, call =>
    lookAtList(
      db,
      call,
      tx => heatView(tx, call.actor, call.body, clock),
      answer => ({ action: 'rights.matrix-viewed', query: asked(call.body, 'heat'), count: answer.total }),
    ),
  )
  routes.addOwn(getFlow, call =>
    lookAtList(
      db,
      call,
      tx => flowView(tx, call.actor, call.body, clock),
      answer => ({ action: 'rights.matrix-viewed', query: asked(call.body, 'flow'), count: answer.people }),
    ),
  )
  // A file leaves the house: on record each time, and not made when the record cannot be.
  routes.addOwn(exportMatrix, async call => {
    const { find } = call.body
    const matrix = await db.snapshotOnRecord(async tx => {
      const answer = narrowMatrix(await matrixView(tx, call.actor, call.body.query, clock), find ?? '')
      await audit(tx).write({
        actor: auditActor(call.actor),
        action: 'rights.matrix-exported',
        subjectKind: 'list',
        detail: {
          query: { ...asked(call.body.query, 'matrix'), ...(find ? { find } : {}) },
          format: call.body.format,
          count: answer.people.length,
        },
        requestId: call.requestId,
      })
      return answer
    })
    return fileOf(matrix, call.body, call.actor, clock)
  })
}

/** A sheet of more lines takes a spreadsheet, and us, too long: the grid says the same in less. */
const LIST_LINES = 20_000

async function fileOf(
  matrix: Matrix,
  { query, find = '', format, language }: BodyOf<typeof exportMatrix>,
  actor: Actor,
  clock: Clock,
): Promise<ResponseOf<typeof exportMatrix>> {
  const words = exportWords[language]
  const when = new Intl.DateTimeFormat(language === 'da' ? 'da-DK' : 'en-GB', {
    timeZone: 'Europe/Copenhagen',
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(clock.now())
  const heading = headingOf(matrix, { words, query, find, who: actor.displayName, when })
  const fileName = `${words.file}-${matrix.asOf}.${format}`
  if (format === 'csv') {
    const text = csvText([...heading, ...listLines(matrix, words)], language === 'da' ? ';' : ',')
    return { fileName, contentType: 'text/csv;charset=utf-8', content: Buffer.from(text, 'utf8').toString('base64') }
  }
  let lines = 0
  for (const _ of cellsOf(matrix)) lines++
  const cells = (rows: Iterable<readonly (string | null)[]>, bold = 0) =>
    [...rows].map((row, place) =>
      row.map(value => {
        if (value === null) return null
        return place < bold ? { value: sayable(value), fontWeight: 'bold' as const } : sayable(value)
      }),
    )
  const above = cells(heading, 1)
  const wide = [{ width: 30 }, { width: 26 }, { width: 30 }]
  const sheets = [
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
  ]
  const file = await writeExcelFile(sheets, { features: [normalStyle] }).toBuffer()
  return {
    fileName,
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    content: Buffer.from(file).toString('base64'),
  }
}
