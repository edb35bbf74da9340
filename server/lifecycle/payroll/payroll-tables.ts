import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** What payroll files have changed without a report, once each. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const ref = (column: EntitySchemaColumnOptions, target: string, name: string): EntitySchemaColumnOptions => ({
  ...column,
  foreignKey: { target, name },
})

export const payrollTables = [
  new EntitySchema({
    name: 'payroll_change',
    columns: {
      id: { type: 'uuid', primary: true },
      source: ref(text, 'source', 'payroll_change_source_fkey'),
      affiliation_id: ref({ type: 'uuid' }, 'affiliation', 'payroll_change_affiliation_id_fkey'),
      kind: text,
      effective_on: { type: 'date', nullable: true },
      run_id: { type: 'uuid' },
      noticed_at: { type: 'timestamptz' },
      state: { ...text, default: 'noticed' },
      case_id: {
        type: 'uuid',
        nullable: true,
        foreignKey: { target: 'lifecycle_case', name: 'payroll_change_case_id_fkey', onDelete: 'SET NULL' },
      },
      settled_at: { type: 'timestamptz', nullable: true },
    },
    uniques: [{ name: 'payroll_change_once', columns: ['affiliation_id', 'kind', 'effective_on'] }],
    checks: [
      { name: 'payroll_change_kind_check', expression: `kind in ('hire', 'extend', 'end')` },
      {
        name: 'payroll_change_state_check',
        expression: `state in ('noticed', 'opened', 'reported', 'taken-back')`,
      },
    ],
    indices: [
      { name: 'payroll_change_open', columns: ['source'], where: `state in ('noticed', 'opened')` },
      { name: 'payroll_change_case', columns: ['case_id'], where: 'case_id is not null' },
    ],
  }),
] as const
