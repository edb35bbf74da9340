import type { CaseForm } from '#contract/lifecycle-forms.ts'
import { visibleTo } from '../../access/visible.ts'
import { audit } from '../../audit/audit-store.ts'
import { parseCpr } from '../../people/cpr.ts'
import { problem } from '../../platform/problem.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { type CaseParts, openNumber, sealNumber, type When } from './carry-out-case.ts'
import { type CaseDoor, isOpen, isSecret, type Placed, type StoredCase } from './case.ts'
import { mayWith } from './case-sql.ts'
import { type Loaded, loadCase } from './case-store.ts'
import { doorOf } from './doors.ts'

/** What every command on a report asks first: whether it is there for the actor, open, of this version, and complete. */
export type CaseContext = CaseParts & { actor: Actor; when: When; requestId: string }

/** What stands between a report and being sent. */
export const missingOf = (tx: Tx, one: StoredCase, ctx: Pick<CaseContext, 'actor' | 'when' | 'keyring'>) =>
  doorOf(one.kind).missing(tx, one, {
    cpr: readable(openNumber(ctx, one)),
    by: doer(ctx.actor),
    today: ctx.when.today,
  })

/** The report, if the actor may know of it. Throws `not-found`. */
export async function find(tx: Tx, id: string, ctx: Pick<CaseContext, 'actor'>, lock = false): Promise<Loaded> {
  const loaded = await loadCase(tx, id, lock)
  if (!loaded || !mayWith(ctx.actor, 'read', loaded.one, loaded.unitPath, loaded.toUnitPath)) throw problem('not-found')
  return loaded
}

export const doer = (actor: Actor) => ({ userId: actor.userId, personId: actor.personId })

export async function complete(tx: Tx, one: StoredCase, ctx: CaseContext): Promise<void> {
  const missing = await missingOf(tx, one, ctx)
  if (missing.some(({ what }) => what === 'about-yourself')) throw problem('case-about-self')
  if (missing.length > 0)
    throw problem('case-incomplete', {
      detail: `${missing.length} fields are missing or wrong.`,
      errors: missing,
    })
}

export async function open(
  tx: Tx,
  id: string,
  action: 'change' | 'send' | 'conceal',
  ctx: CaseContext,
  version: number,
): Promise<Loaded> {
  const loaded = await find(tx, id, ctx, true)
  check(ctx, loaded, action, version)
  return loaded
}

export function check(ctx: CaseContext, loaded: Loaded, action: 'change' | 'send' | 'conceal', version: number): void {
  require(ctx, loaded, action)
  if (!isOpen(loaded.one)) throw problem('case-closed')
  if (loaded.one.version !== version)
    throw problem('conflict', {
      detail: 'Somebody has changed the draft since. Look at it as it is now.',
      params: { version: loaded.one.version },
    })
}

export function require(ctx: CaseContext, { one, unitPath }: Loaded, action: 'change' | 'send' | 'conceal'): void {
  if (!mayWith(ctx.actor, action, one, unitPath)) throw problem('not-allowed')
}

/**
 * Nobody reports about themselves, nor about somebody or for a unit that they could not have found: asked before the draft
 * is written.
 */
export async function checkNamed(tx: Tx, placed: Placed, actor: Actor): Promise<void> {
  if (placed.personId !== null && placed.personId === actor.personId) throw problem('case-about-self')
  const q = statement()
  const [row] = await tx.query<{ person: boolean; unit: boolean }>(
    `select ${q.bind(placed.personId, 'uuid')} is null or exists (
         select from person_current p where p.person_id = ${q.bind(placed.personId, 'uuid')} and p.kind <> 'pupil'
           and ${visibleTo(actor, q).person('p')}) as person,
       ${q.bind(placed.unitId, 'uuid')} is null
         or exists (select from org_unit u where u.id = ${q.bind(placed.unitId, 'uuid')}) as unit`,
    q.params,
  )
  if (!row?.person || !row.unit) throw problem('not-found')
}

/** Doors that are ways of saying one kind only. */
const OF_KIND: Partial<Record<CaseDoor, readonly CaseForm['kind'][]>> = {
  ...{ withdraw: ['end', 'absence'], postpone: ['end'], extend: ['end'] },
  ...{ rehire: ['hire'], vikar: ['hire'], emergency: ['hire'] },
}

/**
 * What HR alone may say: a death, which day governs, that access ends at once, an exception from what happens in an absence,
 * who reads a representative's mailbox. And a door leads into its own kind of report.
 */
export function checkReserved(form: CaseForm, door: CaseDoor, actor: Actor): void {
  if (OF_KIND[door]?.includes(form.kind) === false)
    throw problem('data-invalid', {
      detail: 'This door is not one of this kind of report.',
      errors: [{ where: 'door', what: door }],
    })
  if (actor.roles.includes('hr')) return
  const where = reservedIn(form)
  if (where !== null)
    throw problem('not-allowed', {
      detail: 'Only HR may say this in a report.',
      errors: [{ where, what: 'hr-only' }],
    })
}

function reservedIn(form: CaseForm): string | null {
  if (form.kind === 'absence') return form.exceptions.length > 0 ? 'exceptions' : null
  if (form.kind !== 'end') return null
  if (form.death) return 'death'
  if (form.atOnce) return 'atOnce'
  if (form.governs !== 'end') return 'governs'
  return form.mailbox.representative ? 'mailbox/representative' : null
}

export async function reload(tx: Tx, id: string): Promise<Loaded> {
  const loaded = await loadCase(tx, id)
  if (!loaded) throw problem('not-found')
  return loaded
}

/** `undefined`: as it was. What is typed and no number yet is kept too: a draft keeps what was typed. */
export function sealed(
  ctx: CaseContext,
  id: string,
  typed: string | null | undefined,
  before: string | null,
): string | null {
  if (typed === undefined) return before
  return typed === null || typed === '' ? null : sealNumber(ctx, id, typed)
}

/** Ten digits, or null where it is none. */
export const readable = (typed: string | null): string | null => (typed === null ? null : parseCpr(typed))

/**
 * An entry about a report. While it is a draft it may still become confidential, and entries are never rewritten: so they
 * stand under the case until it is sent or withdrawn in the open.
 */
export const note = (
  tx: Tx,
  ctx: CaseContext,
  one: Pick<StoredCase, 'id' | 'personId' | 'state' | 'confidential' | 'releasedAt'>,
  action: string,
  detail?: Record<string, unknown>,
) =>
  audit(tx).write({
    actor: auditActor(ctx.actor),
    action,
    subjectKind: 'case',
    subjectId: one.id,
    personId: one.personId,
    caseId: isSecret(one) || isOpen(one) ? one.id : null,
    requestId: ctx.requestId,
    ...(detail ? { detail } : {}),
  })
