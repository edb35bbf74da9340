import { z } from 'zod'
import { affiliationKind, civilDate, instant } from './shapes.ts'

/**
 * What a personnel or payroll program tells of, as CloudEvents 1.0 (structured JSON). `subject` is the program's own key
 * of the affiliation; `effectiveDate` the first day on which it holds. Dates are civil dates in Copenhagen, and a range
 * ends before the day it names: whoever works up to and including 31 May has ended on 1 June.
 */
const effectiveDate = civilDate.describe('The first day on which it holds.')
const text = z.string().trim().min(1).max(200)
const key = z.string().trim().min(1).max(200)
const cpr = z
  .string()
  .regex(/^\d{6}-?\d{4}$/, 'must be ten digits, with or without a hyphen')
  .describe('CPR number. Sealed when it is received, and never shown.')

const place = {
  unit: key.optional().describe("The unit's number in the administrative organisation."),
  payUnit: key.optional().describe("The unit's number in payroll, where that is another."),
  title: text.optional(),
  fraction: z.number().min(0).max(1.5).optional().describe('Part of full time; 1 is full time.'),
}
const terms = {
  employeeNo: key.optional(),
  functions: z.array(text).max(50).optional(),
  primary: z.boolean().optional(),
  hourlyPaid: z.boolean().optional(),
}
const person = z.strictObject({
  key: key.describe("The program's own key of the person: the same in all of that person's affiliations."),
  givenName: text,
  familyName: text,
  birthDate: civilDate.optional(),
  cpr: cpr.optional(),
  email: z.email().optional(),
  phone: text.optional(),
  protected: z.boolean().optional().describe('Name and address are protected.'),
})

const hired = z.strictObject({
  effectiveDate,
  person,
  affiliationKind: affiliationKind.exclude(['pupil']),
  ...place,
  ...terms,
  endsOn: civilDate.optional().describe('The first day after a limited employment.'),
  agency: text.optional(),
})
const changed = z.strictObject({
  effectiveDate,
  ...place,
  ...terms,
  endsOn: civilDate.nullable().optional().describe('The first day after a limited employment; null: no end any more.'),
})
const transferred = z.strictObject({ effectiveDate, ...place, unit: key })
const leaveStarted = z.strictObject({
  effectiveDate,
  endsOn: civilDate.optional().describe('The first day back, where it is known.'),
  leaveKind: text,
  reason: text.optional().describe('Seen by HR and the own manager only.'),
})
const leaveEnded = z.strictObject({
  effectiveDate: civilDate.describe('The first day back.'),
  plannedEnd: civilDate
    .optional()
    .describe('The end that was planned, where another leave that is known already comes after it.'),
})
const ended = z.strictObject({
  effectiveDate: civilDate.describe('The first day after the employment.'),
  lastWorkingDay: civilDate.optional(),
  releasedFrom: civilDate.optional().describe('Released from work from this day on.'),
  governs: z
    .enum(['end', 'last-working-day', 'released'])
    .optional()
    .describe('Which of the days ends rights; the end of the employment unless said.'),
  reason: text.optional().describe('Seen by HR and the own manager only.'),
})
const nameChanged = z.strictObject({ effectiveDate, givenName: text, familyName: text })
const personNumberChanged = z.strictObject({ effectiveDate, cpr })
const managerChanged = z.strictObject({
  effectiveDate,
  unit: key.describe('The unit whose manager the affiliation in `subject` is from that day.'),
})
const died = z.strictObject({ effectiveDate: civilDate.describe('The day from which all rights of the person end.') })

const PREFIX = 'dk.hjemmel.hr.'
const SIMPLE = {
  hired,
  changed,
  transferred,
  'leave-started': leaveStarted,
  'leave-ended': leaveEnded,
  ended,
  'name-changed': nameChanged,
  'person-number-changed': personNumberChanged,
  'manager-changed': managerChanged,
  died,
} as const
export type SimpleName = keyof typeof SIMPLE
const simpleNames = Object.keys(SIMPLE) as [SimpleName, ...SimpleName[]]

const refers = z
  .strictObject({ source: key, id: key })
  .describe('The event that is meant, of the same affiliation. It may still be on its way.')
const cancelled = z.strictObject({ effectiveDate: civilDate.optional(), event: refers })
/** One shape per type: what is corrected is told whole. */
const corrected = z.discriminatedUnion(
  'type',
  simpleNames.map(name =>
    z.strictObject({
      effectiveDate: civilDate.optional(),
      event: refers,
      type: z.literal(`${PREFIX}${name}.v1`),
      data: SIMPLE[name] as z.ZodType,
    }),
  ) as never,
)

export type EventName = SimpleName | 'cancelled' | 'corrected'
export const EVENT_DATA: Record<EventName, z.ZodType> = { ...SIMPLE, cancelled, corrected }
export const EVENT_NAMES = Object.keys(EVENT_DATA) as EventName[]
export const typeOf = (name: EventName) => `${PREFIX}${name}.v1`
/** The name of a type that is known; null: kept and shown, nothing follows from it. */
export function nameOfType(type: string): EventName | null {
  return EVENT_NAMES.find(name => typeOf(name) === type) ?? null
}

export type EventData = {
  [Name in SimpleName]: z.output<(typeof SIMPLE)[Name]>
}

export const cloudEvent = z.looseObject({
  specversion: z.literal('1.0'),
  id: key,
  source: key,
  type: key,
  subject: key.describe("The program's own key of the affiliation."),
  time: instant.describe(
    'When it was said. Of two statements about one thing the later one counts, in whatever order they come.',
  ),
  datacontenttype: z.literal('application/json').optional(),
  dataschema: z.string().max(500).optional(),
  sequence: z
    .union([z.number().int().nonnegative(), z.string().regex(/^\d{1,15}$/, 'must be digits')])
    .optional()
    .describe('A number that rises by one with each event of a source: a gap is noticed.'),
  data: z.record(z.string(), z.unknown()),
})
export type CloudEvent = z.output<typeof cloudEvent>

/** The JSON Schema of one type of event, whole: envelope and data. */
export function eventSchema(name: EventName): Record<string, unknown> {
  const whole = z.object({ ...cloudEvent.shape, type: z.literal(typeOf(name)), data: EVENT_DATA[name] })
  return z.toJSONSchema(whole, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
}
