import { entitlements } from './da/entitlements.ts'
import { userList } from './da/user-list.ts'

/** Texts of entitlements, user lists of systems and the desk of group mappings. They come with the first of these screens. */
export const daEntitlements = { ...entitlements, ...userList } as const
