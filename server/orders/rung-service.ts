import { createHash } from 'node:crypto'
import type { Rung } from '#contract/orders.ts'
import { figuresForNewTables } from '../platform/planner.ts'
import { problem } from '../platform/problem.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import {
  askForRung,
  assumeAccounts,
  assumeRights,
  type MadeOrder,
  madeOf,
  openOf,
  rungOf,
  setRung,
  waitingRung,
} from './delivery-store.ts'
import { lockPlanning } from './order-plan-store.ts'
import { planOrdersOf } from './order-service.ts'

/** More removals than this at once need a second person. */
export const REMOVALS_FLOOR = 10
const REMOVES = ['revoke', 'disable', 'delete', 'take-back']

type When = { today: string; now: Date }
export type RungPreview = {
  made: MadeOrder[]
  cancelled: number
  tasks: number
  removals: number
  hash: string
  waitsFor: string | null
}

/** What another rung would order today: the very change, carried out and taken back, so that it cannot say anything else. */
export async function previewRungOf(tx: Tx, systemId: string, rung: Rung, when: When): Promise<RungPreview> {
  await tx.query('savepoint rung_preview')
  const preview = await carryOut(tx, systemId, rung, when)
  await tx.query('rollback to savepoint rung_preview')
  const waiting = await waitingRung(tx, systemId)
  return { ...preview, waitsFor: waiting?.rung === rung && waiting.hash === preview.hash ? waiting.askedBy : null }
}

async function carryOut(tx: Tx, systemId: string, rung: Rung, when: When): Promise<Omit<RungPreview, 'waitsFor'>> {
  await lockPlanning(tx)
  const before = await rungOf(tx, systemId)
  if (!before) throw problem('not-found')
  const open = await openOf(tx, systemId)
  await setRung(tx, systemId, rung, when.now)
  if (before.rung === 'observe' && rung !== 'observe') {
    await assumeRights(tx, systemId, when)
    await assumeAccounts(tx, systemId, when)
  }
  // What a rung takes was looked at, and much of it by two.
  await planOrdersOf(tx, 'all', { ...when, agreed: true })
  const made = rung === 'observe' ? [] : await madeOf(tx, systemId, when.now)
  const after = await openOf(tx, systemId)
  // Only what must be done by today counts as what it would take today; ends that are planned ahead come in their time.
  const removals = made.filter(one => REMOVES.includes(one.action) && one.dueOn <= when.today).length
  const hash = createHash('sha256')
    .update(JSON.stringify([rung, made.map(one => [one.action, one.personId, one.slot]).sort()]))
    .digest('hex')
  return { made, cancelled: open.orders + made.length - after.orders, tasks: after.tasks, removals, hash }
}

/**
 * Steers a system otherwise. `hash` is that of the preview: where the plan is another by now, nothing happens. Much that
 * would be taken waits until another person asks for the very same.
 */
export async function changeRungOf(
  tx: Tx,
  systemId: string,
  asked: { rung: Rung; reason: string; hash: string; by: string },
  when: When,
): Promise<{ state: 'changed' | 'waiting'; before: Rung; preview: RungPreview }> {
  const before = await rungOf(tx, systemId)
  if (!before) throw problem('not-found')
  const preview = await previewRungOf(tx, systemId, asked.rung, when)
  if (preview.hash !== asked.hash) throw problem('plan-stale')
  if (preview.removals > REMOVALS_FLOOR && asked.rung !== 'observe') {
    if (preview.waitsFor === asked.by)
      throw problem('second-person-needed', {
        detail: `${preview.removals} removals: another person must ask for the same.`,
      })
    if (preview.waitsFor === null) {
      await askForRung(tx, systemId, { ...asked, now: when.now })
      return { state: 'waiting', before: before.rung, preview }
    }
  }
  await carryOut(tx, systemId, asked.rung, when)
  // Thousands are taken to be held at once: whoever plans for one person next must not loop over them.
  await figuresForNewTables(tx, ['provisioning_order'])
  return { state: 'changed', before: before.rung, preview }
}
