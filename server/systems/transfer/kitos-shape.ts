import { z } from 'zod'
import { MOST_IMPORT_ROWS } from '#contract/transfer.ts'
import { cleanText } from './cell-text.ts'

/*
 * Systems as KITOS' API v2 gives them (it-system-usages, beside them it-contracts and data-processing-registrations). Read
 * leniently: what is missing says nothing, what is unknown is kept and listed, and what has another shape than it should
 * is a mistake of that system alone.
 */
const optional = <S extends z.ZodType>(schema: S) => schema.nullish()
const text = optional(z.string())
const named = z.object({ uuid: text, name: text })
const date = optional(z.string().regex(/^\d{4}-\d{2}-\d{2}/, 'not a date'))
const link = optional(z.object({ name: text, url: text }))
const names = optional(z.array(named))

export const kitosUsage = z.object({
  uuid: z.guid(),
  systemContext: optional(named),
  general: optional(
    z.object({
      localCallName: text,
      notes: text,
      mainContract: optional(named),
      numberOfExpectedUsers: optional(z.object({ lowerBound: optional(z.number()), upperBound: optional(z.number()) })),
      validity: optional(z.object({ lifeCycleStatus: text })),
      containsAITechnology: text,
      webAccessibilityCompliance: text,
    }),
  ),
  roles: optional(
    z.array(z.object({ role: optional(named), user: optional(named.extend({ email: text, employeeNumber: text })) })),
  ),
  organizationUsage: optional(z.object({ responsibleOrganizationUnit: optional(named) })),
  outgoingSystemRelations: optional(
    z.array(z.object({ toSystemUsage: optional(named), description: text, relationFrequency: optional(named) })),
  ),
  archiving: optional(z.object({ archiveDuty: text })),
  gdpr: optional(
    z.object({
      purpose: text,
      businessCritical: text,
      hostedAt: text,
      directoryDocumentation: link,
      dataSensitivityLevels: optional(z.array(z.string())),
      sensitivePersonData: names,
      specificPersonalData: optional(z.array(z.string())),
      registeredDataCategories: names,
      technicalPrecautionsApplied: optional(z.array(z.string())),
      technicalPrecautionsDocumentation: link,
      userSupervision: text,
      userSupervisionDate: date,
      userSupervisionDocumentation: link,
      riskAssessmentConducted: text,
      riskAssessmentConductedDate: date,
      riskAssessmentResult: text,
      riskAssessmentDocumentation: link,
      riskAssessmentNotes: text,
      plannedRiskAssessmentDate: date,
      dpiaConducted: text,
      dpiaDate: date,
      dpiaDocumentation: link,
      retentionPeriodDefined: text,
      nextDataRetentionEvaluationDate: date,
      dataRetentionEvaluationFrequencyInMonths: optional(z.number().int()),
    }),
  ),
})
export type KitosUsage = z.output<typeof kitosUsage>
export const kitosContract = z.object({
  uuid: text,
  name: z.string(),
  general: optional(z.object({ contractId: text, validity: optional(z.object({ validFrom: date, validTo: date })) })),
  supplier: optional(z.object({ organization: optional(named) })),
  systemUsages: names,
  termination: optional(z.object({ terms: optional(z.object({ noticePeriodMonths: optional(named) })) })),
})
export const kitosProcessing = z.object({
  name: text,
  general: optional(
    z.object({ isAgreementConcluded: text, agreementConcludedAt: date, mainContract: optional(named) }),
  ),
  systemUsages: names,
})

export type KitosFile = { usages: unknown[]; contracts: unknown[]; processing: unknown[] }

/** A list of usages, or an object of the three lists. null: the JSON is something else. */
export function kitosFile(json: unknown): KitosFile | null {
  const list = (...found: unknown[]): unknown[] => (found.find(Array.isArray) as unknown[] | undefined) ?? []
  const whole = camel(json)
  if (Array.isArray(whole)) return whole.some(isUsage) ? { usages: whole, contracts: [], processing: [] } : null
  if (whole === null || typeof whole !== 'object') return null
  const of = whole as Record<string, unknown>
  if (isUsage(of)) return { usages: [of], contracts: [], processing: [] }
  const usages = list(of.itSystemUsages, of['it-system-usages'], of.systemUsages, of.usages)
  if (!usages.some(isUsage)) return null
  return {
    usages,
    contracts: list(of.itContracts, of['it-contracts'], of.contracts),
    processing: list(of.dataProcessingRegistrations, of['data-processing-registrations'], of.dataProcessing),
  }
}
const isUsage = (one: unknown) => one !== null && typeof one === 'object' && 'uuid' in one
export const tooMany = (file: KitosFile) => file.usages.length > MOST_IMPORT_ROWS

/** `DPIAConducted` and `Uuid` as the API writes them by default: `dpiaConducted`, `uuid`. */
function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [camelName(name), camel(inner)]))
}
const camelName = (name: string) => name.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, head => head.toLowerCase())

/** Paths that no field of the schema takes, with what stands there. */
export function unknownOf(schema: z.ZodType, value: unknown, path = ''): Map<string, unknown> {
  const found = new Map<string, unknown>()
  const inner = bare(schema)
  if (value === null || value === undefined) return found
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    for (const one of value)
      for (const [at, what] of unknownOf(inner.element as z.ZodType, one, `${path}[]`)) found.set(at, what)
  } else if (inner instanceof z.ZodObject && typeof value === 'object' && !Array.isArray(value)) {
    for (const [name, what] of Object.entries(value)) {
      const at = path === '' ? name : `${path}.${name}`
      const next = (inner.shape as Record<string, z.ZodType>)[name]
      if (next) for (const [deep, it] of unknownOf(next, what, at)) found.set(deep, it)
      else if (what !== null && !(Array.isArray(what) && what.length === 0)) found.set(at, what)
    }
  }
  return found
}
function bare(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? bare(schema.unwrap() as z.ZodType)
    : schema
}

/** What a field says, as one line; shorter where it is longer than a sheet keeps. */
export const clean = (value: string | null | undefined, most: number): string | null =>
  value ? cleanText(value).slice(0, most) || null : null
export const day = (value: string | null | undefined): string | null => value?.slice(0, 10) ?? null
export const pick = <T>(map: Record<string, T>, value: string | null | undefined): T | null =>
  value ? (map[value.toLowerCase()] ?? null) : null

/**
 * Every path of the file that nothing takes, with how many entries have it. `left`: of each usage the paths that could be
 * taken and are not, because what stands there has no place beside what else the file says.
 */
export function unknownPaths(
  file: KitosFile,
  left: readonly (readonly string[])[] = [],
): { path: string; count: number }[] {
  const counts = new Map<string, number>()
  const count = (path: string) => counts.set(path, (counts.get(path) ?? 0) + 1)
  const lists = [
    ['', kitosUsage, file.usages],
    ['contracts: ', kitosContract, file.contracts],
    ['dataProcessing: ', kitosProcessing, file.processing],
  ] as const
  for (const [of, schema, list] of lists)
    for (const one of list) for (const path of unknownOf(schema, one).keys()) count(`${of}${path}`.slice(0, 300))
  for (const path of left.flat()) count(path)
  return [...counts]
    .map(([path, n]) => ({ path, count: n }))
    .sort((a, b) => b.count - a.count || a.path.localeCompare(b.path))
}
