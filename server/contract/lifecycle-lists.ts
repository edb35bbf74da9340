import { z } from 'zod'

/* Closed lists of reports that also stand in addresses of screens: apart from the endpoints, as in lists.ts. */

export const caseKind = z.enum(['hire', 'move', 'absence', 'end'])
/** How a report came about, beside its kind. `emergency`: it starts today. */
export const caseDoor = z.enum(['plain', 'rehire', 'withdraw', 'postpone', 'extend', 'vikar', 'emergency'])
export const caseState = z.enum(['draft', 'prepared', 'sent', 'done', 'withdrawn'])
/** Where a report is. `waiting`: sent, and a right in it waits for a yes. `sent`: its day has not come. */
export const caseStage = z.enum(['draft', 'prepared', 'waiting', 'sent', 'running', 'done', 'withdrawn'])
export const approvalState = z.enum(['waiting', 'approved', 'refused', 'withdrawn'])
