import { exportRegister } from '#contract/register-export.ts'
import * as contract from '#contract/register-transfer.ts'
import { audit } from '../audit/audit-store.ts'
import { savedColumnsView } from '../feeds/imports/columns-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { auditActor } from '../policy/policy.ts'
import { userName } from '../register/activities/activity-sql.ts'
import { loadDefaults } from '../register/activities/attest-store.ts'
import { checkContent } from '../register/activities/check-content.ts'
import { loadVocabularies } from '../register/vocabulary/vocabulary-store.ts'
import { exportFile } from './register/export-file.ts'
import * as transfer from './register/import-service.ts'
import { importPlanView, importsView } from './register/import-view.ts'
import { kitosKeys, peopleOfSystems, recordsView } from './register/register-export-view.ts'

type Parts = { db: Db; clock: Clock; municipality: string }

/** The register out and in as a file, and in the shapes that other products speak. */
export function interopRoutes(routes: Routes<Actor>, { db, clock, municipality }: Parts): void {
  const by = ({ actor, requestId }: { actor: Actor; requestId: string }) => ({
    ...{ actor, requestId, today: clock.today(), now: clock.now() },
  })
  const ctx = (call: { tx: Tx; actor: Actor; requestId: string }): transfer.Ctx => ({ ...by(call), tx: call.tx })
  const recordsOf =
    (actor: Actor): transfer.LoadRecords =>
    tx =>
      recordsView(tx, actor, {}, clock.today())

  // A file leaves the house: on record each time, and not made when the record cannot be.
  routes.addOwn(exportRegister, async call => {
    const { what, language, filter } = call.body
    const ground = await db.snapshotOnRecord(async tx => {
      const records = what === 'template' ? [] : await recordsView(tx, call.actor, filter, clock.today())
      const systems = [...new Set(records.flatMap(one => one.content.systems.map(used => used.systemId)))]
      const said = await loadDefaults(tx)
      const made = {
        ...{ records, vocabularies: await loadVocabularies(tx), today: clock.today() },
        // Until somebody says otherwise the municipality is the controller, as on the screen.
        defaults: { ...said, controller: said.controller ?? { name: municipality, contact: null } },
        people: what === 'os2compliance' ? await peopleOfSystems(tx, systems) : new Map(),
        uuids: what === 'kitos' ? await kitosKeys(tx, systems) : new Map(),
      }
      const { search, ...rest } = filter
      await audit(tx).write({
        ...{
          actor: auditActor(call.actor),
          action: 'register.exported',
          subjectKind: 'list',
          requestId: call.requestId,
        },
        detail: { what, language, count: records.length, query: { ...rest, ...(search ? { search: true } : {}) } },
      })
      return made
    })
    return exportFile({ what, language }, ground)
  })
  // The body is the file itself, and no JSON.
  routes.addOwn(contract.uploadRegister, call => transfer.takeUpload(db, by(call), call.query.name, call.request))
  routes.add(contract.planRegister, async call =>
    importPlanView(call.tx, await transfer.planOf(ctx(call), call.params.importId, call.body, recordsOf(call.actor))),
  )
  routes.add(contract.applyRegister, async call => {
    const vocabularies = await loadVocabularies(call.tx)
    return transfer.applyImport(ctx(call), call.params.importId, call.body, {
      loadRecords: recordsOf(call.actor),
      check: async (_tx, content) => checkContent(content, vocabularies, clock.today()),
    })
  })
  routes.add(contract.undoRegister, call => transfer.undoImport(ctx(call), call.params.importId))
  routes.add(contract.listRegisterImports, call => importsView(call.tx, call.actor.userId))
  routes.add(contract.listRegisterColumns, call => savedColumnsView(call.tx, 'register_columns', userName))
  routes.add(contract.renameRegisterColumns, call => transfer.renameColumns(ctx(call), call.body))
  routes.add(contract.deleteRegisterColumns, call => transfer.deleteColumns(ctx(call), call.body))
}
