import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { planItemRow } from './feeds.ts'
import { planOp, recordKind, runState } from './lists.ts'
import * as s from './shapes.ts'

/** What the guards hold back, and a person's word on it. */

const count = z.number().int()

/** Guards on the shape of a read: any of them rejects the whole run. */
export const SHAPE_GUARDS = [
  'empty',
  'stale',
  'truncated',
  'hole',
  'units',
  'letters',
  'columns',
  'shifted',
  'format',
  'keys',
  'encoding',
] as const
/** Guards on the changes: each holds back its part, the rest goes on. */
export const CHANGE_GUARDS = [
  'protected-account',
  'last-administrator',
  'add',
  'change',
  'gone',
  'return',
  'change-part',
  'gone-part',
  'aspect',
  'cause',
  'group-members',
  'groups-emptied',
] as const
/** What a change is about, derived from the record before and after. */
export const ASPECTS = [
  'rename',
  'manager',
  'move',
  'disable',
  'end',
  'identity',
  'title',
  'class',
  'members',
  'activity',
  'other',
] as const
export const shapeGuard = z.enum(SHAPE_GUARDS)
export const changeGuard = z.enum(CHANGE_GUARDS)
export const aspect = z.enum(ASPECTS)

/** "The unit changes from A to B in most of them": `from` and `to` are null where they differ or must not be shown. */
export const because = z.object({
  attribute: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  count,
})

export const heldGroup = z.object({
  /** Names the group in a decision. */
  cause: z.string(),
  guard: changeGuard,
  kind: recordKind,
  op: planOp,
  part: z.string().nullable(),
  /** Name of the unit that `part` is the key of, where it is known. */
  partName: z.string().nullable(),
  aspect: aspect.nullable(),
  because: because.nullable(),
  /** Changes in this group that wait. */
  count,
  /** Changes that the guard met in all, and how many it would have let through. */
  total: count,
  limit: count,
  /** Only let through when it is named itself: people and accounts that a batch never removes. */
  alwaysOn: z.boolean(),
})

export const heldDecision = z.object({
  by: z.string(),
  at: s.instant,
  approved: z.boolean(),
  items: count,
  reason: z.string().nullable(),
})

export const heldChanges = z.object({
  /** Sent back with a decision, so that it fits exactly what was looked at. Null: nothing waits here. */
  hash: z.string().nullable(),
  waiting: count,
  since: s.instant.nullable(),
  expiresAt: s.instant.nullable(),
  /** A newer run of the source has found the difference anew: decide there. */
  replacedBy: s.id.nullable(),
  /** Why the signed-in person may not let it through; null: may. */
  mayNot: z.enum(['started-the-run', 'changed-the-source', 'no-permission', 'nothing-waits']).nullable(),
  groups: z.array(heldGroup),
  decisions: z.array(heldDecision),
})

const run = z.object({ runId: s.id })
/** Neither causes nor rows: all that waits except what is always held. Both: the union. */
const chosen = {
  causes: z.array(z.string().max(500)).max(200).optional(),
  rows: z.array(count.min(1)).max(5000).optional(),
}
const decided = z.object({ state: runState, applied: count, left: count })

export const getHeld = endpoint({
  id: 'getHeld',
  path: '/runs/:runId/held',
  permission: 'run.read',
  summary: 'What the guards hold back in a run, grouped by cause, and whether one may decide on it',
  params: run,
  response: heldChanges,
  problems: ['not-found'],
})
export const searchHeld = endpoint({
  id: 'searchHeld',
  method: 'POST',
  path: '/runs/:runId/held/search',
  kind: 'search',
  permission: 'run.read',
  summary: 'The rows that wait, of one cause or of all',
  params: run,
  body: z.object({ cause: z.string().max(500).optional(), ...s.page.shape }),
  response: z.object({ rows: z.array(planItemRow), total: count }),
  problems: ['not-found'],
})
export const approveHeld = endpoint({
  id: 'approveHeld',
  method: 'POST',
  path: '/runs/:runId/held/approve',
  permission: 'run.approve',
  summary: 'Carry out what waits: all of it, causes, or rows. Checked again against the records before it is applied',
  params: run,
  body: z.object({ hash: z.string().max(200), reason: z.string().trim().min(5).max(500), ...chosen }),
  response: decided,
  problems: ['not-found', 'plan-stale', 'second-person-needed', 'run-in-progress', 'invalid-request'],
})
export const rejectHeld = endpoint({
  id: 'rejectHeld',
  method: 'POST',
  path: '/runs/:runId/held/reject',
  permission: 'run.approve',
  summary: 'Do not carry out what waits: all of it, causes, or rows',
  params: run,
  body: z.object({ hash: z.string().max(200), reason: z.string().trim().min(5).max(500), ...chosen }),
  response: decided,
  problems: ['not-found', 'plan-stale', 'invalid-request'],
})
/** For a run with state `rejected`: an institution that has closed looks like a hole, and somebody must be able to say so. */
export const acceptShape = endpoint({
  id: 'acceptShape',
  method: 'POST',
  path: '/runs/:runId/accept-shape',
  permission: 'run.approve',
  summary: 'A rejected read was right: the next reads of the same shape are let in, within seven days',
  params: run,
  body: z.object({ reason: z.string().trim().min(5).max(500) }),
  response: z.object({ until: s.instant }),
  problems: ['not-found', 'conflict', 'second-person-needed'],
})

/** What a guard lets through: as set, as learned from earlier runs, and what is in force. */
export const guardLimit = z.object({
  kind: recordKind,
  op: planOp,
  /** False: taken away in the declaration. */
  on: z.boolean(),
  percent: z.number().nullable(),
  floor: count.nullable(),
  /** Records that there are: what the percentage is of. */
  population: count,
  /** The percentage of the population, never less than the floor: no learned limit goes beyond. */
  ceiling: count.nullable(),
  /** How many changes 99 of 100 earlier runs had at most, and how many runs that says; null: too few to learn from. */
  usual: count.nullable(),
  runs: count,
  learned: count.nullable(),
  inForce: count.nullable(),
})
export const getGuards = endpoint({
  id: 'getGuards',
  path: '/sources/:sourceKey/guards',
  permission: 'run.read',
  summary: 'The guards of a source: what is set, what was learned from which runs, what is in force',
  params: z.object({ sourceKey: z.string().max(100) }),
  response: z.object({
    limits: z.array(guardLimit),
    /** Settings as declared, defaults filled in. */
    settings: z.record(z.string(), z.unknown()),
    /** What holds where nothing is set. */
    defaults: z.record(z.string(), z.unknown()),
    /** May not be changed by the signed-in person now: a change of theirs waits. */
    locked: z.boolean(),
    shapes: z.array(
      z.object({ at: s.instant, kind: recordKind, read: count, rejected: count, doubled: count, garbled: count }),
    ),
  }),
  problems: ['not-found'],
})

export type ShapeGuard = z.output<typeof shapeGuard>
export type ChangeGuard = z.output<typeof changeGuard>
export type Aspect = z.output<typeof aspect>
export type Because = z.output<typeof because>
export type HeldGroup = z.output<typeof heldGroup>
export type HeldChanges = z.output<typeof heldChanges>
export type GuardLimit = z.output<typeof guardLimit>
