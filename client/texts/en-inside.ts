import type { daInside } from './da-inside.ts'
import { enums } from './en/enums.ts'
import { fields } from './en/fields.ts'
import { freshness } from './en/freshness.ts'
import { home } from './en/home.ts'
import { org } from './en/org.ts'
import { people } from './en/people.ts'
import { systems } from './en/systems.ts'
import type { Same } from './same.ts'

export const enInside: Same<typeof daInside> = {
  ...enums,
  ...fields,
  ...freshness,
  ...home,
  ...org,
  ...people,
  ...systems,
}
