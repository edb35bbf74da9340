import {
  approveBinding,
  changeBinding,
  confirmBinding,
  decideProposals,
  endBinding,
  getCoverage,
  getWholeCoverage,
  makeBinding,
  searchBindings,
  searchProposals,
  undoBindings,
} from '#contract/bindings.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import type { AfterRegister } from '../../register/activities/activity-routes.ts'
import * as service from '../../register/bindings/binding-service.ts'
import { oneAtATime } from '../../register/bindings/binding-store.ts'
import { bindingsView } from './bindings-view.ts'
import { coverageView } from './coverage-view.ts'
import { proposalsBehind, proposalsView } from './proposals-view.ts'
import { syncChanged } from './purpose-findings.ts'

type UserNames = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Parts = {
  clock: Clock
  userNames: UserNames
  /** What follows for rights, before it is looked for what has no purpose. */
  after?: readonly AfterRegister[]
}

/** What rights are for: bindings, the desk of proposals, and how much is said. */
export function purposeRoutes(routes: Routes<Actor>, { clock, userNames, after = [] }: Parts): void {
  const when = () => ({ today: clock.today(), now: clock.now() })
  /** What has no purpose now is found in the transaction of the change. */
  const found = async <T>(tx: Tx, work: Promise<T>): Promise<T> => {
    const done = await work
    for (const follow of after) await follow(tx, clock.today())
    await syncChanged(tx, clock.today())
    return done
  }

  routes.add(searchBindings, async call => {
    const answer = await bindingsView(call.tx, call.actor, call.body, clock.today())
    const people = answer.rows.flatMap(row => [row.proposedBy, row.approvedBy]).filter(id => id !== null)
    const known = await userNames(
      call.tx,
      people.filter(id => id !== 'hjemmel'),
    )
    const name = (id: string | null) => (id === null ? null : (known.get(id) ?? id))
    return {
      ...answer,
      rows: answer.rows.map(row => ({ ...row, proposedBy: name(row.proposedBy), approvedBy: name(row.approvedBy) })),
    }
  })
  routes.add(makeBinding, call => {
    const { object, ...terms } = call.body
    return found(call.tx, service.make(call.tx, call.actor, { object, terms }, when()))
  })
  routes.add(changeBinding, call =>
    found(call.tx, service.change(call.tx, call.actor, call.params.bindingId, call.body, when())),
  )
  routes.add(approveBinding, call =>
    found(call.tx, service.approve(call.tx, call.actor, call.params.bindingId, when())),
  )
  routes.add(confirmBinding, call =>
    found(call.tx, service.confirm(call.tx, call.actor, call.params.bindingId, call.body.note, when())),
  )
  routes.add(endBinding, call =>
    found(call.tx, service.end(call.tx, call.actor, call.params.bindingId, call.body.reason, when())),
  )
  routes.add(searchProposals, call => proposalsView(call.tx, call.actor, call.body, clock.today()))
  routes.add(decideProposals, async call => {
    const { decisions } = call.body
    const keys = decisions.map(one => one.key)
    if (new Set(keys).size < keys.length)
      throw problem('invalid-request', { detail: 'A proposal is decided about once.' })
    await oneAtATime(call.tx)
    const behind = await proposalsBehind(call.tx, call.actor, keys, clock.today())
    const decided = service.decide(
      call.tx,
      call.actor,
      decisions.flatMap((one): service.Decision[] => {
        const proposal = behind.get(one.key)
        if (!proposal) return []
        return one.action === 'reject'
          ? [{ action: 'reject', proposal, reason: one.reason }]
          : [{ action: 'accept', proposal, terms: one.terms }]
      }),
      when(),
    )
    return found(call.tx, decided)
  })
  routes.add(undoBindings, call => found(call.tx, service.undo(call.tx, call.actor, call.params.batchId, when())))
  routes.add(getCoverage, call => coverageView(call.tx, call.actor, clock.today()))
  routes.add(getWholeCoverage, call => coverageView(call.tx, call.actor, clock.today(), { whole: true, ...call.query }))
}
