import { EntitySchema } from 'typeorm'

const uuid = { type: 'uuid' } as const
const text = { type: 'text' } as const

/** Tables of strict mode. Stores write SQL; this keeps the migration and the code to one truth. */
export const strictTables = [
  new EntitySchema({
    name: 'strict_mode',
    columns: {
      id: { ...uuid, primary: true },
      system_id: { ...uuid, foreignKey: { target: 'it_system', name: 'strict_mode_system_id_fkey' } },
      recorded: { type: 'tstzrange' },
      reason: text,
      set_by: text,
      ended_by: { ...text, nullable: true },
      ended_reason: { ...text, nullable: true },
    },
    indices: [{ name: 'strict_mode_system', columns: ['system_id'], unique: true, where: 'upper_inf(recorded)' }],
  }),
  new EntitySchema({
    name: 'withheld_right',
    columns: {
      affiliation_id: {
        ...uuid,
        primary: true,
        foreignKey: { target: 'affiliation', name: 'withheld_right_affiliation_id_fkey' },
      },
      entitlement_id: {
        ...uuid,
        primary: true,
        foreignKey: { target: 'entitlement', name: 'withheld_right_entitlement_id_fkey' },
      },
      derivation_id: { type: 'bigint' },
      constraints: { type: 'jsonb' },
      since: { type: 'timestamptz' },
    },
    indices: [{ name: 'withheld_right_entitlement', columns: ['entitlement_id'] }],
  }),
] as const
