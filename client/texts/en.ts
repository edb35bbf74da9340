import type { da } from './da.ts'
import { admin } from './en/admin.ts'
import { audit } from './en/audit.ts'
import { auth } from './en/auth.ts'
import { enums } from './en/enums.ts'
import { fields } from './en/fields.ts'
import { freshness } from './en/freshness.ts'
import { home } from './en/home.ts'
import { org } from './en/org.ts'
import { people } from './en/people.ts'
import { problems } from './en/problems.ts'
import { shell } from './en/shell.ts'
import { systems } from './en/systems.ts'
import type { Same } from './same.ts'

export const en: Same<typeof da> = {
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
}
