import { buildMongoQueryMatcher } from '@casl/ability'

/** A node of the tree that CASL makes of conditions (ucast). `field` stands only on tests of one field. */
export type ConditionAst = { operator: string; value: unknown; field?: string }

type Context = {
  interpret: (node: ConditionAst, object: unknown) => boolean
  get: (object: unknown, field: string) => unknown
}
type Interpret = (node: ConditionAst, object: unknown, context: Context) => boolean
type ParseContext = { field: string; parse: (query: unknown) => unknown }

const parts = (node: ConditionAst) => node.value as ConditionAst[]

/**
 * CASL compares a missing value as smaller than everything (`undefined < 0.5` is true), which would hand out a right
 * because a fact is unknown. Here a comparison is true only between two values of the same type.
 */
const comparison =
  (holds: (value: never, limit: never) => boolean): Interpret =>
  (node, object, { get }) => {
    const one = (value: unknown) => typeof value === typeof node.value && holds(value as never, node.value as never)
    const value = get(object, node.field as string)
    return Array.isArray(value) ? value.some(one) : one(value)
  }

const wrap = (value: unknown) => (Array.isArray(value) ? value : [value])

/** `{ unit: { $under: 'u-12' } }`: the unit is u-12 or stands below it, which is membership of u-12 in `unitPath`. */
const $under = {
  type: 'field',
  parse: (_: unknown, value: unknown, context: ParseContext) =>
    context.parse({ [`${context.field}Path`]: { $in: wrap(value) } }),
}

const $not = {
  type: 'field',
  parse: (_: unknown, value: unknown, context: ParseContext) => context.parse({ $nor: [{ [context.field]: value }] }),
}

const forbidden = {
  type: 'field',
  validate: (instruction: { name: string }) => {
    throw new Error(`the operator "${instruction.name}" is not allowed in conditions`)
  },
}

/**
 * The conditions of the whole product, for CASL's `conditionsMatcher`: equality, membership, comparison, existence,
 * and/or/nor/not and `$under`. CASL's own matcher knows neither `$or` nor `$not` (it reads them as field names that
 * never match, so an inverted rule would silently stop forbidding), and takes regular expressions. A missing fact is
 * null; `$exists` means neither missing, nor null, nor an empty list, so that the same question can be asked in SQL.
 */
export const conditionMatcher = buildMongoQueryMatcher(
  {
    $and: { type: 'compound' },
    $or: { type: 'compound' },
    $nor: { type: 'compound' },
    $not,
    $under,
    $regex: forbidden,
    $options: forbidden,
    $elemMatch: forbidden,
    $size: forbidden,
    $all: forbidden,
  } as never,
  {
    or: ((node, object, { interpret }) => parts(node).some(part => interpret(part, object))) as Interpret,
    nor: ((node, object, { interpret }) => !parts(node).some(part => interpret(part, object))) as Interpret,
    not: ((node, object, { interpret }) => !interpret(parts(node)[0] as ConditionAst, object)) as Interpret,
    lt: comparison((value, limit) => value < limit),
    lte: comparison((value, limit) => value <= limit),
    gt: comparison((value, limit) => value > limit),
    gte: comparison((value, limit) => value >= limit),
    exists: ((node, object, { get }) => {
      const value = get(object, node.field as string)
      return (value !== null && !(Array.isArray(value) && value.length === 0)) === node.value
    }) as Interpret,
  } as never,
  { get: (object: Record<string, unknown>, field: string) => object[field] ?? null },
)
