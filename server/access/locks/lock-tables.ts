import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
const text: EntitySchemaColumnOptions = { type: 'text' }
const instant: EntitySchemaColumnOptions = { type: 'timestamptz' }
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true })
const person = (name: string): EntitySchemaColumnOptions => ({ ...uuid, foreignKey: { target: 'person', name } })

export const lockTables = [
  new EntitySchema({
    name: 'person_lock',
    columns: {
      id: { ...uuid, primary: true },
      person_id: person('person_lock_person_id_fkey'),
      reason: text,
      locked_at: instant,
      locked_by: text,
      locked_by_person_id: maybe(uuid),
      released_at: maybe(instant),
      released_by: maybe(text),
      release_reason: maybe(text),
    },
    indices: [{ name: 'person_lock_in_force', columns: ['person_id'], unique: true, where: 'released_at is null' }],
  }),
  new EntitySchema({
    name: 'person_lock_attempt',
    columns: {
      id: { ...uuid, primary: true },
      person_id: person('person_lock_attempt_person_id_fkey'),
      user_id: uuid,
      at: instant,
    },
    indices: [{ name: 'person_lock_attempt_user', columns: ['user_id', 'person_id', 'at'] }],
  }),
  new EntitySchema({
    name: 'lock_roster',
    columns: {
      id: { ...uuid, primary: true },
      person_id: person('lock_roster_person_id_fkey'),
      starts_at: instant,
      ends_at: instant,
      created_at: instant,
      created_by: text,
      ended_at: maybe(instant),
    },
    checks: [{ name: 'lock_roster_check', expression: 'starts_at < ends_at' }],
    indices: [{ name: 'lock_roster_ends', columns: ['ends_at'] }],
  }),
] as const
