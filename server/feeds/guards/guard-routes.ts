import {
  approveAnnouncement,
  cancelAnnouncement,
  createAnnouncement,
  getAnnouncement,
  listAnnouncements,
  listParts,
  simulateAnnouncement,
} from '#contract/announcements.ts'
import { acceptShape, approveHeld, getGuards, getHeld, rejectHeld, searchHeld } from '#contract/held.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Log } from '../../platform/log.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor, can, seesOfAll } from '../../policy/policy.ts'
import type { Feeds } from '../feeds-service.ts'
import { planItems } from '../runs/feeds-views.ts'
import { readRun } from '../runs/run-store.ts'
import { createAnnouncements } from './announcement-service.ts'
import { noteSimulation } from './announcement-store.ts'
import * as announcements from './announcement-views.ts'
import * as views from './held-views.ts'
import { partsOf } from './parts-view.ts'
import { simulateFromRun } from './simulate-announcement.ts'

type UserNames = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Parts = { db: Db; clock: Clock; log: Log; feeds: Feeds; userNames: UserNames }

export function guardRoutes(routes: Routes<Actor>, { db, clock, log, feeds, userNames }: Parts): void {
  const service = createAnnouncements({ clock })
  const readerOf = (actor: Actor) => ({
    ...{ userId: actor.userId, mayApprove: can(actor, 'run.approve'), today: clock.today() },
  })

  routes.add(getHeld, async call => {
    const held = await views.heldChanges(call.tx, call.params.runId, readerOf(call.actor))
    const names = await userNames(
      call.tx,
      held.decisions.map(one => one.by),
    )
    return { ...held, decisions: held.decisions.map(one => ({ ...one, by: names.get(one.by) ?? one.by })) }
  })
  routes.add(searchHeld, async call => {
    const { cause, ...page } = call.body
    await readRun(call.tx, call.params.runId)
    return planItems(
      call.tx,
      call.params.runId,
      { ...page, state: 'held' },
      {
        seeProtected: seesOfAll(call.actor, 'protectedName'),
        seePupils: seesOfAll(call.actor, 'basic'),
        seeBirthDates: seesOfAll(call.actor, 'cpr'),
        ...(cause === undefined ? {} : { cause }),
      },
    )
  })
  routes.addOwn(approveHeld, async call => {
    const { state, applied } = await feeds.approveHeld(call.params.runId, by(call), call.body)
    return { state, applied, left: await waiting(call.params.runId) }
  })
  routes.addOwn(rejectHeld, async call => {
    const { state, applied } = await feeds.rejectHeld(call.params.runId, by(call), call.body)
    return { state, applied, left: await waiting(call.params.runId) }
  })
  routes.addOwn(acceptShape, async call => {
    const { until } = await feeds.acceptShape(call.params.runId, by(call), call.body.reason)
    return { until: until.toISOString() }
  })
  routes.add(getGuards, async call => ({
    ...(await views.guardsView(call.tx, call.params.sourceKey)),
    locked: await views.changeWaits(call.tx, call.params.sourceKey, call.actor.userId),
  }))

  const named = async (tx: Tx, rows: Awaited<ReturnType<typeof announcements.listAnnouncements>>['rows']) => {
    const names = await userNames(
      tx,
      rows.flatMap(row => [row.createdBy, ...(row.decidedBy ? [row.decidedBy] : [])]),
    )
    const name = (id: string) => names.get(id) ?? id
    return rows.map(row => ({
      ...row,
      createdBy: name(row.createdBy),
      decidedBy: row.decidedBy === null ? null : name(row.decidedBy),
    }))
  }
  routes.add(listAnnouncements, async call => {
    const { rows, total } = await announcements.listAnnouncements(call.tx, call.query, readerOf(call.actor))
    return { rows: await named(call.tx, rows), total }
  })
  routes.add(getAnnouncement, async call => {
    const row = await announcements.oneAnnouncement(call.tx, call.params.announcementId, readerOf(call.actor))
    return (await named(call.tx, [row]))[0]!
  })
  routes.add(listParts, call => partsOf(call.tx, call.params.sourceKey, call.query))
  routes.add(createAnnouncement, async call => {
    const id = await service.create(call.tx, by(call), call.body)
    await write(call, 'announcement.created', id, { ...call.body })
    return { id }
  })
  routes.addOwn(simulateAnnouncement, async call => {
    const { announcementId } = call.params
    const { runId } = call.body
    const { source } = await db.transaction(async tx => {
      const found = await service.forSimulation(tx, announcementId)
      if (runId) await simulateFromRun(tx, found, runId)
      await write({ ...call, tx }, 'announcement.simulated', announcementId, { source: found.source })
      return found
    })
    if (runId) return { runId }
    return new Promise((resolve, reject) => {
      const onStart = (started: string) =>
        void db
          .transaction(tx => noteSimulation(tx, announcementId, started))
          .then(() => resolve({ runId: started }), reject)
      feeds
        .run(source, { trigger: 'manual', actor: by(call), announcement: announcementId, onStart })
        .catch((error: unknown) => {
          log.warn({ source, err: String(error) }, 'a simulation did not start or stopped')
          reject(error)
        })
    })
  })
  routes.add(approveAnnouncement, async call => {
    await service.approve(call.tx, by(call), call.params.announcementId)
    await write(call, 'announcement.approved', call.params.announcementId, {})
    return { state: 'approved' as const }
  })
  routes.add(cancelAnnouncement, async call => {
    const { reason } = call.body
    await service.cancel(call.tx, by(call), call.params.announcementId, reason)
    await write(call, 'announcement.cancelled', call.params.announcementId, { reason })
    return { state: 'cancelled' as const }
  })

  const waiting = (runId: string): Promise<number> =>
    db.snapshot(async tx => (await views.heldChanges(tx, runId, { userId: '', mayApprove: false })).waiting)
}

const by = ({ actor }: { actor: Actor }) => {
  const { personId, function: inFunction } = auditActor(actor)
  return { id: actor.userId, personId, function: inFunction }
}

async function write(
  call: { tx: Tx; actor: Actor; requestId: string },
  action: string,
  id: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await audit(call.tx).write({
    ...{ actor: auditActor(call.actor), action, subjectKind: 'announcement', subjectId: id, requestId: call.requestId },
    detail,
  })
}
