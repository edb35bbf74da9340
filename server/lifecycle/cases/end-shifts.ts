import { catchUp } from '../../access/access-store.ts'
import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import { type FactDeps, stateFacts } from '../../people/report-facts.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { authority, type CaseParts, type When } from './carry-out-case.ts'
import { noteEvent, setCase } from './case-store.ts'
import { SOURCE } from './hire-door.ts'

/**
 * Shifts whose hour has come, whenever it is looked at. Whoever was confirmed is no longer here from now on: the
 * affiliation is over, and with it what rules and templates gave and the accounts that follow. Whom nobody confirmed
 * never was. Asked each minute; where nothing is due it is one statement on an index. Answers how many.
 */
export async function endShifts(
  tx: Tx,
  parts: Pick<CaseParts, 'localAdministrators' | 'afterDecided'> & { keyring: Keyring },
  when: When,
): Promise<number> {
  const due = await tx.query<{ caseId: string; affiliationId: string | null }>(
    `select case_id as "caseId", affiliation_id as "affiliationId" from shift_cover
     where ended_at is null and ends_at <= $1 order by case_id for update skip locked`,
    [when.now],
  )
  if (due.length === 0) return 0
  await tx.query('update shift_cover set ended_at = $2 where case_id = any($1)', [due.map(one => one.caseId), when.now])
  const came = due.flatMap(({ caseId, affiliationId }) => (affiliationId === null ? [] : [{ caseId, affiliationId }]))
  if (came.length > 0) {
    const deps: FactDeps = { authority: await authority(tx), keyring: parts.keyring, ...when }
    const { affiliations } = await stateFacts(
      tx,
      came.map(({ caseId, affiliationId }) => ({
        kind: 'affiliation' as const,
        subjectId: affiliationId,
        attrs: { accessEndsOn: when.today },
        from: null,
        to: null,
        source: SOURCE,
        sourceKey: caseId,
        assertedAt: when.now,
      })),
      deps,
    )
    await catchUp(
      tx,
      { ...when, cause: 'shift', localAdministrators: parts.localAdministrators, after: parts.afterDecided },
      [...new Set([...affiliations, ...came.map(one => one.affiliationId)])],
    )
  }
  for (const { caseId, affiliationId } of due) {
    if (affiliationId === null) {
      await setCase(tx, caseId, { state: 'withdrawn', withdrawn_at: when.now, updated_at: when.now })
      await noteEvent(tx, caseId, 'withdrawn', null, when.now)
    }
    await audit(tx).write({
      actor: systemActor('shifts'),
      action: affiliationId === null ? 'shift.not-confirmed' : 'shift.ended',
      subjectKind: 'case',
      subjectId: caseId,
    })
  }
  return due.length
}
