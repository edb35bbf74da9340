import { expect, test } from 'vitest'
import { shownSample } from '../../../../server/feeds/sources/show-sample.ts'

test('a CPR number shows nowhere in a sample: not in the entry, its place, or what becomes of it', () => {
  const [entry] = shownSample(
    [
      {
        at: 'cn=010203-1234,dc=x',
        raw: { dn: 'cn=010203-1234,dc=x', description: 'vikar for 0102031234' },
        items: [
          {
            kind: 'account',
            key: 'k',
            attrs: { username: 'a', description: 'vikar for 010203 1234', cpr: '0102031234' },
          },
        ],
      },
    ],
    { protected: true, birthDates: true },
  )
  expect(JSON.stringify(entry)).not.toMatch(/1234/)
  expect(entry!.records[0]!.attributes).toContainEqual({ name: 'username', value: 'a' })
})
