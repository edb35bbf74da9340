import { affiliationKinds, type FactType, factTypes } from './affiliation-facts.ts'
import type { ConditionNode, FactValue, TestNode } from './condition.ts'

/** Keys of a unit and those above it, root first; undefined for a unit that is not known. */
export type PathOf = (unitKey: string) => readonly string[] | undefined

type Literal = TestNode & { negated: boolean }

/** More combinations than this are not tried: the answer is then "cannot say", which is `false`. */
const MOST = 2000
const NULLABLE = new Set(['position', 'positionCategory', 'title', 'fraction', 'endsOn', 'schoolClass'])

/**
 * Whether conditions contradict themselves, so that no affiliation can ever fulfil them. True only when that is
 * certain; a contradiction that this does not find is answered `false`.
 */
export function neverHolds(node: ConditionNode, pathOf: PathOf = () => undefined): boolean {
  const ways = alternatives(node, false)
  return ways?.every(way => contradicts(way, pathOf)) ?? false
}

/** The conditions as alternatives of lines that must all be met. Null: too many. */
function alternatives(node: ConditionNode, negated: boolean): Literal[][] | null {
  if (node.op === 'test') return [[{ ...node, negated }]]
  if (node.op === 'not') return alternatives(node.of, !negated)
  const parts: Literal[][][] = []
  for (const part of node.of) {
    const ways = alternatives(part, negated)
    if (!ways) return null
    parts.push(ways)
  }
  // "Not all of these" is "any of them not", and the other way round.
  const together = (node.op === 'and') !== negated
  if (!together) {
    const all = parts.flat()
    return all.length > MOST ? null : all
  }
  let ways: Literal[][] = [[]]
  for (const part of parts) {
    if (ways.length * part.length > MOST) return null
    ways = ways.flatMap(way => part.map(more => [...way, ...more]))
  }
  return ways
}

function contradicts(way: readonly Literal[], pathOf: PathOf): boolean {
  const byField = Map.groupBy(way, literal => literal.field)
  for (const [field, literals] of byField) {
    const type = factTypes[field]
    if (!type) continue
    if (type === 'list' ? listContradicts(literals) : !singlePossible(field, type, literals)) return true
  }
  return unitContradicts(byField, pathOf)
}

const listOf = (value: TestNode['value']): readonly FactValue[] => [value].flat() as FactValue[]

type Asked = {
  /** Sets of which each must meet the fact. */
  wanted: (readonly FactValue[])[]
  excluded: Set<FactValue>
  exists: boolean | null
  clash: boolean
}

/** What lines ask for with equality, membership and existence. */
function asked(literals: readonly Literal[]): Asked {
  const found: Asked = { wanted: [], excluded: new Set(), exists: null, clash: false }
  for (const { test, value, negated } of literals) {
    if (test === 'exists') {
      const wanted = (value === true) !== negated
      if (found.exists !== null && found.exists !== wanted) found.clash = true
      found.exists = wanted
    } else if (test === 'eq' || test === 'in' || test === 'ne' || test === 'nin') {
      if ((test === 'eq' || test === 'in') !== negated) found.wanted.push(listOf(value))
      else for (const one of listOf(value)) found.excluded.add(one)
    }
  }
  return found
}

function listContradicts(literals: readonly Literal[]): boolean {
  const { wanted, excluded, exists, clash } = asked(literals)
  if (clash || (exists === false && wanted.length > 0)) return true
  return wanted.some(values => values.every(value => excluded.has(value)))
}

function singlePossible(field: string, type: FactType, literals: readonly Literal[]): boolean {
  const { wanted, excluded, exists, clash } = asked(literals)
  if (clash) return false
  const ranges = literals.filter(
    one => one.test === 'gt' || one.test === 'gte' || one.test === 'lt' || one.test === 'lte',
  )
  const needsValue = exists === true || wanted.length > 0 || ranges.some(one => !one.negated)
  if (NULLABLE.has(field) && !needsValue) return true
  if (exists === false) return false
  const fits = (value: FactValue) => !excluded.has(value) && ranges.every(range => inRange(range, value))
  const closed = type === 'kind' ? affiliationKinds : type === 'flag' ? [true, false] : null
  const [first, ...others] = wanted
  const candidates = first ?? closed
  if (candidates) return candidates.some(value => others.every(list => list.includes(value)) && fits(value))
  return rangesLeaveRoom(ranges, excluded)
}

function inRange({ test, value: limit, negated }: Literal, value: FactValue): boolean {
  // A value of another type never compares.
  const same = typeof value === typeof limit
  const holds =
    same &&
    (test === 'gt' ? value > limit : test === 'gte' ? value >= limit : test === 'lt' ? value < limit : value <= limit)
  return holds !== negated
}

/** Whether some value is inside all ranges; days and numbers are taken as if there were always one in between. */
function rangesLeaveRoom(ranges: readonly Literal[], excluded: ReadonlySet<FactValue>): boolean {
  type Edge = { at: FactValue; open: boolean }
  let low: Edge | null = null
  let high: Edge | null = null
  for (const { test, value, negated } of ranges) {
    const at = value as FactValue
    const up = (test === 'gt' || test === 'gte') !== negated
    const open = (test === 'gt' || test === 'lt') !== negated
    if (up && (!low || at > low.at || (at === low.at && open))) low = { at, open }
    if (!up && (!high || at < high.at || (at === high.at && open))) high = { at, open }
  }
  if (!low || !high || low.at < high.at) return true
  return low.at === high.at && !low.open && !high.open && !excluded.has(low.at)
}

/** Units are a chain from the top: two branches of the tree cannot both be above somebody. */
function unitContradicts(byField: ReadonlyMap<string, readonly Literal[]>, pathOf: PathOf): boolean {
  const path = asked(byField.get('unitPath') ?? [])
  const own = asked(byField.get('unitKey') ?? [])
  const shut = (key: string) => (pathOf(key) ?? [key]).some(one => path.excluded.has(one))
  const open = path.wanted.map(values => values.filter(value => !shut(String(value))).map(String))
  if (open.some(values => values.length === 0)) return true
  const [keys] = own.wanted
  if (keys) {
    const possible = keys.map(String).some(key => {
      const above = pathOf(key)
      return above === undefined || (!shut(key) && open.every(values => values.some(value => above.includes(value))))
    })
    if (!possible) return true
  }
  const related = (a: string, b: string) => {
    const [pathA, pathB] = [pathOf(a), pathOf(b)]
    return pathA === undefined || pathB === undefined || pathA.includes(b) || pathB.includes(a)
  }
  return open.some((values, at) =>
    open.slice(at + 1).some(others => !values.some(a => others.some(b => related(a, b)))),
  )
}
