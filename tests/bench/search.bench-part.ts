import { searchView } from '../../server/overview/search-views.ts'
import { openDatabase } from '../../server/platform/database.ts'
import { fold } from '../../server/platform/fold.ts'
import type { Db } from '../../server/platform/unit-of-work.ts'
import { actor } from '../support/actors.ts'
import type { BenchPostgres } from './bench-database.ts'
import { atMost, type BenchRow } from './bench-row.ts'
import { inTurn, p95 } from './measure.ts'
import { mulberry32 } from './rules-world.ts'

const [SMALL, LARGE] = [6000, 600_000]
const TEXTS = 40
const ROUNDS = 120

/** The search box over 600,000 people beside itself over 6,000: rows of lists alone, no municipality behind them. */
export async function benchSearch(postgres: BenchPostgres): Promise<BenchRow[]> {
  const towns: { db: Db; texts: string[] }[] = []
  try {
    for (const size of [LARGE, SMALL]) {
      const db = await openDatabase(await postgres.database(`search_${size}`), { poolSize: 2 })
      towns.push({ db, texts: await fill(db, size) })
    }
    const [large, small] = towns
    const it = actor(['it'])
    let [a, b] = [0, 0]
    const ask = ({ db, texts }: { db: Db; texts: string[] }, place: number) =>
      db.snapshot(async tx => {
        const { people } = await searchView(tx, it, { text: texts[place % texts.length]! })
        if (people.length === 0) throw new Error(`nobody was found by ${texts[place % texts.length]}`)
      })
    const [ours, own] = await inTurn([() => ask(large!, a++), () => ask(small!, b++)], ROUNDS, { warmUp: 20 })
    return [
      atMost(2, {
        what: `Search as you type, ${LARGE.toLocaleString('en')} people, p95`,
        ours: p95(ours!),
        other: `the same, ${SMALL.toLocaleString('en')} people`,
        theirs: p95(own!),
        unit: 'ms',
        note: 'the answer of the house, without HTTP',
      }),
    ]
  } finally {
    for (const { db } of towns) await db.close()
  }
}

/** People with names in proportion to those of a country: 200 given and, of a thousand people, 500 family names. */
async function fill(db: Db, size: number): Promise<string[]> {
  const random = mulberry32(5)
  const syllables = [
    'an',
    'ber',
    'dal',
    'el',
    'fri',
    'gaard',
    'hol',
    'jen',
    'kris',
    'lund',
    'mad',
    'niel',
    'ped',
    'rik',
    'sø',
    'vest',
  ]
  const word = (parts: number) =>
    Array.from({ length: parts }, () => syllables[Math.floor(random() * syllables.length)]).join('')
  const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)
  const given = Array.from({ length: 200 }, () => capital(word(2)))
  const family = Array.from({ length: Math.min(40_000, size / 2) }, () => `${capital(word(3))}sen`)
  for (let from = 0; from < size; from += 20_000) {
    const names = Array.from({ length: Math.min(20_000, size - from) }, (_, n) => ({
      given: given[Math.floor(random() * given.length)]!,
      family: family[Math.floor(random() * family.length)]!,
      user: `u${from + n}`,
    }))
    await db.transaction(tx =>
      tx.query(
        `with w as materialized (
           select gen_random_uuid() as id, * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as n (given, family, usernames, search)
         ), born as (insert into person (id) select id from w)
         insert into person_current (person_id, name, given_name, family_name, usernames, search, kind, status)
         select id, given || ' ' || family, given, family, usernames, search, 'employee', 'active' from w`,
        [
          names.map(one => one.given),
          names.map(one => one.family),
          names.map(one => one.user),
          names.map(
            one => ` ${fold(`${one.given} ${one.family}`)} ${fold(one.given[0]! + one.family[0]!)} ${one.user} `,
          ),
        ],
      ),
    )
  }
  await db.source.query('vacuum analyze person_current')
  return family.slice(0, TEXTS).map((name, place) => name.toLowerCase().slice(0, 3 + (place % 4)))
}
