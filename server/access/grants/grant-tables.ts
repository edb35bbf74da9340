import { EntitySchema } from 'typeorm'

/** Tables of grants. The store writes SQL; this keeps the migration and the code to one truth. */
export const grantTables = [
  new EntitySchema({
    name: 'right_grant',
    columns: {
      id: { type: 'uuid', primary: true },
      affiliation_id: {
        type: 'uuid',
        foreignKey: { target: 'affiliation', name: 'right_grant_affiliation_id_fkey' },
      },
      entitlement_id: {
        type: 'uuid',
        foreignKey: { target: 'entitlement', name: 'right_grant_entitlement_id_fkey' },
      },
      constraints: { type: 'jsonb', default: [] },
      kind: { type: 'text' },
      reason: { type: 'text' },
      case_id: { type: 'uuid', nullable: true },
      from_unit_id: { type: 'uuid', nullable: true },
      valid_from: { type: 'date', nullable: true },
      valid_to: { type: 'date', nullable: true },
      expires_at: { type: 'timestamptz', nullable: true },
      created_at: { type: 'timestamptz' },
      created_by: { type: 'text' },
      ended_at: { type: 'timestamptz', nullable: true },
      ended_by: { type: 'text', nullable: true },
      ended_reason: { type: 'text', nullable: true },
      no_effect: { type: 'text', nullable: true },
      checked_at: { type: 'timestamptz', nullable: true },
      checked_by: { type: 'text', nullable: true },
      check_note: { type: 'text', nullable: true },
    },
    checks: [
      { name: 'right_grant_kind_check', expression: `kind in ('report', 'grace', 'emergency', 'template')` },
      { name: 'right_grant_dates_check', expression: 'valid_from < valid_to' },
    ],
    indices: [
      { name: 'right_grant_affiliation', columns: ['affiliation_id'] },
      { name: 'right_grant_open', columns: ['affiliation_id'], where: 'ended_at is null' },
      { name: 'right_grant_expires', columns: ['expires_at'], where: 'ended_at is null and expires_at is not null' },
      {
        name: 'right_grant_unchecked',
        columns: ['created_at'],
        where: `kind = 'emergency' and checked_at is null`,
      },
    ],
  }),
] as const
