import { EntitySchema } from 'typeorm'

const userOf = (table: string) =>
  ({
    type: 'uuid',
    foreignKey: { target: 'tool_user', name: `${table}_user_id_fkey`, onDelete: 'CASCADE' },
  }) as const
const viewOf = (table: string) =>
  ({
    type: 'uuid',
    foreignKey: { target: 'saved_view', name: `${table}_view_id_fkey`, onDelete: 'CASCADE' },
  }) as const

/** The store writes SQL; this keeps the migration and the code to one truth. */
export const viewTables = [
  new EntitySchema({
    name: 'saved_view',
    columns: {
      id: { type: 'uuid', primary: true },
      screen: { type: 'text' },
      name: { type: 'text' },
      search: { type: 'jsonb', default: {} },
      owner_id: {
        type: 'uuid',
        foreignKey: { target: 'tool_user', name: 'saved_view_owner_id_fkey', onDelete: 'CASCADE' },
      },
      shared_with: { type: 'text', array: true, default: () => `'{}'` },
      created_at: { type: 'timestamptz', default: () => 'clock_timestamp()' },
      changed_at: { type: 'timestamptz', default: () => 'clock_timestamp()' },
    },
    uniques: [{ name: 'saved_view_owner_id_screen_name_key', columns: ['owner_id', 'screen', 'name'] }],
    indices: [{ name: 'saved_view_screen', columns: ['screen'] }],
  }),
  new EntitySchema({
    name: 'view_default',
    columns: {
      user_id: { ...userOf('view_default'), primary: true },
      screen: { type: 'text', primary: true },
      view_id: viewOf('view_default'),
    },
    indices: [{ name: 'view_default_view', columns: ['view_id'] }],
  }),
  new EntitySchema({
    name: 'view_subscription',
    columns: {
      id: { type: 'uuid', primary: true },
      view_id: viewOf('view_subscription'),
      user_id: userOf('view_subscription'),
      language: { type: 'text' },
      weekday: { type: 'int' },
      hour: { type: 'int' },
      created_at: { type: 'timestamptz', default: () => 'clock_timestamp()' },
    },
    checks: [
      { name: 'view_subscription_language_check', expression: `language = any (array['da', 'en'])` },
      { name: 'view_subscription_weekday_check', expression: 'weekday >= 1 and weekday <= 7' },
      { name: 'view_subscription_hour_check', expression: 'hour >= 0 and hour <= 23' },
    ],
    uniques: [{ name: 'view_subscription_user_id_view_id_key', columns: ['user_id', 'view_id'] }],
    indices: [{ name: 'view_subscription_view', columns: ['view_id'] }],
  }),
  new EntitySchema({
    name: 'view_digest',
    columns: {
      id: { type: 'uuid', primary: true },
      subscription_id: {
        type: 'uuid',
        foreignKey: { target: 'view_subscription', name: 'view_digest_subscription_id_fkey', onDelete: 'CASCADE' },
      },
      due_on: { type: 'date' },
      content: { type: 'jsonb' },
      state: { type: 'text' },
      attempts: { type: 'int', default: 0 },
      next_try_at: { type: 'timestamptz', nullable: true },
      error: { type: 'text', nullable: true },
      made_at: { type: 'timestamptz', default: () => 'clock_timestamp()' },
      sent_at: { type: 'timestamptz', nullable: true },
    },
    checks: [
      {
        name: 'view_digest_state_check',
        expression: `state = any (array['waiting', 'sending', 'sent', 'shown', 'failed'])`,
      },
    ],
    uniques: [{ name: 'view_digest_subscription_id_due_on_key', columns: ['subscription_id', 'due_on'] }],
    indices: [{ name: 'view_digest_waiting', columns: ['next_try_at'], where: `state = 'waiting'` }],
  }),
] as const
