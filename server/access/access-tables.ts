import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Tables of the access room. Stores write SQL; this keeps the migrations and the code to one truth. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const count: EntitySchemaColumnOptions = { type: 'int', default: 0 }
const key = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true })
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const ref = (target: string, name: string) => ({ foreignKey: { target, name } })
/** One row, whatever happens. */
const one: EntitySchemaColumnOptions = { type: 'boolean', primary: true, default: true }

export const accessTables = [
  new EntitySchema({
    name: 'rules_change',
    columns: {
      id: key(uuid),
      yaml: text,
      hash: text,
      state: text,
      counts: { type: 'jsonb' },
      created_at: { type: 'timestamptz', default: () => 'clock_timestamp()' },
      created_by: text,
      decided_at: maybe(instant),
      decided_by: maybe(text),
    },
    checks: [{ name: 'rules_change_state_check', expression: `state in ('held', 'applied', 'stale')` }],
  }),
  new EntitySchema({
    name: 'derivation',
    columns: {
      // EntitySchema knows `identity` when it runs but not in its types.
      id: {
        type: 'bigint',
        primary: true,
        generated: 'identity' as 'increment',
        generatedIdentity: 'ALWAYS',
      } as EntitySchemaColumnOptions,
      hash: { type: 'bytea' },
      rule_key: text,
      rule_version: { type: 'int' },
      role_path: { type: 'text', array: true },
      matched: { type: 'jsonb' },
      also: { type: 'jsonb', default: [] },
    },
    uniques: [{ name: 'derivation_hash_key', columns: ['hash'] }],
    indices: [{ name: 'derivation_rule', columns: ['rule_key'] }],
  }),
  new EntitySchema({
    name: 'access_run',
    columns: {
      id: key(uuid),
      started_at: { type: 'timestamptz', default: () => 'clock_timestamp()' },
      ended_at: maybe(instant),
      cause: text,
      on_date: { type: 'date' },
      affiliations: count,
      added: count,
      changed: count,
      removed: count,
    },
  }),
  new EntitySchema({
    name: 'assignment',
    columns: {
      affiliation_id: key(uuid),
      entitlement_id: key(uuid),
      derivation_id: { type: 'bigint' },
      constraints: { type: 'jsonb', default: [] },
      valid_to: { type: 'date', nullable: true },
      valid_to_because: maybe(text),
      since: instant,
      reason_since: instant,
    },
    checks: [{ name: 'assignment_valid_to_because_check', expression: `valid_to_because in ('rule', 'affiliation')` }],
    indices: [
      { name: 'assignment_right', columns: ['entitlement_id'] },
      { name: 'assignment_derivation', columns: ['derivation_id'] },
    ],
  }),
  new EntitySchema({
    name: 'person_rights',
    columns: {
      person_id: { ...key(uuid), ...ref('person', 'person_rights_person_id_fkey') },
      systems: count,
      expected: count,
      observed: count,
      missing: count,
      unexplained: count,
      not_read: count,
      protected_data: count,
    },
    indices: [{ name: 'person_rights_drift', columns: ['missing'], synchronize: false }],
  }),
  new EntitySchema({
    name: 'right_deviation',
    columns: { person_id: key(uuid), entitlement_id: key(uuid), state: text },
    checks: [{ name: 'right_deviation_state_check', expression: `state in ('missing', 'unexplained')` }],
    indices: [{ name: 'right_deviation_right', columns: ['entitlement_id'] }],
  }),
  new EntitySchema({
    name: 'affiliation_decided',
    columns: {
      affiliation_id: { ...key(uuid), ...ref('affiliation', 'affiliation_decided_affiliation_id_fkey') },
      facts_hash: { type: 'bytea' },
      person_id: maybe(uuid),
    },
  }),
  new EntitySchema({
    name: 'access_state',
    columns: { one, rules_stamp: text, on_date: { type: 'date' } },
    checks: [{ name: 'access_state_one_check', expression: 'one' }],
  }),
] as const
