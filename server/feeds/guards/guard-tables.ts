import { EntitySchema } from 'typeorm'

const text = { type: 'text' } as const
const optionalText = { type: 'text', nullable: true } as const
const instant = { type: 'timestamptz' } as const
const sourceKey = (name: string) => ({ ...text, foreignKey: { target: 'source', name, onDelete: 'CASCADE' } }) as const

export const feedShapeTable = new EntitySchema({
  name: 'feed_shape',
  tableName: 'feed_shape',
  columns: {
    source: { ...sourceKey('feed_shape_source_fkey'), primary: true },
    run_id: { type: 'uuid', primary: true },
    at: instant,
    shape: { type: 'jsonb' },
  },
  indices: [{ name: 'feed_shape_recent', columns: ['source', 'at'] }],
})

export const feedOrderTable = new EntitySchema({
  name: 'feed_order',
  tableName: 'feed_order',
  columns: {
    source: { ...sourceKey('feed_order_source_fkey'), primary: true },
    kind: { ...text, primary: true },
    keys: { type: 'bytea' },
  },
})

export const shapeExceptionTable = new EntitySchema({
  name: 'shape_exception',
  tableName: 'shape_exception',
  columns: {
    id: { type: 'uuid', primary: true },
    source: sourceKey('shape_exception_source_fkey'),
    run_id: { type: 'uuid', foreignKey: { target: 'feed_run', name: 'shape_exception_run_id_fkey' } },
    verdicts: { type: 'jsonb' },
    reason: text,
    created_by: text,
    created_at: { ...instant, default: () => 'clock_timestamp()' },
    until: instant,
  },
  indices: [{ name: 'shape_exception_source', columns: ['source', 'until'] }],
})

export const announcementTable = new EntitySchema({
  name: 'announcement',
  tableName: 'announcement',
  columns: {
    id: { type: 'uuid', primary: true },
    source: sourceKey('announcement_source_fkey'),
    state: text,
    reason: text,
    starts_on: { type: 'date' },
    ends_on: { type: 'date' },
    expected: { type: 'jsonb' },
    simulation_run: {
      type: 'uuid',
      nullable: true,
      foreignKey: { target: 'feed_run', name: 'announcement_simulation_run_fkey' },
    },
    simulated: { type: 'jsonb', nullable: true },
    created_by: text,
    created_at: { ...instant, default: () => 'clock_timestamp()' },
    decided_by: optionalText,
    decided_at: { ...instant, nullable: true },
    decision_reason: optionalText,
  },
  checks: [
    { name: 'announcement_state_check', expression: `state in ('draft', 'approved', 'cancelled')` },
    { name: 'announcement_check', expression: 'ends_on > starts_on' },
  ],
  indices: [{ name: 'announcement_source', columns: ['source', 'starts_on'] }],
})

export const announcementUseTable = new EntitySchema({
  name: 'announcement_use',
  tableName: 'announcement_use',
  columns: {
    announcement_id: {
      type: 'uuid',
      primary: true,
      foreignKey: { target: 'announcement', name: 'announcement_use_announcement_id_fkey', onDelete: 'CASCADE' },
    },
    run_id: { type: 'uuid', primary: true },
    line: { type: 'int', primary: true },
    count: { type: 'int' },
  },
})

export const guardTables = [
  feedShapeTable,
  feedOrderTable,
  shapeExceptionTable,
  announcementTable,
  announcementUseTable,
] as const
