import { lifecycle } from './da/lifecycle.ts'

/** Texts of reports, their board, what came in from HR, emergency locks and access policies. */
export const daLifecycle = { ...lifecycle } as const
