import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { rightState, systemReading } from './lists.ts'
import { heldThen, whyThen } from './pages.ts'
import { boundPurpose, rightPurpose } from './purposes.ts'
import * as s from './shapes.ts'

export const personRow = z.object({
  id: s.id,
  /** null: the name is protected from the reader, the client says "Beskyttet person". */
  name: z.string().nullable(),
  protected: z.boolean(),
  kind: s.personKind,
  status: s.affiliationStatus,
  title: z.string().nullable(),
  unit: s.unitRef.nullable(),
  affiliations: z.number().int(),
  accounts: z.number().int(),
  /** Rights that should be, that are, and that differ either way (only where the system is read). */
  expected: z.number().int(),
  observed: z.number().int(),
  drift: z.number().int(),
})

export const peopleFilter = z.object({
  /** Free text over names, user names and employee numbers. Sent in the body: names stay out of URLs. */
  text: z.string().trim().max(100).optional(),
  kind: s.personKind.optional(),
  status: s.affiliationStatus.optional(),
  /** This unit and everything below it. */
  unit: s.id.optional(),
  /** Only people with differences between expected and observed. */
  drift: z.boolean().optional(),
  /** Only people who hold (should hold) something in this system. */
  system: s.id.optional(),
  /** Only people whom this rule catches. */
  rule: z.string().max(200).optional(),
  /** Only people with an affiliation that starts within so many days. */
  startsWithin: z.coerce.number().int().min(0).max(366).optional(),
  /** Only people with an affiliation that ends within so many days. */
  endsWithin: z.coerce.number().int().min(0).max(366).optional(),
  /** Only people who will have no affiliation left in so many days. */
  leavesWithin: z.coerce.number().int().min(0).max(366).optional(),
  /** Only people who should hold or hold a right to confidential, special or criminal data. */
  protectedData: z.boolean().optional(),
  /** Only people who hold something that nothing explains. */
  unexplained: z.boolean().optional(),
  /** Only people under an emergency lock, whom the reader knows details of. */
  locked: z.boolean().optional(),
  /** Only people on leave, from a job that the reader knows details of. */
  onLeave: z.boolean().optional(),
})

export const listPeople = endpoint({
  id: 'listPeople',
  method: 'POST',
  path: '/people/search',
  kind: 'search',
  permission: 'person.read',
  summary: 'People whom the reader may see, filtered and sorted',
  body: peopleFilter.extend({
    sort: z.enum(['name', 'unit', 'title', 'expected', 'drift']).default('name'),
    descending: z.boolean().default(false),
    ...s.page.shape,
  }),
  response: z.object({ rows: z.array(personRow), total: z.number().int() }),
})

export const personAffiliation = z.object({
  id: s.id,
  kind: s.affiliationKind,
  status: s.affiliationStatus,
  /** Details are for those who may see this affiliation; others get kind, unit and status only. */
  detailed: z.boolean(),
  employeeNo: z.string().nullable(),
  unit: s.unitRef.nullable(),
  /** Root first, the unit itself last. */
  unitPath: z.array(s.unitRef),
  payUnit: s.unitRef.nullable(),
  title: z.string().nullable(),
  /** Position of the catalogue; null: the title is on the worklist. */
  position: z.object({ key: z.string(), name: z.string() }).nullable(),
  fraction: z.number().nullable(),
  primary: z.boolean(),
  startsOn: s.civilDate.nullable(),
  endsOn: s.civilDate.nullable(),
  onLeave: z.boolean(),
  /** Kind of leave; only for HR and the own manager. */
  leaveKind: z.string().nullable(),
  functions: z.array(z.string()),
  schoolClass: z.string().nullable(),
  /** Days that HR decides about an end; `endsOn` above is the day on which rights end. */
  contractEndsOn: s.civilDate.nullable(),
  lastWorkingDay: s.civilDate.nullable(),
  releasedFrom: s.civilDate.nullable(),
  agency: z.string().nullable(),
  /** Null: nobody has said; false: reported, and payroll has not told of it. */
  payrollConfirmed: z.boolean().nullable(),
  /** Why it ends and why there is leave: only for HR and the own manager. */
  endReason: z.string().nullable(),
  leaveReason: z.string().nullable(),
  /** Whose word counts for which attribute, since when; who said it and why, where a person did. */
  authority: z.array(
    z.object({
      attribute: z.string(),
      source: z.string(),
      sourceName: z.string(),
      since: s.instant,
      author: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
  manager: s.personRef.nullable(),
  /** Where the manager was found: null is the own unit, otherwise the unit further up, because the post is vacant or is the person's own. */
  managerFromUnit: s.unitRef.nullable(),
  origin: s.origin.nullable(),
})

export const personAccount = z.object({
  id: s.id,
  source: z.string(),
  sourceName: z.string(),
  username: z.string(),
  kind: s.accountKind,
  situation: s.linkSituation,
  enabled: z.boolean(),
  /** Not given to managers: they see `unused90` only. */
  lastSignIn: s.instant.nullable(),
  unused90: z.boolean().nullable(),
  seenAt: s.instant.nullable(),
  groups: z.number().int(),
  /** How the account was linked: `employee-no`, `cpr`, `source` or `manual`. */
  evidence: z.string().nullable(),
})

/** One link of the chain person → unit or position → rule → role → right. */
/** A fact that made the rule match; `field` is a fact name of the rules, the value is readable (names, not keys). */
export const matchedFact = z.object({ field: z.string(), value: z.string() })
/** A right that a person decided for one affiliation: why, who, and until when (the first day it no longer holds). */
export const rightGrant = z.object({
  id: s.id,
  kind: z.enum(['report', 'grace', 'emergency', 'template']),
  reason: z.string(),
  /** null: the house itself, as for grace after a move. */
  by: z.string().nullable(),
  from: s.civilDate.nullable(),
  until: s.civilDate.nullable(),
  /** An emergency grant ends by the hour. */
  expiresAt: s.instant.nullable(),
  /** Why it gives nothing: `prohibited:<rule>`, `limits`, `not-active` or `retired`. */
  noEffect: z.string().nullable(),
})
export const because = z.object({
  kind: z.enum(['rule', 'grant']),
  affiliationId: s.id,
  /** Set where `kind` is `grant`; the fields of a rule are empty then. */
  grant: rightGrant.nullable(),
  ruleKey: z.string(),
  ruleVersion: z.number().int(),
  ruleName: z.string(),
  ruleOwner: z.string().nullable(),
  purpose: z.string().nullable(),
  validTo: s.civilDate.nullable(),
  /** The facts of the affiliation that made the rule true, readable. */
  matched: z.array(matchedFact),
  /** Roles from the one the rule names down to the one that holds the right. */
  rolePath: z.array(z.object({ key: z.string(), name: z.string() })),
})

export const observedPath = z.object({
  account: z.object({ id: s.id, username: z.string(), source: z.string() }),
  /** Group names from the account outwards; the last is the one mapped to the right. */
  groups: z.array(z.string()),
  firstSeen: s.instant,
  lastSeen: s.instant,
  /** Said by the system's own list of users, not worked out from groups. */
  listed: z.boolean(),
  /** Name of the right that is held and includes this one; null: it is held itself. */
  through: z.string().nullable(),
  /** Limits of the right as that list writes them. */
  limits: z.array(z.string()),
  /**
   * When it was last used, where a source says so: of the right itself, else of the account. Of people’s own accounts
   * only once that has been discussed with their representatives; `on` only for readers of times of use. Null: unknown.
   */
  used: z.object({ of: z.enum(['right', 'account']), on: s.civilDate.nullable(), unused90: z.boolean() }).nullable(),
})

export const personRight = z.object({
  entitlementId: s.id,
  key: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  kind: s.entitlementKind,
  sensitivity: s.sensitivity,
  privileged: z.boolean(),
  state: rightState,
  expected: z.boolean(),
  observed: z.boolean(),
  since: s.instant.nullable(),
  /** When the right ends, as far as known: the earliest of rule, affiliation. null: open. */
  until: s.civilDate.nullable(),
  /** Why it ends then: the rule's end, the affiliation's or that of what somebody decided. */
  untilBecause: z.enum(['rule', 'affiliation', 'grant']).nullable(),
  constraints: z.array(z.object({ kind: z.string(), values: z.array(z.string()) })),
  because: z.array(because),
  paths: z.array(observedPath),
  /** Of a right in the state `exception`: until when (the first day it no longer holds) and why. */
  exception: z.object({ until: s.civilDate, reason: z.string() }).nullable(),
  /**
   * What was decided where what is there does not fit what was given, an exception aside: when and, of what is accepted
   * for a while, until when (the first day it no longer is). Why, for whoever may see what does not fit.
   */
  decision: z
    .object({
      state: z.enum(['removal', 'accepted', 'explained', 'not-a-finding']),
      reason: z.string().nullable(),
      on: s.instant.nullable(),
      until: s.civilDate.nullable(),
    })
    .nullable(),
  /** Why it rests, where every assignment of it does. */
  suspended: z.enum(['absence', 'lock']).nullable(),
  /** What it is for, as the register says (`purposes` of the page has the words); empty: nobody has said so. */
  purposes: z.array(rightPurpose),
})

export const systemRights = z.object({
  system: s.systemRef.extend({
    area: z.string().nullable(),
    reading: systemReading,
    readAt: s.instant.nullable(),
    /** Its rhythm has been missed twice: what is seen may have changed since. */
    late: z.boolean(),
  }),
  rights: z.array(personRight),
})

export const withheldRight = z.object({
  entitlementId: s.id,
  name: z.string(),
  system: s.systemRef,
  affiliationId: s.id,
  by: z.enum(['rule', 'grant']),
  since: s.instant,
  /** Emergency access lets it through until then. */
  emergencyUntil: s.instant.nullable(),
  /** It may be given as emergency access at all. */
  emergency: z.boolean(),
})
export const personPage = z.object({
  person: z.object({
    id: s.id,
    name: z.string().nullable(),
    protected: z.boolean(),
    kind: s.personKind,
    status: s.affiliationStatus,
    email: z.string().nullable(),
    phone: z.string().nullable(),
    /** All rights rest since then, by an emergency lock; null also for readers who know the person only by name. */
    lockedSince: s.instant.nullable(),
    /** `ddmmyy-xxxx`; null where there is none or the reader may not see it. */
    cprMasked: z.string().nullable(),
    origins: z.record(z.string(), s.origin),
  }),
  affiliations: z.array(personAffiliation),
  accounts: z.array(personAccount),
  systems: z.array(systemRights),
  /** What the rights are for, each said once. */
  purposes: z.array(boundPurpose),
  /** Given by a rule or a person, and held back: its system is strict and nobody has said what it is for. */
  withheld: z.array(withheldRight),
  counts: z.object({
    systems: z.number().int(),
    expected: z.number().int(),
    observed: z.number().int(),
    missing: z.number().int(),
    unexplained: z.number().int(),
    notRead: z.number().int(),
    protectedData: z.number().int(),
  }),
  /** What the reader may do with this record; the client greys out the rest with the reason. */
  allowed: z.object({ revealCpr: z.boolean(), seeHistory: z.boolean(), seeLookups: z.boolean() }),
  asOf: s.civilDate,
  /** true: this is the reader's own page, nothing is logged as a lookup. */
  self: z.boolean(),
})

export const getPerson = endpoint({
  id: 'getPerson',
  path: '/people/:personId',
  permission: 'signed-in',
  summary: 'A person: affiliations, accounts, every right with its reason, expected against observed',
  params: z.object({ personId: s.id }),
  response: personPage,
  problems: ['not-found'],
})

export const getMe = endpoint({
  id: 'getMe',
  path: '/me',
  permission: 'signed-in',
  summary: 'The own page: my rights and why',
  response: personPage,
  problems: ['not-found'],
})

export const timelineEvent = z.object({
  at: s.instant,
  /** When it holds in the world, where that differs from when it was learned. */
  validFrom: s.civilDate.nullable(),
  kind: z.enum([
    'affiliation-started',
    'affiliation-changed',
    'affiliation-ended',
    'person-changed',
    'person-merged',
    'person-split',
    'account-seen',
    'account-gone',
    'right-expected',
    'right-ended',
    'right-seen',
    'right-vanished',
  ]),
  title: z.string().nullable(),
  /** Attribute changes, before and after, readable. */
  changes: z.array(z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  /** Rights of the same instant and kind are one event with a count. */
  rights: z.array(z.string()),
  count: z.number().int(),
  source: z.string().nullable(),
})

export const getPersonTimeline = endpoint({
  id: 'getPersonTimeline',
  path: '/people/:personId/timeline',
  permission: 'signed-in',
  summary: 'What happened to a person, newest first',
  params: z.object({ personId: s.id }),
  query: z.object({ ...s.page.shape }),
  response: z.object({ events: z.array(timelineEvent), total: z.number().int() }),
  problems: ['not-found'],
})

export const getPersonAsOf = endpoint({
  id: 'getPersonAsOf',
  path: '/people/:personId/as-of',
  permission: 'signed-in',
  summary: 'The person as of a date, as known at an instant',
  params: z.object({ personId: s.id }),
  query: z.object({ valid: s.civilDate, known: s.civilDate.optional() }),
  response: z.object({
    valid: s.civilDate,
    known: s.instant,
    name: z.string().nullable(),
    affiliations: z.array(
      personAffiliation.pick({
        id: true,
        kind: true,
        unit: true,
        title: true,
        fraction: true,
        startsOn: true,
        endsOn: true,
        primary: true,
      }),
    ),
    rights: z.array(
      z.object({
        entitlementId: s.id,
        systemId: s.id,
        key: z.string(),
        name: z.string(),
        system: z.string(),
        ...heldThen.shape,
        ...whyThen.shape,
      }),
    ),
  }),
  problems: ['not-found'],
})

export const missingReason = z.object({
  key: z.string(),
  name: z.string(),
  /** Decisions of people to give it, that are in force or to come, and why they give nothing. */
  grants: z.array(rightGrant),
  rules: z.array(
    z.object({
      ruleKey: z.string(),
      ruleName: z.string(),
      inverted: z.boolean(),
      reason: z.string().nullable(),
      conditions: z.array(
        z.object({
          field: z.string(),
          op: z.string(),
          wanted: z.string(),
          actual: z.string().nullable(),
          met: z.boolean(),
        }),
      ),
    }),
  ),
})

export const whyNot = endpoint({
  id: 'whyNot',
  path: '/people/:personId/why-not',
  permission: 'signed-in',
  summary: 'Why the person should not hold a right: every rule that could give it, condition by condition',
  params: z.object({ personId: s.id }),
  query: z.object({ entitlement: z.string().max(300) }),
  response: missingReason,
  problems: ['not-found'],
})

export const revealCpr = endpoint({
  id: 'revealCpr',
  method: 'POST',
  path: '/people/:personId/cpr',
  permission: 'person.reveal-cpr',
  summary: 'Show the CPR number; the reason is logged and visible to the person',
  params: z.object({ personId: s.id }),
  body: z.object({ reason: z.string().trim().min(5).max(500) }),
  response: z.object({ cpr: z.string() }),
  problems: ['not-found', 'reason-needed'],
})

export const lookup = z.object({
  at: s.instant,
  what: z.string(),
  byFunction: z.string(),
  /** Where whoever looked works. */
  unit: z.string().nullable(),
  reason: z.string().nullable(),
})
export const getLookups = endpoint({
  id: 'getLookups',
  path: '/me/log',
  permission: 'signed-in',
  summary: 'Who looked me up: what and when, by whose function, from which unit',
  query: z.object({ ...s.page.shape }),
  response: z.object({ lookups: z.array(lookup), total: z.number().int() }),
})
