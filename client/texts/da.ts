import { admin } from './da/admin.ts'
import { auth } from './da/auth.ts'
import { people } from './da/people.ts'
import { rest } from './da/rest.ts'
import { shell } from './da/shell.ts'
import { sync } from './da/sync.ts'

/** Every text of the screen. Danish comes first: its keys are the keys, English must have the same. */
export const da = { ...shell, ...admin, ...auth, ...people, ...rest, ...sync } as const
