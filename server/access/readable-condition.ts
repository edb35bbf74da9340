import type { ReadableCondition } from '#contract/rules.ts'
import type { ConditionNode } from '../rules/condition.ts'

type FactNames = { unit: ReadonlyMap<string, string>; position: ReadonlyMap<string, string> }

/** A checked condition with names instead of keys; `none` stands for a negation of its parts. */
export function readableCondition(node: ConditionNode, names: FactNames): ReadableCondition {
  switch (node.op) {
    case 'and':
    case 'or':
      return { join: node.op === 'and' ? 'all' : 'any', parts: node.of.map(part => readableCondition(part, names)) }
    case 'not': {
      // "Not any of these" reads better as "none of these" than as a group in a group.
      const inner = readableCondition(node.of, names)
      return { join: 'none', parts: 'join' in inner && inner.join === 'any' ? inner.parts : [inner] }
    }
    case 'test':
      return {
        field: node.field,
        op: node.test,
        values: [node.value].flat().map(value => valueName(names, node.field, String(value))),
      }
  }
}

function valueName(names: FactNames, field: string, value: string): string {
  if (field === 'unitPath' || field === 'unitKey' || field === 'networks' || field === 'managerOf')
    return names.unit.get(value) ?? value
  if (field === 'position') return names.position.get(value) ?? value
  return value
}
