import { type CaseForm, caseForm } from '#contract/lifecycle-forms.ts'
import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import type { SinkContext } from '../../platform/feed-record.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { FULL_TIME } from '../cases/case.ts'
import { noteEvent, setCase } from '../cases/case-store.ts'
import { openPrefilled } from '../cases/open-prefilled.ts'
import { payrollChangeOf, stillSaid } from './decide-payroll-changes.ts'
import {
  changedRecords,
  draftsOf,
  noteChanges,
  type OpenChange,
  openChanges,
  settleChange,
} from './payroll-change-store.ts'
import { shifted } from './payroll-dates.ts'

const JOB = 'payroll'

/**
 * After a run of payroll: what it says that no report has said opens a prefilled draft, once for each change; one whose
 * change is taken back, or which a report has said in the meantime, closes by itself. What is weighed at the matching desk
 * waits for that. Whatever is still open is looked at anew by every run, so that no run can be the one that was missed.
 */
export async function followPayroll(
  ctx: Pick<SinkContext, 'tx' | 'source' | 'runId' | 'today' | 'now'>,
): Promise<void> {
  const { tx, source, runId, today, now } = ctx
  const wanted = await draftsOf(tx, source, runId)
  if (!wanted) return
  const changes = (await changedRecords(tx, source, runId)).flatMap(record => {
    const change = payrollChangeOf(record, today)
    return change ? [{ ...change, affiliationId: record.affiliationId }] : []
  })
  await noteChanges(tx, source, changes, { id: runId, now })
  for (const one of await openChanges(tx, source)) {
    if (!stillSaid(one, one.record, today)) await close(tx, one, 'taken-back', now)
    else if (one.reported || (one.caseId && !one.caseOpen)) await close(tx, one, 'reported', now)
    else if (one.state === 'noticed' && !one.weighed) await open(tx, one, wanted.days, { today, now })
  }
}

async function open(tx: Tx, one: OpenChange, days: number, at: { today: string; now: Date }): Promise<void> {
  const { current } = one
  const form = current && prefilledForm(one)
  if (!current || !form) return
  const caseId = await openPrefilled(
    tx,
    {
      form,
      door: one.kind === 'extend' ? 'extend' : 'plain',
      affiliationId: current.affiliationId,
      personId: current.personId,
      deadline: shifted(at.today, days),
      job: JOB,
    },
    at.now,
  )
  await settleChange(tx, one.id, { state: 'opened', caseId, at: at.now })
}

/** What payroll has said, in the words of a report; null: there is no report that says so. */
export function prefilledForm({ kind, on, current }: Pick<OpenChange, 'kind' | 'on' | 'current'>): CaseForm | null {
  if (!current) return null
  if (kind === 'hire')
    return caseForm.parse({
      kind: 'hire',
      person: { personId: current.personId },
      affiliation: {
        ...{ kind: current.kind, unitId: current.unitId, title: current.title ?? '' },
        ...{ startsOn: current.startsOn, endsOn: current.endsOn, hourlyPaid: current.hourlyPaid },
        hours: current.fraction === null ? null : Math.round(current.fraction * FULL_TIME * 100) / 100,
      },
    })
  // An employment that has lost its end says nothing that a report could add.
  if (on === null) return null
  return caseForm.safeParse({ kind: 'end', affiliationId: current.affiliationId, endsOn: on }).data ?? null
}

async function close(tx: Tx, one: OpenChange, why: 'reported' | 'taken-back', now: Date): Promise<void> {
  await settleChange(tx, one.id, { state: why, at: now })
  if (!one.caseId || !one.caseOpen) return
  await setCase(tx, one.caseId, { state: 'withdrawn', withdrawn_at: now, cpr_sealed: null, updated_at: now })
  await noteEvent(tx, one.caseId, 'withdrawn', null, now, { reason: REASONS[why] })
  await audit(tx).write({
    actor: systemActor(JOB),
    action: 'case.withdrawn',
    subjectKind: 'case',
    subjectId: one.caseId,
    ...(one.current ? { personId: one.current.personId } : {}),
    caseId: one.caseId,
    detail: { why },
  })
}
/** Shown in the history of the report, to people who read Danish. */
const REASONS = { reported: 'Indberettet på anden vis', 'taken-back': 'Lønsystemet har taget ændringen tilbage' }
