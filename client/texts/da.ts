import { auth } from './da/auth.ts'
import { problems } from './da/problems.ts'
import { shell } from './da/shell.ts'

/** Texts that a first screen has, signed in or not; all others come in parts. Danish comes first: its keys are the keys, English must have the same. */
export const da = {
  ...shell,
  ...problems,
  ...auth,
} as const
