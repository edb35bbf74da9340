import { beforeAll, describe, expect, it } from 'vitest'
import { catchUp } from '../../../../server/access/access-store.ts'
import { computeWhatIf } from '../../../../server/access/what-if/compute-what-if.ts'
import { around } from '../../../../server/access/what-if/guards-view.ts'
import { type Summary, summarise } from '../../../../server/access/what-if/summarise.ts'
import type { DraftChange } from '../../../../server/contract/what-if-draft.ts'
import { guardSettings } from '../../../../server/feeds/sources/source.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, job, municipality, person, system, unit } from '../../../support/municipality.ts'

/* What a draft warns of beside who gains and loses: guards of feeds, licences, protected data, rules left behind. */

const database = testDatabase()
let town: ReturnType<typeof municipality>
const STAFF = 30
const CAP = 12
const since = `validFrom: '2020-01-01', state: active, owner: HR`
const yaml = `
rules:
  - { key: north, name: Nord, conditions: { unit: { $under: north } }, entitlements: [s/read], ${since}, order: 10 }
  - { key: south, name: Syd, conditions: { unitKey: south }, entitlements: [s/health], ${since}, order: 20 }
`

/** All guards off but that on many people moved or retitled in one run. */
const guarded = guardSettings.parse({
  ...{ empty: false, stale: false, truncated: false, shifted: false, encoding: false, hole: false, keys: false },
  ...{ format: false, add: false, change: false, gone: false, part: false, cause: false },
  ...{ group: false, emptied: false, learn: false },
})

beforeAll(async () => {
  town = municipality(database.db, undefined, source => (source === 'hr' ? { guards: guarded } : {}))
  await town.feed('hr', [
    unit('top', { name: 'Kommunen', unitKind: 'top' }),
    unit('north', { name: 'Nord', parent: 'top' }),
    unit('north1', { name: 'Nord 1', parent: 'north' }),
    unit('south', { name: 'Syd', parent: 'top' }),
    ...Array.from({ length: STAFF }, (_, n) => [
      person(`p${n}`),
      job(`e${n}`, `p${n}`, { unit: 'north1', title: n < 2 ? 'Leder' : 'Pædagog' }),
    ]).flat(),
    person('q'),
    job('f', 'q', { unit: 'south', title: 'Pædagog' }),
  ])
  await town.feed('systems', [
    system('s', { name: 'S' }),
    entitlement('s/read', { name: 'Læse', sensitivity: 'none' }),
    entitlement('s/health', { name: 'Helbred', sensitivity: 'special' }),
  ])
  await database.db.transaction(async tx => {
    await tx.query(`update entitlement set licence_cap = $1 where key = 's/health'`, [CAP])
  })
  await town.rules(yaml)
  await database.db.transaction(tx => catchUp(tx, { ...town.when, cause: 'test' }))
})

const bare = (changes: DraftChange[]): Promise<Summary> =>
  database.db.snapshot(async tx => {
    const draft = { name: 'Prøve', onDate: town.when.today, changes }
    const computed = await computeWhatIf(tx, draft, { ...town.when, base: 'same-date' })
    expect(computed.worlds.problems).toEqual([])
    return summarise(computed, await around(tx, computed))
  })
const merge: DraftChange = { id: 'm', kind: 'unit-merge', units: ['north1'], into: 'south' }
const rename: DraftChange = { id: 'r', kind: 'unit-rename', unit: 'north', name: 'Nordøst' }
const map = (translate: boolean): DraftChange => ({
  ...{ id: 'u', kind: 'unit-map', carry: true, translate },
  rows: [
    { from: 'north', to: 'south' },
    { from: 'north1', to: 'south' },
  ],
})

describe('a draft that moves thirty people into another unit', () => {
  it('says which guards of feeds would hold the moves back, by source and unit', async () => {
    const { waves } = await bare([
      { id: 'x', kind: 'affiliations-move', affiliations: await employments(), into: 'south' },
    ])
    expect(waves.length).toBeGreaterThan(0)
    for (const wave of waves) {
      expect(wave).toMatchObject({ source: 'hr', count: STAFF })
      expect(wave.limit).toBeLessThan(STAFF)
    }
  })

  it('says how many come to hold protected data, and which licence does not reach', async () => {
    const { protectedData, overCap } = await bare([merge])
    expect(protectedData).toEqual([
      { entitlement: 's/health', name: 'S: Helbred', sensitivity: 'special', people: STAFF },
    ])
    expect(overCap).toEqual([{ entitlement: 's/health', name: 'S: Helbred', held: STAFF + 1, cap: CAP }])
  })
})

describe('a draft that closes a unit', () => {
  it('names the rules that would still name it, and none whose unit is carried on', async () => {
    const { dangling } = await bare([{ id: 'c', kind: 'unit-close', unit: 'south' }])
    expect(dangling).toEqual([{ key: 'south', name: 'Syd', unit: 'south' }])
    expect((await bare([map(true)])).dangling).toEqual([])
    expect((await bare([map(false)])).dangling).toEqual([{ key: 'north', name: 'Nord', unit: 'north' }])
  })

  it('shows each rule that a map of units rewrites, before and after', async () => {
    const { translations } = await bare([map(true)])
    expect(translations).toHaveLength(1)
    expect(translations[0]).toMatchObject({ kind: 'rule', key: 'north', name: 'Nord' })
    // The old unit stays named: until the day it is the one that stands.
    expect(JSON.parse(translations[0]!.before)).toEqual({ unit: { $under: 'north' } })
    expect(JSON.parse(translations[0]!.after)).toEqual({ unit: { $under: ['north', 'south'] } })
    expect((await bare([map(false)])).translations).toEqual([])
  })
})

it('a draft that changes a name warns of nothing', async () => {
  expect(await bare([rename])).toMatchObject({
    ...{ waves: [], protectedData: [], overCap: [], dangling: [], translations: [], guards: [] },
    total: { gains: 0, losses: 0, movers: 0 },
  })
})

const employments = () =>
  database.db.snapshot(async tx =>
    (await tx.query<{ id: string }>(`select a.id from affiliation a where a.key like 'e%' order by a.key`)).map(
      row => row.id,
    ),
  )
