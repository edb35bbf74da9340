import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Tables of what stands beside reports of absence, end and shifts. */
const text: EntitySchemaColumnOptions = { type: 'text' }
const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const date: EntitySchemaColumnOptions = { type: 'date' }
const key = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true })
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const ref = (column: EntitySchemaColumnOptions, target: string, name: string): EntitySchemaColumnOptions => ({
  ...column,
  foreignKey: { target, name },
})
const oneOf = (column: string, ...values: string[]) => `${column} in (${values.map(value => `'${value}'`).join(', ')})`

export const doorTables = [
  new EntitySchema({
    name: 'absence_exception',
    columns: {
      affiliation_id: key(ref(uuid, 'affiliation', 'absence_exception_affiliation_id_fkey')),
      class: key(text),
      effect: text,
      valid_from: date,
      valid_to: maybe(date),
      case_id: key(ref(uuid, 'lifecycle_case', 'absence_exception_case_id_fkey')),
    },
    checks: [
      {
        name: 'absence_exception_class_check',
        expression: oneOf('class', 'basic', 'ordinary', 'sensitive', 'privileged', 'kit'),
      },
      { name: 'absence_exception_effect_check', expression: oneOf('effect', 'keep', 'suspend') },
    ],
  }),
  new EntitySchema({
    name: 'case_handover',
    columns: {
      case_id: key(ref(uuid, 'lifecycle_case', 'case_handover_case_id_fkey')),
      kind: key(text),
      subject_id: key(uuid),
      name: text,
      person_id: ref(uuid, 'person', 'case_handover_person_id_fkey'),
      to_person_id: ref(maybe(uuid), 'person', 'case_handover_to_person_id_fkey'),
      due_on: date,
      settled_at: maybe(instant),
    },
    checks: [
      {
        name: 'case_handover_kind_check',
        expression: oneOf(
          'kind',
          ...['system', 'responsible', 'contact', 'task-deputy', 'unit', 'deputy', 'sponsor', 'approval', 'finding'],
          ...['right', 'account', 'account-rule', 'rule', 'exception'],
        ),
      },
    ],
    indices: [{ name: 'case_handover_due', columns: ['due_on'], where: 'settled_at is null' }],
  }),
  new EntitySchema({
    name: 'shift_template',
    columns: {
      id: key(uuid),
      unit_id: ref(uuid, 'org_unit', 'shift_template_unit_id_fkey'),
      title: text,
      entitlement_ids: { type: 'uuid', array: true },
      changed_at: instant,
      changed_by: maybe(uuid),
    },
    uniques: [{ name: 'shift_template_once', columns: ['unit_id', 'title'] }],
  }),
  new EntitySchema({
    name: 'shift_cover',
    columns: {
      case_id: key(ref(uuid, 'lifecycle_case', 'shift_cover_case_id_fkey')),
      affiliation_id: ref(maybe(uuid), 'affiliation', 'shift_cover_affiliation_id_fkey'),
      unit_id: ref(uuid, 'org_unit', 'shift_cover_unit_id_fkey'),
      template_id: ref(uuid, 'shift_template', 'shift_cover_template_id_fkey'),
      ends_at: instant,
      asked_by: uuid,
      asked_at: instant,
      confirmed_by: maybe(uuid),
      confirmed_at: maybe(instant),
      ended_at: maybe(instant),
    },
    checks: [{ name: 'shift_cover_second_check', expression: 'confirmed_by <> asked_by' }],
    indices: [
      { name: 'shift_cover_waiting', columns: ['unit_id'], where: 'confirmed_at is null' },
      { name: 'shift_cover_due', columns: ['ends_at'], where: 'ended_at is null' },
    ],
  }),
] as const
