import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

import { grantTables } from './grants/grant-tables.ts'
import { lockTables } from './locks/lock-tables.ts'
import { policyTables } from './policies/policy-tables.ts'
import { reachTables } from './reach/reach-tables.ts'
import { rectificationTables } from './rectifications/rectification-tables.ts'
import { strictTables } from './strict/strict-tables.ts'

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
      change: maybe({ type: 'json' }),
      reason: maybe(text),
    },
    checks: [{ name: 'rules_change_state_check', expression: `state in ('held', 'applied', 'stale')` }],
  }),
  new EntitySchema({
    name: 'rule_draft',
    columns: {
      kind: key(text),
      key: key(text),
      base_version: maybe({ type: 'int' }),
      change: { type: 'jsonb' },
      note: { type: 'text', default: '' },
      saved_at: { type: 'timestamptz', default: () => 'now()' },
      saved_by: text,
    },
    checks: [{ name: 'rule_draft_kind_check', expression: `kind in ('rule', 'role')` }],
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
      grant_id: maybe(uuid),
    },
    uniques: [{ name: 'derivation_hash_key', columns: ['hash'] }],
    indices: [
      { name: 'derivation_rule', columns: ['rule_key'] },
      { name: 'derivation_grant', columns: ['grant_id'], where: 'grant_id is not null' },
    ],
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
      suspended: maybe(text),
    },
    checks: [
      { name: 'assignment_valid_to_because_check', expression: `valid_to_because in ('rule', 'affiliation', 'grant')` },
      { name: 'assignment_suspended_check', expression: `suspended in ('absence', 'lock')` },
    ],
    indices: [
      { name: 'assignment_suspended', columns: ['affiliation_id'], where: 'suspended is not null' },
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
      resting: count,
      not_read: count,
      protected_data: count,
    },
    indices: [{ name: 'person_rights_drift', columns: ['missing'], synchronize: false }],
  }),
  new EntitySchema({
    name: 'right_deviation',
    columns: {
      person_id: key(uuid),
      entitlement_id: key(uuid),
      state: text,
      observed: { type: 'boolean', default: false },
    },
    checks: [
      {
        name: 'right_deviation_state_check',
        expression: `state in ('missing', 'unexplained', 'exception', 'stale', 'still-held')`,
      },
    ],
    indices: [{ name: 'right_deviation_right', columns: ['entitlement_id'] }],
  }),
  new EntitySchema({
    name: 'stale_source',
    columns: { source: key(text), since: { type: 'timestamptz', default: () => 'now()' }, read_at: maybe(instant) },
  }),
  new EntitySchema({
    name: 'stale_source_history',
    columns: { source: key(text), since: key(instant), until: instant, read_at: maybe(instant) },
  }),
  new EntitySchema({
    name: 'right_exception',
    columns: {
      id: { type: 'uuid', primary: true, generated: 'uuid' },
      person_id: { ...uuid, ...ref('person', 'right_exception_person_id_fkey') },
      entitlement_id: { ...uuid, ...ref('entitlement', 'right_exception_entitlement_id_fkey') },
      valid_from: { type: 'date' },
      valid_to: { type: 'date' },
      reason: text,
      owner_person_id: { ...maybe(uuid), ...ref('person', 'right_exception_owner_person_id_fkey') },
      in_force: { type: 'boolean' },
      created_at: { type: 'timestamptz', default: () => 'now()' },
      created_by: text,
      ended_at: maybe(instant),
      ended_by: maybe(text),
    },
    checks: [{ name: 'right_exception_check', expression: 'valid_from < valid_to' }],
    indices: [
      { name: 'right_exception_in_force', columns: ['person_id', 'entitlement_id'], unique: true, where: 'in_force' },
      { name: 'right_exception_ends', columns: ['valid_to'], where: 'ended_at is null' },
    ],
  }),
  new EntitySchema({
    name: 'affiliation_decided',
    columns: {
      affiliation_id: { ...key(uuid), ...ref('affiliation', 'affiliation_decided_affiliation_id_fkey') },
      facts_hash: { type: 'bytea' },
      person_id: maybe(uuid),
      placed: { type: 'boolean', default: false },
      unit_id: maybe(uuid),
      pay_unit_id: maybe(uuid),
      position_key: maybe(text),
      title_norm: maybe(text),
      leave_kind: maybe(text),
      pinned: { type: 'boolean', default: false },
    },
  }),
  new EntitySchema({
    name: 'access_state',
    columns: { one, rules_stamp: text, on_date: { type: 'date' } },
    checks: [{ name: 'access_state_one_check', expression: 'one' }],
  }),
  ...grantTables,
  ...lockTables,
  ...policyTables,
  ...reachTables,
  ...strictTables,
  ...rectificationTables,
] as const
