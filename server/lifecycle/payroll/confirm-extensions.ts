import type { Fact } from '../../people/fact.ts'
import { loadFacts } from '../../people/fact-store.ts'
import { type FactDeps, retractFacts } from '../../people/report-facts.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { latest, standing } from '../matching/carry-out-match.ts'
import { payrollConfirms } from './extension-rule.ts'
import { shifted } from './payroll-dates.ts'

/** Who states what a report says; everybody else is payroll, whatever program it is. */
const REPORTS = new Set(['report', 'report-change', 'manual'])

/** The end that payroll itself knows of an affiliation; undefined where payroll says nothing of it at all. */
export function payrollEndOf(facts: readonly Fact[]): string | null | undefined {
  const said = standing(facts).filter(fact => !REPORTS.has(fact.source))
  if (said.length === 0) return undefined
  const { endsOn } = latest(said)
  return typeof endsOn === 'string' ? endsOn : null
}

/**
 * Reported extensions that payroll says too, by now: rights last as long as the employment again, and not only for the days
 * in which payroll was awaited. Harmless to repeat. Answers the affiliations whose facts changed.
 */
export async function confirmExtensions(tx: Tx, deps: FactDeps): Promise<string[]> {
  // Longer ago than a year nothing is awaited any more.
  const cases = await tx.query<{ id: string; affiliationId: string; endsOn: string }>(
    `select c.id, coalesce(a.merged_into, a.id) as "affiliationId", c.form ->> 'endsOn' as "endsOn"
     from lifecycle_case c join affiliation a on a.id = c.affiliation_id
     where c.kind = 'end' and c.door = 'extend' and c.stated_at is not null and c.form ->> 'endsOn' >= $1`,
    [shifted(deps.today, -366)],
  )
  if (cases.length === 0) return []
  const facts = await loadFacts(
    tx,
    'affiliation',
    cases.map(one => one.affiliationId),
  )
  const over: string[] = []
  for (const { id, affiliationId, endsOn } of cases) {
    const all = facts.get(affiliationId) ?? []
    const payrollEndsOn = payrollEndOf(all)
    if (payrollEndsOn === undefined || !payrollConfirms({ payrollEndsOn, reportedEndsOn: endsOn })) continue
    for (const fact of standing(all))
      if (fact.source === 'report-change' && fact.sourceKey === id && 'accessEndsOn' in fact.attrs) over.push(fact.hash)
  }
  return (await retractFacts(tx, over, { reason: 'payroll has confirmed the extension' }, deps)).affiliations
}
