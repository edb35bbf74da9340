import { z } from 'zod'
import { affiliationKind, unitKind, unitTree } from '#contract/shapes.ts'
import type { Json, NormalAttrs, Parsed } from '../platform/feed-record.ts'
import { parseCpr } from './cpr.ts'

/** Sources send text; empty text is no value. Numbers and flags may come typed. */
const emptyIsNone = (value: unknown) =>
  typeof value === 'string' && value.trim() === '' ? undefined : (value ?? undefined)
const optional = <T extends z.ZodType>(type: T) => z.preprocess(emptyIsNone, type.optional())
const required = <T extends z.ZodType>(type: T) => z.preprocess(emptyIsNone, type)

const text = z.union([z.string(), z.number().transform(String)]).pipe(z.string().trim().max(1000))
/** A far year is how older systems write "no end"; the house has an open end instead. */
const date = z.preprocess(value => {
  const cut = typeof value === 'string' ? value.trim().slice(0, 10) : value
  return typeof cut === 'string' && cut >= '9000' && /^9\d{3}-/.test(cut) ? undefined : cut
}, z.iso.date().optional())
const flag = z.union([
  z.boolean(),
  z
    .string()
    .trim()
    .toLowerCase()
    .transform((value, context) => {
      if (['true', '1', 'ja', 'j', 'yes', 'y', 'x'].includes(value)) return true
      if (['false', '0', 'nej', 'n', 'no'].includes(value)) return false
      context.addIssue({ code: 'custom', message: 'expected yes or no' })
      return z.NEVER
    }),
])
const list = z
  .union([z.array(z.string()), z.string().transform(value => value.split(/[|,]/))])
  .transform(values => [...new Set(values.map(value => value.trim()).filter(Boolean))].sort())
/** 0 to 1.5 of full time; "0,8" and 80 (per cent) are read as 0.8. */
const fraction = z.preprocess(
  value => (typeof value === 'string' ? Number(value.trim().replace(',', '.').replace(/%$/, '')) : value),
  z
    .number()
    .min(0)
    .max(150)
    .transform(value => Math.round((value > 1.5 ? value / 100 : value) * 10_000) / 10_000),
)

const unit = z.object({
  name: required(text),
  unitKind: optional(z.string().trim().pipe(unitKind)),
  tree: z.preprocess(value => emptyIsNone(value) ?? 'admin', unitTree),
  parent: optional(text),
  manager: optional(text),
  kle: optional(list),
  mapsTo: optional(text),
  validFrom: optional(date),
  validTo: optional(date),
})
const position = z.object({ name: required(text), category: required(text), titles: optional(list) })
const person = z.object({
  givenName: required(text),
  familyName: required(text),
  /** `pupil` for people who come as pupils: their identity is never one with an employee's, not even on equal CPR. */
  realm: optional(z.enum(['staff', 'pupil'])),
  /** As read; `sealCprAttr` replaces it with hash and sealed value before the record is stored anywhere. */
  cpr: optional(
    text.transform((value, context) => {
      const digits = parseCpr(value)
      if (digits) return digits
      context.addIssue({ code: 'custom', message: 'not a CPR number' })
      return z.NEVER
    }),
  ),
  cprHash: optional(z.string().regex(/^[0-9a-f]{64}$/)),
  cprSealed: optional(z.string()),
  birthDate: optional(date),
  email: optional(text),
  phone: optional(text),
  protected: optional(flag),
  /** All of a person's rights end on this day, whatever is said about the affiliations. */
  diedOn: optional(date),
})
const affiliation = z.object({
  person: required(text),
  affiliationKind: required(affiliationKind),
  employeeNo: optional(text),
  unit: optional(text),
  payUnit: optional(text),
  unitOverride: optional(text),
  title: optional(text),
  fraction: optional(fraction),
  startsOn: optional(date),
  endsOn: optional(date),
  primary: optional(flag),
  functions: optional(list),
  leaveFrom: optional(date),
  leaveTo: optional(date),
  leaveKind: optional(text),
  schoolClass: optional(text),
  sponsor: optional(text),
  /** The day from which rights end, whatever `endsOn` says: HR's governing last day. */
  accessEndsOn: optional(date),
  lastWorkingDay: optional(date),
  releasedFrom: optional(date),
  endGoverns: optional(z.enum(['end', 'last-working-day', 'released'])),
  /** Why it ends, and why there is leave: for HR and the own manager only (`RESTRICTED`). */
  endReason: optional(text),
  leaveReason: optional(text),
  agency: optional(text),
  hourlyPaid: optional(flag),
  payrollConfirmed: optional(flag),
})
const deputy = z.object({ unit: required(text), deputy: required(text), from: optional(date), to: optional(date) })

export const recordSchemas = { unit, position, person, affiliation, deputy }
export type PeopleRecordKind = keyof typeof recordSchemas

const ranges: Partial<Record<PeopleRecordKind, [string, string][]>> = {
  unit: [['validFrom', 'validTo']],
  affiliation: [
    ['startsOn', 'endsOn'],
    ['leaveFrom', 'leaveTo'],
  ],
  deputy: [['from', 'to']],
}

/**
 * Attributes of one record as the people room takes them. Rejects with a reason code: `attribute-missing`,
 * `attribute-invalid`, `cpr-invalid`, `ends-before-start`; `params.attribute` says where.
 */
export function readRecord(kind: PeopleRecordKind, attrs: NormalAttrs): Parsed {
  if (kind === 'person' && attrs.cprInvalid === true)
    return { ok: false, reason: 'cpr-invalid', params: { attribute: 'cpr' } }
  const result = recordSchemas[kind].safeParse(attrs)
  if (!result.success) {
    const issue = result.error.issues[0]
    const attribute = String(issue?.path[0] ?? '')
    const given = emptyIsNone(attrs[attribute])
    if (attribute === 'cpr') return { ok: false, reason: 'cpr-invalid', params: { attribute } }
    if (given === undefined) return { ok: false, reason: 'attribute-missing', params: { attribute } }
    return { ok: false, reason: 'attribute-invalid', params: { attribute, problem: issue?.message ?? '' } }
  }
  const read: NormalAttrs = {}
  for (const [key, value] of Object.entries(result.data)) if (value !== undefined) read[key] = value as Json
  for (const [from, to] of ranges[kind] ?? []) {
    const start = read[from]
    const end = read[to]
    if (typeof start === 'string' && typeof end === 'string' && end < start)
      return { ok: false, reason: 'ends-before-start', params: { attribute: to } }
  }
  return { ok: true, attrs: read }
}
