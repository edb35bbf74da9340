import * as desk from '#contract/rule-desk.ts'
import type { DeskChange } from '#contract/rule-forms.ts'
import * as looks from '#contract/rule-looks.ts'
import { say } from '#contract/said.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { loadRules } from '../../rules/rules-store.ts'
import type { AfterDecided } from '../after-decided.ts'
import type { CountOrders } from '../orders-ahead.ts'
import { countsOf } from '../rules-change-service.ts'
import type { UserNames } from '../rules-routes.ts'
import { catchView, reachView } from './catch-view.ts'
import { findingsView } from './findings-view.ts'
import { newRuleView, readForm, roleFormView, ruleFormView } from './form-views.ts'
import { historyView, roleTreeView } from './history-views.ts'
import { movedCsv, previewView } from './preview-view.ts'
import { planDeskChange, previewPlanned, saveDeskChange, versionOf } from './rule-desk-service.ts'
import { draftRows, dropDraft, keepDraft } from './rule-draft-store.ts'
import { grantableView, vocabularyView } from './vocabulary-view.ts'

type Parts = {
  db: Db
  clock: Clock
  userNames: UserNames
  afterDecided?: readonly AfterDecided[]
  countOrders: CountOrders
}
type Of = { actor: Actor; requestId: string }

const found = <T>(answer: T | null): T => {
  if (answer === null) throw problem('not-found')
  return answer
}

/** Writing rules and roles on the screen. Whoever is shown whom a rule moves or catches has looked them up: it is logged. */
export function ruleDeskRoutes(
  routes: Routes<Actor>,
  { db, clock, userNames, afterDecided = [], countOrders }: Parts,
): void {
  const when = () => ({ today: clock.today(), now: clock.now(), after: afterDecided })
  const namesOf = async (tx: Tx, ids: readonly (string | null)[]) => {
    const names = await userNames(
      tx,
      ids.filter(id => id !== null),
    )
    return (id: string) => names.get(id) ?? id
  }
  const looked = async (call: Of, action: string, key: string, count: number) => {
    if (count === 0) return
    await db.transaction(tx =>
      audit(tx).lookupList({
        actor: auditActor(call.actor),
        action,
        query: { rule: key },
        count,
        requestId: call.requestId,
      }),
    )
  }
  const withWho = async <T extends { pending: { by: string } | null }>(tx: Tx, page: T): Promise<T> => {
    if (!page.pending) return page
    const name = await namesOf(tx, [page.pending.by])
    return { ...page, pending: { ...page.pending, by: name(page.pending.by) } }
  }

  routes.add(desk.getRuleVocabulary, call => vocabularyView(call.tx))
  routes.add(desk.searchGrantable, call => grantableView(call.tx, call.body))
  routes.add(desk.getRuleForm, async call =>
    withWho(call.tx, found(await ruleFormView(call.tx, call.actor, call.params.key))),
  )
  routes.add(desk.getNewRule, call => newRuleView(call.tx, call.actor, call.query, clock.today()))
  routes.add(desk.getRoleForm, async call =>
    withWho(call.tx, found(await roleFormView(call.tx, call.actor, call.params.key))),
  )
  routes.add(desk.readRuleForm, call => readForm(call.tx, call.actor, call.body))
  routes.add(desk.writeRuleForm, async call => {
    const { patch } = await planDeskChange(call.tx, call.body.change, call.body.version)
    return { rules: patch.rules, roles: patch.roles, removed: [...patch.removedRules, ...patch.removedRoles] }
  })

  routes.addOwn(desk.catchRule, async call => {
    const answer = await db.snapshot(tx => catchView(tx, call.actor, call.body, clock.today()))
    await looked(call, 'rule.catch-tried', 'tried', answer.sample.length)
    return answer
  })
  routes.addOwn(desk.previewDesk, async call => {
    const { change, version, offset, limit } = call.body
    const answer = await db.snapshot(async tx => {
      const planned = await planDeskChange(tx, change, version)
      const preview = await previewPlanned(tx, planned, when())
      const orders = await countOrders(tx, preview.differences)
      return { ...(await previewView(tx, call.actor, planned, preview, { offset, limit }, clock.today())), orders }
    })
    await looked(call, 'rule.change-previewed', keyOf(change), answer.moved.length)
    return answer
  })
  routes.addOwn(desk.exportDeskPreview, async call => {
    const answer = await db.snapshot(async tx => {
      const planned = await planDeskChange(tx, call.body.change, call.body.version)
      return movedCsv(tx, call.actor, (await previewPlanned(tx, planned, when())).differences)
    })
    await looked(call, 'rule.change-exported', keyOf(call.body.change), answer.rows)
    return answer
  })
  routes.add(desk.saveDesk, async call => {
    const { change, version, hash, reason } = call.body
    const planned = await planDeskChange(call.tx, change, version)
    const result = await saveDeskChange(call.tx, planned, { hash, by: call.actor.userId, reason }, when())
    // What was unfinished is finished, or waits for the second person.
    await dropDraft(call.tx, planned.kind, planned.key)
    await note(call, result.applied ? 'rule.changed' : 'rule.change-held', planned.kind, planned.key, {
      ...countsOf(result),
      reason,
      plan: result.planId,
    })
    return { applied: result.applied, planId: result.planId, key: planned.key }
  })

  routes.add(desk.listDeskDrafts, async call => {
    const rows = await draftRows(call.tx)
    const name = await namesOf(
      call.tx,
      rows.map(row => row.by),
    )
    return { rows: rows.map(row => ({ ...row, by: name(row.by), at: row.at.toISOString() })) }
  })
  routes.add(desk.keepDeskDraft, async call => {
    const { change, version, note: words } = call.body
    if (change.kind === 'remove-role')
      throw problem('rules-invalid', { detail: 'There is nothing unfinished in this.' })
    const { key } = change.form
    if (key === '') throw problem('rules-invalid', { detail: 'Give it a key first.', params: { codes: 'missing-key' } })
    if (version === null && (await versionOf(call.tx, change.kind, key)) !== null)
      throw problem('conflict', {
        detail: `There is a ${change.kind} with the key "${key}" already.`,
        said: say(`${change.kind}-key-taken`, { key }),
      })
    await keepDraft(call.tx, {
      kind: change.kind,
      key,
      version,
      change,
      note: words,
      by: call.actor.userId,
      now: clock.now(),
    })
    await note(call, 'rule.draft-kept', change.kind, key, { base: version })
    return { kept: true }
  })
  routes.add(desk.dropDeskDraft, async call => {
    const { kind, key } = call.params
    if (!(await dropDraft(call.tx, kind, key))) throw problem('not-found')
    await note(call, 'rule.draft-dropped', kind, key, {})
    return { dropped: true }
  })

  routes.add(looks.listRuleFindings, call => findingsView(call.tx, call.query, clock.today()))
  routes.add(looks.getRuleHistory, async call => {
    const page = found(await historyView(call.tx, call.actor, call.params, clock.today()))
    const name = await namesOf(
      call.tx,
      page.versions.map(version => version.by),
    )
    return {
      ...page,
      versions: page.versions.map(version => ({ ...version, by: version.by === null ? null : name(version.by) })),
    }
  })
  routes.add(looks.getRuleReach, async call => {
    const rule = (await loadRules(call.tx)).find(one => one.key === call.params.key)
    if (!rule) throw problem('not-found')
    return reachView(call.tx, rule, clock.today())
  })
  routes.add(looks.getRoleTree, async call => found(await roleTreeView(call.tx, call.actor, call.params.key)))

  const note = (call: Of & { tx: Tx }, action: string, kind: 'rule' | 'role', key: string, detail: object) =>
    audit(call.tx).write({
      actor: auditActor(call.actor),
      action,
      subjectKind: kind === 'rule' ? 'rights-rule' : 'rights-role',
      subjectId: key,
      detail,
      requestId: call.requestId,
    })
}

const keyOf = (change: DeskChange) => (change.kind === 'remove-role' ? change.key : change.form.key)
