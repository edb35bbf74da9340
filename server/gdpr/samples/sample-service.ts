import { audit } from '../../audit/audit-store.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import { lockSample, storeAnswer } from './sample-store.ts'

/** Was the lookup part of the work? Nobody answers for their own, and whoever says no or does not know says why. */
export async function answerSample(
  tx: Tx,
  actor: Actor,
  entryId: number,
  given: { answer: 'work' | 'not-work' | 'unclear'; note: string },
  now: Date,
): Promise<void> {
  const { by } = await lockSample(tx, entryId)
  if (!allows(actor, 'verify', 'LookupSample', { by: by === actor.userId ? 'self' : 'other' }))
    throw problem('second-person-needed')
  if (given.answer !== 'work' && given.note === '') throw problem('reason-needed')
  await storeAnswer(tx, entryId, { ...given, by: actor.userId, now })
  await audit(tx).write({
    ...{
      actor: auditActor(actor),
      action: 'lookup-sample.answered',
      subjectKind: 'lookup-sample',
      subjectId: String(entryId),
    },
    after: { answer: given.answer },
  })
}
