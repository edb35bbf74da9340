import { audit } from '../../audit/audit-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import type { BindingObject } from './binding.ts'
import * as store from './binding-store.ts'

/*
 * What is said about why rights may be held. Nothing here gives or takes a right (domain.md, *care before paper*).
 * A binding counts when the owner of the system has said so; of roles and rules, which speak of many systems, when a second
 * administrator has.
 */

type When = { today: string; now: Date }

/** Of a group that gives rights in several systems, whoever sees one of them sees it. */
const mayRead = (actor: Actor, systemIds: readonly string[]) =>
  systemIds.length === 0
    ? allows(actor, 'read', 'Binding', { systemId: null })
    : systemIds.some(systemId => allows(actor, 'read', 'Binding', { systemId }))
/** One of the systems is enough to change; all of them must be the reader's to say yes. `null`: of no single system. */
const mayChange = (actor: Actor, systemIds: readonly string[]) =>
  systemIds.length === 0
    ? allows(actor, 'change', 'Binding', { systemId: null })
    : systemIds.some(systemId => allows(actor, 'change', 'Binding', { systemId }))
const mayApprove = (actor: Actor, systemIds: readonly string[]) =>
  systemIds.length === 0
    ? allows(actor, 'approve', 'Binding', { systemId: null })
    : systemIds.every(systemId => allows(actor, 'approve', 'Binding', { systemId }))

/** The activity is in force or will be, has that purpose, and says what the binding takes of it. */
async function checkTerms(tx: Tx, terms: store.BindingTerms, { today }: When): Promise<void> {
  const [known] = await tx.query<{ purposes: string[]; subjects: string[]; data: string[] }>(
    `select array(select p.key from activity_purpose p where p.version_id = f.version_id) as purposes,
       array(select distinct r.subject from activity_row r where r.version_id = f.version_id) as subjects,
       array(select distinct r.data from activity_row r where r.version_id = f.version_id) as data
     from activity_in_force f
     where f.activity_id = $1 and upper_inf(f.recorded) and (upper_inf(f.valid) or upper(f.valid) > $2::date)
     order by lower(f.valid) desc limit 1`,
    [terms.activityId, today],
  )
  if (!known)
    throw problem('invalid-request', { detail: 'That processing activity is not in force. Put it in force first.' })
  if (!known.purposes.includes(terms.purposeKey))
    throw problem('invalid-request', { detail: 'That processing activity has no such purpose.' })
  const outside = [
    ...(terms.subjects ?? []).filter(one => !known.subjects.includes(one)),
    ...(terms.data ?? []).filter(one => !known.data.includes(one)),
  ]
  if (outside.length > 0)
    throw problem('invalid-request', {
      detail: `The processing activity does not say ${outside.join(', ')}. Choose among its own categories, or change its record.`,
    })
  if (terms.until !== null && terms.until < today)
    throw problem('invalid-request', { detail: 'The binding would end before it begins.' })
}

/** Says why something may be held. Counts at once where the reader may also say yes to it, else it waits. */
export async function make(
  tx: Tx,
  actor: Actor,
  { object, terms, replaces }: { object: BindingObject; terms: store.BindingTerms; replaces?: string | null },
  when: When,
): Promise<{ id: string; counts: boolean }> {
  await store.oneAtATime(tx)
  const systemIds = await store.systemsOf(tx, object)
  if (!systemIds) throw problem('not-found')
  if (!mayChange(actor, systemIds))
    throw problem('not-allowed', { detail: 'You may only say this of systems that you own. Ask IT for the rest.' })
  await checkTerms(tx, terms, when)
  // Whoever owns the system answers for it; of roles and rules nobody says yes to the own words.
  const counts = systemIds.length > 0 && mayApprove(actor, systemIds)
  const [id] = await store.addBindings(
    tx,
    [
      {
        ...{ object, terms, from: when.today, origin: 'manual' as const, proposalSource: null, confidence: null },
        ...{ by: actor.userId, approvedBy: counts ? actor.userId : null, batchId: null },
        replacesId: counts ? null : (replaces ?? null),
      },
    ],
    when.now,
  )
  if (counts) await replace(tx, actor, id!, when)
  await note(tx, actor, 'binding.made', id!, { object, ...terms, counts })
  return { id: id!, counts }
}

/** What was said of the same thing and purpose before ends with the day on which it is said anew. */
async function replace(tx: Tx, actor: Actor, id: string, { today, now }: When): Promise<void> {
  const before = await store.saidBefore(tx, id)
  if (before.length > 0) await store.endBindings(tx, before, { on: today, by: actor.userId, reason: null, now })
}

/** Says it otherwise: the one before ends when the new one counts, now or with somebody's yes, and both are kept. */
export async function change(
  tx: Tx,
  actor: Actor,
  id: string,
  terms: store.BindingTerms,
  when: When,
): Promise<{ id: string; counts: boolean }> {
  const before = await store.loadBinding(tx, id)
  if (!before) throw problem('not-found')
  // Other words for what waits take the place of what that was to take the place of.
  const replaces = before.approvedAt === null ? before.replacesId : id
  const made = await make(tx, actor, { object: before.object, terms, replaces }, when)
  const over = [...(before.approvedAt === null ? [id] : []), ...(made.counts && replaces ? [replaces] : [])]
  if (over.length > 0)
    await store.endBindings(tx, over, { on: when.today, by: actor.userId, reason: null, now: when.now })
  return made
}

/** Throws `second-person-needed` where the reader has said it: nobody says yes to the own words. */
export async function approve(tx: Tx, actor: Actor, id: string, { today, now }: When): Promise<{ id: string }> {
  const one = await store.loadBinding(tx, id)
  if (!one || !mayRead(actor, one.systemIds)) throw problem('not-found')
  if (one.approvedAt !== null) throw problem('conflict', { detail: 'It counts already.' })
  if (!mayApprove(actor, one.systemIds))
    throw problem('not-allowed', { detail: 'The owner of the system says yes to this.' })
  if (one.proposedBy === actor.userId)
    throw problem('second-person-needed', { detail: 'You said this yourself. Ask a colleague to agree.' })
  const made = await store.approve(tx, id, actor.userId, now)
  await replace(tx, actor, made, { today, now })
  if (one.replacesId) await store.endBindings(tx, [one.replacesId], { on: today, by: actor.userId, reason: null, now })
  await note(tx, actor, 'binding.approved', made, { object: one.object, activityId: one.activityId })
  return { id: made }
}

/**
 * Says that it is still true: the rhythm in which it is looked at begins anew. Whoever may say yes to it does; of roles and
 * rules, which no owner answers for, somebody else than who said it first (`second-person-needed`).
 */
export async function confirm(
  tx: Tx,
  actor: Actor,
  id: string,
  said: string | null,
  { now }: When,
): Promise<{ id: string }> {
  const one = await store.loadBinding(tx, id)
  if (!one || !mayRead(actor, one.systemIds)) throw problem('not-found')
  if (one.approvedAt === null) throw problem('conflict', { detail: 'It waits for a first yes. Approve it instead.' })
  if (!mayApprove(actor, one.systemIds))
    throw problem('not-allowed', { detail: 'The owner of the system says whether this is still true.' })
  if (one.systemIds.length === 0 && one.proposedBy === actor.userId)
    throw problem('second-person-needed', { detail: 'You said this yourself. Ask a colleague to look at it.' })
  const made = await store.approve(tx, id, actor.userId, now)
  await note(tx, actor, 'binding.confirmed', made, { object: one.object, activityId: one.activityId, note: said })
  return { id: made }
}

export async function end(
  tx: Tx,
  actor: Actor,
  id: string,
  reason: string,
  { today, now }: When,
): Promise<{ id: string }> {
  const one = await store.loadBinding(tx, id)
  if (!one || !mayRead(actor, one.systemIds)) throw problem('not-found')
  if (!mayChange(actor, one.systemIds)) throw problem('not-allowed')
  await store.endBindings(tx, [id], { on: today, by: actor.userId, reason, now })
  await note(tx, actor, 'binding.ended', id, { object: one.object, activityId: one.activityId, reason })
  return { id }
}

/** What a proposal says, as whoever computes proposals made it. */
export type Proposed = {
  key: string
  object: BindingObject
  systemId: string
  activityId: string
  purposeKey: string
  source: string
  confidence: 'strong' | 'medium' | 'weak'
  scope: Readonly<Record<string, readonly string[]>>
  necessity: string
}
export type Decision =
  | { action: 'accept'; proposal: Proposed; terms?: store.BindingAdjustment | undefined }
  | { action: 'reject'; proposal: Proposed; reason: string }

/**
 * Decides proposals together. Weak ones only one at a time: they rest on words that are alike, and a hundred of them at a
 * stroke would be a rubber stamp. Throws `invalid-request` for that, `not-allowed` for another owner's system.
 */
export async function decide(
  tx: Tx,
  actor: Actor,
  decisions: readonly Decision[],
  when: When,
): Promise<{ batchId: string; accepted: number; rejected: number }> {
  const accepted = decisions.filter(one => one.action === 'accept')
  const rejected = decisions.filter(one => one.action === 'reject')
  if (decisions.some(({ proposal }) => !allows(actor, 'approve', 'Binding', { systemId: proposal.systemId })))
    throw problem('not-allowed', { detail: 'The owner of each system decides what its rights are for.' })
  if (accepted.length > 1 && accepted.some(({ proposal }) => proposal.confidence === 'weak'))
    throw problem('invalid-request', {
      detail:
        'A proposal that rests on names alone is looked at by itself. Take the weak ones out and accept them one by one.',
    })
  const batchId = newId(when.now.getTime())
  const bindings = accepted.map(({ proposal, terms }): store.NewBinding => {
    const scope = Object.fromEntries(Object.entries(proposal.scope).map(([type, values]) => [type, [...values]]))
    return {
      object: proposal.object,
      terms: {
        ...{ activityId: proposal.activityId, purposeKey: proposal.purposeKey, subjects: null, data: null },
        ...{ operations: [], scope, necessity: proposal.necessity, until: null, reviewMonths: 12 },
        ...terms,
      },
      ...{ from: when.today, origin: 'proposed', proposalSource: proposal.source, confidence: proposal.confidence },
      ...{ by: 'hjemmel', approvedBy: actor.userId, batchId },
    }
  })
  const seen = new Set<string>()
  for (const { terms } of bindings) {
    const about = JSON.stringify([terms.activityId, terms.purposeKey, terms.subjects, terms.data, terms.until])
    if (!seen.has(about)) await checkTerms(tx, terms, when)
    seen.add(about)
  }
  await store.addBindings(tx, bindings, when.now)
  if (rejected.length > 0)
    await tx.query(
      `insert into purpose_rejection (key, reason, at, by, batch_id)
       select r.key, r.reason, $2, $3, $4 from jsonb_to_recordset($1::jsonb) as r(key text, reason text)
       on conflict (key) do update set reason = excluded.reason, at = excluded.at, by = excluded.by, batch_id = excluded.batch_id`,
      [
        JSON.stringify(rejected.map(({ proposal, reason }) => ({ key: proposal.key, reason }))),
        when.now,
        actor.userId,
        batchId,
      ],
    )
  await note(tx, actor, 'binding.decided', batchId, {
    accepted: bindings.map(one => ({ object: one.object, activityId: one.terms.activityId })),
    rejected: rejected.map(({ proposal }) => proposal.key),
  })
  return { batchId, accepted: bindings.length, rejected: rejected.length }
}

/** Takes back what was decided together: bindings of the batch that stand as they were made, and its noes. */
export async function undo(tx: Tx, actor: Actor, batchId: string, { today, now }: When): Promise<{ undone: number }> {
  const made = await store.batchBindings(tx, batchId)
  if (made.some(one => !mayApprove(actor, one.systemIds))) throw problem('not-allowed')
  const noes = await tx.query<{ key: string }>(
    'delete from purpose_rejection where batch_id = $1 and by = $2 returning key',
    [batchId, actor.userId],
  )
  if (made.length + noes.length === 0) throw problem('not-found')
  const ids = made.map(one => one.id)
  await store.endBindings(tx, ids, { on: today, by: actor.userId, reason: 'undone', now })
  await note(tx, actor, 'binding.undone', batchId, { bindings: ids.length, rejections: noes.length })
  return { undone: ids.length + noes.length }
}

const note = (tx: Tx, actor: Actor, action: string, subjectId: string, detail: Record<string, unknown>) =>
  audit(tx).write({ actor: auditActor(actor), action, subjectKind: 'binding', subjectId, detail })
