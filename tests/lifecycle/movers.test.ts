import { beforeEach, describe, expect, test } from 'vitest'
import { ABSENCES, DEFAULT_ABSENCE } from '../../server/access/policies/access-policies.ts'
import { cancels, event } from '../server/lifecycle/events/hr-house.ts'
import { unit } from '../support/municipality.ts'
import { of, PAED, smallTown, starts } from './town.ts'

/* Rows of the joiner, mover and leaver table about those who are there and become something else. */
const life = smallTown({ grace: true })
beforeEach(() => life.begin())

test('Transfer with grace: ordinary rights stay for their days and go by themselves, protected data go at once, and there is none after', async () => {
  await life.tell(starts('a1', '2026-01-01', { title: 'Sygeplejerske' }))
  await life.round()
  await life.day('2026-03-05')
  await life.tell(event('transferred', 'a1', { effectiveDate: '2026-03-10', unit: '120', title: 'Pædagog' }))
  await life.day('2026-03-10')
  expect(life.target.held()).toEqual(of('a1', ['net/basis', 'net/inst', 'net/nord', 'net/syd']))
  // The last day of the grace, and the first one after it; nobody does anything.
  await life.day('2026-03-23')
  expect(life.target.held()).toContain('a1 net/nord')
  await life.day('2026-03-24')
  const after = of('a1', ['net/basis', 'net/inst', 'net/syd'])
  expect(await life.rights()).toEqual(after)
  expect(life.target.held()).toEqual(after)
  expect(life.target.effects.filter(one => one.includes('net/basis')).length).toBe(1)
})

test('Secondment and acting manager: a second affiliation for a time gives its own rights and ends by its date', async () => {
  await life.tell(
    starts('a1', '2026-01-01', {}, 'p1'),
    starts('a2', '2026-03-10', { title: 'Sygeplejerske', unit: '120', endsOn: '2026-04-10' }, 'p1'),
  )
  await life.round()
  expect(await life.rights()).toEqual(of('a1', PAED))
  await life.day('2026-03-10')
  expect(await life.rights()).toEqual([...of('a1', PAED), ...of('a2', ['net/basis', 'net/journal', 'net/syd'])])
  await life.day('2026-04-10')
  expect(await life.rights()).toEqual(of('a1', PAED))
  expect([...(life.target.accounts.values().next().value?.rights ?? [])].sort()).toEqual(PAED)
})

describe('Leave of absence: what rests is what the policy says, class by class, and comes back by itself', () => {
  const WORD = { parental: 'Barsel', sick: 'Sygdom', other: 'Orlov', suspension: 'Suspenderet' } as const
  const RIGHT = {
    ...{
      basic: 'net/basis',
      ordinary: 'net/inst',
      sensitive: 'net/journal',
      privileged: 'net/admin',
      kit: 'keys/kort',
    },
  } as const
  test.each(ABSENCES)('Leave of absence: %s', async absence => {
    await life.tell(starts('a1', '2026-01-01', { title: 'Afdelingsleder' }))
    await life.round()
    const before = { rights: await life.rights(), held: life.target.held() }
    expect(before.held).toEqual(of('a1', ['net/admin', 'net/basis', 'net/inst', 'net/journal', 'net/nord']))
    await life.tell(
      event('leave-started', 'a1', { effectiveDate: '2026-03-10', endsOn: '2026-04-10', leaveKind: WORD[absence] }),
    )
    await life.day('2026-03-09')
    expect(await life.rights()).toEqual(before.rights)
    await life.day('2026-03-10')
    const policy = DEFAULT_ABSENCE[absence]
    const rights = await life.rights()
    for (const kind of Object.keys(RIGHT) as (keyof typeof RIGHT)[]) {
      const rests = rights.includes(`a1 ${RIGHT[kind]} absence`)
      expect([kind, rests ? 'suspend' : 'keep']).toEqual([kind, policy[kind]])
      if (kind !== 'kit')
        expect([kind, life.target.held().includes(`a1 ${RIGHT[kind]}`)]).toEqual([kind, policy[kind] === 'keep'])
    }
    // Three weeks off the air, and then far too late: the return is not missed.
    await life.day('2026-05-01')
    expect({ rights: await life.rights(), held: life.target.held() }).toEqual(before)
  })
  test('Leave of absence: a matrix that says one thing only would not be one', () => {
    const cells = ABSENCES.flatMap(absence => Object.values(DEFAULT_ABSENCE[absence]))
    expect(new Set(cells)).toEqual(new Set(['keep', 'suspend']))
  })
  test('Leave of absence: taken back, it is as if there had been none', async () => {
    await life.tell(starts('a1', '2026-01-01', { title: 'Afdelingsleder' }))
    await life.round()
    const before = await life.rights()
    const leave = event('leave-started', 'a1', { effectiveDate: '2026-03-01', leaveKind: 'Suspenderet' })
    await life.tell(leave)
    await life.round()
    expect(life.target.held()).toEqual([])
    await life.tell(cancels('a1', leave))
    await life.round()
    expect(await life.rights()).toEqual(before)
    expect(life.target.held()).toHaveLength(5)
  })
})

describe('managers', () => {
  const managers = () =>
    life.query<{ key: string; manager: string | null; own: boolean; status: string | null }>(
      `select a.key, m.name as manager, ac.manager_person_id = ac.person_id as own,
         (select max(x.status) filter (where x.status = 'active') from affiliation_current x where x.person_id = ac.manager_person_id) as status
       from affiliation_current ac join affiliation a on a.id = ac.affiliation_id
       left join person_current m on m.person_id = ac.manager_person_id where ac.status = 'active' order by 1`,
    )
  const people = ['a1', 'a2', 'a3', 'top']
  const units: Record<string, string> = { a1: '110', a2: '120', a3: '111', top: '100' }
  beforeEach(async () => {
    await life.town.feed('org', [unit('111', { name: 'Hold', unitKind: 'team', parent: '110' })])
    await life.tell(...people.map(key => starts(key, '2025-01-01', { unit: units[key] })))
    await life.tell(
      event('manager-changed', 'top', { effectiveDate: '2025-01-01', unit: '100' }),
      event('manager-changed', 'a1', { effectiveDate: '2025-01-01', unit: '110' }),
    )
  })

  test('Manager vacant, self-managed or in a circle: there is always somebody who looks, and it is never oneself', async () => {
    const answer = async () => Object.fromEntries((await managers()).map(row => [row.key, row.manager]))
    // Nobody in post in 120; a1 would be their own; a3 has the nearest one above.
    expect(await answer()).toEqual({ a1: 'Karen Holm p-top', a2: 'Karen Holm p-top', a3: 'Karen Holm p-a1', top: null })
    // 110 below 111 below 110: broken where it must be, and it ends.
    await life.town.feed('org', [unit('110', { name: 'Nord', unitKind: 'institution', parent: '111' })])
    for (const row of await managers()) expect([row.key, row.own]).not.toEqual([row.key, true])
    expect((await answer()).a3).toBe('Karen Holm p-a1')
    await life.town.feed('org', [unit('110', { name: 'Nord', unitKind: 'institution', parent: '100' })])
    // Who was in post has left: the next one above, from that day.
    await life.tell(event('ended', 'a1', { effectiveDate: '2026-03-10' }))
    await life.day('2026-03-10')
    expect((await answer()).a3).toBe('Karen Holm p-top')
  })

  test('Manager change: whatever is on its way follows the new one, and nothing waits for somebody who has gone', async () => {
    await life.tell(
      event('manager-changed', 'a2', { effectiveDate: '2026-03-10', unit: '110' }),
      event('ended', 'a1', { effectiveDate: '2026-03-10' }),
    )
    expect((await managers()).find(row => row.key === 'a3')?.manager).toBe('Karen Holm p-a1')
    await life.day('2026-03-10')
    const rows = await managers()
    expect(rows.find(row => row.key === 'a3')?.manager).toBe('Karen Holm p-a2')
    expect(rows.filter(row => row.manager !== null && row.status !== 'active')).toEqual([])
  })
})
