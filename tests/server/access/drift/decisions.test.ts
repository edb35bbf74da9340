import { beforeEach, describe, expect, test } from 'vitest'
import { decisionsView } from '../../../../server/access/drift/decisions-view.ts'
import { findingGroupsView, findingsView, findingView } from '../../../../server/access/drift/findings-views.ts'
import { previewSettling, settle, undo } from '../../../../server/access/drift/settle-service.ts'
import { personPageView } from '../../../../server/access/person-page-views.ts'
import { readPersonHead } from '../../../../server/access/person-record-view.ts'
import { viewerOf } from '../../../../server/access/viewer.ts'
import { findingFilter, type SettleAction } from '../../../../server/contract/findings.ts'
import { newId } from '../../../../server/platform/ids.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { counted } from '../../../support/counted.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, job, person, system } from '../../../support/municipality.ts'
import { testKeyring } from '../../feeds/scratch.ts'
import { acc, driftTown, findingsOf, members, rules } from './drift-town.ts'

/* What was decided together can be found, opened again and undone later; an exception has an owner and can be ended early. */
const database = testDatabase()
beforeEach(() => database.reset())
const names = async () => new Map<string, string>()
const page = { offset: 0, limit: 50 }
const on = (time: string) => ({ today: '2026-03-02', now: new Date(`2026-03-02T${time}:00Z`) })
const until = '2026-06-01'

/** Bo of the kitchen and Cia of the office hold what no rule gives; ann owns system a, and has the owner's role in the tool. */
async function planted() {
  const town = await driftTown(database.db)
  await town.feed('systems', [
    system('hjemmel', { name: 'Hjemmel' }),
    entitlement('hjemmel/systemowner', { name: 'Systemejer' }),
  ])
  await town.rules(rules('a/read, hjemmel/systemowner'))
  await town.feed('ad', [members('a/write', ['bo', 'cia']), acc('ghost', { employeeNo: 'unknown' })])
  const it: Actor = { ...town.actors.it, personId: town.people.cia! }
  return { ...town, actors: { ...town.actors, it, office: { ...town.actors.it, personId: null } as Actor } }
}
type Choice = Parameters<typeof previewSettling>[2]['choice']
const list = (actor: Actor, filter: object) =>
  database.db.snapshot(tx => findingsView(tx, actor, { ...findingFilter.parse(filter), ...page }, names))
const decisions = (actor: Actor) =>
  database.db.snapshot(tx => decisionsView(tx, actor, page, { now: on('20:00').now, userNames: names }))
async function decide(
  actor: Actor,
  action: SettleAction,
  choice: Choice,
  more: { at?: string; ownerPersonId?: string; reason?: string } = {},
) {
  const { at = '09:00', ownerPersonId, reason = 'Aftalt med ejeren' } = more
  const dated = action === 'exception' || action === 'accept'
  const asked = { action, choice, ...(dated ? { until } : {}) }
  const plan = await database.db.snapshot(tx => previewSettling(tx, actor, asked, on(at).today))
  return database.db.transaction(tx =>
    settle(tx, actor, { ...asked, reason, hash: plan.hash, ...(ownerPersonId ? { ownerPersonId } : {}) }, on(at)),
  )
}
const unexplained: Choice = { filter: findingFilter.parse({ code: 'unexplained', counted: true }) }

describe('what was decided in one go', () => {
  test('is on a list with its rows, for whoever may know of them, and undone from there', async () => {
    const { actors } = await planted()
    const { batchId } = await decide(actors.it, 'removal', unexplained)
    const [row] = (await decisions(actors.it)).rows
    expect(row).toMatchObject({ batchId, action: 'removal', count: 2, left: 2, reason: 'Aftalt med ejeren', to: null })
    expect((await list(actors.it, { batch: batchId })).total).toBe(2)
    // The manager of the kitchen knows of one of them, and may not undo what is also another's.
    const seen = (await decisions(actors.manager)).rows
    expect(seen).toMatchObject([{ count: 1, left: 1, mayUndo: false }])
    expect((await list(actors.manager, { batch: batchId })).total).toBe(1)
    expect((await decisions(actors.employee)).rows).toEqual([])
    // The owner of the system may decide about all of it, and so undo what IT decided.
    expect((await decisions(actors.owner)).rows).toMatchObject([{ count: 2, mayUndo: true }])
    await database.db.transaction(tx => undo(tx, actors.owner, batchId, on('10:00')))
    expect((await decisions(actors.it)).rows).toMatchObject([{ count: 2, left: 0, mayUndo: false }])
    expect((await list(actors.it, { code: 'unexplained', counted: true })).total).toBe(2)
    await database.db.snapshot(async tx => {
      const { tx: watched, statements } = counted(tx)
      await decisionsView(watched, actors.it, page, { now: on('20:00').now, userNames: names })
      expect(statements.length).toBeLessThanOrEqual(2)
    })
  })

  test('stands beside the right it is about: what and when for everybody who sees it, why for who may see what does not fit', async () => {
    const { actors, people } = await planted()
    const decisionOn = async (actor: Actor, who: string) => {
      const page = await database.db.snapshot(async tx => {
        const found = (await readPersonHead(tx, people[who]!))!
        const viewer = viewerOf(actor, found.record)
        return personPageView(tx, people[who]!, viewer, { today: '2026-03-02', keyring: testKeyring, head: found.head })
      })
      return page!.systems.flatMap(one => one.rights).find(right => right.key === 'a/write')?.decision
    }
    expect(await decisionOn(actors.it, 'cia')).toBeNull()
    const { batchId } = await decide(actors.it, 'removal', unexplained)
    const marked = { state: 'removal', on: '2026-03-02T09:00:00Z', until: null }
    expect(await decisionOn(actors.it, 'cia')).toEqual({ ...marked, reason: 'Aftalt med ejeren' })
    expect(await decisionOn(actors.manager, 'bo')).toEqual({ ...marked, reason: 'Aftalt med ejeren' })
    expect(await decisionOn(actors.employee, 'cia')).toEqual({ ...marked, reason: null })
    await database.db.transaction(tx => undo(tx, actors.it, batchId, on('10:00')))
    expect(await decisionOn(actors.it, 'cia')).toBeNull()
  })

  test('a whole line of what is settled is opened again', async () => {
    const { actors } = await planted()
    await decide(actors.it, 'not-a-finding', unexplained)
    const settled = findingFilter.parse({ state: 'not-a-finding', counted: true })
    const [line] = (await database.db.snapshot(tx => findingGroupsView(tx, actors.it, { ...settled, ...page }))).rows
    expect(line?.count).toBe(2)
    await decide(actors.it, 'reopen', { filter: { ...settled, cause: line!.key } }, { at: '09:10', reason: '' })
    expect((await list(actors.it, { code: 'unexplained', counted: true })).total).toBe(2)
    expect((await decisions(actors.it)).rows.map(row => [row.action, row.left])).toEqual([
      ['reopen', 2],
      ['not-a-finding', 0],
    ])
  })
})

describe('an exception', () => {
  const excepted = (actor: Actor) => list(actor, { state: 'exception' })

  test('is answered for by whoever decides, or by one who may settle it; by nobody it is not made', async () => {
    const { actors, people } = await planted()
    const invalid = { problem: 'data-invalid' }
    await expect(decide(actors.office, 'exception', unexplained)).rejects.toMatchObject(invalid)
    // Bo may settle nothing, and ann no finding of a system that is not hers.
    for (const ownerPersonId of [people.bo!, newId()])
      await expect(decide(actors.office, 'exception', unexplained, { ownerPersonId })).rejects.toMatchObject(invalid)
    expect((await excepted(actors.it)).rows).toEqual([])
    await decide(actors.office, 'exception', unexplained, { ownerPersonId: people.ann! })
    const { rows } = await excepted(actors.it)
    expect(rows.map(row => [row.state, row.exception])).toEqual(
      Array(2).fill(['closed', { until, owner: { id: people.ann, name: 'ann Prøve', protected: false } }]),
    )
    await decide(actors.it, 'end', { ids: rows.map(row => row.id) }, { at: '09:30' })
    await decide(actors.it, 'exception', unexplained, { at: '09:40' })
    expect((await excepted(actors.it)).rows.map(row => row.exception?.owner?.id)).toEqual([people.cia, people.cia])
  })

  test('that is about to run out waits for whoever answers for it', async () => {
    const { actors, people } = await planted()
    const asked = { action: 'exception' as const, choice: unexplained, until: '2026-03-20' }
    const plan = await database.db.snapshot(tx => previewSettling(tx, actors.it, asked, '2026-03-02'))
    const said = { ...asked, reason: 'Vikar i marts', hash: plan.hash, ownerPersonId: people.ann! }
    await database.db.transaction(tx => settle(tx, actors.it, said, on('09:00')))
    const mine = async (actor: Actor) => (await list(actor, { mine: true })).rows.map(row => row.code)
    expect(await mine(actors.owner)).toEqual(['exception-ending', 'exception-ending'])
    expect(await mine(actors.it)).toEqual([])
  })

  test('is ended early: the right differs again; undone, it is allowed again, unless it has been decided anew', async () => {
    const { actors } = await planted()
    await decide(actors.it, 'exception', unexplained)
    const before = await findingsOf(database.db)
    expect(before.filter(line => line.startsWith('unexplained'))).toEqual([])
    const [bo, cia] = (await excepted(actors.it)).rows.sort((a, b) => (a.person!.name! < b.person!.name! ? -1 : 1))
    // Shown by the finding itself, of which nothing else can be said; somebody who may not decide is offered nothing.
    const one = await database.db.snapshot(tx => findingView(tx, actors.it, bo!.id, names))
    expect(one?.exception).toMatchObject({ until })
    const ended = await decide(actors.it, 'end', { ids: [bo!.id] }, { at: '10:00' })
    expect(ended.settled).toBe(1)
    expect(await findingsOf(database.db)).toContain('unexplained bo a/write')
    expect((await excepted(actors.it)).rows.map(row => row.id)).toEqual([cia!.id])
    // Not twice.
    const plan = await database.db.snapshot(tx =>
      previewSettling(tx, actors.it, { action: 'end', choice: { ids: [bo!.id, cia!.id] } }, '2026-03-02'),
    )
    expect(plan).toMatchObject({ fits: [{ id: cia!.id }], refused: [{ why: 'no-exception', count: 1 }] })
    expect(await database.db.transaction(tx => undo(tx, actors.it, ended.batchId, on('10:10')))).toEqual({
      restored: 1,
      action: 'end',
    })
    expect(await findingsOf(database.db)).toEqual(before)
    expect((await excepted(actors.it)).total).toBe(2)
    // Ended, and allowed once more until another day: the earlier end is not undone over it.
    const again = await decide(actors.it, 'end', { ids: [bo!.id] }, { at: '11:00' })
    await decide(actors.it, 'exception', unexplained, { at: '11:10' })
    await database.db.transaction(tx => undo(tx, actors.it, again.batchId, on('11:20')))
    expect((await excepted(actors.it)).total).toBe(2)
  })
})

test('a line that a rule can explain says what the form of the rule starts from', async () => {
  const town = await planted()
  const { it } = town.actors
  const all = async () =>
    (await database.db.snapshot(tx => findingGroupsView(tx, it, { code: 'unexplained', counted: true, ...page }))).rows
  const from = async () => (await all()).map(row => [row.cause, row.ruleFrom])
  expect(await from()).toEqual([['no-rule', { entitlement: 'a/write', unit: null, position: null }]])
  // Given by a rule to others, and held by three of the kitchen who are no cooks: where and as what they work.
  const three = ['dan', 'eva', 'fin']
  await town.feed('hr', [
    ...three.map(one => person(one)),
    ...three.map(one => job(`e-${one}`, one, { unit: '110', title: 'Assistent' })),
  ])
  await town.rules(rules('a/read, a/write, hjemmel/systemowner'))
  await town.feed('ad', [...three.map(one => acc(one)), members('a/write', ['ann', 'bo', ...three])])
  expect(await from()).toEqual([['place', { entitlement: 'a/write', unit: town.units['110'], position: 'clerk' }]])
  expect((await all())[0]?.count).toBe(3)
  const about = await database.db.snapshot(
    async tx =>
      (
        await findingGroupsView(tx, it, {
          system: town.systems.a!,
          unit: town.units['110']!,
          person: town.people.bo!,
          ...page,
        })
      ).about,
  )
  expect(about).toEqual({
    ...{ system: 'A', entitlement: null, unit: 'Køkkenet', activity: null },
    person: { id: town.people.bo, name: 'bo Prøve', protected: false },
  })
})
