import { z } from 'zod'
import { criticality, hosting, systemReading, systemStatus } from '#contract/lists.ts'
import { accountKind } from '#contract/shapes.ts'
import { SHEET, systemFlow } from '#contract/sheet.ts'
import { canonicalDn } from '../platform/dn.ts'

/** Normal attributes of the records that fill this room, as a feed gives them. Lists may come as text split by `|`. */
const list = z
  .union([z.array(z.string()), z.string().transform(text => text.split('|'))])
  .transform(values => values.map(value => value.trim()).filter(value => value !== ''))
const text = (max: number) => z.string().trim().max(max)
const optional = (max: number) =>
  text(max)
    .transform(value => (value === '' ? null : value))
    .nullish()
    .transform(value => value ?? null)
const absent = (max: number) =>
  text(max)
    .transform(value => (value === '' ? null : value))
    .nullish()
const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0', 'ja', 'nej', 'TRUE', 'FALSE'])])
  .transform(value => value === true || ['true', '1', 'ja', 'TRUE'].includes(String(value)))
/** DNs are compared as text from here on, whichever source wrote them and however. */
const dn = optional(2000).transform(value => (value === null ? null : canonicalDn(value)))
/** Members are DNs or keys; every DN has an equals sign. */
const members = list.transform(names => names.map(name => (name.includes('=') ? canonicalDn(name) : name)))
const instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .nullish()
  .transform(value => value ?? null)

/** One of a closed list, also in the words that older files, KITOS and town halls have for it. Empty: not known. */
const word = <const Values extends readonly string[]>(values: Values, meant: Record<string, Values[number]> = {}) =>
  z
    .string()
    .nullish()
    .transform((given, ctx): Values[number] | null => {
      const said = given?.trim().toLocaleLowerCase('da') ?? ''
      const found = values.find(value => value === said) ?? meant[said]
      if (said === '' || found !== undefined) return found ?? null
      ctx.addIssue({ code: 'custom', message: `"${given}" is none of ${values.join(', ')}` })
      return z.NEVER
    })
/** An empty cell says nothing. */
const said = <S extends z.ZodType>(schema: S) =>
  z
    .preprocess(value => (value === '' ? null : value), schema.nullish())
    .transform(value => (value ?? null) as z.output<S> | null)
const day = said(z.iso.date())
const count = said(
  z.union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,12}$/)
      .transform(Number),
  ]),
)
const maybeFlag = said(flag)

/** `system:direction:how:frequency:data, data`; what stands after the system may be left out: `cpr:in:file:daily:CPR, navn`. */
const flow = z.string().transform((written, ctx) => {
  const [system = '', direction, how, frequency, ...data] = written.split(':').map(part => part.trim())
  const read = systemFlow.safeParse({
    system,
    direction: direction || 'out',
    ...(how ? { how } : {}),
    ...(frequency ? { frequency } : {}),
    data: data
      .join(':')
      .split(',')
      .map(one => one.trim())
      .filter(one => one !== ''),
  })
  if (read.success) return read.data
  ctx.addIssue({ code: 'custom', message: `"${written}" is no flow: system:out|in:how:frequency:data, data` })
  return z.NEVER
})

export const systemRecord = z.object({
  name: text(200).min(1),
  area: optional(200),
  kle: list.default([]),
  owner: optional(200),
  responsible: optional(200),
  contact: optional(200),
  unit: optional(200),
  supplier: optional(200),
  criticality: word(criticality.options, {
    normal: 'medium',
    lav: 'low',
    mellem: 'medium',
    høj: 'high',
    kritisk: 'critical',
  }),
  businessCritical: maybeFlag,
  hosting: word(hosting.options, {
    'on premise': 'on-premise',
    onpremise: 'on-premise',
    external: 'hosted',
    cloud: 'saas',
    'ikke afklaret': 'undecided',
    ekstern: 'hosted',
    egen: 'on-premise',
  }),
  systemKind: z.enum(['it', 'equipment', 'physical']).default('it'),
  status: word(systemStatus.options, {
    active: 'in-use',
    aktiv: 'in-use',
    'i drift': 'in-use',
    operational: 'in-use',
    'phasing in': 'planned',
    'under indfasning': 'planned',
    planlagt: 'planned',
    archive: 'phasing-out',
    'phasing out': 'phasing-out',
    'under udfasning': 'phasing-out',
    'not in use': 'closed',
    lukket: 'closed',
    'ikke i drift': 'closed',
    undecided: 'planned',
  }),
  login: word(SHEET.login.schema.options),
  reading: word(systemReading.options),
  changeMode: word(SHEET.changeMode.schema.options),
  userCount: word(SHEET.userCount.schema.options),
  description: optional(2000),
  purpose: optional(4000),
  contract: optional(200),
  contractNo: optional(200),
  contractFrom: day,
  contractTo: day,
  contractNoticeMonths: count,
  contractPrice: count,
  agreement: word(['yes', 'no', 'irrelevant'], { ja: 'yes', nej: 'no', 'ikke relevant': 'irrelevant' }),
  agreementOn: day,
  flows: z
    .union([z.array(z.string()), z.string().transform(text => text.split('|'))])
    .transform(values => values.map(value => value.trim()).filter(value => value !== ''))
    .pipe(z.array(flow))
    .default([]),
})
export type SystemRecord = z.output<typeof systemRecord>

/** The key is `system/right`, the system part being the key of a system of any source. */
export const entitlementRecord = z.object({
  name: text(300).min(1),
  description: optional(2000),
  entitlementKind: z.enum(['role', 'group', 'licence', 'mailbox', 'equipment', 'physical']).default('role'),
  sensitivity: z.enum(['none', 'personal', 'confidential', 'special', 'criminal']).default('none'),
  privileged: flag.default(false),
  constraints: list.default([]),
})
export type EntitlementRecord = z.output<typeof entitlementRecord>

export const accountRecord = z.object({
  username: text(256).min(1),
  displayName: optional(256),
  email: optional(320),
  dn,
  employeeNo: optional(100),
  person: optional(256),
  accountKind: accountKind.default('personal'),
  enabled: flag.default(true),
  lastSignIn: instant,
  expiresAt: instant,
  description: optional(1000),
  /** SID of the group that counts as the account's own, where groups do not list it themselves. */
  primaryGroup: optional(200),
  /** The source says that nobody here follows the account. */
  outOfScope: flag.optional(),
  // Kept with the record and compared; never shown with the account.
  givenName: optional(200),
  familyName: optional(200),
  birthDate: z.iso
    .date()
    .nullish()
    .transform(value => value ?? null),
  unit: optional(100),
  phone: optional(50),
  // Left out where the source says nothing of them: records from before stay what they were.
  title: absent(200),
  department: absent(200),
  manager: absent(2000)
    .transform(value => (typeof value === 'string' ? canonicalDn(value) : value))
    .optional(),
  cprHash: z.string().optional(),
  cprSealed: z.string().optional(),
})
export type AccountRecord = z.output<typeof accountRecord>

export const groupRecord = z.object({
  name: text(256).min(1),
  dn,
  description: optional(1000),
  members: members.default([]),
  sid: optional(200),
})
export type GroupRecord = z.output<typeof groupRecord>

/**
 * A right that an account holds, as a list of its system says. `account` is the key of an account of the same source;
 * `right` what the list calls it, which the catalogue may call something else; `limits` as the list writes them.
 */
export const heldRecord = z.object({
  system: text(200).min(1),
  account: text(256).min(1),
  right: text(300).min(1),
  limits: list.default([]).transform(values => [...new Set(values)].sort()),
  lastUsed: z.iso
    .date()
    .nullish()
    .transform(value => value ?? null),
})
export type HeldRecord = z.output<typeof heldRecord>
