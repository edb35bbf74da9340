import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fillKind, knownRecords, STAGED } from '../../../../server/feeds/runs/known-records.ts'
import { testDatabase } from '../../../support/database.ts'

const database = testDatabase()

/* Held against the plain way: a Map. */
const key = fc.oneof(
  fc.string({ minLength: 1, maxLength: 4, unit: fc.constantFrom('a', 'b', '\t', ' ', 'å', '🏠') }),
  fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }),
)
const hash = fc.option(fc.string({ minLength: 22, maxLength: 22, unit: fc.constantFrom('A', 'b', '-', '_') }), {
  nil: null,
})
const records = fc.uniqueArray(fc.tuple(key, hash), { maxLength: 60, selector: ([one]) => one })
const filled = (told: readonly (readonly [string, string | null])[]) => {
  const filling = fillKind(told.length)
  const part = 20_000
  for (let at = 0; at < told.length; at += part) {
    const some = told.slice(at, at + part)
    filling.add(
      some.map(([one]) => one),
      some.map(([, one]) => (one ?? '').padEnd(22)).join(''),
    )
  }
  return filling.kind()
}

test('each key is found with its hash, no other is, and what was not seen is named', () => {
  fc.assert(
    fc.property(records, fc.array(key, { maxLength: 20 }), fc.array(fc.boolean()), (told, others, seen) => {
      const kind = filled(told)
      for (const [one, as] of told) {
        const place = kind.find(one)
        expect(place).not.toBe(-1)
        expect(kind.same(place, as ?? '')).toBe(as !== null)
        expect(kind.same(place, 'x'.repeat(22))).toBe(false)
      }
      const map = new Map(told)
      for (const one of others) expect(kind.find(one) !== -1).toBe(map.has(one))
      for (const [n, [one]] of told.entries()) if (seen[n]) kind.at[kind.find(one)] = n % 2 === 0 ? n + 1 : STAGED
      expect([...kind.unseen()].sort()).toEqual(
        told
          .filter((_, n) => !seen[n])
          .map(([one]) => one)
          .sort(),
      )
    }),
    {
      examples: [
        [
          [
            ['ab', null],
            ['a', null],
            ['b', 'A'.repeat(22)],
            ['abc', null],
          ],
          ['', 'c', 'bc'],
          [true],
        ],
      ],
    },
  )
})

test('many are found across the parts that they came in', () => {
  const told = Array.from({ length: 50_001 }, (_, n) => [`bruger${n}\trolle ${n % 7}`, null] as const)
  const kind = filled(told)
  expect(new Set(told.map(([one]) => kind.find(one))).size).toBe(told.length)
  kind.at[kind.find('bruger40000\trolle 2')] = 1
  const unseen = new Set(kind.unseen())
  expect(unseen.size).toBe(told.length - 1)
  expect(unseen.has('bruger40000\trolle 2')).toBe(false)
  expect(kind.find('bruger40000\trolle 3')).toBe(-1)
})

test('few are asked for at once, many a part at a time, too many not at all: the same is known', async () => {
  const told = await database.db.transaction(async tx => {
    for (const [source, count] of [
      ['few', 700],
      ['many', 30_000],
    ] as const)
      await tx.query(
        `insert into source_record (source, kind, key, hash, seen_hash, payload, first_seen_at, changed_at, run_id, missing_since, gone_at)
         select $1, kind, 'Nøgle ' || n, '\\x00', case when n % 5 > 0 then lpad(n::text, 22, 'x') end, '{}', now(), now(),
           gen_random_uuid(), case when n % 7 = 0 then now() end, case when n % 11 = 0 then now() end
         from generate_series(1, $2::int) n, unnest(array['a', 'b']) kind`,
        [source, count],
      )
    return {
      few: await knownRecords(tx, 'few', 100_000),
      many: await knownRecords(tx, 'many', 100_000),
      tooFew: await knownRecords(tx, 'few', 100),
      tooMany: await knownRecords(tx, 'many', 50_000),
    }
  })
  expect([told.tooFew, told.tooMany]).toEqual([null, null])
  for (const [known, count] of [
    [told.few!, 700],
    [told.many!, 30_000],
  ] as const) {
    expect([...known.keys()].sort()).toEqual(['a', 'b'])
    for (const kind of known.values()) {
      expect(kind.at).toHaveLength(count - Math.floor(count / 11))
      const wrong = Array.from({ length: count }, (_, n) => n + 1).filter(n => {
        const place = kind.find(`Nøgle ${n}`)
        if (n % 11 === 0) return place !== -1
        return place === -1 || kind.same(place, String(n).padStart(22, 'x')) !== (n % 5 > 0 && n % 7 > 0)
      })
      expect(wrong).toEqual([])
    }
  }
})
