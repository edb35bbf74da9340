import type { AfterDecided } from '../after-decided.ts'
import type { LocalAdministrators } from '../last-administrator.ts'

/** The moment of a command on a draft. `today` is the civil date. */
export type When = {
  today: string
  now: Date
  localAdministrators?: LocalAdministrators
  after?: readonly AfterDecided[]
}
