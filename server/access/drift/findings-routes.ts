import {
  changeFindingSwitch,
  getFindingSettings,
  recordFindingNotice,
  withdrawFindingNotice,
} from '#contract/finding-settings.ts'
import {
  ACTIONS_OF,
  assignFindings,
  getFinding,
  getFindingTrend,
  listDecisions,
  listFindingGroups,
  listFindings,
  listRemovals,
  listSettlers,
  previewSettle,
  settleFindings,
  undoSettle,
} from '#contract/findings.ts'
import { audit } from '../../audit/audit-store.ts'
import { putNotice, removeNotice } from '../../findings/finding-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor, can } from '../../policy/policy.ts'
import type { AfterDecided } from '../after-decided.ts'
import type { RemovalOrders } from '../orders-ahead.ts'
import { assign, settlersView } from './assign-service.ts'
import { decisionsView } from './decisions-view.ts'
import { changeSwitch, findingSettingsView } from './finding-settings.ts'
import { findingGroupsView, findingsView, findingView, type NamesOf, trendView } from './findings-views.ts'
import { forgetGated, syncOutliers } from './outlier-store.ts'
import { removalsView } from './removals-view.ts'
import { previewSettling, settle, undo } from './settle-service.ts'
import { syncAllAccounts } from './sync-drift.ts'

type Parts = {
  db: Db
  clock: Clock
  userNames: NamesOf
  afterDecided?: readonly AfterDecided[]
  removalOrders: RemovalOrders
}

/** What does not fit, and settling it. */
export function findingRoutes(
  routes: Routes<Actor>,
  { db, clock, userNames, afterDecided = [], removalOrders }: Parts,
): void {
  const when = () => ({ today: clock.today(), now: clock.now(), after: afterDecided })
  /** A list of people leaves one entry with its query. */
  const looked = async (call: { actor: Actor; requestId: string }, action: string, query: object, count: number) => {
    if (count === 0) return
    const flat = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value ?? null]))
    await db.transaction(tx =>
      audit(tx).lookupList({ actor: auditActor(call.actor), action, query: flat, count, requestId: call.requestId }),
    )
  }

  routes.addOwn(listFindingGroups, async call => {
    const answer = await db.snapshot(tx => findingGroupsView(tx, call.actor, call.body))
    const { offset: _, limit: __, ...filters } = call.body
    await looked(call, 'findings.searched', filters, answer.findings)
    return answer
  })
  routes.addOwn(listFindings, async call => {
    const answer = await db.snapshot(tx => findingsView(tx, call.actor, call.body, userNames))
    const { offset: _, limit: __, ...filters } = call.body
    await looked(call, 'findings.searched', filters, answer.total)
    return answer
  })
  routes.add(previewSettle, async call => {
    const plan = await previewSettling(call.tx, call.actor, call.body, clock.today())
    return { fits: plan.fits.length, of: plan.of, people: plan.people, refused: plan.refused, hash: plan.hash }
  })
  routes.add(settleFindings, async call => {
    const { batchId, settled, codes } = await settle(call.tx, call.actor, call.body, when())
    const { action, reason, until, ownerPersonId } = call.body
    const owner = ownerPersonId ? { ownerPersonId } : {}
    await write(call, 'findings.settled', batchId, { action, settled, codes, reason, until: until ?? null, ...owner })
    return { batchId, settled }
  })
  routes.add(listSettlers, call => settlersView(call.tx, call.actor, call.body, clock.today()))
  routes.add(assignFindings, async call => {
    const { batchId, assigned, left, codes } = await assign(call.tx, call.actor, call.body, when())
    await write(call, 'findings.assigned', batchId, { personId: call.body.personId, assigned, left, codes })
    return { batchId, assigned, left }
  })
  routes.add(undoSettle, async call => {
    const { restored, action } = await undo(call.tx, call.actor, call.params.batchId, when())
    await write(call, 'findings.undone', call.params.batchId, { action, restored })
    return { restored }
  })
  routes.addOwn(listRemovals, async call => {
    const answer = await db.snapshot(tx => removalsView(tx, call.actor, call.body, removalOrders))
    await looked(call, 'findings.removals-exported', call.body, answer.rows.length)
    return answer
  })
  routes.add(listDecisions, call => decisionsView(call.tx, call.actor, call.query, { now: clock.now(), userNames }))
  routes.add(getFindingTrend, call => trendView(call.tx, call.actor, call.query, clock.today()))
  routes.add(getFindingSettings, call => findingSettingsView(call.tx, can(call.actor, 'finding.configure'), userNames))
  routes.add(changeFindingSwitch, async call => {
    const { code, area, unit, mode } = call.body
    const { before, mode: now } = await changeSwitch(call.tx, {
      code,
      area,
      unit,
      mode,
      by: call.actor.userId,
      now: clock.now(),
    })
    await write(call, 'findings.switched', null, { code, area, unit, before, after: mode })
    return { mode: now }
  })
  routes.add(recordFindingNotice, async call => {
    const notice = call.body
    // What is to come cannot have been done.
    if (notice.discussedOn > clock.today() || notice.toldOn > clock.today())
      throw problem('data-invalid', { errors: [{ where: 'body', what: 'The dates must not be in the future' }] })
    await putNotice(call.tx, notice, call.actor.userId, clock.now())
    await syncAllAccounts(call.tx)
    await syncOutliers(call.tx)
    await write(call, 'findings.notice-recorded', null, notice)
    return { recorded: true as const }
  })
  routes.add(withdrawFindingNotice, async call => {
    await removeNotice(call.tx)
    const removed = await forgetGated(call.tx)
    await write(call, 'findings.notice-withdrawn', null, { removed })
    return { removed }
  })

  // After the addresses with words: it takes whatever stands in that place for an id.
  routes.addOwn(getFinding, call =>
    db.snapshotOnRecord(async tx => {
      const found = await findingView(tx, call.actor, call.params.findingId, userNames)
      if (!found) throw problem('not-found')
      const { mayDecide, ...finding } = found
      if (finding.person)
        await audit(tx).lookup({
          actor: auditActor(call.actor),
          personId: finding.person.id,
          action: 'finding.viewed',
          requestId: call.requestId,
        })
      const allowed = ACTIONS_OF[finding.code].filter(action =>
        action === 'end' ? finding.exception !== null : finding.state !== 'closed',
      )
      const order = (await removalOrders(tx, [finding.id])).get(finding.id) ?? null
      return { ...finding, order, allowed: mayDecide ? allowed : [] }
    }),
  )

  const write = (
    call: { tx: Tx; actor: Actor; requestId: string },
    action: string,
    subjectId: string | null,
    detail: object,
  ) =>
    audit(call.tx).write({
      actor: auditActor(call.actor),
      action,
      subjectKind: 'findings',
      subjectId,
      detail,
      requestId: call.requestId,
    })
}
