import { expect, test } from 'vitest'
import { importTargets } from '../../../../server/contract/transfer.ts'
import { WORDS } from '../../../../server/systems/transfer/cell-text.ts'
import { headingsOf, isOwn, proposeTargets } from '../../../../server/systems/transfer/headings.ts'

test('a file that we wrote under a former heading is still ours', () => {
  const now = headingsOf.systems(WORDS.da)
  const before = now.map(one => (one === 'Brugertilsyn er udført' ? 'Brugertilsyn er gjort' : one))
  expect(before).not.toEqual(now)
  for (const headings of [now, before, headingsOf.systems(WORDS.en)]) {
    expect(isOwn(headings)).toBe(true)
    expect(proposeTargets(headings)).toEqual([...importTargets])
  }
  expect(isOwn(now.slice(1))).toBe(false)
})
