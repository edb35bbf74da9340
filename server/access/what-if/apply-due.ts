import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { AfterDecided } from '../after-decided.ts'
import type { LocalAdministrators } from '../last-administrator.ts'
import { dueDrafts, loadDraft } from './draft-store.ts'
import { applyDraft } from './drafts-service.ts'

/**
 * Approved drafts whose date has come, each in a transaction of its own. One that waits for payroll or HR is tried again
 * each time, and noted when what it waits for is another number. Answers how many were carried out and how many are held.
 */
export async function applyDueDrafts(
  { db, clock }: { db: Db; clock: Clock },
  localAdministrators?: LocalAdministrators,
  after: readonly AfterDecided[] = [],
): Promise<{ applied: number; held: number }> {
  const counts = { applied: 0, held: 0 }
  const today = clock.today()
  for (const id of await db.snapshot(tx => dueDrafts(tx, today)))
    await db.transaction(async tx => {
      const draft = await loadDraft(tx, id, true)
      // Another process was quicker.
      if (draft?.state !== 'approved' || draft.onDate > today) return
      const when = { today, now: clock.now(), after, ...(localAdministrators ? { localAdministrators } : {}) }
      const done = await applyDraft(tx, draft, null, when)
      const applied = done.state === 'applied'
      if (applied) counts.applied++
      else counts.held++
      if (!applied && draft.held?.reason === done.held.reason && draft.held.unexpected === done.held.unexpected) return
      await audit(tx).write({
        actor: systemActor('apply-drafts'),
        action: applied ? 'what-if.applied' : 'what-if.held',
        subjectKind: 'what-if',
        subjectId: id,
        detail: done,
      })
    })
  return counts
}
