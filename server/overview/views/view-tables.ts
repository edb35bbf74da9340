import { EntitySchema } from 'typeorm'

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
] as const
