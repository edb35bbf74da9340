import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

const text: EntitySchemaColumnOptions = { type: 'text' }
const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const json: EntitySchemaColumnOptions = { type: 'jsonb' }
const count: EntitySchemaColumnOptions = { type: 'int', default: 0 }
const key = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true })
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })

const importTable = new EntitySchema({
  name: 'register_import',
  columns: {
    id: key(uuid),
    user_id: uuid,
    at: instant,
    name: text,
    content: maybe(json),
    applied_at: maybe(instant),
    undone_at: maybe(instant),
    made: { type: 'jsonb', default: [] },
    drafts: count,
    proposals: count,
    left_out: count,
  },
  indices: [{ name: 'register_import_at', columns: ['at'] }],
})

const columnsTable = new EntitySchema({
  name: 'register_columns',
  columns: { name: key(text), headings: json, columns: json, user_id: uuid, at: instant },
})

export const interopTables = [importTable, columnsTable] as const
