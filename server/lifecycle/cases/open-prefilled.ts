import type { CaseForm } from '#contract/lifecycle-forms.ts'
import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { insertCase, noteEvent } from './case-store.ts'
import { doorOf } from './doors.ts'
import { settlePlace } from './known-affiliation.ts'

/**
 * A draft that nobody has begun: payroll says something that no report has said. HR and the manager of the unit find it
 * with its deadline; sending it says the rest about the affiliation that payroll has made. One a cause: what is open for
 * the affiliation already is answered instead.
 */
export async function openPrefilled(
  tx: Tx,
  given: {
    form: CaseForm
    door?: 'plain' | 'extend'
    affiliationId: string
    personId: string
    deadline: string
    job: string
  },
  now: Date,
): Promise<string> {
  const { kind } = given.form
  const door = given.door ?? 'plain'
  const [open] = await tx.query<{ id: string }>(
    `select id from lifecycle_case where affiliation_id = $1 and kind = $2 and door = $3
       and state in ('draft', 'prepared') limit 1`,
    [given.affiliationId, kind, door],
  )
  if (open) return open.id
  const id = newId(now.getTime())
  const placed = {
    ...(await settlePlace(tx, doorOf(kind).place(given.form))),
    personId: given.personId,
    affiliationId: given.affiliationId,
  }
  await insertCase(
    tx,
    {
      id,
      kind,
      door,
      form: given.form,
      cprSealed: null,
      origin: 'payroll',
      deadline: given.deadline,
      ...placed,
    },
    null,
    now,
  )
  await noteEvent(tx, id, 'created', null, now)
  await audit(tx).write({
    actor: systemActor(given.job),
    action: 'case.created',
    subjectKind: 'case',
    subjectId: id,
    personId: given.personId,
    caseId: id,
    detail: { kind, origin: 'payroll' },
  })
  return id
}
