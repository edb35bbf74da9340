import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { orderState } from './lists.ts'
import * as s from './shapes.ts'

/** How far a system is steered. `observe`: nothing is sent. `add`: only given. `apply`: what changed is also taken. `full`: whatever has no reason is taken. */
export const rung = z.enum(['observe', 'add', 'apply', 'full'])
export type Rung = z.output<typeof rung>

export const orderAction = z.enum([
  'create',
  'enable',
  'disable',
  'rename',
  'move',
  'set',
  'grant',
  'revoke',
  'delete',
  'hand-out',
  'take-back',
  'hand-over',
  'close',
])
/** What somebody who has left leaves, beside rights and accounts. */
export const leftThing = z.enum(['mailbox', 'drive', 'cases', 'kit'])

/**
 * One thing that a system is to carry out. `notSent`: only in previews, of a system whose rung sends nothing: what it
 * would need; such a line has no row and no state of its own (`planned`).
 */
export const orderRow = z.object({
  id: s.id,
  system: s.systemRef,
  person: s.personRef,
  affiliationId: s.id.nullable(),
  action: orderAction,
  accountType: z.object({ id: s.id, name: z.string() }).nullable(),
  right: z.object({ id: s.id, key: z.string(), name: z.string() }).nullable(),
  /** What of a leaver's it is about; then it is about no account and no right. */
  left: leftThing.nullable(),
  username: z.string().nullable(),
  dueOn: s.civilDate,
  urgent: z.boolean(),
  state: orderState,
  /** Closed words, see client/texts: `rule`, `upcoming`, `ended`, `lost`, `absence`, `lock`, `account-type`, `removal`. */
  cause: z.string(),
  attempts: z.number().int(),
  nextTryAt: s.instant.nullable(),
  /** What the target said last. */
  said: z.string().nullable(),
  taskId: s.id.nullable(),
  /** Kind of the connector that carries it out; null: a person does. */
  connector: z.string().nullable(),
  madeAt: s.instant.nullable(),
  doneAt: s.instant.nullable(),
  verifiedAt: s.instant.nullable(),
  notSent: z.boolean(),
})
export type OrderRow = z.output<typeof orderRow>

/**
 * `held`: it takes part of so much that a second person has to let it go first. `waitsForHandover`: it deletes, and waits
 * until what the person answers for is somebody else's.
 */
const listedOrder = orderRow.extend({
  held: z.boolean(),
  waitsForHandover: z.boolean(),
  version: z.number().int(),
  allowed: z.object({ act: z.boolean() }),
})

export const listOrders = endpoint({
  id: 'listOrders',
  path: '/orders',
  permission: 'order.read',
  summary: 'What systems are to carry out, the most urgent first',
  query: z.object({
    system: s.id.optional(),
    person: s.id.optional(),
    state: orderState.optional(),
    open: z.stringbool().optional(),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(listedOrder),
    total: z.number().int(),
    /** Systems with something to see to: orders that are parked, or a connector that rests. */
    systems: z.array(
      z.object({
        system: s.systemRef,
        open: z.number().int(),
        parked: z.number().int(),
        late: z.number().int(),
        failures: z.number().int(),
        restsUntil: s.instant.nullable(),
        lastFailure: z.string().nullable(),
      }),
    ),
    /** Removals that one planning would have sent at once: so many that a person has to let them go. */
    held: z.array(
      z.object({
        id: s.id,
        system: s.systemRef,
        /** What they follow from, as the planning was told: `feed <run>`, `rules`, `mapping <change>`, `date` … */
        cause: z.string(),
        open: z.number().int(),
        people: z.number().int(),
        /** Everybody who has something in the system. */
        holders: z.number().int(),
        madeAt: s.instant,
        /** They follow from what the reader did: somebody else lets them go. */
        own: z.boolean(),
      }),
    ),
    mayLetGo: z.boolean(),
  }),
})

export const letGoOrders = endpoint({
  id: 'letGoOrders',
  method: 'POST',
  path: '/orders/holds/:holdId/let-go',
  permission: 'rung.change',
  summary: 'Let removals go out that were held because they are many at once',
  params: z.object({ holdId: s.id }),
  /** `open`: how many there were when they were looked at. */
  body: z.object({ open: z.number().int().positive(), reason: z.string().trim().min(3).max(1000) }),
  response: z.object({ open: z.number().int() }),
  problems: ['not-found', 'conflict', 'reason-needed', 'second-person-needed'],
})

export const getOrder = endpoint({
  id: 'getOrder',
  path: '/orders/:orderId',
  permission: 'order.read',
  summary: 'One order with each attempt to carry it out',
  params: z.object({ orderId: s.id }),
  response: z.object({
    order: listedOrder,
    content: z.record(z.string(), z.unknown()),
    /** Who decided that it is to go, where somebody did. */
    decision: z
      .object({ findingId: s.id, by: z.string().nullable(), at: s.instant, reason: z.string().nullable() })
      .nullable(),
    attempts: z.array(
      z.object({
        n: z.number().int(),
        startedAt: s.instant,
        endedAt: s.instant.nullable(),
        outcome: z.enum(['done', 'already', 'retry', 'refused', 'lost', 'cut-off']).nullable(),
        steps: z.array(z.string()),
        said: z.string().nullable(),
      }),
    ),
  }),
  problems: ['not-found'],
})

export const replayOrder = endpoint({
  id: 'replayOrder',
  method: 'POST',
  path: '/orders/:orderId/replay',
  permission: 'order.act',
  summary: 'Try a parked order again, with another user name where that was the mistake',
  params: z.object({ orderId: s.id }),
  body: z.object({ version: z.number().int(), username: z.string().trim().min(1).max(100).optional() }),
  response: z.object({ version: z.number().int() }),
  problems: ['not-found', 'conflict', 'data-invalid'],
})

export const handOrder = endpoint({
  id: 'handOrder',
  method: 'POST',
  path: '/orders/:orderId/by-hand',
  permission: 'order.act',
  summary: 'Give a parked order to the owner of the system as a task',
  params: z.object({ orderId: s.id }),
  body: z.object({ version: z.number().int(), reason: z.string().trim().min(3).max(1000) }),
  response: z.object({ version: z.number().int() }),
  problems: ['not-found', 'conflict', 'reason-needed'],
})

export const wakeConnector = endpoint({
  id: 'wakeConnector',
  method: 'POST',
  path: '/systems/:systemId/connector/wake',
  permission: 'order.act',
  summary: 'Try a system again that rests after failures',
  params: z.object({ systemId: s.id }),
  body: z.object({}),
  response: z.object({}),
  problems: ['not-found'],
})
