import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Tables of drafts. Stores write SQL; this keeps the migrations and the code to one truth. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const date: EntitySchemaColumnOptions = { type: 'date' }
const json: EntitySchemaColumnOptions = { type: 'jsonb' }
const key = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true })
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const since: EntitySchemaColumnOptions = { type: 'timestamptz', default: () => 'clock_timestamp()' }
const draft = (name: string): EntitySchemaColumnOptions => ({
  type: 'uuid',
  primary: true,
  foreignKey: { target: 'what_if_draft', name, onDelete: 'CASCADE' },
})
const bases = `base in ('same-date', 'today', 'approved')`

export const whatIfTables = [
  new EntitySchema({
    name: 'what_if_draft',
    columns: {
      id: key({ type: 'uuid' }),
      name: text,
      note: { type: 'text', default: '' },
      on_date: date,
      state: text,
      changes: json,
      version: { type: 'int', default: 1 },
      created_by: text,
      created_at: since,
      updated_at: since,
      shared_at: maybe(instant),
      approved_by: maybe(text),
      approved_at: maybe(instant),
      approved_hash: maybe(text),
      held: maybe(json),
      decided_by: maybe(text),
      decided_at: maybe(instant),
      decided_reason: maybe(text),
      carried_out: maybe(json),
    },
    checks: [
      {
        name: 'what_if_draft_state_check',
        expression: `state in ('draft', 'approved', 'applied', 'stale', 'withdrawn')`,
      },
    ],
    indices: [{ name: 'what_if_draft_due', columns: ['on_date'], where: `state = 'approved'` }],
  }),
  new EntitySchema({
    name: 'what_if_result',
    columns: {
      draft_id: draft('what_if_result_draft_id_fkey'),
      base: key(text),
      version: { type: 'int' },
      hash: text,
      stamp: json,
      computed_at: instant,
      summary: json,
    },
    checks: [{ name: 'what_if_result_base_check', expression: bases }],
  }),
  new EntitySchema({
    name: 'what_if_difference',
    columns: {
      draft_id: draft('what_if_difference_draft_id_fkey'),
      base: key(text),
      affiliation_id: key({ type: 'uuid' }),
      entitlement: key(text),
      person_id: { type: 'uuid' },
      effect: text,
      cause: text,
      unit_before: maybe(text),
      unit_after: maybe(text),
      carried: { type: 'boolean', default: false },
      limit_before: maybe(json),
      limit_after: maybe(json),
      withheld: { type: 'boolean', default: false },
    },
    checks: [
      { name: 'what_if_difference_base_check', expression: bases },
      { name: 'what_if_difference_effect_check', expression: `effect in ('gain', 'loss', 'limit')` },
    ],
  }),
  new EntitySchema({
    name: 'unit_succession',
    columns: {
      draft_id: draft('unit_succession_draft_id_fkey'),
      from_key: key(text),
      to_key: key(text),
      on_date: date,
    },
    indices: [{ name: 'unit_succession_from', columns: ['from_key', 'on_date'] }],
  }),
] as const
