import { enums } from './da/enums.ts'
import { fields } from './da/fields.ts'
import { freshness } from './da/freshness.ts'
import { home } from './da/home.ts'
import { org } from './da/org.ts'
import { people } from './da/people.ts'
import { systems } from './da/systems.ts'

/** Texts that every screen has once somebody is signed in. */
export const daInside = { ...enums, ...fields, ...freshness, ...home, ...org, ...people, ...systems } as const
