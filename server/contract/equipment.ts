import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { equipmentState } from './lists.ts'
import * as s from './shapes.ts'

/** A thing that somebody has, is to get or has given back: one line for each time it was handed out. */
export const equipmentRow = z.object({
  /** Of the order by which it was handed out, or is to be; of the one to take it back where nobody handed it out here. */
  id: s.id,
  person: s.personRef,
  unit: s.unitRef.nullable(),
  thing: z.object({ id: s.id, key: z.string(), name: z.string() }),
  system: s.systemRef,
  state: equipmentState,
  serial: z.string().nullable(),
  /** Whose name stands under the handing out. */
  signature: z.string().nullable(),
  /** The day of the signature; where there is none, the day it was said to be done; before that the day it is due. */
  since: s.civilDate.nullable(),
  dueBack: s.civilDate.nullable(),
  returnedOn: s.civilDate.nullable(),
  /** Who took it back. */
  returnedTo: z.string().nullable(),
  /** The task that waits about it. */
  taskId: s.id.nullable(),
})
export type EquipmentRow = z.output<typeof equipmentRow>

export const listEquipment = endpoint({
  id: 'listEquipment',
  path: '/equipment',
  permission: 'task.read',
  summary: 'Things that people have, are to get or are to give back, what is overdue first',
  query: z.object({
    state: equipmentState.optional(),
    system: s.id.optional(),
    person: s.id.optional(),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(equipmentRow),
    total: z.number().int(),
    counts: z.record(equipmentState, z.number().int()),
    systems: z.array(s.systemRef),
    /** By thing: how many there are (null: nobody has said), with people, still to be handed out. */
    stock: z.array(
      z.object({
        thing: z.object({ id: s.id, name: z.string() }),
        owned: z.number().int().nullable(),
        out: z.number().int(),
        ordered: z.number().int(),
      }),
    ),
    mayStock: z.boolean(),
  }),
})

export const getMyEquipment = endpoint({
  id: 'getMyEquipment',
  path: '/me/equipment',
  permission: 'signed-in',
  summary: 'Things that I have, am to get or am to give back',
  response: z.object({ rows: z.array(equipmentRow) }),
  problems: ['not-found'],
})

export const saveStock = endpoint({
  id: 'saveStock',
  method: 'PUT',
  path: '/equipment/:entitlementId/stock',
  permission: 'account-type.change',
  summary: 'How many there are of a thing; null: no longer counted',
  params: z.object({ entitlementId: s.id }),
  body: z.object({ owned: z.number().int().min(0).max(1_000_000).nullable() }),
  response: z.object({}),
  problems: ['not-found'],
})
