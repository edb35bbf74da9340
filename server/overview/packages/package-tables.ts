import { EntitySchema } from 'typeorm'

/** The store writes SQL; this keeps the migration and the code to one truth. */
export const packageTables = [
  new EntitySchema({
    name: 'package',
    columns: {
      id: { type: 'uuid', primary: true },
      scope: { type: 'jsonb' },
      known: { type: 'timestamptz' },
      reason: { type: 'text' },
      state: { type: 'text' },
      made_by: { type: 'uuid', foreignKey: { target: 'tool_user', name: 'package_made_by_fkey' } },
      made_as: { type: 'text' },
      asked_at: { type: 'timestamptz' },
      taken_at: { type: 'timestamptz', nullable: true },
      made_at: { type: 'timestamptz', nullable: true },
      bytes: { type: 'bigint', nullable: true },
      parts: { type: 'int', nullable: true },
      sha256: { type: 'text', nullable: true },
      files: { type: 'jsonb', default: [] },
      expires_on: { type: 'date' },
    },
    checks: [
      {
        name: 'package_state_check',
        expression: `state in ('waiting', 'making', 'made', 'failed', 'expired')`,
      },
    ],
    indices: [
      { name: 'package_asked', columns: ['asked_at'] },
      { name: 'package_waiting', columns: ['asked_at'], where: `state in ('waiting', 'making')` },
    ],
  }),
  new EntitySchema({
    name: 'package_part',
    columns: {
      package_id: {
        type: 'uuid',
        primary: true,
        foreignKey: { target: 'package', name: 'package_part_package_id_fkey', onDelete: 'CASCADE' },
      },
      place: { type: 'int', primary: true },
      content: { type: 'bytea' },
    },
  }),
] as const
