import { z } from 'zod'

/** Shapes that several screens share. */
export const id = z.uuid()
/** Civil date in Copenhagen, `YYYY-MM-DD`. */
export const civilDate = z.iso.date()
export const instant = z.iso.datetime({ offset: true })

export const page = z.object({
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export const unitRef = z.object({ id, name: z.string() })
/** A person as far as the reader may know: `name` is null where the name is protected from them. */
export const personRef = z.object({ id, name: z.string().nullable(), protected: z.boolean() })
export const systemRef = z.object({ id, key: z.string(), name: z.string() })

export const affiliationKind = z.enum([
  'employment',
  'temp',
  'external',
  'elected',
  'trainee',
  'volunteer',
  'network',
  'pupil',
])
export type AffiliationKind = z.output<typeof affiliationKind>
export const affiliationStatus = z.enum(['active', 'future', 'ended'])
export const personKind = z.enum(['employee', 'pupil', 'external', 'other'])
export const sensitivity = z.enum(['none', 'personal', 'confidential', 'special', 'criminal'])
export const entitlementKind = z.enum(['role', 'group', 'licence', 'mailbox', 'equipment', 'physical'])
export const accountKind = z.enum(['personal', 'shared', 'service', 'admin', 'test', 'ward-tablet'])
export type AccountKind = z.output<typeof accountKind>
export const linkSituation = z.enum(['linked', 'unlinked', 'unmatched', 'disputed', 'gone'])
export const unitTree = z.enum(['admin', 'pay', 'network', 'political', 'school'])
export const unitKind = z.enum([
  'top',
  'directorate',
  'department',
  'unit',
  'institution',
  'team',
  'network',
  'political',
  'school',
  'class',
])
/** Where a datum comes from and since when it is known. */
export const origin = z.object({ source: z.string(), sourceName: z.string(), seenAt: instant.nullable() })

/** What systems that are steered would be asked for by a change that is only looked at. */
export const ordersAhead = z.object({ give: z.number().int(), take: z.number().int(), systems: z.number().int() })
