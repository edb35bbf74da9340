import { z } from 'zod'

/* Closed lists of reports that also stand in addresses of screens: apart from the endpoints, as in lists.ts. */

export const caseKind = z.enum(['hire', 'move', 'absence', 'end'])
/** How a report came about, beside its kind. `emergency`: it starts today. */
export const caseDoor = z.enum(['plain', 'rehire', 'withdraw', 'postpone', 'extend', 'vikar', 'emergency'])
export const caseState = z.enum(['draft', 'prepared', 'sent', 'done', 'withdrawn'])
/** Where a report is. `waiting`: sent, and a right in it waits for a yes. `sent`: its day has not come. */
export const caseStage = z.enum(['draft', 'prepared', 'waiting', 'sent', 'running', 'done', 'withdrawn'])
export const approvalState = z.enum(['waiting', 'approved', 'refused', 'withdrawn'])

/** Parts of the board. `late`: the day is past and something is missing. `done`: past and nothing is missing, for thirty days. */
export const boardBucket = z.enum(['late', 'today', 'coming', 'done'])
/** What somebody still has to do: facts of the report, a yes, a system, a person by hand, payroll; rights still held. */
export const LACKS = ['facts', 'approvals', 'orders', 'tasks', 'payroll', 'held'] as const
export const boardLack = z.enum(LACKS)
/** Which leavers are listed. `done`: nothing of theirs is open or only said to be done. */
export const proofShow = z.enum(['open', 'overdue', 'late', 'unexpected', 'done'])
