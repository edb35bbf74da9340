import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Tables of the room of the product's own compliance. Stores write SQL; this keeps the migrations and the code to one truth. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const int: EntitySchemaColumnOptions = { type: 'integer' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const date: EntitySchemaColumnOptions = { type: 'date' }
const key = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true })
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const ref = (target: string, name: string) => ({ foreignKey: { target, name } })
const oneOf = (column: string, ...values: string[]) => `${column} in (${values.map(value => `'${value}'`).join(', ')})`

export const gdprTables = [
  new EntitySchema({
    name: 'retention_setting',
    columns: {
      row: key(text),
      amount: maybe(int),
      unit: maybe(text),
      mode: text,
      most: int,
      reason: text,
      changed_at: instant,
      changed_by: uuid,
    },
    checks: [
      { name: 'retention_setting_amount_check', expression: 'amount > 0' },
      { name: 'retention_setting_unit_check', expression: oneOf('unit', 'days', 'months') },
      { name: 'retention_setting_mode_check', expression: oneOf('mode', 'automatic', 'by-hand') },
      { name: 'retention_setting_most_check', expression: 'most > 0' },
      { name: 'retention_setting_period_check', expression: '(amount is null) = (unit is null)' },
    ],
  }),
  new EntitySchema({ name: 'retention_begun', columns: { row: key(text), run_id: uuid, at: instant } }),
  new EntitySchema({
    name: 'retention_run',
    columns: {
      id: key(uuid),
      rows: { type: 'text', array: true },
      on_day: date,
      state: text,
      preview: { type: 'jsonb' },
      gone: { type: 'jsonb', default: {} },
      asked_at: instant,
      asked_by: maybe(uuid),
      reason: text,
      decided_at: maybe(instant),
      decided_by: maybe(uuid),
      decision: maybe(text),
      beat_at: maybe(instant),
      ended_at: maybe(instant),
    },
    checks: [
      { name: 'retention_run_state_check', expression: oneOf('state', 'waiting', 'running', 'done', 'refused') },
    ],
    indices: [
      { name: 'retention_run_asked', columns: ['asked_at', 'id'], synchronize: false },
      { name: 'retention_run_running', columns: ['state'], synchronize: false },
    ],
  }),
  new EntitySchema({
    name: 'deletion_journal',
    columns: {
      seq: key({ type: 'bigint' }),
      row: text,
      at: text,
      subjects: { type: 'text', array: true },
      pseudonyms: { type: 'text', array: true, default: () => `'{}'` },
      hash: text,
      run_id: maybe(uuid),
    },
    checks: [{ name: 'deletion_journal_seq_check', expression: 'seq > 0' }],
  }),
  new EntitySchema({
    name: 'person_pseudonym',
    columns: {
      person_id: key({ ...uuid, ...ref('person', 'person_pseudonym_person_id_fkey') }),
      pseudonym: text,
      at: instant,
    },
    uniques: [{ name: 'person_pseudonym_pseudonym_key', columns: ['pseudonym'] }],
  }),
  new EntitySchema({
    name: 'legal_hold',
    columns: {
      id: key(uuid),
      kind: text,
      subject_id: uuid,
      reason: text,
      owner_id: { ...uuid, ...ref('person', 'legal_hold_owner_id_fkey') },
      placed_at: instant,
      placed_by: uuid,
      expires_on: date,
      ended_at: maybe(instant),
      ended_by: maybe(uuid),
      ended_reason: maybe(text),
    },
    checks: [{ name: 'legal_hold_kind_check', expression: oneOf('kind', 'person', 'case') }],
    indices: [{ name: 'legal_hold_subject', columns: ['subject_id'], where: 'ended_at is null' }],
  }),
  new EntitySchema({
    name: 'compliance_text',
    columns: {
      id: key(uuid),
      kind: text,
      version: int,
      da: text,
      en: text,
      reason: text,
      published_at: instant,
      published_by: maybe(uuid),
    },
    checks: [{ name: 'compliance_text_kind_check', expression: oneOf('kind', 'notice', 'dpia', 'log-policy') }],
    uniques: [{ name: 'compliance_text_kind_version_key', columns: ['kind', 'version'] }],
  }),
  new EntitySchema({
    name: 'notice_shown',
    columns: {
      person_id: key({ ...uuid, ...ref('person', 'notice_shown_person_id_fkey') }),
      version: key(int),
      how: text,
      at: instant,
      by: maybe(uuid),
    },
    checks: [{ name: 'notice_shown_how_check', expression: oneOf('how', 'screen', 'paper') }],
  }),
  new EntitySchema({
    name: 'lookup_sample',
    columns: {
      entry_id: key({ type: 'bigint', ...ref('audit_entry', 'lookup_sample_entry_id_fkey') }),
      month: date,
      drawn_at: instant,
      answer: maybe(text),
      note: maybe(text),
      answered_at: maybe(instant),
      answered_by: maybe(uuid),
    },
    checks: [
      { name: 'lookup_sample_answer_check', expression: oneOf('answer', 'work', 'not-work', 'unclear') },
      { name: 'lookup_sample_check', expression: '(answer is null) = (answered_at is null)' },
    ],
    indices: [{ name: 'lookup_sample_month', columns: ['month'] }],
  }),
]
