import { criticality, hosting, systemReading, systemStatus } from './lists.ts'
import { accountKind, affiliationKind, entitlementKind, sensitivity, unitKind, unitTree } from './shapes.ts'
import { SHEET } from './sheet.ts'

/**
 * The attributes that a mapping can fill, for forms and for what is offered while one writes. The rooms that take the
 * records decide what is valid; a test holds this list equal to theirs.
 */
type AttributeType = 'text' | 'date' | 'instant' | 'flag' | 'number' | 'list' | 'choice' | 'reference'
export type MappingAttribute = { name: string; required: boolean; type: AttributeType; choices: string[] }

const one = (type: AttributeType, required: boolean, choices: string[] = []) => ({ type, required, choices })
const text = one('text', false)
const needed = one('text', true)
const date = one('date', false)
const flag = one('flag', false)
const list = one('list', false)
const to = one('reference', false)

const ATTRIBUTES = {
  unit: {
    name: needed,
    unitKind: one('choice', false, [...unitKind.options]),
    tree: one('choice', false, [...unitTree.options]),
    parent: to,
    manager: to,
    kle: list,
    mapsTo: to,
    validFrom: date,
    validTo: date,
  },
  position: { name: needed, category: needed, titles: list },
  person: {
    givenName: needed,
    familyName: needed,
    realm: one('choice', false, ['staff', 'pupil']),
    cpr: text,
    birthDate: date,
    email: text,
    phone: text,
    protected: flag,
    diedOn: date,
  },
  affiliation: {
    person: one('reference', true),
    affiliationKind: one('choice', true, [...affiliationKind.options]),
    employeeNo: text,
    unit: to,
    payUnit: to,
    unitOverride: to,
    title: text,
    fraction: one('number', false),
    startsOn: date,
    endsOn: date,
    primary: flag,
    functions: list,
    leaveFrom: date,
    leaveTo: date,
    leaveKind: text,
    schoolClass: text,
    sponsor: to,
    accessEndsOn: date,
    lastWorkingDay: date,
    releasedFrom: date,
    endGoverns: one('choice', false, ['end', 'last-working-day', 'released']),
    endReason: text,
    leaveReason: text,
    agency: text,
    hourlyPaid: flag,
    payrollConfirmed: flag,
  },
  deputy: { unit: one('reference', true), deputy: one('reference', true), from: date, to: date },
  system: {
    name: needed,
    area: text,
    kle: list,
    owner: to,
    responsible: to,
    contact: to,
    unit: to,
    supplier: text,
    criticality: one('choice', false, [...criticality.options]),
    businessCritical: flag,
    hosting: one('choice', false, [...hosting.options]),
    systemKind: one('choice', false, ['it', 'equipment', 'physical']),
    status: one('choice', false, [...systemStatus.options]),
    login: one('choice', false, [...SHEET.login.choices]),
    reading: one('choice', false, [...systemReading.options]),
    changeMode: one('choice', false, [...SHEET.changeMode.choices]),
    userCount: one('choice', false, [...SHEET.userCount.choices]),
    description: text,
    purpose: text,
    contract: text,
    contractNo: text,
    contractFrom: date,
    contractTo: date,
    contractNoticeMonths: one('number', false),
    contractPrice: one('number', false),
    agreement: one('choice', false, ['yes', 'no', 'irrelevant']),
    agreementOn: date,
    flows: list,
  },
  entitlement: {
    name: needed,
    description: text,
    entitlementKind: one('choice', false, [...entitlementKind.options]),
    sensitivity: one('choice', false, [...sensitivity.options]),
    privileged: flag,
    constraints: list,
  },
  account: {
    username: needed,
    displayName: text,
    email: text,
    dn: text,
    employeeNo: text,
    person: to,
    accountKind: one('choice', false, [...accountKind.options]),
    enabled: flag,
    lastSignIn: one('instant', false),
    expiresAt: one('instant', false),
    description: text,
    primaryGroup: text,
    outOfScope: flag,
    givenName: text,
    familyName: text,
    birthDate: date,
    unit: to,
    phone: text,
    title: text,
    department: text,
    manager: text,
    cpr: text,
  },
  group: { name: needed, dn: text, description: text, members: list, sid: text },
  held: {
    system: one('reference', true),
    account: one('reference', true),
    right: needed,
    limits: list,
    lastUsed: date,
  },
} satisfies Record<string, Record<string, Omit<MappingAttribute, 'name'>>>

export type MappedKind = keyof typeof ATTRIBUTES

export const RECORD_ATTRIBUTES: { kind: MappedKind; attributes: MappingAttribute[] }[] = Object.entries(ATTRIBUTES).map(
  ([kind, attributes]) => ({
    kind: kind as MappedKind,
    attributes: Object.entries(attributes).map(([name, rest]) => ({ name, ...rest })),
  }),
)
