import { decideLink, getLinkCase, listLinkCases, undoLinkDecision } from '#contract/links.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import { problem } from '../platform/problem.ts'
import { statement } from '../platform/statement.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { auditActor } from '../policy/policy.ts'
import { decideLink as decide, undoDecision, versionOf } from '../systems/link-service.ts'
import { createLinkStore, relinkAccounts } from '../systems/link-store.ts'
import { observeRights } from '../systems/observe-rights.ts'
import { type AfterDecided, followed } from './after-decided.ts'
import { syncAccounts } from './drift/sync-drift.ts'
import { linkCaseView } from './link-case-view.ts'
import { linkCasesView } from './link-desk-views.ts'
import { refreshPersonRights } from './person-rights-store.ts'
import { visibleTo } from './visible.ts'

type UserNames = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Parts = { db: Db; clock: Clock; userNames: UserNames; afterDecided?: readonly AfterDecided[] }

/** The desk: whose accounts are. */
export function linkRoutes(routes: Routes<Actor>, { db, clock, userNames, afterDecided }: Parts): void {
  routes.addOwn(listLinkCases, async call => {
    const answer = await db.snapshot(tx => linkCasesView(tx, call.actor, call.body))
    if (answer.total === 0) return answer
    const { text, offset: _, limit: __, ...filters } = call.body
    const query = Object.fromEntries(
      Object.entries({ ...filters, text: Boolean(text) }).map(([k, v]) => [k, v ?? null]),
    )
    await db.transaction(tx =>
      audit(tx).lookupList({
        actor: auditActor(call.actor),
        action: 'links.searched',
        query,
        count: answer.total,
        requestId: call.requestId,
      }),
    )
    return answer
  })

  routes.addOwn(getLinkCase, async call => {
    const answer = await db.snapshot(tx =>
      linkCaseView(tx, call.actor, call.params.accountId, ids => userNames(tx, ids)),
    )
    if (!answer) throw problem('not-found')
    // Everybody who is shown has been looked up, and finds it in the own log.
    await db.transaction(async tx => {
      for (const { person } of answer.candidateList)
        await audit(tx).lookup({
          actor: auditActor(call.actor),
          personId: person.id,
          action: 'link.viewed',
          requestId: call.requestId,
        })
    })
    return answer
  })

  routes.add(decideLink, async call => {
    const { accountId } = call.params
    await seen(call.tx, call.actor, accountId, 'personId' in call.body ? call.body.personId : null)
    const store = createLinkStore(call.tx, { now: clock.now() })
    const { decisionId, before } = await decide(store, accountId, call.body, {
      ...call.actor,
      now: clock.now(),
    })
    await settle(call.tx, accountId)
    const { version: _, reason, ...what } = call.body
    await audit(call.tx).write({
      actor: auditActor(call.actor),
      action: 'link.decided',
      subjectKind: 'account',
      subjectId: accountId,
      personId: 'personId' in call.body ? call.body.personId : null,
      before,
      after: what,
      detail: { decisionId, ...(reason ? { reason } : {}) },
      requestId: call.requestId,
    })
    return { decisionId, ...(await standing(call.tx, accountId)) }
  })

  routes.add(undoLinkDecision, async call => {
    const store = createLinkStore(call.tx, { now: clock.now() })
    const decision = await undoDecision(store, call.params.decisionId, call.actor)
    await seen(call.tx, call.actor, decision.accountId, null)
    await settle(call.tx, decision.accountId)
    await store.restoreSince(decision)
    await audit(call.tx).write({
      actor: auditActor(call.actor),
      action: 'link.undone',
      subjectKind: 'account',
      subjectId: decision.accountId,
      detail: { decisionId: decision.id, kind: decision.kind },
      requestId: call.requestId,
    })
    return { accountId: decision.accountId, ...(await standing(call.tx, decision.accountId)) }
  })

  /** What follows from a decision, in its transaction: the link, the rights, the counts of whoever it concerns. */
  const settle = async (tx: Tx, accountId: string) => {
    const people = await relinkAccounts(tx, [accountId], clock.now())
    const observed = await observeRights(tx, clock.now(), null)
    const concerned = observed.mappingChanged ? ('all' as const) : [...new Set([...people, ...observed.people])]
    await refreshPersonRights(tx, concerned)
    await syncAccounts(tx, [accountId])
    const [today, now] = [clock.today(), clock.now()]
    await followed(tx, afterDecided, { people: concerned, today, now, cause: `link ${accountId}` })
  }
}

/** Throws `not-found` unless the reader may know of the account, and of the person who is named. */
async function seen(tx: Tx, actor: Actor, accountId: string, personId: string | null): Promise<void> {
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query(
    `select from account a left join person_current p on p.person_id = a.person_id
     where a.id = ${q.bind(accountId, 'uuid')} and ${may.account('a', 'p', 'details')}
       and (${q.bind(personId, 'uuid')} is null or exists (select from person_current c
         where c.person_id = ${q.bind(personId, 'uuid')} and ${may.person('c')}))`,
    q.params,
  )
  if (rows.length === 0) throw problem('not-found')
}

async function standing(tx: Tx, accountId: string) {
  const account = await createLinkStore(tx, { now: new Date() }).account(accountId)
  if (!account) throw problem('not-found')
  return { situation: account.situation as 'linked', version: versionOf(account) }
}
