import type { TextKind } from '#contract/compliance.ts'
import { audit } from '../../audit/audit-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { insertText, noteShown, noticeVersion } from './notice-store.ts'

/** A new version of a text. Throws `conflict` where it is not the successor of the one that was read. */
export async function publish(
  tx: Tx,
  actor: Actor,
  kind: TextKind,
  text: { da: string; en: string; reason: string; version: number },
  now: Date,
): Promise<number> {
  const version = await insertText(
    tx,
    { id: newId(now.getTime()), kind, after: text.version, da: text.da, en: text.en, reason: text.reason },
    { userId: actor.userId, now },
  )
  if (version === null)
    throw problem('conflict', {
      detail: 'Somebody has published another version in the meantime. Read it, and publish yours after it.',
    })
  await audit(tx).write({
    ...{
      actor: auditActor(actor),
      action: 'compliance-text.published',
      subjectKind: 'compliance-text',
      subjectId: kind,
    },
    after: { version },
    detail: { reason: text.reason },
  })
  return version
}

/** Of a version that is no longer the published one nothing is noted: what was read is not what is said now. */
async function checkVersion(tx: Tx, version: number): Promise<void> {
  if ((await noticeVersion(tx)) !== version)
    throw problem('conflict', { detail: 'Another version of the notice has been published. Read that one.' })
}

export async function confirmShown(tx: Tx, actor: Actor, version: number, now: Date): Promise<void> {
  await checkVersion(tx, version)
  if (actor.personId === null) throw problem('not-allowed')
  await noteShown(tx, [actor.personId], { version, how: 'screen', by: null, now })
  await audit(tx).write({
    ...{
      actor: auditActor(actor),
      action: 'notice.shown',
      subjectKind: 'person',
      subjectId: actor.personId,
      personId: actor.personId,
    },
    after: { version },
  })
}

export async function recordOnPaper(
  tx: Tx,
  actor: Actor,
  given: { version: number; people: readonly string[] },
  now: Date,
): Promise<number> {
  await checkVersion(tx, given.version)
  const recorded = await noteShown(tx, given.people, { version: given.version, how: 'paper', by: actor.userId, now })
  await audit(tx).write({
    ...{ actor: auditActor(actor), action: 'notice.handed-over', subjectKind: 'compliance-text', subjectId: 'notice' },
    after: { version: given.version, recorded },
    detail: { people: given.people.length },
  })
  return recorded
}
