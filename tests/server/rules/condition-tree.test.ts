import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conditionTree } from '../../../server/contract/rule-forms.ts'
import { compile, parseCondition } from '../../../server/rules/condition.ts'
import { conditionsOf, formTree } from '../../../server/rules/condition-tree.ts'
import { neverHolds } from '../../../server/rules/never-holds.ts'
import { formOfRole, formOfRule, roleOfForm, rulesOfForm } from '../../../server/rules/rule-form.ts'
import { condition, facts, world } from './arbitraries.ts'

const tree = ['by', 'omsorg', 'skole', 'plejehjem-1', 'plejehjem-2']
const paths: Record<string, string[]> = {
  by: ['by'],
  omsorg: ['by', 'omsorg'],
  skole: ['by', 'skole'],
  'plejehjem-1': ['by', 'omsorg', 'plejehjem-1'],
  'plejehjem-2': ['by', 'omsorg', 'plejehjem-2'],
}

describe('conditions in a form', () => {
  it('and back mean the same for everybody, and are a form that the contract takes', () => {
    fc.assert(
      fc.property(condition, fc.array(facts, { minLength: 1, maxLength: 20 }), (written, people) => {
        const shown = formTree(written)
        const { node } = parseCondition(written)
        expect(shown === null).toBe(node === null)
        if (!shown || !node) return
        expect(conditionTree.parse(shown)).toEqual(shown)
        const again = parseCondition(conditionsOf(shown))
        expect(again.problems).toEqual([])
        if (!again.node) return
        const [one, other] = [compile(node), compile(again.node)]
        for (const person of people) expect(other(person)).toBe(one(person))
        // A group of one line is shown as the line, and what is shown after a save stays so.
        const saved = formTree(conditionsOf(shown))
        expect(saved && formTree(conditionsOf(saved))).toEqual(saved)
      }),
      { numRuns: 400 },
    )
  })

  it('that are not finished are refused and never left out', () => {
    for (const op of ['in', 'nin', 'eq', 'gte', 'under'] as const) {
      const field = op === 'under' ? 'unit' : op === 'gte' ? 'startsOn' : 'position'
      expect(parseCondition(conditionsOf({ field, op, values: [] })).node).toBeNull()
    }
    for (const join of ['any', 'none'] as const)
      expect(parseCondition(conditionsOf({ join, parts: [] })).node).toBeNull()
  })
})

describe('rules as forms', () => {
  it('come back as they were, with their limits and exceptions', () => {
    fc.assert(
      fc.property(world, ({ rules, roles }) => {
        for (const rule of rules) {
          const exception = {
            ...rule,
            key: `${rule.key}--1`,
            name: `${rule.name} (undtagelse)`,
            inverted: true,
            reason: 'Kun for nu',
            validTo: '2027-01-01',
            excepts: rule.key,
          }
          const { constraints: _, purpose: __, ...plain } = exception
          const exceptions = rule.inverted ? [] : [plain]
          const form = formOfRule(rule, exceptions)
          if (!form) throw new Error('a valid rule has a form')
          const back = rulesOfForm(form, { rule, exceptions, taken: new Set(rules.map(one => one.key)) })
          const { constraints, ...others } = rule
          const kept = constraints && Object.values(constraints).some(specs => specs.length > 0)
          expect(back[0]).toEqual(kept || Object.keys(constraints ?? {}).length > 0 ? rule : others)
          expect(back.slice(1)).toEqual(exceptions)
        }
        for (const role of roles) expect(roleOfForm(formOfRole(role), role)).toEqual(role)
      }),
      { numRuns: 200 },
    )
  })
})

describe('conditions that contradict themselves', () => {
  const pathOf = (key: string) => paths[key]
  const proper = facts.filter(one => Array.isArray(one.unitPath) && tree.includes(one.unitKey) && 'kind' in one)

  it('are only called so when nobody can meet them', () => {
    fc.assert(
      fc.property(condition, fc.array(proper, { minLength: 10, maxLength: 60 }), (written, people) => {
        const { node } = parseCondition(written)
        if (!node || !neverHolds(node, pathOf)) return
        const test = compile(node)
        // Facts that are spoilt are not facts that anybody can have.
        expect(people.filter(one => wellTyped(one) && test(one))).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    [{ $and: [{ position: 'sosu' }, { position: 'lærer' }] }],
    [{ position: { $in: ['sosu'], $nin: ['sosu', 'lærer'] } }],
    [{ position: 'sosu', $nor: [{ position: { $exists: true } }] }],
    [{ kind: { $nin: ['employment', 'temp', 'external', 'elected', 'trainee', 'volunteer', 'network', 'pupil'] } }],
    [{ $and: [{ isManager: true }, { isManager: false }] }],
    [{ fraction: { $gt: 1, $lt: 0.5 } }],
    [{ startsOn: { $gte: '2026-01-01', $lt: '2026-01-01' } }],
    [{ $and: [{ unit: { $under: 'skole' } }, { unit: { $under: 'omsorg' } }] }],
    [{ unitKey: 'skole', unit: { $under: 'omsorg' } }],
    [{ $and: [{ unit: { $under: 'plejehjem-1' } }, { unit: { $not: { $under: 'omsorg' } } }] }],
    [
      {
        $or: [
          { $and: [{ functions: 'TR' }, { functions: { $nin: ['TR'] } }] },
          { kle: { $in: ['1'], $exists: false } },
        ],
      },
    ],
  ])('are found: %j', written => {
    const { node } = parseCondition(written)
    expect(node && neverHolds(node, pathOf)).toBe(true)
  })

  it.each([
    [{}],
    [{ $and: [{ functions: 'TR' }, { functions: 'AMR' }] }],
    [{ position: { $ne: 'sosu' } }],
    [{ $and: [{ unit: { $under: 'omsorg' } }, { unit: { $under: 'plejehjem-1' } }] }],
    [{ fraction: { $gte: 1, $lte: 1 } }],
  ])('are not seen where there are none: %j', written => {
    const { node } = parseCondition(written)
    expect(node && neverHolds(node, pathOf)).toBe(false)
  })
})

function wellTyped(one: Record<string, unknown>): boolean {
  const list = (value: unknown) => Array.isArray(value) && value.every(item => typeof item === 'string')
  const maybe = (value: unknown, type: string) => value === null || typeof value === type
  return (
    list(one.unitPath) &&
    list(one.kle) &&
    list(one.functions) &&
    maybe(one.position, 'string') &&
    maybe(one.fraction, 'number') &&
    !Number.isNaN(one.fraction) &&
    maybe(one.endsOn, 'string') &&
    (one.endsOn === null || /^\d{4}/.test(String(one.endsOn))) &&
    typeof one.isManager === 'boolean' &&
    typeof one.onLeave === 'boolean' &&
    typeof one.unitLevel === 'number' &&
    !Number.isNaN(one.unitLevel) &&
    ['employment', 'temp', 'pupil'].includes(one.kind as string) &&
    JSON.stringify(one.unitPath) === JSON.stringify(paths[one.unitKey as string])
  )
}
