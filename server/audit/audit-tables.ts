import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Tables of the audit room. The log is written in SQL; this keeps the migrations and the code to one truth. */

const text = (more: Partial<EntitySchemaColumnOptions> = {}): EntitySchemaColumnOptions => ({ type: 'text', ...more })
const none = { nullable: true } as const
const uuid: EntitySchemaColumnOptions = { type: 'uuid', nullable: true }
const bytes: EntitySchemaColumnOptions = { type: 'bytea' }
const now: EntitySchemaColumnOptions = { type: 'timestamptz', default: () => 'clock_timestamp()' }

export const auditTables = [
  new EntitySchema({
    name: 'audit_entry',
    columns: {
      // EntitySchema knows `identity` when it runs but not in its types.
      id: {
        type: 'bigint',
        primary: true,
        generated: 'identity' as 'increment',
        generatedIdentity: 'ALWAYS',
      } as EntitySchemaColumnOptions,
      // TypeORM drops the casts of the default when it compares.
      xid: { type: 'bigint', default: () => '((pg_current_xact_id()))' },
      at: now,
      actor_kind: text(),
      actor_user_id: uuid,
      actor_person_id: uuid,
      actor_function: text(),
      action: text(),
      subject_kind: text(),
      subject_id: text(none),
      person_id: uuid,
      lookup: { type: 'boolean', default: false },
      case_id: uuid,
      request_id: text(none),
      payload_hash: { ...bytes, nullable: true },
    },
    checks: [{ name: 'audit_entry_actor_kind_check', expression: `actor_kind in ('user', 'system', 'cli')` }],
    indices: [
      { name: 'audit_entry_at', columns: ['at', 'id'], synchronize: false },
      { name: 'audit_entry_person', columns: ['person_id', 'at'], synchronize: false },
      { name: 'audit_entry_subject', columns: ['subject_kind', 'subject_id', 'at'], synchronize: false },
      { name: 'audit_entry_actor', columns: ['actor_user_id', 'at'], synchronize: false },
    ],
  }),
  new EntitySchema({
    name: 'audit_payload',
    columns: {
      entry_id: {
        type: 'bigint',
        primary: true,
        foreignKey: { target: 'audit_entry', name: 'audit_payload_entry_id_fkey' },
      },
      salt: { ...bytes, nullable: true },
      body: text(none),
      erased_at: { type: 'timestamptz', nullable: true },
    },
    checks: [
      {
        name: 'audit_payload_check',
        expression: '(erased_at is null) = (body is not null) and (erased_at is null) = (salt is not null)',
      },
    ],
  }),
  new EntitySchema({
    name: 'audit_seal',
    columns: {
      seq: { type: 'bigint', primary: true },
      entry_id: { type: 'bigint', foreignKey: { target: 'audit_entry', name: 'audit_seal_entry_id_fkey' } },
      hash: bytes,
      sealed_at: now,
    },
    uniques: [{ name: 'audit_seal_entry_id_key', columns: ['entry_id'] }],
    checks: [{ name: 'audit_seal_seq_check', expression: 'seq > 0' }],
  }),
  new EntitySchema({
    name: 'audit_head',
    columns: {
      one: { type: 'boolean', primary: true, default: true },
      seq: { type: 'bigint' },
      hash: bytes,
      key_id: text(),
      signature: bytes,
    },
    checks: [{ name: 'audit_head_one_check', expression: 'one' }],
  }),
  new EntitySchema({
    name: 'audit_case',
    columns: { case_id: { type: 'uuid', primary: true }, released_at: { type: 'timestamptz', nullable: true } },
  }),
]
