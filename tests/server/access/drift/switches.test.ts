import { beforeEach, describe, expect, test } from 'vitest'
import { changeSwitch, findingSettingsView } from '../../../../server/access/drift/finding-settings.ts'
import { findingsView } from '../../../../server/access/drift/findings-views.ts'
import { newId } from '../../../../server/platform/ids.ts'
import { putAccountRule } from '../../../../server/systems/account-rule-store.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement } from '../../../support/municipality.ts'
import { acc, driftTown, members } from './drift-town.ts'

/* Kinds of findings are switched on area by area, or unit by unit: what is not listed is counted, and what is off is neither. */
const database = testDatabase()
beforeEach(() => database.reset())
const names = async () => new Map<string, string>()

/** Bo of the kitchen and Cia of the office hold what no rule gives, of systems in two areas. */
async function planted() {
  const town = await driftTown(database.db)
  await town.feed('ad', [members('a/write', ['bo', 'cia']), members('b/admin', ['cia'])])
  const listed = async (counted: boolean) =>
    (
      await database.db.snapshot(tx =>
        findingsView(tx, town.actors.it, { code: 'unexplained', counted, offset: 0, limit: 50 }, names),
      )
    ).rows
      .map(row => `${row.person?.name?.split(' ')[0]} ${row.system?.key}`)
      .sort()
  const say = (one: { area?: string; unit?: string; mode: 'listed' | 'counted' | 'off' | null }) =>
    database.db.transaction(tx =>
      changeSwitch(tx, {
        ...{ code: 'unexplained', area: one.area ?? null, unit: one.unit ?? null, mode: one.mode },
        ...{ by: 'test', now: town.when.now },
      }),
    )
  return { town, listed, say }
}

describe('a kind of finding', () => {
  test('is listed in one area and counted in the others, until that is taken back', async () => {
    const { listed, say } = await planted()
    expect(await listed(false)).toEqual([])
    expect(await listed(true)).toEqual(['bo a', 'cia a', 'cia b'])
    expect(await say({ area: 'Mad', mode: 'listed' })).toEqual({ before: null, mode: 'listed' })
    expect(await listed(false)).toEqual(['bo a', 'cia a'])
    // Everywhere else it is off: neither listed nor counted.
    await say({ mode: 'off' })
    expect(await listed(true)).toEqual(['bo a', 'cia a'])
    expect(await say({ area: 'Mad', mode: null })).toEqual({ before: 'listed', mode: 'off' })
    expect(await listed(true)).toEqual([])
  })

  test('is listed in a unit and what is below it; the nearest word counts, before that of an area', async () => {
    const { town, listed, say } = await planted()
    await say({ unit: town.units['120']!, mode: 'listed' })
    expect(await listed(false)).toEqual(['cia a', 'cia b'])
    // Said of all of the town, and of the kitchen otherwise.
    await say({ unit: town.units['100']!, mode: 'listed' })
    expect(await listed(false)).toEqual(['bo a', 'cia a', 'cia b'])
    await say({ unit: town.units['110']!, mode: 'counted' })
    expect(await listed(false)).toEqual(['cia a', 'cia b'])
    await say({ area: 'Mad', mode: 'off' })
    expect(await listed(true)).toEqual(['bo a', 'cia a', 'cia b'])
    // Each taken back: the unit above speaks again, and then the area.
    expect(await say({ unit: town.units['110']!, mode: null })).toEqual({ before: 'counted', mode: null })
    expect(await listed(false)).toEqual(['bo a', 'cia a', 'cia b'])
    await say({ unit: town.units['100']!, mode: null })
    expect(await listed(true)).toEqual(['cia a', 'cia b'])
    const settings = await database.db.snapshot(tx => findingSettingsView(tx, true, names))
    const kind = settings.kinds.find(one => one.code === 'unexplained')
    expect(kind?.units).toMatchObject([{ unit: { id: town.units['120'] }, mode: 'listed', open: 2 }])
    expect(kind?.areas).toMatchObject([
      { area: null, mode: 'counted' },
      { area: 'Mad', mode: 'off' },
    ])
  })

  test('is switched for a unit or an area that there is, and not for both', async () => {
    const { town, say } = await planted()
    for (const wrong of [{ area: 'Ingen' }, { unit: newId() }, { area: 'Mad', unit: town.units['110']! }])
      await expect(say({ ...wrong, mode: 'listed' })).rejects.toMatchObject({ problem: 'data-invalid' })
  })
})

describe('F14, an account that several use', () => {
  /** Severity and cause of what is found about the account of the ward. */
  const found = () =>
    database.db.snapshot(tx =>
      tx.query<{ severity: string; cause: string }>(
        `select f.severity, f.cause from finding f join account a on a.id = f.subject_id
         where f.code = 'shared' and f.closed_at is null and a.username = 'ward'`,
      ),
    )
  const ward = (attrs: Record<string, string | boolean> = {}) =>
    acc('ward', { accountKind: 'shared', employeeNo: '', ...attrs })

  test('is found with sensitive rights though somebody answers for it, is clean without them, and closes', async () => {
    const town = await driftTown(database.db)
    await town.feed('ad', [ward(), members('a/read', ['ann', 'bo', 'ward'])])
    expect(await found()).toEqual([{ severity: 'medium', cause: 'no-owner:ad' }])
    // Somebody answers for it: clean while what it holds is ordinary.
    const answered = { source: null, pattern: 'ward', ou: null, accountKind: 'shared' as const, ownerUnitId: null }
    await database.db.transaction(tx =>
      putAccountRule(tx, null, { ...answered, ownerPersonId: town.people.ann! }, 'test', town.when.now),
    )
    await town.feed('ad', [ward({ enabled: false })])
    await town.feed('ad', [ward()])
    expect(await found()).toEqual([])
    // Whoever uses it, the log says the same name.
    await town.feed('ad', [members('a/write', ['ward'])])
    expect(await found()).toEqual([{ severity: 'high', cause: 'sensitive:ad' }])
    await town.feed('ad', [members('a/write', [])])
    expect(await found()).toEqual([])
  })

  test('is found when a right that it holds already becomes sensitive', async () => {
    const town = await driftTown(database.db)
    await town.feed('ad', [ward(), members('a/read', ['ann', 'bo', 'ward'])])
    expect(await found()).toEqual([{ severity: 'medium', cause: 'no-owner:ad' }])
    await town.feed('systems', [entitlement('a/read', { name: 'Læser', sensitivity: 'criminal' })])
    expect(await found()).toEqual([{ severity: 'high', cause: 'sensitive:ad' }])
    await town.feed('ad', [ward({ enabled: false })])
    expect(await found()).toEqual([])
  })
})
