import type { ActivityContent } from '#contract/activity-content.ts'
import type { Remark } from '#contract/register.ts'
import { audit } from '../../audit/audit-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import type { PolicyAction } from '../../policy/subjects.ts'
import {
  insertActivity,
  type LoadedActivity,
  type LoadedVersion,
  loadActivity,
  loadVersion,
  mainAffiliation,
  nextNumber,
  recordInForce,
  rewriteVersion,
  setDecided,
  setFirstAttestation,
  setProposed,
  unknownReferences,
  writeVersion,
} from './activity-store.ts'
import { hasProposed, requireReason, requireState } from './decide-version.ts'
import { diffContent } from './diff-content.ts'
import type { OnEnding } from './ending.ts'
import { askedRetirement, askRetirement, forgetRetirement } from './retire-store.ts'

/** What a command of the register is carried out with. */
export type Ctx = { tx: Tx; actor: Actor; today: string; now: Date }
/** What is remarked on in a content; a `must` stands in the way of proposing it. */
export type CheckContent = (tx: Tx, content: ActivityContent) => Promise<Remark[]>
type Made = { activityId: string; versionId: string }

const record = (one: Pick<LoadedActivity, 'ownerPersonId' | 'unitPath'>) => ({
  ownerPersonId: one.ownerPersonId,
  unitPath: one.unitPath,
})

/** The record, if the actor may do this with it. Throws `not-found` where they may not know of it. */
export async function activityFor(ctx: Ctx, id: string, action: PolicyAction): Promise<LoadedActivity> {
  const found = await loadActivity(ctx.tx, id, ctx.today)
  if (!found || !allows(ctx.actor, 'read', 'Activity', record(found))) throw problem('not-found')
  if (!allows(ctx.actor, action, 'Activity', record(found))) throw problem('not-allowed')
  return found
}

async function versionFor(ctx: Ctx, activityId: string, versionId: string): Promise<LoadedVersion> {
  const version = await loadVersion(ctx.tx, activityId, versionId)
  if (!version) throw problem('not-found')
  return version
}

export const noteActivity = (
  ctx: Ctx,
  action: string,
  activityId: string,
  more: { before?: unknown; after?: unknown; detail?: unknown } = {},
) =>
  audit(ctx.tx).write({
    actor: auditActor(ctx.actor),
    ...{ action: `activity.${action}`, subjectKind: 'activity', subjectId: activityId },
    ...more,
  })

/** The content with its owner: the main employment of the person who is named, where one is. */
async function owned(
  ctx: Ctx,
  content: ActivityContent,
  ownerPersonId: string | null | undefined,
): Promise<ActivityContent> {
  if (!ownerPersonId) return content
  const owner = await mainAffiliation(ctx.tx, ownerPersonId)
  if (owner === null)
    throw problem('data-invalid', {
      errors: [{ where: 'body/ownerPersonId', what: 'This person has no employment: name somebody who works here' }],
    })
  return { ...content, owner }
}

async function requireReferences(ctx: Ctx, content: ActivityContent): Promise<void> {
  const errors = await unknownReferences(ctx.tx, content)
  if (errors.length > 0) throw problem('data-invalid', { errors })
}

/**
 * Begins a record as a draft. Whoever may change only what they answer for becomes its owner where none is named. Throws
 * `not-allowed` where the actor could not change what they have begun.
 */
export async function startActivity(
  ctx: Ctx,
  content: ActivityContent,
  more: { ownerPersonId?: string | undefined; catalogueKey?: string | undefined } = {},
): Promise<Made> {
  const everything = allows(ctx.actor, 'change', 'Activity', { ownerPersonId: null, unitPath: [] })
  const owner = more.ownerPersonId ?? (everything || content.owner ? null : ctx.actor.personId)
  const whole = await owned(ctx, content, owner)
  await requireReferences(ctx, whole)
  const activityId = await insertActivity(ctx.tx, {
    ...{ kind: whole.kind, catalogueKey: more.catalogueKey ?? null, author: ctx.actor.userId, now: ctx.now },
  })
  const versionId = await draft(ctx, activityId, whole, null)
  // Asked of what is stored now, so that it is asked as of every other record.
  await activityFor(ctx, activityId, 'change')
  await noteActivity(ctx, 'started', activityId, {
    detail: { versionId, name: whole.name, ...(more.catalogueKey ? { catalogueKey: more.catalogueKey } : {}) },
  })
  return { activityId, versionId }
}

async function draft(ctx: Ctx, activityId: string, content: ActivityContent, baseId: string | null): Promise<string> {
  const id = newId()
  await writeVersion(ctx.tx, {
    ...{ id, activityId, content, baseId, summary: null, author: ctx.actor.userId, now: ctx.now },
    number: await nextNumber(ctx.tx, activityId),
  })
  return id
}

/** Begins a change of what speaks for the record, or takes a version up again. One open version a record. */
export async function startChange(ctx: Ctx, activityId: string, from?: string): Promise<Made> {
  const found = await activityFor(ctx, activityId, 'change')
  if (found.openId) throw problem('conflict', { detail: 'There is an open version already: go on with that one.' })
  const source = await versionFor(ctx, activityId, from ?? found.speaksId)
  const base = found.standing === 'draft' ? null : found.speaksId
  const versionId = await draft(ctx, activityId, source.content, base)
  await noteActivity(ctx, 'change-started', activityId, { detail: { versionId, from: source.number } })
  return { activityId, versionId }
}

export async function changeDraft(
  ctx: Ctx,
  at: Made,
  next: {
    content: ActivityContent
    ownerPersonId?: string | undefined
    summary: string | null
    lock: number
  },
  check: CheckContent,
): Promise<{ lock: number; remarks: Remark[] }> {
  const found = await activityFor(ctx, at.activityId, 'change')
  const version = await versionFor(ctx, at.activityId, at.versionId)
  requireState(version, ['draft'], next.lock)
  if (next.content.kind !== found.kind)
    throw problem('data-invalid', {
      errors: [{ where: 'body/content/kind', what: 'A record of a controller stays one; begin a new record instead' }],
    })
  const content = await owned(ctx, next.content, next.ownerPersonId)
  await requireReferences(ctx, content)
  const lock = await rewriteVersion(ctx.tx, version.id, { content, summary: next.summary, now: ctx.now })
  const changes = diffContent(version.content, content)
  await noteActivity(ctx, 'draft-written', at.activityId, { detail: { versionId: version.id }, after: changes })
  return { lock, remarks: await check(ctx.tx, content) }
}

/** Throws `data-invalid` with what must be put right first. */
export async function propose(
  ctx: Ctx,
  at: Made,
  { summary, effectiveOn, lock }: { summary: string; effectiveOn: string; lock: number },
  check: CheckContent,
): Promise<void> {
  await activityFor(ctx, at.activityId, 'change')
  const version = await versionFor(ctx, at.activityId, at.versionId)
  requireState(version, ['draft'], lock)
  const errors = (await check(ctx.tx, version.content)).filter(one => one.severity === 'must')
  if (errors.length > 0)
    throw problem('data-invalid', {
      detail: 'Put right what the record must not lack, and propose it again.',
      errors: errors.map(one => ({ where: one.at, what: one.code })),
    })
  await setProposed(ctx.tx, version.id, { summary, effectiveOn, by: ctx.actor.userId, now: ctx.now })
  await noteActivity(ctx, 'proposed', at.activityId, { detail: { versionId: version.id, effectiveOn, summary } })
}

export async function withdraw(ctx: Ctx, at: Made, lock: number): Promise<void> {
  await activityFor(ctx, at.activityId, 'change')
  const version = await versionFor(ctx, at.activityId, at.versionId)
  requireState(version, ['draft', 'proposed'], lock)
  await setDecided(ctx.tx, version.id, { state: 'withdrawn', by: ctx.actor.userId, decision: null, now: ctx.now })
  await noteActivity(ctx, 'withdrawn', at.activityId, { detail: { versionId: version.id } })
}

async function proposalFor(ctx: Ctx, at: Made, lock: number): Promise<LoadedVersion> {
  await activityFor(ctx, at.activityId, 'decide')
  const version = await versionFor(ctx, at.activityId, at.versionId)
  requireState(version, ['proposed'], lock)
  const [user] = await ctx.tx.query<{ personId: string | null }>(
    `select coalesce(i.merged_into, u.person_id) as "personId" from tool_user u left join person i on i.id = u.person_id
     where u.id::text = $1`,
    [version.proposedBy],
  )
  if (hasProposed(ctx.actor, { userId: version.proposedBy ?? '', personId: user?.personId ?? null }))
    throw problem('second-person-needed')
  return version
}

/** Puts a proposal in force from a day on. Throws `second-person-needed` for whoever has proposed it. */
export async function putInForce(
  ctx: Ctx,
  at: Made,
  { effectiveOn, reason, lock }: { effectiveOn: string; reason: string | null; lock: number },
  ending?: OnEnding,
): Promise<void> {
  const version = await proposalFor(ctx, at, lock)
  requireReason(effectiveOn, ctx.today, reason)
  if (ending && version.baseId !== null) {
    const before = (await versionFor(ctx, at.activityId, version.baseId)).content
    await ending(ctx.tx, { activityId: at.activityId, before, after: version.content, from: effectiveOn }, ctx)
  }
  await setDecided(ctx.tx, version.id, {
    ...{ state: 'in-force', by: ctx.actor.userId, decision: reason, now: ctx.now },
  })
  await recordInForce(ctx.tx, at.activityId, version.id, { day: effectiveOn, today: ctx.today, now: ctx.now })
  await setFirstAttestation(ctx.tx, at.activityId, effectiveOn, version.content.reviewMonths)
  await noteActivity(ctx, 'put-in-force', at.activityId, { detail: { versionId: version.id, effectiveOn, reason } })
}

export async function reject(ctx: Ctx, at: Made, { reason, lock }: { reason: string; lock: number }): Promise<void> {
  const version = await proposalFor(ctx, at, lock)
  await setDecided(ctx.tx, version.id, { state: 'rejected', by: ctx.actor.userId, decision: reason, now: ctx.now })
  await noteActivity(ctx, 'rejected', at.activityId, { detail: { versionId: version.id, reason } })
}

/**
 * Ends a record from a day on. Bindings and rights stay as they are: what follows is a finding and a plan, not a removal. One
 * that `rights` rest on is asked for by one person and done by another, as it was asked for. Throws `second-person-needed`
 * for whoever has asked.
 */
export async function retire(
  ctx: Ctx,
  activityId: string,
  given: { from: string; reason: string },
  { rights, ending }: { rights: number; ending?: OnEnding } = { rights: 0 },
): Promise<{ state: 'asked' | 'retired' }> {
  const found = await activityFor(ctx, activityId, 'decide')
  if (found.standing !== 'in-force' && found.standing !== 'coming')
    throw problem('conflict', { detail: 'This record is not in force.' })
  if (found.openId)
    throw problem('conflict', { detail: 'There is an open version: withdraw or decide it before the record ends.' })
  const asked = await askedRetirement(ctx.tx, activityId)
  if (!asked && rights > 0) {
    await askRetirement(ctx.tx, activityId, { ...given, rights, by: ctx.actor.userId, now: ctx.now })
    await noteActivity(ctx, 'retirement-asked', activityId, { detail: { ...given, rights } })
    return { state: 'asked' }
  }
  if (asked && hasProposed(ctx.actor, { userId: asked.by, personId: asked.personId }))
    throw problem('second-person-needed')
  const { from, reason } = asked ?? given
  const before = (await versionFor(ctx, activityId, found.speaksId)).content
  await ending?.(ctx.tx, { activityId, before, after: null, from }, ctx)
  await recordInForce(ctx.tx, activityId, null, { day: from, today: ctx.today, now: ctx.now })
  await forgetRetirement(ctx.tx, activityId)
  await noteActivity(ctx, 'retired', activityId, {
    detail: { from, reason, ...(asked ? { agreed: given.reason } : {}) },
  })
  return { state: 'retired' }
}

/** It is not to be retired after all. */
export async function keepActivity(ctx: Ctx, activityId: string): Promise<void> {
  await activityFor(ctx, activityId, 'decide')
  const asked = await askedRetirement(ctx.tx, activityId)
  if (!asked) throw problem('conflict', { detail: 'Nobody has asked to retire this record.' })
  await forgetRetirement(ctx.tx, activityId)
  await noteActivity(ctx, 'retirement-dropped', activityId, { detail: { from: asked.from } })
}
