import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answer, ask } from '../../../../server/access/rectifications/rectification-service.ts'
import { noteSeen } from '../../../../server/access/rectifications/rectification-store.ts'
import {
  countAnswersSql,
  countRectificationsSql,
  ownRectificationsView,
  rectificationsView,
} from '../../../../server/access/rectifications/rectification-views.ts'
import { audit } from '../../../../server/audit/audit-store.ts'
import { lookupsOf } from '../../../../server/audit/lookup-views.ts'
import type { RectificationObject } from '../../../../server/contract/rectifications.ts'
import { newId } from '../../../../server/platform/ids.ts'
import { statement } from '../../../../server/platform/statement.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { testDatabase } from '../../../support/database.ts'
import { smallTown } from '../../overview/small-town.ts'

const database = await testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
const now = new Date('2026-03-02T09:00:00Z')
const page = { offset: 0, limit: 50 }

beforeAll(async () => {
  town = await smallTown(database.db)
})
beforeEach(() => database.db.transaction(async tx => void (await tx.query('delete from rectification'))))

const say = (actor: Actor, object: RectificationObject, words = 'Det passer ikke længere.', at = now) =>
  database.db.transaction(tx => ask(tx, actor, { object, words }, at))
const list = (actor: Actor, state?: 'open' | 'answered') =>
  database.db.snapshot(tx => rectificationsView(tx, actor, { ...page, state }, now))
const respond = (actor: Actor, id: string) =>
  database.db.transaction(tx => answer(tx, actor, id, { outcome: 'corrected', answer: 'Det er rettet nu.' }, now))
const counts = (actor: Actor, today = '2026-03-02') =>
  database.db.snapshot(async tx => {
    const q = statement()
    const sql = `select ${countRectificationsSql(actor, q, today)}, ${countAnswersSql(actor, q)} as answers`
    const [row] = await tx.query<Record<string, string>>(sql, q.params)
    return Object.fromEntries(Object.entries(row!).map(([name, value]) => [name, Number(value)]))
  })
/** Ann holds this right, in a system that the leader of Nord owns. */
const right = (): RectificationObject => ({ about: 'right', entitlementId: town.rights['sbsys/caseworker']! })
/** The leader as owner of that system, and of nothing else. */
const owner = (): Actor => ({
  ...town.actors.owner,
  userId: newId(),
  personId: town.people.Leder!,
  systems: [town.systems.sbsys!],
})

describe('who has looked', () => {
  it('is told with the unit that they work in, and never by name', async () => {
    const by = { kind: 'user' as const, userId: newId(), personId: town.people.Bo!, function: 'it' as const }
    await database.db.transaction(tx =>
      audit(tx).lookup({ actor: by, personId: town.people.Ann!, action: 'person.viewed' }),
    )
    const { lookups } = await database.db.snapshot(tx => lookupsOf(tx, town.people.Ann!, page))
    const [unit] = await database.db.snapshot(tx =>
      tx.query<{ name: string }>(
        'select u.name from person_current p join org_unit_current u on u.unit_id = p.unit_id where p.person_id = $1',
        [town.people.Bo],
      ),
    )
    expect(lookups[0]).toMatchObject({ what: 'person.viewed', byFunction: 'it', unit: unit!.name })
    expect(JSON.stringify(lookups)).not.toContain(town.people.Bo)
  })
})

describe('this is wrong', () => {
  it('about a right goes to the owner of its system, and the answer comes back', async () => {
    const ann = town.actors.employee
    const made = await say(ann, right())
    expect(made.office).toBe('systemowner')
    expect(await counts(owner())).toMatchObject({ rectifications: 1, rectifications_late: 0 })
    expect((await list(owner())).rows).toMatchObject([
      { id: made.id, label: expect.any(String), system: { key: 'sbsys' }, days: 0, allowed: { answer: true } },
    ])
    // Another owner, HR and a manager do not see it; the DPO does, and answers nothing.
    for (const other of [town.actors.owner, town.actors.hr]) expect((await list(other)).total).toBe(0)
    expect((await list(town.actors.dpo)).rows).toMatchObject([{ id: made.id, allowed: { answer: false } }])
    await expect(respond(town.actors.dpo, made.id)).rejects.toMatchObject({ problem: 'not-allowed' })
    await expect(respond(town.actors.hr, made.id)).rejects.toMatchObject({ problem: 'not-found' })

    await respond(owner(), made.id)
    await expect(respond(owner(), made.id)).rejects.toMatchObject({ problem: 'conflict' })
    const own = () => database.db.snapshot(tx => ownRectificationsView(tx, ann))
    expect(await own()).toMatchObject({
      unseen: 1,
      rows: [{ outcome: 'corrected', answer: 'Det er rettet nu.', answeredAs: 'systemowner', seen: false }],
    })
    expect((await counts(ann)).answers).toBe(1)
    expect(await database.db.transaction(tx => noteSeen(tx, ann.personId!, now))).toBe(1)
    expect(await own()).toMatchObject({ unseen: 0 })
    expect((await counts(ann)).answers).toBe(0)
    expect(await counts(owner())).toMatchObject({ rectifications: 0 })
    // What was answered may come up again.
    expect((await say(ann, right())).office).toBe('systemowner')
  })

  it('about the job goes to HR, about an account to IT; said twice it is said once', async () => {
    const ann = town.actors.employee
    const [ids] = await database.db.snapshot(tx =>
      tx.query<{ job: string; account: string }>(
        `select (select affiliation_id from affiliation_current where person_id = $1 limit 1) as job,
           (select id from account where person_id = $1 and gone_at is null limit 1) as account`,
        [ann.personId],
      ),
    )
    const job: RectificationObject = { about: 'affiliation', affiliationId: ids!.job }
    expect((await say(ann, job)).office).toBe('hr')
    await expect(say(ann, job)).rejects.toMatchObject({ problem: 'conflict' })
    expect((await say(ann, { about: 'account', accountId: ids!.account })).office).toBe('it')
    expect((await say(ann, { about: 'person' })).office).toBe('hr')
    expect((await list(town.actors.hr)).rows.map(row => row.office)).toEqual(['hr', 'hr'])
    expect((await list(town.actors.it)).rows.map(row => row.office)).toEqual(['it'])
    const all = await list(town.actors.dpo)
    expect(all).toMatchObject({ total: 3, open: 3 })
    await respond(town.actors.it, all.rows.find(row => row.office === 'it')!.id)
    expect(await list(town.actors.dpo, 'open')).toMatchObject({ total: 2, open: 2 })
    expect(await list(town.actors.dpo, 'answered')).toMatchObject({ total: 1, open: 2 })
    // The open ones stand first.
    expect((await list(town.actors.dpo)).rows.map(row => row.answeredAt !== null)).toEqual([false, false, true])
  })

  it('is about oneself, and nobody answers oneself', async () => {
    const ann = town.actors.employee
    await expect(say(ann, { about: 'affiliation', affiliationId: newId() })).rejects.toMatchObject({
      problem: 'not-found',
    })
    await expect(say(ann, { about: 'right', entitlementId: newId() })).rejects.toMatchObject({ problem: 'not-found' })
    const [other] = await database.db.snapshot(tx =>
      tx.query<{ id: string }>('select id from account where person_id <> $1 limit 1', [ann.personId]),
    )
    await expect(say(ann, { about: 'account', accountId: other!.id })).rejects.toMatchObject({ problem: 'not-found' })
    // An owner who says that a right of the own system is wrong is answered by IT.
    const hr = { ...town.actors.hr, personId: ann.personId }
    const own = await say(hr, { about: 'person' })
    await expect(respond(hr, own.id)).rejects.toMatchObject({ problem: 'not-allowed' })
    expect((await list(hr)).rows[0]?.allowed).toEqual({ answer: false })
    expect(await counts(hr)).toMatchObject({ rectifications: 0 })
  })

  it('is late after a month, which is what the law gives', async () => {
    await say(town.actors.employee, right(), 'Det passer ikke.', new Date('2026-01-31T09:00:00Z'))
    expect(await counts(town.actors.dpo, '2026-02-28')).toMatchObject({ rectifications_late: 0 })
    expect(await counts(town.actors.dpo, '2026-03-01')).toMatchObject({ rectifications_late: 1 })
  })
})
