import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Links of accounts with their evidence, what people have decided about accounts, and rules that classify them. */

const text: EntitySchemaColumnOptions = { type: 'text' }
const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const madeId: EntitySchemaColumnOptions = { type: 'uuid', primary: true }
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const ref = (column: EntitySchemaColumnOptions, target: string, name: string): EntitySchemaColumnOptions => ({
  ...column,
  foreignKey: { target, name },
})
const oneOf = (column: string, ...values: string[]) => `${column} in (${values.map(value => `'${value}'`).join(', ')})`

const linkTable = new EntitySchema({
  name: 'account_link',
  columns: {
    id: madeId,
    account_id: ref(uuid, 'account', 'account_link_account_id_fkey'),
    verdict: text,
    person_id: ref(maybe(uuid), 'person', 'account_link_person_id_fkey'),
    affiliation_id: ref(maybe(uuid), 'affiliation', 'account_link_affiliation_id_fkey'),
    decided_by: text,
    evidence: text,
    confidence: { type: 'int' },
    run_id: maybe(uuid),
    decision_id: maybe(uuid),
    since: instant,
    until: maybe(instant),
    ended_decision_id: maybe(uuid),
  },
  checks: [
    { name: 'account_link_verdict_check', expression: oneOf('verdict', 'is', 'not', 'nobody', 'out-of-scope') },
    { name: 'account_link_decided_by_check', expression: oneOf('decided_by', 'rule', 'person') },
    { name: 'account_link_check', expression: `(verdict in ('is', 'not')) = (person_id is not null)` },
  ],
  indices: [
    { name: 'account_link_open', columns: ['account_id'], where: 'until is null' },
    { name: 'account_link_person', columns: ['person_id'], where: 'until is null' },
    { name: 'account_link_decision', columns: ['decision_id'] },
    {
      name: 'account_link_left_out',
      columns: ['account_id'],
      where: `until is null and verdict = 'out-of-scope' and decided_by = 'rule'`,
    },
  ],
})

const decisionTable = new EntitySchema({
  name: 'account_decision',
  columns: {
    id: madeId,
    account_id: ref(uuid, 'account', 'account_decision_account_id_fkey'),
    kind: text,
    actor_id: text,
    at: instant,
    reason: maybe(text),
    person_id: ref(maybe(uuid), 'person', 'account_decision_person_id_fkey'),
    account_kind: maybe(text),
    before: { type: 'jsonb' },
    undone_at: maybe(instant),
    undone_by: maybe(text),
  },
  checks: [
    {
      name: 'account_decision_kind_check',
      expression: oneOf('kind', ...['link', 'not-this-person', 'nobody', 'out-of-scope', 'classify', 'confirm-gone']),
    },
  ],
  indices: [{ name: 'account_decision_account', columns: ['account_id', 'at'] }],
})

const ruleTable = new EntitySchema({
  name: 'account_rule',
  columns: {
    id: madeId,
    source: maybe(text),
    pattern: maybe(text),
    ou: maybe(text),
    account_kind: text,
    owner_person_id: ref(maybe(uuid), 'person', 'account_rule_owner_person_id_fkey'),
    owner_unit_id: ref(maybe(uuid), 'org_unit', 'account_rule_owner_unit_id_fkey'),
    position: { type: 'int' },
    changed_at: instant,
    changed_by: text,
  },
  checks: [
    {
      name: 'account_rule_account_kind_check',
      expression: oneOf('account_kind', 'personal', 'shared', 'service', 'admin', 'test', 'ward-tablet'),
    },
    { name: 'account_rule_check', expression: '(pattern is null) <> (ou is null)' },
  ],
})

export const linkTables = [linkTable, decisionTable, ruleTable] as const
