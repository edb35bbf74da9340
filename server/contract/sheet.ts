import { z } from 'zod'
import { criticality, hosting, logKept, systemReading, systemStatus } from './lists.ts'

/*
 * The sheet of a system: every fact that the catalogue keeps, once, with its group, its kind of field and its bounds. The
 * form, the validation on both sides, the history, the bulk edit and the table of docs/catalogue.md all follow this list.
 * GDPR facts are KITOS' block of a system usage (UpdatedSystemUsageGDPRProperties), so that a municipality that has KITOS
 * loses nothing here.
 */

/** The ladder of domain.md. Nothing executes yet: a rung says what the system's owner is ready for. */
export const enforcementRung = z.enum(['observe', 'add-only', 'apply', 'full'])

const short = z.string().trim().min(1).max(200)
const long = z.string().trim().min(1).max(4000)
/** An address or the number of a case: town halls keep documents in both. */
const link = z.string().trim().min(1).max(500)
const date = z.iso.date()
const months = z.number().int().min(0).max(600)
const words = z.array(short).max(100)

/** A person by employment, or in words where nobody of the municipality is meant or the feed's number leads nowhere. */
const person = z.union([z.strictObject({ affiliation: z.uuid() }), z.strictObject({ words: short })])
const unit = z.union([z.strictObject({ unit: z.uuid() }), z.strictObject({ words: short })])

export const systemContract = z.strictObject({
  name: short,
  number: short.nullable().default(null),
  from: date.nullable().default(null),
  /** The day on which it has ended: ranges are closed-open. */
  to: date.nullable().default(null),
  /** Also of a contract that runs until somebody gives notice, and so has no end. */
  noticeMonths: months.nullable().default(null),
  /** Computed when it is saved: the last day on which notice can be given. Null where there is no end to count from. */
  noticeOn: date.nullable().default(null),
  renewal: z.enum(['none', 'automatic', 'option', 'tender']).nullable().default(null),
  /** Kroner. */
  pricePerYear: z.number().int().min(0).max(10_000_000_000).nullable().default(null),
  /** The data processing agreement (databehandleraftale), as KITOS' registration has it. */
  agreement: z.enum(['yes', 'no', 'irrelevant']).nullable().default(null),
  agreementOn: date.nullable().default(null),
  agreementLink: link.nullable().default(null),
})
export type SystemContract = z.output<typeof systemContract>

export const flowHow = z.enum(['api', 'file', 'message', 'database', 'manual'])
export const flowFrequency = z.enum(['realtime', 'hourly', 'daily', 'weekly', 'monthly', 'yearly', 'on-demand'])
/** One flow of data, told by one of its two ends. `out`: from this system to the other. */
export const systemFlow = z.strictObject({
  system: z.string().trim().min(1).max(200),
  direction: z.enum(['out', 'in']),
  data: words.default([]),
  how: flowHow.default('api'),
  frequency: flowFrequency.nullable().default(null),
  owner: short.nullable().default(null),
})
export type SystemFlow = z.output<typeof systemFlow>

export const SHEET_GROUPS = ['about', 'people', 'supplier', 'access', 'data', 'risk', 'flows'] as const
export type SheetGroup = (typeof SHEET_GROUPS)[number]
export type FieldKind =
  | 'text'
  | 'prose'
  | 'list'
  | 'choice'
  | 'choices'
  | 'flag'
  | 'date'
  | 'number'
  | 'link'
  | 'person'
  | 'unit'
  | 'contracts'
  | 'flows'

type Field<S extends z.ZodType> = {
  group: SheetGroup
  kind: FieldKind
  schema: S
  choices: readonly string[]
  /** May be set for many systems at once. */
  bulk: boolean
}
const field =
  (group: SheetGroup) =>
  <S extends z.ZodType>(kind: FieldKind, schema: S, bulk = true): Field<S> => ({
    group,
    kind,
    schema,
    choices: choicesOf(schema),
    bulk,
  })
function choicesOf(schema: z.ZodType): readonly string[] {
  if (schema instanceof z.ZodEnum) return schema.options as string[]
  if (schema instanceof z.ZodArray && schema.element instanceof z.ZodEnum) return schema.element.options as string[]
  return []
}
const some = <const Values extends readonly [string, ...string[]]>(...values: Values) => z.array(z.enum(values)).max(20)
const flag = z.boolean()

const about = field('about')
const people = field('people')
const supplier = field('supplier')
const access = field('access')
const data = field('data')
const risk = field('risk')

export const SHEET = {
  name: about('text', short, false),
  description: about('prose', z.string().trim().min(1).max(2000), false),
  systemKind: about('choice', z.enum(['it', 'equipment', 'physical'])),
  status: about('choice', systemStatus),
  area: about('text', short),
  kle: about('list', z.array(z.string().trim().min(1).max(20)).max(100)),
  criticality: about('choice', criticality),
  businessCritical: about('flag', flag),
  hosting: about('choice', hosting),
  userCount: about('choice', z.enum(['under-10', '10-49', '50-99', '100-or-more'])),
  aiUse: about('choice', z.enum(['yes', 'no', 'undecided'])),
  webAccessible: about('choice', z.enum(['yes', 'partly', 'no', 'not-covered'])),

  owner: people('person', person),
  responsible: people('person', person),
  contact: people('person', person),
  unit: people('unit', unit),

  supplier: supplier('text', short),
  contracts: supplier('contracts', z.array(systemContract).max(20), false),

  login: access('choice', z.enum(['sso', 'directory', 'local', 'mitid-erhverv', 'certificate', 'none'])),
  reading: access('choice', systemReading),
  changeMode: access('choice', z.enum(['manual', 'group', 'scim', 'ticket', 'none'])),
  rung: access('choice', enforcementRung),
  logKept: access('choice', logKept),
  logMonths: access('number', months),
  logReaders: access('text', short),
  /** What a line of the log says: who, when, whom, from where. */
  logFields: access('list', words),
  /** Why it is kept for so long and no longer: the controller sets a period for a purpose (Art. 5(1)(e), 32). */
  logReason: access('prose', z.string().trim().min(1).max(2000)),
  /** When somebody last looked whether all of this is so. */
  logVerified: access('date', date),

  purpose: data('prose', long, false),
  sensitivityLevels: data('choices', some('none', 'personal', 'sensitive', 'criminal')),
  sensitiveData: data(
    'choices',
    some(
      'race-ethnicity',
      'politics',
      'belief',
      'union',
      'genetic',
      'biometric',
      'health',
      'sex-life',
      'sexual-orientation',
    ),
  ),
  privateData: data('choices', some('cpr', 'social-problems', 'other-private')),
  dataCategories: data('list', words),
  directoryLink: data('link', link, false),
  archiveDuty: data('choice', z.enum(['keep', 'discard', 'deliver-first', 'undecided'])),
  retentionDefined: data('flag', flag),
  retentionNext: data('date', date),
  retentionEveryMonths: data('number', months),

  precautions: risk('choices', some('encryption', 'pseudonymisation', 'access-control', 'logging')),
  precautionsLink: risk('link', link, false),
  userSupervision: risk('flag', flag),
  userSupervisionOn: risk('date', date),
  userSupervisionLink: risk('link', link, false),
  riskDone: risk('choice', z.enum(['yes', 'no', 'undecided'])),
  riskOn: risk('date', date),
  riskResult: risk('choice', z.enum(['low', 'medium', 'high'])),
  riskLink: risk('link', link, false),
  riskPlanned: risk('date', date),
  riskNotes: risk('prose', long, false),
  dpiaDone: risk('choice', z.enum(['yes', 'no', 'undecided'])),
  dpiaOn: risk('date', date),
  dpiaLink: risk('link', link, false),

  flows: field('flows')('flows', z.array(systemFlow).max(100), false),
} as const
export type SheetField = keyof typeof SHEET
export const sheetFields = Object.keys(SHEET) as [SheetField, ...SheetField[]]
export const sheetField = z.enum(sheetFields)
export const personFields = ['owner', 'responsible', 'contact'] as const

type Schemas = { [F in SheetField]: z.ZodOptional<(typeof SHEET)[F]['schema']> }
/** What is known; what is not there is not known. */
export const sheetShape = z.object(
  Object.fromEntries(sheetFields.map(name => [name, SHEET[name].schema.optional()])) as unknown as Schemas,
)
export type Sheet = z.output<typeof sheetShape>

export type SheetMistake = { where: string; code: MistakeCode; what: string }
export const MISTAKES = [
  'missing',
  'too-long',
  'out-of-range',
  'not-a-date',
  'not-a-choice',
  'ends-before-it-begins',
  'unknown-person',
  'unknown-unit',
  'unknown-system',
  'itself',
  'not-understood',
] as const
export type MistakeCode = (typeof MISTAKES)[number]
const WHAT: Record<MistakeCode, string> = {
  missing: 'is missing',
  'too-long': 'is too long',
  'out-of-range': 'is outside of what it may be',
  'not-a-date': 'is not a date (YYYY-MM-DD)',
  'not-a-choice': 'is none of the choices',
  'ends-before-it-begins': 'ends before it begins',
  'unknown-person': 'is nobody who is employed here',
  'unknown-unit': 'is no unit',
  'unknown-system': 'is no system of the catalogue',
  itself: 'is this very system',
  'not-understood': 'is not understood',
}
export const mistake = (where: string, code: MistakeCode): SheetMistake => ({ where, code, what: WHAT[code] })

/**
 * Reads values as somebody gives them, by field; null takes a value away. Pure, and the same on both sides: the form
 * shows at once what the server would say. What only the database knows (people, units, systems) is not looked at here.
 */
export function readSheet(given: Readonly<Record<string, unknown>>): {
  values: { [F in SheetField]?: Sheet[F] | null }
  mistakes: SheetMistake[]
} {
  const values: Record<string, unknown> = {}
  const mistakes: SheetMistake[] = []
  for (const [name, value] of Object.entries(given)) {
    if (!isSheetField(name)) mistakes.push(mistake(`/${name}`, 'not-understood'))
    else if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) {
      if (name === 'name') mistakes.push(mistake('/name', 'missing'))
      values[name] = null
    } else {
      const read = SHEET[name].schema.safeParse(value, { reportInput: true })
      if (read.success) values[name] = read.data
      else mistakes.push(...issuesOf(name, read.error.issues))
    }
  }
  if (Array.isArray(values.contracts)) {
    values.contracts = (values.contracts as SystemContract[]).map(one => ({ ...one, noticeOn: noticeDate(one) }))
    for (const [place, one] of (values.contracts as SystemContract[]).entries()) {
      if (one.from && one.to && one.to <= one.from)
        mistakes.push(mistake(`/contracts/${place}/to`, 'ends-before-it-begins'))
    }
  }
  return { values: values as { [F in SheetField]?: Sheet[F] | null }, mistakes }
}

export const isSheetField = (name: string): name is SheetField => Object.hasOwn(SHEET, name)

function issuesOf(name: SheetField, issues: readonly z.core.$ZodIssue[]): SheetMistake[] {
  const seen = new Map<string, SheetMistake>()
  for (const issue of issues) {
    const where = `/${[name, ...issue.path].map(String).join('/')}`
    if (!seen.has(where)) seen.set(where, mistake(where, codeOf(issue)))
  }
  return [...seen.values()]
}
function codeOf(issue: z.core.$ZodIssue): MistakeCode {
  if (issue.code === 'too_small') return issue.origin === 'string' ? 'missing' : 'out-of-range'
  if (issue.code === 'too_big') return issue.origin === 'number' ? 'out-of-range' : 'too-long'
  if (issue.code === 'invalid_format' && issue.format === 'date') return 'not-a-date'
  if (issue.code === 'invalid_value') return 'not-a-choice'
  if (issue.code === 'invalid_type' && (issue.input === undefined || issue.input === null)) return 'missing'
  return 'not-understood'
}

/** The last day on which notice can be given: so many months before the end, at most the last day of that month. */
export function noticeDate({ to, noticeMonths }: Pick<SystemContract, 'to' | 'noticeMonths'>): string | null {
  if (!to || noticeMonths === null) return null
  const [year, month, day] = to.split('-').map(Number) as [number, number, number]
  const first = new Date(Date.UTC(year, month - 1 - noticeMonths, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(day, last))
  return first.toISOString().slice(0, 10)
}
