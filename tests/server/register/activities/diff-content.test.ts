import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ActivityContent } from '../../../../server/contract/activity-content.ts'
import { applyChanges, diffContent } from '../../../../server/register/activities/diff-content.ts'
import { content, contents, storedBefore } from './content.ts'

/** With the entries of each list in one order: what order says is nothing. */
const settled = (one: ActivityContent) => applyChanges(one, [])

describe('what sets two contents apart', () => {
  it('leads from the one to the other', () => {
    fc.assert(
      fc.property(contents, contents, (before, after) => {
        expect(applyChanges(before, diffContent(before, after))).toEqual(settled(after))
      }),
    )
  })
  it('is nothing between a content and itself, in whatever order its entries stand', () => {
    fc.assert(
      fc.property(contents, one => {
        expect(diffContent(one, structuredClone(one))).toEqual([])
        if (one.kind !== 'controller') return
        const turned = { ...one, purposes: one.purposes.toReversed(), measures: one.measures.toReversed() }
        expect(diffContent(one, turned)).toEqual([])
      }),
    )
  })
  it('names the field of the entry that has changed', () => {
    const before = content({ purposes: [{ key: 'pleje', name: 'Pleje', art6: '6.1.e' }], kle: ['27'] })
    const after = content({ purposes: [{ key: 'pleje', name: 'Pleje', art6: '6.1.c' }], kle: ['27', '29.18'] })
    expect(diffContent(before, after)).toEqual([
      { field: 'kle', key: '29.18', part: null, kind: 'added', before: null, after: '29.18' },
      { field: 'purposes', key: 'pleje', part: 'art6', kind: 'changed', before: '6.1.e', after: '6.1.c' },
    ])
  })
  it('tells a kind that a purpose has got, and nothing of a record that was stored before there were kinds', () => {
    const now = content({ purposes: [{ key: 'pleje', name: 'Pleje', art6: '6.1.e' }] })
    const stored = storedBefore(now)
    expect(diffContent(stored, now)).toEqual([])
    expect(diffContent(now, stored)).toEqual([])
    const kind = content({ purposes: [{ key: 'pleje', name: 'Pleje', art6: '6.1.e', broader: 'treatment' }] })
    for (const before of [stored, now])
      expect(diffContent(before, kind)).toEqual([
        { field: 'purposes', key: 'pleje', part: 'broader', kind: 'changed', before: null, after: 'treatment' },
      ])
  })
})
