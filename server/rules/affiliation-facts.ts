import { z } from 'zod'

const text = z.string().nullable()
const date = z.iso.date()

export const affiliationKinds = [
  'employment',
  'temp',
  'external',
  'elected',
  'trainee',
  'volunteer',
  'network',
  'pupil',
] as const

/**
 * What the rights rules see of one affiliation: flat, and complete (an unknown fact is null, never left out).
 * Nothing here names the person. Dates are civil dates, closed-open; `endsOn` null is an open end.
 */
export const affiliationFacts = z.looseObject({
  id: z.string(),
  personId: z.string(),
  kind: z.enum(affiliationKinds),
  unitId: z.string(),
  unitKey: z.string(),
  /** Keys of the unit and all units above it, root first. */
  unitPath: z.array(z.string()),
  unitKind: z.string(),
  unitLevel: z.number(),
  /** Key of the position catalogue; null while the title is on the worklist. */
  position: text,
  positionCategory: text,
  title: text,
  /** KLE numbers of the unit, its own and inherited. */
  kle: z.array(z.string()),
  functions: z.array(z.string()),
  isManager: z.boolean(),
  managerOf: z.array(z.string()),
  fraction: z.number().nullable(),
  primary: z.boolean(),
  startsOn: date,
  endsOn: date.nullable(),
  onLeave: z.boolean(),
  networks: z.array(z.string()),
  schoolClass: text,
})

export type AffiliationFacts = z.infer<typeof affiliationFacts>

export type FactType = 'text' | 'list' | 'number' | 'flag' | 'date' | 'kind'

/**
 * The facts that a condition may name. A rule that names one person is not a rule, it is a grant by hand, and those go
 * through a request; so `personId` is for what somebody must not hold for a while, and only there (`validateRules`).
 */
export const factTypes: Readonly<Record<string, FactType>> = {
  kind: 'kind',
  unitKey: 'text',
  unitPath: 'list',
  unitKind: 'text',
  unitLevel: 'number',
  position: 'text',
  positionCategory: 'text',
  title: 'text',
  kle: 'list',
  functions: 'list',
  isManager: 'flag',
  managerOf: 'list',
  fraction: 'number',
  primary: 'flag',
  startsOn: 'date',
  endsOn: 'date',
  onLeave: 'flag',
  networks: 'list',
  schoolClass: 'text',
  personId: 'text',
}
