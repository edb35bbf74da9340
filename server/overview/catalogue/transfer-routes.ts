import { exportSystems } from '#contract/catalogue-export.ts'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import {
  applySystems,
  deleteSavedColumns,
  listImports,
  listSavedColumns,
  planSystems,
  renameSavedColumns,
  undoSystems,
  uploadSystems,
} from '#contract/transfer.ts'
import { audit } from '../../audit/audit-store.ts'
import { savedColumnsView } from '../../feeds/imports/columns-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import { csvText } from '../../platform/write-csv.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import { userName } from '../../register/activities/activity-sql.ts'
import { WORDS } from '../../systems/transfer/cell-text.ts'
import { contractLines, flowLines, gdprLines, systemLines } from '../../systems/transfer/export-lines.ts'
import * as transfer from '../../systems/transfer/transfer-service.ts'
import { catalogueWorkbook, workbook } from '../../systems/transfer/write-workbook.ts'
import { exportView } from './export-view.ts'
import { importPlanView, importsView } from './import-view.ts'

type Parts = { db: Db; clock: Clock }

/** The catalogue out and in as a file. Who takes in may change every system: a file names any of them. */
export function transferRoutes(routes: Routes<Actor>, { db, clock }: Parts): void {
  const when = () => ({ now: clock.now(), today: clock.today() })
  const by = ({ actor, requestId }: { actor: Actor; requestId: string }): transfer.By => ({
    actor: { ...auditActor(actor), userId: actor.userId },
    requestId,
    may: id => allows(actor, 'import', 'System', { id }),
  })
  // A file leaves the house: on record each time, and not made when the record cannot be.
  routes.addOwn(exportSystems, async call => {
    const systems = await db.snapshotOnRecord(async tx => {
      const found = await exportView(tx, call.actor, call.body.filter, clock.today())
      const { text, ...filter } = call.body.filter
      await audit(tx).write({
        actor: auditActor(call.actor),
        action: 'system.exported',
        subjectKind: 'list',
        requestId: call.requestId,
        detail: {
          ...{ what: call.body.what, format: call.body.format, count: found.length },
          query: { ...filter, ...(text ? { text: true } : {}) },
        },
      })
      return found
    })
    return fileOf(systems, call.body, clock.today())
  })
  // The body is the file itself, and no JSON.
  routes.addOwn(uploadSystems, call => transfer.takeUpload(db, by(call), when(), call.query.name, call.request))
  routes.add(planSystems, async call =>
    importPlanView(call.tx, await transfer.planOf(call.tx, by(call), when(), call.params.importId, call.body)),
  )
  routes.add(applySystems, call => transfer.applyImport(call.tx, by(call), when(), call.params.importId, call.body))
  routes.add(undoSystems, call => transfer.undoImport(call.tx, by(call), when(), call.params.importId))
  routes.add(listSavedColumns, call => savedColumnsView(call.tx, 'catalogue_columns', userName))
  routes.add(renameSavedColumns, call => transfer.renameColumns(call.tx, by(call), call.body))
  routes.add(deleteSavedColumns, call => transfer.deleteColumns(call.tx, by(call), call.body))
  routes.add(listImports, call => importsView(call.tx))
}

async function fileOf(
  systems: Awaited<ReturnType<typeof exportView>>,
  { what, format, language }: BodyOf<typeof exportSystems>,
  today: string,
): Promise<ResponseOf<typeof exportSystems>> {
  const words = WORDS[language]
  const lines = {
    systems: () => systemLines(systems, language),
    contracts: () => contractLines(systems, language),
    flows: () => flowLines(systems, language),
    gdpr: () => gdprLines(systems, language),
  }
  const fileName = `${words.sheets[what].toLowerCase().replaceAll(' ', '-')}-${today}.${format}`
  if (format === 'csv') {
    const text = csvText(lines[what](), language === 'da' ? ';' : ',')
    return { fileName, contentType: 'text/csv;charset=utf-8', content: Buffer.from(text, 'utf8').toString('base64') }
  }
  const file =
    what === 'gdpr'
      ? await workbook([{ name: words.sheets.gdpr, lines: lines.gdpr(), sticky: 3 }])
      : await catalogueWorkbook(
          { systems: lines.systems(), contracts: lines.contracts(), flows: lines.flows() },
          language,
        )
  return {
    fileName,
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    content: Buffer.from(file).toString('base64'),
  }
}
