import fc from 'fast-check'
import type { AffiliationFacts } from '../../../server/rules/affiliation-facts.ts'
import type { Condition, FieldTest } from '../../../server/rules/condition.ts'
import type { ConstraintSpec } from '../../../server/rules/constraint.ts'
import type { RightsRule } from '../../../server/rules/rights-rule.ts'
import type { Role } from '../../../server/rules/role.ts'

// Small worlds: few values, so that rules and facts meet often, overlap, and forbid each other.
export const today = '2026-03-03'
export const entitlementKeys = [
  'sbsys/laes',
  'sbsys/sag.skriv',
  'kmd.opus/loen',
  'kmd.opus/Leder GG',
  'nøgler/hal-1',
  'ad/APP.x',
  'ad/APP',
]
const units = ['by', 'omsorg', 'skole', 'plejehjem-1', 'plejehjem-2']
const paths = [
  ['by'],
  ['by', 'omsorg'],
  ['by', 'skole'],
  ['by', 'omsorg', 'plejehjem-1'],
  ['by', 'omsorg', 'plejehjem-2'],
]
const positions = ['sosu', 'sygeplejerske', 'lærer']
const functions = ['TR', 'AMR', 'it-kontakt']
const kle = ['27.36', '27.36.04', '17.00']
const dates = ['2025-12-31', '2026-03-03', '2026-07-01']

const tests: fc.Arbitrary<Condition>[] = [
  text('position', positions),
  text('kind', ['employment', 'temp', 'pupil']),
  text('unitKey', units),
  text('functions', functions),
  text('kle', kle),
  fc
    .subarray(units, { minLength: 1 })
    .map(list => ({ unit: { $under: list.length === 1 ? (list[0] as string) : list } })),
  fc.constantFrom(...units).map(key => ({ unit: { $not: { $under: key } } })),
  compare('fraction', [0, 0.5, 1]),
  compare('unitLevel', [0, 1, 2]),
  compare('endsOn', dates),
  fc.boolean().map(value => ({ isManager: value })),
  fc.boolean().map(value => ({ onLeave: { $ne: value } })),
  fc
    .tuple(fc.constantFrom('position', 'functions', 'fraction', 'endsOn'), fc.boolean())
    .map(([field, value]) => ({ [field]: { $exists: value } })),
  fc.tuple(fc.constantFrom(...positions), fc.boolean()).map(([value, is]) => ({
    position: { $not: (is ? { $eq: value } : { $nin: [value, 'x'] }) as FieldTest, $exists: true },
  })),
]
const oneFieldTest = fc.oneof(...tests)

function text(field: string, values: string[]): fc.Arbitrary<Condition> {
  return fc.oneof(
    fc.constantFrom(...values).map(value => ({ [field]: value })),
    fc.constantFrom(...values).map(value => ({ [field]: { $ne: value } })),
    fc.subarray(values, { minLength: 1 }).map(list => ({ [field]: { $in: list } })),
    fc.subarray(values, { minLength: 1 }).map(list => ({ [field]: { $nin: list } })),
  )
}

function compare(field: string, values: (string | number)[]): fc.Arbitrary<Condition> {
  return fc
    .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte'), fc.constantFrom(...values))
    .map(([operator, value]) => ({ [field]: { [operator]: value } }))
}

export const condition: fc.Arbitrary<Condition> = fc.letrec<{ any: Condition }>(tie => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { arbitrary: oneFieldTest, weight: 6 },
    { arbitrary: fc.constant({}), weight: 1 },
    { arbitrary: fc.tuple(oneFieldTest, oneFieldTest).map(([a, b]) => ({ ...a, ...b })), weight: 3 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(tie('any'), { minLength: 1, maxLength: 3 }))
        .map(([operator, parts]) => ({ [operator]: parts })),
      weight: 3,
    },
    {
      arbitrary: fc.tuple(oneFieldTest, tie('any')).map(([a, b]) => ({ ...a, $or: [b, { isManager: true }] })),
      weight: 1,
    },
  ),
})).any

const full: fc.Arbitrary<AffiliationFacts> = fc
  .record({
    id: fc.uuid(),
    kind: fc.constantFrom('employment', 'temp', 'pupil' as const),
    unitPath: fc.constantFrom(...paths),
    position: fc.option(fc.constantFrom(...positions)),
    kle: fc.subarray(kle),
    functions: fc.subarray(functions),
    isManager: fc.boolean(),
    fraction: fc.option(fc.constantFrom(0, 0.25, 0.5, 1)),
    endsOn: fc.option(fc.constantFrom(...dates)),
    onLeave: fc.boolean(),
  })
  .map(some => {
    const unitKey = some.unitPath.at(-1) as string
    return {
      ...some,
      personId: some.id,
      unitId: unitKey,
      unitKey,
      unitKind: 'enhed',
      unitLevel: some.unitPath.length - 1,
      positionCategory: null,
      title: null,
      managerOf: [],
      primary: true,
      startsOn: '2020-01-01',
      networks: [],
      schoolClass: null,
    }
  })

/** Facts as they should be, and facts from which some are missing, undefined or of a wrong type. */
export const facts: fc.Arbitrary<AffiliationFacts> = fc.oneof(
  full,
  fc
    .tuple(
      full,
      fc.array(
        fc.tuple(
          fc.constantFrom(
            'position',
            'kle',
            'functions',
            'fraction',
            'endsOn',
            'isManager',
            'unitPath',
            'kind',
            'unitLevel',
          ),
          fc.constantFrom('gone', null, undefined, 7, 'x', [], Number.NaN),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    )
    .map(([whole, spoils]) => {
      const spoilt: Record<string, unknown> = { ...whole }
      for (const [field, value] of spoils) {
        if (value === 'gone') delete spoilt[field]
        else spoilt[field] = value
      }
      return spoilt as AffiliationFacts
    }),
)

const spec: fc.Arbitrary<ConstraintSpec> = fc.oneof(
  fc.constantFrom<ConstraintSpec>(
    { on: 'unit', kind: 'own-unit' },
    { on: 'unit', kind: 'own-unit-and-below' },
    { on: 'kle', kind: 'kle' },
    { on: 'case', kind: 'chosen' },
  ),
  fc.nat(4).map((level): ConstraintSpec => ({ on: 'unit', kind: 'ancestor-at-level', level })),
  fc
    .array(fc.constantFrom('27', 'a: b', '# ikke', ' x', 'null', '1.10'), { minLength: 1, maxLength: 2 })
    .map((values): ConstraintSpec => ({ on: 'kle', kind: 'fixed', values })),
)

/** Roles that contain only roles after themselves, so no cycles. */
export const roles: fc.Arbitrary<Role[]> = fc
  .array(
    fc.record({
      entitlements: fc.uniqueArray(
        fc.record(
          {
            key: fc.constantFrom(...entitlementKeys, 'sbsys/*', 'kmd.opus/*'),
            constraints: fc.array(spec, { minLength: 1, maxLength: 2 }),
          },
          { requiredKeys: ['key'] },
        ),
        { maxLength: 3, selector: one => one.key },
      ),
      inner: fc.array(fc.nat(3), { maxLength: 2 }),
    }),
    { minLength: 4, maxLength: 4 },
  )
  .map(list =>
    list.map(({ entitlements, inner }, i) => ({
      key: `rolle-${i}`,
      name: `Rolle ${i}`,
      entitlements,
      roles: [...new Set(inner.filter(other => other > i))].map(other => `rolle-${other}`),
    })),
  )

const ruleParts = fc.record({
  name: fc.constantFrom('Plejen', 'Ja: alle #1', '- "x"', 'Æblegrød\n2. linje'),
  inverted: fc.boolean(),
  conditions: condition,
  entitlements: fc.uniqueArray(fc.constantFrom(...entitlementKeys, 'sbsys/*', 'kmd.opus/*', 'ad/*'), { maxLength: 3 }),
  everything: fc.boolean(),
  roles: fc.uniqueArray(fc.constantFrom('rolle-0', 'rolle-1', 'rolle-2', 'rolle-3'), { maxLength: 2 }),
  constraint: fc.option(fc.array(spec, { maxLength: 2 })),
  draft: fc.nat(6).map(n => n === 0),
  validFrom: fc.constantFrom('2020-01-01', '2020-01-01', '2026-03-03', '2026-03-04'),
  validTo: fc.constantFrom(null, null, '2027-01-01', '2026-03-03'),
  order: fc.nat(4),
  version: fc.integer({ min: 1, max: 3 }),
  purpose: fc.option(fc.constantFrom('paragraf 83', '1'), { nil: undefined }),
})

const rule = (key: string) =>
  ruleParts.map(({ everything, constraint, draft, purpose, ...parts }): RightsRule => {
    const named = parts.entitlements.length + parts.roles.length > 0
    const entitlements = named ? parts.entitlements : ['sbsys/laes']
    return {
      ...parts,
      key,
      entitlements: parts.inverted && everything ? ['*'] : entitlements,
      ...(parts.inverted ? { reason: 'Må aldrig: funktionsadskillelse' } : {}),
      ...(constraint ? { constraints: { '*': constraint } } : {}),
      ...(purpose ? { purpose } : {}),
      validFrom: parts.validFrom < (parts.validTo ?? '9') ? parts.validFrom : '2020-01-01',
      state: draft ? 'draft' : 'active',
      owner: 'it',
    }
  })

export const rules: fc.Arbitrary<RightsRule[]> = fc
  .nat(8)
  .chain(count => fc.tuple(...Array.from({ length: count }, (_, i) => rule(`regel-${i}`))))

export const world = fc.record({ rules, roles })
