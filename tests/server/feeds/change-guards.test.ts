import { beforeEach, describe, expect, test } from 'vitest'
import { heldChanges } from '../../../server/feeds/guards/held-views.ts'
import { fixedClock } from '../../../server/platform/clock.ts'
import { testDatabase } from '../../support/database.ts'
import { account, entitlement, group, job, municipality, person, system, unit } from '../../support/municipality.ts'
import { memorySources } from './memory-source.ts'

const database = testDatabase()
const NOW = '2026-03-02T09:00:00Z'
let town: ReturnType<typeof memorySources>

const UNITS = 20
const PEOPLE = 600
/** By the record's number, so that a test can say "every tenth". */
const at = (key: string) => Number(key.slice(1))

beforeEach(async () => {
  await database.reset()
  town = memorySources(database.db, fixedClock(NOW))
  town.put('hr', [
    ...Array.from({ length: UNITS }, (_, n) => unit(`u${n}`, { name: `Enhed ${n}`, manager: `e${n}` })),
    ...Array.from({ length: PEOPLE }, (_, n) => person(`p${n}`, { familyName: `Prøve${n}` })),
    ...Array.from({ length: PEOPLE }, (_, n) =>
      job(`e${n}`, `p${n}`, { unit: `u${n % UNITS}`, title: n % 3 === 0 ? 'Lærer' : 'Pædagog' }),
    ),
  ])
  expect(await town.run('hr')).toMatchObject({ state: 'done', heldBack: [] })
})

const jobs = (change: (n: number) => object | null) =>
  town.edit('hr', one => {
    const to = one.kind === 'affiliation' ? change(at(one.key)) : null
    return to ? { ...one, attrs: { ...one.attrs, ...to } } : one
  })
const held = (runId: string) =>
  database.db.snapshot(tx => heldChanges(tx, runId, { userId: 'somebody', mayApprove: true }))

describe('changes that are too much hold back their part, and the rest goes on', () => {
  test('a wave of ends: held as ends, although far below the limit for all changes', async () => {
    jobs(n => (n < 40 ? { endsOn: '2026-04-30' } : n === 300 ? { title: 'Leder' } : null))
    const run = await town.run('hr')
    expect(run).toMatchObject({ state: 'held', changed: 41, applied: 1 })
    // All of them end on the same day: that is what is said of them.
    const { groups } = await held(run.runId)
    expect(groups).toEqual([
      expect.objectContaining({
        ...{ guard: 'cause', kind: 'affiliation', op: 'change', count: 40, limit: 30 },
        because: { attribute: 'endsOn', from: null, to: '2026-04-30', count: 40 },
      }),
    ])
  })

  test('ends on many different days are ends all the same', async () => {
    jobs(n => (n < 40 ? { endsOn: `2026-0${4 + (n % 5)}-${10 + (n % 18)}` } : null))
    const run = await town.run('hr')
    expect((await held(run.runId)).groups).toMatchObject([{ guard: 'aspect', aspect: 'end', count: 40, limit: 30 }])
  })

  test('a wave of new names: a feed that writes them in capitals', async () => {
    town.edit('hr', one =>
      one.kind === 'person' && at(one.key) < 50
        ? { ...one, attrs: { ...one.attrs, familyName: String(one.attrs.familyName).toUpperCase() } }
        : one,
    )
    const run = await town.run('hr')
    expect(run).toMatchObject({ state: 'held', applied: 0 })
    const { groups } = await held(run.runId)
    expect(groups).toMatchObject([
      { guard: 'aspect', aspect: 'rename', count: 50, because: { attribute: 'familyName', from: null, to: null } },
    ])
    // Names say who somebody is: no cause ever names them.
    expect(JSON.stringify(groups)).not.toMatch(/pr[øØ]ve/i)
  })

  test('one cause explains most of a mass change, and is named: the rest of it waits beside', async () => {
    jobs(n => (n % UNITS < 4 ? { unit: 'u19' } : n % 50 === 7 ? { title: 'Konsulent' } : null))
    // Four units into one is four causes; together they are too many.
    const run = await town.run('hr', { cause: false, aspect: false, part: false })
    expect(run).toMatchObject({ state: 'held' })
    const { groups } = await held(run.runId)
    expect(groups.map(one => [one.guard, one.because?.attribute, one.because?.from])).toEqual([
      ['change', 'unit', null],
      ['change', 'title', expect.anything()],
    ])
  })

  test('a unit code that changes for everybody in it is one cause, named with both codes', async () => {
    jobs(n => (n % UNITS === 3 || n % UNITS === 23 ? { unit: 'u900' } : n === 5 ? { title: 'Leder' } : null))
    const run = await town.run('hr', { cause: { percent: 2, floor: 10 } })
    expect(run).toMatchObject({ state: 'held', applied: 1 })
    expect((await held(run.runId)).groups).toMatchObject([
      { guard: 'cause', count: 30, because: { attribute: 'unit', from: expect.stringContaining('u3'), to: 'u900' } },
    ])
  })

  test('managers of many units at once', async () => {
    town.edit('hr', one => (one.kind === 'unit' ? { ...one, attrs: { ...one.attrs, manager: 'e599' } } : one))
    expect(await town.run('hr', { aspect: { percent: 5, floor: 5 } })).toMatchObject({
      state: 'held',
      heldBack: [{ guard: 'aspect', part: 'unit change: manager', count: 20, limit: 5 }],
    })
  })

  test('one unit that is emptied is held; elsewhere people come and go', async () => {
    jobs(n => (n % UNITS === 3 ? { unit: `u${4 + (n % 9)}`, title: `T${n}` } : n === 5 ? { title: 'Leder' } : null))
    const run = await town.run('hr', { aspect: false, part: { percent: 50, floor: 0 } })
    expect(run).toMatchObject({ state: 'held', applied: 1 })
    // They count in the unit that they leave, wherever they go.
    expect((await held(run.runId)).groups).toMatchObject([{ guard: 'change-part', part: 'u3', partName: 'Enhed 3' }])
  })

  test('an ordinary Monday: 30 start, 20 stop, 15 move, 10 marry, 3 units get a new manager', async () => {
    jobs(n =>
      n % 30 === 1 ? { endsOn: `2026-03-${10 + (n % 20)}` } : n % 40 === 2 ? { unit: `u${(n * 7) % UNITS}` } : null,
    )
    town.edit('hr', one =>
      one.kind === 'person' && at(one.key) % 60 === 3
        ? { ...one, attrs: { ...one.attrs, familyName: 'Gift' } }
        : one.kind === 'unit' && at(one.key) < 3
          ? { ...one, attrs: { ...one.attrs, manager: `e${100 + at(one.key)}` } }
          : one,
    )
    const hired = Array.from({ length: 30 }, (_, n) => n)
    town.put('hr', [
      ...hired.map(n => person(`p${9000 + n}`)),
      ...hired.map(n => job(`e${9000 + n}`, `p${9000 + n}`, { unit: 'u1' })),
    ])
    const run = await town.run('hr')
    expect(run).toMatchObject({ state: 'done', heldBack: [], added: 60 })
  })
})

describe('accounts and groups', () => {
  const accounts = Array.from({ length: 200 }, (_, n) =>
    account(`a${n}`, {
      username: `u${n}`,
      dn: `CN=u${n},OU=Skole${n % 10},DC=kommune`,
      enabled: true,
      employeeNo: `e${n}`,
      ...(n >= 195 ? { accountKind: n === 199 ? 'admin' : 'service', employeeNo: null } : {}),
    }),
  )
  const members = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `a${from + n}`)
  const groups = [
    ...Array.from({ length: 30 }, (_, n) => group(`g${n}`, { name: `G${n}`, members: members(5, n) })),
    group('gbig', { name: 'Alle lærere', members: members(100) }),
  ]
  beforeEach(async () => {
    town.put('ad', [...accounts, ...groups])
    expect(await town.run('ad')).toMatchObject({ state: 'done', heldBack: [] })
  })
  const accountsTo = (change: (n: number) => object | null) =>
    town.edit('ad', one => {
      const to = one.kind === 'account' ? change(at(one.key)) : null
      return to ? { ...one, attrs: { ...one.attrs, ...to } } : one
    })

  test('everybody has signed in since the weekend: that is no change for a guard', async () => {
    accountsTo(() => ({ lastSignIn: '2026-03-02T07:30:00Z' }))
    expect(await town.run('ad')).toMatchObject({ state: 'done', changed: 200, heldBack: [] })
  })

  test('many accounts disabled at once are held, the other changes go on', async () => {
    accountsTo(n => (n < 40 ? { enabled: false, description: `x${n}` } : n === 100 ? { email: 'a@b.dk' } : null))
    const run = await town.run('ad', { change: { percent: 50, floor: 50 }, cause: false })
    expect(run).toMatchObject({ state: 'held', applied: 1 })
    expect((await held(run.runId)).groups).toMatchObject([{ guard: 'aspect', aspect: 'disable', count: 40 }])
  })

  test('a machine’s account is never removed or disabled by a batch, not even alone', async () => {
    accountsTo(n => (n === 196 || n === 3 ? { enabled: false } : null))
    town.drop('ad', 'account/a199')
    await town.run('ad')
    const run = await town.run('ad')
    const { groups, hash } = await held(run.runId)
    expect(groups).toMatchObject([
      { guard: 'protected-account', op: 'change', part: 'service', count: 1, alwaysOn: true, limit: 0 },
      { guard: 'protected-account', op: 'gone', part: 'admin', count: 1, alwaysOn: true, limit: 0 },
    ])
    const enabled = () =>
      database.db.snapshot(tx => tx.query(`select key, enabled from account where key in ('a3', 'a196') order by key`))
    expect(await enabled()).toEqual([
      { key: 'a196', enabled: true },
      { key: 'a3', enabled: false },
    ])
    // All at once does not mean these: they must be named.
    await expect(town.feeds.approveHeld(run.runId, { id: 'bo' }, { hash: hash! })).rejects.toMatchObject({
      problem: 'invalid-request',
    })
    const first = await town.feeds.approveHeld(run.runId, { id: 'bo' }, { hash: hash!, causes: [groups[0]!.cause] })
    expect(first).toMatchObject({ state: 'held' })
    expect(await enabled()).toEqual([
      { key: 'a196', enabled: false },
      { key: 'a3', enabled: false },
    ])
    // What still waits is another diff: it must have been looked at as it is now.
    await expect(
      town.feeds.approveHeld(run.runId, { id: 'bo' }, { hash: hash!, causes: [groups[1]!.cause] }),
    ).rejects.toMatchObject({ problem: 'plan-stale' })
    expect(
      await town.feeds.rejectHeld(run.runId, { id: 'bo' }, { hash: first.heldHash!, causes: [groups[1]!.cause] }),
    ).toMatchObject({ state: 'done' })
  })

  test('a group that loses most of its members is held alone', async () => {
    town.edit('ad', one =>
      one.key === 'gbig'
        ? { ...one, attrs: { ...one.attrs, members: members(30) } }
        : one.key === 'g3'
          ? { ...one, attrs: { ...one.attrs, members: members(4) } }
          : one,
    )
    const run = await town.run('ad')
    expect(run).toMatchObject({ state: 'held', applied: 1 })
    expect((await held(run.runId)).groups).toMatchObject([
      { guard: 'group-members', part: 'Alle lærere', count: 1, total: 70, limit: 50 },
    ])
  })

  test('a group that gains everybody is held; one that is new is not', async () => {
    town.edit('ad', one => (one.key === 'g3' ? { ...one, attrs: { ...one.attrs, members: members(150) } } : one))
    town.put('ad', [group('gnew', { name: 'Ny', members: members(150) })])
    const run = await town.run('ad')
    expect(run).toMatchObject({ state: 'held', applied: 1, added: 1 })
    expect((await held(run.runId)).groups).toMatchObject([{ guard: 'group-members', part: 'G3' }])
  })

  test('groups that are emptied: three pass, four are held', async () => {
    const empty = (count: number) =>
      town.edit('ad', one =>
        one.kind === 'group' && one.key !== 'gbig' && at(one.key) < count
          ? { ...one, attrs: { ...one.attrs, members: [] } }
          : one,
      )
    empty(3)
    expect(await town.run('ad')).toMatchObject({ state: 'done', heldBack: [] })
    empty(7)
    expect(await town.run('ad')).toMatchObject({
      state: 'held',
      applied: 0,
      heldBack: [{ guard: 'groups-emptied', count: 4, limit: 3 }],
    })
  })
})

describe('the last administrator', () => {
  const RULES = `
rules:
  - key: it
    name: IT
    conditions: { unit: { $under: u19 } }
    entitlements: [hjemmel/it]
    validFrom: '2020-01-01'
    state: active
    owner: IT
    order: 10
  - key: all
    name: Alle
    conditions: {}
    entitlements: [a/read]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 20
`
  beforeEach(async () => {
    town.put('systems', [
      system('hjemmel', { name: 'Hjemmel' }),
      entitlement('hjemmel/it', { name: 'IT' }),
      system('a', { name: 'A' }),
      entitlement('a/read', { name: 'Læs' }),
    ])
    await town.run('systems')
    await municipality(database.db, NOW).rules(RULES)
  })
  const ofIt = (n: number) => n % UNITS === 19

  test('people of IT may leave as long as somebody stays', async () => {
    jobs(n => (ofIt(n) && n < 100 ? { endsOn: '2026-05-31' } : null))
    expect(await town.run('hr')).toMatchObject({ state: 'done', heldBack: [], changed: 5 })
  })

  test('the end that would leave nobody is held; others who leave that day are not', async () => {
    jobs(n => (ofIt(n) && n < 580 ? { unit: 'u1' } : null))
    expect(await town.run('hr', { change: false, part: false, aspect: false, cause: false })).toMatchObject({
      state: 'done',
    })
    jobs(n => (n === 599 || n === 5 ? { endsOn: '2026-05-31' } : null))
    const run = await town.run('hr')
    expect(run).toMatchObject({ state: 'held', changed: 2, applied: 1 })
    expect((await held(run.runId)).groups).toMatchObject([
      { guard: 'last-administrator', part: 'hjemmel/it', count: 1, alwaysOn: true },
    ])
  })

  test('a move that would end the role is held as well', async () => {
    jobs(n => (ofIt(n) ? { unit: 'u2' } : null))
    const run = await town.run('hr', { part: false, cause: false })
    expect(run).toMatchObject({ state: 'held', applied: 0 })
    expect((await held(run.runId)).groups[0]).toMatchObject({ guard: 'last-administrator', count: 30 })
  })

  test('a group that gives a right to administer keeps its last member, as long as no other group gives it', async () => {
    await administeringGroups()
    town.edit('ad', one => (one.key === 'g1' ? { ...one, attrs: { ...one.attrs, members: [] } } : one))
    expect(await town.run('ad')).toMatchObject({ state: 'done', heldBack: [] })
    town.edit('ad', one => (one.key === 'g2' ? { ...one, attrs: { ...one.attrs, members: [] } } : one))
    const run = await town.run('ad')
    expect(run).toMatchObject({ state: 'held', applied: 0 })
    expect((await held(run.runId)).groups).toMatchObject([
      { guard: 'last-administrator', part: 'a/admin', kind: 'group' },
    ])
  })

  test('the account of the last one who administers a system is not disabled by a feed; the one before is', async () => {
    await administeringGroups()
    const disable = (...keys: string[]) =>
      town.edit('ad', one =>
        one.kind === 'account' && keys.includes(one.key) ? { ...one, attrs: { ...one.attrs, enabled: false } } : one,
      )
    disable('a1')
    expect(await town.run('ad')).toMatchObject({ state: 'done', heldBack: [], changed: 1 })
    disable('a2', 'a3')
    const run = await town.run('ad')
    expect(run).toMatchObject({ state: 'held', changed: 2, applied: 1 })
    expect((await held(run.runId)).groups).toMatchObject([
      { guard: 'last-administrator', part: 'a/admin', kind: 'account', count: 1, alwaysOn: true },
    ])
  })

  /** Two groups that each make one person an administrator of the system. */
  async function administeringGroups() {
    town.put('systems', [entitlement('a/admin', { name: 'Administrator', privileged: true })])
    await town.run('systems')
    await municipality(database.db, NOW).rules(`${RULES}
mappings:
  - source: ad
    match: { cn: 'Adm*' }
    entitlement: a/admin
`)
    town.put('ad', [
      ...[1, 2, 3].map(n =>
        account(`a${n}`, { username: `u${n}`, dn: `CN=u${n},DC=k`, enabled: true, employeeNo: `e${n}` }),
      ),
      ...[1, 2].map(n => group(`g${n}`, { name: `Adm${n}`, dn: `CN=Adm${n},DC=k`, members: [`CN=u${n},DC=k`] })),
    ])
    expect(await town.run('ad')).toMatchObject({ state: 'done', heldBack: [] })
    const observed = await database.db.snapshot(tx => tx.query('select from observed_right'))
    expect(observed).toHaveLength(2)
  }
})
