import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { refreshPersonRights } from '../../../../server/access/person-rights-store.ts'
import type { ReachApart, ReachBeyond, ReachCount, ReachHow } from '../../../../server/access/reach/count-reach.ts'
import { tellApart } from '../../../../server/access/reach/count-reach.ts'
import { reachRowsBehind } from '../../../../server/access/reach/reach-rows-view.ts'
import {
  peopleOfActivities,
  peopleOfActivity,
  type ReachCell,
  reachMatrix,
  reachRowsSql,
  readReach,
} from '../../../../server/access/reach/reach-views.ts'
import { searchReachRows } from '../../../../server/contract/reach.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import type { Binding, BindingObject, Way } from '../../../../server/register/bindings/binding.ts'
import { effectivePurpose } from '../../../../server/register/bindings/effective-purpose.ts'
import { seedVocabularies } from '../../../../server/register/vocabulary/vocabulary-store.ts'
import { testDatabase } from '../../../support/database.ts'
import { activityInForce } from '../../../support/register.ts'
import { smallTown } from '../../overview/small-town.ts'

const database = await testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
const DAY = '2026-03-02'

beforeAll(async () => {
  town = await smallTown(database.db)
  await database.db.transaction(tx => seedVocabularies(tx))
})

type Row = { subject: string; data: string }
type MadeActivity = { id: string; rows: Row[]; systems: string[]; inForce: boolean; kle: string[] }
type Operation = 'read' | 'write' | 'delete' | 'export'
type MadeBinding = Binding & { data: string[] | null; subjects: string[] | null; operations: Operation[] }
type Limits = { on: string; values: string[] }[]
type Given = {
  personId: string
  affiliationId: string
  entitlementId: string
  rests: boolean
  limits: Limits
  way: Way
}

/** What the town holds after a random change, as rows in memory. */
type World = {
  systemOf: ReadonlyMap<string, string>
  unitsOf: ReadonlyMap<string, readonly string[]>
  given: Given[]
  seen: { personId: string; entitlementId: string; via: string[] }[]
  unitPath: ReadonlyMap<string, readonly string[]>
  unitKeys: ReadonlySet<string>
  activities: MadeActivity[]
  bindings: MadeBinding[]
}

/** One way in which one person reaches one category. */
type Reached = {
  personId: string
  entitlementId: string
  affiliationId: string | null
  activityId: string | null
  row: Row | null
  how: ReachHow
  beyond: ReachBeyond | null
  part: boolean
  uncounted: string[]
}
const LEVEL: Record<string, number> = { HEA: 3, CPR: 2, ECO: 2 }
const WORDS: Record<string, number> = { ordinary: 1, fortrolige: 2, special: 3 }
const within = (wide: string, narrow: string) => wide === narrow || narrow.startsWith(`${wide}.`)

/** What the limits of a right and the scope of a binding leave of a category of an activity. */
function leftOf(
  limits: Readonly<Record<string, readonly string[]>>,
  scope: Readonly<Record<string, readonly string[]>>,
  activity: MadeActivity,
  row: Row | null,
  unitKeys: ReadonlySet<string>,
): { inside: boolean; part: boolean; uncounted: string[] } {
  const uncounted = new Set<string>()
  let part = false
  const numbers: (readonly string[])[] = []
  for (const side of [limits, scope])
    for (const [type, values] of Object.entries(side))
      if (type === 'kle' && values.every(one => /^\d\d(\.\d\d){0,2}$/.test(one))) numbers.push(values)
      else if (type === 'unit' && values.every(one => unitKeys.has(one))) part = true
      else if (type === 'sensitivity' && values.every(one => WORDS[one.toLowerCase()] !== undefined)) {
        if (row && Math.max(...values.map(one => WORDS[one.toLowerCase()]!)) < LEVEL[row.data]!)
          return { inside: false, part: false, uncounted: [] }
      } else uncounted.add(type)
  if (numbers.length > 0 && activity.kle.length === 0) uncounted.add('kle')
  else if (numbers.length > 0) {
    // What both allow: of two numbers of which one covers the other, the narrower.
    const both = numbers.reduce((a, b) =>
      a.flatMap(one => b.flatMap(two => (within(one, two) ? [two] : within(two, one) ? [one] : []))),
    )
    if (!activity.kle.some(own => both.some(one => within(one, own) || within(own, one))))
      return { inside: false, part: false, uncounted: [] }
    if (!activity.kle.every(own => both.some(one => within(one, own)))) part = true
  }
  return { inside: true, part, uncounted: [...uncounted].sort() }
}

/** Every person, right, way and activity gone through by hand. */
function byHand(world: World, unit?: string, operation?: Operation): Hand {
  const reached: Reached[] = []
  const found = new Map<string, Map<string, Set<ReachHow>>>()
  const add = (key: string, person: string, how: ReachHow) => {
    const people = found.get(key) ?? new Map<string, Set<ReachHow>>()
    found.set(key, people.set(person, (people.get(person) ?? new Set()).add(how)))
  }
  const inForce = world.activities.filter(one => one.inForce)
  const isGiven = (personId: string, entitlementId: string) =>
    world.given.some(one => one.personId === personId && one.entitlementId === entitlementId)
  const isSeen = (personId: string, entitlementId: string) =>
    world.seen.some(one => one.personId === personId && one.entitlementId === entitlementId)
  const ways = [
    ...world.given
      .filter(one => !one.rests || isSeen(one.personId, one.entitlementId))
      .filter(one => unit === undefined || world.unitPath.get(one.affiliationId)!.includes(unit)),
    ...world.seen
      .filter(one => !isGiven(one.personId, one.entitlementId))
      .filter(one => unit === undefined || world.unitsOf.get(one.personId)!.includes(unit))
      .map(one => ({
        ...one,
        limits: [] as Limits,
        way: { affiliationId: null, ruleKey: null, rolePath: [], groupIds: one.via },
      })),
  ]
  for (const { personId, entitlementId, way, limits } of ways) {
    const systemId = world.systemOf.get(entitlementId)!
    const right = {
      ...{ systemId, entitlementId, ways: [way] },
      limits: Object.fromEntries(limits.map(one => [one.on, one.values])),
    }
    const living = world.bindings.filter(one => inForce.some(activity => activity.id === one.activityId))
    const counting = effectivePurpose(right, living, DAY).map(one => one.binding)
    const stated = inForce.filter(one => one.systems.includes(systemId))
    const touched = new Set([...stated.map(one => one.id), ...counting.map(one => one.activityId)])
    const affiliationId = way.affiliationId
    if (touched.size === 0) {
      add('', personId, 'unexplained')
      reached.push({
        ...{ personId, entitlementId, affiliationId, activityId: null, row: null, how: 'unexplained' },
        ...{ beyond: null, part: false, uncounted: [] },
      })
    }
    for (const id of touched) {
      const activity = inForce.find(one => one.id === id)!
      const said = counting.filter(one => one.activityId === id)
      const rows: (Row | null)[] = activity.rows.length === 0 ? [null] : activity.rows
      for (const row of rows) {
        const named = said
          .filter(
            one =>
              row === null || ((one.data?.includes(row.data) ?? true) && (one.subjects?.includes(row.subject) ?? true)),
          )
          .map(one => ({
            ...leftOf(right.limits, one.scope, activity, row, world.unitKeys),
            operations: one.operations,
          }))
        const inside = named.filter(one => one.inside)
        const does = inside.filter(
          one => operation === undefined || one.operations.length === 0 || one.operations.includes(operation),
        )
        const how = counting.length === 0 ? 'unexplained' : does.length > 0 ? 'constrained' : 'maximum'
        reached.push({
          ...{ personId, entitlementId, affiliationId, activityId: id, row, how },
          beyond: how !== 'maximum' ? null : inside.length > 0 ? 'operation' : named.length > 0 ? 'limits' : 'category',
          part: does.length > 0 && does.every(one => one.part),
          uncounted: does.every(one => one.uncounted.length > 0)
            ? [...new Set(does.flatMap(one => one.uncounted))].sort()
            : [],
        })
        add(`activity ${id}`, personId, how)
        if (row === null) add('', personId, how)
        else for (const key of [`${row.data}/${row.subject}`, `${row.data}/*`, '*/*']) add(key, personId, how)
      }
    }
  }
  const count = (people: Map<string, Set<ReachHow>>): ReachCount => ({
    people: people.size,
    constrained: [...people.values()].filter(one => one.has('constrained')).length,
    unexplained: [...people.values()].filter(one => one.has('unexplained')).length,
  })
  const cells: ReachCell[] = []
  const perActivity = new Map<string, ReachCount>()
  for (const [key, people] of found) {
    if (key.startsWith('activity ')) perActivity.set(key.slice(9), count(people))
    else cells.push({ data: key.split('/')[0]!, subject: key.split('/')[1] ?? '', ...count(people) })
  }
  return { cells: sorted(cells), perActivity, reached }
}
type Hand = { cells: ReachCell[]; perActivity: Map<string, ReachCount>; reached: Reached[] }

/** Each person by the best they have among what is reached. */
function apartByHand(reached: readonly Reached[]): ReachApart {
  const apart = {
    people: 0,
    constrained: 0,
    limits: 0,
    operation: 0,
    category: 0,
    unexplained: 0,
    part: 0,
    uncounted: 0,
  }
  for (const mine of Map.groupBy(reached, one => one.personId).values()) {
    const best = mine.filter(one => one.how === 'constrained')
    apart.people++
    if (best.length > 0) {
      apart.constrained++
      if (best.every(one => one.part)) apart.part++
      if (best.every(one => one.uncounted.length > 0)) apart.uncounted++
    } else
      apart[
        (['limits', 'operation', 'category'] as const).find(why => mine.some(one => one.beyond === why)) ??
          'unexplained'
      ]++
  }
  return { ...apart, uncountedBy: [...new Set(reached.flatMap(one => one.uncounted))].sort() }
}
const sorted = (cells: readonly ReachCell[]) =>
  cells.toSorted((a, b) => (`${a.data}/${a.subject}` < `${b.data}/${b.subject}` ? -1 : 1))

const OPERATIONS: readonly Operation[] = ['read', 'write', 'delete', 'export']
const DATA = ['HEA', 'CPR', 'ECO']
const SUBJECTS = ['CHLD', 'ELD']
const KLE = ['27', '27.36', '27.36.04', '29']
const ROLES = ['pay-role', 'inner-role']
const RULES = ['care', 'everybody', 'pay']

const some = <T>(list: readonly T[]) => fc.subarray([...list])
const index = fc.nat({ max: 1000 })
/** Numbers, units and levels that there are, and such as nobody knows of. */
const VALUES = {
  kle: fc.constantFrom(...KLE, '27.x'),
  unit: fc.constantFrom('111', '112', 'nowhere'),
  sensitivity: fc.constantFrom('ordinary', 'Fortrolige', 'special', 'niveau-7'),
  team: fc.constantFrom('nat'),
}
const valuesOf = (type: keyof typeof VALUES) => fc.uniqueArray(VALUES[type], { minLength: 1, maxLength: 2 })
const limits = fc.array(
  fc
    .constantFrom(...(['kle', 'kle', 'unit', 'sensitivity', 'team'] as const))
    .chain(on => fc.record({ on: fc.constant(on), values: valuesOf(on) })),
  { maxLength: 3 },
)
const randomTown = fc.record({
  activities: fc.array(
    fc.record({
      rows: fc.uniqueArray(fc.record({ data: fc.constantFrom(...DATA), subject: fc.constantFrom(...SUBJECTS) }), {
        maxLength: 4,
        selector: row => `${row.data} ${row.subject}`,
      }),
      systems: some([0, 1]),
      inForce: fc.boolean(),
      kle: fc.uniqueArray(fc.constantFrom(...KLE), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  bindings: fc.array(
    fc.record({
      level: fc.constantFrom('system', 'entitlement', 'group', 'role', 'rule', 'assignment'),
      of: index,
      activity: index,
      data: fc.option(fc.subarray(DATA, { minLength: 1 })),
      subjects: fc.option(fc.subarray(SUBJECTS, { minLength: 1 })),
      scope: fc.oneof(
        { weight: 2, arbitrary: fc.constant({}) },
        fc.record(
          { kle: valuesOf('kle'), unit: valuesOf('unit'), sensitivity: valuesOf('sensitivity') },
          { requiredKeys: [] },
        ),
      ),
      operations: fc.subarray([...OPERATIONS]),
      ended: fc.boolean(),
    }),
    { maxLength: 8 },
  ),
  given: fc.array(
    fc.record({
      affiliation: index,
      right: index,
      rule: fc.constantFrom(...RULES),
      path: some(ROLES),
      rests: fc.boolean(),
      limits,
    }),
    { maxLength: 8 },
  ),
  seen: fc.array(fc.record({ account: index, right: index, via: some([0, 1, 2]), allowed: fc.boolean() }), {
    maxLength: 6,
  }),
  /** Rights by place: the later includes the earlier, so that none includes itself. */
  includes: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    fc.array(fc.uniqueArray(fc.nat({ max: 2 }), { minLength: 2, maxLength: 2 }), { maxLength: 2 }),
  ),
})
type RandomTown = typeof randomTown extends fc.Arbitrary<infer T> ? T : never

const pick = <T>(list: readonly T[], place: number): T => list[place % list.length] as T

/** Writes the random part into the town and reads all of it back. */
async function make(tx: Tx, random: RandomTown): Promise<World> {
  const entitlements = await tx.query<{ id: string; system_id: string }>(
    'select id, system_id from entitlement order by key',
  )
  const systems = [town.systems.sbsys!, town.systems.kmd!]
  const affiliations = await tx.query<{ id: string }>(
    'select affiliation_id as id from affiliation_current order by employee_no',
  )
  const accounts = await tx.query<{ id: string }>('select id from account where gone_at is null order by username')
  const groups = await tx.query<{ id: string }>('select id from directory_group order by name')
  const activities: MadeActivity[] = []
  for (const [place, one] of random.activities.entries()) {
    const its = one.systems.map(at => systems[at]!)
    const id = await activityInForce(tx, {
      ...{ ref: `T-${place}`, name: `Aktivitet ${place}`, rows: one.rows, systems: its, kle: one.kle },
      ...(one.inForce ? {} : { to: DAY }),
    })
    activities.push({ id, rows: one.rows, systems: its, inForce: one.inForce, kle: one.kle })
  }
  for (const one of random.given) {
    const [derivation] = await tx.query<{ id: string }>(
      `insert into derivation (hash, rule_key, rule_version, role_path, matched) values ($1, $2, 1, $3, '[]')
       on conflict (hash) do update set rule_key = excluded.rule_key returning id`,
      [Buffer.from(`${one.rule} ${one.path}`), one.rule, one.path],
    )
    await tx.query(
      `insert into assignment (affiliation_id, entitlement_id, derivation_id, constraints, since, reason_since, suspended)
       values ($1, $2, $3, $4, now(), now(), $5) on conflict (affiliation_id, entitlement_id)
       do update set derivation_id = excluded.derivation_id, constraints = excluded.constraints, suspended = excluded.suspended`,
      [
        pick(affiliations, one.affiliation).id,
        pick(entitlements, one.right).id,
        derivation!.id,
        JSON.stringify(one.limits),
        one.rests ? 'absence' : null,
      ],
    )
  }
  for (const one of random.seen)
    await tx.query(
      `insert into observed_right (account_id, entitlement_id, via, first_seen_at) values ($1, $2, $3, now())
       on conflict (account_id, entitlement_id) do update set via = excluded.via`,
      [pick(accounts, one.account).id, pick(entitlements, one.right).id, one.via.map(at => pick(groups, at).id)],
    )
  for (const one of random.seen.filter(one => one.allowed))
    await tx.query(
      `insert into right_exception (person_id, entitlement_id, valid_from, valid_to, reason, in_force, created_by)
       select a.person_id, $2, $3::date, $3::date + 30, 'prøve', true, 'test' from account a
       where a.id = $1 and a.person_id is not null and not exists (select from right_exception x
         where x.in_force and x.person_id = a.person_id and x.entitlement_id = $2)`,
      [pick(accounts, one.account).id, pick(entitlements, one.right).id, DAY],
    )
  for (const pair of random.includes) {
    const [part, whole] = pair.toSorted((a, b) => a - b).map(at => pick(entitlements, at).id)
    if (part !== whole)
      await tx.query(
        'insert into entitlement_include (entitlement_id, includes_id) values ($1, $2) on conflict do nothing',
        [whole, part],
      )
  }
  // As the product does in the transaction of whatever changes rights.
  await refreshPersonRights(tx, 'all')
  const assignments = await tx.query<{ affiliation_id: string; entitlement_id: string }>(
    'select affiliation_id, entitlement_id from assignment order by 1, 2',
  )
  const bindings: MadeBinding[] = []
  for (const one of random.bindings) {
    const object = objectOf(one, { systems, entitlements, groups, assignments })
    const to = one.ended ? DAY : null
    const made: MadeBinding = {
      ...{ id: randomUUID(), object, activityId: pick(activities, one.activity).id, purposeKey: 'main' },
      ...{ scope: one.scope, from: '2026-01-01', to, data: one.data, subjects: one.subjects },
      operations: one.operations,
    }
    const of = object as Record<string, string | undefined>
    await tx.query(
      `insert into purpose_binding (id, level, system_id, entitlement_id, group_id, role_key, rule_key, affiliation_id, activity_id,
         purpose_key, subjects, data, scope, operations, necessity, origin, proposed_by, proposed_at, approved_by, approved_at, valid, recorded)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'main', $10, $11, $12, $13, 'Arbejdet', 'manual', 'x', now(), 'y', now(),
         daterange('2026-01-01', $14), tstzrange('2020-01-01', null))`,
      [
        ...[made.id, object.level, of.systemId, of.entitlementId, of.groupId, of.roleKey, of.ruleKey, of.affiliationId],
        ...[made.activityId, made.subjects, made.data, JSON.stringify(made.scope), made.operations, to],
      ].map(value => value ?? null),
    )
    bindings.push(made)
  }
  return { ...(await held(tx)), activities, bindings }
}

function objectOf(
  one: RandomTown['bindings'][number],
  of: {
    systems: string[]
    entitlements: { id: string }[]
    groups: { id: string }[]
    assignments: { affiliation_id: string; entitlement_id: string }[]
  },
): BindingObject {
  const level = one.level as BindingObject['level']
  if (level === 'system') return { level, systemId: pick(of.systems, one.of) }
  if (level === 'entitlement') return { level, entitlementId: pick(of.entitlements, one.of).id }
  if (level === 'group') return { level, groupId: pick(of.groups.slice(0, 3), one.of).id }
  if (level === 'role') return { level, roleKey: pick(ROLES, one.of) }
  if (level === 'rule') return { level, ruleKey: pick(RULES, one.of) }
  const assignment = pick(of.assignments, one.of)
  return { level, affiliationId: assignment.affiliation_id, entitlementId: assignment.entitlement_id }
}

async function held(tx: Tx): Promise<Omit<World, 'activities' | 'bindings'>> {
  const map = <T>(rows: { id: string; value: T }[]) => new Map(rows.map(row => [row.id, row.value]))
  const given = await tx.query<Given & { rule: string; path: string[] }>(
    `select ac.person_id as "personId", a.affiliation_id as "affiliationId", a.entitlement_id as "entitlementId",
       a.suspended is not null as rests, a.constraints as limits, d.rule_key as rule, d.role_path as path
     from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id join derivation d on d.id = a.derivation_id`,
  )
  return {
    systemOf: map(await tx.query('select id, system_id as value from entitlement')),
    unitsOf: map(await tx.query('select person_id as id, unit_ids as value from person_current')),
    unitPath: map(await tx.query('select affiliation_id as id, unit_path as value from affiliation_current')),
    unitKeys: new Set((await tx.query<{ key: string }>('select key from org_unit_current')).map(row => row.key)),
    given: given.map(one => ({
      ...one,
      way: { affiliationId: one.affiliationId, ruleKey: one.rule, rolePath: one.path, groupIds: [] },
    })),
    seen: await tx.query(
      `select acc.person_id as "personId", o.entitlement_id as "entitlementId", o.via from observed_right o
       join account acc on acc.id = o.account_id where acc.person_id is not null and acc.gone_at is null
       union select acc.person_id, part.part_id, o.via from observed_right o join account acc on acc.id = o.account_id
       join entitlement_part part on part.entitlement_id = o.entitlement_id where acc.person_id is not null and acc.gone_at is null`,
    ),
  }
}

/** In a transaction that is always taken back. */
async function inPassing(work: (tx: Tx) => Promise<void>): Promise<void> {
  const back = new Error('taken back')
  await database.db
    .transaction(async tx => {
      await work(tx)
      throw back
    })
    .catch(error => {
      if (error !== back) throw error
    })
}

const runs = {
  numRuns: Number(process.env.REACH_RUNS ?? 25),
  ...(process.env.REACH_SEED ? { seed: Number(process.env.REACH_SEED) } : {}),
}

describe('reach', () => {
  it('is what going through every person and right by hand says, of everybody and of a unit', async () => {
    await fc.assert(
      fc.asyncProperty(randomTown, random =>
        inPassing(async tx => {
          const world = await make(tx, random)
          const hand = byHand(world)
          expect(sorted(await reachMatrix(tx, { day: DAY }))).toEqual(hand.cells)
          expect(new Map([...(await peopleOfActivities(tx, DAY))].sort())).toEqual(
            new Map([...hand.perActivity].sort()),
          )
          // Of one alone, only rights are read by which it could be reached.
          for (const { id } of await tx.query<{ id: string }>('select id from activity'))
            expect(await peopleOfActivity(tx, id, DAY)).toEqual(
              hand.perActivity.get(id) ?? { people: 0, constrained: 0, unexplained: 0 },
            )
          const unit = town.units['111']!
          expect(sorted(await reachMatrix(tx, { day: DAY, unit }))).toEqual(byHand(world, unit).cells)
          // The set row by row is what was counted.
          const rows = await tx.query<{ person_id: string; data_category: string | null; how: ReachHow }>(
            reachRowsSql(),
            [DAY],
          )
          const people = (how?: ReachHow) =>
            new Set(
              rows.filter(row => row.data_category !== null && (!how || row.how === how)).map(row => row.person_id),
            ).size
          expect(
            hand.cells.find(one => one.data === '*') ?? { people: 0, constrained: 0, unexplained: 0 },
          ).toMatchObject({
            ...{ people: people(), constrained: people('constrained'), unexplained: people('unexplained') },
          })
        }),
      ),
      runs,
    )
  })

  it('is for what is asked to be done within the limits of the right and of what is said of it, as by hand', async () => {
    await fc.assert(
      fc.asyncProperty(randomTown, fc.constantFrom(...OPERATIONS), (random, operation) =>
        inPassing(async tx => {
          const world = await make(tx, random)
          const hand = byHand(world, undefined, operation)
          expect(sorted(await reachMatrix(tx, { day: DAY, operation }))).toEqual(hand.cells)
          // At most is at most, whatever is to be done.
          const most = (cells: readonly ReachCell[]) => cells.map(one => [one.data, one.subject, one.people])
          expect(most(hand.cells)).toEqual(most(byHand(world).cells))

          const set = await readReach(tx, DAY, { operation })
          const stated = hand.reached.filter(one => one.row !== null)
          const told = tellApart(set.footprints, set.crowds, cell => cell.data !== null)
          expect(told).toEqual(apartByHand(stated))
          // Everybody stands in one place of it.
          const all = hand.cells.find(one => one.data === '*') ?? { people: 0, constrained: 0 }
          expect(told).toMatchObject({ people: all.people, constrained: all.constrained })
          expect(told.constrained + told.limits + told.operation + told.category + told.unexplained).toBe(all.people)

          const behind = await reachRowsBehind(
            tx,
            { ...searchReachRows.body.parse({ operation }), limit: 10_000, day: DAY },
            null,
          )
          const strength = ['constrained', 'operation', 'limits', 'category', 'unexplained']
          const kind = (one: { how: string; beyond: string | null }) => one.beyond ?? one.how
          const byWay = Map.groupBy(hand.reached, one =>
            [one.personId, one.entitlementId, one.activityId, one.affiliationId].join(' '),
          )
          expect(
            behind.rows.map(row => [row.person.id, row.right.id, row.activity?.id ?? '', kind(row)].join(' ')).sort(),
          ).toEqual(
            [...byWay.values()]
              .map(([one, ...more]) => {
                const best = strength.find(kinds => [one!, ...more].some(way => kind(way) === kinds))
                return [one!.personId, one!.entitlementId, one!.activityId ?? '', best].join(' ')
              })
              .sort(),
          )

          // Asked of some data or one activity, only a part is read, and the same people stand behind it.
          const people = async (asked: object) =>
            (await reachRowsBehind(tx, { ...searchReachRows.body.parse({ operation, ...asked }), day: DAY }, null))
              .people
          for (const cell of hand.cells.filter(one => one.data !== '' && one.data !== '*').slice(0, 3)) {
            const subjects = cell.subject === '*' ? [] : [cell.subject]
            expect(await people({ data: [cell.data], subjects })).toBe(cell.people)
          }
          for (const [activity, count] of [...byHand(world).perActivity].slice(0, 2))
            expect(await people({ activity })).toBe(count.people)
        }),
      ),
      runs,
    )
  })
})
