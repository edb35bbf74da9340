import { beforeEach, describe, expect, test } from 'vitest'
import type { ApplyParts } from '../../../../server/lifecycle/events/apply-events.ts'
import { endsLimit } from '../../../../server/lifecycle/events/decide-burst.ts'
import { createEventRunner } from '../../../../server/lifecycle/events/event-runner.ts'
import { storeHrSettings } from '../../../../server/people/hr-settings-store.ts'
import { civilDate } from '../../../../server/platform/clock.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import { decideAgain } from '../../../../server/wiring.ts'
import { countingStatements } from '../../../support/statements.ts'
import { cancels, corrects, event, hired, hrHouse } from './hr-house.ts'

/** Where no system is steered, with the request that brings the event. */
const MOST_OF_A_HIRE = 70

const hr = hrHouse()
beforeEach(() => hr.reset())

const current = async (key: string) =>
  (
    await hr.query<{
      status: string
      title: string | null
      starts_on: string
      ends_on: string | null
      on_leave: boolean
    }>(`select c.* from affiliation_current c join affiliation a on a.id = c.affiliation_id where a.key = $1`, [key])
  )[0] ?? null
const stateOf = async (id: string) =>
  (
    await hr.query<{ state: string; why: string | null; notes: unknown[] }>(
      'select s.state, s.why, s.notes from hr_event e join hr_event_state s on s.event_id = e.id where e.event_id = $1',
      [id],
    )
  )[0]

describe('what comes in', () => {
  test('an event is answered with 202 and a receipt that can be polled, and a repeat with the same receipt', async () => {
    const one = hired('a1', 'p1', '2026-02-01')
    const [first] = await hr.tell(one)
    expect(first?.status).toBe(202)
    const receipt = first?.body.receipts?.[0]?.receipt
    const polled = await hr.get(`/hr/events/${receipt}`)
    expect(polled.body).toMatchObject({ receipt, state: 'applied', id: one.id })
    const [again] = await hr.tell(one)
    expect(again?.status).toBe(202)
    expect(again?.body.receipts?.[0]?.receipt).toBe(receipt)
    expect(await hr.query('select 1 from hr_event')).toHaveLength(1)
  })

  test('the same source and id with other content is refused and says so', async () => {
    const one = hired('a1', 'p1', '2026-02-01')
    await hr.tell(one)
    const [answer] = await hr.tell({ ...one, subject: 'a2' })
    expect(answer?.status).toBe(409)
    expect(answer?.body).toMatchObject({ code: 'event-differs' })
  })

  test('a bad event names the field and stores nothing, not even the good ones beside it', async () => {
    const good = hired('a1', 'p1', '2026-02-01')
    const bad = hired('a2', 'p2', '2026-02-30', { affiliationKind: 'boss', unknown: 1 })
    const answer = await hr.send([good, bad], 'application/cloudevents-batch+json')
    expect(answer.status).toBe(400)
    const errors = (answer.body as unknown as { errors: { where: string }[] }).errors.map(one => one.where)
    expect(errors).toEqual(
      expect.arrayContaining(['body/1/data/effectiveDate', 'body/1/data/affiliationKind', 'body/1/data/unknown']),
    )
    expect(await hr.query('select 1 from hr_event')).toHaveLength(0)
  })

  test('an unknown type is kept, and nothing follows from it', async () => {
    const one = { ...hired('a1', 'p1', '2026-02-01'), type: 'com.example.promoted' }
    await hr.tell(one)
    expect(await stateOf(one.id)).toMatchObject({ state: 'unknown-type' })
    expect(await hr.query('select 1 from affiliation')).toHaveLength(0)
  })

  test('a CPR number is nowhere in clear: not stored, not answered, not logged', async () => {
    const one = hired('a1', 'p1', '2026-02-01', {
      person: { key: 'p1', givenName: 'Karen', familyName: 'Holm', cpr: '040580-1234' },
    })
    const odd = { ...hired('a2', 'p2', '2026-02-01'), type: 'com.example.other', data: { note: 'cpr 0405801234 her' } }
    const answers = await hr.tell(one, odd)
    const rows = await hr.query('select e.*, s.* from hr_event e join hr_event_state s on s.event_id = e.id')
    const facts = await hr.query('select * from fact')
    const log = await hr.query('select * from audit_entry')
    const all = JSON.stringify([answers, rows, facts, log]) + hr.log
    expect(all).not.toMatch(/040580-?1234/)
    expect(await hr.query('select 1 from person_cpr')).toHaveLength(1)
    const key = await hr.send(hired('0405801234', 'p3', '2026-02-01'))
    expect(key.status).toBe(400)
  })

  test('a token that is wrong, run out or revoked is refused, and a session cannot send events', async () => {
    const good = hr.token
    hr.token = `${good.slice(0, -2)}zz`
    expect((await hr.send(hired('a1', 'p1', '2026-02-01'))).status).toBe(401)
    hr.token = good
    await hr.query(`update api_token set expires_at = '2026-01-01'`)
    expect((await hr.send(hired('a1', 'p1', '2026-02-01'))).status).toBe(401)
    await hr.query(`update api_token set expires_at = '2030-01-01', revoked_at = now()`)
    expect((await hr.send(hired('a1', 'p1', '2026-02-01'))).status).toBe(401)
    await hr.query('update api_token set revoked_at = null')
    expect((await hr.send(hired('a1', 'p1', '2026-02-01'))).status).toBe(202)
    const me = await hr.get('/people/search')
    expect(me.status).not.toBe(200)
  })

  test('another program does not see the receipts of this one', async () => {
    const [answer] = await hr.tell(hired('a1', 'p1', '2026-02-01'))
    const receipt = answer?.body.receipts?.[0]?.receipt
    hr.token = await hr.makeToken('hr-events-sd')
    expect((await hr.get(`/hr/events/${receipt}`)).status).toBe(404)
  })

  test('the schemas are published, one per type, and are JSON Schema', async () => {
    const { body } = await hr.get('/hr/schemas')
    expect(body.types).toHaveLength(12)
    for (const { schema } of body.types as { schema: string }[]) {
      const one = await hr.get(schema.replace('/api', ''))
      expect(one.body).toMatchObject({ type: 'object', properties: { data: expect.anything() } })
    }
  })
})

describe('rows of the joiner, mover and leaver table', () => {
  test('Duplicate HR event: the state is equal', async () => {
    const events = [hired('a1', 'p1', '2026-02-01'), event('ended', 'a1', { effectiveDate: '2026-05-01' })]
    await hr.tell(...events)
    const once = await hr.state()
    await hr.tell(...events, ...events)
    expect(await hr.state()).toEqual(once)
  })

  test('Out-of-order events: a correction and a cancellation before what they are about', async () => {
    const hire = hired('a1', 'p1', '2026-02-01')
    const end = event('ended', 'a1', { effectiveDate: '2026-05-01' })
    const fixed = corrects('a1', hire, 'hired', { ...(hire.data as object), title: 'Sygeplejerske' })
    const events = [cancels('a1', end), fixed, end, hire]
    await hr.tell(...events)
    expect(await current('a1')).toMatchObject({ status: 'active', title: 'Sygeplejerske', ends_on: null })
    const backwards = await hr.state()
    await hr.reset()
    await hr.tell(...events.toReversed())
    expect(await hr.state()).toEqual(backwards)
  })

  test('Same-day end and start: no day is without an employment', async () => {
    await hr.tell(
      hired('a1', 'p1', '2026-01-01', { endsOn: '2026-03-02' }),
      hired('a2', 'p1', '2026-03-02', { title: 'Leder' }),
    )
    expect(await current('a1')).toMatchObject({ status: 'ended' })
    expect(await current('a2')).toMatchObject({ status: 'active' })
    const [row] = await hr.query<{ persons: number }>(
      'select count(distinct person_id)::int as persons from affiliation_current',
    )
    expect(row?.persons).toBe(1)
  })

  test('No-show: a hire that is withdrawn leaves no affiliation, and whatever was said beside it does not either', async () => {
    const hire = hired('a1', 'p1', '2026-02-01')
    await hr.tell(
      hire,
      event('changed', 'a1', { effectiveDate: '2026-02-10', title: 'Afdelingsleder' }),
      cancels('a1', hire),
    )
    expect(await current('a1')).toBeNull()
  })

  test('Backdated hire: valid from then, known from now', async () => {
    await hr.tell(hired('a1', 'p1', '2025-11-01'))
    const [row] = await hr.query<{ f: string; known: Date }>(
      'select lower(valid) as f, lower(recorded) as known from affiliation_state where upper_inf(recorded)',
    )
    expect(row?.f).toBe('2025-11-01')
    expect(row && civilDate(row.known)).toBe(hr.today)
  })

  test('Termination postponed, and cancelled: as if it had never been ended', async () => {
    const hire = hired('a1', 'p1', '2026-02-01')
    await hr.tell(hire)
    const before = await hr.state()
    const end = event('ended', 'a1', { effectiveDate: '2026-02-20', lastWorkingDay: '2026-02-10' })
    await hr.tell(end)
    expect(await current('a1')).toMatchObject({ status: 'ended' })
    const later = corrects('a1', end, 'ended', { effectiveDate: '2026-06-01' })
    await hr.tell(later)
    expect(await current('a1')).toMatchObject({ status: 'active', ends_on: '2026-06-01' })
    await hr.tell(cancels('a1', end))
    expect(await hr.state()).toEqual(before)
  })

  test('Rehire: one person, a new affiliation, and the old one stays ended', async () => {
    await hr.tell(
      hired('a1', 'p1', '2024-02-01'),
      event('ended', 'a1', { effectiveDate: '2025-02-01' }),
      hired('a9', 'p1', '2026-02-01'),
    )
    expect(await current('a1')).toMatchObject({ status: 'ended' })
    expect(await current('a9')).toMatchObject({ status: 'active' })
    expect(await hr.query('select 1 from person_current')).toHaveLength(1)
  })

  test('Leave of absence: on leave, back by itself, and back earlier than planned', async () => {
    await hr.tell(
      hired('a1', 'p1', '2026-01-01'),
      event('leave-started', 'a1', {
        effectiveDate: '2026-02-01',
        endsOn: '2026-04-01',
        leaveKind: 'barsel',
        reason: 'x',
      }),
    )
    expect(await current('a1')).toMatchObject({ on_leave: true })
    await hr.tell(event('leave-ended', 'a1', { effectiveDate: '2026-03-01', plannedEnd: '2026-04-01' }))
    expect(await current('a1')).toMatchObject({ on_leave: false })
  })

  test('Name change: no new person, and the old name stays in the past', async () => {
    await hr.tell(
      hired('a1', 'p1', '2026-01-01'),
      event('name-changed', 'a1', { effectiveDate: '2026-02-15', givenName: 'Karen', familyName: 'Lund' }),
    )
    const [row] = await hr.query<{ name: string }>('select name from person_current')
    expect(row?.name).toBe('Karen Lund')
    const past = await hr.query<{ n: string }>(
      `select attrs ->> 'familyName' as n from person_state where upper_inf(recorded) and valid @> '2026-02-01'::date`,
    )
    expect(past[0]?.n).toBe('Holm p1')
  })

  test('CPR change: two numbers, one person, whichever number is said', async () => {
    const person = { key: 'p1', givenName: 'Ana', familyName: 'Silva', cpr: '6405801234' }
    const change = event('person-number-changed', 'a1', { effectiveDate: '2026-02-20', cpr: '0405804321' })
    await hr.tell(hired('a1', 'p1', '2026-01-01', { person }), change)
    await hr.tell(hired('a2', 'p2', '2026-02-01', { person: { ...person, key: 'p2' } }))
    await hr.tell(hired('a3', 'p3', '2026-02-01', { person: { ...person, key: 'p3', cpr: '0405804321' } }))
    expect(await hr.query('select 1 from person_current')).toHaveLength(1)
    await hr.tell(cancels('a1', change))
    const { cpr } = await import('../../../../server/people/cpr-store.ts').then(async store => ({
      cpr: await hr.house.db.transaction(async tx => {
        const [row] = await tx.query<{ id: string }>('select person_id as id from person_current')
        return store.readCpr(tx, hr.house.keyring, row?.id ?? '')
      }),
    }))
    expect(cpr).toBe('6405801234')
  })

  test('Death: every affiliation ends, also one that comes afterwards', async () => {
    await hr.tell(
      hired('a1', 'p1', '2025-01-01'),
      event('died', 'a1', { effectiveDate: '2026-02-20' }),
      hired('a2', 'p1', '2025-06-01', { title: 'Rengøringsassistent' }),
    )
    expect(await current('a1')).toMatchObject({ status: 'ended' })
    expect(await current('a2')).toMatchObject({ status: 'ended' })
    const [row] = await hr.query<{ died_on: string }>('select died_on from person_current')
    expect(row?.died_on).toBe('2026-02-20')
  })

  test('Manager change: the unit has the one that was said last, whichever event came first', async () => {
    const first = hired('a1', 'p1', '2025-01-01')
    const second = hired('a2', 'p2', '2025-01-01')
    const one = event('manager-changed', 'a1', { effectiveDate: '2026-01-01', unit: '100' })
    const two = event('manager-changed', 'a2', { effectiveDate: '2026-02-01', unit: '100' })
    await hr.tell(two, one, second, first)
    const [row] = await hr.query<{ manager: string }>(
      `select a.key as manager from org_unit_state s join affiliation a on a.id = (s.attrs ->> 'manager')::uuid
       where upper_inf(s.recorded) and s.valid @> '2026-03-01'::date`,
    )
    expect(row?.manager).toBe('a2')
  })

  test('Retroactive termination: what was seen between the day and now stands on the event', async () => {
    await hr.tell(hired('a1', 'p1', '2025-01-01'))
    await hr.query(
      `insert into account (id, source, key, username, kind, situation, enabled, first_seen_at, seen_at, last_sign_in, person_id)
       select gen_random_uuid(), 'ad', 'k', 'kaho', 'personal', 'linked', true, '2025-01-01', '2026-03-01', '2026-02-25', person_id
       from person_current`,
    )
    const late = event('ended', 'a1', { effectiveDate: '2026-02-20' })
    await hr.tell(late)
    const state = await stateOf(late.id)
    expect(state?.notes).toMatchObject([{ kind: 'use-between', from: '2026-02-20', signedIn: [{ account: 'kaho' }] }])
  })

  test('Gap in events: a number that was left out is noticed', async () => {
    const base = { effectiveDate: '2026-02-01' }
    await hr.tell(hired('a1', 'p1', '2026-01-01'))
    for (const sequence of [1, 2, 5])
      await hr.tell(event('changed', 'a1', { ...base, title: `T${sequence}` }, { sequence }))
    const [row] = await hr.query<{ missing: number }>(
      `select (max(sequence) - min(sequence) + 1 - count(distinct sequence))::int as missing from hr_event where sequence is not null`,
    )
    expect(row?.missing).toBe(2)
  })

  test('Mass ends by events: a burst waits for a person, and goes on when that person says so', async () => {
    const people = Array.from({ length: 30 }, (_, n) => `m${n}`)
    await hr.send(
      people.map(key => hired(key, key, '2025-01-01')),
      'application/cloudevents-batch+json',
    )
    await hr.send(
      people.map(key => event('ended', key, { effectiveDate: '2026-02-01' })),
      'application/cloudevents-batch+json',
    )
    await hr.house.events.settled()
    const counts = async () =>
      (
        await hr.query<{ ended: number }>(
          `select count(*)::int as ended from affiliation_current where status = 'ended'`,
        )
      )[0]?.ended
    expect(await counts()).toBe(0)
    await hr.query(`update hr_event_state set state = 'approved' where state = 'held'`)
    await hr.house.events.applyDue()
    expect(await counts()).toBe(30)
  })
})

describe('whoever carries events out', () => {
  test('somebody hired takes few statements: each is a message and an answer', async () => {
    await hr.tell(hired('a1', 'p1', '2026-01-01'))
    const { statements } = await countingStatements(() => hr.tell(hired('a2', 'p2', '2026-01-01')))
    expect(await current('a2')).toMatchObject({ status: 'active' })
    expect(statements.length, statements.join('\n---\n')).toBeLessThanOrEqual(MOST_OF_A_HIRE)
  })

  const burst = () => [
    hired('a1', 'p1', '2026-01-01'),
    hired('a2', 'p2', '2026-01-01'),
    event('transferred', 'a1', { effectiveDate: '2026-02-01', unit: '200' }),
    event('ended', 'a2', { effectiveDate: '2026-02-20' }),
    event('name-changed', 'a1', { effectiveDate: '2026-02-01', givenName: 'Karen', familyName: 'Lund' }),
  ]
  const runner = (decide: ApplyParts['decide'], follow: ApplyParts['follow'] = async () => []) =>
    createEventRunner({ ...hr.house, decide, follow })

  test('a process that dies at the end of its work has done nothing, and two that go on together do it once', async () => {
    const events = burst()
    await hr.tell(...events)
    const undisturbed = await hr.state()
    await hr.reset()
    const { kick } = hr.house.events
    hr.house.events.kick = () => {}
    try {
      for (const one of events) await hr.send(one)
      const dies = runner(async tx => {
        await tx.query('select pg_terminate_backend(pg_backend_pid())')
      })
      await expect(dies.applyDue()).rejects.toThrow()
      expect(await hr.query('select 1 from fact')).toEqual([])
      const waiting = await hr.query(`select 1 from hr_event_state where state = 'received'`)
      expect(waiting).toHaveLength(events.length)
      const [one, two] = await Promise.all([hr.house.events.applyDue(), hr.house.events.applyDue()])
      expect(one.applied + two.applied).toBe(events.length)
      expect(await hr.state()).toEqual(undisturbed)
    } finally {
      hr.house.events.kick = kick
    }
  })

  test('one event that cannot be carried out does not keep the others waiting, and is tried again', async () => {
    await hr.query(
      `create function refuse() returns trigger language plpgsql as $$ begin
         if new.key = 'bad' then raise exception 'no'; end if; return new; end $$`,
    )
    await hr.query('create trigger refuse before insert on affiliation for each row execute function refuse()')
    const bad = hired('bad', 'p9', '2026-01-01')
    try {
      await hr.send([bad, ...burst()], 'application/cloudevents-batch+json')
      await hr.house.events.settled()
      expect(await stateOf(bad.id)).toMatchObject({ state: 'failed', why: 'not-applied' })
      expect(await hr.query('select 1 from affiliation_current')).toHaveLength(2)
    } finally {
      await hr.query('drop function refuse() cascade')
    }
    await hr.query(`update hr_event_state set next_at = '2026-01-01' where state = 'failed'`)
    await hr.house.events.applyDue()
    expect(await stateOf(bad.id)).toMatchObject({ state: 'applied' })
  })

  test('a person whose rights cannot be decided is set aside with the reason, keeps nobody waiting, and is tried again', async () => {
    const { kick } = hr.house.events
    hr.house.events.kick = () => {}
    try {
      const many = Array.from({ length: 9 }, (_, n) => hired(`d${n}`, `d${n}`, '2026-01-01'))
      const bad = hired('bad', 'p9', '2026-01-01')
      await hr.send(many.toSpliced(4, 0, bad), 'application/cloudevents-batch+json')
      const decided: string[] = []
      const keysOf = async (tx: Tx, ids: readonly string[]) =>
        (await tx.query<{ key: string }>('select key from affiliation where id = any($1)', [ids])).map(row => row.key)
      const faulty = runner(async (tx, cause, affiliations) => {
        const keys = await keysOf(tx, affiliations)
        if (keys.includes('bad')) throw new Error('a rule that cannot be asked')
        decided.push(...keys)
        await decideAgain(tx, hr.house.clock, cause, affiliations)
      })
      expect(await faulty.applyDue()).toMatchObject({ picked: 10, applied: 9, failed: 1 })
      expect(decided.sort()).toEqual(many.map(one => one.subject).sort())
      expect(await stateOf(bad.id)).toMatchObject({ state: 'failed', why: 'not-decided' })
      expect(await current('bad')).toBeNull()
      expect(await current('d8')).toMatchObject({ status: 'active' })
      expect(hr.log).toContain('a rule that cannot be asked')
      // Not at once again; once its time has come and the fault is mended, it is like the others.
      expect(await faulty.applyDue()).toMatchObject({ picked: 0 })
      await hr.query(`update hr_event_state set next_at = '2026-01-01' where state = 'failed'`)
      expect(await hr.house.events.applyDue()).toMatchObject({ applied: 1 })
      expect(await stateOf(bad.id)).toMatchObject({ state: 'applied', why: null })
    } finally {
      hr.house.events.kick = kick
    }
  })

  test('what else follows from events does not hold them when it fails, nor a fault in whom it changes', async () => {
    const { kick } = hr.house.events
    hr.house.events.kick = () => {}
    try {
      await hr.send(burst(), 'application/cloudevents-batch+json')
      const broken = runner(
        async () => {},
        async () => {
          throw new Error('no report can be matched')
        },
      )
      expect(await broken.applyDue()).toMatchObject({ applied: 5, failed: 0 })
      expect(hr.log).toContain('no report can be matched')
      const other = '00000000-0000-7000-8000-000000000000'
      const elsewhere = runner(
        async (_, __, affiliations) => {
          if (affiliations.includes(other)) throw new Error('somebody else')
        },
        async () => [other],
      )
      await hr.send(hired('a7', 'p7', '2026-01-01'))
      expect(await elsewhere.applyDue()).toMatchObject({ applied: 1, failed: 0 })
      expect(hr.log).toContain('somebody else')
    } finally {
      hr.house.events.kick = kick
    }
  })

  test('how many ends at once are asked about follows the size of a source and what HR has decided', async () => {
    expect(endsLimit({ endsFloor: 25, endsPercent: 1 }, 300)).toBe(25)
    expect(endsLimit({ endsFloor: 25, endsPercent: 1 }, 9000)).toBe(90)
    const people = Array.from({ length: 8 }, (_, n) => `s${n}`)
    const settings = { hireConfirmDays: 10, endsFloor: 2, endsPercent: 50 }
    await hr.house.db.transaction(tx => storeHrSettings(tx, settings, hr.house.clock.now()))
    const batch = (events: unknown[]) => hr.send(events, 'application/cloudevents-batch+json')
    await batch(people.map(key => hired(key, key, '2025-01-01')))
    await hr.house.events.settled()
    const end = (key: string) => event('ended', key, { effectiveDate: '2026-02-01' })
    // Four of eight are half of them: as many as may be.
    await batch(people.slice(0, 4).map(end))
    await hr.house.events.settled()
    expect(await hr.query(`select 1 from affiliation_current where status = 'ended'`)).toHaveLength(4)
    // With those of the same hour it is more, of fewer people.
    await batch(people.slice(4, 5).map(end))
    await hr.house.events.settled()
    const held = await hr.query<{ params: object }>(`select params from hr_event_state where state = 'held'`)
    expect(held).toMatchObject([{ params: { count: 5, limit: 2 } }])
  })
})
