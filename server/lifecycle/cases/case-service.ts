import type { Missing } from '#contract/lifecycle.ts'
import type { CaseForm } from '#contract/lifecycle-forms.ts'
import { openCaseLog, releaseCase } from '../../audit/audit-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { auditActor } from '../../policy/policy.ts'
import { type CarriedOut, carryOut } from './carry-out-case.ts'
import { type CaseDoor, isOpen, isSecret, type StoredCase } from './case.ts'
import {
  type CaseContext,
  check,
  checkNamed,
  checkReserved,
  complete,
  doer,
  find,
  missingOf,
  note,
  open,
  reload,
  require,
  sealed,
} from './case-checks.ts'
import { mayWith } from './case-sql.ts'
import { insertCase, type Loaded, noteEvent, setCase, updateDraft, usersOf } from './case-store.ts'
import { doorOf } from './doors.ts'
import { settlePlace } from './known-affiliation.ts'

/**
 * Commands on reports, the same for every kind. Each loads the report for itself, asks the policy about that very report,
 * and leaves an entry in the log; entries about a confidential one stand under its case.
 */
type Draft = { door: CaseDoor; form: CaseForm; cpr?: string | null | undefined }

export async function createCase(tx: Tx, given: Draft, ctx: CaseContext): Promise<Loaded> {
  const { actor, when } = ctx
  const id = newId(when.now.getTime())
  const one = { id, kind: given.form.kind, door: given.door, form: given.form, origin: 'screen' as const }
  checkReserved(given.form, given.door, actor)
  const placed = await settlePlace(tx, doorOf(given.form.kind).place(given.form))
  await checkNamed(tx, placed, actor)
  await insertCase(tx, { ...one, ...placed, cprSealed: sealed(ctx, id, given.cpr, null) }, doer(actor), when.now)
  const loaded = await reload(tx, id)
  // Nobody begins a report that they then could not see: one for a unit of somebody else.
  require(ctx, loaded, 'change')
  await noteEvent(tx, id, 'created', actor.userId, when.now)
  await note(tx, ctx, loaded.one, 'case.created', { kind: one.kind, door: one.door })
  return loaded
}

export async function saveDraft(
  tx: Tx,
  id: string,
  given: { version: number; form: CaseForm; cpr?: string | null | undefined },
  ctx: CaseContext,
): Promise<Loaded> {
  const { one } = await open(tx, id, 'change', ctx, given.version)
  if (given.form.kind !== one.kind)
    throw problem('data-invalid', {
      detail: 'A report stays of its kind.',
      errors: [{ where: 'form/kind', what: one.kind }],
    })
  checkReserved(given.form, one.door, ctx.actor)
  const placed = await settlePlace(tx, doorOf(one.kind).place(given.form))
  await checkNamed(tx, placed, ctx.actor)
  const cprSealed = sealed(ctx, id, given.cpr, one.cprSealed)
  await updateDraft(tx, id, { form: given.form, cprSealed, ...placed }, ctx.when.now)
  const after = await reload(tx, id)
  // Moved to a unit of somebody else it would be out of sight at once.
  require(ctx, after, 'change')
  await note(tx, ctx, after.one, 'case.saved', { version: after.one.version })
  return after
}

/** The draft is as complete as its author can make it; the manager of the unit sends it. */
export async function prepareCase(tx: Tx, id: string, version: number, ctx: CaseContext): Promise<number> {
  const { one } = await open(tx, id, 'change', ctx, version)
  await complete(tx, one, ctx)
  const next = await setCase(tx, id, { state: 'prepared', prepared_at: ctx.when.now, updated_at: ctx.when.now })
  await noteEvent(tx, id, 'prepared', ctx.actor.userId, ctx.when.now)
  await note(tx, ctx, one, 'case.prepared')
  return next
}

/**
 * Sends. What a report says becomes true in this transaction; of a confidential one, nothing does before it is released.
 * The same version sent again answers as the first time did.
 */
export async function sendCase(tx: Tx, id: string, version: number, ctx: CaseContext): Promise<StoredCase> {
  const loaded = await find(tx, id, ctx, true)
  const { one } = loaded
  if (one.state === 'sent' && one.sentVersion === version) {
    require(ctx, loaded, 'send')
    await note(tx, ctx, one, 'case.send-repeated')
    return one
  }
  check(ctx, loaded, 'send', version)
  await complete(tx, one, ctx)
  const { now } = ctx.when
  await setCase(tx, id, {
    state: 'sent',
    sent_at: now,
    sent_by: ctx.actor.userId,
    sent_person_id: ctx.actor.personId,
    sent_version: version,
    updated_at: now,
  })
  await noteEvent(tx, id, 'sent', ctx.actor.userId, now)
  if (!isSecret(one)) {
    if (!(await waitsForSecond(tx, one))) await state(tx, one, ctx)
    await openCaseLog(tx, id)
  }
  const after = (await reload(tx, id)).one
  await note(tx, ctx, after, 'case.sent', { kind: one.kind, door: one.door, effectiveOn: one.effectiveOn })
  return after
}

/** A substitute for a shift is nothing here before somebody else has seen that they are there. */
async function waitsForSecond(tx: Tx, one: StoredCase): Promise<boolean> {
  if (one.door !== 'vikar') return false
  return (await tx.query('select 1 from shift_cover where case_id = $1 and confirmed_at is null', [one.id])).length > 0
}

/** Makes a report true that was sent and has waited: what it says, in the name of whoever has now agreed to it. */
export async function stateSent(tx: Tx, id: string, ctx: CaseContext): Promise<StoredCase> {
  const { one } = await reload(tx, id)
  if (one.state !== 'sent' || one.statedAt !== null) throw problem('case-closed')
  await state(tx, one, ctx)
  return (await reload(tx, id)).one
}

/** A draft that will not be sent. What was sent is taken back by a report of its own. */
export async function withdrawCase(
  tx: Tx,
  id: string,
  given: { version: number; reason: string },
  ctx: CaseContext,
): Promise<number> {
  const { one } = await open(tx, id, 'change', ctx, given.version)
  const { now } = ctx.when
  const next = await setCase(tx, id, {
    state: 'withdrawn',
    withdrawn_at: now,
    withdrawn_by: ctx.actor.userId,
    cpr_sealed: null,
    updated_at: now,
  })
  await noteEvent(tx, id, 'withdrawn', ctx.actor.userId, now, { reason: given.reason })
  if (!isSecret(one)) await openCaseLog(tx, id)
  await note(tx, ctx, one, 'case.withdrawn', { reason: given.reason })
  return next
}

/** A new draft of the rules that this one was under: unit, position, hours. Never of a person's rights. */
export async function copyCase(tx: Tx, id: string, ctx: CaseContext): Promise<string> {
  const { one } = await find(tx, id, ctx)
  const { one: made } = await createCase(tx, { door: 'plain', form: doorOf(one.kind).copy(one.form) }, ctx)
  return made.id
}

export async function concealCase(
  tx: Tx,
  id: string,
  given: { version: number; confidential: boolean; named: readonly string[] },
  ctx: CaseContext,
): Promise<number> {
  const { one } = await open(tx, id, 'conceal', ctx, given.version)
  const named = await usersOf(tx, given.named)
  if (named === null)
    throw problem('data-invalid', { detail: 'One of these is no user.', errors: [{ where: 'named', what: 'unknown' }] })
  const next = await setCase(tx, id, {
    confidential: given.confidential,
    named: given.confidential ? named : [],
    updated_at: ctx.when.now,
  })
  const what = given.confidential ? 'concealed' : 'opened'
  await noteEvent(tx, id, what, ctx.actor.userId, ctx.when.now)
  await note(tx, ctx, { ...one, confidential: given.confidential }, `case.${what}`, { named })
  return next
}

/** From now on it is like all others; what it says becomes true if it was sent. Lookups under it enter the person's log. */
export async function release(tx: Tx, id: string, version: number, ctx: CaseContext): Promise<number> {
  const loaded = await find(tx, id, ctx, true)
  const { one } = loaded
  if (!mayWith(ctx.actor, 'conceal', one, loaded.unitPath)) throw problem('not-allowed')
  if (!isSecret(one) || one.state === 'withdrawn') throw problem('case-closed')
  if (one.version !== version) throw problem('conflict')
  const { now } = ctx.when
  await setCase(tx, id, { released_at: now, released_by: ctx.actor.userId, updated_at: now })
  if (one.state === 'sent') {
    await complete(tx, one, ctx)
    await state(tx, one, ctx)
  }
  await noteEvent(tx, id, 'released', ctx.actor.userId, now)
  await releaseCase(tx, id, auditActor(ctx.actor))
  return (await reload(tx, id)).one.version
}

/** What sending would do: it is done, looked at and taken back, so that the two cannot differ. */
export async function preview<Seen>(
  tx: Tx,
  id: string,
  ctx: CaseContext,
  look: (tx: Tx, one: StoredCase, done: CarriedOut) => Promise<Seen>,
): Promise<{ seen: Seen | null; missing: Missing[] }> {
  const { one } = await find(tx, id, ctx)
  if (!isOpen(one) && !isSecret(one)) throw problem('case-closed')
  const missing = await missingOf(tx, one, ctx)
  if (missing.length > 0) return { seen: null, missing }
  await tx.query('savepoint case_preview')
  const done = await carryOut(tx, one, doer(ctx.actor), ctx, ctx.when)
  // What looks at the report itself sees it as sending leaves it.
  await setCase(tx, one.id, { person_id: done.personId, affiliation_id: done.affiliationId })
  const seen = await look(tx, one, done)
  await tx.query('rollback to savepoint case_preview')
  return { seen, missing }
}

async function state(tx: Tx, one: StoredCase, ctx: CaseContext): Promise<void> {
  const done = await carryOut(tx, one, doer(ctx.actor), ctx, ctx.when)
  const again = one.door === 'plain' && one.kind === 'hire' && !done.made && (await cameBack(tx, done))
  await setCase(tx, one.id, {
    ...(again ? { door: 'rehire' as const } : {}),
    stated_at: ctx.when.now,
    person_id: done.personId,
    affiliation_id: done.affiliationId,
    // The person has it now.
    cpr_sealed: null,
  })
}

/** Somebody who was here, and is not otherwise: a new affiliation of the same person, without anything of the old one. */
async function cameBack(tx: Tx, done: CarriedOut): Promise<boolean> {
  const [row] = await tx.query<{ again: boolean }>(
    `select exists (select from affiliation_current where person_id = $1 and affiliation_id <> $2 and status = 'ended')
       and not exists (select from affiliation_current where person_id = $1 and affiliation_id <> $2 and status <> 'ended')
       as again`,
    [done.personId, done.affiliationId],
  )
  return row?.again ?? false
}
