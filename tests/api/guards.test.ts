import { beforeAll, expect, test } from 'vitest'
import type { AnnouncementRow } from '../../server/contract/announcements.ts'
import type { HeldChanges } from '../../server/contract/held.ts'
import { daysAhead } from '../support/days.ts'
import { demoTown } from '../support/demo-town.ts'
import { signIn, signInAdministrator, type Visitor } from '../support/visitors.ts'

const town = demoTown()
const sql = <T>(text: string, params: unknown[] = []): Promise<T[]> => town.house.db.source.query(text, params)
let it: Visitor
let admin: Visitor
beforeAll(async () => {
  it = await signIn(town, 'it')
  admin = await signInAdministrator(town)
})

test('the parts of a source are found by name, as its records have them', async () => {
  type Parts = { rows: { key: string; name: string | null; records: number }[]; total: number }
  const parts = async (source: string, query: string) =>
    (await it.send<Parts>('GET', `/sources/${source}/parts?${query}`)).body
  const units = await parts('hr', 'kind=affiliation')
  expect(units.rows).toHaveLength(20)
  expect(units.total).toBeGreaterThan(20)
  const one = units.rows.find(row => row.name !== null)!
  const found = await parts('hr', `kind=affiliation&text=${encodeURIComponent(one.name!.toUpperCase())}`)
  expect(found.rows).toContainEqual(one)
  expect(found.total).toBeLessThan(units.total)
  const [count] = await sql<{ n: number }>(
    `select count(*)::int as n from source_record where source = 'hr' and kind = 'affiliation' and part = $1 and gone_at is null`,
    [one.key],
  )
  expect(one.records).toBe(count?.n)
  const groups = await parts('ad', 'kind=group')
  expect(groups.rows.length).toBeGreaterThan(0)
  const systems = await parts('systems', 'kind=entitlement')
  expect(systems.rows.every(row => row.name !== null)).toBe(true)
  expect(await parts('hr', 'kind=affiliation&text=findes-slet-ikke')).toEqual({ rows: [], total: 0 })
})

test('a mass change is announced, simulated, approved by another and withdrawn over the API; each is in the log', async () => {
  const made = await it.send<{ id: string }>('POST', '/announcements', {
    ...{ source: 'hr', startsOn: daysAhead(1), endsOn: daysAhead(20), reason: 'Nyt skoleår' },
    expected: [{ kind: 'affiliation', op: 'change', attribute: 'schoolClass', least: 100, most: 4000 }],
  })
  expect(made.status, made.text).toBe(200)
  const path = `/announcements/${made.body.id}`
  const early = await admin.send('POST', `${path}/approve`, {})
  expect([early.status, early.body.code]).toEqual([409, 'conflict'])

  const dry = await it.send<{ runId: string }>('POST', `${path}/simulate`, {})
  expect(dry.status, dry.text).toBe(200)
  await expect
    .poll(async () => (await it.send<AnnouncementRow>('GET', path)).body.simulation?.state, { timeout: 60_000 })
    .toBe('done')
  const seen = (await it.send<AnnouncementRow>('GET', path)).body
  // Nothing of it has come yet: the source is as it was read.
  expect(seen).toMatchObject({
    simulation: { runId: dry.body.runId, fits: false, held: 0 },
    expected: [{ simulated: 0, used: 0, partName: null }],
    may: { approve: false, cancel: true },
    mayNot: 'own',
  })
  const toOthers = async (who: Visitor) => (await who.send<AnnouncementRow>('GET', path)).body.mayNot
  expect([await toOthers(admin), await toOthers(await signIn(town, 'auditor'))]).toEqual([null, 'no-permission'])
  const own = await it.send('POST', `${path}/approve`, {})
  expect([own.status, own.body.code]).toEqual([409, 'second-person-needed'])
  expect((await admin.send('POST', `${path}/approve`, {})).status).toBe(200)
  const listed = await admin.send<{ rows: AnnouncementRow[] }>('GET', '/announcements?source=hr&state=approved')
  expect(listed.body.rows.map(row => row.id)).toEqual([made.body.id])
  expect(listed.body.rows[0]?.createdBy).not.toMatch(/^[0-9a-f-]{36}$/)
  expect((await admin.send('POST', `${path}/cancel`, { reason: 'blev ikke til noget' })).status).toBe(200)
  const entries = await sql<{ action: string }>(
    `select action from audit_entry where subject_kind = 'announcement' and subject_id = $1 order by id`,
    [made.body.id],
  )
  expect(entries.map(one => one.action)).toEqual([
    ...['announcement.created', 'announcement.simulated', 'announcement.approved', 'announcement.cancelled'],
  ])
})

test.each([
  ['a window that is over', { startsOn: '2020-01-01', endsOn: '2020-02-01' }],
  ['an end before its start', { startsOn: daysAhead(9), endsOn: daysAhead(8) }],
  ['more at least than at most', { expected: [{ kind: 'person', op: 'gone', least: 9, most: 8 }] }],
  ['nothing that is expected', { expected: [] }],
])('an announcement with %s is refused', async (_what, wrong) => {
  const answer = await it.send('POST', '/announcements', {
    ...{ source: 'hr', startsOn: daysAhead(1), endsOn: daysAhead(20), reason: 'Nyt skoleår' },
    expected: [{ kind: 'person', op: 'gone', least: 1, most: 10 }],
    ...wrong,
  })
  expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request'])
})

test('what is held back is shown by cause and decided on over the API, by another than who started the run', async () => {
  // What was read is made other than what the file says, so that the next read is a wave of changes.
  await sql(
    `update source_record set payload = payload || '{"title": "Noget andet"}', hash = '\\x00', seen_hash = null
     where source = 'hr' and kind = 'affiliation' and gone_at is null and payload ->> 'title' is not null
       and payload ->> 'title' <> 'Noget andet'`,
  )
  const started = await it.send<{ runId: string }>('POST', '/sources/hr/runs', {})
  const run = `/runs/${started.body.runId}`
  await expect
    .poll(async () => (await it.send<{ state: string }>('GET', run)).body.state, { timeout: 60_000 })
    .toBe('held')
  const mine = (await it.send<HeldChanges>('GET', `${run}/held`)).body
  expect(mine.mayNot).toBe('started-the-run')
  const seen = (await admin.send<HeldChanges>('GET', `${run}/held`)).body
  expect(seen).toMatchObject({ mayNot: null, decisions: [] })
  expect(seen.waiting).toBe(seen.groups.reduce((sum, one) => sum + one.count, 0))
  const named = seen.groups.find(one => one.because?.attribute === 'title')!
  expect(named).toMatchObject({ guard: 'change', kind: 'affiliation', op: 'change', because: { to: null, from: null } })

  const rows = await admin.send<{ rows: { n: number; state: string }[]; total: number }>('POST', `${run}/held/search`, {
    ...{ cause: named.cause, limit: 2, offset: 0 },
  })
  expect(rows.body.total).toBe(named.count)
  const say = { hash: seen.hash, reason: 'kontrolleret med lønkontoret' }
  const own = await it.send('POST', `${run}/held/approve`, say)
  expect([own.status, own.body.code]).toEqual([409, 'second-person-needed'])
  const two = await admin.send<{ left: number; state: string }>('POST', `${run}/held/approve`, {
    ...{ ...say, rows: rows.body.rows.map(row => row.n) },
  })
  expect(two.body, two.text).toMatchObject({ state: 'held', left: seen.waiting - 2 })
  const stale = await admin.send('POST', `${run}/held/reject`, say)
  expect([stale.status, stale.body.code]).toEqual([409, 'plan-stale'])
  const again = (await admin.send<HeldChanges>('GET', `${run}/held`)).body
  expect(again.decisions).toMatchObject([{ approved: true, items: 2 }])
  expect(again.decisions[0]?.by).not.toMatch(/^[0-9a-f-]{36}$/)
  const rest = await admin.send<{ state: string }>('POST', `${run}/held/reject`, { ...say, hash: again.hash })
  expect(rest.body).toMatchObject({ state: 'done', left: 0 })

  const guards = await it.send<{ limits: { inForce: number | null }[]; locked: boolean }>('GET', '/sources/hr/guards')
  expect(guards.body.limits.length).toBeGreaterThan(0)
  expect(guards.body.limits.every(one => one.inForce !== null && one.inForce > 0)).toBe(true)
  expect(guards.body.locked).toBe(false)
  const shape = await admin.send('POST', `${run}/accept-shape`, { reason: 'det er rigtigt' })
  expect([shape.status, shape.body.code]).toEqual([409, 'conflict'])
})
