import { audit } from './da/audit.ts'

/** Texts of the log. */
export const daAudit = { ...audit } as const
