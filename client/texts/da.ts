import { auth } from './da/auth.ts'
import { people } from './da/people.ts'
import { rest } from './da/rest.ts'
import { shell } from './da/shell.ts'

/** Every text of the screen. Danish comes first: its keys are the keys, English must have the same. */
export const da = { ...shell, ...auth, ...people, ...rest } as const

/** A language with the same keys as Danish: a missing or a surplus key does not compile. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }
