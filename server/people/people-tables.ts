import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Tables of the people room. Stores write SQL; this is what keeps the migrations and the code to one truth. */

const uuid = (more: Partial<EntitySchemaColumnOptions> = {}): EntitySchemaColumnOptions => ({ type: 'uuid', ...more })
const text = (more: Partial<EntitySchemaColumnOptions> = {}): EntitySchemaColumnOptions => ({ type: 'text', ...more })
const none = { nullable: true } as const
const ref = (target: string, name: string) => ({ foreignKey: { target, name } })
const madeId = uuid({ primary: true })
const createdAt: EntitySchemaColumnOptions = { type: 'timestamptz', default: () => 'now()' }
// EntitySchema knows `identity` when it runs but not in its types; PostgreSQL's default there is BY DEFAULT.
const identity: EntitySchemaColumnOptions = { type: 'bigint', primary: true, generated: 'identity' as 'increment' }
const list = (type: 'text' | 'uuid'): EntitySchemaColumnOptions => ({ type, array: true, default: () => `'{}'` })
const flag: EntitySchemaColumnOptions = { type: 'boolean', default: false }
const oneOf = (column: string, ...values: string[]) => `${column} in (${values.map(value => `'${value}'`).join(', ')})`

const factTable = new EntitySchema({
  name: 'fact',
  columns: {
    id: identity,
    hash: { type: 'bytea' },
    source: text(),
    subject_kind: text(),
    subject_id: uuid(none),
    source_key: text(),
    op: text({ default: 'assert' }),
    retracts: { type: 'bytea', nullable: true },
    attrs: { type: 'jsonb', default: {} },
    valid: { type: 'daterange' },
    asserted_at: { type: 'timestamptz' },
    recorded_at: { type: 'timestamptz' },
    run_id: uuid(none),
    actor_id: uuid(none),
    reason: text(none),
  },
  uniques: [{ name: 'fact_hash_key', columns: ['hash'] }],
  checks: [
    {
      name: 'fact_subject_kind_check',
      expression: oneOf('subject_kind', 'person', 'affiliation', 'unit', 'position', 'deputy'),
    },
    { name: 'fact_op_check', expression: oneOf('op', 'assert', 'retract') },
    { name: 'fact_check', expression: `(op = 'retract') = (retracts is not null)` },
  ],
  indices: [
    { name: 'fact_subject', columns: ['subject_id'] },
    { name: 'fact_run', columns: ['run_id'] },
    { name: 'fact_by_hand', columns: ['recorded_at'], where: `source = 'manual'` },
  ],
})

const personTable = new EntitySchema({
  name: 'person',
  columns: {
    id: madeId,
    realm: text({ default: 'staff' }),
    created_at: createdAt,
    merged_into: uuid({ ...none, ...ref('person', 'person_merged_into_fkey') }),
  },
  checks: [{ name: 'person_realm_check', expression: oneOf('realm', 'staff', 'pupil') }],
  indices: [{ name: 'person_merged', columns: ['merged_into'], where: 'merged_into is not null' }],
})

const personKeyTable = new EntitySchema({
  name: 'person_key',
  columns: {
    source: text({ primary: true }),
    key: text({ primary: true }),
    realm: text({ primary: true }),
    person_id: uuid(ref('person', 'person_key_person_id_fkey')),
  },
  checks: [{ name: 'person_key_realm_check', expression: oneOf('realm', 'staff', 'pupil') }],
  indices: [{ name: 'person_key_person', columns: ['person_id'] }],
})

const personCprTable = new EntitySchema({
  name: 'person_cpr',
  columns: {
    person_id: uuid({ primary: true, ...ref('person', 'person_cpr_person_id_fkey') }),
    realm: text(),
    sealed: text(),
    hash: { type: 'bytea' },
    key_id: text(),
  },
  checks: [{ name: 'person_cpr_realm_check', expression: oneOf('realm', 'staff', 'pupil') }],
  indices: [
    { name: 'person_cpr_hash', columns: ['hash', 'realm'] },
    { name: 'person_cpr_key', columns: ['key_id'] },
  ],
})

const personCprFormerTable = new EntitySchema({
  name: 'person_cpr_former',
  columns: {
    person_id: uuid({
      primary: true,
      foreignKey: { target: 'person', name: 'person_cpr_former_person_id_fkey', onDelete: 'CASCADE' },
    }),
    hash: { type: 'bytea', primary: true },
    realm: text(),
    sealed: text(),
    key_id: text(),
    replaced_at: { type: 'timestamptz' },
  },
  checks: [{ name: 'person_cpr_former_realm_check', expression: oneOf('realm', 'staff', 'pupil') }],
  indices: [{ name: 'person_cpr_former_hash', columns: ['hash', 'realm'] }],
})

const affiliationTable = new EntitySchema({
  name: 'affiliation',
  columns: {
    id: madeId,
    person_id: uuid({ ...none, ...ref('person', 'affiliation_person_id_fkey') }),
    identity_id: uuid({ ...none, ...ref('person', 'affiliation_identity_id_fkey') }),
    source: text(),
    key: text(),
    created_at: createdAt,
    merged_into: uuid({ ...none, ...ref('affiliation', 'affiliation_merged_into_fkey') }),
  },
  uniques: [{ name: 'affiliation_source_key_key', columns: ['source', 'key'] }],
  indices: [
    { name: 'affiliation_merged', columns: ['merged_into'], where: 'merged_into is not null' },
    { name: 'affiliation_person', columns: ['person_id'] },
    { name: 'affiliation_identity', columns: ['identity_id'] },
  ],
})

const trees = oneOf('tree', 'admin', 'pay', 'network', 'political', 'school')

const orgUnitTable = new EntitySchema({
  name: 'org_unit',
  columns: {
    id: madeId,
    tree: text({ default: 'admin' }),
    key: text(),
    pay: flag,
    created_at: createdAt,
  },
  uniques: [{ name: 'org_unit_key_pay_key', columns: ['key', 'pay'] }],
  checks: [
    { name: 'org_unit_tree_check', expression: trees },
    { name: 'org_unit_check', expression: `pay = (tree = 'pay')` },
  ],
})

const positionTable = new EntitySchema({
  name: 'position',
  columns: { key: text({ primary: true }), name: text(), category: text(), source: text() },
})

const positionTitleTable = new EntitySchema({
  name: 'position_title',
  columns: {
    title_norm: text({ primary: true }),
    position_key: text({
      foreignKey: { target: 'position', name: 'position_title_position_key_fkey', onDelete: 'CASCADE' },
    }),
  },
  indices: [{ name: 'position_title_position', columns: ['position_key'] }],
})

const deputyTable = new EntitySchema({
  name: 'deputy',
  columns: {
    id: madeId,
    source: text(),
    key: text(),
    unit_id: uuid(ref('org_unit', 'deputy_unit_id_fkey')),
    deputy_affiliation_id: uuid(ref('affiliation', 'deputy_deputy_affiliation_id_fkey')),
    deputy_person_id: uuid({ ...none, ...ref('person', 'deputy_deputy_person_id_fkey') }),
    kind: text(),
    valid: { type: 'daterange' },
  },
  uniques: [{ name: 'deputy_source_key_key', columns: ['source', 'key'] }],
  checks: [{ name: 'deputy_kind_check', expression: oneOf('kind', 'permanent', 'dated') }],
  indices: [
    { name: 'deputy_unit', columns: ['unit_id'] },
    { name: 'deputy_person', columns: ['deputy_person_id'] },
    { name: 'deputy_affiliation', columns: ['deputy_affiliation_id'] },
  ],
})

const stateTable = (name: string, subject: string, target: string, extra: { name: string; columns: string[] }[] = []) =>
  new EntitySchema({
    name,
    columns: {
      id: identity,
      [subject]: uuid(ref(target, `${name}_${subject}_fkey`)),
      valid: { type: 'daterange' },
      recorded: { type: 'tstzrange' },
      attrs: { type: 'jsonb' },
      origin: { type: 'jsonb' },
    },
    checks: [{ name: `${name}_check`, expression: 'not isempty(valid) and not isempty(recorded)' }],
    exclusions: [
      {
        name: `${name}_no_overlap`,
        expression: `using gist (${subject} with =, valid with &&, recorded with &&)`,
      },
    ],
    indices: [
      { name: `${name}_open`, columns: [subject], where: 'upper_inf(recorded)' },
      ...extra.map(index => ({ ...index, synchronize: false as const })),
    ],
  })

const personCurrentTable = new EntitySchema({
  name: 'person_current',
  columns: {
    person_id: uuid({ primary: true, ...ref('person', 'person_current_person_id_fkey') }),
    name: text(),
    given_name: text(),
    family_name: text(),
    usernames: text({ default: '' }),
    search: text(),
    kind: text(),
    birth_date: { type: 'date', nullable: true },
    email: text(none),
    phone: text(none),
    protected: flag,
    status: text(),
    primary_affiliation_id: uuid(none),
    unit_id: uuid(none),
    unit_path: list('uuid'),
    unit_ids: list('uuid'),
    title: text(none),
    origin: { type: 'jsonb', default: {} },
    died_on: { type: 'date', nullable: true },
  },
  checks: [
    { name: 'person_current_kind_check', expression: oneOf('kind', 'employee', 'pupil', 'external', 'other') },
    { name: 'person_current_status_check', expression: oneOf('status', 'active', 'future', 'ended') },
  ],
  indices: [
    { name: 'person_current_search', columns: ['search'], synchronize: false },
    { name: 'person_current_words', columns: ['search'], synchronize: false },
    { name: 'person_current_family', columns: ['family_name'], synchronize: false },
    { name: 'person_current_given', columns: ['given_name'], synchronize: false },
    { name: 'person_current_usernames', columns: ['usernames'], synchronize: false },
    { name: 'person_current_units', columns: ['unit_ids'], synchronize: false },
    { name: 'person_current_name', columns: ['family_name', 'given_name', 'person_id'] },
    {
      name: 'person_current_alike',
      columns: ['family_name', 'given_name', 'birth_date'],
      where: 'birth_date is not null',
    },
  ],
})

const affiliationCurrentTable = new EntitySchema({
  name: 'affiliation_current',
  columns: {
    affiliation_id: uuid({ primary: true, ...ref('affiliation', 'affiliation_current_affiliation_id_fkey') }),
    person_id: uuid(ref('person', 'affiliation_current_person_id_fkey')),
    source: text(),
    employee_no: text(none),
    kind: text(),
    status: text(),
    unit_id: uuid(none),
    unit_path: list('uuid'),
    unit_keys: list('text'),
    pay_unit_id: uuid(none),
    title: text(none),
    title_norm: text(none),
    position_key: text(none),
    position_category: text(none),
    fraction: { type: 'numeric', nullable: true },
    is_primary: flag,
    starts_on: { type: 'date', nullable: true },
    ends_on: { type: 'date', nullable: true },
    on_leave: flag,
    leave_kind: text(none),
    functions: list('text'),
    kle: list('text'),
    is_manager: flag,
    manager_of: list('uuid'),
    networks: list('text'),
    school_class: text(none),
    sponsor_affiliation_id: uuid(none),
    manager_person_id: uuid(none),
    manager_affiliation_id: uuid(none),
    manager_unit_id: uuid(none),
    manager_reason: text(none),
    origin: { type: 'jsonb', default: {} },
    facts_hash: { type: 'bytea' },
    contract_ends_on: { type: 'date', nullable: true },
    access_ends_on: { type: 'date', nullable: true },
    last_working_day: { type: 'date', nullable: true },
    released_from: { type: 'date', nullable: true },
    end_governs: text(none),
    agency: text(none),
    hourly_paid: flag,
    payroll_confirmed: { type: 'boolean', nullable: true },
  },
  checks: [
    {
      name: 'affiliation_current_kind_check',
      expression: oneOf(
        'kind',
        ...['employment', 'temp', 'external', 'elected', 'trainee', 'volunteer', 'network', 'pupil'],
      ),
    },
    { name: 'affiliation_current_status_check', expression: oneOf('status', 'active', 'future', 'ended') },
    {
      name: 'affiliation_current_manager_reason_check',
      expression: oneOf('manager_reason', 'own', 'vacant', 'self'),
    },
  ],
  indices: [
    { name: 'affiliation_current_person', columns: ['person_id'] },
    { name: 'affiliation_current_employee_no', columns: ['employee_no'] },
    { name: 'affiliation_current_unit', columns: ['unit_id'] },
    { name: 'affiliation_current_pay_unit', columns: ['pay_unit_id'] },
    { name: 'affiliation_current_path', columns: ['unit_path'], synchronize: false },
    { name: 'affiliation_current_manager', columns: ['manager_person_id'] },
    {
      name: 'affiliation_current_ends',
      columns: ['ends_on'],
      where: `status = 'active' and ends_on is not null`,
    },
  ],
})

const orgUnitCurrentTable = new EntitySchema({
  name: 'org_unit_current',
  columns: {
    unit_id: uuid({ primary: true, ...ref('org_unit', 'org_unit_current_unit_id_fkey') }),
    key: text(),
    tree: text(),
    name: text(),
    kind: text(),
    level: { type: 'int' },
    parent_id: uuid(none),
    path: { type: 'uuid', array: true },
    path_keys: { type: 'text', array: true },
    kle: list('text'),
    kle_inherited: list('text'),
    post_affiliation_id: uuid(none),
    post_person_id: uuid(none),
    manager_affiliation_id: uuid(none),
    manager_person_id: uuid(none),
    manager_via_unit_id: uuid(none),
    maps_to_id: uuid(none),
    in_loop: flag,
    active: { type: 'boolean' },
    // What it is generated from stands in the migration: TypeORM compares it with a table of its own that is not there.
    search: { type: 'text', nullable: true, asExpression: ' ', generatedType: 'STORED' },
  },
  checks: [{ name: 'org_unit_current_tree_check', expression: trees }],
  indices: [
    { name: 'org_unit_current_parent', columns: ['parent_id'] },
    { name: 'org_unit_current_path', columns: ['path'], synchronize: false },
    { name: 'org_unit_current_post', columns: ['post_affiliation_id'] },
    { name: 'org_unit_current_search', columns: ['search'], synchronize: false },
  ],
})

export const peopleTables = [
  factTable,
  personTable,
  personKeyTable,
  personCprTable,
  personCprFormerTable,
  affiliationTable,
  orgUnitTable,
  positionTable,
  positionTitleTable,
  deputyTable,
  stateTable('person_state', 'person_id', 'person'),
  stateTable('affiliation_state', 'affiliation_id', 'affiliation'),
  stateTable('org_unit_state', 'unit_id', 'org_unit', [{ name: 'org_unit_state_manager', columns: ['attrs'] }]),
  personCurrentTable,
  affiliationCurrentTable,
  orgUnitCurrentTable,
] as const
