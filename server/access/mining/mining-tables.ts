import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Tables of proposed roles. Stores write SQL; this keeps the migrations and the code to one truth. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const int: EntitySchemaColumnOptions = { type: 'int' }
const json: EntitySchemaColumnOptions = { type: 'jsonb' }
const flag: EntitySchemaColumnOptions = { type: 'boolean', default: false }
const key = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true })
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const now: EntitySchemaColumnOptions = { type: 'timestamptz', default: () => 'clock_timestamp()' }
const uuids: EntitySchemaColumnOptions = { type: 'uuid', array: true }

export const miningTables = [
  new EntitySchema({
    name: 'mining_run',
    columns: {
      id: key({ type: 'uuid' }),
      scope_kind: text,
      scope_key: { type: 'text', default: '' },
      system_id: maybe({ type: 'uuid' }),
      aim: text,
      options: json,
      state: text,
      stop_asked: flag,
      progress: maybe(json),
      matrix: maybe(json),
      result: maybe(json),
      error: maybe(text),
      started_by: text,
      started_at: now,
      beat_at: now,
      ended_at: maybe(instant),
    },
    checks: [
      { name: 'mining_run_scope_kind_check', expression: `scope_kind in ('all', 'unit', 'area', 'system')` },
      { name: 'mining_run_aim_check', expression: `aim in ('few', 'light', 'broad')` },
      {
        name: 'mining_run_state_check',
        expression: `state in ('running', 'done', 'stopped', 'failed', 'interrupted')`,
      },
    ],
    indices: [
      { name: 'mining_run_one', columns: ['scope_kind', 'scope_key'], unique: true, where: `state = 'running'` },
      { name: 'mining_run_recent', columns: ['started_at'] },
    ],
  }),
  new EntitySchema({
    name: 'mining_proposal',
    columns: {
      run_id: {
        type: 'uuid',
        primary: true,
        foreignKey: { target: 'mining_run', name: 'mining_proposal_run_id_fkey', onDelete: 'CASCADE' },
      },
      nr: key(int),
      state: { type: 'text', default: 'open' },
      rights: uuids,
      holders: uuids,
      rights_hash: text,
      unit_key: maybe(text),
      position_key: maybe(text),
      kinds: { type: 'text', array: true, default: () => `'{}'` },
      hits: int,
      meets: int,
      newly: int,
      name: maybe(text),
      reason: maybe(text),
      decided_by: maybe(text),
      decided_at: maybe(instant),
      draft_id: {
        type: 'uuid',
        nullable: true,
        foreignKey: { target: 'what_if_draft', name: 'mining_proposal_draft_id_fkey', onDelete: 'SET NULL' },
      },
      role_key: maybe(text),
      rule_key: maybe(text),
    },
    checks: [{ name: 'mining_proposal_state_check', expression: `state in ('open', 'accepted', 'rejected')` }],
    indices: [
      { name: 'mining_proposal_rejected', columns: ['rights_hash'], where: `state = 'rejected'` },
      { name: 'mining_proposal_draft', columns: ['draft_id'] },
    ],
  }),
] as const
