import { EntitySchema } from 'typeorm'

const KINDS = `kind in ('processor-agreement', 'dpia', 'transfer-ground', 'log-sample', 'consent-control')`
const text = { type: 'text' } as const
const maybeText = { type: 'text', nullable: true } as const
const day = { type: 'date' } as const
const uuid = { type: 'uuid' } as const
const to = (target: string, name: string) => ({ foreignKey: { target, name } })

/** Tables of dated records, of plans for rights whose purpose ends, and of retirements that wait for a second person. */
export const recordTables = [
  new EntitySchema({
    name: 'dated_record',
    columns: {
      id: { ...uuid, primary: true },
      kind: text,
      system_id: { ...uuid, nullable: true, ...to('it_system', 'dated_record_system_id_fkey') },
      activity_id: { ...uuid, nullable: true, ...to('activity', 'dated_record_activity_id_fkey') },
      on_day: day,
      next_due: { ...day, nullable: true },
      reference: text,
      note: maybeText,
      ended_on: { ...day, nullable: true },
      ended_reason: maybeText,
      origin: text,
      recorded: { type: 'tstzrange' },
      recorded_by: text,
    },
    checks: [
      { name: 'dated_record_kind_check', expression: KINDS },
      { name: 'dated_record_origin_check', expression: `origin in ('manual', 'imported')` },
      { name: 'dated_record_about_check', expression: '(system_id is null) <> (activity_id is null)' },
      { name: 'dated_record_due_check', expression: 'next_due > on_day' },
    ],
    indices: [
      { name: 'dated_record_system', columns: ['system_id'], where: 'upper_inf(recorded)' },
      { name: 'dated_record_activity', columns: ['activity_id'], where: 'upper_inf(recorded)' },
    ],
  }),
  new EntitySchema({
    name: 'record_keeping',
    columns: {
      kind: { ...text, primary: true },
      kept: { type: 'boolean' },
      changed_at: { type: 'timestamptz' },
      changed_by: text,
    },
    checks: [{ name: 'record_keeping_kind_check', expression: KINDS }],
  }),
  new EntitySchema({
    name: 'purpose_plan',
    columns: {
      id: { ...uuid, primary: true },
      system_id: { ...uuid, ...to('it_system', 'purpose_plan_system_id_fkey') },
      cause: text,
      activity_id: { ...uuid, nullable: true, ...to('activity', 'purpose_plan_activity_id_fkey') },
      record_id: { ...uuid, nullable: true, ...to('dated_record', 'purpose_plan_record_id_fkey') },
      keys: { type: 'text', array: true, default: () => `'{}'` },
      from_day: day,
      made_at: { type: 'timestamptz' },
      made_by: text,
      closed_at: { type: 'timestamptz', nullable: true },
    },
    checks: [
      {
        name: 'purpose_plan_cause_check',
        expression: `cause in ('activity', 'purpose', 'basis', 'retention', 'processor-agreement')`,
      },
    ],
    indices: [{ name: 'purpose_plan_open', columns: ['system_id'], where: 'closed_at is null' }],
  }),
  new EntitySchema({
    name: 'purpose_plan_right',
    columns: {
      plan_id: { ...uuid, primary: true, ...to('purpose_plan', 'purpose_plan_right_plan_id_fkey') },
      entitlement_id: { ...uuid, primary: true, ...to('entitlement', 'purpose_plan_right_entitlement_id_fkey') },
      people: { type: 'int' },
      choice: maybeText,
      until: { ...day, nullable: true },
      reason: maybeText,
      binding_id: { ...uuid, nullable: true },
      draft_id: { ...uuid, nullable: true },
      decided_at: { type: 'timestamptz', nullable: true },
      decided_by: maybeText,
    },
    checks: [{ name: 'purpose_plan_right_choice_check', expression: `choice in ('bind', 'accept', 'take-away')` }],
  }),
  new EntitySchema({
    name: 'activity_retirement',
    columns: {
      activity_id: { ...uuid, primary: true, ...to('activity', 'activity_retirement_activity_id_fkey') },
      from_day: day,
      reason: text,
      rights: { type: 'int' },
      asked_at: { type: 'timestamptz' },
      asked_by: text,
    },
  }),
] as const
