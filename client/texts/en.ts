import type { da } from './da.ts'
import { admin } from './en/admin.ts'
import { auth } from './en/auth.ts'
import { people } from './en/people.ts'
import { rest } from './en/rest.ts'
import { shell } from './en/shell.ts'
import { sync } from './en/sync.ts'
import type { Same } from './same.ts'

export const en: Same<typeof da> = { ...shell, ...admin, ...auth, ...people, ...rest, ...sync }
