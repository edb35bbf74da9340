import { getStaleThen } from '#contract/freshness.ts'
import * as pages from '#contract/pages.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor, functionFor } from '../../policy/policy.ts'
import { lookAtList } from '../look.ts'
import { type About, changesView } from './changes-views.ts'
import { colleaguesView, compareView, readable } from './compare-views.ts'
import { momentOf } from './moment.ts'
import { overTimeView } from './over-time-views.ts'
import { rightPeersView } from './right-peers-views.ts'
import { siblingsView } from './siblings-views.ts'
import { staleThenView } from './stale-then-view.ts'
import { systemAsOfView } from './system-as-of-views.ts'
import { systemPartsView } from './system-parts-views.ts'
import { unitAsOfView } from './unit-as-of-views.ts'

type Between = { from: string; to: string; known?: string | undefined; offset: number; limit: number }

const found = <T>(answer: T | null): T => {
  if (answer === null) throw problem('not-found')
  return answer
}

/** Systems, units, rights and people on other days and beside each other. Every answer with people in it is on record. */
export function pagesRoutes(routes: Routes<Actor>, { db, clock }: { db: Db; clock: Clock }): void {
  const now = () => ({ valid: clock.today(), known: clock.now() })
  const between = ({ from, to, known, offset, limit }: Between) => ({
    from: momentOf(from, known, clock),
    to: momentOf(to, known, clock),
    offset,
    limit,
  })

  routes.add(getStaleThen, async call => ({
    rows: await staleThenView(call.tx, momentOf(call.query.asOf, call.query.known, clock)),
  }))
  routes.addOwn(pages.getSystemAsOf, call =>
    lookAtList(
      db,
      call,
      async tx => {
        const { asOf, known, ...page } = call.query
        return found(await systemAsOfView(tx, call.actor, call.params.systemId, momentOf(asOf, known, clock), page))
      },
      answer => ({
        action: 'system.as-of-viewed',
        query: {
          system: call.params.systemId,
          entitlement: call.query.entitlement,
          asOf: call.query.asOf,
          known: call.query.known,
        },
        count: answer.total,
      }),
    ),
  )
  routes.addOwn(pages.getUnitAsOf, call =>
    lookAtList(
      db,
      call,
      async tx => {
        const { asOf, known, ...page } = call.query
        return found(await unitAsOfView(tx, call.actor, call.params.unitId, momentOf(asOf, known, clock), page))
      },
      answer => ({
        action: 'unit.as-of-viewed',
        query: { unit: call.params.unitId, asOf: call.query.asOf, known: call.query.known },
        count: answer.totalPeople,
      }),
    ),
  )

  const changes = (
    call: { actor: Actor; requestId: string; query: Between },
    about: Exclude<About, { person: string }>,
    action: 'system.changes-viewed' | 'unit.changes-viewed',
    table: 'it_system' | 'org_unit',
  ) =>
    lookAtList(
      db,
      call,
      async tx => {
        const id = 'system' in about ? about.system : about.unit
        const [known] = await tx.query(`select 1 from ${table} where id = $1`, [id])
        if (!known) throw problem('not-found')
        return changesView(tx, call.actor, about, between(call.query))
      },
      answer => ({
        action,
        query: { ...about, from: call.query.from, to: call.query.to, known: call.query.known },
        count: answer.total,
      }),
    )
  routes.addOwn(pages.getSystemChanges, call =>
    changes(
      call,
      { system: call.params.systemId, entitlement: call.query.entitlement },
      'system.changes-viewed',
      'it_system',
    ),
  )
  routes.addOwn(pages.getUnitChanges, call =>
    changes(call, { unit: call.params.unitId }, 'unit.changes-viewed', 'org_unit'),
  )
  routes.addOwn(pages.getPersonChanges, call =>
    db.snapshotOnRecord(async tx => {
      const { personId } = call.params
      const { record } = found(await readable(tx, call.actor, personId, true))
      const answer = await changesView(tx, call.actor, { person: personId }, between(call.query))
      await audit(tx).lookup({
        actor: auditActor(call.actor, functionFor(call.actor, 'Person', record) ?? undefined),
        personId,
        action: 'person.changes-viewed',
        requestId: call.requestId,
      })
      return answer
    }),
  )

  routes.addOwn(pages.comparePeople, call =>
    db.snapshotOnRecord(async tx => {
      const { a, b, asOf, known } = call.query
      const past = known !== undefined || (asOf !== undefined && asOf !== clock.today())
      const one = found(await readable(tx, call.actor, a, past))
      const other = found(await readable(tx, call.actor, b, past))
      const answer = await compareView(
        tx,
        call.actor,
        { a, b },
        { past: past ? momentOf(asOf ?? clock.today(), known, clock) : null, now: now() },
      )
      for (const { record } of [one, other])
        await audit(tx).lookup({
          actor: auditActor(call.actor, functionFor(call.actor, 'Person', record) ?? undefined),
          personId: record.id,
          action: 'person.compared',
          requestId: call.requestId,
        })
      return { ...answer, history: one.history && other.history }
    }),
  )
  routes.addOwn(pages.getColleagues, call =>
    lookAtList(
      db,
      call,
      async tx => {
        found(await readable(tx, call.actor, call.params.personId, false))
        return colleaguesView(tx, call.actor, call.params.personId)
      },
      answer => ({
        action: 'people.searched',
        query: { colleaguesOf: call.params.personId },
        count: answer.rows.length,
      }),
    ),
  )

  routes.add(pages.getRightPeers, async call =>
    found(await rightPeersView(call.tx, call.actor, call.params.entitlementId)),
  )
  routes.add(pages.getUnitSiblings, async call => found(await siblingsView(call.tx, call.actor, call.params.unitId)))
  routes.add(pages.getHoldersOverTime, async call => ({
    weeks: found(
      await overTimeView(call.tx, call.actor, call.params.systemId, {
        entitlement: call.query.entitlement,
        weeks: call.query.weeks,
        now: clock.now(),
      }),
    ),
  }))
  routes.add(pages.getSystemParts, async call =>
    found(await systemPartsView(call.tx, call.actor, call.params.systemId, call.query.entitlement, clock.today())),
  )
}
