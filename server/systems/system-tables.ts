import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'
import { transferTables } from './transfer/transfer-tables.ts'

/** Tables of the systems room. Stores write SQL; this keeps the migrations and the code to one truth. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const flag = (value: boolean): EntitySchemaColumnOptions => ({ type: 'boolean', default: value })
const count = (value: number): EntitySchemaColumnOptions => ({ type: 'int', default: value })
const list: EntitySchemaColumnOptions = { type: 'text', array: true, default: () => `'{}'` }
const json: EntitySchemaColumnOptions = { type: 'jsonb', default: {} }
const since: EntitySchemaColumnOptions = { type: 'timestamptz', default: () => 'now()' }
const madeId: EntitySchemaColumnOptions = { type: 'uuid', primary: true, generated: 'uuid' }
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
const ACCOUNT_KINDS = ['personal', 'shared', 'service', 'admin', 'test', 'ward-tablet']
const oneOf = (column: string, ...values: string[]) => `${column} in (${values.map(value => `'${value}'`).join(', ')})`

const systemTable = new EntitySchema({
  name: 'it_system',
  columns: {
    id: madeId,
    key: text,
    name: text,
    area: maybe(text),
    kle: list,
    owner_key: maybe(text),
    owner_affiliation_id: ref(maybe(uuid), 'affiliation', 'it_system_owner_affiliation_id_fkey'),
    responsible: maybe(text),
    supplier: maybe(text),
    criticality: maybe(text),
    hosting: maybe(text),
    kind: { type: 'text', default: 'it' },
    status: maybe(text),
    reading: { type: 'text', default: 'none' },
    description: maybe(text),
    responsible_affiliation_id: ref(maybe(uuid), 'affiliation', 'it_system_responsible_affiliation_id_fkey'),
    contact: maybe(text),
    contact_affiliation_id: ref(maybe(uuid), 'affiliation', 'it_system_contact_affiliation_id_fkey'),
    unit_words: maybe(text),
    unit_id: ref(maybe(uuid), 'org_unit', 'it_system_unit_id_fkey'),
    feed: json,
    hand: json,
    sheet: json,
    version: count(0),
    attest_due: maybe({ type: 'date' }),
    rung: { type: 'text', default: 'observe' },
    rung_at: maybe(instant),
    carries: list,
    task_words: json,
    task_sample: count(10),
    task_deputy_affiliation_id: ref(maybe(uuid), 'affiliation', 'it_system_task_deputy_affiliation_id_fkey'),
    source: text,
    gone_at: maybe(instant),
    // What it is generated from stands in the migration: TypeORM compares it with a table of its own that is not there.
    search: { type: 'text', nullable: true, asExpression: ' ', generatedType: 'STORED' },
  },
  uniques: [{ name: 'it_system_key_key', columns: ['key'] }],
  checks: [
    { name: 'it_system_kind_check', expression: oneOf('kind', 'it', 'equipment', 'physical') },
    { name: 'it_system_rung_check', expression: oneOf('rung', 'observe', 'add', 'apply', 'full') },
    { name: 'it_system_carries_check', expression: `carries <@ array['mailbox', 'drive', 'cases']` },
    { name: 'it_system_task_sample_check', expression: 'task_sample >= 0' },
    { name: 'it_system_reading_check', expression: oneOf('reading', 'groups', 'list', 'scim', 'none') },
    {
      name: 'it_system_status_check',
      expression: oneOf('status', 'planned', 'in-use', 'phasing-out', 'closed'),
    },
  ],
  indices: [
    { name: 'it_system_owner', columns: ['owner_affiliation_id'] },
    { name: 'it_system_rung', columns: ['id'], where: `rung <> 'observe'` },
    { name: 'it_system_search', columns: ['search'], synchronize: false },
  ],
})

const versionTable = new EntitySchema({
  name: 'system_version',
  columns: {
    system_id: dies(key(uuid), 'it_system', 'system_version_system_id_fkey'),
    version: key({ type: 'int' }),
    at: instant,
    origin: text,
    source: maybe(text),
    run_id: maybe(uuid),
    user_id: maybe(uuid),
    reason: maybe(text),
    batch: maybe(uuid),
    changes: { type: 'jsonb', default: [] },
    sheet: { type: 'jsonb' },
    hand: { type: 'jsonb' },
  },
  checks: [
    {
      name: 'system_version_origin_check',
      expression: oneOf('origin', 'start', 'feed', 'hand', 'bulk', 'undo', 'import'),
    },
  ],
  indices: [{ name: 'system_version_batch', columns: ['batch'], where: 'batch is not null' }],
})

const attestationTable = new EntitySchema({
  name: 'system_attestation',
  columns: {
    id: madeId,
    system_id: dies(uuid, 'it_system', 'system_attestation_system_id_fkey'),
    at: instant,
    user_id: uuid,
    version: { type: 'int' },
    changed: { type: 'boolean' },
    note: maybe(text),
    due: maybe({ type: 'date' }),
  },
  indices: [{ name: 'system_attestation_system', columns: ['system_id', 'at'] }],
})

const entitlementTable = new EntitySchema({
  name: 'entitlement',
  columns: {
    id: madeId,
    key: text,
    system_id: ref(uuid, 'it_system', 'entitlement_system_id_fkey'),
    name: text,
    description: maybe(text),
    kind: { type: 'text', default: 'role' },
    sensitivity: { type: 'text', default: 'none' },
    privileged: flag(false),
    emergency: flag(true),
    constraints: list,
    source: text,
    gone_at: maybe(instant),
    technical_note: maybe(text),
    owner_person_id: ref(maybe(uuid), 'person', 'entitlement_owner_person_id_fkey'),
    licence_cap: maybe({ type: 'int' }),
    licence_counts: { type: 'text', default: 'people-held' },
    status: { type: 'text', default: 'active' },
    approval: maybe(text),
    search: { type: 'text', nullable: true, asExpression: ' ', generatedType: 'STORED' },
  },
  uniques: [{ name: 'entitlement_key_key', columns: ['key'] }],
  checks: [
    { name: 'entitlement_approval_check', expression: oneOf('approval', 'unit', 'system', 'right') },
    { name: 'entitlement_licence_cap_check', expression: 'licence_cap >= 0' },
    {
      name: 'entitlement_licence_counts_check',
      expression: oneOf('licence_counts', 'people-held', 'accounts-held', 'people-expected'),
    },
    { name: 'entitlement_status_check', expression: oneOf('status', 'active', 'retired') },
    {
      name: 'entitlement_kind_check',
      expression: oneOf('kind', 'role', 'group', 'licence', 'mailbox', 'equipment', 'physical'),
    },
    {
      name: 'entitlement_sensitivity_check',
      expression: oneOf('sensitivity', 'none', 'personal', 'confidential', 'special', 'criminal'),
    },
  ],
  indices: [
    { name: 'entitlement_system', columns: ['system_id'] },
    { name: 'entitlement_search', columns: ['search'], synchronize: false },
    { name: 'entitlement_owner', columns: ['owner_person_id'], where: 'owner_person_id is not null' },
    { name: 'entitlement_licensed', columns: ['id'], where: 'licence_cap is not null' },
  ],
})

const accountTable = new EntitySchema({
  name: 'account',
  columns: {
    id: madeId,
    source: text,
    key: text,
    username: text,
    display_name: maybe(text),
    email: maybe(text),
    dn: maybe(text),
    employee_no: maybe(text),
    person_key: maybe(text),
    kind: { type: 'text', default: 'personal' },
    feed_kind: { type: 'text', default: 'personal' },
    kind_by: { type: 'text', default: 'feed' },
    kind_rule_id: maybe(uuid),
    owner_person_id: ref(maybe(uuid), 'person', 'account_owner_person_id_fkey'),
    owner_unit_id: ref(maybe(uuid), 'org_unit', 'account_owner_unit_id_fkey'),
    enabled: flag(true),
    last_sign_in: maybe(instant),
    expires_at: maybe(instant),
    description: maybe(text),
    primary_group: maybe(text),
    person_id: ref(maybe(uuid), 'person', 'account_person_id_fkey'),
    affiliation_id: ref(maybe(uuid), 'affiliation', 'account_affiliation_id_fkey'),
    situation: { type: 'text', default: 'unmatched' },
    evidence: maybe(text),
    situation_since: since,
    situation_run: maybe(uuid),
    reason: maybe(text),
    confidence: maybe({ type: 'int' }),
    candidates: { type: 'jsonb', default: [] },
    found_linked: flag(false),
    out_of_scope: flag(false),
    feed_out_of_scope: flag(false),
    by_intent: flag(false),
    comparable: flag(false),
    first_seen_at: since,
    seen_at: since,
    gone_at: maybe(instant),
  },
  uniques: [{ name: 'account_source_key_key', columns: ['source', 'key'] }],
  checks: [
    { name: 'account_kind_check', expression: oneOf('kind', ...ACCOUNT_KINDS) },
    { name: 'account_kind_by_check', expression: oneOf('kind_by', 'feed', 'rule', 'person') },
    {
      name: 'account_situation_check',
      expression: oneOf('situation', 'linked', 'unlinked', 'unmatched', 'disputed', 'gone'),
    },
  ],
  indices: [
    { name: 'account_person', columns: ['person_id'] },
    { name: 'account_affiliation', columns: ['affiliation_id'] },
    { name: 'account_situation', columns: ['situation'] },
    { name: 'account_source_situation', columns: ['source', 'situation'] },
    {
      name: 'account_open',
      columns: ['situation_since'],
      where: `situation in ('unlinked', 'unmatched', 'disputed')`,
    },
    { name: 'account_employee_no', columns: ['employee_no'], where: 'employee_no is not null' },
    // Over expressions, which a definition cannot hold; the comparison of up, down and up does.
    { name: 'account_dn', columns: ['dn'], synchronize: false },
    { name: 'account_username', columns: ['username'], synchronize: false },
  ],
})

const groupTable = new EntitySchema({
  name: 'directory_group',
  columns: {
    id: madeId,
    source: text,
    key: text,
    name: text,
    dn: maybe(text),
    description: maybe(text),
    members: list,
    sid: maybe(text),
    first_seen_at: since,
    gone_at: maybe(instant),
  },
  uniques: [{ name: 'directory_group_source_key_key', columns: ['source', 'key'] }],
  indices: [
    { name: 'directory_group_dn', columns: ['dn'], synchronize: false },
    { name: 'directory_group_members', columns: ['members'], synchronize: false },
  ],
})

const mappingTable = new EntitySchema({
  name: 'group_mapping',
  columns: {
    id: madeId,
    source: text,
    pattern: text,
    entitlement: text,
    position: count(0),
    origin: { type: 'text', default: 'file' },
    off_at: maybe(instant),
    changed_at: maybe(instant),
    changed_by: maybe(text),
  },
  checks: [{ name: 'group_mapping_origin_check', expression: oneOf('origin', 'file', 'screen') }],
  uniques: [{ name: 'group_mapping_source_pattern_entitlement_key', columns: ['source', 'pattern', 'entitlement'] }],
})

const mappedTable = new EntitySchema({
  name: 'group_entitlement',
  columns: {
    group_id: dies(key(uuid), 'directory_group', 'group_entitlement_group_id_fkey'),
    entitlement_id: ref(key(uuid), 'entitlement', 'group_entitlement_entitlement_id_fkey'),
    mapping_id: dies(uuid, 'group_mapping', 'group_entitlement_mapping_id_fkey'),
  },
  indices: [
    { name: 'group_entitlement_by_right', columns: ['entitlement_id'] },
    { name: 'group_entitlement_mapping', columns: ['mapping_id'] },
  ],
})

const observedTable = new EntitySchema({
  name: 'observed_right',
  columns: {
    account_id: key(uuid),
    entitlement_id: key(uuid),
    via: { type: 'uuid', array: true },
    paths: count(1),
    first_seen_at: instant,
    run_id: maybe(uuid),
    listed: flag(false),
    limits: list,
    last_used: maybe({ type: 'date' }),
  },
  indices: [{ name: 'observed_right_by_right', columns: ['entitlement_id'] }],
})

const dueTable = new EntitySchema({ name: 'observe_due', columns: { source: key(text) } })

const dueSubjectTable = new EntitySchema({
  name: 'observe_due_subject',
  columns: { source: key(text), kind: key(text), subject_id: key(uuid) },
  checks: [{ name: 'observe_due_subject_kind_check', expression: `kind in ('account', 'group')` }],
})

const listRightTable = new EntitySchema({
  name: 'list_right',
  columns: {
    source: key(text),
    name_key: key(text),
    name: text,
    entitlement_id: ref(maybe(uuid), 'entitlement', 'list_right_entitlement_id_fkey'),
    decided_by: { type: 'text', default: 'name' },
    first_seen_at: since,
  },
  checks: [{ name: 'list_right_decided_by_check', expression: oneOf('decided_by', 'name', 'person') }],
  indices: [{ name: 'list_right_by_right', columns: ['entitlement_id'] }],
})

const uploadTable = new EntitySchema({
  name: 'user_list_upload',
  columns: {
    id: madeId,
    system_id: ref(uuid, 'it_system', 'user_list_upload_system_id_fkey'),
    name: text,
    bytes: { type: 'int' },
    sheet: { type: 'boolean' },
    uploaded_by: text,
    uploaded_at: since,
  },
  indices: [{ name: 'user_list_upload_system', columns: ['system_id'] }],
})

/** `group_member` and `observed_right_history` have no primary key and so no definition: TypeORM asks for one. */
export const systemTables = [
  ...transferTables,
  systemTable,
  versionTable,
  attestationTable,
  entitlementTable,
  accountTable,
  groupTable,
  mappingTable,
  mappedTable,
  observedTable,
  dueTable,
  dueSubjectTable,
  listRightTable,
  uploadTable,
] as const
