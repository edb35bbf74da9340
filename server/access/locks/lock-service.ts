import { audit } from '../../audit/audit-store.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import { resuspend } from '../access-store.ts'
import type { AfterDecided } from '../after-decided.ts'
import type { LocalAdministrators } from '../last-administrator.ts'
import { personRecord } from '../person-record-view.ts'
import {
  administratorsByRule,
  insertLock,
  insertOnCall,
  lockById,
  noteWrongTry,
  openLockOf,
  setOffCall,
  setReleased,
  WRONG_TRIES,
  wrongTries,
} from './lock-store.ts'

/** What else must happen when a person is locked, in the same transaction; filled in where everything is put together. */
export type OnLock = (tx: Tx, locked: { personId: string; lockId: string; now: Date }) => Promise<void>
export type LockHooks = {
  onLock: readonly OnLock[]
  after: readonly AfterDecided[]
  localAdministrators?: LocalAdministrators
}
type When = { today: string; now: Date }

/**
 * Whom the actor may lock, after the birth date has been asked for. A wrong one is noted in a transaction of its own (it
 * is what the third is counted by), so this answers how it went and the caller throws. Where Hjemmel knows no birth date
 * it cannot ask, and the name has to do.
 */
export async function confirmBirthDate(
  tx: Tx,
  actor: Actor,
  asked: { personId: string; birthDate: string | undefined },
  now: Date,
): Promise<'right' | 'wrong' | 'refused'> {
  const person = await personRecord(tx, asked.personId)
  if (
    !person ||
    !allows(actor, 'change', 'Lock', { personId: person.id, personKind: person.kind }) ||
    actor.personId === person.id
  )
    throw problem('not-found')
  // One try at a time, so that many at once are not many tries.
  await tx.query(`select pg_advisory_xact_lock(hashtext('birth date ' || $1 || $2))`, [actor.userId, person.id])
  if ((await wrongTries(tx, person.id, actor.userId, now)) >= WRONG_TRIES) return 'refused'
  const [known] = await tx.query<{ date: string | null }>(
    'select birth_date::text as date from person_current where person_id = $1',
    [person.id],
  )
  if (known?.date == null || known.date === asked.birthDate) return 'right'
  await noteWrongTry(tx, person.id, actor.userId, now)
  await audit(tx).write({
    actor: auditActor(actor),
    ...{ action: 'person.lock-refused', subjectKind: 'person', subjectId: person.id, personId: person.id },
  })
  return 'wrong'
}

/**
 * Locks a person: every right of every affiliation rests, what follows from that is worked out, and what is declared for
 * a lock is done, all in this transaction. It is no fact about the person: no source, event or report undoes it. Throws
 * `conflict` where the person is locked already, `last-administrator` where nobody could administer Hjemmel any more.
 */
export async function setLock(
  tx: Tx,
  actor: Actor,
  { personId, reason }: { personId: string; reason: string },
  { today, now }: When,
  { onLock, after, localAdministrators }: LockHooks,
): Promise<{ lockId: string; rights: number }> {
  // Whoever decides rights waits for this, and this for them; two who lock at once are one after the other.
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel access'))`)
  if (await openLockOf(tx, personId)) throw problem('conflict', { detail: 'The person is locked already.' })
  const administrators = async () => (await administratorsByRule(tx)) + ((await localAdministrators?.(tx, today)) ?? 0)
  const before = await administrators()
  const lockId = await insertLock(tx, {
    ...{ personId, reason, by: actor.userId, byPersonId: actor.personId, now },
  })
  await resuspend(tx, [personId], { today, now, cause: 'lock', after })
  // A town hall that cannot get in could not even lift the lock.
  if (before > 0 && (await administrators()) === 0) throw problem('last-administrator')
  for (const each of onLock) await each(tx, { personId, lockId, now })
  const rights = await restingOf(tx, personId)
  await audit(tx).write({
    actor: auditActor(actor),
    ...{ action: 'person.locked', subjectKind: 'person', subjectId: personId, personId },
    detail: { lockId, reason, rights },
  })
  return { lockId, rights }
}

/** Lifts a lock. Throws `second-person-needed` for whoever set it and for the one who is locked. */
export async function liftLock(
  tx: Tx,
  actor: Actor,
  { lockId, reason }: { lockId: string; reason: string },
  { today, now }: When,
  { after }: LockHooks,
): Promise<{ rights: number }> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel access'))`)
  const lock = await lockById(tx, lockId)
  const person = lock && (await personRecord(tx, lock.personId))
  if (!lock || !person || !allows(actor, 'approve', 'Lock', { personId: person.id, personKind: person.kind }))
    throw problem('not-found')
  if (lock.released) throw problem('conflict', { detail: 'The lock has been lifted already.' })
  if (!mayLift(actor, lock)) throw problem('second-person-needed')
  const rights = await restingOf(tx, lock.personId)
  await setReleased(tx, lockId, { by: actor.userId, reason, now })
  await resuspend(tx, [lock.personId], { today, now, cause: 'lock-lifted', after })
  await audit(tx).write({
    actor: auditActor(actor),
    ...{ action: 'person.lock-lifted', subjectKind: 'person', subjectId: lock.personId, personId: lock.personId },
    detail: { lockId, reason, rights },
  })
  return { rights }
}

/** By user and by person: one human being with two users is one. */
export const mayLift = (
  actor: Pick<Actor, 'userId' | 'personId'>,
  lock: { lockedBy: string; lockedByPersonId: string | null; personId: string },
): boolean =>
  actor.userId !== lock.lockedBy &&
  actor.personId !== lock.personId &&
  (actor.personId === null || actor.personId !== lock.lockedByPersonId)

async function restingOf(tx: Tx, personId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `select count(distinct a.entitlement_id)::int as n from affiliation_current ac
     join assignment a on a.affiliation_id = ac.affiliation_id where ac.person_id = $1 and a.suspended = 'lock'`,
    [personId],
  )
  return row?.n ?? 0
}

export async function putOnCall(
  tx: Tx,
  actor: Actor,
  one: { personId: string; startsAt: string; endsAt: string },
  now: Date,
): Promise<string> {
  const person = await personRecord(tx, one.personId)
  if (!person || !allows(actor, 'read', 'Person', person)) throw problem('not-found')
  if (Date.parse(one.endsAt) <= Math.max(Date.parse(one.startsAt), now.getTime()))
    throw problem('data-invalid', {
      errors: [{ where: 'body/endsAt', what: 'Give an end after the start and after now' }],
    })
  const id = await insertOnCall(tx, { ...one, by: actor.userId, now })
  await audit(tx).write({
    actor: auditActor(actor),
    ...{ action: 'lock.on-call-added', subjectKind: 'person', subjectId: one.personId, personId: one.personId },
    detail: { from: one.startsAt, to: one.endsAt },
  })
  return id
}

export async function takeOffCall(tx: Tx, actor: Actor, id: string, now: Date): Promise<void> {
  const personId = await setOffCall(tx, id, now)
  if (personId === null) throw problem('not-found')
  await audit(tx).write({
    actor: auditActor(actor),
    ...{ action: 'lock.on-call-ended', subjectKind: 'person', subjectId: personId, personId },
  })
}
