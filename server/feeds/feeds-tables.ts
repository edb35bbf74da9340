import { EntitySchema } from 'typeorm'

const text = { type: 'text' } as const
const optionalText = { type: 'text', nullable: true } as const
const instant = { type: 'timestamptz' } as const
const optionalInstant = { type: 'timestamptz', nullable: true } as const

export const sourceTable = new EntitySchema({
  name: 'source',
  tableName: 'source',
  columns: {
    key: { ...text, primary: true },
    name: { type: 'jsonb' },
    kind: text,
    declaration: { type: 'jsonb' },
    schedule_seconds: { type: 'int', nullable: true },
    declared: { type: 'boolean', default: true },
    declared_at: { ...instant, default: () => 'now()' },
    complete_at: optionalInstant,
    seen_at: optionalInstant,
    shape: { type: 'jsonb', nullable: true },
    parse_version: { type: 'int', nullable: true },
    change_state: { type: 'jsonb', nullable: true },
    change_run: { type: 'uuid', nullable: true },
    changes_at: optionalInstant,
    owner: { ...text, default: 'file' },
    version: { type: 'int', default: 1 },
    written: { type: 'json', nullable: true },
    place: optionalText,
    declared_by: optionalText,
  },
  checks: [{ name: 'source_owner_check', expression: `owner in ('file', 'screen', 'draft')` }],
})

export const sourceVersionTable = new EntitySchema({
  name: 'source_version',
  tableName: 'source_version',
  columns: {
    source: {
      ...text,
      primary: true,
      foreignKey: { target: 'source', name: 'source_version_source_fkey', onDelete: 'CASCADE' },
    },
    version: { type: 'int', primary: true },
    change: text,
    written: { type: 'json' },
    at: { ...instant, default: () => 'clock_timestamp()' },
    by: optionalText,
    reason: optionalText,
  },
  checks: [
    {
      name: 'source_version_change_check',
      expression: `change in ('file', 'create', 'change', 'retire', 'restore', 'import', 'take-over')`,
    },
  ],
})

export const feedRunTable = new EntitySchema({
  name: 'feed_run',
  tableName: 'feed_run',
  columns: {
    id: { type: 'uuid', primary: true },
    source: { ...text, foreignKey: { target: 'source', name: 'feed_run_source_fkey' } },
    trigger: text,
    dry_run: { type: 'boolean', default: false },
    mode: { ...text, default: 'full' },
    full_because: optionalText,
    started_by: optionalText,
    state: text,
    phase: text,
    progress: { type: 'jsonb', default: {} },
    counts: { type: 'jsonb', default: {} },
    phases: { type: 'jsonb', default: {} },
    held_back: { type: 'jsonb', default: [] },
    error: { type: 'jsonb', nullable: true },
    rejected: { type: 'int', default: 0 },
    plan_id: { type: 'uuid', nullable: true, foreignKey: { target: 'plan', name: 'feed_run_plan_id_fkey' } },
    seen_at: optionalInstant,
    started_at: { ...instant, default: () => 'clock_timestamp()' },
    ended_at: optionalInstant,
    worker: text,
    heartbeat_at: { ...instant, default: () => 'clock_timestamp()' },
    situations: { type: 'jsonb', nullable: true },
    notes: { type: 'jsonb', default: [] },
  },
  checks: [
    { name: 'feed_run_state_check', expression: `state in ('running', 'done', 'held', 'rejected', 'failed')` },
    { name: 'feed_run_mode_check', expression: `mode in ('full', 'changes')` },
    { name: 'feed_run_phase_check', expression: `phase in ('read', 'compare', 'apply', 'after', 'end')` },
  ],
  indices: [
    { name: 'feed_run_one_at_a_time', columns: ['source'], unique: true, where: `(state = 'running'::text)` },
    { name: 'feed_run_recent', columns: ['source', 'started_at'] },
    { name: 'feed_run_started', columns: ['started_at'] },
  ],
})

export const feedRejectTable = new EntitySchema({
  name: 'feed_reject',
  tableName: 'feed_reject',
  columns: {
    run_id: {
      type: 'uuid',
      primary: true,
      foreignKey: { target: 'feed_run', name: 'feed_reject_run_id_fkey', onDelete: 'CASCADE' },
    },
    n: { type: 'int', primary: true },
    kind: optionalText,
    key: optionalText,
    at: optionalText,
    reason: text,
    params: { type: 'jsonb', default: {} },
    raw: { type: 'jsonb', nullable: true },
  },
})

export const sourceRecordTable = new EntitySchema({
  name: 'source_record',
  tableName: 'source_record',
  columns: {
    source: { ...text, primary: true },
    kind: { ...text, primary: true },
    key: { ...text, primary: true },
    hash: { type: 'bytea' },
    part: optionalText,
    payload: { type: 'jsonb' },
    subject_id: { type: 'uuid', nullable: true },
    situation: optionalText,
    first_seen_at: instant,
    changed_at: instant,
    run_id: { type: 'uuid' },
    missing_since: optionalInstant,
    missing_runs: { type: 'int', default: 0 },
    gone_at: optionalInstant,
    seen_hash: optionalText,
  },
  indices: [
    { name: 'source_record_subject', columns: ['subject_id'] },
    { name: 'source_record_run', columns: ['run_id'] },
    {
      name: 'source_record_part',
      columns: ['source', 'kind', 'part'],
      where: '((part IS NOT NULL) AND (gone_at IS NULL))',
    },
    {
      name: 'source_record_held_waiting',
      columns: ['source', 'situation'],
      where: `kind = 'held' and situation is not null`,
    },
    { name: 'source_record_missing', columns: ['source'], where: '(missing_since IS NOT NULL)' },
  ],
})

export const feedStageTable = new EntitySchema({
  name: 'feed_stage',
  tableName: 'feed_stage',
  columns: {
    run_id: { type: 'uuid', primary: true },
    kind: { ...text, primary: true },
    key: { ...text, primary: true },
    n: { type: 'int', primary: true },
    hash: { type: 'bytea', nullable: true },
    part: optionalText,
    payload: optionalText,
    seen_hash: optionalText,
    mark: optionalText,
  },
  checks: [{ name: 'feed_stage_mark_check', expression: `mark in ('unseen', 'gone')` }],
})

export const feedDropTable = new EntitySchema({
  name: 'feed_drop',
  tableName: 'feed_drop',
  columns: {
    id: { type: 'uuid', primary: true },
    source: { ...text, foreignKey: { target: 'source', name: 'feed_drop_source_fkey' } },
    pattern: text,
    name: text,
    bytes: { type: 'bigint' },
    modified_at: { type: 'bigint' },
    hash: optionalText,
    state: text,
    run_id: {
      type: 'uuid',
      nullable: true,
      foreignKey: { target: 'feed_run', name: 'feed_drop_run_id_fkey', onDelete: 'SET NULL' },
    },
    place: text,
    moved: { type: 'boolean' },
    attempts: { type: 'int', default: 0 },
    reason: { type: 'jsonb', nullable: true },
    noticed_at: instant,
    taken_at: optionalInstant,
    ended_at: optionalInstant,
    removed_at: optionalInstant,
  },
  checks: [
    { name: 'feed_drop_state_check', expression: `state in ('seen', 'taken', 'archived', 'again', 'set-aside')` },
  ],
  indices: [
    { name: 'feed_drop_waiting', columns: ['source', 'name'], unique: true, where: `(state = 'seen'::text)` },
    { name: 'feed_drop_standing', columns: ['source', 'pattern', 'modified_at'] },
    { name: 'feed_drop_run', columns: ['run_id'] },
  ],
})

export const feedWatchTable = new EntitySchema({
  name: 'feed_watch',
  tableName: 'feed_watch',
  columns: {
    source: { ...text, primary: true, foreignKey: { target: 'source', name: 'feed_watch_source_fkey' } },
    looked_at: instant,
    error: { type: 'jsonb', nullable: true },
    unmatched: { type: 'text', array: true, default: [] },
  },
})

/** The secret under which keys of records are hashed that would name a person; one row. */
const feedPseudonymTable = new EntitySchema({
  name: 'feed_pseudonym',
  tableName: 'feed_pseudonym',
  columns: { id: { type: 'smallint', primary: true, default: 1 }, sealed: text },
  checks: [{ name: 'feed_pseudonym_one', expression: 'id = 1' }],
})

export const feedTables = [
  sourceTable,
  sourceVersionTable,
  feedRunTable,
  feedRejectTable,
  sourceRecordTable,
  feedStageTable,
  feedDropTable,
  feedWatchTable,
  feedPseudonymTable,
] as const
