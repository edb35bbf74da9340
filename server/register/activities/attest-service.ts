import { problem } from '../../platform/problem.ts'
import { allows } from '../../policy/policy.ts'
import { activityFor, type Ctx, noteActivity } from './activity-service.ts'
import type { LoadedActivity } from './activity-store.ts'
import { insertAttestation, insertComment, moveAttestation, setAnswer, setConfirmed } from './attest-store.ts'

/** The version that counts today is the one that was looked at: another one may have been put in force meanwhile. */
function requireCurrent(found: LoadedActivity, versionId: string): void {
  if (found.nowId === null) throw problem('conflict', { detail: 'This record is not in force.' })
  if (found.nowId !== versionId)
    throw problem('conflict', { detail: 'Another version has been put in force: look at that one.' })
}

/**
 * The owner says that what counts is still true; nobody can say so for them. Answers when it is due the next time, counted
 * from today.
 */
export async function attest(
  ctx: Ctx,
  activityId: string,
  { versionId, note }: { versionId: string; note: string | null },
): Promise<string> {
  const found = await activityFor(ctx, activityId, 'change')
  if (ctx.actor.personId === null || found.ownerPersonId !== ctx.actor.personId)
    throw problem('not-allowed', { detail: 'Only the owner of a record attests it.' })
  requireCurrent(found, versionId)
  const changed = await insertAttestation(ctx.tx, {
    ...{ activityId, versionId, kind: 'owner', by: ctx.actor.userId, now: ctx.now, note, changed: null },
  })
  const due = await moveAttestation(ctx.tx, activityId, versionId, ctx.today)
  await noteActivity(ctx, 'attested', activityId, { detail: { versionId, changed, due } })
  return due
}

/** The DPO has looked: is it as it says? */
export async function spotCheck(
  ctx: Ctx,
  activityId: string,
  { versionId, asItIs, note }: { versionId: string; asItIs: boolean; note: string },
): Promise<void> {
  requireCurrent(await activityFor(ctx, activityId, 'verify'), versionId)
  await insertAttestation(ctx.tx, {
    ...{ activityId, versionId, kind: 'spot-check', by: ctx.actor.userId, now: ctx.now, note, changed: !asItIs },
  })
  await noteActivity(ctx, 'spot-checked', activityId, { detail: { versionId, asItIs } })
}

/** A comment of whoever may change or decide; it asks for nothing. */
export async function comment(ctx: Ctx, activityId: string, text: string): Promise<string> {
  const found = await activityFor(ctx, activityId, 'read')
  if (!(['change', 'decide'] as const).some(action => allows(ctx.actor, action, 'Activity', found)))
    throw problem('not-allowed')
  return say(ctx, found, { kind: 'comment', text, followUpOn: null })
}

/** The DPO's word: advice where an answer is wanted by a day, else a comment. */
export async function advise(
  ctx: Ctx,
  activityId: string,
  { text, followUpOn }: { text: string; followUpOn: string | null },
): Promise<string> {
  const found = await activityFor(ctx, activityId, 'verify')
  if (followUpOn !== null && followUpOn < ctx.today)
    throw problem('data-invalid', { errors: [{ where: 'body/followUpOn', what: 'Give today or a later day' }] })
  return say(ctx, found, { kind: followUpOn === null ? 'comment' : 'advice', text, followUpOn })
}

async function say(
  ctx: Ctx,
  found: LoadedActivity,
  one: { kind: 'comment' | 'advice'; text: string; followUpOn: string | null },
): Promise<string> {
  const id = await insertComment(ctx.tx, {
    // About what is being written where something is: that is what can still be changed.
    ...{ ...one, activityId: found.id, versionId: found.openId ?? found.speaksId, by: ctx.actor.userId, now: ctx.now },
  })
  await noteActivity(ctx, one.kind === 'advice' ? 'advised' : 'commented', found.id, {
    detail: { id, followUpOn: one.followUpOn },
  })
  return id
}

export async function answerAdvice(
  ctx: Ctx,
  { activityId, commentId }: { activityId: string; commentId: string },
  { answer, note }: { answer: 'followed' | 'not-followed' | 'partly'; note: string },
): Promise<void> {
  await activityFor(ctx, activityId, 'change')
  const done = await setAnswer(ctx.tx, activityId, commentId, { answer, note, by: ctx.actor.userId, now: ctx.now })
  if (done === 'unknown') throw problem('not-found')
  if (done === 'answered') throw problem('conflict', { detail: 'This advice has been answered already.' })
  await noteActivity(ctx, 'advice-answered', activityId, { detail: { commentId, answer, note } })
}

/** Somebody who knows the law has looked at the record: who may decide says so, and names them. */
export async function confirm(
  ctx: Ctx,
  activityId: string,
  { confirmed, note }: { confirmed: boolean; note: string },
): Promise<void> {
  await activityFor(ctx, activityId, 'decide')
  await setConfirmed(ctx.tx, activityId, confirmed ? { by: ctx.actor.userId, now: ctx.now } : null)
  await noteActivity(ctx, confirmed ? 'confirmed' : 'confirmation-taken-back', activityId, { detail: { note } })
}
