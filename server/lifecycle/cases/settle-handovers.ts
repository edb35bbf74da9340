import { catchUp } from '../../access/access-store.ts'
import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import { type FactDeps, stateFacts } from '../../people/report-facts.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { authority, type CaseParts, type When } from './carry-out-case.ts'
import { dueSponsors, settleHandovers } from './handover-store.ts'
import { SOURCE } from './hire-door.ts'

/**
 * Handovers whose day has come and which are not done: externals get the contact that was named, and what the leaver
 * answers for no longer is settled. Derived from rows alone, so it may be repeated and may come late. Answers how many
 * contacts were stated.
 */
export async function settleDue(
  tx: Tx,
  parts: Pick<CaseParts, 'localAdministrators' | 'afterDecided'> & { keyring: Keyring },
  when: When,
): Promise<number> {
  const sponsors = await dueSponsors(tx, when.today)
  if (sponsors.length > 0) {
    const deps: FactDeps = { authority: await authority(tx), keyring: parts.keyring, ...when }
    const { affiliations } = await stateFacts(
      tx,
      sponsors.map(one => ({
        kind: 'affiliation' as const,
        subjectId: one.externalId,
        attrs: { sponsor: one.sponsorId },
        from: when.today,
        to: null,
        source: SOURCE,
        sourceKey: one.caseId,
        assertedAt: when.now,
      })),
      deps,
    )
    await catchUp(
      tx,
      {
        ...when,
        cause: 'handover',
        localAdministrators: parts.localAdministrators,
        after: parts.afterDecided,
      },
      affiliations,
    )
    for (const one of sponsors)
      await audit(tx).write({
        actor: systemActor('handovers'),
        action: 'case.handed-over',
        subjectKind: 'case',
        subjectId: one.caseId,
        detail: { kind: 'sponsor', affiliationId: one.externalId },
      })
  }
  await settleHandovers(tx, when.now)
  return sponsors.length
}
