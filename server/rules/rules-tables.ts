import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Tables of the rules room. Stores write SQL; this keeps the migrations and the code to one truth. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const maybeText: EntitySchemaColumnOptions = { type: 'text', nullable: true }
const list: EntitySchemaColumnOptions = { type: 'text', array: true, default: () => `'{}'` }
/** One row a version: the newest whose recorded range is open is what counts. */
const versioned: Record<string, EntitySchemaColumnOptions> = {
  key: { type: 'text', primary: true },
  version: { type: 'int', primary: true },
  recorded: { type: 'tstzrange', default: () => 'tstzrange(now(), NULL)' },
  recorded_by: maybeText,
  content_hash: { type: 'bytea' },
  change_reason: maybeText,
  // What it is generated from stands in the migration: TypeORM compares it with a table of its own that is not there.
  search: { type: 'text', nullable: true, asExpression: ' ', generatedType: 'STORED' },
}
const oneAtATime = (table: string) => ({
  name: `${table}_key_recorded_excl`,
  expression: 'using gist (key with =, recorded with &&)',
})

/** What counts is found by this and not by the constraint's index: see migration 1764100000024. */
const open = (table: string) => ({
  name: `${table}_open`,
  columns: ['key'],
  unique: true,
  where: 'upper_inf(recorded)',
})

export const rulesTables = [
  new EntitySchema({
    name: 'rights_rule',
    columns: {
      ...versioned,
      name: text,
      state: text,
      inverted: { type: 'boolean', default: false },
      reason: maybeText,
      conditions: { type: 'jsonb' },
      entitlements: list,
      roles: list,
      constraints: { type: 'jsonb', default: {} },
      valid: { type: 'daterange' },
      owner: maybeText,
      purpose: maybeText,
      position: { type: 'int', default: 0 },
      excepts: maybeText,
      owner_person: { type: 'uuid', nullable: true },
    },
    checks: [
      { name: 'rights_rule_state_check', expression: `state in ('draft', 'active')` },
      { name: 'rights_rule_check', expression: 'not inverted or reason is not null' },
      { name: 'rights_rule_check1', expression: 'cardinality(entitlements) + cardinality(roles) > 0' },
    ],
    exclusions: [oneAtATime('rights_rule')],
    indices: [open('rights_rule')],
  }),
  new EntitySchema({
    name: 'rights_role',
    columns: {
      ...versioned,
      name: text,
      description: maybeText,
      entitlements: { type: 'jsonb', default: [] },
      roles: list,
    },
    exclusions: [oneAtATime('rights_role')],
    indices: [open('rights_role')],
  }),
] as const
