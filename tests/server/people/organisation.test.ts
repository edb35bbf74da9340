import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findManager, resolveOrganisation, type UnitInput } from '../../../server/people/organisation.ts'

const unit = (id: string, more: Partial<UnitInput> = {}): UnitInput => ({
  id,
  key: id,
  tree: 'admin',
  name: id,
  kind: 'unit',
  parentId: null,
  postId: null,
  kle: [],
  mapsToId: null,
  active: true,
  ...more,
})
const posts = (entries: Record<string, string | null>, ended: string[] = []) =>
  new Map(Object.entries(entries).map(([id, personId]) => [id, { personId, active: !ended.includes(id) }]))

describe('finding the manager', () => {
  const tree = [
    unit('top', { postId: 'e-chief' }),
    unit('area', { parentId: 'top' }),
    unit('home', { parentId: 'area', postId: 'e-leader' }),
    unit('team', { parentId: 'home' }),
  ]

  it('is the own unit`s, or the nearest above where somebody is in post', () => {
    const units = resolveOrganisation(tree, posts({ 'e-chief': 'chief', 'e-leader': 'leader' }))
    expect(findManager('home', 'worker', units)).toMatchObject({ personId: 'leader', reason: 'own' })
    expect(findManager('team', 'worker', units)).toMatchObject({
      personId: 'leader',
      viaUnitId: 'home',
      reason: 'vacant',
    })
    expect(units.get('area')).toMatchObject({ managerPersonId: 'chief', managerViaUnitId: 'top' })
  })

  it('is never the person: the leader answers to the one above, the chief to nobody', () => {
    const units = resolveOrganisation(tree, posts({ 'e-chief': 'chief', 'e-leader': 'leader' }))
    expect(findManager('home', 'leader', units)).toMatchObject({ personId: 'chief', viaUnitId: 'top', reason: 'self' })
    expect(findManager('top', 'chief', units)).toBeNull()
  })

  it('walks past a post whose holder has left, a holder nobody knows and a closed unit', () => {
    const left = resolveOrganisation(tree, posts({ 'e-chief': 'chief', 'e-leader': 'leader' }, ['e-leader']))
    expect(findManager('home', 'worker', left)).toMatchObject({ personId: 'chief', reason: 'vacant' })
    const unknown = resolveOrganisation(tree, posts({ 'e-chief': 'chief', 'e-leader': null }))
    expect(findManager('home', 'worker', unknown)).toMatchObject({ personId: 'chief' })
    const closed = tree.map(one => (one.id === 'home' ? { ...one, active: false } : one))
    const units = resolveOrganisation(closed, posts({ 'e-chief': 'chief', 'e-leader': 'leader' }))
    expect(findManager('home', 'worker', units)).toMatchObject({ personId: 'chief' })
  })

  it('knows no manager for an unknown unit or none', () => {
    const units = resolveOrganisation(tree, posts({ 'e-chief': 'chief' }))
    expect(findManager('elsewhere', 'worker', units)).toBeNull()
    expect(findManager(null, 'worker', units)).toBeNull()
  })
})

describe('the organisation', () => {
  it('gives paths, levels and KLE from the nearest unit that has some', () => {
    const units = resolveOrganisation(
      [
        unit('a', { kle: ['00.01', '27.00'] }),
        unit('b', { parentId: 'a', kle: ['27.03'] }),
        unit('c', { parentId: 'b' }),
        unit('d', { parentId: 'c', kle: ['16.00'] }),
      ],
      posts({}),
    )
    expect(units.get('c')).toMatchObject({ level: 3, path: ['a', 'b', 'c'], kle: [], kleInherited: ['27.03'] })
    expect(units.get('d')).toMatchObject({ kle: ['16.00'], kleInherited: [] })
  })

  it('maps a payroll unit by its own mapping or the nearest above', () => {
    const units = resolveOrganisation(
      [
        unit('p1', { tree: 'pay', mapsToId: 'x' }),
        unit('p2', { tree: 'pay', parentId: 'p1' }),
        unit('p3', { tree: 'pay', parentId: 'p2', mapsToId: 'y' }),
        unit('p4', { tree: 'pay' }),
      ],
      posts({}),
    )
    expect(['p2', 'p3', 'p4'].map(id => units.get(id)?.mapsToId)).toEqual(['x', 'y', null])
  })

  it('breaks a circle of parents at its lowest key, marks it, and keeps what hangs below', () => {
    const circle = [
      unit('c', { parentId: 'b' }),
      unit('b', { parentId: 'a' }),
      unit('a', { parentId: 'c' }),
      unit('below', { parentId: 'b' }),
    ]
    for (const order of [circle, circle.toReversed()]) {
      const units = resolveOrganisation(order, posts({}))
      expect(units.get('a')).toMatchObject({ parentId: null, inLoop: true, path: ['a'] })
      expect(units.get('c')).toMatchObject({ path: ['a', 'b', 'c'], inLoop: true })
      expect(units.get('below')).toMatchObject({ path: ['a', 'b', 'below'], inLoop: false })
    }
  })

  it('ends for any parents whatsoever, and the result does not depend on the order of units', () => {
    const parents = fc.array(fc.option(fc.nat({ max: 14 }), { nil: null, freq: 6 }), { minLength: 1, maxLength: 15 })
    fc.assert(
      fc.property(parents, fc.infiniteStream(fc.nat()), (list, random) => {
        const inputs = list.map((parent, n) =>
          unit(`u${n}`, { parentId: parent === null ? null : `u${parent}`, postId: n % 3 === 0 ? `e${n}` : null }),
        )
        const holders = posts(Object.fromEntries(list.map((_, n) => [`e${n}`, `p${n % 4}`])))
        const units = resolveOrganisation(inputs, holders)
        for (const one of units.values()) {
          expect(new Set(one.path).size).toBe(one.path.length)
          expect(one.path.at(-1)).toBe(one.id)
          for (const person of ['p0', 'p1', 'p2', 'p3'])
            expect(findManager(one.id, person, units)?.personId).not.toBe(person)
        }
        const shuffled = inputs
          .map(one => ({ one, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one)
        const again = resolveOrganisation(shuffled, holders)
        for (const one of units.values()) expect(again.get(one.id)).toEqual(one)
      }),
      { numRuns: 300 },
    )
  })
})
