import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Tables of what waits for a second person, and of what is in stock; apart from the rest so that each fits a screen. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })

const holdTable = new EntitySchema({
  name: 'order_hold',
  columns: {
    id: { ...uuid, primary: true },
    system_id: { ...uuid, foreignKey: { target: 'it_system', name: 'order_hold_system_id_fkey' } },
    cause: text,
    caused_by: { type: 'uuid', array: true, default: () => `'{}'` },
    removals: { type: 'int' },
    holders: { type: 'int' },
    made_at: instant,
    let_go_at: maybe(instant),
    let_go_by: maybe(uuid),
    reason: maybe(text),
  },
  indices: [{ name: 'order_hold_waiting', columns: ['system_id'], where: 'let_go_at is null' }],
})

const stockTable = new EntitySchema({
  name: 'equipment_stock',
  columns: {
    entitlement_id: {
      ...uuid,
      primary: true,
      foreignKey: { target: 'entitlement', name: 'equipment_stock_entitlement_id_fkey' },
    },
    owned: { type: 'int' },
    changed_at: instant,
    changed_by: uuid,
  },
  checks: [{ name: 'equipment_stock_owned_check', expression: 'owned >= 0' }],
})

export const holdTables = [holdTable, stockTable] as const
