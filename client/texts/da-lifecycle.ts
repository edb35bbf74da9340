import { board } from './da/board.ts'
import { doors } from './da/doors.ts'
import { hrInbox } from './da/hr-inbox.ts'
import { lifecycle } from './da/lifecycle.ts'
import { locks } from './da/locks.ts'
import { mails } from './da/mails.ts'
import { reports } from './da/reports.ts'

/** Texts of reports, their board, what came in from HR, emergency locks and access policies. */
export const daLifecycle = { ...lifecycle, ...hrInbox, ...locks, ...mails, ...reports, ...board, ...doors } as const
