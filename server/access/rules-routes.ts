import {
  approveRules,
  exportRules,
  getRole,
  getRule,
  importRules,
  listRoles,
  listRules,
  listRulesChanges,
  previewRules,
} from '#contract/rules.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import { problem } from '../platform/problem.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { auditActor } from '../policy/policy.ts'
import type { AfterDecided } from './after-decided.ts'
import type { LocalAdministrators } from './last-administrator.ts'
import type { CountOrders } from './orders-ahead.ts'
import { rolesView, roleView } from './role-views.ts'
import { rulesView, ruleView } from './rule-views.ts'
import * as change from './rules-change-service.ts'
import { previewExamples, rulesChanges } from './rules-change-views.ts'

/** Names of users by id, for "who made this version"; users belong to a room above this one. */
export type UserNames = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>

type Parts = {
  db: Db
  clock: Clock
  userNames: UserNames
  localAdministrators?: LocalAdministrators
  afterDecided?: readonly AfterDecided[]
  countOrders: CountOrders
}

const found = <T>(answer: T | null): T => {
  if (answer === null) throw problem('not-found')
  return answer
}

export function rulesRoutes(
  routes: Routes<Actor>,
  { db, clock, userNames, localAdministrators, afterDecided = [], countOrders }: Parts,
): void {
  const when = () => ({
    today: clock.today(),
    now: clock.now(),
    after: afterDecided,
    ...(localAdministrators ? { localAdministrators } : {}),
  })
  const named = async (tx: Tx, ids: readonly (string | null)[]) => {
    const names = await userNames(
      tx,
      ids.filter(id => id !== null),
    )
    return (id: string | null) => (id === null ? null : (names.get(id) ?? id))
  }

  routes.add(listRules, call => rulesView(call.tx, call.actor, call.query, clock.today()))
  routes.addOwn(getRule, async call => {
    const rule = await db.snapshot(async tx => {
      const page = found(await ruleView(tx, call.actor, call.params, call.query, clock.today()))
      const name = await named(
        tx,
        page.versions.map(version => version.by),
      )
      return { ...page, versions: page.versions.map(version => ({ ...version, by: name(version.by) })) }
    })
    if (rule.caughtPeople.length > 0)
      await db.transaction(tx =>
        audit(tx).lookupList({
          actor: auditActor(call.actor),
          action: 'rule.people-viewed',
          query: { rule: rule.key },
          count: rule.caught ?? 0,
          requestId: call.requestId,
        }),
      )
    return rule
  })
  routes.add(listRoles, call => rolesView(call.tx, call.actor, call.query))
  routes.add(getRole, async call => found(await roleView(call.tx, call.actor, call.params)))
  routes.add(exportRules, async call => ({ yaml: await change.exportRules(call.tx) }))

  routes.add(listRulesChanges, async call => {
    const rows = await rulesChanges(call.tx)
    const name = await named(
      call.tx,
      rows.flatMap(row => [row.createdBy, row.decidedBy]),
    )
    return {
      rows: rows.map(row => ({
        ...row,
        own: row.createdBy === call.actor.userId,
        createdBy: name(row.createdBy) ?? row.createdBy,
        decidedBy: name(row.decidedBy),
      })),
    }
  })
  routes.add(previewRules, async call => {
    const preview = await change.previewRules(call.tx, call.body.yaml, when())
    const orders = await countOrders(call.tx, preview.differences)
    return { ...preview, orders, examples: await previewExamples(call.tx, call.actor, preview.differences) }
  })
  routes.add(importRules, async call => {
    const result = await change.importRules(
      call.tx,
      { yaml: call.body.yaml, hash: call.body.hash, by: call.actor.userId },
      when(),
    )
    await note(call, result.applied ? 'rules.imported' : 'rules.held', result.planId, change.countsOf(result))
    return result
  })
  routes.add(approveRules, async call => {
    const result = await change.approveRules(call.tx, call.params.planId, call.actor.userId, when())
    await note(call, 'rules.approved', call.params.planId, change.countsOf(result))
    return result
  })

  const note = (call: { tx: Tx; actor: Actor; requestId: string }, action: string, planId: string, detail: unknown) =>
    audit(call.tx).write({
      actor: auditActor(call.actor),
      action,
      subjectKind: 'rules-change',
      subjectId: planId,
      detail,
      requestId: call.requestId,
    })
}
