import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { removalsView } from '../../../server/access/drift/removals-view.ts'
import { previewSettling, settle, undo } from '../../../server/access/drift/settle-service.ts'
import { refreshPersonRights } from '../../../server/access/person-rights-store.ts'
import type { SettleAction } from '../../../server/contract/findings.ts'
import { setRung } from '../../../server/orders/delivery-store.ts'
import { HELD_ABOVE } from '../../../server/orders/hold-removals.ts'
import { catchUpOrders, planOrdersOf } from '../../../server/orders/order-service.ts'
import { orderView } from '../../../server/orders/orders-views.ts'
import { removalOrders } from '../../../server/orders/removal-orders.ts'
import { AFTER_DECIDED } from '../../../server/wiring.ts'
import { testDatabase } from '../../support/database.ts'
import { job, person } from '../../support/municipality.ts'
import { acc, driftTown, findingsOf, members, rules } from '../access/drift/drift-town.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof driftTown>>
/** Of marks, which come after one another. */
let minute = 0
const when = () => {
  minute += 1
  return {
    today: '2026-03-02',
    now: new Date(Date.parse('2026-03-02T09:00:00Z') + minute * 60_000),
    after: AFTER_DECIDED,
  }
}
const names = async (_: unknown, ids: readonly string[]) => new Map(ids.map(id => [id, 'Karen fra IT']))

/** Everything of a system at a rung; rights that rules give have been so for long. */
const rung = (to: string, key = 'a') =>
  database.db.transaction(async tx => {
    await tx.query(`update assignment set reason_since = '2026-01-01'`)
    const at = when()
    await setRung(tx, town.systems[key]!, to as 'apply', at.now)
    return planOrdersOf(tx, 'all', at)
  })
async function begin(to = 'apply') {
  await database.reset()
  minute = 0
  town = await driftTown(database.db)
  await rung(to)
  await rung(to, 'b')
}
beforeEach(() => begin())

async function doSettle(action: SettleAction, code?: string) {
  const ids = await database.db.snapshot(async tx =>
    (
      await tx.query<{ id: string }>(
        'select id from finding where closed_at is null and ($1::text is null or code = $1) order by id',
        [code ?? null],
      )
    ).map(row => row.id),
  )
  const asked = { action, choice: { ids }, ...(action === 'accept' ? { until: '2026-06-01' } : {}) }
  const at = when()
  const plan = await database.db.snapshot(tx => previewSettling(tx, town.actors.it, asked, at.today))
  if (plan.fits.length === 0) return null
  return database.db.transaction(tx =>
    settle(tx, town.actors.it, { ...asked, reason: 'Aftalt med ejeren', hash: plan.hash }, at),
  )
}
const undone = (batchId: string) => database.db.transaction(tx => undo(tx, town.actors.it, batchId, when()))
/** Open orders in words. */
const open = () =>
  database.db.snapshot(async tx =>
    (
      await tx.query<{ said: string }>(
        `select concat_ws(' ', o.action, e.key, p.given_name, o.cause, case when o.hold_id is not null then 'held' end) as said
         from provisioning_order o left join entitlement e on e.id = o.entitlement_id
         join person_current p on p.person_id = o.person_id
         where o.state in ('planned', 'task', 'sending', 'retry', 'parked') order by 1`,
      )
    ).map(row => row.said),
  )
const list = () =>
  database.db.snapshot(async tx =>
    (await removalsView(tx, town.actors.it, {}, removalOrders)).rows.map(row => [
      row.username,
      row.order?.stage ?? null,
    ]),
  )

test('what is marked is ordered once, says who decided and why, and is withdrawn when the mark is', async () => {
  await town.feed('ad', [members('a/write', ['bo', 'cia'])])
  expect(await open()).toEqual([])
  await database.db.transaction(tx =>
    tx.query(`update finding set code = 'outlier' where person_id = $1`, [town.people.bo]),
  )
  const marked = await doSettle('removal', 'unexplained')
  expect(await open()).toEqual(['revoke a/write cia removal'])
  expect(await list()).toEqual([['cia', 'ordered']])
  const again = await database.db.transaction(tx => planOrdersOf(tx, 'all', when()))
  expect(again).toEqual({ made: 0, changed: 0, cancelled: 0 })

  const one = await database.db.snapshot(async tx => {
    const [row] = await tx.query<{ id: string; finding: string }>(
      `select o.id, f.id as finding from provisioning_order o join finding f on f.state = 'removal' where o.cause = 'removal'`,
    )
    return { ...row!, view: await orderView(tx, town.actors.it, row!.id, names) }
  })
  expect(one.view?.decision).toEqual({
    ...{ findingId: one.finding, by: 'Karen fra IT', at: '2026-03-02T09:03:00.000Z', reason: 'Aftalt med ejeren' },
  })
  expect(one.view?.content).not.toHaveProperty('decision')

  await undone(marked!.batchId)
  expect(await open()).toEqual([])
  expect(await list()).toEqual([])
  await doSettle('removal', 'unexplained')
  await doSettle('accept', 'unexplained')
  expect(await open()).toEqual([])
})

test('while a system is only observed, or only added to, it stays a list; raised, the list is ordered', async () => {
  await begin('observe')
  await town.feed('ad', [members('a/write', ['cia'])])
  await doSettle('removal')
  expect([await open(), await list()]).toEqual([[], [['cia', null]]])
  await rung('add')
  expect([await open(), await list()]).toEqual([[], [['cia', null]]])
  await rung('apply')
  expect([await open(), await list()]).toEqual([['revoke a/write cia removal'], [['cia', 'ordered']]])
  await rung('observe')
  expect([await open(), await list()]).toEqual([[], [['cia', null]]])
})

test('at the last rung an order without a reason becomes one that somebody decided, and back', async () => {
  await rung('full')
  await town.feed('ad', [members('a/write', ['cia'])])
  expect(await open()).toEqual(['revoke a/write cia unexplained'])
  const marked = await doSettle('removal')
  expect(await open()).toEqual(['revoke a/write cia removal'])
  await undone(marked!.batchId)
  expect(await open()).toEqual(['revoke a/write cia unexplained'])
})

test('what a rule has come to give is not taken; nor is what stands on the account made for it', async () => {
  await town.feed('ad', [members('a/write', ['bo'])])
  await doSettle('removal')
  expect(await open()).toEqual(['revoke a/write bo removal'])
  await town.rules(rules('a/read, a/write'))
  await database.db.transaction(tx => catchUpOrders(tx, when()))
  expect((await open()).filter(line => line.startsWith('revoke'))).toEqual([])
  expect((await findingsOf(database.db)).filter(line => line.includes('bo a/write'))).toEqual([])
})

test('a privileged right goes from the account of the daily work, and the one made for it does not say otherwise', async () => {
  await town.feed('ad', [acc('adm-bo', { accountKind: 'admin', employeeNo: '' })])
  await database.db.transaction(async tx => {
    await tx.query(`update account set person_id = $1, situation = 'linked' where username = 'adm-bo'`, [
      town.people.bo,
    ])
    await refreshPersonRights(tx, [town.people.bo!])
  })
  await town.feed('ad', [members('b/admin', ['bo', 'adm-bo'])])
  await doSettle('removal', 'privileged')
  expect(await open()).toEqual(['revoke b/admin bo removal'])
  await database.db.transaction(tx =>
    tx.query(`update provisioning_order set state = 'done', done_at = '2026-01-01' where cause = 'removal'`),
  )
  await database.db.transaction(tx => planOrdersOf(tx, 'all', when()))
  expect([await open(), await list()]).toEqual([[], [['bo', 'done']]])
  await town.feed('ad', [members('b/admin', ['adm-bo'])])
  expect(await list()).toEqual([])
  expect(
    await database.db.snapshot(tx => tx.query(`select state from provisioning_order where cause = 'removal'`)),
  ).toEqual([{ state: 'verified' }])
  expect(await open()).toEqual([])
})

test('a finding that closes by itself takes its order with it, whoever closed it', async () => {
  await town.feed('ad', [members('a/write', ['cia'])])
  await doSettle('removal')
  await database.db.transaction(tx => catchUpOrders(tx, when()))
  expect(await open()).toEqual(['revoke a/write cia removal'])
  await database.db.transaction(tx => tx.query(`update finding set state = 'closed', closed_at = now()`))
  await database.db.transaction(tx => catchUpOrders(tx, when()))
  expect(await open()).toEqual([])
})

test('many at once wait for a second person', async () => {
  const many = Array.from({ length: HELD_ABOVE + 1 }, (_, n) => `x${n}`)
  await town.feed(
    'hr',
    many.flatMap(key => [person(key), job(`e-${key}`, key, { unit: '120', title: 'Assistent' })]),
  )
  await town.feed('ad', [...many.map(key => acc(key)), members('a/write', many)])
  await doSettle('removal', 'unexplained')
  expect(await open()).toEqual(many.map(key => `revoke a/write ${key} removal held`).sort())
  expect(await list()).toEqual(many.map(key => [key, 'held']).sort())
  const [hold] = await database.db.snapshot(tx => tx.query('select cause, removals from order_hold'))
  expect(hold).toEqual({ cause: 'removal', removals: many.length })
})

test('two processes that plan the same make one order', async () => {
  await town.feed('ad', [members('a/write', ['cia'])])
  await database.db.transaction(tx =>
    tx.query(`update finding set state = 'removal', decided_at = now(), decided_by = 'test', reason = 'Aftalt'`),
  )
  await Promise.all([1, 2].map(() => database.db.transaction(tx => planOrdersOf(tx, 'all', when()))))
  expect(await open()).toEqual(['revoke a/write cia removal'])
})

test('the account of somebody who has left is closed where that was decided', async () => {
  await database.db.transaction(tx =>
    tx.query(
      `insert into account_type (id, system_id, key, name, source, per, rules, lead_days, disable_after)
       select gen_random_uuid(), id, 'ad', 'AD', 'ad', 'person', '[]', 0, 0 from it_system where key = 'a'`,
    ),
  )
  await town.feed('hr', [job('e-cia', 'cia', { unit: '120', title: 'Assistent', endsOn: '2026-01-01' })])
  expect(await findingsOf(database.db)).toEqual(['leaver-active cia'])
  expect(await open()).toEqual([])
  const marked = await doSettle('removal')
  expect([await open(), await list()]).toEqual([['disable cia removal'], [['cia', 'ordered']]])
  await undone(marked!.batchId)
  expect(await open()).toEqual([])
})

type Step =
  | { do: 'members'; right: string; of: string[] }
  | { do: 'settle'; action: SettleAction }
  | { do: 'undo' }
  | { do: 'rung'; to: string }
  | { do: 'rules'; grants: string }
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('members' as const),
    right: fc.constantFrom('a/read', 'a/write'),
    of: fc.subarray(['ann', 'bo', 'cia']),
  }),
  fc.record({
    do: fc.constant('settle' as const),
    action: fc.constantFrom('removal' as const, 'accept' as const, 'reopen' as const),
  }),
  fc.record({ do: fc.constant('undo' as const) }),
  fc.record({ do: fc.constant('rung' as const), to: fc.constantFrom('observe', 'add', 'apply', 'full') }),
  fc.record({ do: fc.constant('rules' as const), grants: fc.constantFrom('a/read', 'a/write') }),
)
const EXAMPLE: Step[] = [
  { do: 'members', right: 'a/write', of: ['bo', 'cia'] },
  { do: 'settle', action: 'removal' },
  { do: 'undo' },
  { do: 'settle', action: 'removal' },
  { do: 'rules', grants: 'a/write' },
]

test('orders after any changes and decisions are those of planning everything from nothing', async () => {
  let seen = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async steps => {
      await begin()
      let last: string | null = null
      for (const one of steps) {
        if (one.do === 'members') await town.feed('ad', [members(one.right, one.of)])
        else if (one.do === 'rung') await rung(one.to)
        else if (one.do === 'rules') {
          await town.rules(rules(one.grants))
          await database.db.transaction(tx => catchUpOrders(tx, when()))
        } else if (one.do === 'settle') last = (await doSettle(one.action))?.batchId ?? last
        // Settled anew meanwhile, or gone: nothing is undone then.
        else if (last !== null) await undone(last).catch(() => null)
        const kept = await open()
        seen += kept.filter(line => line.endsWith('removal')).length
        const from = await database.db.transaction(tx => planOrdersOf(tx, 'all', when()))
        expect([one, from]).toEqual([one, { made: 0, changed: 0, cancelled: 0 }])
        expect(await open()).toEqual(kept)
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 4), examples: [[EXAMPLE]] },
  )
  expect(seen).toBeGreaterThan(2)
}, 300_000)
