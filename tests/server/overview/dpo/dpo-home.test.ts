import { beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../../../../server/access/rectifications/rectification-service.ts'
import { PACE_GROUP, SAME_WORDS } from '../../../../server/contract/dpo-home.ts'
import { dpoHomeView } from '../../../../server/overview/dpo/dpo-home-view.ts'
import { newId } from '../../../../server/platform/ids.ts'
import { addBindings, type NewBinding } from '../../../../server/register/bindings/binding-store.ts'
import { counted } from '../../../support/counted.ts'
import { testDatabase } from '../../../support/database.ts'
import { activityInForce } from '../../../support/register.ts'
import { smallTown } from '../small-town.ts'

const database = await testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
let care: string
const now = new Date('2026-03-02T09:00:00Z')
const home = () => database.db.snapshot(tx => dpoHomeView(tx, town.actors.dpo, now))
const clock = async (code: string) => (await home()).clocks.find(one => one.code === code)

beforeAll(async () => {
  town = await smallTown(database.db)
  care = await database.db.transaction(tx =>
    activityInForce(tx, {
      ...{ ref: 'BA-1', name: 'Personlig pleje' },
      purposes: [{ key: 'main', name: 'Pleje', provisions: [{ law: 'ældreloven', section: '§ 9', checkedOn: null }] }],
    }),
  )
})

/** As many bindings of one right, said by these people a minute or a second apart. */
const said = (
  people: string[],
  { apart, words, at = now }: { apart: number; words: (n: number) => string; at?: Date },
) =>
  database.db.transaction(async tx => {
    for (const [n, by] of people.entries()) {
      const binding: NewBinding = {
        object: { level: 'entitlement', entitlementId: town.rights['sbsys/caseworker']! },
        terms: {
          ...{ activityId: care, purposeKey: 'main', subjects: null, data: null, operations: [], scope: {} },
          ...{ necessity: words(n), until: null, reviewMonths: 1 },
        },
        ...{ from: '2025-01-01', origin: 'manual', proposalSource: null, confidence: null },
        ...{ by, approvedBy: by, batchId: null },
      }
      await addBindings(tx, [binding], new Date(at.getTime() + n * apart))
    }
  })
const clear = () => database.db.transaction(async tx => void (await tx.query('delete from purpose_binding')))

describe("the DPO's home", () => {
  it('has clocks that count what waits and say when it is due, in five statements', async () => {
    await database.db.transaction(async tx => {
      await tx.query(`update activity set attest_due = '2026-03-20'`)
      await tx.query(
        `insert into activity_comment (id, activity_id, version_id, kind, text, at, by, follow_up_on)
         select gen_random_uuid(), f.activity_id, f.version_id, 'advice', 'Slet efter fem år', now(), gen_random_uuid(), '2026-02-20'
         from activity_in_force f`,
      )
    })
    await database.db.transaction(tx =>
      ask(
        tx,
        town.actors.employee,
        { object: { about: 'person' }, words: 'Mit navn er stavet forkert' },
        new Date('2026-01-15T09:00:00Z'),
      ),
    )
    expect(await clock('attest')).toMatchObject({ count: 1, late: 0, due: '2026-03-20' })
    expect(await clock('advice')).toMatchObject({ count: 1, late: 1, due: '2026-02-20' })
    expect(await clock('unchecked')).toMatchObject({ count: 1, late: null, due: null })
    expect(await clock('rectifications')).toMatchObject({ count: 1, late: 1, due: '2026-02-15' })
    await database.db.snapshot(async tx => {
      const { tx: watched, statements } = counted(tx)
      await dpoHomeView(watched, town.actors.dpo, now)
      expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(5)
    })
  })

  it('counts purposes to look at again, the oldest first', async () => {
    await clear()
    await said([newId()], { apart: 0, words: () => 'Plejen skriver i sagen.', at: new Date('2026-01-10T09:00:00Z') })
    expect(await clock('bindings-review')).toMatchObject({ count: 1, late: 1, due: '2026-02-10' })
  })

  it('shows the same words at many purposes, and not at a few', async () => {
    await clear()
    const many = (n: number) => Array.from({ length: n }, () => newId())
    await said(many(SAME_WORDS), { apart: 60_000, words: () => 'Arbejdsbetinget   behov.' })
    expect((await home()).stamps.words).toEqual([])
    // Written otherwise is the same words.
    await said(many(1), { apart: 0, words: () => ' arbejdsbetinget behov.' })
    expect((await home()).stamps.words).toMatchObject([{ bindings: SAME_WORDS + 1, systems: 1 }])
  })

  it('tells how fast people decide only of groups of five or more', async () => {
    await clear()
    const words = (n: number) => `Plejen skriver i sagen, ${n}.`
    const people = Array.from({ length: PACE_GROUP }, () => newId())
    // Four of them, ten times each, a second apart: nobody is told of.
    const four = people.slice(1)
    await said(
      four.flatMap(one => Array.from({ length: 10 }, () => one)),
      { apart: 1000, words },
    )
    expect((await home()).stamps).toMatchObject({ pace: [], untold: 1 })
    // A fifth, once: the group is told of, 36 of its 41 decisions were quick.
    await said(people.slice(0, 1), { apart: 0, words })
    const { pace, untold } = (await home()).stamps
    expect(pace).toEqual([
      { area: null, people: 5, decisions: 41, quick: 36 },
      { area: 'Sag', people: 5, decisions: 41, quick: 36 },
    ])
    expect(untold).toBe(0)
  })
})
