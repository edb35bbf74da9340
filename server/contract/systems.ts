import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import {
  criticality,
  hosting,
  rightState,
  systemGap,
  systemGrouping,
  systemReading,
  systemSort,
  systemStatus,
} from './lists.ts'
import * as s from './shapes.ts'

export type SystemGap = z.output<typeof systemGap>

export const systemRow = s.systemRef.extend({
  area: z.string().nullable(),
  owner: s.personRef.nullable(),
  supplier: z.string().nullable(),
  criticality: criticality.nullable(),
  hosting: hosting.nullable(),
  status: systemStatus.nullable(),
  reading: systemReading,
  /** When it is next asked whether the sheet is still true. */
  attestDue: s.civilDate.nullable(),
  /** May the reader change its sheet? */
  change: z.boolean(),
  entitlements: z.number().int(),
  /** People who should hold something in it, and people (or accounts of nobody) who do, as far as the reader may know. */
  expected: z.number().int(),
  observed: z.number().int(),
  /** Differences: rows of the holders' list in the states `missing` and `unexplained`. */
  drift: z.number().int(),
})
export const listSystems = endpoint({
  id: 'listSystems',
  path: '/systems',
  permission: 'system.read',
  summary: 'Systems with how many should hold and do hold something in them',
  query: z.object({
    text: z.string().trim().max(100).optional(),
    area: z.string().max(100).optional(),
    reading: systemReading.optional(),
    /** Only systems whose rights are read, in whatever way; false: only the others. */
    read: z.stringbool().optional(),
    status: systemStatus.optional(),
    criticality: criticality.optional(),
    hosting: hosting.optional(),
    supplier: z.string().max(200).optional(),
    gap: systemGap.optional(),
    /** Only systems that the reader owns. */
    own: z.stringbool().optional(),
    /** Only systems in which people of the reader's own units hold or should hold something. */
    team: z.stringbool().optional(),
    /** Rows of one group stand together, in the groups' order; `sort` orders within. */
    group: systemGrouping.optional(),
    sort: systemSort.default('name'),
    descending: z.stringbool().default(false),
    ...s.page.shape,
    /** A catalogue is read whole: some hundred systems, which the screen shows as one list. */
    limit: z.coerce.number().int().min(1).max(1000).default(50),
  }),
  response: z.object({
    /** `group`: the place of its group in `groups`. */
    rows: z.array(systemRow.extend({ group: z.number().int().nullable() })),
    total: z.number().int(),
    areas: z.array(z.string()),
    suppliers: z.array(z.string()),
    /** All groups of what was found, with how many. `label` null: those without. An owner's name may be protected. */
    groups: z.array(z.object({ label: z.string().nullable(), count: z.number().int() })),
  }),
})
export const getSystem = endpoint({
  id: 'getSystem',
  path: '/systems/:systemId',
  permission: 'system.read',
  summary: 'A system: its rights and how many should hold and do hold each',
  params: z.object({ systemId: s.id }),
  response: systemRow.extend({
    kle: z.array(z.string()),
    description: z.string().nullable(),
    /** When what is held in it was last read, of several sources the oldest. */
    readAt: s.instant.nullable(),
    /** Its rhythm has been missed twice, or some source of it was never read. */
    late: z.boolean(),
    rights: z.array(
      z.object({
        id: s.id,
        key: z.string(),
        name: z.string(),
        description: z.string().nullable(),
        kind: s.entitlementKind,
        sensitivity: s.sensitivity,
        privileged: z.boolean(),
        expected: z.number().int(),
        observed: z.number().int(),
        missing: z.number().int(),
        unexplained: z.number().int(),
      }),
    ),
  }),
  problems: ['not-found'],
})
export const getSystemHolders = endpoint({
  id: 'getSystemHolders',
  path: '/systems/:systemId/holders',
  permission: 'system.holders',
  summary: 'Who should hold and who holds a right in the system',
  params: z.object({ systemId: s.id }),
  query: z.object({
    entitlement: s.id.optional(),
    state: rightState.optional(),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(
      z.object({
        person: s.personRef.nullable(),
        /** Set when the account is nobody's. */
        account: z.object({ id: s.id, username: z.string() }).nullable(),
        unit: s.unitRef.nullable(),
        title: z.string().nullable(),
        entitlement: z.object({ id: s.id, key: z.string(), name: z.string() }),
        state: rightState,
        ruleKey: z.string().nullable(),
        ruleName: z.string().nullable(),
        since: s.instant.nullable(),
        /** When that was last read, of several sources the oldest. null: nothing shows it, or a source was never read. */
        seenAt: s.instant.nullable(),
      }),
    ),
    total: z.number().int(),
  }),
  problems: ['not-found'],
})

export const accountRow = z.object({
  id: s.id,
  source: z.string(),
  username: z.string(),
  kind: s.accountKind,
  situation: s.linkSituation,
  enabled: z.boolean(),
  unused90: z.boolean().nullable(),
  person: s.personRef.nullable(),
  observed: z.number().int(),
  /** Why it is nobody's: `several-people`, `no-number`, `number-unknown`, `not-personal`; null when it is linked. */
  reason: z.string().nullable(),
})
export const listAccounts = endpoint({
  id: 'listAccounts',
  method: 'POST',
  path: '/accounts/search',
  kind: 'search',
  permission: 'account.read',
  summary: 'Accounts by link situation: linked, unlinked, unmatched, disputed, gone',
  body: z.object({
    text: z.string().trim().max(100).optional(),
    situation: s.linkSituation.optional(),
    source: z.string().max(100).optional(),
    kind: s.accountKind.optional(),
    enabled: z.boolean().optional(),
    unused90: z.boolean().optional(),
    /** Enabled although everybody behind it has left. */
    leaver: z.boolean().optional(),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(accountRow),
    total: z.number().int(),
    counts: z.record(s.linkSituation, z.number().int()),
  }),
})
