import { globSync } from 'node:fs'
import { join } from 'node:path'
import { EntitySchema } from 'typeorm'
import { beforeAll, describe, expect, test } from 'vitest'
import { DELETED_KEYS, type RetentionKey } from '../../../server/contract/retention-rows.ts'
import { partsOf } from '../../../server/gdpr/retention/due-sql.ts'
import { letGo } from '../../../server/gdpr/retention/retention-store.ts'
import { checkoutDir } from '../../../server/platform/data-dir.ts'
import { newId } from '../../../server/platform/ids.ts'
import type { Tx } from '../../../server/platform/unit-of-work.ts'

/*
 * Every table that says something of a person is let go by a row of the retention table, or says here why it need not be.
 * Columns that only say who did something (`created_by`) hold the id of a user, and a user has no name any more when the
 * person has none: those are not counted.
 */

/** Of a table with a person in it: the rows that take away what it says of them. */
const COVERED: Record<string, readonly RetentionKey[]> = {
  account: ['account', 'name'],
  account_decision: ['approvals'],
  affiliation: ['name'],
  affiliation_match: ['approvals'],
  affiliation_merge: ['approvals'],
  affiliation_state: ['name'],
  audit_payload: ['lookups', 'lookups-wide', 'changes'],
  catalogue_import: ['exports'],
  fact: ['contact', 'name'],
  feed_reject: ['runs'],
  finding: ['findings'],
  hr_event: ['hr-events', 'cpr'],
  hr_event_state: ['hr-events'],
  left_behind: ['cases'],
  legal_hold: ['approvals'],
  lifecycle_approval: ['approvals'],
  lifecycle_case: ['drafts', 'cases', 'cpr'],
  lifecycle_case_event: ['drafts', 'cases'],
  local_role: ['approvals'],
  lookup_sample: ['approvals'],
  mail: ['mails'],
  mail_item: ['mails'],
  order_attempt: ['orders'],
  person_cpr: ['cpr'],
  person_cpr_former: ['cpr'],
  person_current: ['contact', 'name'],
  person_key: ['name'],
  person_lock: ['approvals'],
  person_lock_attempt: ['lookups'],
  person_match: ['approvals'],
  person_merge: ['approvals'],
  person_state: ['contact', 'name'],
  plan_item: ['runs', 'contact', 'cpr'],
  provisioning_order: ['orders'],
  recovery_code: ['name'],
  rectification: ['rectifications'],
  right_exception: ['approvals'],
  right_grant: ['approvals'],
  second_factor: ['name'],
  source_record: ['contact', 'cpr', 'name', 'account'],
  task_evidence: ['evidence'],
  tool_user: ['name'],
  user_name_given: ['name'],
}

const ID_ONLY = 'ids, dates and codes: nobody is named in it once the name has gone'
const DERIVED = 'worked out from facts, and worked out again when those are written over'
/** The others, each with the reason why nothing of it has to go. */
const EXEMPT: Record<string, string> = {
  absence_exception: ID_ONLY,
  account_link: ID_ONLY,
  account_rule: 'a rule of the municipality: who answers for a shared account',
  affiliation_current: DERIVED,
  affiliation_decided: DERIVED,
  api_token: 'of a system; who made it is a user',
  assignment: DERIVED,
  assignment_history: ID_ONLY,
  audit_entry: 'the chain of the log: ids only, what is personal stands in audit_payload',
  audit_seal: 'hashes of the chain',
  activity_version: 'the record of processing activities names an owner by the job',
  case_handover: ID_ONLY,
  deputy: DERIVED,
  entitlement: 'the catalogue says who answers for a right',
  it_system: 'the catalogue says who answers for a system; its owner puts it right',
  local_role_unit: ID_ONLY,
  lock_roster: ID_ONLY,
  mail_language: ID_ONLY,
  notice_shown: ID_ONLY,
  observed_right: ID_ONLY,
  observed_right_history: ID_ONLY,
  one_time_link: 'a hash, used up or out of date within days',
  org_unit_current: DERIVED,
  package: 'expires after 90 days; then its parts are deleted and its hash stays',
  payroll_change: ID_ONLY,
  person: ID_ONLY,
  person_pseudonym: 'the pseudonym itself, in place of the name',
  person_rights: DERIVED,
  purpose_binding: 'says why a task needs a right; the record under Article 30 that is shown to an inspection',
  right_deviation: DERIVED,
  rights_rule: 'the rules name who answers for them',
  saved_view: 'a filter that somebody keeps; no people in it but by id',
  shift_cover: ID_ONLY,
  task: ID_ONLY,
  view_default: ID_ONLY,
  view_subscription: ID_ONLY,
  what_if_difference: 'of a draft, computed anew each time; goes with the draft',
  withheld_right: DERIVED,
}

const PEOPLE = ['person', 'affiliation', 'account', 'tool_user', 'lifecycle_case', 'audit_entry', 'hr_event']
/** `person_id`, `manager_person_id`, `affiliation_id`, `account_id`, `owner_person`: whose row it is, or whom it names. */
const NAMED = /(^|_)(person|affiliation|account)(_id|_a|_b)?$/
/** What a source or a person has said of people, without a column for whom. */
const SAID_OF_PEOPLE = [
  ...['audit_payload', 'catalogue_import', 'fact', 'feed_reject', 'hr_event', 'lookup_sample', 'order_attempt'],
  ...['plan_item', 'source_record', 'task_evidence', 'assignment_history', 'observed_right_history'],
]

type Columns = Record<string, { foreignKey?: { target: unknown } }>
async function tables(): Promise<Map<string, Columns>> {
  const found = new Map<string, Columns>()
  for (const file of globSync('server/**/*-tables.ts', { cwd: checkoutDir }))
    for (const value of Object.values((await import(join(checkoutDir, file))) as object))
      for (const one of Array.isArray(value) ? value : [value])
        if (one instanceof EntitySchema) found.set(one.options.name, one.options.columns as Columns)
  return found
}
const ofPeople = (columns: Columns) =>
  Object.entries(columns).some(
    ([name, { foreignKey }]) => NAMED.test(name) || (foreignKey && PEOPLE.includes(String(foreignKey.target))),
  )

/** What a row writes: the tables that it empties or writes over, heard from the statements themselves. */
async function written(key: RetentionKey): Promise<Set<string>> {
  const heard: string[] = []
  const id = newId()
  const people = key === 'contact' || key === 'cpr' || key === 'name'
  const tx = {
    query: async (sql: string) => {
      heard.push(sql)
      // Whose records they are has to be answered for what is done next.
      return sql.startsWith('select id from person') ? [{ id }] : []
    },
  } as unknown as Tx
  const subjects = people ? [`person/${id}`] : partsOf(key).map(part => `${part.name}/${id}`)
  await letGo(tx, key, subjects, { today: '2026-03-02', now: new Date('2026-03-02T09:00:00Z') })
  return new Set(
    heard.flatMap(sql => [...sql.matchAll(/(?:^|\s)(?:update|delete from) (\w+)/g)].map(([, name]) => name!)),
  )
}

let known: Map<string, Columns>
let people: string[]
beforeAll(async () => {
  known = await tables()
  people = [
    ...new Set([...[...known].filter(([, columns]) => ofPeople(columns)).map(([name]) => name), ...SAID_OF_PEOPLE]),
  ]
})

test('every table with a person in it has a row of the retention table, or a reason why it has none', () => {
  expect(people.filter(name => !(name in COVERED) && !(name in EXEMPT)).sort()).toEqual([])
  // Neither list says something of a table that there is not, nor both of one.
  expect(Object.keys(COVERED).filter(name => name in EXEMPT)).toEqual([])
  const gone = [...Object.keys(COVERED), ...Object.keys(EXEMPT)].filter(
    name => !known.has(name) && !name.endsWith('_history'),
  )
  expect(gone).toEqual([])
  // What would be found, is found.
  expect(ofPeople({ id: {}, left_person_id: {} })).toBe(true)
  expect(ofPeople({ id: {}, of: { foreignKey: { target: 'affiliation' } } })).toBe(true)
  expect(ofPeople({ id: {}, created_by: {} })).toBe(false)
})

describe.each(DELETED_KEYS)('the row %s', key => {
  test('writes the tables that it is said to cover, and no table with people beside them', async () => {
    const wrote = await written(key)
    const said = Object.entries(COVERED).flatMap(([name, rows]) => (rows.includes(key) ? [name] : []))
    expect(said.length).toBeGreaterThan(0)
    expect(said.filter(name => !wrote.has(name))).toEqual([])
    expect([...wrote].filter(name => !(name in COVERED) && !(name in EXEMPT))).toEqual([])
  })
})
