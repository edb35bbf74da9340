import { beforeEach, expect, test } from 'vitest'
import { DELETED_KEYS } from '../../../server/contract/retention-rows.ts'
import { carryOut, exportJournal, startRun } from '../../../server/gdpr/retention/retention-service.ts'
import { newId } from '../../../server/platform/ids.ts'
import type { Db, Tx } from '../../../server/platform/unit-of-work.ts'
import { actor } from '../../support/actors.ts'
import { testDatabase } from '../../support/database.ts'
import { monthsBefore, PLANTS, TODAY, town } from './town.ts'

const at = testDatabase()
const now = () => new Date(`${TODAY}T09:00:00Z`)
const when = { today: TODAY, now: now() }
const dpo = actor(['dpo'])
const OLD = monthsBefore(TODAY, 80)

beforeEach(() => at.reset())

/** Every plant about both people, long ago, and `held` the id of each that is about the one who is held. */
async function planted(db: Db): Promise<{ held: string[]; free: string[] }> {
  const { here, left } = await town(db, OLD)
  await db.transaction(tx =>
    tx.query(`update source_record set gone_at = now() where subject_id in ($1, $2)`, [left.person, left.affiliation]),
  )
  const [held, free]: [string[], string[]] = [[], []]
  await db.transaction(async tx => {
    for (const plant of PLANTS) {
      free.push(`${plant.row} ${plant.part}/${await plant.make(tx, OLD, left)}`)
      held.push(`${plant.row} ${plant.part}/${await plant.make(tx, OLD, here)}`)
    }
    await tx.query(
      `insert into legal_hold (id, kind, subject_id, reason, owner_id, placed_at, placed_by, expires_on)
       values ($1, 'person', $2, 'Retssag', $2, now(), $1, '2027-01-01')`,
      [newId(), here.person],
    )
  })
  return { held, free }
}
const run = (db: Db) => db.transaction(tx => startRun(tx, dpo, { rows: DELETED_KEYS, reason: 'Årlig oprydning' }, when))
const goneFrom = async (db: Db) =>
  (await db.transaction(tx => exportJournal(tx))).flatMap(line => line.subjects.map(one => `${line.row} ${one}`))

/** What is about nobody in particular a hold of a person does not keep. */
const NOBODYS = ['exports import', 'runs reject']

test('of every row: what is about somebody under a hold stays, what is about somebody else goes', async () => {
  const { held, free } = await planted(at.db)
  await run(at.db)
  expect(await carryOut(at.db, now)).toBe(true)
  const gone = await goneFrom(at.db)
  expect(held.filter(one => gone.includes(one) && !NOBODYS.some(name => one.startsWith(name)))).toEqual([])
  // What has gone with the name, or hangs together with it, has no line of its own.
  const withName = ['cpr', 'contact', 'name']
  expect(withName.every(row => gone.some(one => one.startsWith(`${row} person/`)))).toBe(true)
  expect(
    free.filter(one => one.startsWith('lookups') || one.startsWith('changes')).every(one => gone.includes(one)),
  ).toBe(true)
})

test('killed anywhere and taken up again, a run has done what one does that nobody disturbed', async () => {
  await planted(at.db)
  await run(at.db)
  expect(await carryOut(at.db, now)).toBe(true)
  const undisturbed = counted(await goneFrom(at.db))

  for (const after of [3, 11, 26, 60]) {
    await at.reset()
    await planted(at.db)
    await run(at.db)
    await expect(carryOut(dying(at.db, after), now)).rejects.toThrow('killed')
    expect(await carryOut(at.db, now)).toBe(true)
    expect(counted(await goneFrom(at.db)), `killed after ${after} statements`).toEqual(undisturbed)
    const twice = (await goneFrom(at.db)).filter((one, place, all) => all.indexOf(one) !== place)
    expect(twice).toEqual([])
  }
}, 60_000)

const counted = (gone: readonly string[]) =>
  Object.fromEntries(
    [...Map.groupBy(gone, one => one.slice(0, one.indexOf('/'))).entries()]
      .map(([part, all]) => [part, all.length])
      .sort(),
  )

/** A database whose process dies at a statement: what its transaction did is taken back. */
function dying(db: Db, after: number): Db {
  let left = after
  const watched = (tx: Tx): Tx => ({
    ...tx,
    query: (sql, params) => {
      left -= 1
      if (left < 0) throw new Error('killed')
      return tx.query(sql, params)
    },
  })
  return { ...db, transaction: work => db.transaction(tx => work(watched(tx))) }
}
