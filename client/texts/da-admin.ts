import { admin } from './da/admin.ts'

/** Texts of local users, sessions and sign-in settings. */
export const daAdmin = { ...admin } as const
