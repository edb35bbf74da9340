import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

const text: EntitySchemaColumnOptions = { type: 'text' }
const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const count: EntitySchemaColumnOptions = { type: 'int', default: 0 }
const key = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true })
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })

const importTable = new EntitySchema({
  name: 'catalogue_import',
  columns: {
    id: key(uuid),
    user_id: uuid,
    at: instant,
    name: text,
    kind: text,
    content: { type: 'jsonb', nullable: true },
    applied_at: maybe(instant),
    undone_at: maybe(instant),
    created: count,
    changed: count,
    left_out: count,
  },
  checks: [{ name: 'catalogue_import_kind_check', expression: "kind in ('table', 'kitos')" }],
  indices: [{ name: 'catalogue_import_at', columns: ['at'] }],
})

const columnsTable = new EntitySchema({
  name: 'catalogue_columns',
  columns: {
    name: key(text),
    headings: { type: 'text', array: true },
    columns: { type: 'jsonb' },
    user_id: uuid,
    at: instant,
  },
})

const externalTable = new EntitySchema({
  name: 'system_external_key',
  columns: {
    scheme: key(text),
    key: key(text),
    system_id: {
      ...uuid,
      foreignKey: { target: 'it_system', name: 'system_external_key_system_id_fkey', onDelete: 'CASCADE' },
    },
    rest: { type: 'jsonb', default: {} },
    import_id: maybe(uuid),
  },
  indices: [{ name: 'system_external_key_system', columns: ['system_id'] }],
})

export const transferTables = [importTable, columnsTable, externalTable]
