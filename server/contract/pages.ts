import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { findingCode, rightState, systemGap } from './lists.ts'
import * as s from './shapes.ts'

/*
 * The pages of a system, a unit and a right, and of two people, on another day; and what is different between two days.
 * Both axes: `asOf` is the day in the world, `known` the day on which it was known (the end of it; without: now).
 */

const moment = { asOf: s.civilDate, known: s.civilDate.optional() }
/** What the municipality calls a source; null: it is not declared any more. */
const sourceName = z.object({ da: z.string(), en: z.string() }).nullable()
const ref = z.object({ id: s.id, key: z.string(), name: z.string() })
const ruleRef = z.object({ key: z.string(), name: z.string() })

/**
 * What was stored of a right at a moment: which systems were read then is not kept, so there is no state. `rests`: given,
 * and not to be held because of an absence or an emergency lock, so not expected.
 */
export const heldThen = z.object({ expected: z.boolean(), observed: z.boolean(), rests: z.boolean() })

/**
 * Where a right came from on another day, what it was for and when it was to end, as it was recorded. Of that day is kept
 * which rule or decision gave it and by which roles; its end follows from those of the rule, the decision and the job. By
 * which groups it was seen, and whether the system was read, is not kept.
 */
export const whyThen = z.object({
  because: z.array(
    z.object({
      kind: z.enum(['rule', 'grant']),
      affiliationId: s.id,
      /** Of the version that gave it; of a decision: which kind it was. */
      rule: ruleRef.nullable(),
      grant: z
        .object({
          kind: z.enum(['report', 'grace', 'emergency', 'template']),
          reason: z.string(),
          /** null: the house itself, or a name that is protected. */
          by: z.string().nullable(),
        })
        .nullable(),
      /** Names of the roles, from the one that the rule names down to the one that holds the right. */
      roles: z.array(z.string()),
      since: s.instant.nullable(),
    }),
  ),
  purposes: z.array(z.object({ purpose: z.string(), activity: z.string() })),
  /** The first day without it, as far as that was known; null: none was. */
  until: s.civilDate.nullable(),
  /** When it was first seen, of a right that was seen. */
  seenSince: s.instant.nullable(),
})

export const getRightPeers = endpoint({
  id: 'getRightPeers',
  path: '/entitlements/:entitlementId/peers',
  permission: 'system.holders',
  summary: 'Unit by unit, how many of those who work there have a right, and how many should',
  params: z.object({ entitlementId: s.id }),
  response: z.object({
    /** Units where somebody has it or should; the first 200 are listed. */
    total: z.number().int(),
    rows: z.array(
      z.object({ unit: s.unitRef, held: z.number().int(), expected: z.number().int(), of: z.number().int() }),
    ),
  }),
  problems: ['not-found'],
})

export const getSystemAsOf = endpoint({
  id: 'getSystemAsOf',
  path: '/systems/:systemId/as-of',
  permission: 'history.read',
  summary: 'Who should hold and who held a right in the system on a day, as known on a day',
  params: z.object({ systemId: s.id }),
  query: z.object({ ...moment, entitlement: s.id.optional(), ...s.page.shape }),
  response: z.object({
    asOf: s.civilDate,
    known: s.instant,
    rights: z.array(ref.extend({ expected: z.number().int(), observed: z.number().int() })),
    rows: z.array(
      heldThen.extend({
        person: s.personRef.nullable(),
        /** Set when the account is nobody's. */
        account: z.object({ id: s.id, username: z.string() }).nullable(),
        unit: s.unitRef.nullable(),
        title: z.string().nullable(),
        entitlement: ref,
        /** The rule that it followed from then. */
        rule: ruleRef.nullable(),
        since: s.instant.nullable(),
      }),
    ),
    total: z.number().int(),
  }),
  problems: ['not-found'],
})

export const getUnitAsOf = endpoint({
  id: 'getUnitAsOf',
  path: '/org/:unitId/as-of',
  permission: 'history.read',
  summary: 'A unit on a day, as known on a day: its place, the people in it and what they held by system',
  params: z.object({ unitId: s.id }),
  query: z.object({ ...moment, ...s.page.shape }),
  response: z.object({
    asOf: s.civilDate,
    known: s.instant,
    /** Null: it was not there on that day. Names are those of that day, root first. */
    unit: z.object({ name: z.string(), path: z.array(s.unitRef) }).nullable(),
    people: z.array(
      z.object({
        person: s.personRef,
        affiliationId: s.id,
        kind: s.affiliationKind,
        title: z.string().nullable(),
        startsOn: s.civilDate.nullable(),
        endsOn: s.civilDate.nullable(),
        expected: z.number().int(),
        observed: z.number().int(),
      }),
    ),
    totalPeople: z.number().int(),
    systems: z.array(s.systemRef.extend({ expected: z.number().int(), observed: z.number().int() })),
  }),
  problems: ['not-found'],
})

/** Why a right is another on the second day than on the first; the first of these that is true. */
export const changeCause = z.enum([
  /** on one of the days nothing had been read yet: what was there then is not known */ 'first-read',
  /** no affiliation on the first day, one on the second */ 'joined',
  /** the other way round */ 'left',
  /** in another unit */ 'moved',
  /** another title, position or kind of affiliation in the same unit */ 'other-work',
  /** an absence or an emergency lock that has begun or ended */ 'rest',
  /** the same work: a rule, or something else that it asks for, has changed */ 'rule',
  /** what should be is the same; only what was seen has changed */ 'seen',
  /** an account that is nobody's */ 'nobody',
])
export const heldChange = z.object({
  person: s.personRef.nullable(),
  account: z.object({ id: s.id, username: z.string() }).nullable(),
  entitlement: ref,
  system: s.systemRef,
  before: heldThen,
  after: heldThen,
  cause: changeCause,
  /** The rule that gives it on the second day or, where none does, gave it on the first. */
  rule: ruleRef.nullable(),
  /** Where the person worked on each day; names of that day. */
  unitBefore: s.unitRef.nullable(),
  unitAfter: s.unitRef.nullable(),
})
const changes = z.object({
  from: s.civilDate,
  to: s.civilDate,
  known: s.instant,
  rows: z.array(heldChange),
  total: z.number().int(),
  /** Of all of them, not only of this page. `gained`: neither given nor seen on the first day. */
  counts: z.object({ gained: z.number().int(), lost: z.number().int(), other: z.number().int() }),
})
const between = { from: s.civilDate, to: s.civilDate, known: s.civilDate.optional(), ...s.page.shape }

export const getPersonChanges = endpoint({
  id: 'getPersonChanges',
  path: '/people/:personId/changes',
  permission: 'signed-in',
  summary: 'What a person had on one of two days and not on the other, and why',
  params: z.object({ personId: s.id }),
  query: z.object(between),
  response: changes,
  problems: ['not-found'],
})
export const getSystemChanges = endpoint({
  id: 'getSystemChanges',
  path: '/systems/:systemId/changes',
  permission: 'history.read',
  summary: 'Who held what in a system on one of two days and not on the other, and why',
  params: z.object({ systemId: s.id }),
  query: z.object({ ...between, entitlement: s.id.optional() }),
  response: changes,
  problems: ['not-found'],
})
export const getUnitChanges = endpoint({
  id: 'getUnitChanges',
  path: '/org/:unitId/changes',
  permission: 'history.read',
  summary: 'What the people of a unit (on either day) held on one of two days and not on the other, and why',
  params: z.object({ unitId: s.id }),
  query: z.object(between),
  response: changes,
  problems: ['not-found'],
})

/** One person of two: what is true of them beside what they hold. */
const compared = z.object({
  person: s.personRef,
  facts: z.array(
    z.object({
      unit: s.unitRef.nullable(),
      title: z.string().nullable(),
      position: z.string().nullable(),
      kind: s.affiliationKind,
      /** Share of full time, 0 to 1. */
      fraction: z.number().nullable(),
    }),
  ),
})
/** What one of two has of a right. `state` is null on a past day. */
const side = heldThen.extend({
  state: rightState.nullable(),
  rules: z.array(ruleRef),
  since: s.instant.nullable(),
})
export const comparePeople = endpoint({
  id: 'comparePeople',
  path: '/people-compared',
  permission: 'person.read',
  summary: 'Two people side by side: what only one of them has first, and why each has it',
  query: z.object({ a: s.id, b: s.id, asOf: s.civilDate.optional(), known: s.civilDate.optional() }),
  response: z.object({
    asOf: s.civilDate,
    past: z.boolean(),
    a: compared,
    b: compared,
    /** May the reader ask for another day of both? */
    history: z.boolean(),
    rows: z.array(
      z.object({
        entitlement: ref.extend({ sensitivity: s.sensitivity, privileged: z.boolean() }),
        system: s.systemRef,
        a: side.nullable(),
        b: side.nullable(),
      }),
    ),
  }),
  problems: ['not-found'],
})
export const getColleagues = endpoint({
  id: 'getColleagues',
  path: '/people/:personId/colleagues',
  permission: 'person.read',
  summary: 'Whom it makes sense to compare somebody with: those of the same unit, the same position first',
  params: z.object({ personId: s.id }),
  response: z.object({
    rows: z.array(z.object({ person: s.personRef, title: z.string().nullable(), samePosition: z.boolean() })),
  }),
  problems: ['not-found'],
})

export const getUnitSiblings = endpoint({
  id: 'getUnitSiblings',
  path: '/org/:unitId/siblings',
  permission: 'unit.read',
  summary:
    'What people of a unit (and below it) have that those of its sibling units have not, and the other way round',
  params: z.object({ unitId: s.id }),
  response: z.object({
    /** Active people whom the reader may see. */
    here: z.number().int(),
    there: z.number().int(),
    siblings: z.array(s.unitRef.extend({ people: z.number().int() })),
    /** Widest difference of shares first; what is the same in both is left out. */
    rows: z.array(
      z.object({
        entitlement: ref.extend({ sensitivity: s.sensitivity }),
        system: s.systemRef,
        /** People who should hold or hold it, here and in the siblings together. */
        here: z.number().int(),
        there: z.number().int(),
        /** Siblings in which anybody has it. */
        siblings: z.number().int(),
        /** The rule that gives it to most people: here, or, where it gives it to nobody here, in the siblings. */
        rule: ruleRef.nullable(),
        /** People here who hold it although nothing says that they should. */
        unexplained: z.number().int(),
      }),
    ),
    /** The same by system, all systems in which anybody here has anything. */
    systems: z.array(s.systemRef.extend({ here: z.number().int(), there: z.number().int() })),
  }),
  problems: ['not-found'],
})

export const getHoldersOverTime = endpoint({
  id: 'getHoldersOverTime',
  path: '/systems/:systemId/over-time',
  permission: 'system.holders',
  summary: 'How many people should hold and held something in a system (or one right of it), week by week; no names',
  params: z.object({ systemId: s.id }),
  query: z.object({ entitlement: s.id.optional(), weeks: z.coerce.number().int().min(4).max(260).default(104) }),
  response: z.object({
    weeks: z.array(z.object({ on: s.civilDate, expected: z.number().int(), observed: z.number().int() })),
  }),
  problems: ['not-found'],
})

export const getSystemParts = endpoint({
  id: 'getSystemParts',
  path: '/systems/:systemId/parts',
  permission: 'system.holders',
  summary:
    'What gives rights in a system, accounts in it that are nobody’s, what deviates, and what its owner should see to',
  params: z.object({ systemId: s.id }),
  query: z.object({ entitlement: s.id.optional() }),
  response: z.object({
    groups: z.array(
      z.object({
        id: s.id,
        name: z.string(),
        source: z.string(),
        sourceName,
        pattern: z.string(),
        members: z.number().int(),
        entitlement: ref,
      }),
    ),
    nobodys: z.array(
      z.object({
        id: s.id,
        username: z.string(),
        source: z.string(),
        sourceName,
        kind: s.accountKind,
        rights: z.array(z.string()),
      }),
    ),
    /** Of the system: what it lacks or what is due with it, as its filter in the list of systems has it. Of a right nothing. */
    lacks: z.array(systemGap),
    /** As the list of findings has them with kinds that are only counted. */
    findings: z.array(z.object({ code: findingCode, open: z.number().int() })),
    rules: z.array(ruleRef.extend({ people: z.number().int() })),
    /** Limits of a right that are in use, with how many assignments each. */
    limits: z.array(
      z.object({ kind: z.string(), /** A unit by its name. */ value: z.string(), count: z.number().int() }),
    ),
  }),
  problems: ['not-found'],
})
