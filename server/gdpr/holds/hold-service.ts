import { audit } from '../../audit/audit-store.ts'
import { addDays } from '../../platform/civil-date.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { holdRetention } from '../retention/retention-store.ts'
import { mayKnow } from './held-case.ts'
import { endHold, insertHold, lockHold, setExpiry, subjectOf } from './hold-store.ts'

type When = { today: string; now: Date }
/** A hold is for a matter that ends: longer than five years at a time somebody has to say so again. */
export const LONGEST_DAYS = 5 * 366

function checkExpiry(expiresOn: string, today: string): void {
  if (expiresOn <= today || expiresOn > addDays(today, LONGEST_DAYS))
    throw problem('data-invalid', {
      detail: `A hold ends after today and within five years: choose a day from ${addDays(today, 1)} to ${addDays(today, LONGEST_DAYS)}.`,
      errors: [{ where: 'body/expiresOn', what: 'Choose a day after today and within five years' }],
    })
}

/** From this transaction on nothing of it is deleted: a batch that is under way ends first. */
export async function placeHoldOn(
  tx: Tx,
  actor: Actor,
  asked: { kind: 'person' | 'case'; subjectId: string; ownerId: string; expiresOn: string; reason: string },
  { today, now }: When,
): Promise<string> {
  checkExpiry(asked.expiresOn, today)
  const about = await subjectOf(tx, asked.kind, asked.subjectId)
  if (!mayKnow(actor, about.report)) throw problem('not-found')
  await subjectOf(tx, 'person', asked.ownerId)
  await holdRetention(tx)
  const id = newId(now.getTime())
  await insertHold(tx, { id, ...asked }, { userId: actor.userId, now })
  await audit(tx).write({
    ...{ actor: auditActor(actor), action: 'hold.placed', subjectKind: 'legal-hold', subjectId: id },
    personId: about.personId,
    caseId: about.report?.secret ? asked.subjectId : null,
    // Why stands in the hold, for those who may read it; whoever the log is about need not be told of a case against them.
    after: { kind: asked.kind, expiresOn: asked.expiresOn, ownerId: asked.ownerId },
  })
  return id
}

export async function changeHoldOf(
  tx: Tx,
  actor: Actor,
  id: string,
  to: { expiresOn: string | null; reason: string },
  { today, now }: When,
): Promise<void> {
  await holdRetention(tx)
  const hold = await lockHold(tx, id)
  if (!mayKnow(actor, hold.report)) throw problem('not-found')
  if (hold.ended) throw problem('conflict', { detail: 'The hold has ended already. Place a new one.' })
  if (to.expiresOn === null) await endHold(tx, id, { userId: actor.userId, reason: to.reason, now })
  else {
    checkExpiry(to.expiresOn, today)
    await setExpiry(tx, id, to.expiresOn)
  }
  await audit(tx).write({
    ...{
      actor: auditActor(actor),
      action: to.expiresOn === null ? 'hold.ended' : 'hold.moved',
      subjectKind: 'legal-hold',
    },
    ...{ subjectId: id, personId: hold.personId, caseId: hold.report?.secret ? hold.subjectId : null },
    before: { expiresOn: hold.expiresOn },
    after: { expiresOn: to.expiresOn },
    detail: { reason: to.reason },
  })
}
