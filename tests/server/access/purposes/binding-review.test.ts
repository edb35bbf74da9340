import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bindingsView, countBindingsSql } from '../../../../server/access/purposes/bindings-view.ts'
import { coverageView } from '../../../../server/access/purposes/coverage-view.ts'
import { searchBindings } from '../../../../server/contract/bindings.ts'
import { addDays } from '../../../../server/platform/civil-date.ts'
import { newId } from '../../../../server/platform/ids.ts'
import { statement } from '../../../../server/platform/statement.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import type { BindingObject } from '../../../../server/register/bindings/binding.ts'
import * as bindings from '../../../../server/register/bindings/binding-service.ts'
import type { BindingTerms } from '../../../../server/register/bindings/binding-store.ts'
import { testDatabase } from '../../../support/database.ts'
import { activityInForce } from '../../../support/register.ts'
import { smallTown } from '../../overview/small-town.ts'

const database = await testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
let care: string
let school: string
const today = '2026-03-02'
const when = { today, now: new Date('2026-03-02T09:00:00Z') }
const yearOn = { today: '2027-03-02', now: new Date('2027-03-02T09:00:00Z') }

beforeEach(() => database.db.transaction(async tx => void (await tx.query('delete from purpose_binding'))))
beforeAll(async () => {
  town = await smallTown(database.db)
  ;[care, school] = await database.db.transaction(async tx => [
    await activityInForce(tx, { ref: 'BA-1', name: 'Personlig pleje', kle: ['27'] }),
    await activityInForce(tx, { ref: 'BA-2', name: 'Skole', kle: ['17'] }),
  ])
})

const terms = (over: Partial<BindingTerms> = {}): BindingTerms => ({
  ...{ activityId: care, purposeKey: 'main', subjects: null, data: null, operations: [], scope: {}, until: null },
  ...{ necessity: 'Plejen skal kunne se og skrive i sagen.', reviewMonths: 12 },
  ...over,
})
const make = (actor: Actor, object: BindingObject, over: Partial<BindingTerms> = {}) =>
  database.db.transaction(tx => bindings.make(tx, actor, { object, terms: terms(over) }, when))
const list = (actor: Actor, day: string, asked: Record<string, unknown> = {}) =>
  database.db.snapshot(tx => bindingsView(tx, actor, searchBindings.body.parse(asked), day))
const counted = (actor: Actor, day: string) =>
  database.db.snapshot(async tx => {
    const q = statement()
    const sql = countBindingsSql(actor, q, day)
    const [row] = await tx.query<{ bindings_waiting: number; bindings_due: number }>(`select ${sql}`, q.params)
    return { waiting: Number(row?.bindings_waiting), due: Number(row?.bindings_due) }
  })
/** Somebody who owns one system and is nothing else. */
const ownerOf = (...systems: string[]): Actor => ({
  ...town.actors.nobody,
  userId: newId(),
  roles: ['systemowner'],
  systems,
})

describe('what a right is for is looked at again', () => {
  it('after its rhythm, by whoever answers for it; still true begins it anew', async () => {
    const sbsys = town.systems.sbsys!
    const owner = ownerOf(sbsys)
    const { id, counts } = await make(owner, { level: 'system', systemId: sbsys })
    expect(counts).toBe(true)
    const dayBefore = addDays('2027-03-02', -1)
    expect((await list(owner, dayBefore, { state: 'review' })).total).toBe(0)
    expect(await counted(owner, dayBefore)).toEqual({ waiting: 0, due: 0 })

    const due = await list(owner, yearOn.today, { state: 'review' })
    expect(due).toMatchObject({ total: 1, due: 1, rows: [{ id, reviewDue: true, reviewOn: '2027-03-02' }] })
    expect(due.rows[0]?.allowed).toEqual({ change: true, approve: false, confirm: true })
    expect(await counted(owner, yearOn.today)).toEqual({ waiting: 0, due: 1 })

    const other = ownerOf(newId())
    await expect(database.db.transaction(tx => bindings.confirm(tx, other, id, null, yearOn))).rejects.toMatchObject({
      problem: 'not-found',
    })
    const confirmed = await database.db.transaction(tx => bindings.confirm(tx, owner, id, 'Set igennem', yearOn))
    const after = await list(owner, yearOn.today)
    expect(after.rows).toMatchObject([{ id: confirmed.id, reviewDue: false, reviewOn: '2028-03-02', from: today }])
    // What was known before is kept.
    const [rows] = await database.db.snapshot(tx =>
      tx.query<{ n: number }>('select count(*)::int as n from purpose_binding'),
    )
    expect(rows?.n).toBe(2)
  })

  it('of a rule not by whoever said it alone', async () => {
    const it_ = town.actors.it
    const second = { ...it_, userId: newId() }
    const [rule] = await database.db.snapshot(tx =>
      tx.query<{ key: string }>('select key from rights_rule where upper_inf(recorded) limit 1'),
    )
    const { id } = await make(it_, { level: 'rule', ruleKey: rule!.key })
    const approved = await database.db.transaction(tx => bindings.approve(tx, second, id, when))
    await expect(
      database.db.transaction(tx => bindings.confirm(tx, it_, approved.id, null, yearOn)),
    ).rejects.toMatchObject({ problem: 'second-person-needed' })
    await database.db.transaction(tx => bindings.confirm(tx, second, approved.id, null, yearOn))
    expect((await list(it_, yearOn.today, { state: 'review' })).total).toBe(0)
  })
})

describe('another activity', () => {
  it('takes the place of the one before when the owner says yes, and not earlier', async () => {
    const [sbsys, ...others] = Object.values(town.systems)
    const owner = ownerOf(sbsys!)
    const object = { level: 'system' as const, systemId: sbsys! }
    const first = await make(owner, object)
    // Somebody who may change and not agree: another owner could not even see it, so IT without the yes.
    const group = await groupOfTwo([sbsys!, others[0]!])
    const both = ownerOf(sbsys!, others[0]!)
    const bound = await make(both, { level: 'group', groupId: group })
    const said = await database.db.transaction(tx =>
      bindings.change(tx, owner, bound.id, terms({ activityId: school }), when),
    )
    expect(said.counts).toBe(false)
    const waiting = await list(owner, today, { state: 'waits' })
    expect(waiting.rows).toMatchObject([
      { id: said.id, activity: { ref: 'BA-2' }, replaces: { id: bound.id, activity: { ref: 'BA-1' } } },
    ])
    expect((await list(owner, today, { state: 'counts', level: 'group' })).rows).toMatchObject([{ id: bound.id }])
    // Confirmed meanwhile, it is still the one that ends.
    await database.db.transaction(tx => bindings.confirm(tx, both, bound.id, null, when))
    await database.db.transaction(tx => bindings.approve(tx, both, said.id, when))
    expect((await list(both, today, { level: 'group' })).rows).toMatchObject([
      { activity: { ref: 'BA-2' }, replaces: null },
    ])
    // What is said at once by whoever may say yes replaces at once.
    await database.db.transaction(tx => bindings.change(tx, owner, first.id, terms({ activityId: school }), when))
    expect((await list(owner, today, { level: 'system' })).rows).toMatchObject([{ activity: { ref: 'BA-2' } }])
  })

  it('of a group that gives rights in several systems is seen and counted at each of them', async () => {
    const [one, two, three] = Object.values(town.systems)
    const group = await groupOfTwo([one!, two!])
    await make(town.actors.it, { level: 'group', groupId: group })
    for (const system of [one!, two!]) {
      const { rows, total } = await list(ownerOf(system), today)
      expect({ total, systems: rows[0]?.systems.map(s => s.id).sort() }).toEqual({
        total: 1,
        systems: [one!, two!].sort(),
      })
      // Ending is any owner's, agreeing is for all of them.
      expect(rows[0]?.allowed).toEqual({ change: true, approve: false, confirm: false })
      expect((await list(town.actors.it, today, { system })).total).toBe(1)
    }
    expect((await list(ownerOf(three ?? newId()), today)).total).toBe(0)
  })
})

describe('how much is said', () => {
  it('is the same figure for everybody, in parts by system and by unit', async () => {
    await make(town.actors.it, { level: 'system', systemId: town.systems.sbsys! })
    const of = (actor: Actor, asked: Parameters<typeof coverageView>[3] = { whole: true }) =>
      database.db.snapshot(tx => coverageView(tx, actor, today, asked))
    const whole = await of(town.actors.it)
    expect(whole.rights).toBeGreaterThan(whole.withPurpose)
    expect(whole.withPurpose).toBeGreaterThan(0)
    // A leader, who sees no binding at all, sees the same share.
    expect(await of(town.actors.manager)).toEqual(whole)
    const parts = await Promise.all(Object.values(town.systems).map(system => of(town.actors.manager, { system })))
    expect(parts.reduce((sum, part) => sum + part.rights, 0)).toBe(whole.rights)
    const [sbsys] = await Promise.all([of(town.actors.manager, { system: town.systems.sbsys! })])
    expect(sbsys?.withPurpose).toBe(sbsys?.rights)
    const unit = await of(town.actors.manager, { unit: town.units['111']! })
    expect(unit.rights).toBeGreaterThan(0)
    expect(unit.rights).toBeLessThan(whole.rights)
  })
})

/** A directory group that gives a right in each of two systems. */
async function groupOfTwo(systems: readonly string[]): Promise<string> {
  return database.db.transaction(async tx => {
    const [group] = await tx.query<{ id: string }>(
      `insert into directory_group (id, source, key, name) select gen_random_uuid(), 'ad', id::text, 'g-' || id
       from (select gen_random_uuid() as id) one returning id`,
    )
    await tx.query(
      `insert into group_entitlement (group_id, entitlement_id, mapping_id)
       select $1, e.id, (select id from group_mapping limit 1)
       from (select distinct on (system_id) id from entitlement where system_id = any($2::uuid[]) order by system_id, id) e`,
      [group!.id, systems],
    )
    return group!.id
  })
}
