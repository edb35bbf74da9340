import { beforeEach, expect, test } from 'vitest'
import { cancels, event } from '../server/lifecycle/events/hr-house.ts'
import { of, PAED, smallTown, starts } from './town.ts'

/* Rows of the joiner, mover and leaver table about those who come, from the event to the target. */
const life = smallTown()
beforeEach(() => life.begin())

test('Future-dated hire: prepared locked beforehand, active on the day, and the same whenever it was registered', async () => {
  const hire = starts('a1', '2026-04-01')
  await life.tell(hire)
  await life.round()
  expect([life.target.states(), await life.rights()]).toEqual([[], []])
  await life.day('2026-03-28')
  expect(life.target.states()).toEqual(['a1 off'])
  expect(life.target.held()).toEqual([])
  await life.day('2026-04-01')
  expect(life.target.states()).toEqual(['a1 on'])
  expect(life.target.held()).toEqual(of('a1', PAED))

  const outcome = async () => [await life.rights(), life.target.states(), life.target.held(), await life.orders()]
  await life.day('2026-05-20')
  const planned = await outcome()
  // On the day, a week late, seven weeks late: no window is ever missed.
  for (const registered of ['2026-04-01', '2026-04-08', '2026-05-20']) {
    await life.begin(registered)
    await life.tell(hire)
    await life.round()
    await life.day('2026-05-20')
    expect(await outcome(), registered).toEqual(planned)
  }
})

test('Backdated hire: valid from then, known from now, and nothing is given for the past', async () => {
  await life.tell(starts('a1', '2026-01-01'))
  await life.round()
  const [state] = await life.query<{ from: string; known: string }>(
    `select lower(valid)::text as from, lower(recorded)::date::text as known from affiliation_state where upper_inf(recorded)`,
  )
  expect(state).toEqual({ from: '2026-01-01', known: '2026-03-02' })
  const [given] = await life.query<{ since: string }>(`select min(reason_since)::date::text as since from assignment`)
  expect(given?.since).toBe('2026-03-02')
  expect(life.target.held()).toEqual(of('a1', PAED))
})

test('No-show: a hire that is withdrawn leaves no active account and nothing on its way, and whatever was said beside it does not either', async () => {
  const hire = starts('a1', '2026-03-05')
  await life.tell(hire, event('changed', 'a1', { effectiveDate: '2026-03-06', title: 'Leder' }))
  await life.round()
  expect(life.target.states()).toEqual(['a1 off'])
  await life.day('2026-03-05')
  expect(life.target.states()).toEqual(['a1 on'])
  await life.tell(cancels('a1', hire))
  await life.round()
  expect(await life.rights()).toEqual([])
  expect(life.target.states()).toEqual(['a1 off'])
  expect(life.target.held()).toEqual([])
  const left = await life.orders()
  expect(left.filter(one => /^(create|enable|grant)/.test(one))).toEqual([])
  // And a year later still.
  await life.day('2027-03-05')
  expect(life.target.states().filter(one => one.endsWith('on'))).toEqual([])
})

test('Rehire: the same person with a new affiliation has what a newcomer to the position has, and nothing of before', async () => {
  await life.tell(starts('a1', '2026-03-01', { title: 'Sygeplejerske', unit: '120' }, 'p1'))
  await life.round()
  const [extra] = await life.query<{ affiliation: string; entitlement: string }>(
    `select a.id as affiliation, e.id as entitlement from affiliation a, entitlement e where a.key = 'a1' and e.key = 'net/frivillig'`,
  )
  const { addGrants } = await import('../../server/access/grants/grant-store.ts')
  const { decideAgain } = await import('../../server/wiring.ts')
  await life.house.db.transaction(async tx => {
    await addGrants(
      tx,
      [
        {
          ...{ affiliationId: extra?.affiliation as string, entitlementId: extra?.entitlement as string },
          ...{ constraints: [], from: null, to: null, kind: 'report', reason: 'Bad om det', caseId: null, by: 'test' },
        },
      ],
      life.when,
    )
    await decideAgain(tx, life.clock, 'test', [extra?.affiliation as string])
  })
  await life.round()
  expect(life.target.held()).toContain('a1 net/frivillig')
  await life.tell(event('ended', 'a1', { effectiveDate: '2026-03-10' }))
  await life.day('2026-03-10')
  expect(life.target.held()).toEqual([])
  await life.day('2026-04-20')

  await life.tell(starts('a9', '2026-05-01', {}, 'p1'), starts('n1', '2026-05-01', {}, 'p2'))
  await life.day('2026-05-01')
  const rights = await life.rights()
  const mine = (key: string) => rights.filter(one => one.startsWith(`${key} `)).map(one => one.slice(3))
  expect(mine('a9')).toEqual(PAED)
  expect(mine('a9')).toEqual(mine('n1'))
  expect(mine('a1')).toEqual([])
  expect(await life.people()).toBe(2)
  const inTarget = [...life.target.accounts.values()].map(one => [...one.rights].sort())
  expect(inTarget).toEqual([PAED, PAED])
  // What was held is told as history.
  const [before] = await life.query<{ n: number }>(
    `select count(*)::int as n from assignment_history h join affiliation a on a.id = h.affiliation_id where a.key = 'a1'`,
  )
  expect(before?.n).toBeGreaterThan(0)
})

test('Future-dated conversion: nothing of it holds before its day, and the state of a day hangs on what holds by then', async () => {
  await life.tell(
    starts('a1', '2026-01-01', { endsOn: '2026-04-01' }),
    event('changed', 'a1', { effectiveDate: '2026-03-20', title: 'Leder', endsOn: null }),
  )
  await life.round()
  expect(await life.rights()).toEqual(of('a1', PAED))
  expect(await life.current('a1')).toMatchObject({ title: 'Pædagog' })
  await life.day('2026-03-19')
  expect(await life.rights()).toEqual(of('a1', PAED))
  await life.day('2026-03-20')
  expect(await life.rights()).toEqual(of('a1', ['net/basis', 'net/nord']))
  await life.day('2026-04-02')
  expect(life.target.held()).toEqual(of('a1', ['net/basis', 'net/nord']))
})

test('Same-day end and start: what both jobs give is never taken, not for a minute', async () => {
  await life.tell(starts('a1', '2026-01-01', { endsOn: '2026-03-10' }, 'p1'))
  await life.round()
  await life.tell(starts('a2', '2026-03-10', { title: 'Sygeplejerske' }, 'p1'))
  await life.day('2026-03-10')
  const taken = life.target.deliveries.filter(one => one.action === 'revoke' || one.action === 'disable')
  expect(taken.map(one => one.right)).toEqual(['net/inst'])
  expect(await life.rights()).toEqual(of('a2', ['net/basis', 'net/journal', 'net/nord']))
  expect(life.target.states().every(one => one.endsWith('on'))).toBe(true)
  expect(await life.people()).toBe(1)
})

test('Several concurrent employments: the end of one takes exactly what nothing else gives', async () => {
  await life.tell(
    starts('a1', '2026-01-01', {}, 'p1'),
    starts('a2', '2026-01-01', { title: 'Sygeplejerske', unit: '120' }, 'p1'),
  )
  await life.round()
  const all = ['net/basis', 'net/inst', 'net/journal', 'net/nord', 'net/syd']
  expect([...(life.target.accounts.values().next().value?.rights ?? [])].sort()).toEqual(all)
  expect(await life.rights()).toEqual([...of('a1', PAED), ...of('a2', ['net/basis', 'net/journal', 'net/syd'])])
  await life.tell(event('ended', 'a2', { effectiveDate: '2026-03-02' }))
  await life.round()
  const revoked = life.target.deliveries.filter(one => one.action === 'revoke').map(one => one.right)
  expect(revoked.sort()).toEqual(['net/journal', 'net/syd'])
  expect(life.target.states().every(one => one.endsWith('on'))).toBe(true)
})

test('Elected officials, volunteers, interns: each kind has what its rules give, and none of what an employment gives', async () => {
  for (const [key, affiliationKind] of [
    ['v1', 'volunteer'],
    ['v2', 'elected'],
    ['v3', 'trainee'],
  ] as const)
    await life.tell(starts(key, '2026-01-01', { affiliationKind, title: 'Frivillig', endsOn: '2026-12-01' }))
  await life.round()
  expect(await life.rights()).toEqual([
    ...of('v1', ['net/frivillig', 'net/nord']),
    ...of('v2', ['net/frivillig', 'net/nord']),
    ...of('v3', ['net/nord']),
  ])
  await life.day('2026-12-01')
  expect(await life.rights()).toEqual([])
  expect(life.target.held()).toEqual([])
})
