import type { z } from 'zod'
import type { decidePurposePlan } from '#contract/purpose-plans.ts'
import { audit } from '../../audit/audit-store.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import { make } from '../../register/bindings/binding-service.ts'
import type { OnRecordEnded } from '../../register/records/record-service.ts'
import { setShared } from '../what-if/draft-store.ts'
import { createDraft } from '../what-if/drafts-service.ts'
import { explainedOf, type LosingRight, rightsOfSystem, rightsResting } from './losing-rights.ts'
import * as store from './plan-store.ts'

type When = { today: string; now: Date }
type Decision = z.output<typeof decidePurposePlan.body>['decisions'][number]

/** Puts rights before the owners of their systems. Nothing else happens to them. */
export async function putBeforeOwners(
  tx: Tx,
  actor: Actor,
  plan: store.NewPlan,
  rights: readonly LosingRight[],
  { now }: When,
): Promise<void> {
  if (rights.length === 0) return
  const plans = await store.openPlans(tx, plan, rights, { by: actor.userId, now })
  await audit(tx).write({
    actor: auditActor(actor),
    ...{ action: 'purpose-plan.made', subjectKind: 'purpose-plan', subjectId: plan.activityId ?? plan.recordId },
    detail: { ...plan, plans, rights: rights.length },
  })
}

/** An agreement with a processor that has ended: what people hold of its system, or for its activity, is looked at. */
export const agreementEnded: OnRecordEnded = async (tx, record, { actor, today, now }) => {
  if (record.kind !== 'processor-agreement') return
  const [other] = await tx.query(
    `select from dated_record r where r.kind = 'processor-agreement' and upper_inf(r.recorded) and r.id <> $1 and r.ended_on is null
       and r.on_day <= $4::date and (r.system_id = $2 or r.activity_id = $3) limit 1`,
    [record.id, record.systemId, record.activityId, record.on],
  )
  if (other) return
  const rights =
    record.systemId !== null
      ? await rightsOfSystem(tx, record.systemId, today)
      : await rightsResting(tx, { activityId: record.activityId!, alone: false }, today)
  const plan = { cause: 'processor-agreement' as const, activityId: record.activityId, recordId: record.id, keys: [] }
  await putBeforeOwners(tx, actor, { ...plan, from: record.on }, rights, { today, now })
}

/**
 * Decides about rights of a plan. A new purpose is a binding like any other; accepting has a day; taking away is a what-if that
 * forbids the right, which somebody else approves under the guards of every change. Throws `data-invalid` where people have
 * the right for another purpose: then the rule that gives it is what has to be changed.
 */
export async function decidePlan(
  tx: Tx,
  actor: Actor,
  planId: string,
  decisions: readonly Decision[],
  when: When,
): Promise<{ decided: number; draftId: string | null }> {
  const plan = await store.loadPlan(tx, planId)
  if (!plan || !allows(actor, 'read', 'Binding', { systemId: plan.systemId })) throw problem('not-found')
  if (!allows(actor, 'approve', 'Binding', { systemId: plan.systemId })) throw problem('not-allowed')
  const keys = new Map(plan.rights.map(right => [right.id, right.key]))
  const refuse = (place: number, field: string, what: string) =>
    problem('data-invalid', { errors: [{ where: `body/decisions/${place}/${field}`, what }] })
  const seen = new Set<string>()
  for (const [place, one] of decisions.entries()) {
    if (!keys.has(one.entitlementId)) throw refuse(place, 'entitlementId', 'The right is not in this plan')
    if (seen.has(one.entitlementId)) throw refuse(place, 'entitlementId', 'A right is decided about once')
    seen.add(one.entitlementId)
    if (one.choice === 'accept' && one.until <= when.today) throw refuse(place, 'until', 'Give a date after today')
  }
  const taken = decisions.filter(one => one.choice === 'take-away')
  const explained =
    taken.length > 0
      ? await explainedOf(
          tx,
          taken.map(one => one.entitlementId),
          when.today,
        )
      : new Set()
  for (const [place, one] of decisions.entries())
    if (one.choice === 'take-away' && explained.has(one.entitlementId))
      throw refuse(place, 'choice', 'Others have the right for another purpose: change the rule that gives it instead')
  const draftId = taken.length > 0 ? await draftOf(tx, actor, plan, taken, keys, when) : null
  const choices: store.Choice[] = []
  for (const one of decisions) {
    const base = { entitlementId: one.entitlementId, choice: one.choice, until: null, bindingId: null, draftId: null }
    if (one.choice === 'accept') choices.push({ ...base, until: one.until, reason: one.reason })
    else if (one.choice === 'take-away') choices.push({ ...base, reason: one.reason, draftId })
    else {
      const terms = {
        ...{
          activityId: one.activityId,
          purposeKey: one.purposeKey,
          necessity: one.necessity,
          subjects: null,
          data: null,
        },
        ...{ operations: [], scope: {}, until: null, reviewMonths: 12 },
      }
      const object = { level: 'entitlement' as const, entitlementId: one.entitlementId }
      const { id } = await make(tx, actor, { object, terms }, when)
      choices.push({ ...base, reason: one.necessity, bindingId: id })
    }
  }
  await store.noteChoices(tx, planId, choices, { by: actor.userId, now: when.now })
  await audit(tx).write({
    actor: auditActor(actor),
    ...{ action: 'purpose-plan.decided', subjectKind: 'purpose-plan', subjectId: planId },
    detail: { systemId: plan.systemId, draftId, choices },
  })
  return { decided: choices.length, draftId }
}

async function draftOf(
  tx: Tx,
  actor: Actor,
  plan: store.StoredPlan,
  taken: readonly { entitlementId: string; reason: string }[],
  keys: ReadonlyMap<string, string>,
  when: When,
): Promise<string> {
  const draft = {
    name: `Formål ophørt: ${plan.system}`.slice(0, 200),
    note: [...new Set(taken.map(one => one.reason))].join('\n').slice(0, 1000),
    onDate: plan.from > when.today ? plan.from : when.today,
    changes: taken.map((one, place) => ({
      ...{
        id: `uden-formaal-${place + 1}`,
        kind: 'entitlement-retire' as const,
        entitlement: keys.get(one.entitlementId)!,
      },
    })),
  }
  const id = await createDraft(tx, draft, actor.userId, when)
  await setShared(tx, id, when.now)
  return id
}
