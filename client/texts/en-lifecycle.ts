import type { daLifecycle } from './da-lifecycle.ts'
import { board } from './en/board.ts'
import { doors } from './en/doors.ts'
import { hrInbox } from './en/hr-inbox.ts'
import { lifecycle } from './en/lifecycle.ts'
import { locks } from './en/locks.ts'
import { mails } from './en/mails.ts'
import { reports } from './en/reports.ts'
import type { Same } from './same.ts'

export const enLifecycle: Same<typeof daLifecycle> = {
  ...lifecycle,
  ...hrInbox,
  ...locks,
  ...mails,
  ...reports,
  ...board,
  ...doors,
}
