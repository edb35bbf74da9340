import { z } from 'zod'
import { accountKind } from '#contract/shapes.ts'
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

export const systemRecord = z.object({
  name: text(200).min(1),
  area: optional(200),
  kle: list.default([]),
  owner: optional(200),
  responsible: optional(200),
  supplier: optional(200),
  criticality: optional(50),
  hosting: optional(100),
  systemKind: z.enum(['it', 'equipment', 'physical']).default('it'),
  status: optional(50),
  reading: z.enum(['groups', 'none']).default('none'),
  description: optional(2000),
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
  // Kept with the record and compared; never shown with the account.
  givenName: optional(200),
  familyName: optional(200),
  birthDate: z.iso
    .date()
    .nullish()
    .transform(value => value ?? null),
  unit: optional(100),
  phone: optional(50),
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
