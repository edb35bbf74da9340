import { beforeEach, describe, expect, test } from 'vitest'
import { assign, settlersView } from '../../../../server/access/drift/assign-service.ts'
import { rollFindings } from '../../../../server/access/drift/drift-day.ts'
import { findingSettingsView } from '../../../../server/access/drift/finding-settings.ts'
import {
  findingGroupsView,
  findingsView,
  findingView,
  trendView,
} from '../../../../server/access/drift/findings-views.ts'
import { removalsView } from '../../../../server/access/drift/removals-view.ts'
import { previewSettling, settle, undo } from '../../../../server/access/drift/settle-service.ts'
import { type FindingState, findingFilter, type SettleAction } from '../../../../server/contract/findings.ts'
import { countDay, putNotice, reopenDue } from '../../../../server/findings/finding-store.ts'
import { removalOrders } from '../../../../server/orders/removal-orders.ts'
import { newId } from '../../../../server/platform/ids.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { counted } from '../../../support/counted.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, system } from '../../../support/municipality.ts'
import { acc, driftTown, findingsOf, members, rules } from './drift-town.ts'

const database = testDatabase()
beforeEach(() => database.reset())

const when = { today: '2026-03-02', now: new Date('2026-03-02T09:00:00Z') }
const names = async () => new Map<string, string>()
const page = { offset: 0, limit: 50 }
type Filter = Parameters<typeof findingsView>[2]
const list = (actor: Actor, filter: Partial<Filter> = {}) =>
  database.db.snapshot(tx => findingsView(tx, actor, { counted: true, ...filter, ...page }, names))
const groups = (actor: Actor, filter: Partial<Filter> = {}) =>
  database.db.snapshot(tx => findingGroupsView(tx, actor, { counted: true, ...filter, ...page }))

/** Cia holds what only her system's owner could explain; bo lacks what he should hold; ghost is nobody's. */
async function planted() {
  const town = await driftTown(database.db)
  await town.feed('ad', [
    members('a/write', ['cia', 'bo']),
    members('a/read', ['ann']),
    acc('ghost', { employeeNo: 'unknown' }),
  ])
  return town
}
async function doSettle(
  actor: Actor,
  action: SettleAction,
  choice: Parameters<typeof previewSettling>[2]['choice'],
  until?: string,
) {
  const asked = { action, choice, ...(until ? { until } : {}) }
  const plan = await database.db.snapshot(tx => previewSettling(tx, actor, asked, when.today))
  const done = await database.db.transaction(tx =>
    settle(tx, actor, { ...asked, reason: 'Aftalt med ejeren', hash: plan.hash }, when),
  )
  return { plan, ...done }
}

describe('who sees what', () => {
  test('IT and the DPO all, an owner the own systems, a manager the own unit, HR and employees nothing', async () => {
    const { actors } = await planted()
    const seen = async (actor: Actor) =>
      (await list(actor)).rows
        .map(row => `${row.code} ${row.person?.name ?? row.account?.username} ${row.entitlement?.key ?? ''}`.trim())
        .sort()
    const all = [
      'missing bo Prøve a/read',
      'orphan ghost',
      'unexplained bo Prøve a/write',
      'unexplained cia Prøve a/write',
    ]
    expect(await seen(actors.it)).toEqual(all)
    expect(await seen(actors.dpo)).toEqual(all)
    expect(await seen(actors.owner)).toEqual(all.filter(line => !line.startsWith('orphan')))
    expect(await seen(actors.manager)).toEqual(['missing bo Prøve a/read', 'unexplained bo Prøve a/write'])
    expect(await seen(actors.hr)).toEqual([])
    expect(await seen(actors.employee)).toEqual([])
    for (const actor of Object.values(actors)) {
      const { rows } = await list(actor)
      const lines = (await groups(actor)).rows
      expect(lines.reduce((sum, line) => sum + line.count, 0)).toBe(rows.length)
      for (const line of lines) expect((await list(actor, { cause: line.key })).total).toBe(line.count)
    }
  })

  test('kinds that are only counted are not listed, and are counted', async () => {
    const { actors } = await planted()
    const answer = await groups(actors.it, { counted: undefined })
    expect(answer.rows.map(row => row.code)).toEqual(['orphan'])
    expect(answer.codes).toEqual([
      { code: 'missing', listed: 0, counted: 1 },
      { code: 'orphan', listed: 1, counted: 0 },
      { code: 'unexplained', listed: 0, counted: 2 },
    ])
  })

  test('when everybody was compared with everybody is told once it may be done and has been', async () => {
    const { actors } = await planted()
    await database.db.transaction(tx => rollFindings(tx, '2026-03-02', when.now))
    expect((await groups(actors.it)).comparedAt).toBeNull()
    await database.db.transaction(tx =>
      putNotice(tx, { discussedOn: '2026-01-01', toldOn: '2026-01-15', reference: 'MED 1/2026' }, 'test', when.now),
    )
    expect((await groups(actors.it)).comparedAt).toBeNull()
    await database.db.transaction(tx => rollFindings(tx, '2026-03-03', when.now))
    expect((await groups(actors.it)).comparedAt).not.toBeNull()
  })

  test('a right that no rule gives is one line for everybody; one that rules give to others, a line for the few', async () => {
    const town = await planted()
    const line = async () =>
      (await groups(town.actors.it, { code: 'unexplained' })).rows.map(row => `${row.cause} ${row.count}`)
    expect(await line()).toEqual(['no-rule 2'])
    await town.rules(rules('a/read, b/admin'))
    await town.feed('ad', [members('b/admin', ['cia'])])
    expect((await line()).sort()).toEqual(['no-rule 2', 'spread 1'])
  })
})

describe('handing over', () => {
  /** Cooks get the owner's role in the tool, of whom only ann owns a system; cia gets IT's by hand. */
  async function withRoles() {
    const town = await planted()
    await town.feed('systems', [
      system('hjemmel', { name: 'Hjemmel' }),
      entitlement('hjemmel/systemowner', { name: 'Systemejer' }),
    ])
    await town.rules(rules('a/read, hjemmel/systemowner'))
    await database.db.transaction(tx =>
      tx.query(
        `with u as (insert into tool_user (id, username, kind, person_id) values ($1, 'cia', 'person', $2) returning id)
         insert into local_role (id, user_id, role, valid, reason) select $3, id, 'it', '[2026-01-01,2027-01-01)', 'Prøve' from u`,
        [newId(), town.people.cia, newId()],
      ),
    )
    return { ...town, cia: { ...town.actors.it, personId: town.people.cia! } }
  }
  const hand = (actor: Actor, personId: string | null, choice: Parameters<typeof assign>[2]['choice']) =>
    database.db.transaction(tx => assign(tx, actor, { choice, personId }, when))
  const mine = async (actor: Actor) =>
    (await list(actor, { mine: true, counted: undefined })).rows.map(row => `${row.code} ${row.assignee?.name}`)

  test('only to somebody who may settle them; they are theirs until it is undone', async () => {
    const { actors, people, cia } = await withRoles()
    const all = (await list(actors.it)).rows.map(row => row.id)
    const able = await database.db.snapshot(tx =>
      settlersView(tx, actors.it, { choice: { ids: all }, own: false }, when.today),
    )
    // The account of nobody is in no system: the owner has no say in it.
    expect([able.of, able.people.map(one => [one.person.id, one.owner, one.fits])]).toEqual([
      4,
      [
        [people.cia, 'it', 4],
        [people.ann, 'systemowner', 3],
      ],
    ])
    const done = await hand(actors.it, people.ann!, { ids: all })
    expect([done.assigned, done.left]).toEqual([3, 1])
    expect(await mine(actors.owner)).toEqual(expect.arrayContaining(['unexplained ann Prøve', 'missing ann Prøve']))
    expect(await mine(cia)).toEqual([])
    await expect(hand(actors.it, newId(), { ids: all })).rejects.toMatchObject({ problem: 'not-found' })
    await expect(hand(actors.it, people.bo!, { ids: all })).rejects.toMatchObject({ problem: 'conflict' })
    await expect(hand(actors.it, people.ann!, { ids: all })).rejects.toMatchObject({ problem: 'conflict' })
    await expect(hand(actors.manager, people.ann!, { ids: all })).rejects.toMatchObject({ problem: 'conflict' })
    expect(await database.db.transaction(tx => undo(tx, actors.it, done.batchId, when))).toEqual({
      restored: 3,
      action: 'assigned',
    })
    expect(await mine(actors.owner)).toEqual([])
  })

  test('handed on is the later one’s, and undoing the earlier leaves it there; settled is nobody’s to hand over', async () => {
    const { actors, people, cia } = await withRoles()
    const choice = { filter: { code: 'unexplained' as const, counted: true } }
    const first = await hand(actors.it, people.ann!, choice)
    await hand(cia, people.cia!, choice)
    expect(await mine(cia)).toEqual(['unexplained cia Prøve', 'unexplained cia Prøve'])
    await expect(database.db.transaction(tx => undo(tx, actors.it, first.batchId, when))).rejects.toMatchObject({
      problem: 'conflict',
    })
    await doSettle(actors.it, 'removal', choice)
    expect(await mine(cia)).toEqual([])
    await expect(hand(actors.it, null, { filter: { ...choice.filter, state: 'removal' } })).rejects.toMatchObject({
      problem: 'conflict',
    })
  })
})

describe('settling', () => {
  test('an exception: legitimate at once, and undone to the same finding with its age', async () => {
    const { actors, people } = await planted()
    const before = await list(actors.it, { person: people.cia })
    const { batchId, plan } = await doSettle(
      { ...actors.it, personId: people.ann! },
      'exception',
      { ids: before.rows.map(row => row.id) },
      '2026-06-01',
    )
    expect([plan.fits.length, plan.refused]).toEqual([1, []])
    expect(await findingsOf(database.db)).toEqual(['missing bo a/read', 'orphan ghost', 'unexplained bo a/write'])
    expect(await database.db.transaction(tx => undo(tx, actors.it, batchId, when))).toMatchObject({ restored: 1 })
    expect((await list(actors.it, { person: people.cia })).rows).toEqual(before.rows)
    await expect(database.db.transaction(tx => undo(tx, actors.it, batchId, when))).rejects.toMatchObject({
      problem: 'not-found',
    })
  })

  test('bulk says why some do not fit; the owner decides about the own systems only', async () => {
    const { actors } = await planted()
    const all = (await list(actors.it)).rows.map(row => row.id)
    const preview = (actor: Actor, action: SettleAction) =>
      database.db.snapshot(tx => previewSettling(tx, actor, { action, choice: { ids: all } }, when.today))
    const it = await preview(actors.it, 'removal')
    expect([it.fits.length, it.of, it.refused]).toEqual([3, 4, [{ why: 'wrong-kind', count: 1 }]])
    const dpo = await preview(actors.dpo, 'removal')
    expect([dpo.fits.length, dpo.refused]).toEqual([0, [{ why: 'not-yours', count: 4 }]])
    expect((await preview(actors.owner, 'removal')).fits.length).toBe(2)
    await doSettle(actors.it, 'removal', { filter: { code: 'unexplained', counted: true } })
    expect((await preview(actors.it, 'removal')).refused).toContainEqual({ why: 'decided-already', count: 2 })
  })

  test('marked for removal: on the list with account and group, closed by the next read that no longer shows it', async () => {
    const town = await planted()
    await doSettle(town.actors.it, 'removal', { filter: { code: 'unexplained', counted: true } })
    const { rows } = await database.db.snapshot(tx => removalsView(tx, town.actors.it, {}, removalOrders))
    expect(rows.map(row => [row.system, row.entitlement, row.username, row.path, row.reason])).toEqual([
      ['A', 'Skriver', 'bo', ['g-a/write'], 'Aftalt med ejeren'],
      ['A', 'Skriver', 'cia', ['g-a/write'], 'Aftalt med ejeren'],
    ])
    const overdue = async () => (await list(town.actors.it, { state: 'removal' })).rows.map(row => row.overdue)
    // Decided on a day long ago by the clock of the database: they should be gone by now.
    expect(await overdue()).toEqual([true, true])
    await town.feed('ad', [members('a/write', ['bo'])])
    expect(await findingsOf(database.db)).toEqual([
      'missing bo a/read',
      'orphan ghost',
      'unexplained bo a/write removal',
    ])
  })

  test('accepted until a day: quiet until then, and open again by itself', async () => {
    const { actors } = await planted()
    await doSettle(actors.it, 'accept', { filter: { code: 'missing', counted: true } }, '2026-04-01')
    const missing = async () => (await findingsOf(database.db)).filter(line => line.startsWith('missing'))
    expect(await missing()).toEqual(['missing bo a/read accepted'])
    await database.db.transaction(tx => reopenDue(tx, '2026-03-31', when.now))
    expect(await missing()).toEqual(['missing bo a/read accepted'])
    await database.db.transaction(tx => reopenDue(tx, '2026-04-01', when.now))
    expect(await missing()).toEqual(['missing bo a/read'])
  })

  test('explained by a rule: closes when the rule is in force and gives the right', async () => {
    const town = await planted()
    await doSettle(town.actors.it, 'explained', { filter: { code: 'unexplained', counted: true } })
    expect(await findingsOf(database.db)).toContain('unexplained bo a/write explained')
    await town.rules(rules('a/read, a/write'))
    const found = await findingsOf(database.db)
    expect(found.filter(line => line.includes('bo a/write'))).toEqual([])
    expect(found).toContain('unexplained cia a/write explained')
  })

  test('not a finding stays so while it is there; a second decision is not undone by undoing the first', async () => {
    const { actors } = await planted()
    const first = await doSettle(actors.it, 'not-a-finding', { filter: { code: 'orphan' } })
    const ids = first.plan.fits.map(one => one.id)
    const second = await doSettle(actors.it, 'reopen', { ids })
    await expect(database.db.transaction(tx => undo(tx, actors.it, first.batchId, when))).rejects.toMatchObject({
      problem: 'not-found',
    })
    await database.db.transaction(tx => undo(tx, actors.it, second.batchId, when))
    const state = (await list(actors.it, { state: 'not-a-finding' as FindingState })).rows.map(
      row => row.account?.username,
    )
    expect(state).toEqual(['ghost'])
    const one = await database.db.snapshot(tx => findingView(tx, actors.it, ids[0]!, names))
    expect(one?.history.map(event => event.action)).toEqual(['undone', 'reopen', 'not-a-finding', 'opened'])
  })

  test('what has changed since the preview is not settled, and a reason is asked for', async () => {
    const town = await planted()
    const asked = {
      action: 'removal' as const,
      choice: { filter: findingFilter.parse({ code: 'unexplained', counted: true }) },
    }
    const plan = await database.db.snapshot(tx => previewSettling(tx, town.actors.it, asked, when.today))
    const go = (reason: string) =>
      database.db.transaction(tx => settle(tx, town.actors.it, { ...asked, reason, hash: plan.hash }, when))
    await expect(go('')).rejects.toMatchObject({ problem: 'reason-needed' })
    await town.feed('ad', [members('a/write', ['bo'])])
    await expect(go('Aftalt')).rejects.toMatchObject({ problem: 'plan-stale' })
    await expect(
      database.db.snapshot(tx =>
        previewSettling(tx, town.actors.it, { action: 'accept', choice: {}, until: when.today }, when.today),
      ),
    ).rejects.toMatchObject({ problem: 'data-invalid' })
  })
})

test('days are counted by system and unit, and everybody sees the figures of the own part', async () => {
  const { actors, systems } = await planted()
  await database.db.transaction(tx => countDay(tx, when.today))
  const trend = (actor: Actor, query = {}) =>
    database.db.snapshot(tx => trendView(tx, actor, { days: 30, ...query }, when.today))
  const line = (code: string, open: number) => ({ on: when.today, code, open })
  expect((await trend(actors.it)).days).toEqual([line('missing', 1), line('orphan', 1), line('unexplained', 2)])
  expect((await trend(actors.it, { system: systems.a })).days).toEqual([line('missing', 1), line('unexplained', 2)])
  expect((await trend(actors.manager)).days).toEqual([line('missing', 1), line('unexplained', 1)])
  expect((await trend(actors.employee)).days).toEqual([])
  const settings = await database.db.snapshot(tx => findingSettingsView(tx, true, names))
  expect(settings.kinds.find(kind => kind.code === 'unexplained')?.areas).toEqual([
    { area: null, mode: 'counted', open: 2 },
  ])
})

test('a screen is at most five statements beside session, user and lookup log, however many findings there are', async () => {
  const { actors } = await planted()
  for (const actor of Object.values(actors))
    await database.db.snapshot(async tx => {
      const one = counted(tx)
      await findingGroupsView(one.tx, actor, { counted: true, ...page })
      expect(one.statements.length).toBeLessThanOrEqual(3)
      const rows = counted(tx)
      const found = await findingsView(rows.tx, actor, { counted: true, ...page }, names)
      expect(rows.statements.length).toBeLessThanOrEqual(1)
      const [first] = found.rows
      if (!first) return
      const detail = counted(tx)
      await findingView(detail.tx, actor, first.id, names)
      expect(detail.statements.length).toBeLessThanOrEqual(2)
    })
})
