import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Tables of the findings room. Stores write SQL; this keeps the migrations and the code to one truth. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const date: EntitySchemaColumnOptions = { type: 'date' }
const key = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true })
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
/** No subject and no unit twice among what is current; `nulls not distinct` is not TypeORM's to say. */
const open = 'closed_at is null'

export const findingsTables = [
  new EntitySchema({
    name: 'finding',
    columns: {
      id: { type: 'uuid', primary: true, generated: 'uuid' },
      code: text,
      subject_id: uuid,
      object_id: maybe(uuid),
      cause: text,
      severity: text,
      person_id: maybe(uuid),
      system_id: maybe(uuid),
      unit_id: maybe(uuid),
      owner_role: text,
      owner_person_id: maybe(uuid),
      activity_id: maybe(uuid),
      detail: { type: 'jsonb', default: {} },
      opened_at: instant,
      state: { type: 'text', default: 'open' },
      until: maybe(date),
      reason: maybe(text),
      decided_at: maybe(instant),
      decided_by: maybe(text),
      batch_id: maybe(uuid),
      closed_at: maybe(instant),
    },
    checks: [
      { name: 'finding_severity_check', expression: `severity in ('high', 'medium', 'low')` },
      {
        name: 'finding_state_check',
        expression: `state in ('open', 'accepted', 'explained', 'removal', 'not-a-finding', 'closed')`,
      },
      { name: 'finding_check', expression: `(state = 'closed') = (closed_at is not null)` },
    ],
    indices: [
      { name: 'finding_current', columns: ['code', 'subject_id', 'object_id'], synchronize: false },
      { name: 'finding_person', columns: ['person_id'], where: open },
      { name: 'finding_system', columns: ['system_id'], where: open },
      { name: 'finding_cause', columns: ['code', 'cause'], where: open },
      { name: 'finding_activity', columns: ['activity_id'], where: open },
      { name: 'finding_until', columns: ['until'], where: 'until is not null and closed_at is null' },
    ],
  }),
  new EntitySchema({
    name: 'finding_event',
    columns: {
      // EntitySchema knows `identity` when it runs but not in its types.
      id: {
        type: 'bigint',
        primary: true,
        generated: 'identity' as 'increment',
        generatedIdentity: 'ALWAYS',
      } as EntitySchemaColumnOptions,
      finding_id: {
        ...uuid,
        foreignKey: { target: 'finding', name: 'finding_event_finding_id_fkey', onDelete: 'CASCADE' },
      },
      at: instant,
      by: maybe(text),
      action: text,
      batch_id: maybe(uuid),
      before: maybe({ type: 'jsonb' }),
      after: maybe({ type: 'jsonb' }),
    },
    indices: [
      { name: 'finding_event_of', columns: ['finding_id', 'id'] },
      { name: 'finding_event_batch', columns: ['batch_id'], where: 'batch_id is not null' },
    ],
  }),
  new EntitySchema({
    name: 'finding_day',
    columns: { on_date: key(date), code: key(text), system_id: key(uuid), unit_id: key(uuid), open: { type: 'int' } },
  }),
  new EntitySchema({
    name: 'finding_switch',
    columns: { code: key(text), area: key(text), mode: text, changed_at: instant, changed_by: text },
    checks: [{ name: 'finding_switch_mode_check', expression: `mode in ('off', 'counted', 'listed')` }],
  }),
  new EntitySchema({
    name: 'finding_unit_switch',
    columns: {
      code: key(text),
      unit_id: { ...key(uuid), foreignKey: { target: 'org_unit', name: 'finding_unit_switch_unit_id_fkey' } },
      mode: text,
      changed_at: instant,
      changed_by: text,
    },
    checks: [{ name: 'finding_unit_switch_mode_check', expression: `mode in ('off', 'counted', 'listed')` }],
  }),
  new EntitySchema({
    name: 'finding_due',
    columns: {
      // EntitySchema knows `identity` when it runs but not in its types.
      id: {
        type: 'bigint',
        primary: true,
        generated: 'identity' as 'increment',
        generatedIdentity: 'ALWAYS',
      } as EntitySchemaColumnOptions,
      people: { type: 'uuid', array: true, nullable: true },
      systems: { type: 'uuid', array: true, nullable: true },
    },
  }),
  new EntitySchema({
    name: 'finding_notice',
    columns: {
      one: { type: 'boolean', primary: true, default: true },
      discussed_on: date,
      reference: text,
      told_on: date,
      recorded_at: instant,
      recorded_by: text,
      outliers_at: maybe(instant),
    },
    checks: [{ name: 'finding_notice_one_check', expression: 'one' }],
  }),
] as const
