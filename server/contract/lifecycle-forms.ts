import { z } from 'zod'
import * as s from './shapes.ts'

/*
 * What a report says, by kind. A draft is kept however little of it is filled in, so every field may be empty here;
 * what is missing before it can be sent, the server says (`missing` in lifecycle.ts).
 */

const text = (max: number) => z.string().trim().max(max)
const day = s.civilDate.nullable().default(null)

/** What somebody is to the municipality. A secondment is an external for whom another authority pays. */
export const reportedKind = z.enum([
  'employment',
  'temp',
  'trainee',
  'secondment',
  'external',
  'elected',
  'volunteer',
  'network',
])
export type ReportedKind = z.output<typeof reportedKind>

/** A limit on a right, as it is chosen: it resolves against the new affiliation, and to nothing where it cannot. */
export const limitChoice = z.object({
  on: text(60).min(1),
  kind: z.enum(['own-unit', 'own-unit-and-below', 'kle', 'chosen']),
  values: z.array(text(200).min(1)).max(50).default([]),
})
/** A right beside those that the rules give. */
export const extraRight = z.object({
  entitlementId: s.id,
  limits: z.array(limitChoice).max(20).default([]),
  why: text(500).default(''),
})
export type ExtraRight = z.output<typeof extraRight>

/** A certificate or authorisation that somebody has seen: when and by whom, and never what stands in it. */
export const seenCheck = z.object({ seenOn: s.civilDate, seenBy: text(120).min(1) })

export const hireForm = z.object({
  kind: z.literal('hire'),
  person: z
    .object({
      /** Somebody who is known; then the names are not asked. */
      personId: s.id.nullable().default(null),
      givenName: text(100).default(''),
      familyName: text(100).default(''),
      birthDate: day,
      protected: z.boolean().default(false),
    })
    .prefault({}),
  affiliation: z
    .object({
      kind: reportedKind.default('employment'),
      unitId: s.id.nullable().default(null),
      title: text(200).default(''),
      startsOn: day,
      /** The first day on which the person is no longer there. */
      endsOn: day,
      /** A week; 37 is full time. */
      hours: z.number().min(0).max(60).nullable().default(null),
      hourlyPaid: z.boolean().default(false),
      /** Who answers for somebody that the municipality does not pay. */
      sponsorPersonId: s.id.nullable().default(null),
      /** The firm, agency or authority that somebody comes from. */
      organisation: text(200).default(''),
    })
    .prefault({}),
  rights: z.array(extraRight).max(60).default([]),
  checks: z
    .object({
      childrenCertificate: seenCheck.nullable().default(null),
      authorisation: seenCheck.nullable().default(null),
    })
    .prefault({}),
  note: text(2000).default(''),
})
export type HireForm = z.output<typeof hireForm>

/** About an affiliation that is there: whose it is, and where, is looked up. */
const affiliationId = s.id.nullable().default(null)
const person = s.id.nullable().default(null)

export const moveForm = z.object({
  kind: z.literal('move'),
  affiliationId,
  /** `change`: the affiliation itself is another. `beside`: it goes on, and a second one is held for a time (secondment, acting). */
  how: z.enum(['change', 'beside']).default('change'),
  /** Null and empty: as it is. */
  unitId: s.id.nullable().default(null),
  title: text(200).default(''),
  hours: z.number().min(0).max(60).nullable().default(null),
  from: day,
  /** The first day on which it is as before; needed where it is `beside`. */
  to: day,
  rights: z.array(extraRight).max(60).default([]),
  note: text(2000).default(''),
})
export type MoveForm = z.output<typeof moveForm>

export const reportedAbsence = z.enum(['parental', 'sick', 'other', 'suspension'])
export const rightClassName = z.enum(['basic', 'ordinary', 'sensitive', 'privileged', 'kit'])
export const absenceForm = z.object({
  kind: z.literal('absence'),
  affiliationId,
  absence: reportedAbsence.default('other'),
  from: day,
  /** The first day back. */
  to: day,
  /** For HR and the own manager only. */
  reason: text(500).default(''),
  /** Where HR lets a class of right be otherwise than the policy says, in this absence. */
  exceptions: z
    .array(z.object({ class: rightClassName, effect: z.enum(['keep', 'suspend']) }))
    .max(5)
    .default([]),
  note: text(2000).default(''),
})
export type AbsenceForm = z.output<typeof absenceForm>

/** What somebody answers for that must be another's when they have gone. */
export const handoverKind = z.enum([
  'system',
  'responsible',
  'contact',
  'task-deputy',
  'unit',
  'deputy',
  'sponsor',
  'approval',
  'finding',
  /** A right, a group among them, with an owner of its own. */
  'right',
  /** An account that is no person's, and the rule that says whose such accounts are. */
  'account',
  'account-rule',
  'rule',
  /** A right that somebody has made legitimate until a date. */
  'exception',
])
export const endForm = z.object({
  kind: z.literal('end'),
  affiliationId,
  /** The first day on which the person is no longer employed. Empty in a postponed end: it does not end after all. */
  endsOn: day,
  /** The last day of work, itself included. */
  lastWorkingDay: day,
  releasedFrom: day,
  governs: z.enum(['end', 'last-working-day', 'released']).default('end'),
  /** Rights end when it is sent, whatever the days say. */
  atOnce: z.boolean().default(false),
  death: z.boolean().default(false),
  /** For HR and the own manager only. */
  reason: text(500).default(''),
  mailbox: z
    .object({
      reply: text(1000).default(''),
      receiver: person,
      readers: z.array(s.id).max(5).default([]),
      /** The first day on which it is closed. */
      until: day,
      /** Of an employees' representative (TR, AMR): HR alone says who reads it. */
      representative: z.boolean().default(false),
    })
    .prefault({}),
  driveTo: person,
  casesTo: person,
  /** Who gets things back that no other is named for. */
  equipmentTo: person,
  returns: z
    .array(z.object({ entitlementId: s.id, toPersonId: s.id }))
    .max(60)
    .default([]),
  handovers: z
    .array(z.object({ kind: handoverKind, id: s.id, toPersonId: s.id }))
    .max(200)
    .default([]),
  note: text(2000).default(''),
})
export type EndForm = z.output<typeof endForm>

/** One entry a door: what is not here cannot be reported yet. */
export const caseForm = z.discriminatedUnion('kind', [hireForm, moveForm, absenceForm, endForm])
export type CaseForm = z.output<typeof caseForm>
export type CaseFormInput = z.input<typeof caseForm>
