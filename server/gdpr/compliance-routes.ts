import * as c from '#contract/compliance.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { auditActor } from '../policy/policy.ts'
import { textFile } from './documents/text-file.ts'
import { changeHoldOf, placeHoldOn } from './holds/hold-service.ts'
import { holdsView } from './holds/hold-views.ts'
import { confirmShown, publish, recordOnPaper } from './notice/notice-service.ts'
import { noticeView, notToldView, standingView, textsView } from './notice/notice-views.ts'
import { carryOut, changeRow, decideAboutRun, preview, startRun } from './retention/retention-service.ts'
import { retentionView } from './retention/retention-views.ts'
import { answerSample } from './samples/sample-service.ts'
import { samplesView } from './samples/sample-views.ts'

type Parts = {
  db: Db
  clock: Clock
  municipality: string
  userNames: (tx: Tx, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** So long somebody waits for a run; what is left then the job goes on with. */
const WAITED_MS = 4_000

/** The product's own compliance: periods, runs that delete, holds, texts and samples of the log. */
export function complianceRoutes(routes: Routes<Actor>, { db, clock, municipality, userNames }: Parts): void {
  const when = () => ({ today: clock.today(), now: clock.now() })
  const carried = () => carryOut(db, () => clock.now(), clock.now().getTime() + WAITED_MS)
  routes.add(c.getRetention, call => retentionView(call.tx, call.actor, userNames))
  routes.add(c.previewRetention, async call => ({ rows: await preview(call.tx, call.body.rows, clock.today()) }))
  routes.add(c.changeRetention, async call => {
    await changeRow(call.tx, call.actor, call.params.row, call.body, when())
    return { changed: true as const }
  })
  routes.addOwn(c.startRetention, async call => {
    const run = await db.transaction(tx => startRun(tx, call.actor, call.body, when()))
    if (run.state === 'waiting') return run
    return { id: run.id, state: (await carried()) ? ('done' as const) : ('running' as const) }
  })
  routes.addOwn(c.decideRetention, async call => {
    await db.transaction(tx => decideAboutRun(tx, call.actor, call.params.runId, call.body, when()))
    if (!call.body.yes) return { state: 'refused' as const }
    return { state: (await carried()) ? ('done' as const) : ('running' as const) }
  })
  routes.add(c.listHolds, call => holdsView(call.tx, call.actor, call.query, clock.today()))
  routes.add(c.placeHold, async call => ({ id: await placeHoldOn(call.tx, call.actor, call.body, when()) }))
  routes.add(c.changeHold, async call => {
    await changeHoldOf(call.tx, call.actor, call.params.holdId, call.body, when())
    return { changed: true as const }
  })
  routes.add(c.listComplianceTexts, call =>
    textsView(call.tx, call.actor, { municipality, today: clock.today(), names: userNames }),
  )
  routes.add(c.publishComplianceText, async call => ({
    version: await publish(call.tx, call.actor, call.params.kind, call.body, clock.now()),
  }))
  const paper = { db, clock, municipality }
  routes.addOwn(c.makeComplianceDocument, ({ query }) => textFile(paper, query))
  routes.addOwn(c.makeNoticeDocument, ({ query }) => textFile(paper, { kind: 'notice', ...query }))
  routes.add(c.getNotice, call => noticeView(call.tx, call.actor, municipality))
  routes.add(c.confirmNotice, async call => {
    await confirmShown(call.tx, call.actor, call.body.version, clock.now())
    return { seen: true as const }
  })
  routes.add(c.getNoticeStanding, call => standingView(call.tx, call.actor))
  routes.addOwn(c.listNotTold, async call => {
    const answer = await db.snapshot(tx => notToldView(tx, call.actor, call.query))
    if (answer.total > 0)
      await db.transaction(tx =>
        audit(tx).lookupList({
          ...{ actor: auditActor(call.actor), action: 'notice.not-told-viewed', count: answer.total },
          ...{ query: { withoutAccount: call.query.withoutAccount }, requestId: call.requestId },
        }),
      )
    return answer
  })
  routes.add(c.recordPaper, async call => ({
    recorded: await recordOnPaper(call.tx, call.actor, call.body, clock.now()),
  }))
  routes.addOwn(c.listLookupSamples, async call => {
    const answer = await db.snapshot(tx => samplesView(tx, call.actor, call.query, userNames))
    if (answer.total > 0)
      await db.transaction(tx =>
        audit(tx).lookupList({
          ...{ actor: auditActor(call.actor), action: 'lookup-samples.viewed', count: answer.total },
          ...{ query: { open: call.query.open }, requestId: call.requestId },
        }),
      )
    return answer
  })
  routes.add(c.answerLookupSample, async call => {
    await answerSample(call.tx, call.actor, call.params.entryId, call.body, clock.now())
    return { answered: true as const }
  })
}
