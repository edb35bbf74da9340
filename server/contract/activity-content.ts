import { z } from 'zod'
import * as s from './shapes.ts'

/*
 * What a record of processing activities says: Art. 30(1) for a controller, Art. 30(2) for a processor, with the coupling
 * that Datatilsynet asks for since 2020 (which data about whom go to whom, and when they are erased). Codes are terms of
 * the vocabularies, which a municipality may extend; a code is text here and is checked against them by the server.
 */

const code = z.string().trim().min(1).max(60)
const words = (max: number) => z.string().trim().min(1).max(max)
const optional = (max: number) => z.string().trim().max(max).nullable().default(null)

/** How many have access, as the forms that municipalities know ask for it. */
export const accessBand = z.enum(['1-10', '10-100', '100-1000', 'over-1000'])

/** Somebody outside or inside who is named with a way to reach them. */
export const partyContact = z.object({ name: words(300), contact: optional(500) })

/** The very provision: a law, its section, and when somebody last looked that it says so. */
export const provision = z.object({
  law: words(300),
  /** For instance `§ 138, stk. 1`. Null: not looked up yet. */
  section: optional(120),
  link: z
    .url({ protocol: /^https$/ })
    .max(500)
    .nullable()
    .default(null),
  checkedOn: s.civilDate.nullable().default(null),
})

/** One purpose has one basis (Art. 6), and what more the law asks for what it uses. */
export const activityPurpose = z.object({
  /** Stable within the activity, for bindings to point to. */
  key: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  name: words(200),
  description: optional(2000),
  /** What kind of purpose it is, for whoever reads the record elsewhere; a term. Records written before it have none. */
  broader: code.nullable().default(null),
  art6: code.nullable().default(null),
  /** Conditions of Art. 9(2), where special categories are used. */
  art9: z.array(code).max(10).default([]),
  /** Provisions of databeskyttelsesloven and Art. 10, as terms. */
  national: z.array(code).max(12).default([]),
  provisions: z.array(provision).max(20).default([]),
})

/** When data are erased: counted from an event, for a period, because of something. */
export const retentionRule = z.object({
  key: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  /** For instance *sagen er afsluttet*. */
  startEvent: words(200),
  /** ISO 8601 duration in years, months, weeks or days; null where no period can be set. */
  period: z
    .string()
    .regex(/^P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$/)
    .nullable()
    .default(null),
  basis: optional(500),
  /** Duty to hand over to an archive before anything is erased (arkivloven). */
  archive: z.enum(['keep', 'discard', 'unknown']).default('unknown'),
  note: optional(500),
})

export type RetentionRule = z.output<typeof retentionRule>

/** The core of the record. `recipient` null: the data stay with the controller. `erasure`: key of a retention rule. */
export const activityRow = z.object({
  subject: code,
  data: code,
  recipient: code.nullable().default(null),
  erasure: z.string().max(40).nullable().default(null),
  /** Where the data come from, in words. */
  source: optional(300),
})

export const transfer = z.object({
  recipient: words(300),
  /** ISO 3166-1 alpha-2, or an international organisation in words. */
  country: words(100),
  ground: code.nullable().default(null),
  document: optional(500),
  from: s.civilDate.nullable().default(null),
  to: s.civilDate.nullable().default(null),
})

export const activitySystem = z.object({ systemId: s.id, use: optional(500) })

/** For whom a processor works, and what it does for them: Art. 30(2)(a) and (b). */
export const processingFor = z.object({
  controller: partyContact,
  representative: partyContact.nullable().default(null),
  dpo: partyContact.nullable().default(null),
  categories: z.array(words(300)).min(1).max(30),
})

const shared = {
  name: words(200),
  nameEn: optional(200),
  area: words(100),
  description: optional(4000),
  /** The affiliation that answers for the record. */
  owner: s.id.nullable().default(null),
  units: z.array(s.id).max(200).default([]),
  /** KLE main groups, groups or subjects: `29`, `29.18`, `29.18.00`. */
  kle: z
    .array(z.string().regex(/^\d{2}(\.\d{2}){0,2}$/))
    .max(60)
    .default([]),
  systems: z.array(activitySystem).max(300).default([]),
  transfers: z.array(transfer).max(50).default([]),
  /** Terms of security measures. */
  measures: z.array(code).max(80).default([]),
  measuresNote: optional(2000),
  /** Null: as the municipality says for all its records. */
  dpo: partyContact.nullable().default(null),
  representative: partyContact.nullable().default(null),
  /** Half a year is 6. */
  reviewMonths: z.number().int().min(1).max(60).default(12),
}

export const controllerContent = z.object({
  kind: z.literal('controller'),
  ...shared,
  purposes: z.array(activityPurpose).max(30).default([]),
  rows: z.array(activityRow).max(2000).default([]),
  retention: z.array(retentionRule).max(60).default([]),
  jointControllers: z
    .array(partyContact.extend({ arrangement: optional(500) }))
    .max(20)
    .default([]),
  /** How many employees are believed to have access; null or not there: not said. Held against what is counted. */
  peopleWithAccess: accessBand.nullable().optional(),
  /** How the people concerned are told (Art. 13 and 14); null: not said. */
  information: optional(1000),
  /** Where consent is the basis: how it is taken, kept and withdrawn. */
  consent: optional(1000),
})
export const processorContent = z.object({
  kind: z.literal('processor'),
  ...shared,
  processing: z.array(processingFor).max(100).default([]),
})
export const activityContent = z.discriminatedUnion('kind', [controllerContent, processorContent])
export type ActivityContent = z.output<typeof activityContent>
export type ControllerContent = z.output<typeof controllerContent>
export type ProcessorContent = z.output<typeof processorContent>
