import { beforeEach, describe, expect, it } from 'vitest'
import { type ManualFact, recordFact, retractFact, revealCpr } from '../../../server/people/people-service.ts'
import { createPeopleStore } from '../../../server/people/people-store.ts'
import { newId } from '../../../server/platform/ids.ts'
import type { Tx } from '../../../server/platform/unit-of-work.ts'
import { testDatabase } from '../../support/database.ts'
import { createTown, job, keyring, person, unit } from './town.ts'

const database = testDatabase()
const actor = { kind: 'user' as const, userId: newId(), personId: newId(), function: 'hr' }
const when = { now: new Date('2026-01-12T09:00:00.000Z'), today: '2026-01-12' }
const authority = (source: string) => (source === 'manual' ? 1000 : 10)
const storeOn = (tx: Tx) => createPeopleStore(tx, { authority, keyring })
let ids: { person: string; job: string; unit: string }

beforeEach(async () => {
  await database.reset()
  const run = await createTown(database.db)([
    unit('1'),
    unit('2'),
    person('a', { email: 'hr@example.dk', cpr: '6101901234' }),
    job('j', 'a', { unit: '1' }),
  ])
  ids = { person: run.idOf('person', 'a'), job: run.idOf('affiliation', 'j'), unit: run.idOf('unit', '2') }
})

const record = (fact: Partial<ManualFact>) =>
  database.db.transaction(tx =>
    recordFact(
      storeOn(tx),
      { kind: 'person', subjectId: ids.person, attrs: {}, from: null, to: null, reason: 'aftalt med leder', ...fact },
      actor,
      when,
    ),
  )
const one = async (sql: string, id: string) =>
  (await database.db.transaction(tx => tx.query<Record<string, unknown>>(sql, [id])))[0]
const currentPerson = () => one('select * from person_current where person_id = $1', ids.person)

describe('a fact by hand', () => {
  it('stands above the sources, is audited with its reason, and can be taken back', async () => {
    const { hash } = await record({ attrs: { email: 'ny@example.dk' } })
    expect(await currentPerson()).toMatchObject({ email: 'ny@example.dk', origin: { email: { source: 'manual' } } })
    const entry = await one(
      `select action, actor_function, person_id from audit_entry where action = 'fact.recorded' and person_id = $1`,
      ids.person,
    )
    expect(entry).toMatchObject({ actor_function: 'hr' })
    await database.db.transaction(tx =>
      retractFact(storeOn(tx), { kind: 'person', subjectId: ids.person, hash, reason: 'var en fejl' }, actor, when),
    )
    expect(await currentPerson()).toMatchObject({ email: 'hr@example.dk', origin: { email: { source: 'hr' } } })
  })

  it('places an affiliation for a time, and names it as changed', async () => {
    const result = await record({
      kind: 'affiliation',
      subjectId: ids.job,
      attrs: { unitOverride: ids.unit },
      from: '2026-01-01',
      to: '2026-02-01',
    })
    expect(result.changedAffiliations).toEqual([ids.job])
    const row = await one('select * from affiliation_current where affiliation_id = $1', ids.job)
    expect(row).toMatchObject({ unit_keys: ['2'], origin: { unitOverride: { source: 'manual' } } })
  })

  it('said twice is one fact', async () => {
    const fact = { attrs: { phone: '12345678' }, assertedAt: new Date('2026-01-11T08:00:00.000Z') }
    const [first, second] = [await record(fact), await record(fact)]
    expect(second.hash).toBe(first.hash)
    expect(await one('select count(*) as n from fact where source_key = $1', ids.person)).toEqual({ n: 1 })
  })

  it.each([
    ['no reason', { reason: ' ' }, 'reason-needed'],
    ['nothing said', { attrs: {} }, 'invalid-request'],
    ['an attribute that does not exist', { attrs: { shoeSize: '44' } }, 'invalid-request'],
    ['who somebody is', { attrs: { realm: 'pupil' } }, 'invalid-request'],
    ['a CPR number', { attrs: { cpr: '6101901234' } }, 'invalid-request'],
    ['a value of the wrong kind', { attrs: { birthDate: 'i går' } }, 'invalid-request'],
    [
      'an end before the start',
      { attrs: { email: 'x@y.dk' }, from: '2026-02-01', to: '2026-01-01' },
      'invalid-request',
    ],
    ['nobody', { subjectId: newId(), attrs: { email: 'x@y.dk' } }, 'not-found'],
  ])('%s is refused and leaves nothing', async (_, fact, code) => {
    await expect(record(fact as Partial<ManualFact>)).rejects.toMatchObject({ problem: code })
    expect(await one(`select count(*) as n from fact where source = 'manual' and $1 <> ''`, 'x')).toEqual({ n: 0 })
    expect(await one(`select count(*) as n from audit_entry where $1 <> ''`, 'x')).toEqual({ n: 0 })
  })

  it('facts of a source cannot be taken back by hand', async () => {
    const fact = await one(`select encode(hash, 'hex') as hash from fact where subject_id = $1`, ids.person)
    const input = { kind: 'person' as const, subjectId: ids.person, hash: String(fact?.hash), reason: 'nej tak du' }
    await expect(database.db.transaction(tx => retractFact(storeOn(tx), input, actor, when))).rejects.toMatchObject({
      problem: 'not-found',
    })
  })
})

describe('revealing a CPR number', () => {
  const reveal = (personId: string, reason: string) =>
    database.db.transaction(tx => revealCpr(storeOn(tx), personId, reason, actor))

  it('asks for a reason and leaves a lookup that the person can see', async () => {
    await expect(reveal(ids.person, ' ')).rejects.toMatchObject({ problem: 'reason-needed' })
    expect(await reveal(ids.person, 'ansættelsesbrev')).toBe('6101901234')
    expect(await one('select action, lookup from audit_entry where person_id = $1', ids.person)).toEqual({
      action: 'person.cpr-revealed',
      lookup: true,
    })
    await expect(reveal(newId(), 'ansættelsesbrev')).rejects.toMatchObject({ problem: 'not-found' })
  })
})
