import type { DemoName } from './names.ts'

export type DemoPerson = {
  key: string
  name: DemoName
  birthDate: string
  cpr: string
  email: string | null
  phone: string | null
  protected: boolean
}

export type DemoAffiliationKind =
  | 'employment'
  | 'temp'
  | 'external'
  | 'elected'
  | 'trainee'
  | 'volunteer'
  | 'network'
  | 'pupil'

export type DemoAffiliation = {
  key: string
  person: DemoPerson
  kind: DemoAffiliationKind
  employeeNo: string | null
  /** The administrative unit that the product must arrive at. */
  unit: string
  /** What payroll says: the pay unit, and an override where the pay unit leads elsewhere. */
  payUnit: string | null
  unitOverride: string | null
  position: string | null
  title: string | null
  fraction: number | null
  startsOn: string
  endsOn: string | null
  primary: boolean
  functions: string[]
  leave: { from: string; to: string | null; kind: string } | null
  sponsor: string | null
  schoolClass: string | null
  manages: boolean
}

export type DemoDeputy = { key: string; unit: string; deputy: string; from: string | null; to: string | null }

/** Everybody, in the order in which they were made. `managers` maps a unit to the affiliation that leads it. */
export type DemoPeople = {
  staff: DemoPerson[]
  affiliations: DemoAffiliation[]
  managers: Map<string, string>
  deputies: DemoDeputy[]
}

/** Whether the affiliation counts on a civil date (closed-open). */
export const activeOn = ({ startsOn, endsOn }: DemoAffiliation, date: string) =>
  startsOn <= date && (endsOn === null || date < endsOn)

export const onLeave = ({ leave }: DemoAffiliation, date: string) =>
  leave !== null && leave.from <= date && (leave.to === null || date < leave.to)

export const domain = 'lindevang.example'

/** Payroll says for each post whether it comes with a user (OPUS: `itUser`); here as a function of the affiliation. */
export const noAccount = 'Uden it-bruger'

/** Whether somebody in this affiliation has a user account. Many cleaners, substitutes and helpers have none. */
export const hasAccount = ({ kind, functions }: DemoAffiliation) =>
  kind !== 'volunteer' && kind !== 'pupil' && kind !== 'network' && !functions.includes(noAccount)
