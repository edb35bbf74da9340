import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Tables of reports. Stores write SQL; this keeps the migrations and the code to one truth. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const date: EntitySchemaColumnOptions = { type: 'date' }
const key = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true })
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const ref = (column: EntitySchemaColumnOptions, target: string, name: string): EntitySchemaColumnOptions => ({
  ...column,
  foreignKey: { target, name },
})
const dies = (column: EntitySchemaColumnOptions, target: string, name: string): EntitySchemaColumnOptions => ({
  ...column,
  foreignKey: { target, name, onDelete: 'CASCADE' },
})
const oneOf = (column: string, ...values: string[]) => `${column} in (${values.map(value => `'${value}'`).join(', ')})`

export const caseTables = [
  new EntitySchema({
    name: 'lifecycle_case',
    columns: {
      id: key(uuid),
      kind: text,
      door: { type: 'text', default: 'plain' },
      state: text,
      person_id: ref(maybe(uuid), 'person', 'lifecycle_case_person_id_fkey'),
      affiliation_id: ref(maybe(uuid), 'affiliation', 'lifecycle_case_affiliation_id_fkey'),
      unit_id: ref(maybe(uuid), 'org_unit', 'lifecycle_case_unit_id_fkey'),
      to_unit_id: ref(maybe(uuid), 'org_unit', 'lifecycle_case_to_unit_id_fkey'),
      effective_on: maybe(date),
      form: { type: 'jsonb' },
      cpr_sealed: maybe(text),
      confidential: { type: 'boolean', default: false },
      named: { type: 'uuid', array: true, default: () => `'{}'` },
      released_at: maybe(instant),
      released_by: maybe(uuid),
      origin: { type: 'text', default: 'screen' },
      author: maybe(uuid),
      author_person_id: maybe(uuid),
      created_at: instant,
      updated_at: instant,
      prepared_at: maybe(instant),
      sent_at: maybe(instant),
      sent_by: maybe(uuid),
      sent_person_id: maybe(uuid),
      sent_version: maybe({ type: 'int' }),
      stated_at: maybe(instant),
      withdrawn_at: maybe(instant),
      withdrawn_by: maybe(uuid),
      deadline: maybe(date),
      version: { type: 'int', default: 1 },
    },
    checks: [
      { name: 'lifecycle_case_kind_check', expression: oneOf('kind', 'hire', 'move', 'absence', 'end') },
      {
        name: 'lifecycle_case_door_check',
        expression: oneOf('door', 'plain', 'rehire', 'withdraw', 'postpone', 'extend', 'vikar', 'emergency'),
      },
      {
        name: 'lifecycle_case_state_check',
        expression: oneOf('state', 'draft', 'prepared', 'sent', 'done', 'withdrawn'),
      },
      { name: 'lifecycle_case_origin_check', expression: oneOf('origin', 'screen', 'api', 'payroll') },
      {
        name: 'lifecycle_case_sent_check',
        expression: `(state in ('sent', 'done')) <= (sent_at is not null)`,
      },
      { name: 'lifecycle_case_released_check', expression: 'released_at is null or confidential' },
    ],
    indices: [
      { name: 'lifecycle_case_open', columns: ['updated_at'], where: `state in ('draft', 'prepared')` },
      { name: 'lifecycle_case_effective', columns: ['effective_on'], where: `state = 'sent'` },
      { name: 'lifecycle_case_person', columns: ['person_id'], where: 'person_id is not null' },
      { name: 'lifecycle_case_affiliation', columns: ['affiliation_id'], where: 'affiliation_id is not null' },
      { name: 'lifecycle_case_author', columns: ['author'] },
    ],
  }),
  new EntitySchema({
    name: 'lifecycle_case_event',
    columns: {
      // EntitySchema knows `identity` when it runs but not in its types.
      id: { type: 'bigint', primary: true, generated: 'identity' as 'increment' },
      case_id: dies(uuid, 'lifecycle_case', 'lifecycle_case_event_case_id_fkey'),
      at: instant,
      user_id: maybe(uuid),
      what: text,
      detail: { type: 'jsonb', default: {} },
    },
    indices: [{ name: 'lifecycle_case_event_case', columns: ['case_id', 'id'] }],
  }),
  new EntitySchema({
    name: 'lifecycle_approval',
    columns: {
      id: key(uuid),
      case_id: dies(uuid, 'lifecycle_case', 'lifecycle_approval_case_id_fkey'),
      affiliation_id: ref(uuid, 'affiliation', 'lifecycle_approval_affiliation_id_fkey'),
      person_id: ref(uuid, 'person', 'lifecycle_approval_person_id_fkey'),
      entitlement_id: ref(uuid, 'entitlement', 'lifecycle_approval_entitlement_id_fkey'),
      constraints: { type: 'jsonb' },
      valid_from: date,
      valid_to: maybe(date),
      why: { type: 'text', default: '' },
      because: text,
      via: text,
      unit_id: ref(maybe(uuid), 'org_unit', 'lifecycle_approval_unit_id_fkey'),
      approver_person_id: ref(maybe(uuid), 'person', 'lifecycle_approval_approver_person_id_fkey'),
      state: { type: 'text', default: 'waiting' },
      created_at: instant,
      decided_at: maybe(instant),
      decided_by: maybe(uuid),
      reason: maybe(text),
      grant_id: maybe(uuid),
    },
    uniques: [{ name: 'lifecycle_approval_once', columns: ['case_id', 'entitlement_id'] }],
    checks: [
      {
        name: 'lifecycle_approval_because_check',
        expression: oneOf('because', 'special', 'criminal', 'confidential', 'privileged', 'asked-for'),
      },
      { name: 'lifecycle_approval_via_check', expression: oneOf('via', 'owner', 'manager', 'hr', 'right') },
      {
        name: 'lifecycle_approval_state_check',
        expression: oneOf('state', 'waiting', 'approved', 'refused', 'withdrawn'),
      },
    ],
    indices: [{ name: 'lifecycle_approval_waiting', columns: ['created_at'], where: `state = 'waiting'` }],
  }),
  new EntitySchema({
    name: 'lifecycle_reminder',
    columns: {
      approval_id: dies(key(uuid), 'lifecycle_approval', 'lifecycle_reminder_approval_id_fkey'),
      due_on: key(date),
    },
  }),
] as const
