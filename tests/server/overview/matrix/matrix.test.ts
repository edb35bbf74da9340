import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { rightState } from '#contract/lists.ts'
import { CELL_STATES } from '#contract/lists.ts'
import { CELL_EXPIRES, type CellState, stateOfCode } from '#contract/matrix.ts'
import { personAsOfView } from '../../../../server/access/person-as-of-views.ts'
import { personPageView } from '../../../../server/access/person-page-views.ts'
import { personRecord } from '../../../../server/access/person-record-view.ts'
import { viewerOf } from '../../../../server/access/viewer.ts'
import { cellsOf } from '../../../../server/overview/matrix/matrix-export.ts'
import { heatView, type Matrix, type MatrixQuery, matrixView } from '../../../../server/overview/matrix/matrix-views.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { allows } from '../../../../server/policy/policy.ts'
import { counted } from '../../../support/counted.ts'
import { testDatabase } from '../../../support/database.ts'
import { smallTown } from '../small-town.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
let roles: [string, Actor][]
beforeAll(async () => {
  town = await smallTown(database.db)
  roles = Object.entries(town.actors)
})
const today = '2026-03-02'
const read = <T>(work: (tx: Tx) => Promise<T>) => database.db.snapshot(work)
const ask = (tx: Tx, actor: Actor, query: Partial<MatrixQuery> = {}) =>
  matrixView(tx, actor, { columns: 'systems', ...query }, town.clock)

type Cell = { state: CellState | null; count: number; expires: boolean }
const keyed = (matrix: Matrix): Record<string, Cell> =>
  Object.fromEntries(
    [...cellsOf(matrix)].map(({ person, column, code, count }) => [
      `${matrix.people[person]?.id} ${matrix.columns[column]?.id}`,
      { state: stateOfCode(code), count, expires: (code & CELL_EXPIRES) !== 0 },
    ]),
  )

/** The cells of one person by hand, from what the person's page shows the same reader. */
async function byHand(tx: Tx, actor: Actor, personId: string, query: Partial<MatrixQuery>) {
  const record = await personRecord(tx, personId)
  if (!record || !allows(actor, 'read', 'Person', record)) return {}
  if (query.kind ? record.kind !== query.kind : record.kind === 'pupil') return {}
  const page = await personPageView(tx, personId, viewerOf(actor, record), { today, keyring: town.keyring })
  const cells: Record<string, Cell> = {}
  for (const { system, rights } of page?.systems ?? []) {
    if (query.system && system.id !== query.system) continue
    if (query.area && system.area !== query.area) continue
    for (const right of rights) {
      if (query.protectedData && !['special', 'criminal', 'confidential'].includes(right.sensitivity)) continue
      if (query.privileged && !right.privileged) continue
      if (query.drift && right.state !== 'missing' && right.state !== 'unexplained') continue
      const direct = right.state === 'matching' && right.because.length > 0 && right.because.every(one => one.grant)
      const state = (direct ? 'direct' : right.state) as (typeof rightState)['_output'] & CellState
      if (query.state && state !== query.state) continue
      const key = `${personId} ${query.columns === 'rights' ? right.entitlementId : system.id}`
      const before = cells[key]
      cells[key] = {
        state: before?.state && CELL_STATES.indexOf(before.state) > CELL_STATES.indexOf(state) ? before.state : state,
        count: (before?.count ?? 0) + 1,
        expires: (before?.expires ?? false) || right.until !== null,
      }
    }
  }
  return cells
}

/** Mostly one filter at a time: all of them together let nothing through. */
const seldom = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 4 }, { arbitrary: value, weight: 1 })
const filters = fc
  .record({
    kind: seldom(fc.constantFrom('employee' as const, 'external' as const, 'pupil' as const)),
    area: seldom(fc.constantFrom('Sag', 'Løn')),
    drift: seldom(fc.constant(true)),
    protectedData: seldom(fc.constant(true)),
    privileged: seldom(fc.constant(true)),
    state: seldom(fc.constantFrom(...CELL_STATES)),
  })
  .map(
    all => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Partial<MatrixQuery>,
  )

describe('the matrix', () => {
  it('is, for every role and filter, what the pages of the people say, right by right', async () => {
    let seen = 0
    for (const [role, actor] of roles)
      await fc.assert(
        fc.asyncProperty(filters, async filter => {
          await read(async tx => {
            const query = { ...filter, columns: filter.area ? ('rights' as const) : ('systems' as const) }
            const matrix = await ask(tx, actor, query)
            const expected: Record<string, Cell> = {}
            for (const id of Object.values(town.people)) Object.assign(expected, await byHand(tx, actor, id, query))
            expect(keyed(matrix), `${role} ${JSON.stringify(query)}`).toEqual(expected)
            seen += Object.keys(expected).length
          })
        }),
        { numRuns: 12 },
      )
    expect(seen).toBeGreaterThan(100)
  })

  it('knows the planted differences, and what ends', async () => {
    const matrix = await read(tx => ask(tx, town.actors.it))
    const cells = keyed(matrix)
    const at = (person: string, system: string) => cells[`${town.people[person]} ${town.systems[system]}`]
    expect(at('Bo', 'sbsys')).toMatchObject({ state: 'unexplained' })
    expect(at('Kim', 'sbsys')).toMatchObject({ state: 'missing', count: 2 })
    expect(at('Sten', 'kmd')).toEqual({ state: 'not-read', count: 1, expires: true })
    expect(at('Chief', 'sbsys')).toMatchObject({ state: 'no-account', expires: false })
  })

  it('names nobody whose name is protected from the reader, and lists by unit, then name', async () => {
    const matrix = await read(tx => ask(tx, town.actors.it))
    const kim = matrix.people.find(one => one.id === town.people.Kim)
    expect(kim).toMatchObject({ name: null, protected: true })
    const inNord = matrix.people.filter(one => matrix.units[one.unit ?? -1]?.name === 'Plejecenter Nord')
    expect(inNord.map(one => one.name)).toEqual(['Fie Frisk', 'Leder Nord', 'Ann Ærlig', 'Bo Åben', null])
    const places = matrix.people.map(one => one.unit ?? 99)
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(matrix.units.map(unit => [unit.name, unit.level])).toEqual([
      ['Kommunen', 0],
      ['Omsorg', 1],
      ['Plejecenter Nord', 2],
      ['Plejecenter Syd', 2],
    ])
  })

  it('narrows to a unit and everything below it, and shows each there', async () => {
    const nord = await read(tx => ask(tx, town.actors.hr, { unit: town.units['111'] as string }))
    expect(nord.people.map(one => one.name)).toContain('Bo Åben')
    expect(new Set(nord.people.map(one => nord.units[one.unit ?? -1]?.name))).toEqual(new Set(['Plejecenter Nord']))
    const top = await read(tx => ask(tx, town.actors.hr, { unit: town.units['110'] as string, text: 'åben' }))
    expect(top.people.map(one => one.name)).toEqual(['Bo Åben'])
  })

  it('asks four statements, whatever is asked for', async () => {
    for (const [, actor] of roles)
      for (const query of [{}, { drift: true }, { area: 'Sag', columns: 'rights' as const }, { asOf: '2026-02-01' }])
        await read(async tx => {
          const { tx: watched, statements } = counted(tx)
          await ask(watched, actor, query)
          // Units, people, columns and areas, cells.
          expect(statements.length).toBeLessThanOrEqual(5)
        })
  })

  it('of another day is what each person’s page says of that day, for every role', async () => {
    let seen = 0
    const late = { now: () => new Date('2026-03-03T12:00:00Z'), today: () => '2026-03-03' }
    for (const [role, actor] of roles)
      await read(async tx => {
        const matrix = await matrixView(tx, actor, { columns: 'rights', area: 'Sag', asOf: today }, late)
        expect(matrix.past).toBe(true)
        const expected: Record<string, CellState | 'expected'> = {}
        for (const id of Object.values(town.people)) {
          const record = await personRecord(tx, id)
          if (!record || record.kind === 'pupil' || !allows(actor, 'read', 'Person', record, 'history')) continue
          const then = await personAsOfView(tx, id, viewerOf(actor, record), { valid: today, known: late.now() })
          for (const right of then?.rights ?? [])
            if (right.system === 'SBSYS sag')
              expected[`${id} ${town.rights[right.key]}`] =
                right.expected && right.observed ? 'matching' : right.expected ? 'expected' : 'unexplained'
        }
        const cells = Object.fromEntries(
          Object.entries(keyed(matrix)).map(([key, { state }]) => [
            key,
            state === 'missing' || state === 'no-account' || state === 'not-read' ? 'expected' : state,
          ]),
        )
        expect(cells, role).toEqual(expected)
        seen += Object.keys(expected).length
      })
    expect(seen).toBeGreaterThan(10)
  })
})

describe('another day', () => {
  const late = { now: () => new Date('2026-03-03T12:00:00Z'), today: () => '2026-03-03' }
  const then = (query: Partial<MatrixQuery> = {}) =>
    read(tx => matrixView(tx, town.actors.it, { columns: 'rights', area: 'Sag', asOf: today, ...query }, late))
  const state = (matrix: Matrix, person: string, right: string) =>
    keyed(matrix)[`${town.people[person]} ${town.rights[right]}`]?.state

  it('knows who lacked a right that others were seen with, and who had no account there', async () => {
    const matrix = await then()
    expect(state(matrix, 'Ann', 'sbsys/caseworker')).toBe('matching')
    expect(state(matrix, 'Bo', 'sbsys/caseworker')).toBe('unexplained')
    expect(state(matrix, 'Kim', 'sbsys/caseworker')).toBe('missing')
    expect(state(matrix, 'Chief', 'sbsys/reader')).toBe('no-account')
    const pay = await then({ area: 'Løn' })
    // Nobody was ever seen with it: nothing says that anybody looked.
    expect(state(pay, 'Sten', 'kmd/pay')).toBe('not-read')
  })

  it('filters by those states, and by what deviates', async () => {
    const all = keyed(await then())
    const of = (wanted: (state: CellState | null) => boolean) =>
      Object.fromEntries(Object.entries(all).filter(([, cell]) => wanted(cell.state)))
    expect(keyed(await then({ drift: true }))).toEqual(of(one => one === 'missing' || one === 'unexplained'))
    expect(keyed(await then({ state: 'no-account' }))).toEqual(of(one => one === 'no-account'))
  })

  it('knows an exception for as long as it was in force, and not before it was known', async () => {
    await database.db.transaction(tx =>
      tx.query(
        `insert into right_exception (person_id, entitlement_id, valid_from, valid_to, reason, in_force, created_at, created_by, ended_at)
         values ($1, $2, '2026-03-01', '2026-03-03', 'Afløser', false, '2026-03-02T08:00:00Z', 'it', '2026-03-03T08:00:00Z')`,
        [town.people.Bo, town.rights['sbsys/caseworker']],
      ),
    )
    expect(state(await then(), 'Bo', 'sbsys/caseworker')).toBe('exception')
    expect(state(await then({ asOf: '2026-03-03', known: '2026-03-03' }), 'Bo', 'sbsys/caseworker')).toBe('unexplained')
  })
})

describe('the aggregate', () => {
  it('counts the people of the matrix, unit by unit and everything below', async () => {
    for (const [role, actor] of roles)
      for (const query of [{}, { drift: true }, { area: 'Sag' }])
        await read(async tx => {
          const [heat, matrix] = [await heatView(tx, actor, query, town.clock), await ask(tx, actor, query)]
          const above = (place: number | null): number[] =>
            place === null ? [] : [place, ...above(matrix.units[place]?.parent ?? null)]
          const holders: Record<string, Set<number>> = {}
          const differing: Record<string, Set<number>> = {}
          for (const { person, column, code } of cellsOf(matrix))
            for (const unit of above(matrix.people[person]?.unit ?? null)) {
              const of = matrix.columns[column]
              const key = `${matrix.units[unit]?.id} ${query.area ? of?.name : of?.area}`
              holders[key] = (holders[key] ?? new Set()).add(person)
              if (stateOfCode(code) === 'missing' || stateOfCode(code) === 'unexplained')
                differing[key] = (differing[key] ?? new Set()).add(person)
            }
          const counts: Record<string, [number, number]> = {}
          for (let at = 0; at < heat.cells.length; at += 4) {
            const [unit, column, people, differ] = heat.cells.slice(at, at + 4) as [number, number, number, number]
            counts[`${heat.units[unit]?.id} ${heat.columns[column]?.name}`] = [people, differ]
          }
          expect(counts, `${role} ${JSON.stringify(query)}`).toEqual(
            Object.fromEntries(
              Object.entries(holders).map(([key, people]) => [key, [people.size, differing[key]?.size ?? 0]]),
            ),
          )
        })
  })
})
