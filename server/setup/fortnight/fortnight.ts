import { setLock } from '../../access/locks/lock-service.ts'
import { audit } from '../../audit/audit-store.ts'
import type { DemoManifest } from '../../demo/manifest.ts'
import { changeRungOf, previewRungOf } from '../../orders/rung-service.ts'
import { auditActor } from '../../policy/policy.ts'
import { AFTER_DECIDED, ON_LOCK } from '../../wiring.ts'
import { actorOfRole } from '../actors.ts'
import { eventsArrive } from './events.ts'
import { payrollArrives } from './payroll.ts'
import { changes, comings, goings, substitutes, UNCONFIRMED } from './reports.ts'
import { type Parts, REQUEST, type Stage, stageOf } from './stage.ts'
import { connectSystem } from './steered.ts'

/**
 * A fortnight in which people come, move, are away and go, sent through the doors that everybody uses: reports, events of
 * a personnel program, a lock, a system that is steered. Nothing is written past them, so what is seen afterwards is what
 * they make of it. All of it is said today; days that are past are late reports, as such days are in any town hall.
 */
export async function liveFortnight(parts: Parts, manifest: DemoManifest): Promise<void> {
  // All of the reports or none: a set-up that was cut off here begins here again. Events may come twice.
  await parts.db.transaction(async tx => {
    const [before] = await tx.query('select from lifecycle_case limit 1')
    if (before) return
    const stage = await stageOf(tx, parts, manifest)
    await steer(stage)
    await connectSystem({ ...stage, requestId: REQUEST }, stage.people)
    await comings(stage)
    await changes(stage)
    await goings(stage)
    await substitutes(stage)
    await somebodyIsLocked(stage)
  })
  await eventsArrive(parts, manifest)
  const it = await parts.db.transaction(tx => actorOfRole(tx, manifest, 'it', parts.clock.today()))
  await payrollArrives(parts, it, { ...UNCONFIRMED, requestId: REQUEST })
}

async function steer({ tx, clock, today, people, system }: Stage): Promise<void> {
  const when = { today, now: clock.now() }
  const { hash } = await previewRungOf(tx, system, 'apply', when)
  const asked = { rung: 'apply' as const, reason: 'Ejeren får opgaver, når nogen kommer eller går', hash }
  const done = await changeRungOf(tx, system, { ...asked, by: people.it.userId }, when)
  await audit(tx).write({
    actor: auditActor(people.it),
    ...{ action: done.state === 'changed' ? 'rung.changed' : 'rung.asked', subjectKind: 'system', subjectId: system },
    ...{ before: { rung: done.before }, after: { rung: asked.rung }, requestId: REQUEST },
    detail: { reason: asked.reason, orders: done.preview.made.length, removals: done.preview.removals },
  })
}

async function somebodyIsLocked({ tx, clock, today, people, workers }: Stage): Promise<void> {
  const { personId } = workers()
  const reason = 'Adgangskoden er set på en fremmed side'
  const hooks = { onLock: ON_LOCK, after: AFTER_DECIDED }
  await setLock(tx, people.it, { personId, reason }, { today, now: clock.now() }, hooks)
}
