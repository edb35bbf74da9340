import { EntitySchema } from 'typeorm'

export const planTable = new EntitySchema({
  name: 'plan',
  tableName: 'plan',
  columns: {
    id: { type: 'uuid', primary: true },
    kind: { type: 'text' },
    subject: { type: 'text' },
    cause_id: { type: 'uuid', nullable: true },
    state: { type: 'text' },
    hash: { type: 'text' },
    held_hash: { type: 'text', nullable: true },
    held: { type: 'jsonb', default: [] },
    created_at: { type: 'timestamptz', default: () => 'clock_timestamp()' },
    created_by: { type: 'text', nullable: true },
    decided_at: { type: 'timestamptz', nullable: true },
    decided_by: { type: 'text', nullable: true },
    reason: { type: 'text', nullable: true },
    held_since: { type: 'timestamptz', nullable: true },
    expires_at: { type: 'timestamptz', nullable: true },
    decisions: { type: 'jsonb', default: [] },
    weights: { type: 'jsonb', default: {} },
  },
  checks: [
    {
      name: 'plan_state_check',
      expression: `state in ('open', 'applying', 'applied', 'held', 'rejected', 'stale')`,
    },
  ],
  indices: [
    { name: 'plan_subject', columns: ['kind', 'subject', 'created_at'] },
    { name: 'plan_cause', columns: ['cause_id'] },
    { name: 'plan_expiring', columns: ['expires_at'], where: `(state = 'held'::text)` },
  ],
})

export const planItemTable = new EntitySchema({
  name: 'plan_item',
  tableName: 'plan_item',
  columns: {
    plan_id: {
      type: 'uuid',
      primary: true,
      foreignKey: { target: 'plan', name: 'plan_item_plan_id_fkey', onDelete: 'CASCADE' },
    },
    n: { type: 'int', primary: true },
    kind: { type: 'text' },
    key: { type: 'text' },
    op: { type: 'text' },
    part: { type: 'text', nullable: true },
    before: { type: 'jsonb', nullable: true },
    after: { type: 'jsonb', nullable: true },
    hash: { type: 'bytea', nullable: true },
    subject_id: { type: 'uuid', nullable: true },
    state: { type: 'text', default: 'planned' },
    guard: { type: 'text', nullable: true },
    cause: { type: 'text', nullable: true },
    seen_hash: { type: 'text', nullable: true },
  },
  checks: [
    { name: 'plan_item_op_check', expression: `op in ('add', 'change', 'gone', 'return')` },
    { name: 'plan_item_state_check', expression: `state in ('planned', 'held', 'applied', 'rejected', 'stale')` },
  ],
  indices: [
    { name: 'plan_item_left', columns: ['plan_id', 'kind', 'n'], where: `(state = 'planned'::text)` },
    { name: 'plan_item_held', columns: ['plan_id', 'cause'], where: `(state = 'held'::text)` },
  ],
})

export const planTables = [planTable, planItemTable] as const
