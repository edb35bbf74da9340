import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Pairs of a report and a payroll row that may be one employment. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const affiliation = (name: string): EntitySchemaColumnOptions => ({
  type: 'uuid',
  foreignKey: { target: 'affiliation', name, onDelete: 'CASCADE' },
})

export const matchingTables = [
  new EntitySchema({
    name: 'affiliation_match',
    columns: {
      id: { type: 'uuid', primary: true },
      report_id: affiliation('affiliation_match_report_id_fkey'),
      payroll_id: affiliation('affiliation_match_payroll_id_fkey'),
      evidence: text,
      confidence: { type: 'int' },
      since: instant,
      state: { ...text, default: 'open' },
      merge_id: {
        type: 'uuid',
        nullable: true,
        foreignKey: { target: 'affiliation_merge', name: 'affiliation_match_merge_id_fkey' },
      },
      person_merge_id: { type: 'uuid', nullable: true },
      /** What the decision stated or took back. */
      facts: { ...text, array: true, default: () => `'{}'` },
      decided_by: maybe(text),
      decided_at: maybe(instant),
      reason: maybe(text),
    },
    uniques: [{ name: 'affiliation_match_report_id_payroll_id_key', columns: ['report_id', 'payroll_id'] }],
    checks: [
      { name: 'affiliation_match_state_check', expression: `state in ('open', 'same', 'different')` },
      {
        name: 'affiliation_match_evidence_check',
        expression: `evidence in ('employee-no', 'person-number', 'same-person', 'name-birth-date')`,
      },
    ],
    indices: [{ name: 'affiliation_match_payroll', columns: ['payroll_id'] }],
  }),
] as const
