import type { daAdmin } from './da-admin.ts'
import { admin } from './en/admin.ts'
import type { Same } from './same.ts'

export const enAdmin: Same<typeof daAdmin> = { ...admin }
