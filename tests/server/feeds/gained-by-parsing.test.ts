import { beforeEach, expect, test } from 'vitest'
import type { WeighedItem } from '../../../server/feeds/guards/decide-held.ts'
import { gainedByParsing } from '../../../server/feeds/guards/gained-by-parsing.ts'
import { testDatabase } from '../../support/database.ts'

const database = testDatabase()
beforeEach(() => database.reset())

const item = (n: number, attributes: readonly string[], rest: Partial<WeighedItem> = {}): WeighedItem => ({
  n,
  kind: 'system',
  op: 'change',
  part: null,
  aspects: new Set(attributes.length > 0 ? ['other'] : []),
  changes: attributes.map(attribute => ({ attribute, from: null, to: null })),
  fills: true,
  ...rest,
})
const judged = async (items: readonly WeighedItem[]) => {
  const { gained, items: found } = await database.db.transaction(tx => gainedByParsing(tx, 'systemer', items))
  return { gained, passes: [...found].sort() }
}

test('after an upgrade, what is only written in another way counts with no guard, and what is gained is named', async () => {
  expect(await judged([item(1, []), item(2, [])])).toEqual({ gained: [], passes: [1, 2] })
  expect(await judged([item(1, []), item(2, ['login']), item(3, ['login', 'purpose'])])).toEqual({
    gained: [{ kind: 'system', attributes: ['login', 'purpose'], count: 2 }],
    passes: [1, 2, 3],
  })
})

test('what replaces a value, or ends somebody, counts as ever', async () => {
  expect(
    await judged([
      item(1, ['owner'], { fills: false }),
      item(2, ['enabled'], { aspects: new Set(['disable']) }),
      item(3, []),
    ]),
  ).toEqual({ gained: [], passes: [3] })
})
