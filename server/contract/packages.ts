import { z } from 'zod'
import { documentLanguage, madeFile } from './documents.ts'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/*
 * What an inspection asks for, in one file: records, systems, users and rights, leavers and controls of an area on a day.
 */

export const packageScope = z.object({
  /** This unit and everything below it as it was on that day; null: the whole municipality. */
  unit: s.id.nullable().default(null),
  /** Empty: the systems of the records. */
  systems: z.array(s.id).max(100).default([]),
  day: s.civilDate,
  /** `then`: as was known when the day was over; `now`: with what has been put right since. */
  known: z.enum(['then', 'now']).default('then'),
  /** Whoever left from this day to `day`. */
  leaversFrom: s.civilDate,
  /** Without it people stand under a number that means nothing outside of the package. */
  names: z.boolean().default(false),
  language: documentLanguage.default('da'),
})
export type PackageScope = z.output<typeof packageScope>

/** The items of an inspection that Hjemmel has, and those that it may have dated records of. */
export const packageItem = z.enum(['records', 'systems', 'rights', 'leavers', 'controls', 'dated-records'])
export type PackageItem = z.output<typeof packageItem>
/** What an inspection asks for that is kept elsewhere, and where nothing is claimed. */
export const NOT_KEPT = [
  'procedures',
  'log-samples',
  'breaches',
  'dpia',
  'processors',
  'risk',
  'requests',
  'awareness',
  'dpo',
  'contingency',
  'questionnaire',
] as const
export const notKept = z.enum(NOT_KEPT)
export type NotKept = z.output<typeof notKept>

export const packageFile = z.object({ name: z.string(), bytes: z.number().int(), sha256: z.string() })
export type PackageFile = z.output<typeof packageFile>
export const packageState = z.enum(['waiting', 'making', 'made', 'failed', 'expired'])
export type PackageState = z.output<typeof packageState>

const named = packageScope.extend({ unit: s.unitRef.nullable(), systems: z.array(s.systemRef) })
export const packageRow = z.object({
  id: s.id,
  state: packageState,
  scope: named,
  reason: z.string(),
  askedAt: s.instant,
  by: z.string().nullable(),
  bytes: z.number().int().nullable(),
  sha256: z.string().nullable(),
  expiresOn: s.civilDate,
})
export type PackageRow = z.output<typeof packageRow>

export const listPackages = endpoint({
  id: 'listPackages',
  path: '/packages',
  permission: 'package.make',
  summary: 'Inspection packages that were made, the newest first',
  query: s.page,
  response: z.object({ rows: z.array(packageRow), total: z.number().int(), today: s.civilDate }),
})

export const previewPackage = endpoint({
  id: 'previewPackage',
  method: 'POST',
  kind: 'search',
  path: '/packages/preview',
  permission: 'package.make',
  summary: 'What a package would hold, and what is left out and why',
  body: packageScope,
  response: z.object({
    items: z.array(z.object({ item: packageItem, rows: z.number().int() })),
    systems: z.array(s.systemRef),
    /** Systems of the package that nothing is read from. */
    unread: z.number().int(),
    people: z.number().int(),
    /** Whose names are in no file. */
    protectedPeople: z.number().int(),
    /** Rights in these systems of whoever works elsewhere. */
    elsewhere: z.number().int(),
    /** Before the first reading nothing is known of rights. */
    firstReading: s.civilDate.nullable(),
    notKept: z.array(notKept),
  }),
  problems: ['not-found', 'data-invalid'],
})

export const makePackage = endpoint({
  id: 'makePackage',
  method: 'POST',
  path: '/packages',
  permission: 'package.make',
  summary: 'Make an inspection package; it is made by a job and can be fetched for 90 days',
  body: packageScope.extend({ reason: z.string().trim().min(5).max(500) }),
  response: z.object({ packageId: s.id }),
  problems: ['not-found', 'data-invalid'],
})

export const getPackage = endpoint({
  id: 'getPackage',
  path: '/packages/:packageId',
  permission: 'package.make',
  summary: 'One package: how far it is, and the hash of each file in it',
  params: z.object({ packageId: s.id }),
  response: packageRow.extend({
    known: s.instant,
    madeAt: s.instant.nullable(),
    /** It is fetched in so many parts. */
    parts: z.number().int().nullable(),
    fileName: z.string(),
    files: z.array(packageFile),
  }),
  problems: ['not-found'],
})
export type PackageDetail = z.output<(typeof getPackage)['response']>

export const getPackagePart = endpoint({
  id: 'getPackagePart',
  path: '/packages/:packageId/parts/:part',
  permission: 'package.make',
  summary: 'A part of the file, in base64; each is logged. Who may not know of pupils has the own packages only',
  params: z.object({ packageId: s.id, part: z.coerce.number().int().min(0).max(1_000_000) }),
  response: z.object({ content: z.string() }),
  problems: ['not-found'],
})

export const exportSystemRights = endpoint({
  id: 'exportSystemRights',
  method: 'POST',
  path: '/systems/:systemId/rights-file',
  permission: 'history.read',
  summary: 'Users and rights in a system on a day, with grant and purpose, as a workbook',
  params: z.object({ systemId: s.id }),
  body: z.object({
    day: s.civilDate,
    known: packageScope.shape.known,
    names: z.boolean().default(true),
    language: documentLanguage.default('da'),
  }),
  response: madeFile,
  problems: ['not-found', 'data-invalid'],
})

export const exportSystemsData = endpoint({
  id: 'exportSystemsData',
  path: '/register/systems-file',
  permission: 'activity.read',
  summary: 'Systems with the personal data in them, about whom, and when they are erased, as a workbook',
  query: z.object({
    /** Of records that this unit, or one below it, is responsible for. */
    unit: s.id.optional(),
    asOf: s.civilDate.optional(),
    language: documentLanguage.default('da'),
  }),
  response: madeFile,
  problems: ['not-found'],
})
