import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** What people say of entitlements, beside what feeds say, and its versions. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const maybeText: EntitySchemaColumnOptions = { type: 'text', nullable: true }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const of = (name: string): EntitySchemaColumnOptions => ({
  type: 'uuid',
  primary: true,
  foreignKey: { target: 'entitlement', name, onDelete: 'CASCADE' },
})

export const entitlementTables = [
  new EntitySchema({
    name: 'entitlement_set',
    columns: {
      entitlement_id: of('entitlement_set_entitlement_id_fkey'),
      attribute: { type: 'text', primary: true },
      value: { type: 'jsonb' },
      set_by: text,
      set_at: instant,
    },
  }),
  new EntitySchema({
    name: 'entitlement_include',
    columns: {
      entitlement_id: of('entitlement_include_entitlement_id_fkey'),
      includes_id: of('entitlement_include_includes_id_fkey'),
    },
    checks: [{ name: 'entitlement_include_check', expression: 'entitlement_id <> includes_id' }],
    indices: [{ name: 'entitlement_include_by_part', columns: ['includes_id'] }],
  }),
  new EntitySchema({
    name: 'entitlement_version',
    columns: {
      entitlement_id: of('entitlement_version_entitlement_id_fkey'),
      version: { type: 'int', primary: true },
      recorded_at: instant,
      recorded_by: maybeText,
      reason: maybeText,
      content: { type: 'jsonb' },
    },
  }),
] as const
