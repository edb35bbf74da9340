import type { daAudit } from './da-audit.ts'
import { audit } from './en/audit.ts'
import type { Same } from './same.ts'

export const enAudit: Same<typeof daAudit> = { ...audit }
