import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const text: EntitySchemaColumnOptions = { type: 'text' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const person = (name: string): EntitySchemaColumnOptions => ({ ...uuid, foreignKey: { target: 'person', name } })
const oneOf = (column: string, ...values: string[]) => `${column} in (${values.map(value => `'${value}'`).join(', ')})`
const RHYTHMS = ['now', 'hour', 'day']

/** The store writes SQL; this keeps the migration and the code to one truth. */
export const mailTables = [
  new EntitySchema({
    name: 'mail_start',
    columns: { one: { type: 'boolean', primary: true, default: true }, at: instant },
    checks: [{ name: 'mail_start_one_check', expression: 'one' }],
  }),
  new EntitySchema({
    name: 'mail_language',
    columns: {
      person_id: {
        ...uuid,
        primary: true,
        foreignKey: { target: 'person', name: 'mail_language_person_id_fkey', onDelete: 'CASCADE' },
      },
      language: text,
    },
    checks: [{ name: 'mail_language_language_check', expression: oneOf('language', 'da', 'en') }],
  }),
  new EntitySchema({
    name: 'mail',
    columns: {
      id: { ...uuid, primary: true, generated: 'uuid' },
      person_id: person('mail_person_id_fkey'),
      rhythm: text,
      slot: text,
      state: text,
      attempts: { type: 'int', default: 0 },
      next_try_at: maybe(instant),
      tried_at: maybe(instant),
      error: maybe(text),
      made_at: instant,
      sent_at: maybe(instant),
    },
    checks: [
      { name: 'mail_rhythm_check', expression: oneOf('rhythm', ...RHYTHMS) },
      { name: 'mail_state_check', expression: oneOf('state', 'waiting', 'sending', 'sent', 'shown', 'failed') },
    ],
    uniques: [{ name: 'mail_slot', columns: ['person_id', 'slot'] }],
    indices: [
      { name: 'mail_waiting', columns: ['next_try_at'], where: `state = 'waiting'` },
      { name: 'mail_made', columns: ['made_at'] },
    ],
  }),
  new EntitySchema({
    name: 'mail_item',
    columns: {
      id: { ...uuid, primary: true, generated: 'uuid' },
      key: text,
      person_id: person('mail_item_person_id_fkey'),
      kind: text,
      stage: text,
      subject_id: uuid,
      about_person_id: maybe(person('mail_item_about_person_id_fkey')),
      facts: { type: 'jsonb', default: {} },
      rhythm: text,
      due_on: { type: 'date' },
      made_at: instant,
      told_at: maybe(instant),
      mail_id: maybe({ ...uuid, foreignKey: { target: 'mail', name: 'mail_item_mail_id_fkey', onDelete: 'SET NULL' } }),
    },
    checks: [{ name: 'mail_item_rhythm_check', expression: oneOf('rhythm', ...RHYTHMS) }],
    uniques: [{ name: 'mail_item_key', columns: ['key'] }],
    indices: [
      { name: 'mail_item_open', columns: ['rhythm', 'person_id'], where: 'told_at is null' },
      { name: 'mail_item_mail', columns: ['mail_id'] },
      { name: 'mail_item_person', columns: ['person_id'] },
      { name: 'mail_item_about', columns: ['about_person_id'] },
    ],
  }),
] as const
