import type { RectificationObject } from '#contract/rectifications.ts'
import { audit } from '../../audit/audit-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor, mainRole } from '../../policy/policy.ts'
import * as store from './rectification-store.ts'

/*
 * "This is wrong" (Art. 16): whoever a right or a fact is about says so, and whoever answers for it is told and answers. It
 * changes nothing by itself: what is put right is put right where it comes from.
 */

/**
 * What is known of a person and of the jobs is HR's, accounts are IT's, a right is the owner's of its system; where the
 * system has no owner, or only the very person, it is IT's. Throws `not-found` for what is not about the reader, `conflict`
 * where the same waits for an answer.
 */
export async function ask(
  tx: Tx,
  actor: Actor,
  { object, words }: { object: RectificationObject; words: string },
  now: Date,
): Promise<{ id: string; office: store.Office }> {
  if (actor.personId === null) throw problem('not-found')
  const place = await store.placeOf(tx, actor.personId, object)
  if (!place) throw problem('not-found')
  const office = officeOf(object, place.owned)
  const id = newId(now.getTime())
  const noted = await store.addRectification(
    tx,
    { id, personId: actor.personId, object, systemId: place.systemId, office, words },
    now,
  )
  if (!noted) throw problem('conflict', { detail: 'You have said this already. It waits for an answer.' })
  await note(tx, actor, 'rectification.asked', id, actor.personId, { ...object, office })
  return { id, office }
}

export const officeOf = (object: RectificationObject, owned: boolean): store.Office =>
  object.about === 'right' ? (owned ? 'systemowner' : 'it') : object.about === 'account' ? 'it' : 'hr'

/** Throws `not-allowed` for the own: nobody answers oneself. `conflict` where it is answered. */
export async function answer(
  tx: Tx,
  actor: Actor,
  id: string,
  said: { outcome: string; answer: string },
  now: Date,
): Promise<{ id: string }> {
  const one = await store.loadRectification(tx, id)
  const record = one && { personKind: one.personKind, office: one.office, systemId: one.systemId }
  if (!one || !record || !allows(actor, 'read', 'Rectification', record)) throw problem('not-found')
  if (!allows(actor, 'decide', 'Rectification', record)) throw problem('not-allowed')
  if (one.personId === actor.personId)
    throw problem('not-allowed', { detail: 'It is about yourself. Somebody else answers it.' })
  if (one.answeredAt) throw problem('conflict', { detail: 'It is answered already.' })
  const as = one.office === 'systemowner' && !allows(actor, 'decide', 'Rectification', { ...record, office: 'it' })
  await store.noteAnswer(
    tx,
    id,
    { ...said, by: actor.userId, as: as ? 'systemowner' : (mainRole(actor) ?? one.office) },
    now,
  )
  await note(tx, actor, 'rectification.answered', id, one.personId, { outcome: said.outcome })
  return { id }
}

const note = (
  tx: Tx,
  actor: Actor,
  action: string,
  subjectId: string,
  personId: string,
  detail: Record<string, unknown>,
) => audit(tx).write({ actor: auditActor(actor), action, subjectKind: 'rectification', subjectId, personId, detail })
