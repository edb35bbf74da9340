import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import type { Binding, BindingObject } from '../../../../server/register/bindings/binding.ts'
import { effectivePurpose } from '../../../../server/register/bindings/effective-purpose.ts'
import { withoutPurposeSql } from '../../../../server/register/bindings/without-purpose-sql.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, job, municipality, person, system, unit } from '../../../support/municipality.ts'
import { activityInForce } from '../../../support/register.ts'

const database = testDatabase()
const DAY = '2026-03-02'
let ids: Record<string, string>
let activityId: string

beforeAll(async () => {
  const town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'unit' }),
    person('Ann'),
    job('a1', 'Ann', { unit: '100', title: 'SSA' }),
    job('a2', 'Ann', { unit: '100', title: 'Kok' }),
  ])
  await town.feed('systems', [
    ...['s1', 's2'].map(key => system(key, { name: key })),
    ...['s1/e1', 's1/e2', 's2/e3'].map(key => entitlement(key, { name: key })),
  ])
  const rows = await database.db.snapshot(tx =>
    tx.query<{ key: string; id: string }>(
      'select key, id from it_system union all select key, id from entitlement union all select key, id from affiliation',
    ),
  )
  ids = Object.fromEntries(rows.map(row => [row.key, row.id]))
  activityId = await database.db.transaction(tx =>
    activityInForce(tx, { ref: 'BA-1', name: 'Pleje', purposes: [{ key: 'main', name: 'Pleje' }] }),
  )
})

const of = (...values: string[]) => fc.constantFrom(...values)
// Ids stand for themselves until the database has said what they are.
const anyObject: fc.Arbitrary<BindingObject> = fc.oneof(
  fc.record({ level: fc.constant('system' as const), systemId: of('s1', 's2') }),
  fc.record({ level: fc.constant('entitlement' as const), entitlementId: of('s1/e1', 's1/e2', 's2/e3') }),
  fc.record({ level: fc.constant('role' as const), roleKey: of('r1', 'r2') }),
  fc.record({ level: fc.constant('rule' as const), ruleKey: of('k1', 'k2') }),
  fc.record({
    ...{ level: fc.constant('assignment' as const), affiliationId: of('a1', 'a2') },
    entitlementId: of('s1/e1', 's1/e2'),
  }),
)
const limits = fc.oneof(
  fc.constant({}),
  fc.record({ kle: fc.array(of('27', '27.36', '27.36.04', '29', '29.18'), { minLength: 1, maxLength: 2 }) }),
  fc.record({ unit: fc.array(of('u1', 'u2'), { minLength: 1, maxLength: 2 }) }),
)
const anyBinding = fc.record({
  object: anyObject,
  scope: limits as fc.Arbitrary<Record<string, string[]>>,
  from: of('2026-03-01', DAY, '2026-03-03'),
  to: fc.option(of(DAY, '2026-03-04'), { nil: null }),
  approved: fc.boolean(),
  purposeKey: of('main', 'gone'),
})
const anyWay = fc.record({
  affiliation: of('a1', 'a2'),
  right: of('s1/e1', 's1/e2', 's2/e3'),
  ruleKey: of('k1', 'k2'),
  rolePath: fc.uniqueArray(of('r1', 'r2', 'r3'), { maxLength: 2 }),
  limits: limits as fc.Arbitrary<Record<string, string[]>>,
})

const withIds = (object: BindingObject): BindingObject =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, name.endsWith('Id') ? ids[value]! : value]),
  ) as BindingObject

it('says in SQL of which rights nobody has said a purpose, as the page of a person says it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyBinding, { maxLength: 6 }),
      fc.array(anyWay, { minLength: 1, maxLength: 8 }),
      async (said, ways) => {
        const rows = said.map(({ object, ...one }, place) => ({ ...one, object: withIds(object), place }))
        const lacking = await database.db.transaction(async tx => {
          await tx.query('delete from purpose_binding')
          await tx.query(
            `insert into purpose_binding (id, level, system_id, entitlement_id, role_key, rule_key, affiliation_id, activity_id,
               purpose_key, operations, scope, necessity, origin, proposed_by, proposed_at, approved_by, approved_at, valid, recorded)
             select gen_random_uuid(), r.object ->> 'level', (r.object ->> 'systemId')::uuid, (r.object ->> 'entitlementId')::uuid,
               r.object ->> 'roleKey', r.object ->> 'ruleKey', (r.object ->> 'affiliationId')::uuid, $2, r."purposeKey", '{}', r.scope,
               'prøve', 'manual', 'test', now(), 'test', case when r.approved then now() end, daterange(r."from", r."to"), tstzrange(now(), null)
             from jsonb_to_recordset($1::jsonb) as r(object jsonb, "purposeKey" text, scope jsonb, approved boolean, "from" date, "to" date)
             where r."to" is null or r."from" < r."to"`,
            [JSON.stringify(rows), activityId],
          )
          const found = await tx.query<{ place: number }>(
            `with given as (select * from jsonb_to_recordset($2::jsonb) as r(place int, affiliation_id uuid, entitlement_id uuid,
               system_id uuid, rule_key text, role_path text[], constraints jsonb))
             select place from (${withoutPurposeSql('given', '$1')}) w order by place`,
            [
              DAY,
              JSON.stringify(
                ways.map((way, place) => ({
                  place,
                  ...{ affiliation_id: ids[way.affiliation], entitlement_id: ids[way.right] },
                  ...{ system_id: ids[way.right.slice(0, 2)], rule_key: way.ruleKey, role_path: way.rolePath },
                  constraints: Object.entries(way.limits).map(([on, values]) => ({ on, kind: on, values })),
                })),
              ),
            ],
          )
          return found.map(row => row.place)
        })
        const counting = rows
          .filter(one => one.approved && one.purposeKey === 'main' && (one.to === null || one.from < one.to))
          .map((one): Binding => ({ id: String(one.place), activityId, ...one }))
        const naive = ways.flatMap((way, place) => {
          const right = {
            ...{ systemId: ids[way.right.slice(0, 2)]!, entitlementId: ids[way.right]!, limits: way.limits },
            ways: [
              { affiliationId: ids[way.affiliation]!, ruleKey: way.ruleKey, rolePath: way.rolePath, groupIds: [] },
            ],
          }
          return effectivePurpose(right, counting, DAY).length === 0 ? [place] : []
        })
        expect(lacking).toEqual(naive)
      },
    ),
    { numRuns: 60 },
  )
})
