import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { MappingStep } from '#contract/mappings.ts'
import { resuspend } from '../../../../server/access/access-store.ts'
import { syncEverything } from '../../../../server/access/drift/drift-day.ts'
import { previewSettling, settle, undo } from '../../../../server/access/drift/settle-service.ts'
import { changeEntitlementValues } from '../../../../server/access/entitlements/entitlement-service.ts'
import { changeMappings, previewMappings } from '../../../../server/access/mappings/mapping-change-service.ts'
import { putNotice } from '../../../../server/findings/finding-store.ts'
import type { Clock } from '../../../../server/platform/clock.ts'
import type { NormalAttrs } from '../../../../server/platform/feed-record.ts'
import type { Db } from '../../../../server/platform/unit-of-work.ts'
import { stampOf } from '../../../../server/systems/entitlements/entitlement-store.ts'
import { AFTER_DECIDED } from '../../../../server/wiring.ts'
import { testDatabase } from '../../../support/database.ts'
import { account, job, record } from '../../../support/municipality.ts'
import { acc, driftTown, members, rules } from './drift-town.ts'

const database = testDatabase()
const people = ['ann', 'bo', 'cia'] as const
const rights = ['a/read', 'a/write', 'b/admin'] as const
type Town = Awaited<ReturnType<typeof driftTown>>

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
/** In use, unused for long enough to be asked about, unused for so long that it is more than that; and not known. */
const USED = [10, 120, 220, null] as const
const used = fc.constantFrom(...USED)

type Step =
  | { do: 'job'; who: string; title: string; unit: string; ends: boolean; leave: boolean }
  | { do: 'account'; who: string; as: string; kind: string; enabled: boolean; used: number | null }
  | { do: 'members'; right: string; of: string[] }
  | { do: 'mapping'; group: string; gives: string }
  | { do: 'rules'; grants: string; limited: string }
  | { do: 'listed'; who: string; used: number | null; limits: string[]; gone: boolean }
  | { do: 'right'; right: string; sensitivity: 'none' | 'special'; privileged: boolean }
  | { do: 'cap'; right: string; cap: number | null; counts: 'people-held' | 'accounts-held' | 'people-expected' }
  | { do: 'settle'; action: 'exception' | 'removal'; until: string }
  | { do: 'undo' }
  | { do: 'lock'; who: string; on: boolean }
const as = <Word extends string>(word: Word) => fc.constant(word)
const who = fc.constantFrom(...people)
const right = fc.constantFrom(...rights)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    ...{ do: as('job'), who, title: fc.constantFrom('Kok', 'Assistent'), unit: fc.constantFrom('110', '120') },
    ...{ ends: fc.boolean(), leave: fc.boolean() },
  }),
  fc.record({
    ...{ do: as('account'), who, as: fc.constantFrom(...people, 'unknown'), enabled: fc.boolean(), used },
    kind: fc.constantFrom('personal', 'shared', 'admin'),
  }),
  fc.record({ do: as('members'), right, of: fc.subarray([...people]) }),
  fc.record({ do: as('mapping'), group: right, gives: right }),
  fc.record({
    ...{ do: as('rules'), grants: fc.constantFrom('a/read', 'a/write', 'a/read, a/write') },
    limited: fc.constantFrom('', 'a/read', 'a/write'),
  }),
  fc.record({
    ...{ do: as('listed'), who: fc.constantFrom(...people, 'robot'), used, gone: fc.boolean() },
    limits: fc.subarray(['Køkkenet', 'Kontoret']),
  }),
  fc.record({
    ...{ do: as('right'), right, sensitivity: fc.constantFrom('none' as const, 'special' as const) },
    privileged: fc.boolean(),
  }),
  fc.record({
    ...{ do: as('cap'), right, cap: fc.constantFrom(null, 0, 1, 2) },
    counts: fc.constantFrom('people-held' as const, 'accounts-held' as const, 'people-expected' as const),
  }),
  fc.record({
    ...{ do: as('settle'), action: fc.constantFrom('exception' as const, 'removal' as const) },
    until: fc.constantFrom('2026-03-20', '2026-09-01'),
  }),
  fc.record({ do: as('undo') }),
  fc.record({ do: as('lock'), who, on: fc.boolean() }),
)

/** What must be found whatever else is drawn, each by a change that touches nothing but it. */
const EXAMPLES: Step[][] = [
  // Rights that nothing gives, a sensitive one of an account that several use.
  [
    { do: 'members', right: 'a/write', of: ['ann', 'bo', 'cia'] },
    { do: 'members', right: 'b/admin', of: ['ann', 'bo', 'cia'] },
    { do: 'account', who: 'bo', as: 'unknown', kind: 'shared', enabled: true, used: null },
    { do: 'right', right: 'a/write', sensitivity: 'none', privileged: false },
    { do: 'members', right: 'a/read', of: [] },
    { do: 'members', right: 'a/write', of: ['cia'] },
  ],
  // What the group of such an account gives, said otherwise on the desk of mappings.
  [
    { do: 'members', right: 'a/write', of: ['bo'] },
    { do: 'account', who: 'bo', as: 'unknown', kind: 'shared', enabled: true, used: null },
    { do: 'mapping', group: 'a/write', gives: 'a/read' },
    { do: 'mapping', group: 'a/write', gives: 'b/admin' },
  ],
  // The use of a right by an account of nobody, and by that of a person; a cap that accounts of nobody count against.
  [
    { do: 'listed', who: 'robot', used: 10, limits: [], gone: false },
    { do: 'cap', right: 'a/write', cap: 1, counts: 'accounts-held' },
    { do: 'listed', who: 'robot', used: 120, limits: [], gone: false },
    { do: 'right', right: 'a/write', sensitivity: 'special', privileged: true },
    { do: 'listed', who: 'cia', used: 220, limits: [], gone: false },
    { do: 'listed', who: 'robot', used: 220, limits: [], gone: true },
  ],
  // A limit that was not given; an exception that ends soon; what rests; a cap of who should have it.
  [
    { do: 'rules', grants: 'a/read', limited: 'a/write' },
    { do: 'listed', who: 'cia', used: null, limits: ['Kontoret', 'Køkkenet'], gone: false },
    { do: 'members', right: 'b/admin', of: ['bo'] },
    { do: 'settle', action: 'exception', until: '2026-03-20' },
    { do: 'undo' },
    { do: 'cap', right: 'a/read', cap: 1, counts: 'people-expected' },
    { do: 'lock', who: 'ann', on: true },
    { do: 'job', who: 'bo', title: 'Kok', unit: '110', ends: false, leave: true },
  ],
]

const stored = (db: Db) =>
  db.snapshot(tx =>
    tx.query<{ code: string }>(
      `select id, code, subject_id, object_id, cause, severity, person_id, system_id, unit_id, owner_role, detail, state
       from finding where closed_at is null order by code, subject_id, object_id`,
    ),
  )

/** The time of the database goes on, and so does this: while it stands, what was there before looks as if it came just now. */
const CLOCK: Clock = { now: () => new Date(), today: () => '2026-03-02' }

/** Carries steps out as the product does: by a reading, a page, a decision. */
function doing(town: Town) {
  let batch: string | null = null
  const when = () => ({ ...town.when, after: AFTER_DECIDED })
  const it = { ...town.actors.it, personId: town.people.ann! }
  const say = (key: string, values: object) =>
    database.db.transaction(async tx => {
      const id = town.rights[key]!
      // What a privileged right may not be without.
      const whole = { description: 'Åbner for det, som prøven handler om', ownerPersonId: town.people.ann!, ...values }
      const body = { stamp: await stampOf(tx, id), reason: 'Prøve', values: whole }
      await changeEntitlementValues(tx, id, body, { actor: it, ...when() })
    })
  return async (one: Step): Promise<void> => {
    if (one.do === 'job') {
      const leave = { leaveFrom: '2026-03-01', leaveTo: '2026-04-01', leaveKind: 'Barsel' }
      const attrs: NormalAttrs = { unit: one.unit, title: one.title, ...(one.leave ? leave : {}) }
      await town.feed('hr', [job(`e-${one.who}`, one.who, one.ends ? { ...attrs, endsOn: '2026-01-01' } : attrs)])
    } else if (one.do === 'account')
      await town.feed('ad', [
        acc(one.who, {
          ...{ employeeNo: `e-${one.as}`, accountKind: one.kind, enabled: one.enabled },
          ...(one.used === null ? {} : { lastSignIn: daysAgo(one.used) }),
        }),
      ])
    else if (one.do === 'members') await town.feed('ad', [members(one.right, one.of)])
    else if (one.do === 'mapping') {
      const [mapping] = await database.db.snapshot(tx =>
        tx.query<{ id: string }>(
          `select id from group_mapping m where off_at is null and pattern = $1 and not exists (
             select from group_mapping o where o.pattern = m.pattern and o.entitlement = $2 and o.off_at is null)`,
          [`g-${one.group}`, one.gives],
        ),
      )
      if (!mapping) return
      const becomes = { source: 'ad', pattern: `g-${one.group}`, entitlement: one.gives, place: 'keep' as const }
      const steps: MappingStep[] = [{ do: 'change', mapping: mapping.id, ...becomes }]
      const who = { actor: it, ...when() }
      await database.db.transaction(async tx => {
        const { hash } = await previewMappings(tx, steps, who)
        return changeMappings(tx, { steps, hash, reason: null }, who)
      })
    } else if (one.do === 'rules') await town.rules(rules(one.grants, one.limited))
    else if (one.do === 'listed') {
      const key = `${one.who}\twrite`
      const lastUsed = one.used === null ? null : daysAgo(one.used).slice(0, 10)
      const held = { system: 'a', account: one.who, right: 'write', limits: one.limits, lastUsed }
      await town.feed('list', one.gone ? [] : [record('held')(key, held)], one.gone ? [`held/${key}`] : [])
    } else if (one.do === 'right') await say(one.right, { sensitivity: one.sensitivity, privileged: one.privileged })
    else if (one.do === 'cap') await say(one.right, { licenceCap: one.cap, licenceCounts: one.counts })
    else if (one.do === 'settle') {
      const at = when()
      const until = one.action === 'exception' ? { until: one.until } : {}
      const asked = { action: one.action, choice: { filter: { counted: true } }, ...until }
      const plan = await database.db.snapshot(tx => previewSettling(tx, it, asked, at.today))
      if (plan.fits.length > 0)
        batch = (
          await database.db.transaction(tx => settle(tx, it, { ...asked, reason: 'Aftalt', hash: plan.hash }, at))
        ).batchId
    } else if (one.do === 'undo') {
      const id = batch
      batch = null
      // Nothing of it is left where it was all found anew since: then there is nothing to undo.
      if (id !== null) await database.db.transaction(tx => undo(tx, it, id, when())).catch(() => null)
    } else
      await database.db.transaction(async tx => {
        const id = town.people[one.who]!
        await tx.query(`update person_lock set released_at = now(), released_by = 'y' where person_id = $1`, [id])
        if (one.on)
          await tx.query(
            `insert into person_lock (id, person_id, reason, locked_at, locked_by) values (gen_random_uuid(), $1, 'x', now(), 'x')`,
            [id],
          )
        await resuspend(tx, [id], { ...when(), cause: 'lock' })
      })
  }
}

it('findings after any changes are those of evaluating everything from nothing, with the same ages', async () => {
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async steps => {
      await database.reset()
      const town = await driftTown(database.db, undefined, { clock: CLOCK })
      // The list of system a: who has which right there, how wide, and when it was last used.
      await town.feed(
        'list',
        [...people, 'robot'].map(key =>
          account(key, {
            ...{ username: `${key}-a`, enabled: true },
            ...(key === 'robot' ? { accountKind: 'service' } : { employeeNo: `e-${key}` }),
          }),
        ),
      )
      await database.db.transaction(tx =>
        putNotice(tx, { discussedOn: '2026-01-01', toldOn: '2026-01-15', reference: 'MED 1/2026' }, 'test', new Date()),
      )
      const carryOut = doing(town)
      for (const one of steps) {
        await carryOut(one)
        const kept = await stored(database.db)
        for (const { code } of kept) seen.set(code, (seen.get(code) ?? 0) + 1)
        // From nothing: whatever evaluating everything would change, open or close is a difference.
        await database.db.transaction(tx => syncEverything(tx, town.when.today))
        expect([one, await stored(database.db)]).toEqual([one, kept])
      }
    }),
    {
      numRuns: EXAMPLES.length + Number(process.env.RUNS ?? 4),
      examples: EXAMPLES.map(steps => [steps]),
      endOnFailure: true,
    },
  )
  const least = ['dormant', 'exception-ending', 'licence-over', 'missing', 'outside-limit', 'privileged', 'shared']
  expect([...seen.keys()]).toEqual(expect.arrayContaining([...least, 'still-held', 'unexplained']))
}, 400_000)
