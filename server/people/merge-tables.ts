import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** Merges of persons, and pairs that may be one person. */

const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const text: EntitySchemaColumnOptions = { type: 'text' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const madeId: EntitySchemaColumnOptions = { type: 'uuid', primary: true }
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const person = (name: string, more: { onDelete?: 'CASCADE' } = {}): EntitySchemaColumnOptions => ({
  ...uuid,
  foreignKey: { target: 'person', name, ...more },
})

const personMergeTable = new EntitySchema({
  name: 'person_merge',
  columns: {
    id: madeId,
    survivor_id: person('person_merge_survivor_id_fkey'),
    absorbed_id: person('person_merge_absorbed_id_fkey'),
    at: instant,
    actor_id: text,
    reason: text,
    undone_at: maybe(instant),
    undone_by: maybe(text),
    undone_reason: maybe(text),
  },
  checks: [{ name: 'person_merge_check', expression: 'survivor_id <> absorbed_id' }],
  indices: [
    { name: 'person_merge_open', columns: ['absorbed_id'], unique: true, where: 'undone_at is null' },
    { name: 'person_merge_survivor', columns: ['survivor_id'] },
  ],
})

const affiliation = (name: string): EntitySchemaColumnOptions => ({
  ...uuid,
  foreignKey: { target: 'affiliation', name },
})

const affiliationMergeTable = new EntitySchema({
  name: 'affiliation_merge',
  columns: {
    id: madeId,
    survivor_id: affiliation('affiliation_merge_survivor_id_fkey'),
    absorbed_id: affiliation('affiliation_merge_absorbed_id_fkey'),
    at: instant,
    actor_id: text,
    reason: text,
    undone_at: maybe(instant),
    undone_by: maybe(text),
    undone_reason: maybe(text),
  },
  checks: [{ name: 'affiliation_merge_check', expression: 'survivor_id <> absorbed_id' }],
  indices: [
    { name: 'affiliation_merge_open', columns: ['absorbed_id'], unique: true, where: 'undone_at is null' },
    { name: 'affiliation_merge_survivor', columns: ['survivor_id'] },
  ],
})

const personMatchTable = new EntitySchema({
  name: 'person_match',
  columns: {
    id: madeId,
    person_a: person('person_match_person_a_fkey', { onDelete: 'CASCADE' }),
    person_b: person('person_match_person_b_fkey', { onDelete: 'CASCADE' }),
    evidence: text,
    confidence: { type: 'int' },
    since: instant,
    run_id: maybe(uuid),
    state: { ...text, default: 'open' },
    decided_by: maybe(text),
    decided_at: maybe(instant),
    reason: maybe(text),
  },
  uniques: [{ name: 'person_match_person_a_person_b_key', columns: ['person_a', 'person_b'] }],
  checks: [
    { name: 'person_match_evidence_check', expression: `evidence in ('same-cpr', 'name-birth-date')` },
    { name: 'person_match_state_check', expression: `state in ('open', 'different')` },
    { name: 'person_match_check', expression: 'person_a < person_b' },
  ],
  indices: [{ name: 'person_match_b', columns: ['person_b'] }],
})

export const mergeTables = [personMergeTable, affiliationMergeTable, personMatchTable] as const
