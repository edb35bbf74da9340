import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addDays } from '../../../../server/platform/civil-date.ts'
import { newId } from '../../../../server/platform/ids.ts'
import {
  inForceOn,
  insertActivity,
  recordInForce,
  writeVersion,
} from '../../../../server/register/activities/activity-store.ts'
import { testDatabase } from '../../../support/database.ts'
import { content } from './content.ts'

const base = testDatabase()
const START = '2026-01-01'
const NOW = Date.parse('2026-03-01T12:00:00Z')
const instant = (at: number) => new Date(NOW + at * 60_000)

it('what counted on a day, as was known then, is every decision until then said again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ version: fc.option(fc.nat(2), { freq: 5 }), day: fc.nat(40) }), { maxLength: 6 }),
      fc.array(fc.record({ day: fc.nat(45), known: fc.integer({ min: -1, max: 7 }) }), { minLength: 4, maxLength: 8 }),
      async (acts, questions) => {
        await base.db.transaction(async tx => {
          const activityId = await insertActivity(tx, {
            ...{ kind: 'controller', catalogueKey: null, author: 'test', now: instant(-9) },
          })
          const versions = [newId(), newId(), newId()]
          for (const [at, id] of versions.entries()) {
            await writeVersion(tx, {
              ...{ id, activityId, number: at + 1, content: content({ name: `Version ${at}` }), baseId: null },
              ...{ summary: null, author: 'test', now: instant(-9) },
            })
            // One open version a record: the others have been decided.
            await tx.query(`update activity_version set state = 'in-force' where id = $1`, [id])
          }
          for (const [at, act] of acts.entries())
            await recordInForce(tx, activityId, act.version === null ? null : (versions[act.version] ?? null), {
              ...{ day: addDays(START, act.day), today: START, now: instant(at) },
            })
          for (const { day, known } of questions) {
            const last = acts.slice(0, known + 1).findLast(act => act.day <= day)
            const expected = last?.version == null ? [] : [versions[last.version]]
            const found = await inForceOn(tx, addDays(START, day), instant(known), [activityId])
            expect(found.map(one => one.versionId)).toEqual(expected)
          }
        })
      },
    ),
    { numRuns: 12 },
  )
})

it('a content stands as rows too, the same after it is written again', async () => {
  await base.db.transaction(async tx => {
    const activityId = await insertActivity(tx, {
      ...{ kind: 'controller', catalogueKey: null, author: 'test', now: instant(0) },
    })
    const id = newId()
    await writeVersion(tx, {
      ...{ id, activityId, number: 1, baseId: null, summary: null, author: 'test', now: instant(0) },
      content: content({
        kle: ['29.18', '27'],
        purposes: [
          { key: 'pleje', name: 'Pleje', art6: '6.1.e', art9: ['9.2.h'], provisions: [{ law: 'Serviceloven' }] },
        ],
        rows: [
          { subject: 'CITZ', data: 'HEALTH', recipient: 'REG' },
          { subject: 'CITZ', data: 'CPR', erasure: 'sag' },
        ],
      }),
    })
    expect(await tx.query('select place, subject, data, recipient, erasure from activity_row order by place')).toEqual([
      { place: 1, subject: 'CITZ', data: 'HEALTH', recipient: 'REG', erasure: null },
      { place: 2, subject: 'CITZ', data: 'CPR', recipient: null, erasure: 'sag' },
    ])
    expect(await tx.query('select key, name, art6, art9, national from activity_purpose')).toEqual([
      { key: 'pleje', name: 'Pleje', art6: '6.1.e', art9: ['9.2.h'], national: [] },
    ])
    expect(await tx.query('select kle from activity_kle order by kle')).toEqual([{ kle: '27' }, { kle: '29.18' }])
  })
})
