import { expect, it } from 'vitest'
import { watchSources } from '../../../../server/access/drift/stale-sources.ts'
import { changeEntitlementValues } from '../../../../server/access/entitlements/entitlement-service.ts'
import { personAsOfView } from '../../../../server/access/person-as-of-views.ts'
import { refreshPersonRights } from '../../../../server/access/person-rights-store.ts'
import { viewerOf } from '../../../../server/access/viewer.ts'
import { matrixQuery, stateOfCode } from '../../../../server/contract/matrix.ts'
import { matrixView } from '../../../../server/overview/matrix/matrix-views.ts'
import { changesView } from '../../../../server/overview/pages/changes-views.ts'
import { compareView } from '../../../../server/overview/pages/compare-views.ts'
import { overTimeView } from '../../../../server/overview/pages/over-time-views.ts'
import { staleThenView } from '../../../../server/overview/pages/stale-then-view.ts'
import { systemAsOfView } from '../../../../server/overview/pages/system-as-of-views.ts'
import { fixedClock } from '../../../../server/platform/clock.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import { stampOf } from '../../../../server/systems/entitlements/entitlement-store.ts'
import { actor } from '../../../support/actors.ts'
import { testDatabase } from '../../../support/database.ts'
import {
  account,
  entitlement,
  group,
  job,
  municipality,
  person,
  position,
  system,
  unit,
} from '../../../support/municipality.ts'

/*
 * Everybody should have basis and journal. Ann has both, Bo has what comes to include both, Cia has nothing and Dan all
 * three, so that each right is seen somewhere. Ann goes on leave, during which the journal rests; the directory is not
 * read for days. Every evening the matrix of that day is noted; later each of those days must say the same.
 */
const database = testDatabase()
const RIGHTS = ['basis', 'journal', 'whole']
const who = ['ann', 'bo', 'cia', 'dan']
const it_ = actor(['it'], { userId: '00000000-0000-4000-8000-0000000000a1' })
const dn = (name: string) => `CN=${name},DC=test`
const read = <T>(work: (tx: Tx) => Promise<T>) => database.db.snapshot(work)
const ids = async (table: string) =>
  new Map(
    (await read(tx => tx.query<{ id: string; key: string }>(`select * from ${table}`))).map(row => [row.key, row.id]),
  )

it('a past day says what that day said: what rested, what was held through another right, what was too old', async () => {
  let now = new Date('2026-03-02T09:00:00Z')
  const clock = { now: () => now, today: () => fixedClock(now.toISOString()).today() }
  const daily = (source: string) => (source === 'ad' ? { scheduleSeconds: 86_400 } : {})
  const town = municipality(database.db, '2026-03-02T09:00:00Z', daily, { clock })
  const go = (day: string) => {
    now = new Date(`${day}T09:00:00Z`)
  }
  const accounts = who.map(name => account(name, { username: name, employeeNo: `e-${name}`, dn: dn(name) }))
  const groups = (members: Record<string, string[]>) =>
    RIGHTS.map(right =>
      group(`g-${right}`, { name: `g-${right}`, dn: dn(`g-${right}`), members: (members[right] ?? []).map(dn) }),
    )
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'unit' }),
    position('ssa', { name: 'Assistent', category: 'care', titles: 'SSA' }),
    ...who.flatMap(name => [person(name), job(`e-${name}`, name, { unit: '100', title: 'SSA' })]),
  ])
  await town.feed('systems', [
    system('a', { name: 'A', reading: 'groups' }),
    ...RIGHTS.map(key =>
      entitlement(`a/${key}`, {
        name: key,
        description: `Kan bruge ${key}`,
        sensitivity: key === 'journal' ? 'special' : 'none',
      }),
    ),
  ])
  await town.rules(`
rules:
  - { key: alle, name: Alle, owner: HR, state: active, order: 10, validFrom: '2020-01-01', conditions: { kind: employment }, entitlements: [a/basis, a/journal] }
mappings:
${RIGHTS.map(right => `  - { source: ad, match: { cn: g-${right} }, entitlement: a/${right} }`).join('\n')}
`)
  await town.feed('ad', [
    ...accounts,
    ...groups({ basis: ['ann', 'dan'], journal: ['ann', 'dan'], whole: ['bo', 'dan'] }),
  ])
  const systems = await ids('it_system')
  const rights = await ids('entitlement')
  const people = new Map(
    (
      await read(tx =>
        tx.query<{ id: string; key: string }>(
          `select person_id as id, split_part(key, '-', 2) as key from affiliation`,
        ),
      )
    ).map(row => [row.key, row.id]),
  )
  const cells = (asOf?: string) =>
    read(async tx => {
      const query = matrixQuery.parse({ columns: 'rights', system: systems.get('a'), ...(asOf ? { asOf } : {}) })
      const matrix = await matrixView(tx, it_, query, clock)
      const bytes = (text: string) => Buffer.from(text, 'base64')
      const [starts, codes, columns] = [
        bytes(matrix.cells.starts),
        bytes(matrix.cells.codes),
        bytes(matrix.cells.columns),
      ]
      return matrix.people
        .flatMap((one, place) => {
          const lines: string[] = []
          for (let at = starts.readUInt32LE(place * 4); at < starts.readUInt32LE(place * 4 + 4); at++)
            lines.push(
              `${one.name} ${matrix.columns[columns.readUInt16LE(at * 2)]?.name} ${stateOfCode(codes[at] ?? 0)}`,
            )
          return lines
        })
        .sort()
    })
  const evenings = new Map<string, string[]>()
  const evening = async () => evenings.set(clock.today(), await cells())

  await evening()
  go('2026-03-03')
  await database.db.transaction(async tx => {
    const id = rights.get('a/whole')!
    const includes = ['a/basis', 'a/journal'].map(key => rights.get(key)!)
    const stamp = (await stampOf(tx, id))!
    await changeEntitlementValues(
      tx,
      id,
      { stamp, reason: 'består af', values: { includes } },
      { actor: it_, ...town.when },
    )
    await refreshPersonRights(tx, 'all')
  })
  await evening()
  go('2026-03-04')
  await town.feed('hr', [
    job('e-ann', 'ann', {
      unit: '100',
      title: 'SSA',
      leaveFrom: '2026-03-04',
      leaveTo: '2026-04-01',
      leaveKind: 'Barsel',
    }),
  ])
  await evening()
  go('2026-03-05')
  await town.feed('ad', groups({ basis: ['ann', 'dan'], journal: ['dan'], whole: ['bo', 'dan'] }))
  await evening()
  go('2026-03-10')
  await database.db.transaction(tx => watchSources(tx, now))
  await evening()
  go('2026-03-11')
  await town.feed('ad', [])
  await evening()
  go('2026-03-12')
  await database.db.transaction(async tx => {
    const id = rights.get('a/whole')!
    const stamp = (await stampOf(tx, id))!
    const values = { includes: [] }
    await changeEntitlementValues(tx, id, { stamp, reason: 'ikke mere', values }, { actor: it_, ...town.when })
    await refreshPersonRights(tx, 'all')
  })
  await evening()

  // What the days are about did happen.
  const said = (day: string) => evenings.get(day)
  expect(said('2026-03-02')).toContain('bo Prøve basis missing')
  expect(said('2026-03-03')).toContain('bo Prøve basis matching')
  expect(said('2026-03-04')).toContain('ann Prøve journal still-held')
  expect(said('2026-03-05')).toContain('ann Prøve journal suspended')
  expect(said('2026-03-10')).toEqual(
    expect.arrayContaining(['cia Prøve basis stale', 'dan Prøve whole stale', 'bo Prøve journal matching']),
  )
  expect(said('2026-03-11')).toEqual(said('2026-03-05'))
  expect(said('2026-03-12')).toContain('bo Prøve journal missing')

  go('2026-03-20')
  for (const [day, lines] of evenings) expect(await cells(day), day).toEqual(lines)

  const at = (day: string) => ({ valid: day, known: now })
  const stale = (day: string) =>
    read(async tx => (await staleThenView(tx, at(day))).map(one => `${one.source} ${one.readAt}`))
  expect(await stale('2026-03-05')).toEqual([])
  expect(await stale('2026-03-10')).toEqual(['ad 2026-03-05T09:00:00.000Z'])
  expect(await stale('2026-03-11')).toEqual([])

  const rests = (rows: readonly { rests: boolean; expected: boolean; observed: boolean }[]) =>
    rows.map(row => [row.rests, row.expected, row.observed])
  await read(async tx => {
    const page = { offset: 0, limit: 100 }
    const then = (await systemAsOfView(tx, it_, systems.get('a')!, at('2026-03-04'), page))!
    const journal = then.rows.filter(row => row.entitlement.key === 'a/journal')
    const of = (name: string) => rests(journal.filter(row => row.person?.id === people.get(name)))
    expect([of('ann'), of('bo'), of('cia')]).toEqual([
      [[true, false, true]],
      [[false, true, true]],
      [[false, true, false]],
    ])
    const ann = people.get('ann')!
    const record = { id: ann, kind: 'employee', status: 'active', unitIds: [], unitPath: [], systemIds: [] } as const
    const viewer = viewerOf(it_, record as never)
    const own = (await personAsOfView(tx, ann, viewer, at('2026-03-05')))!
    expect(rests(own.rights.filter(row => row.key === 'a/journal'))).toEqual([[true, false, false]])
    const pair = await compareView(
      tx,
      it_,
      { a: ann, b: people.get('bo')! },
      { past: at('2026-03-05'), now: at('2026-03-20') },
    )
    const row = pair.rows.find(one => one.entitlement.key === 'a/journal')!
    expect(rests([row.a!, row.b!])).toEqual([
      [true, false, false],
      [false, true, true],
    ])
    const weeks = async (key: string) =>
      (await overTimeView(tx, it_, systems.get('a')!, { entitlement: rights.get(key), weeks: 4, now }))!.map(
        week => `${week.on} ${week.expected} ${week.observed}`,
      )
    // Bo had them through the whole while it included them; from the twelfth it does not.
    expect(await weeks('a/basis')).toEqual(expect.arrayContaining(['2026-03-06 4 3', '2026-03-13 4 2']))
    expect(await weeks('a/journal')).toEqual(expect.arrayContaining(['2026-03-06 3 2', '2026-03-13 3 1']))
    const between = { from: at('2026-03-03'), to: at('2026-03-04'), ...page }
    const { rows } = await changesView(tx, it_, { person: ann }, between)
    expect(rows.map(one => `${one.entitlement.key} ${one.cause}`)).toEqual(['a/journal rest'])
  })
})
