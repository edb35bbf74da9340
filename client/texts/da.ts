import { admin } from './da/admin.ts'
import { audit } from './da/audit.ts'
import { auth } from './da/auth.ts'
import { enums } from './da/enums.ts'
import { fields } from './da/fields.ts'
import { freshness } from './da/freshness.ts'
import { home } from './da/home.ts'
import { org } from './da/org.ts'
import { people } from './da/people.ts'
import { problems } from './da/problems.ts'
import { shell } from './da/shell.ts'
import { systems } from './da/systems.ts'

/** Every text of the screen. Danish comes first: its keys are the keys, English must have the same. */
export const da = {
  ...shell,
  ...problems,
  ...enums,
  ...fields,
  ...freshness,
  ...home,
  ...admin,
  ...auth,
  ...people,
  ...org,
  ...systems,
  ...audit,
} as const
