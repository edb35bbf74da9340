import { createMongoAbility, type RawRule, subject } from '@casl/ability'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conditionMatcher } from '../../../server/policy/condition-matcher.ts'
import {
  abilityToSql,
  type ColumnMap,
  conditionToSql,
  type SqlCondition,
} from '../../../server/policy/condition-to-sql.ts'
import { testDatabase } from '../../support/database.ts'

type Row = Record<string, unknown> & { id: number }
type Rule = RawRule<[string, string], Record<string, unknown>>

const ids = ['0b1c2d3e-0000-4000-8000-00000000000a', '0b1c2d3e-0000-4000-8000-00000000000b']
const names = ['by', 'Skole Æ', "o'hara; drop table"]
const units = ['by', 'omsorg', 'skole']

const columns: ColumnMap = {
  name: { sql: 'r.name', type: 'text' },
  ref: { sql: 'r.ref', type: 'uuid' },
  level: { sql: 'r.level', type: 'int' },
  fraction: { sql: 'r.fraction', type: 'float' },
  open: { sql: 'r.open', type: 'bool' },
  endsOn: { sql: 'r.ends_on', type: 'date' },
  unitPath: { sql: 'r.unit_path', type: 'text[]' },
  groups: {
    overlaps: list => `exists (select 1 from member m where m.row_id = r.id and m.name = any(${list}))`,
    type: 'text[]',
  },
}

const value = {
  name: fc.constantFrom(...names),
  ref: fc.constantFrom(...ids),
  level: fc.constantFrom(-1, 0, 2, 2.5, 9_000_000_000),
  fraction: fc.constantFrom(0, 0.25, 1),
  open: fc.boolean(),
  endsOn: fc.constantFrom('2026-03-03', '2026-12-31'),
} as const
type Scalar = keyof typeof value
const scalars = Object.keys(value) as Scalar[]
const ordered: Scalar[] = ['level', 'fraction', 'endsOn']

const fieldTest: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.constantFrom(...scalars).chain(field =>
    fc.oneof(
      fc.option(value[field] as fc.Arbitrary<unknown>).map(one => ({ [field]: one })),
      fc.option(value[field] as fc.Arbitrary<unknown>).map(one => ({ [field]: { $ne: one } })),
      fc
        .tuple(
          fc.constantFrom('$in', '$nin'),
          fc.array(fc.option(value[field] as fc.Arbitrary<unknown>), { maxLength: 3 }),
        )
        .map(([operator, list]) => ({ [field]: { [operator]: list } })),
      fc.boolean().map(one => ({ [field]: { $exists: one } })),
      fc.option(value[field] as fc.Arbitrary<unknown>).map(one => ({ [field]: { $not: { $eq: one } } })),
    ),
  ),
  fc
    .constantFrom(...ordered)
    .chain(field =>
      fc
        .tuple(fc.constantFrom('$lt', '$lte', '$gt', '$gte'), value[field] as fc.Arbitrary<unknown>)
        .map(([operator, one]) => ({ [field]: { [operator]: one } })),
    ),
  fc.subarray(units).map(list => ({ unit: { $under: list } })),
  fc.constantFrom(...units).map(one => ({ unitPath: one })),
  fc.constantFrom(...units).map(one => ({ unitPath: { $ne: one } })),
  fc.subarray(units).map(list => ({ unitPath: { $nin: list } })),
  fc.boolean().map(one => ({ unitPath: { $exists: one } })),
  fc.subarray(units).map(list => ({ groups: { $in: list } })),
  fc.constantFrom(...units).map(one => ({ groups: { $not: { $eq: one } } })),
)

const conditions = fc.letrec<{ any: Record<string, unknown> }>(tie => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { arbitrary: fieldTest, weight: 5 },
    { arbitrary: fc.tuple(fieldTest, fieldTest).map(([a, b]) => ({ ...a, ...b })), weight: 2 },
    { arbitrary: fc.constant({}), weight: 1 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(tie('any'), { minLength: 1, maxLength: 3 }))
        .map(([operator, parts]) => ({ [operator]: parts })),
      weight: 4,
    },
  ),
})).any

const rules: fc.Arbitrary<Rule[]> = fc.array(
  fc
    .tuple(
      fc.nat(2),
      fc.option(conditions, { freq: 6 }),
      fc.nat(5),
      fc.option(fc.subarray(['navn', 'cpr'], { minLength: 1 }), { freq: 2 }),
    )
    .map(([inverted, condition, other, fields]) => ({
      action: other === 0 ? 'update' : 'read',
      subject: 'Row',
      inverted: inverted === 0,
      ...(condition ? { conditions: condition } : {}),
      ...(fields ? { fields } : {}),
    })),
  { maxLength: 5 },
)

const abilityOf = (raw: Rule[]) => createMongoAbility(raw as never, { conditionsMatcher: conditionMatcher as never })
const conditionOf = (raw: Record<string, unknown>) =>
  (conditionMatcher as never as (c: unknown) => { ast: never })(raw).ast

const rows: Row[] = fc
  .sample(
    fc.record({
      name: fc.option(value.name),
      ref: fc.option(value.ref),
      level: fc.option(fc.constantFrom(-1, 0, 2, 3)),
      fraction: fc.option(value.fraction),
      open: fc.option(value.open),
      endsOn: fc.option(value.endsOn),
      unitPath: fc.option(fc.subarray(units)),
      groups: fc.subarray(units),
    }),
    { numRuns: 150, seed: 7 },
  )
  .map((row, id) => ({ ...row, id }))

const database = testDatabase()
let client: pg.Client

beforeAll(async () => {
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(`
    create temp table row (id int primary key, name text, ref uuid, level int, fraction float8, open boolean,
      ends_on date, unit_path text[]);
    create temp table member (row_id int, name text)`)
  for (const row of rows) {
    await client.query('insert into row values ($1, $2, $3, $4, $5, $6, $7, $8)', [
      row.id,
      row.name,
      row.ref,
      row.level,
      row.fraction,
      row.open,
      row.endsOn,
      row.unitPath,
    ])
    await client.query('insert into member select $1, unnest($2::text[])', [row.id, row.groups])
  }
})

afterAll(() => client?.end())

async function rowsOf({ sql, params }: SqlCondition): Promise<number[]> {
  const answer = await client.query(`select r.id from row r where ${sql} order by r.id`, params)
  return answer.rows.map(row => row.id as number)
}

type Translate = (raw: Rule[], field: string | undefined) => SqlCondition
const translate: Translate = (raw, field) => abilityToSql(abilityOf(raw), 'read', 'Row', columns, { field })

const assertEqualsCasl = (candidate: Translate, numRuns = 600) =>
  fc.assert(
    fc.asyncProperty(rules, fc.option(fc.constantFrom('navn', 'cpr'), { nil: undefined }), async (raw, field) => {
      const ability = abilityOf(raw)
      const expected = rows.filter(row => ability.can('read', subject('Row', { ...row }), field)).map(row => row.id)
      expect(await rowsOf(candidate(raw, field))).toEqual(expected)
    }),
    { numRuns },
  )

describe('an ability as SQL on a real PostgreSQL', () => {
  test('keeps the rows that CASL allows in memory', async () => {
    await assertEqualsCasl(translate)
  }, 60_000)

  const edit =
    (change: (sql: string) => string): Translate =>
    (raw, field) => {
      const { sql, params } = translate(raw, field)
      return { sql: change(sql), params }
    }
  test.each<[string, Translate]>([
    ['negates with NOT, which keeps null out', edit(sql => sql.replaceAll(' is not true)', ' = false)'))],
    ['takes no rule for everything', edit(sql => (sql === 'false' ? 'true' : sql))],
    [
      'drops prohibitions',
      (raw, field) =>
        translate(
          raw.filter(rule => !rule.inverted),
          field,
        ),
    ],
    ['reads or as and', edit(sql => sql.replaceAll(' or ', ' and '))],
    ['is off by one at a limit', edit(sql => sql.replaceAll(' <= ', ' < '))],
    ['ignores the field', raw => translate(raw, undefined)],
  ])(
    'a translation that %s is caught',
    async (_, broken) => {
      await expect(assertEqualsCasl(broken)).rejects.toThrow()
    },
    60_000,
  )

  test('no rule is false, an unconditional rule is true, a later prohibition takes all', () => {
    const sql = (raw: Rule[]) => abilityToSql(abilityOf(raw), 'read', 'Row', columns)
    const read = { action: 'read', subject: 'Row' }
    expect(sql([])).toEqual({ sql: 'false', params: [] })
    expect(sql([{ ...read, action: 'update' }])).toEqual({ sql: 'false', params: [] })
    expect(sql([read])).toEqual({ sql: 'true', params: [] })
    expect(sql([read, { ...read, inverted: true }])).toEqual({ sql: 'false', params: [] })
  })

  test('values are parameters, numbered from where the query stands', async () => {
    const made = conditionToSql(conditionOf({ name: "o'hara; drop table", level: { $gt: 1 } }), columns, 4)
    expect(made).toEqual({ sql: '(r.name = $4::text and r.level > $5::int8)', params: ["o'hara; drop table", 1] })
  })

  test('an index on a column is used, also below an or', async () => {
    await client.query(`create index on row (name); create index on row (ref); set enable_seqscan = off`)
    const { sql, params } = conditionToSql(conditionOf({ $or: [{ name: 'by' }, { ref: ids[0] }] }), columns)
    const plan = await client.query(`explain select 1 from row r where ${sql}`, params)
    expect(JSON.stringify(plan.rows)).toContain('BitmapOr')
    await client.query('set enable_seqscan = on')
  })
})

describe('what cannot be asked fails, and is not left out', () => {
  test.each<[string, Record<string, unknown>]>([
    ['a field without a column', { cpr: '1' }],
    ['a name that every object has', { toString: 'x' }],
    ['text compared by size', { name: { $gt: 'a' } }],
    ['a number asked of text', { name: 5 }],
    ['text asked of a number', { level: '5' }],
    ['a uuid that is none', { ref: 'abc' }],
    ['a day that does not exist', { endsOn: '2026-02-30' }],
    ['no value at all', { name: undefined }],
    ['a list that only knows membership, asked for existence', { groups: { $exists: true } }],
    ['a list of lists', { name: { $in: [['a']] } }],
  ])('%s', (_, raw) => {
    expect(() => conditionToSql(conditionOf(raw), columns)).toThrow()
  })

  test.each(['$regex', '$elemMatch', '$size', '$all', '$where', '$options'])('the operator %s', operator => {
    expect(() => conditionToSql(conditionOf({ name: { $eq: 'x', [operator]: 'x' } }), columns)).toThrow()
    expect(() => conditionToSql(conditionOf({ name: { [operator]: 'x' } }), columns)).toThrow()
  })

  test('an operator of the tree that nobody knows', () => {
    expect(() => conditionToSql({ operator: 'like', field: 'name', value: '%' }, columns)).toThrow('like')
    expect(() => conditionToSql({ operator: 'not', value: [] }, columns)).toThrow()
  })
})
