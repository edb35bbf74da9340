import { beforeEach, describe, expect, test } from 'vitest'
import type { Expectation } from '../../../server/contract/announcements.ts'
import type { HeldGroup } from '../../../server/contract/held.ts'
import { createAnnouncements } from '../../../server/feeds/guards/announcement-service.ts'
import { oneAnnouncement } from '../../../server/feeds/guards/announcement-views.ts'
import { changeWaits, guardsView, heldChanges } from '../../../server/feeds/guards/held-views.ts'
import { simulateFromRun } from '../../../server/feeds/guards/simulate-announcement.ts'
import { type Clock, civilDate } from '../../../server/platform/clock.ts'
import { testDatabase } from '../../support/database.ts'
import { job, person, unit } from '../../support/municipality.ts'
import { memorySources } from './memory-source.ts'

const database = testDatabase()
/** A clock that a test may move on. */
let now = new Date('2026-07-27T09:00:00Z')
const clock: Clock = { now: () => now, today: () => civilDate(now) }
let town: ReturnType<typeof memorySources>
const PEOPLE = 400
const at = (key: string) => Number(key.slice(1))

beforeEach(async () => {
  await database.reset()
  now = new Date('2026-07-27T09:00:00Z')
  town = memorySources(database.db, clock)
  town.put('skole', [
    ...Array.from({ length: 20 }, (_, n) => unit(`u${n}`, { name: `Skole ${n}` })),
    ...Array.from({ length: PEOPLE }, (_, n) => person(`p${n}`, { realm: 'pupil' })),
    ...Array.from({ length: PEOPLE }, (_, n) =>
      job(`e${n}`, `p${n}`, {
        unit: `u${n % 20}`,
        affiliationKind: 'pupil',
        schoolClass: `${(n % 9) + 1}.A`,
        title: null,
      }),
    ),
  ])
  expect(await town.run('skole')).toMatchObject({ state: 'done', heldBack: [] })
})

const jobs = (change: (n: number) => object | null) =>
  town.edit('skole', one => {
    const to = one.kind === 'affiliation' ? change(at(one.key)) : null
    return to ? { ...one, attrs: { ...one.attrs, ...to } } : one
  })
const look = (runId: string, userId = 'bo') =>
  database.db.snapshot(tx => heldChanges(tx, runId, { userId, mayApprove: true }))
const classOf = async (n: number) => {
  const [row] = await database.db.snapshot(tx =>
    tx.query<{ school_class: string }>(
      `select ac.school_class from affiliation_current ac join source_record r on r.subject_id = ac.affiliation_id where r.key = $1`,
      [`e${n}`],
    ),
  )
  return row?.school_class
}
/** Everybody moves up a class; the ninth form starts anew, so that nobody leaves. */
const nextYear = (some: (n: number) => boolean = () => true) =>
  jobs(n => (some(n) ? { schoolClass: `${((n + 1) % 9) + 1}.A` } : null))

describe('a decision on what is held', () => {
  /** Two waves in one read: 60 class changes at ten schools, 60 ends; and one change that is nobody's business. */
  async function twoWaves() {
    jobs(n =>
      n < 60
        ? { schoolClass: `${n % 7}.B` }
        : n < 120
          ? { endsOn: `2026-09-${10 + (n % 9)}` }
          : n === 200
            ? { fraction: 0.5 }
            : null,
    )
    const run = await town.run('skole', { change: { percent: 50, floor: 50 }, cause: false }, { actor: { id: 'anna' } })
    expect(run).toMatchObject({ state: 'held', applied: 1 })
    const { groups, hash } = await look(run.runId)
    const byAspect = Object.fromEntries(groups.map(one => [one.aspect, one])) as Record<string, HeldGroup>
    return { runId: run.runId, hash: hash!, byAspect }
  }

  test('goes by cause: one is let through, the other waits on under a new hash', async () => {
    const { runId, hash, byAspect } = await twoWaves()
    expect(byAspect).toMatchObject({ end: { count: 60, limit: 25 }, class: { count: 60, limit: 25 } })
    const first = await town.feeds.approveHeld(
      runId,
      { id: 'bo' },
      { hash, causes: [byAspect.class!.cause], reason: 'nyt skoleår' },
    )
    expect(first).toMatchObject({ state: 'held', applied: 61 })
    expect(await classOf(8)).toBe('1.B')
    const left = await look(runId)
    expect(left).toMatchObject({ waiting: 60, mayNot: null, groups: [{ aspect: 'end' }] })
    expect(left.hash).not.toBe(hash)
    expect(left.decisions).toMatchObject([{ by: 'bo', approved: true, items: 60, reason: 'nyt skoleår' }])
    expect(
      await town.feeds.rejectHeld(runId, { id: 'bo' }, { hash: left.hash!, reason: 'det er ikke rigtigt' }),
    ).toMatchObject({ state: 'done' })
    expect(await look(runId)).toMatchObject({ hash: null, waiting: 0, mayNot: 'nothing-waits' })
  })

  test('goes by row: three are let through, fifty-seven wait', async () => {
    const { runId, hash, byAspect } = await twoWaves()
    const rows = await database.db.snapshot(tx =>
      tx.query<{ n: number; key: string }>(
        `select n, key from plan_item where cause = $1 and state = 'held' order by n limit 3`,
        [byAspect.class!.cause],
      ),
    )
    const run = await town.feeds.approveHeld(runId, { id: 'bo' }, { hash, rows: rows.map(row => row.n) })
    expect(run).toMatchObject({ state: 'held', applied: 4 })
    expect((await look(runId)).waiting).toBe(117)
  })

  test('a cause or a row that does not wait is refused, and nothing has happened', async () => {
    const { runId, hash } = await twoWaves()
    await expect(
      town.feeds.approveHeld(runId, { id: 'bo' }, { hash, causes: ['no such cause'], rows: [99_999] }),
    ).rejects.toMatchObject({ problem: 'invalid-request' })
    expect((await look(runId)).hash).toBe(hash)
  })

  test('is for another person than the one who started the run, and than the one who changed the source', async () => {
    const { runId, hash } = await twoWaves()
    expect((await look(runId, 'anna')).mayNot).toBe('started-the-run')
    await expect(town.feeds.approveHeld(runId, { id: 'anna' }, { hash })).rejects.toMatchObject({
      problem: 'second-person-needed',
    })
    await database.db.transaction(tx =>
      tx.query(
        `insert into source_version (source, version, change, written, by, at)
         select 'skole', 99, 'change', '{}', 'carl', started_at - interval '1 millisecond' from feed_run where id = $1`,
        [runId],
      ),
    )
    expect((await look(runId, 'carl')).mayNot).toBe('changed-the-source')
    await expect(town.feeds.approveHeld(runId, { id: 'carl' }, { hash })).rejects.toMatchObject({
      problem: 'second-person-needed',
    })
    expect(await database.db.snapshot(tx => changeWaits(tx, 'skole', 'carl'))).toBe(true)
    expect(await database.db.snapshot(tx => changeWaits(tx, 'skole', 'bo'))).toBe(false)
  })

  test('is computed again: what has been overtaken is put aside and said, and the rest must be looked at anew', async () => {
    const { runId, hash, byAspect } = await twoWaves()
    // A list of changes that came in meanwhile has moved one of them on.
    await database.db.transaction(tx =>
      tx.query(
        `update source_record set payload = payload || '{"schoolClass": "4.C"}' where kind = 'affiliation' and key = 'e5'`,
      ),
    )
    const decision = { hash, causes: [byAspect.class!.cause] }
    await expect(town.feeds.approveHeld(runId, { id: 'bo' }, decision)).rejects.toMatchObject({
      problem: 'plan-stale',
      info: { params: { count: 1 } },
    })
    const again = await look(runId)
    expect(again.waiting).toBe(119)
    const run = await town.feeds.approveHeld(runId, { id: 'bo' }, { ...decision, hash: again.hash! })
    expect(run).toMatchObject({ applied: 60 })
  })

  test('two people decide at once: one of them does', async () => {
    const { runId, hash } = await twoWaves()
    const answers = await Promise.allSettled([
      town.feeds.rejectHeld(runId, { id: 'bo' }, { hash, reason: 'nej tak' }),
      town.feeds.rejectHeld(runId, { id: 'carl' }, { hash, reason: 'nej tak' }),
    ])
    expect(answers.map(one => one.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('comes too late after seven days, counted from when the very same was found first; then it is found anew', async () => {
    const { runId } = await twoWaves()
    const first = await look(runId)
    now = new Date('2026-07-30T09:00:00Z')
    const second = await town.run('skole', { change: { percent: 50, floor: 50 }, cause: false })
    const waits = await look(second.runId)
    expect(waits).toMatchObject({ since: first.since, expiresAt: first.expiresAt })
    expect(await look(runId)).toMatchObject({ replacedBy: second.runId, hash: null })
    expect(await town.feeds.expireHeld()).toBe(0)
    now = new Date(new Date(first.expiresAt!).getTime() + 1000)
    await expect(town.feeds.approveHeld(second.runId, { id: 'bo' }, { hash: waits.hash! })).rejects.toMatchObject({
      problem: 'plan-stale',
    })
    expect(await town.feeds.expireHeld()).toBe(1)
    expect(await look(second.runId)).toMatchObject({ hash: null, waiting: 0 })
    expect(await classOf(8)).toBe('9.A')
    const third = await town.run('skole', { change: { percent: 50, floor: 50 }, cause: false })
    expect(third).toMatchObject({ state: 'held', changed: 120 })
    expect((await look(third.runId)).since).not.toBe(first.since)
  })
})

describe('an announced mass change', () => {
  const announcements = createAnnouncements({ clock })
  const line = { part: null, attribute: 'schoolClass', from: null, to: null }
  const year: { source: string; startsOn: string; endsOn: string; reason: string; expected: Expectation[] } = {
    ...{ source: 'skole', startsOn: '2026-08-01', endsOn: '2026-08-15', reason: 'Nyt skoleår' },
    expected: [{ ...line, kind: 'affiliation', op: 'change', least: 350, most: 400 }],
  }
  const tx = <T>(work: Parameters<typeof database.db.transaction<T>>[0]) => database.db.transaction(work)
  const row = (id: string) =>
    tx(one => oneAnnouncement(one, id, { userId: 'bo', mayApprove: true, today: clock.today() }))
  /** Announced by Anna, tried by her in a dry run that counts it as approved, approved by Bo. */
  async function announced(given: Partial<typeof year> = {}) {
    const id = await tx(one => announcements.create(one, { id: 'anna' }, { ...year, ...given }))
    await town.run('skole', {}, { announcement: id })
    await tx(one => announcements.approve(one, { id: 'bo' }, id))
    return id
  }

  test('is tried before it is approved, by another person, and says what it would meet', async () => {
    nextYear(n => n >= 20)
    const id = await tx(one => announcements.create(one, { id: 'anna' }, year))
    await expect(tx(one => announcements.approve(one, { id: 'anna' }, id))).rejects.toMatchObject({
      problem: 'second-person-needed',
    })
    await expect(tx(one => announcements.approve(one, { id: 'bo' }, id))).rejects.toMatchObject({ problem: 'conflict' })
    const dry = await town.run('skole', {}, { announcement: id })
    expect(dry).toMatchObject({ dryRun: true, state: 'done', applied: 0, heldBack: [] })
    expect(await row(id)).toMatchObject({
      state: 'draft',
      expected: [{ simulated: 380, used: 0 }],
      simulation: { runId: dry.runId, state: 'done', fits: true, held: 0 },
      may: { approve: true },
    })
    expect(await classOf(30)).toBe('4.A')
    await tx(one => announcements.approve(one, { id: 'bo' }, id))
    expect((await row(id)).state).toBe('approved')
  })

  test('Pupils move up a year: announced, it passes in its window, is used up by it, and what else comes is guarded as ever', async () => {
    nextYear()
    const id = await announced()
    // A week too early: it waits.
    expect(await town.run('skole')).toMatchObject({ state: 'held', applied: 0 })
    now = new Date('2026-08-03T09:00:00Z')
    jobs(n => (n < 40 ? { endsOn: `2026-09-${10 + (n % 9)}`, schoolClass: `${(n % 9) + 1}.A` } : null))
    const run = await town.run('skole')
    expect(run).toMatchObject({ state: 'held', changed: 400, applied: 360 })
    expect((await look(run.runId)).groups).toMatchObject([{ guard: 'aspect', aspect: 'end', count: 40 }])
    expect((await row(id)).expected).toMatchObject([{ used: 360, most: 400 }])
    // Forty are left of it: a second change of everybody is another one.
    nextYear(n => n >= 40)
    jobs(n => (n >= 40 ? { schoolClass: '1.Z' } : null))
    expect(await town.run('skole')).toMatchObject({ state: 'held', applied: 0 })
  })

  test('that is too small for what comes lets nothing of it through', async () => {
    nextYear()
    now = new Date('2026-08-03T09:00:00Z')
    const id = await announced({ expected: [{ ...year.expected[0]!, least: 1, most: 300 }] })
    expect(await row(id)).toMatchObject({ simulation: { fits: false, held: 400 }, expected: [{ simulated: 400 }] })
    expect(await town.run('skole')).toMatchObject({ state: 'held', applied: 0 })
    expect((await row(id)).expected).toMatchObject([{ used: 0 }])
  })

  test('withdrawn, or over, it counts no more', async () => {
    nextYear()
    const withdrawn = await announced()
    await announced({ endsOn: '2026-08-03' })
    await tx(one => announcements.cancel(one, { id: 'bo' }, withdrawn, 'alligevel ikke'))
    expect((await row(withdrawn)).may).toEqual({ simulate: false, approve: false, cancel: false })
    now = new Date('2026-08-03T09:00:00Z')
    expect(await town.run('skole')).toMatchObject({ state: 'held', applied: 0 })
  })

  test('of leavers lets them be missing, and then end, in so far as they were announced', async () => {
    now = new Date('2026-08-03T09:00:00Z')
    const leavers = { ...year.expected[0]!, op: 'gone' as const, attribute: null }
    const id = await tx(one =>
      announcements.create(
        one,
        { id: 'anna' },
        {
          ...year,
          expected: [
            { ...leavers, least: 40, most: 60 },
            { ...leavers, kind: 'person', least: 40, most: 60 },
          ],
        },
      ),
    )
    const leave = (count: number) =>
      town.edit('skole', one => (one.kind !== 'unit' && at(one.key) < count ? null : one))
    leave(50)
    // Unannounced, such a read is rejected; tried with the announcement it is let in.
    expect(await town.run('skole', {}, { dryRun: true })).toMatchObject({ state: 'rejected' })
    expect(await town.run('skole', {}, { announcement: id })).toMatchObject({ state: 'done', missing: 100 })
    await tx(one => announcements.approve(one, { id: 'bo' }, id))
    expect(await town.run('skole')).toMatchObject({ state: 'done', missing: 100, gone: 0 })
    expect(await town.run('skole')).toMatchObject({ state: 'done', gone: 100, applied: 100 })
    leave(120)
    expect(await town.run('skole')).toMatchObject({ state: 'rejected' })
  })

  test('of a reorganisation names each unit code that becomes another; a code that nobody announced waits', async () => {
    now = new Date('2026-08-03T09:00:00Z')
    const moves = [3, 4, 5].map(n => ({
      ...{ kind: 'affiliation' as const, op: 'change' as const, part: `u${n}`, attribute: 'unit', from: `u${n}` },
      ...{ to: 'u50', least: 15, most: 20 },
    }))
    town.put('skole', [unit('u50', { name: 'Samlet skole' })])
    jobs(n => ([3, 4, 5].includes(n % 20) ? { unit: 'u50' } : n % 20 >= 6 && n % 20 <= 8 ? { unit: 'u51' } : null))
    await announced({ expected: moves })
    const run = await town.run('skole')
    expect(run).toMatchObject({ state: 'held', changed: 120, applied: 61 })
    const { groups } = await look(run.runId)
    expect(groups.reduce((sum, one) => sum + one.count, 0)).toBe(60)
    expect(groups[0]).toMatchObject({ because: { attribute: 'unit' } })
  })

  test('is held against a dry run that was made before, of a file that is not in force yet', async () => {
    nextYear()
    const dry = await town.run('skole', {}, { dryRun: true })
    const id = await tx(one => announcements.create(one, { id: 'anna' }, year))
    await tx(async one => simulateFromRun(one, await announcements.forSimulation(one, id), dry.runId))
    expect(await row(id)).toMatchObject({ simulation: { fits: true, held: 0 }, expected: [{ simulated: 400 }] })
    const real = await town.run('skole')
    await expect(
      tx(async one => simulateFromRun(one, await announcements.forSimulation(one, id), real.runId)),
    ).rejects.toMatchObject({ problem: 'conflict' })
  })
})

test('limits come down to what is usual, never below the floor, never above what is set, and say of how many runs', async () => {
  const guards = { change: { percent: 50, floor: 10 }, aspect: false, cause: false, part: false }
  for (let day = 0; day < 12; day++) {
    jobs(n => (n % 40 === day ? { fraction: 0.5 } : null))
    expect(await town.run('skole', guards)).toMatchObject({ state: 'done', changed: 10 })
  }
  const { limits } = await database.db.snapshot(tx => guardsView(tx, 'skole'))
  expect(limits.find(one => one.kind === 'affiliation' && one.op === 'change')).toMatchObject({
    ...{ percent: 50, floor: 10, population: PEOPLE, ceiling: 200, usual: 10, runs: 12, learned: 15, inForce: 15 },
  })
  jobs(n => (n >= 300 && n < 316 ? { fraction: 0.7 } : null))
  expect(await town.run('skole', { ...guards, learn: false }, { dryRun: true })).toMatchObject({ heldBack: [] })
  expect(await town.run('skole', guards)).toMatchObject({ state: 'held', heldBack: [{ guard: 'change', limit: 15 }] })
})
