import type { ConditionTree } from '#contract/rule-forms.ts'
import { type Condition, type ConditionNode, type FieldTest, parseCondition } from './condition.ts'

export type ConditionGroup = Extract<ConditionTree, { join: unknown }>
type Line = Extract<ConditionTree, { field: string }>

/** Checked conditions as a form shows them: "unit at or below" as one line, a negation as "none of these". */
export function treeOf(node: ConditionNode): ConditionTree {
  switch (node.op) {
    case 'and':
    case 'or':
      return { join: node.op === 'and' ? 'all' : 'any', parts: node.of.map(treeOf) }
    case 'not': {
      const inner = treeOf(node.of)
      return { join: 'none', parts: 'join' in inner && inner.join === 'any' ? inner.parts : [inner] }
    }
    case 'test':
      return node.field === 'unitPath' && node.test === 'in'
        ? { field: 'unit', op: 'under', values: [node.value].flat() }
        : { field: node.field, op: node.test, values: [node.value].flat() }
  }
}

/** The same with a group outermost, which is what a form begins with. Conditions that are not valid give null. */
export function formTree(conditions: Condition): ConditionGroup | null {
  const { node } = parseCondition(conditions)
  if (!node) return null
  const tree = treeOf(node)
  return 'join' in tree ? tree : { join: 'all', parts: [tree] }
}

/**
 * Conditions as they are stored and written in YAML. What is not finished (a line without a value, an empty group of
 * "any") becomes conditions that `parseCondition` refuses with its place: nothing is left out in silence, since a line
 * less makes a rule wider.
 */
export function conditionsOf(tree: ConditionTree): Condition {
  if ('field' in tree) return lineOf(tree)
  const [only] = tree.parts
  if (tree.join === 'none') return { $nor: tree.parts.map(conditionsOf) }
  if (only && tree.parts.length === 1) return conditionsOf(only)
  if (tree.join === 'any') return { $or: tree.parts.map(conditionsOf) }
  if (tree.parts.length === 0) return {}
  const lines = tree.parts.filter(part => 'field' in part)
  const fields = new Set(lines.map(line => line.field))
  return lines.length === tree.parts.length && fields.size === lines.length
    ? Object.assign({}, ...lines.map(lineOf))
    : { $and: tree.parts.map(conditionsOf) }
}

const MANY = new Set(['in', 'nin'])

function lineOf({ field, op, values }: Line): Condition {
  const [first] = values
  // An undefined value is refused by the check, as it should be: a line that asks for nothing is not finished.
  if (op === 'eq') return { [field]: values.length === 1 ? (first as FieldTest) : { $eq: values as never } }
  if (op === 'under') return { [field]: { $under: values.length === 1 ? (first as string) : values } }
  if (MANY.has(op)) return { [field]: { [`$${op}`]: values } }
  return { [field]: { [`$${op}`]: values.length === 1 ? (first as FieldTest) : (values as never) } }
}

/** How a place in stored conditions reads: `position/$in/0`. */
export const placeText = (at: readonly (string | number)[]): string => at.join('/')
