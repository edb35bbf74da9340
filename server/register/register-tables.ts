import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'
import { recordTables } from './records/record-tables.ts'

/** Tables of the register room. Stores write SQL; this keeps the migrations and the code to one truth. */

type Column = EntitySchemaColumnOptions
const text: Column = { type: 'text' }
const uuid: Column = { type: 'uuid' }
const day: Column = { type: 'date' }
const instant: Column = { type: 'timestamptz' }
const count: Column = { type: 'int' }
const list: Column = { type: 'text', array: true }
const key = (column: Column): Column => ({ ...column, primary: true })
const maybe = (column: Column): Column => ({ ...column, nullable: true })
const or = (column: Column, value: unknown): Column => ({ ...column, default: value })
const empty: Column = { ...list, default: () => `'{}'` }
const ref = (column: Column, target: string, name: string): Column => ({ ...column, foreignKey: { target, name } })
const oneOf = (column: string, ...values: string[]) => `${column} in (${values.map(value => `'${value}'`).join(', ')})`
const ofVersion = (table: string) => key(ref(uuid, 'activity_version', `${table}_version_id_fkey`))
const ofActivity = (table: string) => ref(uuid, 'activity', `${table}_activity_id_fkey`)

const vocabulary = new EntitySchema({
  name: 'vocabulary_term',
  columns: {
    id: key(uuid),
    kind: text,
    code: text,
    da: text,
    en: text,
    class: maybe(text),
    dpv: empty,
    note_da: maybe(text),
    note_en: maybe(text),
    link: maybe(text),
    checked_on: maybe(day),
    expires_on: maybe(day),
    origin: text,
    sort: or(count, 0),
    retired_at: maybe(instant),
  },
  uniques: [{ name: 'vocabulary_term_kind_code_key', columns: ['kind', 'code'] }],
  checks: [
    {
      name: 'vocabulary_term_kind_check',
      expression: oneOf(
        'kind',
        ...['basis6', 'basis9', 'national', 'law', 'purpose-kind', 'data', 'subject', 'recipient'],
        ...['transfer-ground', 'measure', 'operation', 'adequacy'],
      ),
    },
    { name: 'vocabulary_term_origin_check', expression: oneOf('origin', 'shipped', 'own') },
  ],
})

const activity = new EntitySchema({
  name: 'activity',
  columns: {
    id: key(uuid),
    ref: text,
    kind: text,
    catalogue_key: maybe(text),
    confirmed_at: maybe(instant),
    confirmed_by: maybe(uuid),
    attest_due: maybe(day),
    created_at: instant,
    created_by: text,
  },
  uniques: [{ name: 'activity_ref_key', columns: ['ref'] }],
  checks: [{ name: 'activity_kind_check', expression: oneOf('kind', 'controller', 'processor') }],
})

const version = new EntitySchema({
  name: 'activity_version',
  columns: {
    id: key(uuid),
    activity_id: ofActivity('activity_version'),
    number: count,
    state: text,
    content: { type: 'jsonb' },
    owner_id: ref(maybe(uuid), 'affiliation', 'activity_version_owner_id_fkey'),
    base_id: ref(maybe(uuid), 'activity_version', 'activity_version_base_id_fkey'),
    summary: maybe(text),
    author: text,
    made_at: instant,
    changed_at: instant,
    proposed_at: maybe(instant),
    proposed_by: maybe(text),
    effective_on: maybe(day),
    decided_at: maybe(instant),
    decided_by: maybe(text),
    decision: maybe(text),
    lock: or(count, 1),
  },
  uniques: [{ name: 'activity_version_number_key', columns: ['activity_id', 'number'] }],
  checks: [
    {
      name: 'activity_version_state_check',
      expression: oneOf('state', 'draft', 'proposed', 'in-force', 'superseded', 'rejected', 'withdrawn'),
    },
  ],
  indices: [
    {
      name: 'activity_version_open',
      columns: ['activity_id'],
      unique: true,
      where: oneOf('state', 'draft', 'proposed'),
    },
    {
      name: 'activity_version_owner',
      columns: ['owner_id'],
      where: oneOf('state', 'draft', 'proposed', 'in-force'),
    },
  ],
})

const inForce = new EntitySchema({
  name: 'activity_in_force',
  columns: {
    id: key(uuid),
    activity_id: ofActivity('activity_in_force'),
    version_id: ref(uuid, 'activity_version', 'activity_in_force_version_id_fkey'),
    valid: { type: 'daterange' },
    recorded: { type: 'tstzrange' },
  },
  exclusions: [
    {
      name: 'activity_in_force_once',
      expression: 'using gist (activity_id with =, valid with &&, recorded with &&)',
    },
  ],
  indices: [{ name: 'activity_in_force_version', columns: ['version_id'] }],
})

const row = new EntitySchema({
  name: 'activity_row',
  columns: {
    version_id: ofVersion('activity_row'),
    place: key(count),
    subject: text,
    data: text,
    recipient: maybe(text),
    erasure: maybe(text),
  },
  indices: [{ name: 'activity_row_data', columns: ['data', 'subject'] }],
})

const purpose = new EntitySchema({
  name: 'activity_purpose',
  columns: {
    version_id: ofVersion('activity_purpose'),
    key: key(text),
    place: count,
    name: text,
    art6: maybe(text),
    art9: empty,
    national: empty,
    provisions: { type: 'jsonb', default: [] },
  },
})

const system = new EntitySchema({
  name: 'activity_system',
  columns: {
    version_id: ofVersion('activity_system'),
    system_id: key(ref(uuid, 'it_system', 'activity_system_system_id_fkey')),
    use: maybe(text),
  },
  indices: [{ name: 'activity_system_system', columns: ['system_id'] }],
})

const unit = new EntitySchema({
  name: 'activity_unit',
  columns: {
    version_id: ofVersion('activity_unit'),
    unit_id: key(ref(uuid, 'org_unit', 'activity_unit_unit_id_fkey')),
  },
  indices: [{ name: 'activity_unit_unit', columns: ['unit_id'] }],
})

const kle = new EntitySchema({
  name: 'activity_kle',
  columns: { version_id: ofVersion('activity_kle'), kle: key(text) },
})

const comment = new EntitySchema({
  name: 'activity_comment',
  columns: {
    id: key(uuid),
    activity_id: ofActivity('activity_comment'),
    version_id: ref(uuid, 'activity_version', 'activity_comment_version_id_fkey'),
    kind: text,
    text,
    at: instant,
    by: uuid,
    follow_up_on: maybe(day),
    answered_at: maybe(instant),
    answered_by: maybe(uuid),
    answer: maybe(text),
    answer_note: maybe(text),
  },
  checks: [
    { name: 'activity_comment_kind_check', expression: oneOf('kind', 'comment', 'advice') },
    { name: 'activity_comment_answer_check', expression: oneOf('answer', 'followed', 'not-followed', 'partly') },
  ],
  indices: [{ name: 'activity_comment_activity', columns: ['activity_id', 'at'] }],
})

const attestation = new EntitySchema({
  name: 'activity_attestation',
  columns: {
    id: key(uuid),
    activity_id: ofActivity('activity_attestation'),
    version_id: ref(uuid, 'activity_version', 'activity_attestation_version_id_fkey'),
    kind: text,
    at: instant,
    by: uuid,
    changed: { type: 'boolean' },
    note: maybe(text),
  },
  checks: [{ name: 'activity_attestation_kind_check', expression: oneOf('kind', 'owner', 'spot-check') }],
  indices: [{ name: 'activity_attestation_activity', columns: ['activity_id', 'at'] }],
})

const setting = new EntitySchema({
  name: 'register_setting',
  columns: { singleton: { type: 'boolean', primary: true, default: true }, defaults: { type: 'jsonb' } },
  checks: [{ name: 'register_setting_singleton_check', expression: 'singleton' }],
})

const CURRENT = 'upper_inf(recorded)'
const binding = new EntitySchema({
  name: 'purpose_binding',
  columns: {
    id: key(uuid),
    level: text,
    system_id: ref(maybe(uuid), 'it_system', 'purpose_binding_system_id_fkey'),
    entitlement_id: ref(maybe(uuid), 'entitlement', 'purpose_binding_entitlement_id_fkey'),
    group_id: ref(maybe(uuid), 'directory_group', 'purpose_binding_group_id_fkey'),
    role_key: maybe(text),
    rule_key: maybe(text),
    affiliation_id: ref(maybe(uuid), 'affiliation', 'purpose_binding_affiliation_id_fkey'),
    activity_id: ofActivity('purpose_binding'),
    purpose_key: text,
    subjects: maybe(list),
    data: maybe(list),
    operations: empty,
    scope: { type: 'jsonb', default: {} },
    necessity: text,
    origin: text,
    proposal_source: maybe(text),
    confidence: maybe(text),
    proposed_by: text,
    proposed_at: instant,
    approved_by: maybe(text),
    approved_at: maybe(instant),
    valid: { type: 'daterange' },
    recorded: { type: 'tstzrange' },
    review_months: or(count, 12),
    batch_id: maybe(uuid),
    replaces_id: maybe(uuid),
    ended_by: maybe(text),
    ended_reason: maybe(text),
  },
  checks: [
    {
      name: 'purpose_binding_level_check',
      expression: oneOf('level', 'system', 'entitlement', 'group', 'role', 'rule', 'assignment'),
    },
    { name: 'purpose_binding_origin_check', expression: oneOf('origin', 'manual', 'proposed', 'imported') },
    { name: 'purpose_binding_confidence_check', expression: oneOf('confidence', 'strong', 'medium', 'weak') },
    {
      name: 'purpose_binding_object_check',
      expression: `(level = 'system') = (system_id is not null)
        and (level in ('entitlement', 'assignment')) = (entitlement_id is not null)
        and (level = 'group') = (group_id is not null)
        and (level = 'role') = (role_key is not null)
        and (level = 'rule') = (rule_key is not null)
        and (level = 'assignment') = (affiliation_id is not null)`,
    },
  ],
  indices: [
    { name: 'purpose_binding_system', columns: ['system_id'], where: CURRENT },
    { name: 'purpose_binding_entitlement', columns: ['entitlement_id'], where: CURRENT },
    { name: 'purpose_binding_group', columns: ['group_id'], where: CURRENT },
    { name: 'purpose_binding_role', columns: ['role_key'], where: `${CURRENT} and role_key is not null` },
    { name: 'purpose_binding_rule', columns: ['rule_key'], where: `${CURRENT} and rule_key is not null` },
    { name: 'purpose_binding_affiliation', columns: ['affiliation_id'], where: CURRENT },
    { name: 'purpose_binding_activity', columns: ['activity_id'] },
    { name: 'purpose_binding_batch', columns: ['batch_id'], where: 'batch_id is not null' },
    { name: 'purpose_binding_replaces', columns: ['replaces_id'], where: 'replaces_id is not null' },
  ],
})

const rejection = new EntitySchema({
  name: 'purpose_rejection',
  columns: { key: key(text), reason: text, at: instant, by: text, batch_id: uuid },
  indices: [{ name: 'purpose_rejection_batch', columns: ['batch_id'] }],
})

const coverage = new EntitySchema({
  name: 'purpose_coverage_day',
  columns: { on_date: key(day), area: key(text), rights: count, with_purpose: count },
})

const kleEntry = new EntitySchema({
  name: 'kle_entry',
  columns: {
    number: key(text),
    title: text,
    preservation: text,
    erase_after: maybe(text),
    file: text,
    read_at: instant,
  },
  checks: [{ name: 'kle_entry_preservation_check', expression: oneOf('preservation', 'keep', 'discard', 'unknown') }],
})

export const registerTables = [
  ...[vocabulary, activity, version, inForce, row, purpose, system, unit, kle],
  ...[kleEntry, comment, attestation, setting, binding, rejection, coverage],
  ...recordTables,
] as const
