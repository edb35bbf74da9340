import {
  attestSheet,
  changeSheets,
  createSystem,
  getSheet,
  getSheetHistory,
  getSystemMap,
  previewSheets,
  saveSheet,
  undoSheets,
} from '#contract/catalogue.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import { attestSheet as attest } from '../../systems/catalogue/attest-service.ts'
import * as sheets from '../../systems/catalogue/sheet-service.ts'
import { mapView } from './map-view.ts'
import { namedChanges } from './named-changes.ts'
import { sheetHistoryView, sheetView } from './sheet-view.ts'

const found = <T>(answer: T | null): T => {
  if (answer === null) throw problem('not-found')
  return answer
}

export function catalogueRoutes(routes: Routes<Actor>, { clock }: { clock: Clock }): void {
  const when = () => ({ now: clock.now(), today: clock.today() })
  const by = ({ actor, requestId }: { actor: Actor; requestId: string }): sheets.By => ({
    actor: auditActor(actor),
    requestId,
    may: id => allows(actor, 'change', 'System', { id }),
  })
  routes.add(getSheet, async call =>
    found(await sheetView(call.tx, call.actor, call.params, call.query, clock.today())),
  )
  routes.add(getSheetHistory, async call => found(await sheetHistoryView(call.tx, call.actor, call.params, call.query)))
  routes.add(saveSheet, call => sheets.saveSheet(call.tx, by(call), when(), call.params.systemId, call.body))
  routes.add(attestSheet, call => attest(call.tx, by(call), when(), call.params.systemId, call.body))
  routes.add(createSystem, call => {
    // Whoever may change every system may add one: an owner only keeps what is the owner's.
    if (!allows(call.actor, 'change', 'System', { id: NOBODYS })) throw problem('not-allowed')
    return sheets.createSystem(call.tx, by(call), when(), call.body)
  })
  routes.add(previewSheets, async call => {
    const { rows, hash } = await sheets.planMany(call.tx, by(call), when(), call.body.systems, call.body)
    const shown = await namedChanges(
      call.tx,
      call.actor,
      rows.map(row => row.planned.changes),
    )
    return {
      rows: rows.map(({ stored, refused }, place) => ({
        system: { id: stored.id, key: stored.key, name: stored.name },
        changes: shown[place] ?? [],
        refused,
      })),
      changed: rows.filter(row => row.refused === null && row.planned.touched).length,
      hash,
    }
  })
  routes.add(changeSheets, call => sheets.changeMany(call.tx, by(call), when(), call.body.systems, call.body))
  routes.add(undoSheets, call => sheets.undoMany(call.tx, by(call), when(), call.params.batch))
  routes.add(getSystemMap, call => mapView(call.tx))
}

/** No system has this id: allowed for it means allowed for all. */
const NOBODYS = '00000000-0000-0000-0000-000000000000'
