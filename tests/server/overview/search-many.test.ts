import { beforeAll, expect, test } from 'vitest'
import { searchView } from '../../../server/overview/search-views.ts'
import { searchText } from '../../../server/people/search-text.ts'
import { actor } from '../../support/actors.ts'
import { testDatabase } from '../../support/database.ts'

/* Where more begin with what is typed than are looked at, nobody is lost whom the order would have put first. */
const database = testDatabase()
const MANY = 700
const people = [
  ...Array.from({ length: MANY }, (_, n) => ({ given: `Anna${n}`, middle: '', family: `Hansen${n}`, user: `ah${n}` })),
  { given: 'Bo', middle: '', family: 'Hans', user: 'boha' },
  { given: 'Åse', middle: 'Hanslund', family: 'Ørum', user: 'aaor' },
  // Longer than a word of an index may be, and with more blanks than one.
  { given: 'Ølgod'.repeat(700), middle: ' ', family: 'Langnavn', user: 'oela  lang2' },
  { given: 'Zoe', middle: 'Middelfart', family: 'Berg-Krogh', user: 'zmbk hanstwo' },
]

beforeAll(async () => {
  await database.reset()
  const named = people.map(one => ({ ...one, name: [one.given, one.middle, one.family].filter(Boolean).join(' ') }))
  await database.db.transaction(tx =>
    tx.query(
      `with w as materialized (
         select gen_random_uuid() as id, * from jsonb_to_recordset($1::jsonb)
           as n (name text, given text, family text, "user" text, search text)
       ), born as (insert into person (id) select id from w)
       insert into person_current (person_id, name, given_name, family_name, usernames, search, kind, status)
       select id, name, given, family, "user", search, 'employee', 'active' from w`,
      [JSON.stringify(named.map(one => ({ ...one, search: searchText(one.name, one.user) })))],
    ),
  )
})
const found = async (text: string) =>
  (await database.db.snapshot(tx => searchView(tx, actor(['it']), { text }))).people.map(person => person.name)

test('a whole word stands first, though hundreds begin so', async () => {
  const names = await found('hans')
  expect(names[0]).toBe('Bo Hans')
  expect(names).toHaveLength(8)
  expect(names.slice(1).every(name => name?.includes('Hansen'))).toBe(true)
})

test.each([
  ['a middle name', 'middelf', 'Zoe Middelfart Berg-Krogh'],
  ['half of a double name', 'krog', 'Zoe Middelfart Berg-Krogh'],
  ['the second user name', 'hanstw', 'Zoe Middelfart Berg-Krogh'],
  ['all initials', 'zmbk', 'Zoe Middelfart Berg-Krogh'],
  ['first and last initial', 'zk', 'Zoe Middelfart Berg-Krogh'],
  ['a part of a word', 'iddelfa', 'Zoe Middelfart Berg-Krogh'],
  ['letters spelt out', 'oerum', 'Åse Hanslund Ørum'],
  ['one slip', 'midelfart', 'Zoe Middelfart Berg-Krogh'],
  ['a word and the beginning of another', 'zoe mid', 'Zoe Middelfart Berg-Krogh'],
  ['behind a name of thousands of letters', 'langnavn', `${'Ølgod'.repeat(700)}   Langnavn`],
  ['signs that mean something to the database', `hansl'`, undefined],
  ['a backslash', 'hans\\', undefined],
])('%s is found', async (_what, text, name) => {
  expect((await found(text))[0]).toBe(name)
})
