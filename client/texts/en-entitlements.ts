import type { daEntitlements } from './da-entitlements.ts'
import { entitlements } from './en/entitlements.ts'
import { userList } from './en/user-list.ts'
import type { Same } from './same.ts'

export const enEntitlements: Same<typeof daEntitlements> = { ...entitlements, ...userList }
