import type { RetentionKey } from '../../../server/contract/retention-rows.ts'
import { newId } from '../../../server/platform/ids.ts'
import type { Db, Tx } from '../../../server/platform/unit-of-work.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../support/municipality.ts'

export const TODAY = '2026-03-02'

/** Civil date so many months before another. */
export function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 - months, Math.min(date, last))).toISOString().slice(0, 10)
}

export type Where = {
  person: string
  affiliation: string
  system: string
  entitlement: string
  source: string
  user: string
}
/** One record of a row, begun at noon of `day`, about `person`: answers its `part/id`. */
export type Plant = { row: RetentionKey; part: string; make(tx: Tx, day: string, where: Where): Promise<string> }

const noon = (day: string) => `${day}T12:00:00Z`
const insert = async (tx: Tx, sql: string, params: unknown[]): Promise<string> => {
  const [row] = await tx.query<{ id: string }>(sql, params)
  return String(row!.id)
}
/** Somebody, or a job, that no other record is about. */
const another = (tx: Tx, table: 'person' | 'affiliation') =>
  insert(
    tx,
    table === 'person'
      ? 'insert into person (id) values ($1) returning id'
      : `insert into affiliation (id, source, key) select id, 'x', id::text from (select $1::uuid as id) n returning id`,
    [newId()],
  )
const entry =
  (lookup: boolean, by: string) =>
  async (tx: Tx, day: string, { person }: Where): Promise<string> => {
    const id = await insert(
      tx,
      `insert into audit_entry (at, actor_kind, actor_function, action, subject_kind, person_id, lookup, payload_hash)
       values ($1, 'user', $2, 'person.viewed', 'person', $3, $4, '\\x00') returning id`,
      [noon(day), by, person, lookup],
    )
    await tx.query(
      `insert into audit_payload (entry_id, salt, body) values ($1, '\\x00', '{"detail": {"reason": "x"}}')`,
      [id],
    )
    return id
  }
const lifecycleCase =
  (state: string, sent: boolean) =>
  (tx: Tx, day: string, { person }: Where): Promise<string> =>
    insert(
      tx,
      `insert into lifecycle_case (id, kind, state, person_id, form, created_at, updated_at, sent_at)
       values ($1, 'hire', $2, $3, '{"kind": "hire", "note": "Fritekst"}', $4, $4, case when $5 then $4::timestamptz end) returning id`,
      [newId(), state, person, noon(day), sent],
    )

/** A record of every part, as its room would have written it long ago. People are made by a feed: see the tests. */
export const PLANTS: readonly Plant[] = [
  { row: 'lookups', part: 'entry', make: entry(true, 'hr') },
  { row: 'lookups-wide', part: 'entry', make: entry(true, 'dpo') },
  { row: 'changes', part: 'entry', make: entry(false, 'it') },
  {
    row: 'lookups',
    part: 'lock-attempt',
    make: (tx, day, { person, user }) =>
      insert(tx, `insert into person_lock_attempt (id, person_id, user_id, at) values ($1, $2, $3, $4) returning id`, [
        ...[newId(), person, user, noon(day)],
      ]),
  },
  { row: 'drafts', part: 'case', make: lifecycleCase('draft', false) },
  { row: 'cases', part: 'case', make: lifecycleCase('done', true) },
  {
    row: 'cases',
    part: 'left-behind',
    make: (tx, day, { person, affiliation }) =>
      insert(
        tx,
        `insert into left_behind (id, case_id, person_id, affiliation_id, what, action, due_on, reply, stated_at)
         values ($1, $1, $2, $3, 'mailbox', 'close', $4, 'Skriv til Navn', $5) returning id`,
        [newId(), person, affiliation, day, noon(day)],
      ),
  },
  {
    row: 'rectifications',
    part: 'rectification',
    make: (tx, day, { person }) =>
      insert(
        tx,
        `insert into rectification (id, person_id, about, office, words, asked_at, answered_at, outcome, answer)
         values ($1, $2, 'person', 'hr', 'Forkert', $3, $3, 'corrected', 'Rettet') returning id`,
        [newId(), person, noon(day)],
      ),
  },
  {
    row: 'account',
    part: 'account',
    make: (tx, day, { person, source }) =>
      insert(
        tx,
        `insert into account (source, key, username, display_name, person_id, gone_at) values ($1, $2, $2, 'Navn', $3, $4) returning id`,
        [source, newId(), person, noon(day)],
      ),
  },
  {
    row: 'approvals',
    part: 'approval',
    make: async (tx, day, where) => {
      const caseId = await lifecycleCase('sent', true)(tx, day, where)
      await tx.query(`update lifecycle_case set form = '{"kind": "hire"}' where id = $1`, [caseId])
      return insert(
        tx,
        `insert into lifecycle_approval (id, case_id, affiliation_id, person_id, entitlement_id, constraints, valid_from, why, because, via,
           state, created_at, decided_at, reason)
         values ($1, $2, $3, $4, $5, '[]', $6, 'Derfor', 'special', 'owner', 'approved', $7, $7, 'Ja') returning id`,
        [newId(), caseId, where.affiliation, where.person, where.entitlement, day, noon(day)],
      )
    },
  },
  {
    row: 'approvals',
    part: 'account-decision',
    make: async (tx, day, { person, source }) => {
      const id = await insert(
        tx,
        `insert into account (source, key, username, person_id, gone_at) values ($1, $2, $2, $3, now()) returning id`,
        [source, newId(), person],
      )
      return insert(
        tx,
        `insert into account_decision (id, account_id, kind, actor_id, at, reason, person_id, before) values ($1, $2, 'link', 'x', $3, 'Hun er det', $4, '{}') returning id`,
        [newId(), id, noon(day), person],
      )
    },
  },
  {
    row: 'approvals',
    part: 'exception',
    make: (tx, day, { person, entitlement }) =>
      insert(
        tx,
        `insert into right_exception (id, person_id, entitlement_id, valid_from, valid_to, reason, in_force, created_at, created_by, ended_at)
         values ($1, $2, $3, $4::date - 1, $4, 'Vikar', false, $5, 'x', $5) returning id`,
        [newId(), person, entitlement, day, noon(day)],
      ),
  },
  {
    row: 'approvals',
    part: 'grant',
    make: (tx, day, { affiliation, entitlement }) =>
      insert(
        tx,
        `insert into right_grant (id, affiliation_id, entitlement_id, constraints, kind, reason, valid_from, valid_to, created_at, created_by, ended_at, ended_by, ended_reason)
         values ($1, $2, $3, '[]', 'report', 'Vikar', $4::date - 1, $4, $5, 'x', $5, 'x', 'Slut') returning id`,
        [newId(), affiliation, entitlement, day, noon(day)],
      ),
  },
  {
    row: 'approvals',
    part: 'match',
    make: async (tx, day, { person }) =>
      insert(
        tx,
        `insert into person_match (id, person_a, person_b, evidence, confidence, since, state, decided_by, decided_at, reason)
         select $1, least(a, b), greatest(a, b), 'same-cpr', 90, $4, 'different', 'x', $4, 'De er søstre' from (select $2::uuid as a, $3::uuid as b) p returning id`,
        [newId(), person, await another(tx, 'person'), noon(day)],
      ),
  },
  {
    row: 'approvals',
    part: 'merge',
    make: async (tx, day, { person }) =>
      insert(
        tx,
        `insert into person_merge (id, survivor_id, absorbed_id, at, actor_id, reason) values ($1, $2, $3, $4, 'x', 'Samme Navn') returning id`,
        [newId(), person, await another(tx, 'person'), noon(day)],
      ),
  },
  {
    row: 'approvals',
    part: 'job-match',
    make: async (tx, day, { affiliation }) =>
      insert(
        tx,
        `insert into affiliation_match (id, report_id, payroll_id, evidence, confidence, since, state, decided_by, decided_at, reason)
         values ($1, $2, $3, 'employee-no', 90, $4, 'different', 'x', $4, 'Navn har to job') returning id`,
        [newId(), affiliation, await another(tx, 'affiliation'), noon(day)],
      ),
  },
  {
    row: 'approvals',
    part: 'job-merge',
    make: async (tx, day, { affiliation }) =>
      insert(
        tx,
        `insert into affiliation_merge (id, survivor_id, absorbed_id, at, actor_id, reason) values ($1, $2, $3, $4, 'x', 'Samme job') returning id`,
        [newId(), affiliation, await another(tx, 'affiliation'), noon(day)],
      ),
  },
  {
    row: 'approvals',
    part: 'local-role',
    make: async (tx, day, { person }) => {
      const [known] = await tx.query<{ id: string }>('select id from tool_user where person_id = $1', [person])
      const user = known?.id ?? newId()
      if (!known)
        await tx.query(`insert into tool_user (id, kind, username, person_id) values ($1, 'person', $2, $3)`, [
          ...[user, newId(), person],
        ])
      return insert(
        tx,
        `insert into local_role (id, user_id, role, valid, reason) values ($1, $2, 'auditor', daterange($3::date - 1, $3), 'Navn reviderer') returning id`,
        [newId(), user, day],
      )
    },
  },
  {
    row: 'approvals',
    part: 'hold',
    make: (tx, day, { person }) =>
      insert(
        tx,
        `insert into legal_hold (id, kind, subject_id, reason, owner_id, placed_at, placed_by, expires_on)
         values ($1, 'person', $2, 'Retssag', $2, $3::timestamptz - interval '9 days', $1, $4) returning id`,
        [newId(), person, noon(day), day],
      ),
  },
  {
    row: 'approvals',
    part: 'sample',
    make: async (tx, day, where) => {
      const id = await insert(
        tx,
        `insert into audit_entry (at, actor_kind, actor_function, action, subject_kind, person_id, lookup)
         values ($1, 'user', 'dpo', 'person.viewed', 'person', $2, true) returning id`,
        [noon(day), where.person],
      )
      return insert(
        tx,
        `insert into lookup_sample (entry_id, month, drawn_at, answer, note, answered_at)
         values ($1, $2, $3, 'not-work', 'Navn er en nabo', $3) returning entry_id as id`,
        [id, day, noon(day)],
      )
    },
  },
  {
    row: 'approvals',
    part: 'lock',
    make: (tx, day, { person }) =>
      insert(
        tx,
        `insert into person_lock (id, person_id, reason, locked_at, locked_by, released_at, released_by, release_reason)
         values ($1, $2, 'Mistanke', $3, 'x', $3, 'x', 'Afkræftet') returning id`,
        [newId(), person, noon(day)],
      ),
  },
  {
    row: 'findings',
    part: 'finding',
    make: (tx, day, { person, entitlement }) =>
      insert(
        tx,
        `insert into finding (code, subject_id, object_id, cause, severity, person_id, owner_role, opened_at, state, closed_at)
         values ('unused', $1, $2, 'x', 'low', $1, 'it', $3, 'closed', $3) returning id`,
        [person, entitlement, noon(day)],
      ),
  },
  {
    row: 'hr-events',
    part: 'event',
    make: async (tx, day, { person }) => {
      const id = newId()
      await tx.query(
        `insert into hr_event (id, feed, source, event_id, type, subject, time, data, received_at) values ($1, 'løn', 'x', $2, 'hire', 'x', $3, '{"familyName": "Navn"}', $3)`,
        [id, id, noon(day)],
      )
      await tx.query(
        `insert into hr_event_state (event_id, state, changed_at, person_id) values ($1, 'applied', $2, $3)`,
        [id, noon(day), person],
      )
      return id
    },
  },
  {
    row: 'orders',
    part: 'order',
    make: (tx, day, { person, affiliation, entitlement, system }) =>
      insert(
        tx,
        `insert into provisioning_order (id, system_id, person_id, affiliation_id, entitlement_id, action, due_on, state, cause, content, made_at, done_at)
         values ($1, $2, $3, $4, $5, 'revoke', $6, 'done', 'x', '{"username": "navn"}', $7, $7) returning id`,
        [newId(), system, person, affiliation, entitlement, day, noon(day)],
      ),
  },
  {
    row: 'evidence',
    part: 'evidence',
    make: async (tx, day, { person, system, user }) => {
      const task = newId()
      await tx.query(
        `insert into task (id, system_id, person_id, due_on, direction, state, made_at, done_at, verified_at) values ($1, $2, $3, $4, 'take', 'done', $5, $5, $5)`,
        [task, system, person, day, noon(day)],
      )
      return insert(
        tx,
        `insert into task_evidence (id, task_id, kind, note, at, by) values ($1, $2, 'note', 'Afleveret af Navn', $3, $4) returning id`,
        [newId(), task, noon(day), user],
      )
    },
  },
  {
    row: 'mails',
    part: 'told',
    make: (tx, day, { person }) =>
      insert(
        tx,
        `insert into mail_item (id, key, person_id, kind, stage, subject_id, about_person_id, facts, rhythm, due_on, made_at, told_at)
         values ($1, $2, $3, 'lock-set', 'x', $1, $3, '{"name": "Navn"}', 'now', $4, $5, $5) returning id`,
        [newId(), newId(), person, day, noon(day)],
      ),
  },
  {
    row: 'mails',
    part: 'mail',
    make: (tx, day, { person }) =>
      insert(
        tx,
        `insert into mail (id, person_id, rhythm, slot, state, made_at) values ($1, $2, 'now', $3, 'shown', $4) returning id`,
        [newId(), person, newId(), noon(day)],
      ),
  },
  {
    row: 'exports',
    part: 'import',
    make: (tx, day, { user }) =>
      insert(
        tx,
        `insert into catalogue_import (id, user_id, at, name, kind, content) values ($1, $2, $3, 'x.csv', 'table', '[]') returning id`,
        [newId(), user, noon(day)],
      ),
  },
  {
    row: 'runs',
    part: 'item',
    make: async (tx, day, { person, source }) => {
      const [plan, run] = [newId(), newId()]
      await tx.query(
        `insert into plan (id, kind, subject, state, hash, created_at) values ($1, 'feed', $2, 'applied', 'x', $3)`,
        [plan, source, noon(day)],
      )
      await tx.query(
        `insert into feed_run (id, source, trigger, state, phase, plan_id, started_at, ended_at, worker, heartbeat_at, mode)
         values ($1, $2, 'schedule', 'done', 'end', $3, $4, $4, 'x', $4, 'full')`,
        [run, source, plan, noon(day)],
      )
      await tx.query(
        `insert into plan_item (plan_id, n, kind, key, op, after, subject_id, state) values ($1, 1, 'person', 'x', 'add', '{"familyName": "Navn"}', $2, 'applied')`,
        [plan, person],
      )
      return `${plan}:1`
    },
  },
  {
    row: 'runs',
    part: 'reject',
    make: async (tx, day, { source }) => {
      const run = newId()
      await tx.query(
        `insert into feed_run (id, source, trigger, state, phase, started_at, ended_at, worker, heartbeat_at, mode)
         values ($1, $2, 'schedule', 'done', 'end', $3, $3, 'x', $3, 'full')`,
        [run, source, noon(day)],
      )
      await tx.query(
        `insert into feed_reject (run_id, n, kind, key, reason, raw) values ($1, 1, 'person', 'x', 'y', '{"navn": "N"}')`,
        [run],
      )
      return `${run}:1`
    },
  },
]

/** A town with somebody who works there, and somebody who left `months` ago. */
export async function town(db: Db, leftOn: string): Promise<{ here: Where; left: Where }> {
  const it = municipality(db, `${TODAY}T09:00:00Z`)
  await it.feed('løn', [
    unit('u-1', { name: 'Rådhuset' }),
    position('p-1', { name: 'Pædagog', category: 'omsorg' }),
    person('her', { email: 'her@example.dk', phone: '12345678', cpr: '0101704000' }),
    job('job-her', 'her', { unit: 'u-1', title: 'Pædagog' }),
    person('væk', { email: 'vaek@example.dk', phone: '87654321', cpr: '0202714000' }),
    job('job-væk', 'væk', { unit: 'u-1', title: 'Pædagog', startsOn: '2010-01-01', endsOn: leftOn }),
  ])
  await it.feed('kat', [system('sys', { name: 'Sys' }), entitlement('sys/læse', { system: 'sys', name: 'Læse' })])
  return db.transaction(async tx => {
    const one = async (sql: string) => (await tx.query<{ id: string }>(sql))[0]!.id
    const of = async (name: string): Promise<Where> => ({
      person: await one(`select person_id as id from person_current where given_name = '${name}'`),
      affiliation: await one(
        `select affiliation_id as id from affiliation_current c join person_current p using (person_id) where p.given_name = '${name}'`,
      ),
      system: await one('select id from it_system limit 1'),
      entitlement: await one('select id from entitlement limit 1'),
      source: 'løn',
      user: newId(),
    })
    return { here: await of('her'), left: await of('væk') }
  })
}
