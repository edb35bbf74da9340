import type { AnyAbility } from '@casl/ability'
import { rulesToCondition } from '@casl/ability/extra'
import type { ConditionAst } from './condition-matcher.ts'

export type ColumnType = 'text' | 'uuid' | 'int' | 'float' | 'bool' | 'date' | 'text[]' | 'uuid[]'

/**
 * Where a field of the conditions stands in the query. `sql` is written by us and never comes from data. A list that
 * is not a column (a closure table, a membership) gives `overlaps` instead: SQL that is true when the list holds one of
 * the values in the array parameter. `never null` columns need nothing special.
 */
export type Column =
  | { sql: string; type: ColumnType }
  | { overlaps: (arrayParameter: string) => string; type: 'text[]' | 'uuid[]' }
export type ColumnMap = Readonly<Record<string, Column>>

export type SqlParameter = string | number | boolean | null | readonly (string | number | boolean)[]
/** For a `WHERE`: a row counts when `sql` is true (null is no). Placeholders go from the first number asked for. */
export type SqlCondition = { sql: string; params: SqlParameter[] }

/**
 * What an actor's rules for an action mean as a filter of a list. No rule gives `false`, a rule without conditions
 * `true`. Rules on fields count only with the `field` that is asked for.
 */
export function abilityToSql(
  ability: AnyAbility,
  action: string,
  subjectType: string,
  columns: ColumnMap,
  { startAt = 1, field }: { startAt?: number; field?: string } = {},
): SqlCondition {
  const rules = ability.rulesFor(action, subjectType, field)
  const condition = rulesToCondition<AnyAbility, ConditionAst, ConditionAst>(
    rules,
    rule => {
      const ast = rule.ast as ConditionAst | undefined
      if (!ast) throw new Error(`a rule on "${subjectType}" has conditions that CASL cannot show as a tree`)
      return rule.inverted ? { operator: 'not', value: [ast] } : ast
    },
    {
      and: value => ({ operator: 'and', value }),
      or: value => ({ operator: 'or', value }),
      empty: () => ({ operator: 'and', value: [] }),
    },
  )
  return conditionToSql(condition, columns, startAt)
}

/**
 * Conditions (CASL's tree, null for "no rule") as parameterised SQL that keeps exactly the rows for which
 * `condition-matcher.ts` says yes. Throws on an operator or a field that it does not know, and on a value that does
 * not fit the column: a filter must not guess. Nothing is wrapped in functions, so indexes are used.
 */
export function conditionToSql(condition: ConditionAst | null, columns: ColumnMap, startAt = 1): SqlCondition {
  const params: SqlParameter[] = []
  const bind = (value: SqlParameter, cast: string) => {
    params.push(value)
    return `$${startAt + params.length - 1}::${cast}`
  }
  const sql = condition === null ? 'false' : visit(condition, columns, bind)
  return { sql, params }
}

type Bind = (value: SqlParameter, cast: string) => string

/*
 * SQL knows three answers, CASL two. What is written here is true exactly when CASL says yes; in between it may be null.
 * `and` and `or` keep that, and every negation goes through `is not true`, which turns null into yes.
 */
function visit(node: ConditionAst, columns: ColumnMap, bind: Bind): string {
  switch (node.operator) {
    case 'and':
    case 'or': {
      const all = parts(node)
      if (all.length === 0) return node.operator === 'and' ? 'true' : 'false'
      return `(${all.map(part => visit(part, columns, bind)).join(` ${node.operator} `)})`
    }
    case 'not':
    case 'nor':
      return `((${parts(node)
        .map(part => visit(part, columns, bind))
        .join(' or ')}) is not true)`
    default:
      return test(node, columns, bind)
  }
}

function parts(node: ConditionAst): ConditionAst[] {
  if (!Array.isArray(node.value)) throw new Error(`the operator "${node.operator}" has no parts`)
  if (node.operator !== 'and' && node.operator !== 'or' && node.value.length === 0)
    throw new Error(`the operator "${node.operator}" has no parts`)
  return node.value as ConditionAst[]
}

function test(node: ConditionAst, columns: ColumnMap, bind: Bind): string {
  const { operator, value } = node
  const field = node.field ?? ''
  if (!Object.hasOwn(columns, field)) throw new Error(`no column is known for the field "${field}"`)
  const column = columns[field] as Column
  switch (operator) {
    case 'eq':
      return equals(field, column, value, bind)
    case 'ne':
      return `(${equals(field, column, value, bind)} is not true)`
    case 'in':
      return within(field, column, value, bind)
    case 'nin':
      return `(${within(field, column, value, bind)} is not true)`
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte': {
      if (column.type !== 'int' && column.type !== 'float' && column.type !== 'date')
        throw new Error(`"${operator}" is not possible on the field "${field}" of type ${column.type}`)
      const sign = operator.startsWith('lt') ? '<' : '>'
      return `${sqlOf(field, column)} ${sign}${operator.endsWith('e') ? '=' : ''} ${scalar(field, column.type, value, bind)}`
    }
    case 'exists': {
      if (typeof value !== 'boolean') throw new Error(`"exists" on the field "${field}" needs true or false`)
      const sql = sqlOf(field, column)
      if (isList(column)) return `(cardinality(${sql}) > 0) is ${value ? '' : 'not '}true`
      return `${sql} is ${value ? 'not ' : ''}null`
    }
    default:
      throw new Error(`the operator "${operator}" on the field "${field}" cannot be asked in SQL`)
  }
}

function equals(field: string, column: Column, value: unknown, bind: Bind): string {
  if (isList(column)) return value === null ? `${sqlOf(field, column)} is null` : within(field, column, [value], bind)
  const sql = sqlOf(field, column)
  return value === null ? `${sql} is null` : `${sql} = ${scalar(field, column.type, value, bind)}`
}

function within(field: string, column: Column, value: unknown, bind: Bind): string {
  if (!Array.isArray(value)) throw new Error(`"in" on the field "${field}" needs a list`)
  const element = isList(column) ? column.type.slice(0, -2) : column.type
  const given = value.filter(one => one !== null)
  const withNull = given.length < value.length
  if (isList(column)) {
    if (withNull) throw new Error(`a list cannot be compared with null: field "${field}"`)
    const array = bind(
      given.map(one => checked(field, element, one)),
      `${casts[element]}[]`,
    )
    return 'overlaps' in column ? column.overlaps(array) : `${column.sql} && ${array}`
  }
  // Integers and fractions in one list: compared as fractions, which every integer column value can be.
  const cast = element === 'int' && given.some(one => !Number.isSafeInteger(one)) ? 'float8' : casts[element]
  const array = bind(
    given.map(one => checked(field, element, one)),
    `${cast}[]`,
  )
  const sql = sqlOf(field, column)
  return withNull ? `(${sql} = any(${array}) or ${sql} is null)` : `${sql} = any(${array})`
}

const isList = (column: Column): column is Column & { type: 'text[]' | 'uuid[]' } => column.type.endsWith('[]')

function sqlOf(field: string, column: Column): string {
  if ('sql' in column) return column.sql
  throw new Error(`the field "${field}" can only be asked for values it holds`)
}

const casts: Record<string, string> = {
  text: 'text',
  uuid: 'uuid',
  int: 'int8',
  float: 'float8',
  bool: 'boolean',
  date: 'date',
}

function scalar(field: string, type: string, value: unknown, bind: Bind): string {
  const cast = type === 'int' && !Number.isSafeInteger(value) ? 'float8' : (casts[type] as string)
  return bind(checked(field, type, value), cast)
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const civilDate = /^\d{4}-\d{2}-\d{2}$/

const isCivilDate = (text: string) =>
  civilDate.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text

/** Only values that PostgreSQL reads as JavaScript does: it would take the number 5 for the text "5", CASL does not. */
function checked(field: string, type: string, value: unknown): string | number | boolean {
  const fits =
    type === 'int' || type === 'float'
      ? typeof value === 'number' && Number.isFinite(value)
      : type === 'bool'
        ? typeof value === 'boolean'
        : typeof value === 'string' &&
          !value.includes('\0') &&
          (type !== 'uuid' || uuid.test(value)) &&
          (type !== 'date' || isCivilDate(value))
  if (!fits) throw new Error(`a value for the field "${field}" is not a ${type}`)
  return value as string | number | boolean
}
