import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ConstraintSpec, resolveConstraint, resolveConstraints } from '../../../server/rules/constraint.ts'
import { facts } from './arbitraries.ts'

const tree = ['by', 'omsorg', 'skole', 'plejehjem-1', 'plejehjem-2']
const levels: Record<string, number> = { by: 0, omsorg: 1, skole: 1, 'plejehjem-1': 2, 'plejehjem-2': 2 }
const below: Record<string, string[]> = {
  by: tree,
  omsorg: ['omsorg', 'plejehjem-1', 'plejehjem-2'],
  skole: ['skole'],
  'plejehjem-1': ['plejehjem-1'],
  'plejehjem-2': ['plejehjem-2'],
}
const units = { level: (key: string) => levels[key], below: (key: string) => below[key] ?? [] }
const someone = {
  ...fc.sample(facts, { numRuns: 1, seed: 1 })[0]!,
  unitKey: 'omsorg',
  unitPath: ['by', 'omsorg'],
  kle: ['27.36', '27.36.04', '270.1', '17.00'],
}

describe('a constraint', () => {
  test.each<[string, ConstraintSpec, string[] | null]>([
    ['own unit', { on: 'unit', kind: 'own-unit' }, ['omsorg']],
    ['own unit and below', { on: 'unit', kind: 'own-unit-and-below' }, ['omsorg', 'plejehjem-1', 'plejehjem-2']],
    ['ancestor at level 0', { on: 'unit', kind: 'ancestor-at-level', level: 0 }, ['by']],
    ['ancestor at the own level', { on: 'unit', kind: 'ancestor-at-level', level: 1 }, ['omsorg']],
    ['ancestor at a level below', { on: 'unit', kind: 'ancestor-at-level', level: 2 }, null],
    ['all KLE numbers', { on: 'kle', kind: 'kle' }, ['27.36', '27.36.04', '270.1', '17.00']],
    ['KLE numbers below a group', { on: 'kle', kind: 'kle', values: ['27'] }, ['27.36', '27.36.04']],
    ['KLE numbers that the unit does not have', { on: 'kle', kind: 'kle', values: ['99'] }, null],
    ['fixed', { on: 'niveau', kind: 'fixed', values: ['lav'] }, ['lav']],
    ['chosen', { on: 'sag', kind: 'chosen' }, ['a', 'b']],
    ['chosen, none given', { on: 'andet', kind: 'chosen' }, null],
    ['chosen under a name that every object has', { on: 'constructor', kind: 'chosen' }, null],
    ['chosen from a list', { on: 'sag', kind: 'chosen', values: ['a', 'b', 'c'] }, ['a', 'b']],
    ['chosen outside the list', { on: 'sag', kind: 'chosen', values: ['a'] }, null],
  ])('%s', (_, spec, values) => {
    expect(resolveConstraint(spec, someone, units, { sag: ['a', 'b'] })?.values ?? null).toEqual(values)
  })

  test('in a unit that nobody knows resolves to nothing', () => {
    const lost = { ...someone, unitKey: 'x', unitPath: ['x'], kle: [] }
    for (const kind of ['own-unit', 'own-unit-and-below'] as const)
      expect(resolveConstraint({ on: 'unit', kind }, lost, units)).toBeNull()
    expect(resolveConstraint({ on: 'unit', kind: 'ancestor-at-level', level: 0 }, lost, units)).toBeNull()
    expect(resolveConstraint({ on: 'kle', kind: 'kle' }, lost, units)).toBeNull()
  })
})

describe('all constraints of a right', () => {
  test('one that resolves to nothing removes the right', () => {
    const specs: ConstraintSpec[] = [
      { on: 'unit', kind: 'own-unit' },
      { on: 'sag', kind: 'chosen' },
    ]
    expect(resolveConstraints(specs, someone, units)).toBeNull()
    expect(resolveConstraints(specs, someone, units, { sag: ['a'] })).toHaveLength(2)
  })

  test('two on the same type allow only what both allow', () => {
    const specs: ConstraintSpec[] = [
      { on: 'unit', kind: 'own-unit-and-below' },
      { on: 'unit', kind: 'fixed', values: ['plejehjem-1', 'skole'] },
    ]
    expect(resolveConstraints(specs, someone, units)).toEqual([{ on: 'unit', kind: 'fixed', values: ['plejehjem-1'] }])
    expect(resolveConstraints([...specs, { on: 'unit', kind: 'fixed', values: ['by'] }], someone, units)).toBeNull()
  })

  test('none means no limit', () => {
    expect(resolveConstraints([], someone, units)).toEqual([])
  })
})
