import * as contract from '#contract/affiliation-matches.ts'
import { audit } from '../../audit/audit-store.ts'
import { authorityNow } from '../../feeds/sources/authority-view.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import { type MatchParts, makeOne, takeApart } from './carry-out-match.ts'
import { lockMatch, type MatchRow, settleMatch } from './match-store.ts'
import { matchesView, matchView } from './matching-views.ts'

type Parts = {
  db: Db
  clock: Clock
  keyring: Keyring
  userNames: (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
  decide: (tx: Tx, clock: Clock, cause: string, affiliations: readonly string[]) => Promise<void>
} & Pick<MatchParts, 'localAdministrators' | 'after'>
type Call = { tx: Tx; actor: Actor; requestId: string }

/** Reports and payroll rows that may be one employment. */
export function matchingRoutes(routes: Routes<Actor>, given: Parts): void {
  const { db, clock, keyring, userNames, decide, localAdministrators, after = [] } = given
  const partsOn = async (tx: Tx): Promise<MatchParts> => ({
    authority: await authorityNow(tx),
    keyring,
    now: clock.now(),
    today: clock.today(),
    after,
    ...(localAdministrators ? { localAdministrators } : {}),
  })

  routes.addOwn(contract.searchAffiliationMatches, async call => {
    const answer = await db.snapshot(async tx => {
      const found = await matchesView(tx, call.actor, call.body)
      const names = await userNames(
        tx,
        found.rows.flatMap(row => row.decidedBy ?? []),
      )
      return { ...found, rows: found.rows.map(row => ({ ...row, decidedBy: names.get(row.decidedBy ?? '') ?? null })) }
    })
    await db.transaction(tx =>
      audit(tx).lookupList({
        actor: auditActor(call.actor),
        action: 'affiliation-match.searched',
        query: { state: call.body.state, text: Boolean(call.body.text) },
        count: answer.total,
        requestId: call.requestId,
      }),
    )
    return answer
  })
  routes.addOwn(contract.getAffiliationMatch, async call =>
    db.snapshotOnRecord(async tx => {
      const match = await matchView(tx, call.actor, call.params.matchId)
      if (!match) throw problem('not-found')
      for (const personId of match.personIds)
        await audit(tx).lookup({
          actor: auditActor(call.actor),
          personId,
          action: 'affiliation-match.viewed',
          requestId: call.requestId,
        })
      const names = await userNames(tx, match.decidedBy ? [match.decidedBy] : [])
      return { ...match, decidedBy: names.get(match.decidedBy ?? '') ?? null }
    }),
  )

  const loaded = async ({ tx, actor }: Call, id: string): Promise<MatchRow> => {
    const match = await lockMatch(tx, id)
    if (!match || !allows(actor, 'decide', 'AffiliationMatch', { id })) throw problem('not-found')
    return match
  }
  const reasonOf = (text: string): string => {
    const reason = text.trim()
    if (reason.length < 5) throw problem('reason-needed')
    return reason
  }
  const write = (call: Call, match: MatchRow, action: string, detail: Record<string, unknown>) =>
    audit(call.tx).write({
      actor: auditActor(call.actor),
      action: `affiliation-match.${action}`,
      subjectKind: 'affiliation-match',
      subjectId: match.id,
      personId: match.reportPersonId,
      detail,
      requestId: call.requestId,
    })

  routes.add(contract.confirmAffiliationMatch, async call => {
    const { keepReport, takePayroll } = call.body
    const reason = reasonOf(call.body.reason)
    const match = await loaded(call, call.params.matchId)
    const decision = { reason, by: call.actor.userId, keepReport, takePayroll }
    const changed = await makeOne(call.tx, match, decision, await partsOn(call.tx))
    await decide(call.tx, clock, `match ${match.id}`, changed)
    await write(call, match, 'confirmed', { reason, keepReport, takePayroll })
    return { affiliationId: match.reportId }
  })
  routes.add(contract.rejectAffiliationMatch, async call => {
    const reason = reasonOf(call.body.reason)
    const match = await loaded(call, call.params.matchId)
    if (match.state !== 'open')
      throw problem('conflict', { detail: 'Something has been said about this pair already.' })
    await settleMatch(call.tx, match.id, {
      state: 'different',
      mergeId: null,
      personMergeId: null,
      facts: [],
      by: call.actor.userId,
      at: clock.now(),
      reason,
    })
    await write(call, match, 'rejected', { reason })
    return { state: 'different' as const }
  })
  routes.add(contract.undoAffiliationMatch, async call => {
    const reason = reasonOf(call.body.reason)
    const match = await loaded(call, call.params.matchId)
    const changed = await takeApart(call.tx, match, { reason, by: call.actor.userId }, await partsOn(call.tx))
    await decide(call.tx, clock, `match ${match.id} undone`, changed)
    await write(call, match, 'undone', { reason })
    const after = await lockMatch(call.tx, match.id)
    return { state: after?.state ?? 'open' }
  })
}
