import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { orderAction, rung } from './orders.ts'
import { said } from './said.ts'
import * as s from './shapes.ts'

/** How a system is steered: its rung, its connector, its kinds of accounts, and the words of its tasks. */
const carried = z.enum(['mailbox', 'drive', 'cases'])
const who = z.enum(['nobody', 'everyone', 'not-hourly', 'position'])
export const accountTypeRule = z.strictObject({
  unitId: s.id.nullable(),
  who,
  positions: z.array(z.string().max(100)).max(200).default([]),
})
export const userNameParts = z.strictObject({
  parts: z
    .array(
      z.discriminatedUnion('part', [
        z.strictObject({ part: z.literal('text'), text: z.string().regex(/^[a-z0-9._-]{1,20}$/) }),
        z.strictObject({ part: z.literal('name'), form: z.enum(['short', 'long', 'initials']) }),
        z.strictObject({ part: z.literal('employee-number') }),
        z.strictObject({ part: z.literal('serial'), digits: z.number().int().min(1).max(6), always: z.boolean() }),
      ]),
    )
    .min(1)
    .max(6),
  maxLength: z.number().int().min(3).max(64).default(20),
  reserved: z.array(z.string().trim().toLowerCase().min(1).max(64)).max(200).default([]),
  restYears: z.number().int().min(0).max(100).default(10),
})
/** What an account says that Hjemmel can be the authority for. `place`: where in a directory it stands. */
export const keptAttribute = z.enum([
  'username',
  'givenName',
  'familyName',
  'displayName',
  'title',
  'department',
  'email',
  'phone',
  'employeeNo',
  'manager',
  'place',
])
export type KeptAttribute = z.output<typeof keptAttribute>

export const accountTypeValues = z.strictObject({
  key: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: z.string().trim().min(1).max(100),
  per: z.enum(['person', 'affiliation']),
  source: z.string().max(60).nullable(),
  leadDays: z.number().int().min(0).max(365),
  dependsOn: s.id.nullable(),
  disableAfter: z.number().int().min(0).max(3650),
  deleteAfter: z.number().int().min(0).max(3650).nullable(),
  rules: z.array(accountTypeRule).max(500),
  userName: userNameParts.nullable(),
  /** Where what was read differs from what should be, it is ordered: a new name, another place, other details. */
  keeps: z.array(keptAttribute).max(20).default([]),
})

export const getDelivery = endpoint({
  id: 'getDelivery',
  path: '/systems/:systemId/delivery',
  permission: 'order.read',
  summary: 'How a system is steered',
  params: z.object({ systemId: s.id }),
  response: z.object({
    system: s.systemRef,
    rung,
    rungAt: s.instant.nullable(),
    connector: z
      .object({
        kind: z.string(),
        settings: z.record(z.string(), z.unknown()),
        enabled: z.boolean(),
        testedAt: s.instant.nullable(),
        testedOk: z.boolean().nullable(),
        failures: z.number().int(),
        restsUntil: s.instant.nullable(),
        lastFailure: z.string().nullable(),
        version: z.number().int(),
      })
      .nullable(),
    /** Kinds of connectors there are, each with the JSON schema of its settings: the form is made from it. */
    kinds: z.array(
      z.object({ kind: z.string(), schema: z.record(z.string(), z.unknown()), actions: z.array(orderAction) }),
    ),
    accountTypes: z.array(
      accountTypeValues.extend({
        id: s.id,
        version: z.number().int(),
        accounts: z.number().int(),
        /** Of `keeps`: what the source shows of no account, so that nothing can be compared. */
        unheard: z.array(keptAttribute),
      }),
    ),
    /** Units that rules of the kinds name. */
    units: z.array(s.unitRef),
    /** Kinds of all systems, for what a kind may depend on; and sources in which accounts are seen. */
    others: z.array(z.object({ id: s.id, name: z.string() })),
    sources: z.array(z.object({ key: z.string(), name: z.string() })),
    words: z.partialRecord(orderAction, z.string()),
    /** What of a leaver's it keeps: then it is told what is to happen with it. */
    carries: z.array(carried),
    sample: z.number().int(),
    /** Who does the tasks beside the owner. `responsible` is of the system's sheet. */
    responsible: s.personRef.nullable(),
    deputy: s.personRef.nullable(),
    open: z.number().int(),
    allowed: z.object({ rung: z.boolean(), connector: z.boolean(), accountTypes: z.boolean(), words: z.boolean() }),
  }),
  problems: ['not-found'],
})

const counted = z.object({ action: orderAction, count: z.number().int() })
export const previewRung = endpoint({
  id: 'previewRung',
  method: 'POST',
  kind: 'search',
  path: '/systems/:systemId/rung/preview',
  permission: 'rung.change',
  summary: 'What another rung would order today: the very plan, taken back',
  params: z.object({ systemId: s.id }),
  body: z.object({ rung }),
  response: z.object({
    /** What is due by today; ends and starts that are planned ahead are `later`. */
    made: z.array(counted),
    later: z.number().int(),
    cancelled: z.number().int(),
    tasks: z.number().int(),
    removals: z.number().int(),
    /** Above this many removals a second person is needed. */
    floor: z.number().int(),
    secondPerson: z.boolean(),
    sample: z.array(z.object({ action: orderAction, person: s.personRef, what: z.string(), dueOn: s.civilDate })),
    hash: z.string(),
  }),
  problems: ['not-found'],
})
export const changeRung = endpoint({
  id: 'changeRung',
  method: 'POST',
  path: '/systems/:systemId/rung',
  permission: 'rung.change',
  summary: 'Steer a system otherwise, as the preview showed it',
  params: z.object({ systemId: s.id }),
  body: z.object({ rung, reason: z.string().trim().min(3).max(1000), hash: z.string() }),
  response: z.object({ state: z.enum(['changed', 'waiting']) }),
  problems: ['not-found', 'plan-stale', 'reason-needed', 'second-person-needed'],
})
export const saveConnector = endpoint({
  id: 'saveConnector',
  method: 'PUT',
  path: '/systems/:systemId/connector',
  permission: 'connector.change',
  summary: 'Which connector carries out orders, and its settings; secrets by reference',
  params: z.object({ systemId: s.id }),
  body: z.object({
    kind: z.string().max(40),
    settings: z.record(z.string(), z.unknown()),
    enabled: z.boolean(),
    version: z.number().int().nullable(),
  }),
  response: z.object({ version: z.number().int() }),
  problems: ['not-found', 'conflict', 'data-invalid'],
})
export const testConnector = endpoint({
  id: 'testConnector',
  method: 'POST',
  path: '/systems/:systemId/connector/test',
  permission: 'connector.change',
  summary: 'Reach the target with the saved settings; changes nothing there',
  params: z.object({ systemId: s.id }),
  body: z.object({}),
  response: z.object({
    ok: z.boolean(),
    /** `said`: the same as `say`, for the screen, where there is a text for it. */
    steps: z.array(z.object({ say: z.string(), ok: z.boolean(), said: said.optional() })),
  }),
  problems: ['not-found', 'data-invalid'],
})
const givenType = { id: s.id.nullable(), version: z.number().int().nullable(), values: accountTypeValues }
export const previewAccountType = endpoint({
  id: 'previewAccountType',
  method: 'POST',
  kind: 'search',
  path: '/systems/:systemId/account-types/preview',
  permission: 'account-type.change',
  summary: 'What a kind of accounts would order as it is given: the very change, taken back',
  params: z.object({ systemId: s.id }),
  body: z.object(givenType),
  response: z.object({
    made: z.array(counted),
    later: z.number().int(),
    cancelled: z.number().int(),
    /** How many would wait for a second person. */
    held: z.number().int(),
    hash: z.string(),
  }),
  problems: ['not-found', 'conflict', 'data-invalid'],
})
export const saveAccountType = endpoint({
  id: 'saveAccountType',
  method: 'POST',
  path: '/systems/:systemId/account-types',
  permission: 'account-type.change',
  summary: 'A kind of accounts: new, or changed where its id and version are given',
  params: z.object({ systemId: s.id }),
  body: z.object({
    ...givenType,
    /** Of the preview that was looked at: where it would order something else now, nothing happens. */
    hash: z.string().optional(),
  }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'conflict', 'data-invalid', 'plan-stale'],
})
export const removeAccountType = endpoint({
  id: 'removeAccountType',
  method: 'POST',
  path: '/systems/:systemId/account-types/:accountTypeId/remove',
  permission: 'account-type.change',
  summary: 'No longer order accounts of this kind; those that are there stay',
  params: z.object({ systemId: s.id, accountTypeId: s.id }),
  body: z.object({ version: z.number().int() }),
  response: z.object({}),
  problems: ['not-found', 'conflict', 'data-invalid'],
})
export const saveTaskWords = endpoint({
  id: 'saveTaskWords',
  method: 'PUT',
  path: '/systems/:systemId/task-words',
  permission: 'system.change',
  summary: 'What is to be done by hand in a system, in its owner’s words',
  params: z.object({ systemId: s.id }),
  body: z.object({
    words: z.partialRecord(orderAction, z.string().trim().max(2000)),
    /** Left out: as it is. */
    carries: z.array(carried).max(3).optional(),
    sample: z.number().int().min(0).max(1000),
    /** A person who does the tasks too; null takes the one away, nothing said leaves who it is. */
    deputy: s.id.nullable().optional(),
  }),
  response: z.object({}),
  problems: ['not-found', 'data-invalid'],
})
