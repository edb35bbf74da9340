import type { Readable } from 'node:stream'
import * as contract from '#contract/records.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import type { AfterRegister } from '../activities/activity-routes.ts'
import { readRecordFile, takeRecordBody } from './record-file.ts'
import * as service from './record-service.ts'
import { activityRecordsView, keepingView, systemRecordsView } from './record-views.ts'

type Parts = {
  db: Db
  clock: Clock
  /** Findings, in the transaction of the change. */
  after: readonly AfterRegister[]
  onEnded: readonly service.OnRecordEnded[]
}
const MOST_BAD = 200

/** Dated records of systems and activities, whether they are kept here, and files of them. */
export function recordRoutes(routes: Routes<Actor>, { db, clock, after, onEnded }: Parts): void {
  const ctx = ({ tx, actor }: { tx: Tx; actor: Actor }): service.Ctx => ({
    ...{ tx, actor, today: clock.today(), now: clock.now() },
  })
  const found = async <T>(tx: Tx, work: Promise<T>): Promise<T> => {
    const done = await work
    for (const follow of after) await follow(tx, clock.today())
    return done
  }
  routes.add(contract.listSystemRecords, call =>
    systemRecordsView(call.tx, call.actor, call.params.systemId, clock.today()),
  )
  routes.add(contract.listActivityRecords, call =>
    activityRecordsView(call.tx, call.actor, call.params.activityId, clock.today()),
  )
  routes.add(contract.addSystemRecord, call =>
    found(call.tx, service.addRecord(ctx(call), { systemId: call.params.systemId }, call.body)),
  )
  routes.add(contract.addActivityRecord, call =>
    found(call.tx, service.addRecord(ctx(call), { activityId: call.params.activityId }, call.body)),
  )
  routes.add(contract.endSystemRecord, ({ params, body, ...call }) =>
    found(
      call.tx,
      service.endRecord(ctx(call), { systemId: params.systemId }, { id: params.recordId, ...body }, onEnded),
    ),
  )
  routes.add(contract.endActivityRecord, ({ params, body, ...call }) =>
    found(
      call.tx,
      service.endRecord(ctx(call), { activityId: params.activityId }, { id: params.recordId, ...body }, onEnded),
    ),
  )
  routes.add(contract.getRecordKeeping, call => keepingView(call.tx, call.actor, clock.today()))
  routes.add(contract.changeRecordKeeping, call => found(call.tx, service.keep(ctx(call), call.body)))

  // The body is the file itself, and no JSON.
  const planned = async (call: { actor: Actor; query: { name: string }; request: Readable }) => {
    const read = await readRecordFile(await takeRecordBody(call.request), call.query.name)
    return (tx: Tx) => service.planRecords(ctx({ tx, actor: call.actor }), read)
  }
  const answer = ({ rows, taken, known, bad }: service.Imported) => ({
    ...{ rows, taken, known, bad: bad.slice(0, MOST_BAD), badInAll: bad.length },
  })
  routes.addOwn(contract.previewRecordImport, async call => answer(await db.snapshot(await planned(call))))
  routes.addOwn(contract.importRecords, async call => {
    const plan = await planned(call)
    return db.transaction(async tx => {
      const made = await plan(tx)
      await found(tx, service.takeRecords(ctx({ tx, actor: call.actor }), call.query.name, made))
      return answer(made)
    })
  })
}
