import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrives, bridges, fewestCut, groupPaths, type Nesting, whoLoses } from '../../../server/systems/group-paths.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f']
const name = fc.constantFrom(...NAMES)
const graphs = fc.record({
  own: fc.uniqueArray(name, { maxLength: 3 }),
  nested: fc
    .array(fc.record({ group: name, member: name }), { maxLength: 10 })
    .map(all => [
      ...new Map(all.filter(one => one.group !== one.member).map(one => [`${one.member}>${one.group}`, one])).values(),
    ]),
  targets: fc.uniqueArray(name, { maxLength: 2 }).map(all => new Set(all)),
})
type Graph = { own: string[]; nested: Nesting[]; targets: Set<string> }

/** Every simple way over groups, followed one by one. */
function everyWay({ own, nested, targets }: Graph): string[][] {
  const ways: string[][] = []
  const walk = (way: string[]) => {
    const last = way.at(-1)!
    if (targets.has(last)) ways.push(way)
    for (const { group, member } of nested) if (member === last && !way.includes(group)) walk([...way, group])
  }
  for (const group of own) walk([group])
  return ways
}
const inCircle = (nested: readonly Nesting[]) => {
  const reach = (from: string, seen = new Set<string>()): Set<string> => {
    for (const { group, member } of nested)
      if (member === from && !seen.has(group)) {
        seen.add(group)
        reach(group, seen)
      }
    return seen
  }
  return (a: string, b: string) => a === b || (reach(a).has(b) && reach(b).has(a))
}

describe('every way, against following each one by one', () => {
  test('where no groups are members of one another, the ways are exactly those', () => {
    fc.assert(
      fc.property(graphs, graph => {
        const same = inCircle(graph.nested)
        fc.pre(!NAMES.some(a => NAMES.some(b => a < b && same(a, b))))
        const { paths, more } = groupPaths(graph, 1000)
        expect(more).toBe(0)
        expect(paths.map(path => path.join()).sort()).toEqual(
          everyWay(graph)
            .map(way => way.join())
            .sort(),
        )
      }),
    )
  })

  test('with circles taken as one, the ways are those of single groups without what goes round', () => {
    fc.assert(
      fc.property(graphs, graph => {
        const same = inCircle(graph.nested)
        const first = (group: string) => NAMES.find(one => same(one, group))!
        const giving = new Set([...graph.targets].map(first))
        const expected = new Set(
          everyWay({ ...graph, targets: new Set(NAMES.filter(one => giving.has(first(one)))) }).map(way =>
            way
              .map(first)
              .filter((node, place, all) => node !== all[place - 1])
              .join(),
          ),
        )
        const { paths, more, nodes } = groupPaths(graph, 1000)
        expect(more).toBe(0)
        expect(new Set(paths.map(path => path.join()))).toEqual(expected)
        for (const [node, { groups }] of nodes) expect(groups.every(group => first(group) === node)).toBe(true)
      }),
    )
  })

  test('no more than asked for are listed, the shortest first, and the rest is counted', () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: 1, max: 4 }), (graph, most) => {
        const all = groupPaths(graph, 1000)
        const some = groupPaths(graph, most)
        expect(some.paths).toHaveLength(Math.min(most, all.paths.length))
        expect(some.paths.length + some.more!).toBe(all.paths.length)
        expect(some.paths.map(path => path.length)).toEqual(all.paths.slice(0, most).map(path => path.length))
      }),
    )
  })
})

describe('where to cut', () => {
  test('the cut leaves no way, and no smaller one does', () => {
    fc.assert(
      fc.property(graphs, graph => {
        const cut = fewestCut(graph)
        expect(arrives(graph, cut)).toBe(false)
        const steps = [...graph.own.map(group => ({ group, member: null })), ...graph.nested]
        const smaller = (left: number, from: number, chosen: typeof steps): boolean =>
          left === 0
            ? !arrives(graph, chosen)
            : steps.some((step, place) => place >= from && smaller(left - 1, place + 1, [...chosen, step]))
        if (cut.length > 0 && cut.length <= 3) expect(smaller(cut.length - 1, 0, [])).toBe(false)
        for (const bridge of bridges(graph)) expect(arrives(graph, [bridge])).toBe(false)
        if (cut.length === 1) expect(bridges(graph)).toContainEqual(cut[0])
      }),
    )
  })

  test('who else loses the right is who had a way and has none without it', () => {
    const members = new Map([
      ['me', ['a']],
      ['you', ['a', 'b']],
      ['other', ['a']],
    ])
    const graph = {
      own: ['a'],
      nested: [
        { group: 'g', member: 'a' },
        { group: 'g', member: 'b' },
      ],
      targets: new Set(['g']),
    }
    expect(whoLoses(members, graph, [{ group: 'g', member: 'a' }], 'me')).toEqual(['me', 'other'])
    expect(whoLoses(members, graph, [{ group: 'a', member: null }], 'me')).toEqual(['me'])
    expect(fewestCut(graph)).toEqual([{ group: 'a', member: null }])
    expect(bridges(graph)).toEqual([
      { group: 'a', member: null },
      { group: 'g', member: 'a' },
    ])
  })

  test('hundreds of groups one within the other, in layers with more ways than can be counted, are no trouble', () => {
    const layers = 60
    const nested = Array.from({ length: layers - 1 }, (_, n) => n).flatMap(n =>
      [0, 1].flatMap(from => [0, 1].map(to => ({ group: `${n + 1}.${to}`, member: `${n}.${from}` }))),
    )
    const graph = { own: ['0.0', '0.1'], nested, targets: new Set([`${layers - 1}.0`]) }
    const { paths, more } = groupPaths(graph)
    expect(paths.length).toBeGreaterThan(0)
    expect(more).toBeNull()
    expect(fewestCut(graph)).toHaveLength(2)
  })
})
