import { beforeEach, describe, expect, it } from 'vitest'
import { catchUp } from '../../../../server/access/access-store.ts'
import { applyDueDrafts } from '../../../../server/access/what-if/apply-due.ts'
import { loadDraft, loadResult } from '../../../../server/access/what-if/draft-store.ts'
import { approveDraft, createDraft, saveWorked, workOut } from '../../../../server/access/what-if/drafts-service.ts'
import { resultView } from '../../../../server/access/what-if/drafts-views.ts'
import type { DraftChange } from '../../../../server/contract/what-if-draft.ts'
import { rollTheDay } from '../../../../server/jobs.ts'
import type { FeedRecord } from '../../../../server/platform/feed-record.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, job, municipality, person, system, unit } from '../../../support/municipality.ts'

/* An approved draft from the day it is approved to the day it is for, with feeds, rules and the days going on meanwhile. */
const database = testDatabase()
const TODAY = '2026-03-02'
const DAY = '2026-03-10'
let town: ReturnType<typeof municipality>

const UNITS = ['a', 'b', 'c']
const units = UNITS.map(key => unit(key, { name: key, parent: 'top' }))
/** Three people in each unit; `at` says who is elsewhere. */
const people = (at: Record<string, string> = {}): FeedRecord[] =>
  UNITS.flatMap(key =>
    [0, 1, 2].flatMap(n => [
      person(`p-${key}${n}`),
      job(`e-${key}${n}`, `p-${key}${n}`, { unit: at[`${key}${n}`] ?? key, title: 'Sosu' }),
    ]),
  )
const hr = (at: Record<string, string> = {}) => [
  unit('top', { name: 'Kommunen', unitKind: 'top' }),
  ...units,
  ...people(at),
]
const rule = (key: string, at: string, right: string) => ({
  ...{ key, name: key, conditions: { unitKey: at }, entitlements: [right], validFrom: '2020-01-01' },
  ...{ state: 'active', owner: 'HR', order: 10 },
})
const yamlOf = (...rules: object[]) => `rules:\n${rules.map(one => `  - ${JSON.stringify(one)}`).join('\n')}\n`

beforeEach(async () => {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', hr())
  await town.feed('systems', [
    system('s', { name: 'S' }),
    ...['s/a', 's/b', 's/new'].map(key => entitlement(key, { name: key })),
  ])
  await town.rules(yamlOf(rule('at-a', 'a', 's/a'), rule('at-b', 'b', 's/b')))
  await database.db.transaction(tx => catchUp(tx, { ...town.when, cause: 'test' }))
})

const idOf = async (key: string) =>
  (
    await database.db.snapshot(tx =>
      tx.query<{ id: string }>(`select id from affiliation where source = 'hr' and key = $1`, [key]),
    )
  )[0]!.id
const held = async (right: string) =>
  (
    await database.db.snapshot(tx =>
      tx.query<{ key: string }>(
        `select f.key from assignment a join derivation v on v.id = a.derivation_id and v.grant_id is null
         join affiliation f on f.id = a.affiliation_id join entitlement e on e.id = a.entitlement_id
         where e.key = $1 order by 1`,
        [right],
      ),
    )
  ).map(row => row.key)

/** Made and worked out by one, approved by another, for the tenth. */
async function approved(changes: DraftChange[]): Promise<string> {
  return database.db.transaction(async tx => {
    const id = await createDraft(tx, { name: 'Prøve', note: '', onDate: DAY, changes }, 'anna', town.when)
    await approve(tx, id)
    return id
  })
}
async function approve(tx: Parameters<typeof loadDraft>[0], id: string, when = town.when): Promise<void> {
  const draft = (await loadDraft(tx, id, true))!
  const worked = await workOut(tx, draft, 'same-date', when)
  await saveWorked(tx, draft, 'same-date', worked, when.now)
  await approveDraft(tx, draft, { hash: worked.computed.hash, by: 'bo' }, when)
}
const load = (id: string) => database.db.snapshot(async tx => (await loadDraft(tx, id))!)
const on = (day: string) => municipality(database.db, `${day}T09:00:00Z`)
const due = async (day: string) => {
  const house = { db: database.db, clock: on(day).clock }
  await rollTheDay(house)
  return applyDueDrafts(house)
}
const moveB = async (): Promise<DraftChange> => ({
  ...{ id: 'move', kind: 'affiliations-move', into: 'c' },
  affiliations: [await idOf('e-b0'), await idOf('e-b1')],
})

describe('an approved draft on its date', () => {
  it('is carried out where nothing has moved, and not a day before', async () => {
    const id = await approved([{ id: 'put', kind: 'rule-put', rule: rule('new', 'c', 's/new') }])
    expect(await due('2026-03-09')).toEqual({ applied: 0, held: 0 })
    expect(await held('s/new')).toEqual([])
    expect(await due(DAY)).toEqual({ applied: 1, held: 0 })
    expect(await load(id)).toMatchObject({ state: 'applied', held: null })
    expect(await held('s/new')).toEqual(['e-c0', 'e-c1', 'e-c2'])
  })

  it('is held and must be approved again where the base has moved under it', async () => {
    const id = await approved([{ id: 'put', kind: 'rule-put', rule: rule('new', 'c', 's/new') }])
    // Somebody begins in the unit, whom nobody has approved anything for; and somebody else is moved out of it.
    await on('2026-03-05').feed('hr', [
      ...hr({ c0: 'a' }),
      person('p-x'),
      job('e-x', 'p-x', { unit: 'c', title: 'Kok' }),
    ])
    const moved = await database.db.snapshot(
      async tx => (await resultView(tx, await load(id), 'same-date', TODAY))!.moved,
    )
    expect(moved).toEqual(['people'])
    expect(await due(DAY)).toEqual({ applied: 0, held: 1 })
    expect(await load(id)).toMatchObject({
      state: 'stale',
      held: { reason: 'other-outcome', unexpected: 1, vanished: 1 },
    })
    expect(await held('s/new')).toEqual([])
    // It is not tried again by itself, and a day later somebody has looked at it and agreed.
    expect(await due('2026-03-11')).toEqual({ applied: 0, held: 0 })
    await database.db.transaction(tx => approve(tx, id, on('2026-03-11').when))
    expect(await due('2026-03-11')).toEqual({ applied: 1, held: 0 })
    expect(await held('s/new')).toEqual(['e-c1', 'e-c2', 'e-x'])
  })

  it('is held where rules have been changed so that it does something else', async () => {
    const id = await approved([{ id: 'retire', kind: 'rule-retire', key: 'at-b' }])
    await town.rules(yamlOf(rule('at-b', 'c', 's/b')))
    expect(await due(DAY)).toEqual({ applied: 0, held: 1 })
    expect(await load(id)).toMatchObject({
      state: 'stale',
      held: { reason: 'other-outcome', unexpected: 3, vanished: 0 },
    })
    expect(await held('s/b')).toEqual(['e-c0', 'e-c1', 'e-c2'])
  })

  it('is held where what it speaks of is gone', async () => {
    const id = await approved([{ id: 'retire', kind: 'rule-retire', key: 'at-b' }])
    await approved([{ id: 'retire', kind: 'rule-retire', key: 'at-b' }])
    expect(await due(DAY)).toEqual({ applied: 1, held: 1 })
    const states = await database.db.snapshot(tx =>
      tx.query<{ state: string; reason: string | null }>(
        `select state, held ->> 'reason' as reason from what_if_draft order by state`,
      ),
    )
    expect(states).toEqual([
      { state: 'applied', reason: null },
      { state: 'stale', reason: 'invalid' },
    ])
    expect((await load(id)).onDate).toBe(DAY)
  })

  it('waits for a source that has not been read since, is tried again, and is carried out when payroll has moved them', async () => {
    const changes: DraftChange[] = [await moveB(), { id: 'put', kind: 'rule-put', rule: rule('at-b', 'b', 's/new') }]
    const id = await approved(changes)
    // Payroll says nothing: the two who are to leave would be given what only those who stay should have.
    expect(await due(DAY)).toEqual({ applied: 0, held: 1 })
    expect(await load(id)).toMatchObject({ state: 'approved', held: { reason: 'sources-behind', unexpected: 2 } })
    expect(await held('s/new')).toEqual([])
    expect(await due('2026-03-11')).toEqual({ applied: 0, held: 1 })
    await on('2026-03-11').feed('hr', hr({ b0: 'c', b1: 'c' }))
    expect(await due('2026-03-11')).toEqual({ applied: 1, held: 0 })
    expect(await load(id)).toMatchObject({ state: 'applied' })
    expect(await held('s/new')).toEqual(['e-b2'])
    expect(await held('s/b')).toEqual([])
  })

  it('is carried out where payroll was quicker, though what they keep for some days after a move is still there', async () => {
    const id = await approved([await moveB(), { id: 'put', kind: 'rule-put', rule: rule('new', 'a', 's/new') }])
    await on('2026-03-05').feed('hr', hr({ b0: 'c', b1: 'c' }))
    expect(await held('s/b')).toEqual(['e-b2'])
    expect(await due(DAY)).toEqual({ applied: 1, held: 0 })
    expect(await load(id)).toMatchObject({ state: 'applied', held: null })
  })

  it('cannot be approved for a result that is no longer what it would do', async () => {
    const id = await database.db.transaction(async tx => {
      const changes: DraftChange[] = [{ id: 'put', kind: 'rule-put', rule: rule('new', 'c', 's/new') }]
      const made = await createDraft(tx, { name: 'Prøve', note: '', onDate: DAY, changes }, 'anna', town.when)
      const draft = (await loadDraft(tx, made, true))!
      await saveWorked(tx, draft, 'same-date', await workOut(tx, draft, 'same-date', town.when), town.when.now)
      return made
    })
    await town.feed('hr', hr({ c0: 'a' }))
    await expect(
      database.db.transaction(async tx => {
        const { hash } = (await loadResult(tx, id, 'same-date'))!
        await approveDraft(tx, (await loadDraft(tx, id, true))!, { hash, by: 'bo' }, town.when)
      }),
    ).rejects.toMatchObject({ problem: 'plan-stale' })
  })
})
