import {
  changeAccountRule,
  createAccountRule,
  listAccountRules,
  previewAccountRule,
  removeAccountRule,
} from '#contract/account-rules.ts'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import { problem } from '../platform/problem.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { auditActor, can } from '../policy/policy.ts'
import {
  previewAccountRule as preview,
  putAccountRule,
  type RuleChange,
  removeAccountRule as remove,
} from '../systems/account-rule-store.ts'
import { createLinkStore } from '../systems/link-store.ts'
import { observeRights } from '../systems/observe-rights.ts'
import { type AfterDecided, followed } from './after-decided.ts'
import { syncAllAccounts } from './drift/sync-drift.ts'
import { refreshPersonRights } from './person-rights-store.ts'
import { personRefSql, unitRefSql, visibleTo } from './visible.ts'

type NamesOf = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Row = ResponseOf<typeof listAccountRules>['rows'][number]

type Parts = { clock: Clock; userNames: NamesOf; afterDecided?: readonly AfterDecided[] }

/** Rules that say what kind an account is. */
export function accountRuleRoutes(routes: Routes<Actor>, { clock, userNames, afterDecided }: Parts) {
  routes.add(listAccountRules, async call => {
    const q = statement()
    const may = visibleTo(call.actor, q)
    const rows = await call.tx.query<Omit<Row, 'changedAt'> & { changedAt: Date }>(
      `select r.id, r.source, r.pattern, r.ou, r.account_kind as "accountKind",
         jsonb_build_object('person', ${personRefSql('p', may.name('p'))}, 'unit', ${unitRefSql('u')}) as owner,
         (select count(*)::int from account a where a.kind_rule_id = r.id and a.situation <> 'gone') as accounts,
         r.changed_at as "changedAt", r.changed_by as "changedBy"
       from account_rule r left join person_current p on p.person_id = r.owner_person_id
       left join org_unit_current u on u.unit_id = r.owner_unit_id order by r.position, r.id`,
      q.params,
    )
    const names = await userNames(
      call.tx,
      rows.map(row => row.changedBy),
    )
    return {
      rows: rows.map(row => ({
        ...row,
        changedAt: row.changedAt.toISOString(),
        changedBy: names.get(row.changedBy) ?? row.changedBy,
      })),
      allowed: { change: can(call.actor, 'account-rule.change') },
    }
  })
  routes.add(previewAccountRule, async call => {
    const q = statement()
    const visible = visibleTo(call.actor, q).account('a', 'p')
    const found = await preview(call.tx, call.body, visible, q.params)
    return { ...found, rows: found.rows.map(row => ({ ...row, situation: row.situation as 'linked' })) }
  })
  routes.add(createAccountRule, async call => {
    await checkOwner(call.tx, call.body)
    const change = await putAccountRule(call.tx, null, call.body, call.actor.userId, clock.now())
    return settle(call, 'account-rule.created', change)
  })
  routes.add(changeAccountRule, async call => {
    await checkOwner(call.tx, call.body)
    const change = await putAccountRule(call.tx, call.params.ruleId, call.body, call.actor.userId, clock.now())
    return settle(call, 'account-rule.changed', change)
  })
  routes.add(removeAccountRule, async call =>
    settle(call, 'account-rule.removed', await remove(call.tx, call.params.ruleId, clock.now())),
  )

  const settle = async (
    call: { tx: Tx; actor: Actor; requestId: string },
    action: string,
    change: RuleChange | null,
  ): Promise<{ id: string; changed: number }> => {
    if (!change) throw problem('not-found')
    const observed = await observeRights(call.tx, clock.now(), null)
    const people = observed.mappingChanged ? ('all' as const) : [...new Set([...change.people, ...observed.people])]
    await refreshPersonRights(call.tx, people)
    await syncAllAccounts(call.tx)
    const [today, now] = [clock.today(), clock.now()]
    await followed(call.tx, afterDecided, { people, today, now, cause: action })
    await audit(call.tx).write({
      actor: auditActor(call.actor),
      action,
      subjectKind: 'account-rule',
      subjectId: change.id,
      before: change.before,
      after: change.after,
      detail: { changed: change.changed },
      requestId: call.requestId,
    })
    return { id: change.id, changed: change.changed }
  }

  const checkOwner = async (tx: Tx, rule: BodyOf<typeof createAccountRule>): Promise<void> => {
    if (rule.ownerPersonId !== null && rule.ownerUnitId !== null)
      throw problem('invalid-request', { errors: [{ where: 'body/ownerUnitId', what: 'one owner, not two' }] })
    const store = createLinkStore(tx, { now: clock.now() })
    if (rule.ownerPersonId !== null && !(await store.personExists(rule.ownerPersonId, null))) throw problem('not-found')
    if (rule.ownerUnitId !== null && !(await store.unitExists(rule.ownerUnitId))) throw problem('not-found')
  }
}
