import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Tables of the orders room. Stores write SQL; this keeps the migrations and the code to one truth. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const date: EntitySchemaColumnOptions = { type: 'date' }
const json: EntitySchemaColumnOptions = { type: 'jsonb', default: {} }
const madeId: EntitySchemaColumnOptions = { type: 'uuid', primary: true, generated: 'uuid' }
const flag: EntitySchemaColumnOptions = { type: 'boolean', default: false }
const count = (value = 0): EntitySchemaColumnOptions => ({ type: 'int', default: value })
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

const accountTypeTable = new EntitySchema({
  name: 'account_type',
  columns: {
    id: madeId,
    system_id: ref(uuid, 'it_system', 'account_type_system_id_fkey'),
    key: text,
    name: text,
    per: text,
    source: maybe(text),
    lead_days: { type: 'int' },
    depends_on: ref(maybe(uuid), 'account_type', 'account_type_depends_on_fkey'),
    disable_after: { type: 'int' },
    delete_after: maybe({ type: 'int' }),
    rules: { type: 'jsonb', default: [] },
    user_name: maybe({ type: 'jsonb' }),
    keeps: { type: 'text', array: true, default: () => `'{}'` },
    version: count(1),
    gone_at: maybe(instant),
  },
  checks: [
    { name: 'account_type_per_check', expression: oneOf('per', 'person', 'affiliation') },
    { name: 'account_type_lead_days_check', expression: 'lead_days between 0 and 365' },
    { name: 'account_type_disable_after_check', expression: 'disable_after between 0 and 3650' },
    { name: 'account_type_delete_after_check', expression: 'delete_after between 0 and 3650' },
    { name: 'account_type_check', expression: 'depends_on <> id' },
  ],
  indices: [
    { name: 'account_type_key', columns: ['system_id', 'key'], unique: true, where: 'gone_at is null' },
    { name: 'account_type_system', columns: ['system_id'] },
  ],
})

const connectorTable = new EntitySchema({
  name: 'system_connector',
  columns: {
    system_id: dies(key(uuid), 'it_system', 'system_connector_system_id_fkey'),
    kind: text,
    settings: json,
    actions: { type: 'text', array: true, default: () => `'{}'` },
    enabled: flag,
    tested_at: maybe(instant),
    tested_ok: maybe({ type: 'boolean' }),
    version: count(1),
    failures: count(),
    last_failure: maybe(text),
    rests_until: maybe(instant),
    writes: maybe({ type: 'jsonb' }),
  },
})

const taskTable = new EntitySchema({
  name: 'task',
  columns: {
    id: madeId,
    system_id: ref(uuid, 'it_system', 'task_system_id_fkey'),
    person_id: ref(uuid, 'person', 'task_person_id_fkey'),
    due_on: date,
    direction: text,
    state: { type: 'text', default: 'open' },
    made_at: instant,
    done_at: maybe(instant),
    done_by: maybe(uuid),
    verified_at: maybe(instant),
    verified_by: maybe(uuid),
    reopened_at: maybe(instant),
    reopened_why: maybe(text),
    reminded_at: maybe(instant),
    escalated_at: maybe(instant),
    version: count(1),
  },
  checks: [
    { name: 'task_direction_check', expression: oneOf('direction', 'give', 'take') },
    { name: 'task_state_check', expression: oneOf('state', 'open', 'done', 'second', 'verified', 'cancelled') },
  ],
  indices: [
    {
      name: 'task_open',
      columns: ['system_id', 'person_id', 'due_on', 'direction'],
      unique: true,
      where: `state = 'open'`,
    },
    { name: 'task_person', columns: ['person_id'] },
    { name: 'task_queue', columns: ['due_on'], where: `state in ('open', 'second')` },
    { name: 'task_system', columns: ['system_id', 'state'] },
  ],
})

const evidenceTable = new EntitySchema({
  name: 'task_evidence',
  columns: {
    id: madeId,
    task_id: dies(uuid, 'task', 'task_evidence_task_id_fkey'),
    kind: text,
    note: maybe(text),
    file_name: maybe(text),
    file: maybe({ type: 'bytea' }),
    media: maybe(text),
    detail: json,
    at: instant,
    by: uuid,
  },
  checks: [
    { name: 'task_evidence_kind_check', expression: oneOf('kind', 'tick', 'note', 'file', 'handover') },
    {
      name: 'task_evidence_file_check',
      expression: `(kind = 'file') = (file is not null and file_name is not null and media is not null)`,
    },
  ],
  indices: [{ name: 'task_evidence_task', columns: ['task_id'] }],
})

const orderTable = new EntitySchema({
  name: 'provisioning_order',
  columns: {
    id: key(uuid),
    system_id: ref(uuid, 'it_system', 'provisioning_order_system_id_fkey'),
    person_id: ref(uuid, 'person', 'provisioning_order_person_id_fkey'),
    affiliation_id: ref(maybe(uuid), 'affiliation', 'provisioning_order_affiliation_id_fkey'),
    account_type_id: ref(maybe(uuid), 'account_type', 'provisioning_order_account_type_id_fkey'),
    entitlement_id: ref(maybe(uuid), 'entitlement', 'provisioning_order_entitlement_id_fkey'),
    action: text,
    due_on: date,
    urgent: flag,
    state: text,
    cause: text,
    content: json,
    external_id: maybe(text),
    attempts: count(),
    next_try_at: maybe(instant),
    lease_until: maybe(instant),
    batch_id: maybe(uuid),
    said: maybe(text),
    by_hand: flag,
    task_id: ref(maybe(uuid), 'task', 'provisioning_order_task_id_fkey'),
    made_at: instant,
    done_at: maybe(instant),
    done_by: maybe(text),
    verified_at: maybe(instant),
    version: count(1),
    hold_id: ref(maybe(uuid), 'order_hold', 'provisioning_order_hold_id_fkey'),
    left_id: ref(maybe(uuid), 'left_behind', 'provisioning_order_left_id_fkey'),
  },
  checks: [
    {
      name: 'provisioning_order_action_check',
      expression: oneOf(
        'action',
        ...[
          'create',
          'enable',
          'disable',
          'rename',
          'move',
          'set',
          'grant',
          'revoke',
          'delete',
          'hand-out',
          'take-back',
          'hand-over',
          'close',
        ],
      ),
    },
    {
      name: 'provisioning_order_state_check',
      expression: oneOf(
        'state',
        ...['planned', 'task', 'sending', 'retry', 'parked', 'done', 'verified', 'cancelled', 'assumed'],
      ),
    },
    { name: 'provisioning_order_check', expression: 'num_nonnulls(account_type_id, entitlement_id, left_id) = 1' },
  ],
  indices: [
    // Nulls are not distinct in it, which a definition cannot say; the comparison of up, down and up does.
    { name: 'provisioning_order_open', columns: ['system_id'], synchronize: false },
    { name: 'provisioning_order_person', columns: ['person_id'] },
    { name: 'provisioning_order_system', columns: ['system_id', 'made_at'] },
    {
      name: 'provisioning_order_due',
      columns: ['system_id', 'due_on'],
      where: `state in ('planned', 'retry', 'sending')`,
    },
    { name: 'provisioning_order_task', columns: ['task_id'], where: 'task_id is not null' },
    { name: 'provisioning_order_left', columns: ['left_id'], where: 'left_id is not null' },
    { name: 'provisioning_order_hold', columns: ['hold_id'], where: 'hold_id is not null' },
    { name: 'provisioning_order_unseen', columns: ['system_id'], where: `state in ('done', 'assumed')` },
  ],
})

const attemptTable = new EntitySchema({
  name: 'order_attempt',
  columns: {
    order_id: dies(key(uuid), 'provisioning_order', 'order_attempt_order_id_fkey'),
    n: key({ type: 'int' }),
    started_at: instant,
    ended_at: maybe(instant),
    outcome: maybe(text),
    steps: { type: 'jsonb', default: [] },
    said: maybe(text),
  },
  checks: [
    {
      name: 'order_attempt_outcome_check',
      expression: oneOf('outcome', 'done', 'already', 'retry', 'refused', 'lost', 'cut-off'),
    },
  ],
})

const userNameTable = new EntitySchema({
  name: 'user_name_given',
  columns: {
    name: key(text),
    person_id: uuid,
    account_type_id: ref(uuid, 'account_type', 'user_name_given_account_type_id_fkey'),
    given_at: instant,
    freed_on: maybe(date),
  },
  indices: [{ name: 'user_name_given_person', columns: ['person_id', 'account_type_id'] }],
})

const rungChangeTable = new EntitySchema({
  name: 'rung_change',
  columns: {
    system_id: dies(key(uuid), 'it_system', 'rung_change_system_id_fkey'),
    rung: text,
    reason: text,
    hash: text,
    asked_at: instant,
    asked_by: uuid,
  },
  checks: [{ name: 'rung_change_rung_check', expression: oneOf('rung', 'observe', 'add', 'apply', 'full') }],
})

const planningTable = new EntitySchema({
  name: 'order_planning',
  columns: { one: { type: 'boolean', primary: true, default: true }, through: instant, kept_through: maybe(instant) },
  checks: [{ name: 'order_planning_one_check', expression: 'one' }],
})

const cutoverTable = new EntitySchema({
  name: 'unit_cutover',
  columns: {
    unit_id: dies(key(uuid), 'org_unit', 'unit_cutover_unit_id_fkey'),
    starts_from_hour: maybe({ type: 'int' }),
    ends_until_hour: maybe({ type: 'int' }),
    changed_at: instant,
    changed_by: uuid,
  },
  checks: [
    { name: 'unit_cutover_starts_from_hour_check', expression: 'starts_from_hour between 0 and 23' },
    { name: 'unit_cutover_ends_until_hour_check', expression: 'ends_until_hour between 0 and 23' },
  ],
})

const leftTable = new EntitySchema({
  name: 'left_behind',
  columns: {
    id: key(uuid),
    case_id: uuid,
    person_id: ref(uuid, 'person', 'left_behind_person_id_fkey'),
    affiliation_id: ref(uuid, 'affiliation', 'left_behind_affiliation_id_fkey'),
    what: text,
    system_id: ref(maybe(uuid), 'it_system', 'left_behind_system_id_fkey'),
    entitlement_id: ref(maybe(uuid), 'entitlement', 'left_behind_entitlement_id_fkey'),
    action: text,
    due_on: date,
    to_person_id: ref(maybe(uuid), 'person', 'left_behind_to_person_id_fkey'),
    reader_ids: { type: 'uuid', array: true, default: () => `'{}'` },
    reply: maybe(text),
    until: maybe(date),
    stated_at: instant,
    taken_back_at: maybe(instant),
  },
  checks: [
    { name: 'left_behind_what_check', expression: oneOf('what', 'mailbox', 'drive', 'cases', 'kit') },
    { name: 'left_behind_action_check', expression: oneOf('action', 'hand-over', 'close') },
    { name: 'left_behind_kit_check', expression: `(what = 'kit') = (entitlement_id is not null)` },
  ],
  indices: [
    { name: 'left_behind_case', columns: ['case_id'] },
    { name: 'left_behind_person', columns: ['person_id'], where: 'taken_back_at is null' },
  ],
})

export const ordersTables = [
  leftTable,
  accountTypeTable,
  connectorTable,
  taskTable,
  evidenceTable,
  orderTable,
  attemptTable,
  userNameTable,
  rungChangeTable,
  planningTable,
  cutoverTable,
] as const
