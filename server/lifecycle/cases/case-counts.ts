import type { Statement } from '../../platform/statement.ts'
import type { Actor } from '../../policy/actor.ts'
import { approvalFilter } from './approval-views.ts'
import { caseFilter } from './case-sql.ts'
import { countHandoversSql } from './handover-views.ts'

/** How near the first day of a draft is, in days: the notice that a workplace gives (danish-public-sector.md 2). */
const NEAR = 14

/**
 * Columns for a home: `reports_mine` drafts that the reader has begun, `reports_ready` those that somebody has prepared for
 * the reader to send, `reports_near` whose day is near or past, `approvals` rights that wait for the reader, `handovers` what
 * leavers answer for that nobody has taken over. Each is
 * counted with the filter of the list it leads to.
 */
export function countReportsSql(actor: Actor, q: Statement, today: string): string {
  const count = (where: string, action: 'change' | 'send' = 'change') =>
    `(select count(*) from lifecycle_case c left join org_unit_current u on u.unit_id = c.unit_id
      where ${where} and ${caseFilter(actor, q, 'c', 'u', action)})`
  return `${count(`c.state = 'draft' and c.author = ${q.bind(actor.userId, 'uuid')}`)} as reports_mine,
    ${count(`c.state = 'prepared'`, 'send')} as reports_ready,
    ${count(`(c.state in ('draft', 'prepared') or (c.state = 'sent' and c.stated_at is null and c.door <> 'vikar'))
      and c.effective_on <= ${q.bind(today, 'date')} + ${NEAR}`)} as reports_near,
    ${countApprovalsSql(actor, q)} as approvals, ${countHandoversSql(actor, q, today)} as handovers`
}

export const countApprovalsSql = (actor: Actor, q: Statement): string =>
  `(select count(*) from lifecycle_approval a join lifecycle_case c on c.id = a.case_id
    join entitlement e on e.id = a.entitlement_id where a.state = 'waiting' and ${approvalFilter(actor, q, 'decide')})`
