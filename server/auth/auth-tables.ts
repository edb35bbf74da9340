import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Tables of the auth room. Stores write SQL; this keeps the migrations and the code to one truth. */

const text = (more: Partial<EntitySchemaColumnOptions> = {}): EntitySchemaColumnOptions => ({ type: 'text', ...more })
const none = { nullable: true } as const
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const maybeInstant: EntitySchemaColumnOptions = { type: 'timestamptz', nullable: true }
const now: EntitySchemaColumnOptions = { type: 'timestamptz', default: () => 'clock_timestamp()' }
const id: EntitySchemaColumnOptions = { type: 'uuid', primary: true }
const bytes: EntitySchemaColumnOptions = { type: 'bytea' }
const user = (name: string, more: Partial<EntitySchemaColumnOptions> = {}): EntitySchemaColumnOptions => ({
  type: 'uuid',
  foreignKey: { target: 'tool_user', name },
  ...more,
})

export const authTables = [
  new EntitySchema({
    name: 'tool_user',
    columns: {
      id,
      kind: text(),
      username: text(),
      display_name: text(none),
      person_id: { type: 'uuid', nullable: true, foreignKey: { target: 'person', name: 'tool_user_person_id_fkey' } },
      password_hash: text(none),
      password_set_at: maybeInstant,
      disabled_at: maybeInstant,
      last_sign_in_at: maybeInstant,
      created_at: now,
    },
    checks: [
      {
        name: 'tool_user_kind_check',
        expression: `kind in ('person', 'outsider', 'administrator', 'emergency')`,
      },
      { name: 'tool_user_check', expression: `(kind = 'person') = (person_id is not null)` },
      { name: 'tool_user_check1', expression: `kind = 'person' or display_name is not null` },
    ],
    indices: [
      { name: 'tool_user_username', columns: ['username'], unique: true, synchronize: false },
      { name: 'tool_user_person', columns: ['person_id'], unique: true, where: '(person_id IS NOT NULL)' },
    ],
  }),
  new EntitySchema({
    name: 'local_role',
    columns: {
      id,
      user_id: user('local_role_user_id_fkey'),
      role: text(),
      valid: { type: 'daterange' },
      reason: text(),
      granted_by: user('local_role_granted_by_fkey', none),
      granted_at: now,
    },
    checks: [
      { name: 'local_role_role_check', expression: `role in ('admin', 'hr', 'it', 'dpo', 'auditor', 'reporter')` },
      {
        name: 'local_role_valid_check',
        expression: 'not upper_inf(valid) and not lower_inf(valid) and not isempty(valid)',
      },
    ],
    exclusions: [
      {
        name: 'local_role_user_id_role_valid_excl',
        expression: 'USING gist (user_id WITH =, role WITH =, valid WITH &&)',
      },
    ],
  }),
  new EntitySchema({
    name: 'local_role_unit',
    columns: {
      local_role_id: {
        type: 'uuid',
        primary: true,
        foreignKey: { target: 'local_role', name: 'local_role_unit_local_role_id_fkey', onDelete: 'CASCADE' },
      },
      unit_id: {
        type: 'uuid',
        primary: true,
        foreignKey: { target: 'org_unit', name: 'local_role_unit_unit_id_fkey' },
      },
    },
  }),
  new EntitySchema({
    name: 'one_time_link',
    columns: {
      token_hash: { ...bytes, primary: true },
      user_id: user('one_time_link_user_id_fkey'),
      purpose: text(),
      created_at: now,
      expires_at: instant,
      used_at: maybeInstant,
    },
    checks: [
      {
        name: 'one_time_link_purpose_check',
        expression: `purpose in ('first-administrator', 'invitation', 'reset')`,
      },
    ],
    indices: [{ name: 'one_time_link_user', columns: ['user_id'] }],
  }),
  new EntitySchema({
    name: 'second_factor',
    columns: {
      id,
      user_id: user('second_factor_user_id_fkey'),
      kind: text(),
      name: text(),
      secret: text(none),
      last_step: { type: 'bigint', nullable: true },
      credential_id: text(none),
      public_key: { ...bytes, nullable: true },
      counter: { type: 'bigint', nullable: true },
      transports: text({ array: true, nullable: true }),
      confirmed_at: maybeInstant,
      created_at: now,
      last_used_at: maybeInstant,
    },
    uniques: [{ name: 'second_factor_credential_id_key', columns: ['credential_id'] }],
    checks: [
      { name: 'second_factor_kind_check', expression: `kind in ('totp', 'passkey')` },
      { name: 'second_factor_check', expression: `(kind = 'totp') = (secret is not null)` },
      {
        name: 'second_factor_check1',
        expression: `(kind = 'passkey') = (credential_id is not null and public_key is not null and counter is not null)`,
      },
    ],
    indices: [{ name: 'second_factor_user', columns: ['user_id'] }],
  }),
  new EntitySchema({
    name: 'recovery_code',
    columns: {
      user_id: user('recovery_code_user_id_fkey', { primary: true }),
      code_hash: { ...bytes, primary: true },
      used_at: maybeInstant,
    },
  }),
  new EntitySchema({
    name: 'sign_in_attempt',
    columns: {
      key: { ...bytes, primary: true },
      failures: { type: 'int' },
      first_at: instant,
      locked_until: maybeInstant,
    },
  }),
  new EntitySchema({
    name: 'session',
    columns: {
      sid: { type: 'varchar', primary: true },
      sess: { type: 'json' },
      expire: { type: 'timestamp', precision: 6 },
    },
    indices: [
      { name: 'session_expire', columns: ['expire'] },
      { name: 'session_user_id', columns: ['sess'], synchronize: false },
    ],
  }),
  new EntitySchema({
    name: 'api_token',
    columns: {
      id,
      name: text(),
      hash: bytes,
      hint: text(),
      rights: text({ array: true }),
      feed: text(),
      created_at: instant,
      created_by: text(),
      expires_at: instant,
      last_used_at: maybeInstant,
      revoked_at: maybeInstant,
      revoked_by: text(none),
      revoked_reason: text(none),
    },
    uniques: [{ name: 'api_token_hash_key', columns: ['hash'] }],
  }),
]
