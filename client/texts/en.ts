import type { da } from './da.ts'
import { auth } from './en/auth.ts'
import { problems } from './en/problems.ts'
import { shell } from './en/shell.ts'
import type { Same } from './same.ts'

export const en: Same<typeof da> = {
  ...shell,
  ...problems,
  ...auth,
}
