import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { searchView } from '../../../server/overview/search-views.ts'
import { searchText } from '../../../server/people/search-text.ts'
import { fold, oneSlip, SLIP_FROM } from '../../../server/platform/fold.ts'
import type { Actor } from '../../../server/policy/actor.ts'
import { counted } from '../../support/counted.ts'
import { testDatabase } from '../../support/database.ts'
import { smallTown } from './small-town.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
beforeAll(async () => {
  town = await smallTown(database.db)
})
const search = (actor: Actor, text: string) => database.db.snapshot(tx => searchView(tx, actor, { text }))
const names = async (actor: Actor, text: string) => (await search(actor, text)).people.map(person => person.name)

const LETTERS = [...'abcdefghijklmnopqrstuvwxyzæøåéüö']
const letter = fc.constantFrom(...LETTERS)
const word = fc.string({ unit: letter, minLength: SLIP_FROM, maxLength: 12 })

describe('letters', () => {
  it('are folded by the database as by the code', async () => {
    const texts = fc.sample(
      fc.string({ unit: fc.constantFrom(...LETTERS, ...'ÆØÅÉÜÖ ÀÇÑŠŽŁÐßẞěÿ-_.%1', 'e\u0301', 'a\u030a') }),
      300,
    )
    const rows = await database.db.snapshot(tx =>
      tx.query<{ folded: string }>(
        'select search_fold(text) as folded from unnest($1::text[]) with ordinality t (text, n) order by n',
        [texts],
      ),
    )
    expect(rows.map(row => row.folded)).toEqual(texts.map(fold))
  })

  it('spelt out are the same as those of Danish', () => {
    fc.assert(
      fc.property(word, text => {
        const spelt = text.replaceAll('æ', 'ae').replaceAll('ø', 'oe').replaceAll('å', 'aa')
        expect(fold(spelt.toUpperCase())).toBe(fold(text))
      }),
    )
  })
})

/** Every way to spell a word with one slip. */
const slipped = fc
  .record({ text: word, at: fc.nat(), how: fc.constantFrom('more', 'less', 'other', 'swapped'), by: letter })
  .map(({ text, at, how, by }) => {
    const letters = [...text]
    const place = at % letters.length
    if (how === 'more') letters.splice(place, 0, by)
    else if (how === 'less') letters.splice(place, 1)
    else if (how === 'other') letters[place] = by
    else if (place + 1 < letters.length) [letters[place], letters[place + 1]] = [letters[place + 1]!, letters[place]!]
    return { text, typed: letters.join('') }
  })
  .filter(({ typed }) => [...typed].length >= SLIP_FROM)

describe('one slip', () => {
  it('finds every name, wherever the slip is, and the index is asked for what fits it', async () => {
    const cases = fc.sample(slipped, 400).flatMap(({ text, typed }) => {
      const slip = oneSlip(typed)
      return slip ? [{ column: searchText(`Bo-Ib ${text} Å`, 'xx01'), ...slip, typed, text }] : []
    })
    const rows = await database.db.snapshot(tx =>
      tx.query<{ fits: boolean; likely: boolean }>(
        `select c.item ->> 'column' ~ (c.item ->> 'pattern') as fits,
           c.item ->> 'column' like any (array(select jsonb_array_elements_text(c.item -> 'likes'))) as likely
         from jsonb_array_elements($1::jsonb) with ordinality c (item, n) order by n`,
        [JSON.stringify(cases)],
      ),
    )
    cases.forEach(({ typed, text }, place) => {
      // What is spelt as asked needs no pattern.
      if (fold(text).includes(fold(typed))) return
      expect(rows[place], `${typed} for ${text}`).toEqual({ fits: true, likely: true })
    })
    expect(cases.length).toBeGreaterThan(350)
  })

  it('is not two, and short words and numbers have none', () => {
    const fits = (typed: string, text: string) => new RegExp(oneSlip(typed)!.pattern).test(searchText(text, ''))
    expect(fits('hansen', 'Hansen')).toBe(true)
    expect(fits('hamsem', 'Hansen')).toBe(false)
    expect(fits('hans', 'Hansen')).toBe(false)
    expect(oneSlip('bo')).toBeNull()
    expect(oneSlip('1234')).toBeNull()
    expect(oneSlip('a.*b')).toBeNull()
  })
})

describe('the search', () => {
  it('finds by initials, by an initial and a name, and by either spelling', async () => {
    const { hr } = town.actors
    expect(await names(hr, 'aae')).toContain('Ann Ærlig')
    expect(await names(hr, 'a ærlig')).toEqual(['Ann Ærlig'])
    expect(await names(hr, 'aerlig')).toEqual(['Ann Ærlig'])
    expect(await names(hr, 'Aaben')).toEqual(['Bo Åben'])
    expect(await names(hr, 'baa')).toContain('Bo Åben')
  })

  it('forgives one slip, below what is spelt as asked', async () => {
    const { hr } = town.actors
    expect(await names(hr, 'ærilg')).toEqual(['Ann Ærlig'])
    expect(await names(hr, 'ann ælig')).toEqual(['Ann Ærlig'])
    expect(await names(hr, 'ledr nord')).toEqual(['Leder Nord'])
    expect(await names(hr, 'lxdxr')).toEqual([])
  })

  it('never finds a protected name by a slip', async () => {
    expect(await names(town.actors.hr, 'hemelig')).toEqual(['Kim Hemmelig'])
    for (const actor of [town.actors.it, town.actors.dpo, town.actors.auditor])
      expect(await names(actor, 'hemelig')).toEqual([])
  })

  it('finds rights, rules and roles too, and nothing of them for somebody who may not see them', async () => {
    const found = await search(town.actors.it, 'løn')
    expect(found.roles.map(role => role.key)).toContain('pay-role')
    expect(found.rules.map(rule => rule.key)).toContain('pay')
    const none = await search(town.actors.employee, 'løn')
    expect([...none.roles, ...none.rules, ...none.people]).toEqual([])
  })

  it('answers why somebody has a right', async () => {
    const { why } = await search(town.actors.it, 'hvorfor ann sbsys?')
    expect(why.length).toBeGreaterThan(0)
    expect(why.every(one => one.person.name === 'Ann Ærlig' && one.entitlement.system.key === 'sbsys')).toBe(true)
    expect((await search(town.actors.it, 'hvorfor kim sbsys')).why).toEqual([])
    expect((await search(town.actors.employee, 'why ann sbsys')).why).toEqual([])
  })

  it('answers it with one slip in a word, too, where nothing is spelt so', async () => {
    const { why } = await search(town.actors.it, 'hvorfor ærlig sbsys')
    expect(why.length).toBeGreaterThan(0)
    for (const text of ['hvorfor ærilg sbsys', 'hvorfor ærlig sbsy', 'why aerlg sbsys?', 'hvorfor ærlig sbsyss'])
      expect((await search(town.actors.it, text)).why, text).toEqual(why)
    expect((await search(town.actors.it, 'hvorfor ærxxg sbsys')).why).toEqual([])
    // A name that is protected from the reader is not found by a slip either.
    expect((await search(town.actors.it, 'hvorfor hemelig sbsys')).why).toEqual([])
    expect((await search(town.actors.employee, 'why ærilg sbsys')).why).toEqual([])
  })

  it('is at most four statements, and two where something is spelt as asked', async () => {
    for (const text of ['a', 'løn', 'ærilg', 'hvorfor ann sbsys', 'zzzz qqqq'])
      for (const actor of Object.values(town.actors))
        await database.db.snapshot(async tx => {
          const { tx: watched, statements } = counted(tx)
          await searchView(watched, actor, { text })
          expect(statements.length).toBeLessThanOrEqual(4)
        })
  })
})

describe('where more fit than anybody reads', () => {
  it('whoever has the text as a word is first, however many only begin so', async () => {
    await database.db.transaction(tx =>
      tx.query(
        `with w as materialized (
           select gen_random_uuid() as id, n from generate_series(1, 1200) n
         ), born as (insert into person (id) select id from w)
         insert into person_current (person_id, name, given_name, family_name, usernames, search, kind, status)
         select id, 'Qvist Qvorning' || n, 'Qvist', 'Qvorning' || n, case when n = 1200 then 'qvo' else 'q' || n end,
           ' qvist qvorning' || n || ' qq ' || case when n = 1200 then 'qvo' else 'q' || n end || ' ', 'employee', 'active' from w`,
      ),
    )
    const found = await names(town.actors.it, 'qvo')
    expect(found.length).toBe(8)
    expect(found[0]).toBe('Qvist Qvorning1200')
    expect((await names(town.actors.it, 'qvist qvorning77')).every(name => name?.startsWith('Qvist Qvorning77'))).toBe(
      true,
    )
  })
})
