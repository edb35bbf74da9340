import { beforeEach, describe, expect, test } from 'vitest'
import { endExpired, giveEmergency } from '../../server/access/grants/emergency-service.ts'
import type { CaseFormInput } from '../../server/contract/lifecycle-forms.ts'
import { hireForm } from '../../server/contract/lifecycle-forms.ts'
import { rollTheDay } from '../../server/jobs.ts'
import { createCase, sendCase } from '../../server/lifecycle/cases/case-service.ts'
import { AFTER_DECIDED, localAdministrators } from '../../server/wiring.ts'
import { event } from '../server/lifecycle/events/hr-house.ts'
import { actor } from '../server/policy/actors.ts'
import { of, smallTown, starts } from './town.ts'

/* Rows of the joiner, mover and leaver table about those whom payroll does not know, through the report. */
const life = smallTown()
beforeEach(async () => {
  await life.begin()
  await life.tell(starts('s1', '2020-01-01', { title: 'Leder' }))
  await life.round()
})
const hr = actor(['hr'])
const it = actor(['it'])
const ctx = () => ({
  ...{ actor: hr, when: life.when, requestId: 'test', keyring: life.house.keyring },
  ...{ localAdministrators, afterDecided: AFTER_DECIDED },
})
const idOf = async (sql: string) => (await life.query<{ id: string }>(sql))[0]?.id as string
type Hire = Extract<CaseFormInput, { kind: 'hire' }>
const report = async (affiliation: NonNullable<Hire['affiliation']>, door: 'plain' | 'emergency' = 'plain') => {
  const unitId = await idOf(`select id from org_unit where key = '110'`)
  const form = hireForm.parse({
    kind: 'hire',
    person: { givenName: 'Vikki', familyName: 'Kar', birthDate: '1990-01-02' },
    affiliation: { unitId, title: 'Pædagog', startsOn: '2026-03-02', ...affiliation },
  })
  return life.house.db.transaction(async tx => {
    const { one } = await createCase(tx, { door, form, cpr: null }, ctx())
    return sendCase(tx, one.id, one.version, ctx())
  })
}
const sponsor = () => idOf(`select person_id as id from affiliation where key = 's1'`)
const mine = async () => (await life.rights()).filter(one => !one.startsWith('s1')).map(one => one.split(' ')[1])

describe('Contractor without HR record', () => {
  test('Contractor without HR record: nobody without a sponsor and an end within a year, and it ends by itself', async () => {
    const sponsorPersonId = await sponsor()
    const refused = { problem: 'case-incomplete' }
    await expect(report({ kind: 'external', endsOn: '2026-06-01' })).rejects.toMatchObject(refused)
    await expect(report({ kind: 'external', sponsorPersonId })).rejects.toMatchObject(refused)
    await expect(report({ kind: 'external', sponsorPersonId, endsOn: '2027-03-04' })).rejects.toMatchObject(refused)
    expect(await life.people()).toBe(1)
    await report({ kind: 'external', sponsorPersonId, endsOn: '2026-06-01' })
    expect(await mine()).toEqual(['net/basis', 'net/inst', 'net/nord'])
    expect((await life.orders()).filter(one => one.includes('2026-06-01'))).toEqual(
      ['disable ad', 'revoke net/basis', 'revoke net/inst', 'revoke net/nord'].map(one => `${one} 2026-06-01 planned`),
    )
    for (let n = 0; n < 3; n++) await life.work()
    expect([...life.target.accounts.values()].filter(one => one.enabled && one.rights.size === 3)).toHaveLength(1)
    // The directory is read: the account has no employee number, and is theirs because it was ordered for them.
    await life.read()
    expect(await life.query('select evidence, situation from account where employee_no is null')).toEqual([
      { evidence: 'ordered', situation: 'linked' },
    ])
    expect((await life.orders(['verified'])).filter(one => one.startsWith('grant')).length).toBeGreaterThanOrEqual(3)
    life.set('2026-06-01')
    await rollTheDay({ db: life.database.db, clock: life.clock })
    await life.work()
    expect([...life.target.accounts.values()].filter(one => one.enabled)).toHaveLength(1)
    expect(await mine()).toEqual([])
    expect(life.target.held()).toEqual(of('s1', ['net/basis', 'net/nord']))
  })
})

describe('Substitute pool', () => {
  test('Substitute pool: reported now, the rights and their orders are there in the same step, and they go with the last day', async () => {
    await report({ kind: 'temp', endsOn: '2026-03-03' }, 'emergency')
    expect(await mine()).toEqual(['net/basis', 'net/inst', 'net/nord'])
    // Not after a job or a day: the very next sending carries them out.
    for (let n = 0; n < 3; n++) await life.work()
    expect([...life.target.accounts.values()].filter(one => one.enabled && one.rights.size === 3)).toHaveLength(1)
    await life.day('2026-03-03')
    expect(await mine()).toEqual([])
    expect(life.target.held()).toEqual(of('s1', ['net/basis', 'net/nord']))
  })

  test('Substitute pool: what is given for hours ends by the hour, whenever it is asked', async () => {
    const affiliationId = await idOf(`select id from affiliation where key = 's1'`)
    const entitlementId = await idOf(`select id from entitlement where key = 'net/journal'`)
    await life.house.db.transaction(tx =>
      giveEmergency(tx, it, { affiliationId, entitlementId, hours: 4, reason: 'Vagt i nat' }, life.when, {
        after: AFTER_DECIDED,
      }),
    )
    await life.work()
    expect(life.target.held()).toContain('s1 net/journal')
    const asked = () => life.house.db.transaction(tx => endExpired(tx, life.when, { after: AFTER_DECIDED }))
    life.set('2026-03-02', 12)
    expect(await asked()).toBe(0)
    life.set('2026-03-02', 14)
    expect(await asked()).toBe(1)
    await life.work()
    expect(life.target.held()).not.toContain('s1 net/journal')
  })
})

describe('Civil dates', () => {
  test('Civil dates: a last day ends in Copenhagen, in summer and in winter, at both ends of daylight saving', async () => {
    // The first moment of each of these days in Copenhagen, in UTC.
    const days = [
      ['2026-03-29', '2026-03-28T23:00:00Z'],
      ['2026-03-30', '2026-03-29T22:00:00Z'],
      ['2026-10-25', '2026-10-24T22:00:00Z'],
      ['2026-10-26', '2026-10-25T23:00:00Z'],
    ] as const
    for (const [day] of days) await life.tell(starts(day, '2026-01-01', { endsOn: day }))
    const at = async (instant: number) => {
      life.at(instant)
      await rollTheDay({ db: life.database.db, clock: life.clock })
      return new Set((await life.rights()).map(one => one.split(' ')[0]).filter(key => key !== 's1')).size
    }
    for (const [place, [day, utc]] of days.entries()) {
      expect([day, await at(Date.parse(utc) - 60_000)]).toEqual([day, days.length - place])
      expect([day, await at(Date.parse(utc) + 1000)]).toEqual([day, days.length - place - 1])
    }
  })

  test('Civil dates: year 9999 is no end, and never becomes a day', async () => {
    await life.tell(starts('d1', '2026-01-01', { endsOn: '9999-12-31' }))
    await life.round()
    expect(life.target.held().filter(one => one.startsWith('d1'))).toHaveLength(3)
    expect((await life.orders()).filter(one => one.includes('9999'))).toEqual([])
    await life.tell(event('changed', 'd1', { effectiveDate: '2026-03-02', endsOn: '2026-03-02' }))
    await life.round()
    expect(life.target.held().filter(one => one.startsWith('d1'))).toEqual([])
  })
})
