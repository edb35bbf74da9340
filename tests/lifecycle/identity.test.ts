import { beforeEach, expect, test } from 'vitest'
import { merge, unmerge } from '../../server/access/merge-people.ts'
import { catchUpOrders } from '../../server/orders/order-service.ts'
import { event } from '../server/lifecycle/events/hr-house.ts'
import { entitlement, record, system, unit } from '../support/municipality.ts'
import { of, PAED, smallTown, starts } from './town.ts'

/* Rows of the joiner, mover and leaver table about who somebody is. */
const life = smallTown()
beforeEach(() => life.begin())

const person = (key: string, more: Record<string, unknown> = {}) => ({
  person: { key, givenName: 'Ana', familyName: 'Silva', birthDate: '1980-05-04', ...more },
})
const effects = () => life.target.effects.filter(one => /^(revoke|disable|delete)/.test(one))

test('Name change: no new person, the account stays, and the old name stands in the past', async () => {
  await life.tell(starts('a1', '2026-01-01', person('p1')))
  await life.round()
  const accounts = [...life.target.accounts.keys()]
  await life.tell(event('name-changed', 'a1', { effectiveDate: '2026-03-10', givenName: 'Ana', familyName: 'Lund' }))
  await life.day('2026-03-10')
  expect(await life.query('select name from person_current')).toEqual([{ name: 'Ana Lund' }])
  expect([...life.target.accounts.keys()]).toEqual(accounts)
  expect(life.target.held()).toEqual(of('a1', PAED))
  expect(effects()).toEqual([])
  const past = await life.query<{ name: string }>(
    `select attrs ->> 'familyName' as name from person_state where upper_inf(recorded) and valid @> '2026-03-09'::date`,
  )
  expect(past).toEqual([{ name: 'Silva' }])
})

test('Protected name: it is in no log, and in nothing that is sent but the account itself', async () => {
  life.log = ''
  await life.tell(
    starts('a1', '2026-01-01', person('p1', { givenName: 'Hemmelia', familyName: 'Skjultesen', protected: true })),
  )
  await life.tell(starts('b1', '2026-01-01', person('p2', { givenName: 'Aabenia', familyName: 'Synligsen' })))
  await life.round()
  expect(life.target.held()).toEqual([...of('a1', PAED), ...of('b1', PAED)])
  expect(life.log).not.toMatch(/Hemmelia|Skjultesen/)
  const sent = life.target.bodies.map(
    body => JSON.parse(body) as { data: { action: string; person: { name: string | null } } },
  )
  const withName = (name: string) => sent.filter(one => one.data.person.name?.includes(name))
  expect(withName('Hemmelia')).toEqual([])
  // The grep finds a name that may be told.
  expect(withName('Aabenia').length).toBeGreaterThan(0)
  const others = life.target.bodies.filter((_, place) => sent[place]?.data.action !== 'create')
  expect(others.join()).not.toMatch(/Hemmelia|Skjultesen/)
  const log = JSON.stringify(await life.query('select * from audit_entry'))
  expect(log).not.toMatch(/Hemmelia|Skjultesen/)
})

test('CPR and gender change: two numbers, one person, whichever is said, and nothing is taken from them', async () => {
  await life.tell(starts('a1', '2026-01-01', person('p1', { cpr: '6405801234' })))
  await life.round()
  const change = event('person-number-changed', 'a1', { effectiveDate: '2026-03-01', cpr: '0405804321' })
  await life.tell(change)
  await life.tell(starts('a2', '2026-03-01', { ...person('p2', { cpr: '6405801234' }), unit: '120' }))
  await life.tell(starts('a3', '2026-03-01', { ...person('p3', { cpr: '0405804321' }), title: 'Kok' }))
  await life.round()
  expect(await life.people()).toBe(1)
  expect(life.target.accounts.size).toBe(1)
  expect(effects()).toEqual([])
  expect(life.log + life.target.bodies.join()).not.toMatch(/0405804321|6405801234|040580-4321|640580-1234/)
})

test('Account name collision: names are one of a kind over all of history, also long after somebody has left', async () => {
  const given = async () =>
    (await life.query<{ name: string }>('select name from user_name_given order by 1')).map(row => row.name)
  await life.tell(...['a1', 'a2', 'a3'].map(key => starts(key, '2026-01-01', person(`p-${key}`))))
  await life.round()
  expect(life.target.accounts.size).toBe(3)
  await life.tell(event('ended', 'a2', { effectiveDate: '2026-03-05' }))
  await life.day('2026-03-05')
  await life.day('2026-04-20')
  expect(life.target.accounts.size).toBe(2)
  await life.day('2031-01-01')
  await life.tell(...['b1', 'b2'].map(key => starts(key, '2031-01-01', person(`p-${key}`))))
  await life.round()
  const names = await given()
  expect(new Set(names).size).toBe(names.length)
  expect(names).toHaveLength(5)
  expect(life.target.accounts.size).toBe(4)
  // Their own name comes back to somebody who comes back.
  const [mine] = await life.query<{ name: string }>(
    `select g.name from user_name_given g join affiliation a on a.person_id = g.person_id where a.key = 'a2'`,
  )
  await life.tell(starts('a9', '2031-02-01', person('p-a2')))
  await life.day('2031-02-01')
  expect([...life.target.accounts.keys()]).toContain(mine?.name)
  expect(await given()).toEqual(names)
})

const two = async () => {
  await life.tell(
    starts('a1', '2026-01-01', person('p1')),
    starts('a2', '2026-01-01', { ...person('p2'), title: 'Sygeplejerske', unit: '120' }),
  )
  await life.round()
  const ids = await life.query<{ id: string }>(
    `select person_id as id from affiliation where key in ('a1', 'a2') order by key`,
  )
  return { survivorId: ids[0]?.id as string, absorbedId: ids[1]?.id as string }
}
const settleOrders = async () => {
  await life.database.db.transaction(tx => catchUpOrders(tx, life.when))
  await life.round()
}
const world = async () => ({
  rights: await life.rights(),
  held: life.target.held(),
  people: await life.query(
    `select pc.person_id, pc.name, (select array_agg(a.key order by a.key) from affiliation a where a.person_id = pc.person_id) as jobs
     from person_current pc order by 1`,
  ),
  facts: await life.query(`select encode(hash, 'hex') as hash, subject_id from fact order by 1`),
  open: await life.orders(),
})
const merging = (pair: { survivorId: string; absorbedId: string }) =>
  life.house.db.transaction(tx =>
    merge(tx, { ...pair, reason: 'Samme person' }, { userId: 'tester' }, { keyring: life.house.keyring, ...life.when }),
  )
const apart = (mergeId: string) =>
  life.house.db.transaction(tx =>
    unmerge(
      tx,
      { mergeId, reason: 'To personer' },
      { userId: 'tester' },
      { keyring: life.house.keyring, ...life.when },
    ),
  )

test('Duplicate identity discovered: rights are the union, nothing is taken, and taken apart it is as before', async () => {
  const pair = await two()
  const before = await world()
  const { mergeId } = await merging(pair)
  await settleOrders()
  expect(await life.people()).toBe(1)
  expect(await life.rights()).toEqual(before.rights)
  expect(effects()).toEqual([])
  await apart(mergeId)
  await settleOrders()
  const after = await world()
  expect(after.rights).toEqual(before.rights)
  expect(after.people).toEqual(before.people)
  expect(after.facts).toEqual(before.facts)
})

test('Wrong merge: apart again, each has what was said of them meanwhile, and only that', async () => {
  const pair = await two()
  const { mergeId } = await merging(pair)
  await life.tell(event('changed', 'a2', { effectiveDate: '2026-03-02', title: 'Kok' }))
  await apart(mergeId)
  const apartRights = await life.rights()
  const ofA1 =
    await life.query(`select attrs ->> 'title' as title from affiliation_state s join affiliation a on a.id = s.affiliation_id
    where a.key = 'a1' and upper_inf(s.recorded) and s.valid @> '2026-03-02'::date`)
  expect(ofA1).toEqual([{ title: 'Pædagog' }])
  // As if they had never been one.
  await life.begin()
  await two()
  await life.tell(event('changed', 'a2', { effectiveDate: '2026-03-02', title: 'Kok' }))
  expect(await life.rights()).toEqual(apartRights)
})

test('Same person employee and pupil: no right crosses over, not by number and not by key', async () => {
  await life.town.feed('skole', [
    unit('S1', { name: 'Skolen', unitKind: 'school', tree: 'school' }),
    record('person')('p-a1', { givenName: 'Ana', familyName: 'Silva', cpr: '0405801234', birthDate: '1980-05-04' }),
    record('affiliation')('elev1', { person: 'p-a1', affiliationKind: 'pupil', unit: 'S1', startsOn: '2020-01-01' }),
  ])
  await life.town.feed('kitos', [system('skole', { name: 'Skole' }), entitlement('skole/elev', { name: 'Elev' })])
  await life.tell(starts('a1', '2026-01-01', person('p-a1', { cpr: '0405801234' })))
  await life.round()
  expect(await life.people()).toBe(2)
  const rights = await life.query<{ kind: string; keys: string[] }>(
    `select ac.kind, array_agg(distinct e.key order by e.key) as keys from affiliation_current ac
     join assignment a on a.affiliation_id = ac.affiliation_id join entitlement e on e.id = a.entitlement_id group by 1 order by 1`,
  )
  expect(rights).toEqual([{ kind: 'employment', keys: PAED }])
  // The end of the employment takes nothing of the pupil's, and the pupil no account of the employee's.
  const hire = await life.query(
    `select 1 from account where person_id in (select person_id from affiliation where key = 'elev1')`,
  )
  expect(hire).toEqual([])
  await life.tell(event('ended', 'a1', { effectiveDate: '2026-03-02' }))
  expect(await life.current('elev1')).toMatchObject({ status: 'active' })
})
