import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { flowView } from '../../../../server/overview/matrix/flow-views.ts'
import { foldFlow } from '../../../../server/overview/matrix/fold-flow.ts'
import { cellsOf } from '../../../../server/overview/matrix/matrix-export.ts'
import { matrixView } from '../../../../server/overview/matrix/matrix-views.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
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
const read = <T>(work: (tx: Tx) => Promise<T>) => database.db.snapshot(work)

describe('the flow', () => {
  type Flow = Awaited<ReturnType<typeof flowView>>
  const flow = (tx: Tx, actor: Actor, query: Partial<Parameters<typeof flowView>[2]> = {}, clock = town.clock) =>
    flowView(tx, actor, { by: 'unit', ...query }, clock)
  const at = (answer: Flow, step: number, name: string) =>
    answer.steps[step]?.findIndex(node => (node.name ?? node.kind) === name || node.key === name) ?? -1
  const linked = (answer: Flow, step: number, from: string, to: string) => {
    const [a, b] = [at(answer, step, from), at(answer, step + 1, to)]
    for (let link = 0; link < answer.links.length; link += 4)
      if (answer.links[link] === step && answer.links[link + 1] === a && answer.links[link + 2] === b)
        return answer.links[link + 3]
    return 0
  }

  it('has the people and rights of the matrix, for every role and question', async () => {
    for (const [role, actor] of roles)
      for (const query of [{}, { drift: true }, { area: 'Sag' }, { protectedData: true }, { asOf: '2026-02-01' }])
        await read(async tx => {
          const answer = await flow(tx, actor, query)
          const matrix = await matrixView(tx, actor, { ...query, columns: 'rights' }, town.clock)
          const cells = [...cellsOf(matrix)]
          expect([answer.people, answer.rights], `${role} ${JSON.stringify(query)}`).toEqual([
            new Set(cells.map(cell => matrix.people[cell.person]?.id)).size,
            cells.length,
          ])
          const holders = Map.groupBy(cells, cell => matrix.columns[cell.column]?.systemId)
          for (const node of answer.steps[2] ?? [])
            expect(node.people).toBe(new Set(holders.get(node.key!)?.map(cell => cell.person)).size)
        })
  })

  it('goes from people through what gives a right to its system and data', async () => {
    const answer = await read(tx => flow(tx, town.actors.it))
    expect(answer.steps[1]?.map(node => node.name ?? node.kind)).toEqual(
      expect.arrayContaining(['Lønkontor', 'Plejen', 'Alle ansatte', 'unexplained']),
    )
    // The rule of carers gives nothing but this system: all of its people go there.
    const care = answer.steps[1]?.[at(answer, 1, 'Plejen')]?.people ?? 0
    expect(care).toBeGreaterThan(1)
    expect(linked(answer, 1, 'Plejen', 'SBSYS sag')).toBe(care)
    expect(linked(answer, 1, 'Lønkontor', 'KMD løn')).toBeGreaterThan(0)
    expect(linked(answer, 1, 'Lønkontor', 'SBSYS sag')).toBe(0)
    expect(linked(answer, 2, 'KMD løn', 'confidential')).toBe(answer.steps[2]?.[at(answer, 2, 'KMD løn')]?.people)
    expect(linked(answer, 2, 'KMD løn', 'special')).toBe(0)
  })

  it('of another day goes by what was stored then, and names nothing of people whom the reader does not lead', async () => {
    const late = { ...town.clock, now: () => new Date('2026-03-03T12:00:00Z'), today: () => '2026-03-03' }
    const then = await read(tx => flow(tx, town.actors.it, { asOf: '2026-03-02' }, late))
    expect(then).toMatchObject({ past: true, asOf: '2026-03-02' })
    expect(linked(then, 1, 'Plejen', 'SBSYS sag')).toBeGreaterThan(1)
    expect(at(then, 1, 'Lønkontor')).toBeGreaterThanOrEqual(0)
    const led = await read(tx => flow(tx, town.actors.manager, { asOf: '2026-03-02' }, late))
    expect(at(led, 1, 'Plejen')).toBeGreaterThanOrEqual(0)
    // Pay is a matter of Syd.
    expect(at(led, 1, 'Lønkontor')).toBe(-1)
  })

  it('groups by title, and follows what goes through one node', async () => {
    const titles = await read(tx => flow(tx, town.actors.it, { by: 'title' }))
    expect(titles.steps[0]?.map(node => node.name)).toEqual(expect.arrayContaining(['SSA', 'Leder']))
    const pay = await read(tx =>
      flow(tx, town.actors.it, { by: 'title', through: { step: 'system', key: town.systems.kmd as string } }),
    )
    expect(pay.steps[2]?.map(node => node.name)).toEqual(['KMD løn'])
    expect(pay.people).toBe(titles.steps[2]?.find(node => node.name === 'KMD løn')?.people)
    const gone = await read(tx => flow(tx, town.actors.it, { through: { step: 'system', key: 'not-there' } }))
    expect(gone).toMatchObject({ people: 0, rights: 0, links: [] })
  })

  it('asks five statements, of any day', async () => {
    for (const query of [{}, { asOf: '2026-02-01' }])
      await read(async tx => {
        const { tx: watched, statements } = counted(tx)
        await flow(watched, town.actors.manager, query)
        expect(statements.length).toBeLessThanOrEqual(5)
      })
  })
})

describe('the picture of a flow', () => {
  it('counts each person once a node and a link, and says how many the others are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(9), fc.nat(6), fc.nat(20), fc.nat(20), fc.nat(5), fc.nat(4)), { maxLength: 80 }),
        entries => {
          // Person, right, then a thing of each step.
          const rows = entries.sort((a, b) => a[0] - b[0] || a[1] - b[1])
          const things = [21, 21, 6, 5].map((count, step) =>
            Array.from({ length: count }, (_, place) => ({
              key: `${step}.${place}`,
              name: null,
              kind: 'system' as const,
            })),
          )
          const answer = foldFlow(
            {
              length: rows.length,
              person: flow => rows[flow]![0],
              right: flow => rows[flow]![1],
              thing: [2, 3, 4, 5].map(at => (flow: number) => rows[flow]![at as 2]),
            },
            things,
          )
          expect(answer.people).toBe(new Set(rows.map(row => row[0])).size)
          expect(answer.rights).toBe(new Set(rows.map(row => `${row[0]} ${row[1]}`)).size)
          const nodeOf = (step: number, row: (typeof rows)[number]) => {
            const nodes = answer.steps[step]!
            const own = nodes.findIndex(node => node.key === `${step}.${row[(step + 2) as 2]}`)
            return own >= 0 ? own : nodes.findIndex(node => node.kind === 'others')
          }
          for (const [step, nodes] of answer.steps.entries()) {
            expect(nodes.length).toBeLessThanOrEqual(13)
            expect(nodes.reduce((sum, node) => sum + node.of, 0)).toBe(
              new Set(rows.map(row => row[(step + 2) as 2])).size,
            )
            for (const [place, node] of nodes.entries())
              expect(node.people).toBe(new Set(rows.filter(row => nodeOf(step, row) === place).map(row => row[0])).size)
          }
          const links = new Map<string, Set<number>>()
          for (const row of rows)
            for (let step = 0; step < 3; step++) {
              const key = `${step} ${nodeOf(step, row)} ${nodeOf(step + 1, row)}`
              links.set(key, (links.get(key) ?? new Set()).add(row[0]))
            }
          const told = new Map<string, number>()
          for (let at = 0; at < answer.links.length; at += 4)
            told.set(answer.links.slice(at, at + 3).join(' '), answer.links[at + 3] ?? 0)
          expect(told).toEqual(new Map([...links].map(([key, who]) => [key, who.size])))
        },
      ),
    )
  })
})
