import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../../../server/platform/civil-date.ts'
import { type KnownSpan, planInForce, versionOn } from '../../../../server/register/activities/in-force.ts'

type Act = { versionId: string | null; day: string }
const START = '2025-01-01'
const day = fc.integer({ min: 0, max: 60 }).map(days => addDays(START, days))
const acts = fc.array(
  fc.record({ versionId: fc.option(fc.integer({ min: 1, max: 9 }).map(String), { freq: 4 }), day }),
  { maxLength: 12 },
)

/** Carries out the acts as a store does: one instant each. */
function carryOut(list: readonly Act[]): KnownSpan[] {
  let rows: KnownSpan[] = []
  for (const [at, act] of list.entries()) {
    const { close, add } = planInForce(
      rows.filter(row => row.recordedTo === null),
      act.versionId,
      act.day,
    )
    rows = [
      ...rows.map(row => (close.includes(row) ? { ...row, recordedTo: at } : row)),
      ...add.map(span => ({ ...span, recordedFrom: at, recordedTo: null })),
    ]
  }
  return rows
}

describe('which version counts', () => {
  it('on any day, as known at any instant: as if every act until then were said again', () => {
    fc.assert(
      fc.property(acts, day, fc.integer({ min: -1, max: 13 }), (list, on, known) => {
        const found = versionOn(carryOut(list), on, known)
        // Said again, one after the other: the last act that reaches the day decides.
        expect(found).toBe(list.slice(0, known + 1).findLast(act => act.day <= on)?.versionId ?? null)
      }),
    )
  })

  it('never two on one day that are known together', () => {
    fc.assert(
      fc.property(acts, day, fc.integer({ min: 0, max: 13 }), (list, on, known) => {
        const rows = carryOut(list).filter(
          row =>
            row.from <= on &&
            (row.to === null || on < row.to) &&
            row.recordedFrom <= known &&
            (row.recordedTo === null || known < row.recordedTo),
        )
        expect(rows.length).toBeLessThanOrEqual(1)
      }),
    )
  })
})
