import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const text: EntitySchemaColumnOptions = { type: 'text' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const ref = (target: string): EntitySchemaColumnOptions => ({
  ...uuid,
  foreignKey: { target, name: `rectification_${target === 'it_system' ? 'system' : target}_id_fkey` },
})

export const rectificationTables = [
  new EntitySchema({
    name: 'rectification',
    columns: {
      id: { ...uuid, primary: true },
      person_id: ref('person'),
      about: text,
      entitlement_id: maybe(ref('entitlement')),
      affiliation_id: maybe(ref('affiliation')),
      account_id: maybe(ref('account')),
      system_id: maybe(ref('it_system')),
      office: text,
      words: text,
      asked_at: instant,
      answered_at: maybe(instant),
      answered_by: maybe(uuid),
      answered_as: maybe(text),
      outcome: maybe(text),
      answer: maybe(text),
      seen_at: maybe(instant),
    },
    checks: [
      { name: 'rectification_about_check', expression: `about in ('right', 'affiliation', 'account', 'person')` },
      { name: 'rectification_office_check', expression: `office in ('systemowner', 'it', 'hr')` },
      { name: 'rectification_outcome_check', expression: `outcome in ('corrected', 'will-be', 'right-as-is')` },
      {
        name: 'rectification_object_check',
        expression: `(about = 'right') = (entitlement_id is not null)
          and (about = 'affiliation') = (affiliation_id is not null)
          and (about = 'account') = (account_id is not null)`,
      },
      {
        name: 'rectification_answer_check',
        expression: `(answered_at is null) = (outcome is null) and (outcome is null) = (answer is null)`,
      },
    ],
    indices: [
      { name: 'rectification_person', columns: ['person_id'] },
      { name: 'rectification_open', columns: ['office', 'system_id'], where: 'answered_at is null' },
    ],
  }),
] as const
