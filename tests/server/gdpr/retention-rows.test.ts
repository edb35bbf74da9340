import { beforeAll, describe, expect, test } from 'vitest'
import { DELETED_KEYS, RETENTION_ROWS, type RetentionKey } from '../../../server/contract/retention-rows.ts'
import { partsOf } from '../../../server/gdpr/retention/due-sql.ts'
import { keptRows, letGo, nextDue, previewRows } from '../../../server/gdpr/retention/retention-store.ts'
import { newId } from '../../../server/platform/ids.ts'
import type { Tx } from '../../../server/platform/unit-of-work.ts'
import { testDatabase } from '../../support/database.ts'
import { monthsBefore, PLANTS, TODAY, town, type Where } from './town.ts'

const at = testDatabase()
let where: { here: Where; left: Where }
beforeAll(async () => {
  where = await town(at.db, monthsBefore(TODAY, 80))
})

const keptOf = async (tx: Tx, key: RetentionKey) => (await keptRows(tx)).find(one => one.key === key)!
const periodStart = (key: RetentionKey, more = 0): string => {
  const row = RETENTION_ROWS.find(one => one.key === key)!
  const day =
    row.unit === 'months'
      ? monthsBefore(TODAY, row.amount)
      : new Date(Date.parse(TODAY) - row.amount * 86_400_000).toISOString().slice(0, 10)
  return new Date(Date.parse(day) + more * 86_400_000).toISOString().slice(0, 10)
}

test('every part of every row has a planted record', () => {
  const parts = DELETED_KEYS.flatMap(key => partsOf(key).map(part => `${key} ${part.name}`))
  const planted = [...PLANTS.map(one => `${one.row} ${one.part}`), 'contact person', 'cpr person', 'name person']
  expect(parts.filter(one => !planted.includes(one))).toEqual([])
})

describe.each(PLANTS.map(one => [`${one.row}: ${one.part}`, one] as const))('%s', (_, plant) => {
  test('goes on its day and not on the day before; again there is nothing', async () => {
    // Orders count from the later of leaving and being done; everything else is of somebody who still works here.
    const about = plant.row === 'orders' ? where.left : where.here
    await at.db.transaction(async tx => {
      const due = await plant.make(tx, periodStart(plant.row), about)
      const young = await plant.make(tx, periodStart(plant.row, 1), about)
      const kept = await keptOf(tx, plant.row)
      const found = (await nextDue(tx, kept, TODAY, 1_000)).filter(one => one.startsWith(`${plant.part}/`))
      expect(found).toContain(`${plant.part}/${due}`)
      expect(found).not.toContain(`${plant.part}/${young}`)
      await letGo(tx, plant.row, found, { today: TODAY, now: new Date() })
      expect((await nextDue(tx, kept, TODAY, 1_000)).filter(one => one.startsWith(`${plant.part}/`))).toEqual([])
      const [left1] = await previewRows(tx, [kept], '2040-01-01')
      expect(left1!.due).toBeGreaterThan(0)
    })
  })
})

const wordsOf = async (tx: Tx, id: string) =>
  (
    await tx.query<{ words: string; answer: string | null }>('select words, answer from rectification where id = $1', [
      id,
    ])
  )[0]

test('a journal of the time when answers stood among the reports is carried out all the same', () =>
  at.db.transaction(async tx => {
    const plant = PLANTS.find(one => one.part === 'rectification')!
    const id = await plant.make(tx, periodStart('rectifications'), where.here)
    await letGo(tx, 'cases', [`rectification/${id}`], { today: TODAY, now: new Date() })
    expect(await wordsOf(tx, id)).toEqual({ words: '', answer: '' })
  }))

test('what nobody has answered is never over by itself, and goes with the name', () =>
  at.db.transaction(async tx => {
    const id = newId()
    await tx.query(
      `insert into rectification (id, person_id, about, office, words, asked_at) values ($1, $2, 'person', 'hr', 'Forkert', '2010-01-01')`,
      [id, where.left.person],
    )
    expect(await nextDue(tx, await keptOf(tx, 'rectifications'), '2040-01-01', 1_000)).not.toContain(
      `rectification/${id}`,
    )
    await letGo(tx, 'name', [`person/${where.left.person}`], { today: TODAY, now: new Date() })
    expect(await wordsOf(tx, id)).toEqual({ words: '', answer: null })
  }))
