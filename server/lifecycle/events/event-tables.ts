import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** What personnel programs have sent, as it came in, and what became of it. */

const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const text: EntitySchemaColumnOptions = { type: 'text' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const count: EntitySchemaColumnOptions = { type: 'int', default: 0 }
const madeId: EntitySchemaColumnOptions = { type: 'uuid', primary: true }
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const ref = (target: string, name: string, more: { onDelete?: 'CASCADE' } = {}): EntitySchemaColumnOptions => ({
  ...uuid,
  foreignKey: { target, name, ...more },
})

export const eventTables = [
  new EntitySchema({
    name: 'hr_event',
    columns: {
      id: madeId,
      feed: text,
      source: text,
      event_id: text,
      type: text,
      subject: text,
      time: instant,
      effective_on: maybe({ type: 'date' }),
      sequence: maybe({ type: 'bigint' }),
      refers_source: maybe(text),
      refers_id: maybe(text),
      data: { type: 'jsonb' },
      sealed: maybe(text),
      ends: { type: 'boolean', default: false },
      received_at: instant,
      token_id: maybe(ref('api_token', 'hr_event_token_id_fkey')),
    },
    uniques: [{ name: 'hr_event_feed_source_event_id_key', columns: ['feed', 'source', 'event_id'] }],
    indices: [
      { name: 'hr_event_subject', columns: ['feed', 'subject'] },
      { name: 'hr_event_refers', columns: ['feed', 'refers_source', 'refers_id'], where: 'refers_id is not null' },
      { name: 'hr_event_received', columns: ['received_at'], synchronize: false },
      { name: 'hr_event_ends', columns: ['feed', 'received_at'], where: 'ends' },
    ],
  }),
  new EntitySchema({
    name: 'hr_event_state',
    columns: {
      event_id: { primary: true, ...ref('hr_event', 'hr_event_state_event_id_fkey', { onDelete: 'CASCADE' }) },
      state: text,
      why: maybe(text),
      params: { type: 'jsonb', default: {} },
      attempts: count,
      changed_at: instant,
      next_at: maybe(instant),
      person_id: maybe(ref('person', 'hr_event_state_person_id_fkey')),
      affiliation_id: maybe(ref('affiliation', 'hr_event_state_affiliation_id_fkey')),
      facts: { type: 'text', array: true, default: () => `'{}'` },
      notes: { type: 'jsonb', default: [] },
      decided_by: maybe(text),
      reason: maybe(text),
    },
    checks: [
      {
        name: 'hr_event_state_state_check',
        expression: `state in ('received', 'applied', 'waiting', 'held', 'approved', 'failed', 'unknown-type', 'set-aside')`,
      },
    ],
    indices: [
      {
        name: 'hr_event_state_todo',
        columns: ['changed_at', 'event_id'],
        where: `state in ('received', 'approved')`,
      },
      { name: 'hr_event_state_state', columns: ['state', 'changed_at'], synchronize: false },
      { name: 'hr_event_state_person', columns: ['person_id'], where: 'person_id is not null' },
      { name: 'hr_event_state_affiliation', columns: ['affiliation_id'], where: 'affiliation_id is not null' },
    ],
  }),
] as const
