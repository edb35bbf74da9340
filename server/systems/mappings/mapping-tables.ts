import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Changes of mappings, groups that give no right, and what groups might give. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const count: EntitySchemaColumnOptions = { type: 'int', default: 0 }
const items: EntitySchemaColumnOptions = { type: 'jsonb', default: [] }
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const group = (name: string): EntitySchemaColumnOptions => ({
  type: 'uuid',
  primary: true,
  foreignKey: { target: 'directory_group', name, onDelete: 'CASCADE' },
})

export const groupMappingTables = [
  new EntitySchema({
    name: 'mapping_change',
    columns: {
      id: { type: 'uuid', primary: true },
      state: text,
      steps: { type: 'jsonb' },
      undo: maybe({ type: 'jsonb' }),
      hash: text,
      counts: { type: 'jsonb' },
      reason: maybe(text),
      undoes: { ...maybe(uuid), foreignKey: { target: 'mapping_change', name: 'mapping_change_undoes_fkey' } },
      created_at: instant,
      created_by: text,
      decided_at: maybe(instant),
      decided_by: maybe(text),
    },
    checks: [{ name: 'mapping_change_state_check', expression: `state in ('held', 'applied', 'undone', 'rejected')` }],
    indices: [{ name: 'mapping_change_recent', columns: ['created_at'] }],
  }),
  new EntitySchema({
    name: 'group_not_right',
    columns: {
      group_id: group('group_not_right_group_id_fkey'),
      reason: text,
      decided_at: instant,
      decided_by: text,
    },
  }),
  new EntitySchema({
    name: 'group_proposal',
    columns: {
      group_id: group('group_proposal_group_id_fkey'),
      people: count,
      level: text,
      not_right: { type: 'boolean', default: false },
      entitlement_id: {
        ...maybe(uuid),
        foreignKey: { target: 'entitlement', name: 'group_proposal_entitlement_id_fkey', onDelete: 'CASCADE' },
      },
      confidence: count,
      candidates: items,
      reasons: items,
    },
    checks: [{ name: 'group_proposal_level_check', expression: `level in ('strong', 'possible', 'weak', 'none')` }],
    indices: [{ name: 'group_proposal_entitlement', columns: ['entitlement_id'] }],
  }),
  new EntitySchema({
    name: 'group_proposal_state',
    columns: { one: { type: 'boolean', primary: true, default: true }, stamp: text, made_at: instant },
    checks: [{ name: 'group_proposal_state_one_check', expression: 'one' }],
  }),
] as const
