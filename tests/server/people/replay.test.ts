import fc from 'fast-check'
import { expect, it } from 'vitest'
import { deriveTimeline, type Segment } from '../../../server/people/derive-timeline.ts'
import { type Fact, makeFact } from '../../../server/people/fact.ts'
import { applyFacts, loadFacts, lockPeople, rederive } from '../../../server/people/fact-store.ts'
import { newId } from '../../../server/platform/ids.ts'
import type { Tx } from '../../../server/platform/unit-of-work.ts'
import { testDatabase } from '../../support/database.ts'
import { factsAbout, unevenAuthority } from './random-facts.ts'

const database = testDatabase()
const lifespan = { from: 'startsOn', to: 'endsOn' }
const derive = (facts: readonly Fact[]) => deriveTimeline(facts, unevenAuthority, lifespan)

/** What the store says about a subject, as known at an instant. */
async function known(tx: Tx, id: string, at: Date): Promise<Segment[]> {
  return tx.query<Segment>(
    `select lower(valid) as from, upper(valid) as to, attrs, origin from affiliation_state
     where affiliation_id = $1 and recorded @> $2::timestamptz order by lower(valid) nulls first`,
    [id, at],
  )
}

async function newAffiliations(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId())
  await database.db.transaction(tx =>
    tx.query(`insert into affiliation (id, source, key) select id, 'hr', id::text from unnest($1::uuid[]) as id`, [
      ids,
    ]),
  )
  return ids
}

it('replayed in any order, any batches and with repetition, the store says what one derivation of all facts says, at every instant of knowledge', async () => {
  const drafts = fc.tuple(
    factsAbout('00000000-0000-7000-8000-00000000000a'),
    factsAbout('00000000-0000-7000-8000-00000000000b'),
  )
  await fc.assert(
    fc.asyncProperty(drafts, fc.array(fc.nat(), { minLength: 64, maxLength: 64 }), async ([one, two], random) => {
      const ids = await newAffiliations(2)
      const place = (facts: Fact[], id: string) =>
        facts.map(fact => ({ ...fact, subjectId: id, hash: rehash(fact.hash, id) }))
      const facts = [...place(one, ids[0] as string), ...place(two, ids[1] as string)].map(fact => ({
        ...fact,
        retracts: fact.retracts === null ? null : rehash(fact.retracts, fact.subjectId),
      }))
      const shuffled = [...facts, ...facts.slice(0, 5)]
        .map((fact, n) => ({ fact, at: random[n % 64] ?? 0 }))
        .sort((a, b) => a.at - b.at)
        .map(({ fact }) => fact)
      const instants: Date[] = []
      for (let from = 0, batch = 0; from < shuffled.length; batch++) {
        const size = 1 + ((random[batch] ?? 0) % 6)
        // Now and then the machine's clock is set back: what was known must stay known.
        const minute = batch % 4 === 3 ? batch - 3 : batch
        const now = new Date(Date.UTC(2026, 1, 1, 8, minute))
        const part = shuffled.slice(from, from + size)
        await database.db.transaction(async tx => {
          await lockPeople(tx)
          await applyFacts(tx, 'affiliation', part, unevenAuthority, { now })
        })
        instants.push(now)
        from += size
      }
      await database.db.transaction(async tx => {
        for (const id of ids) {
          expect(await known(tx, id, new Date('2030-01-01'))).toEqual(
            derive(facts.filter(fact => fact.subjectId === id)),
          )
          for (const at of instants) {
            const learned = (await loadFacts(tx, 'affiliation', [id], at)).get(id) ?? []
            expect(await known(tx, id, at)).toEqual(derive(learned))
          }
        }
      })
    }),
    { numRuns: 40 },
  )
})

it('another authority gives another state from the same facts, and what was shown before stays on record', async () => {
  const [id] = await newAffiliations(1)
  const subjectId = id as string
  const base = { kind: 'affiliation' as const, subjectId, sourceKey: 'k', from: null, to: null }
  const assertedAt = '2026-01-05T08:00:00.000Z'
  const facts = [
    makeFact({ ...base, source: 'hr', attrs: { title: 'hr' }, assertedAt }),
    makeFact({ ...base, source: 'ad', attrs: { title: 'ad' }, assertedAt }),
  ]
  const prefer = (source: string) => (one: string) => (one === source ? 2 : 1)
  const [march, april] = [new Date('2026-03-01T08:00:00Z'), new Date('2026-04-01T08:00:00Z')]
  await database.db.transaction(tx => applyFacts(tx, 'affiliation', facts, prefer('hr'), { now: march }))
  await database.db.transaction(tx => rederive(tx, 'affiliation', [subjectId], prefer('ad'), april))
  await database.db.transaction(async tx => {
    expect((await known(tx, subjectId, march)).map(row => row.attrs.title)).toEqual(['hr'])
    expect((await known(tx, subjectId, april)).map(row => row.attrs.title)).toEqual(['ad'])
  })
})

it('objects to two truths about one day: the database itself refuses overlapping rows', async () => {
  const [id] = await newAffiliations(1)
  const insert = (valid: string) =>
    database.db.transaction(tx =>
      tx.query(
        `insert into affiliation_state (affiliation_id, valid, recorded, attrs, origin)
         values ($1, $2, '[2026-01-01,)', '{}', '[]')`,
        [id, valid],
      ),
    )
  await insert('[2026-01-01,2026-03-01)')
  await insert('[2026-03-01,)')
  await expect(insert('[2026-02-28,2026-03-02)')).rejects.toThrow(/no_overlap/)
})

/** Another subject is another content; the tail of the hash is enough to keep the ones of this run apart. */
function rehash(hash: string, id: string | null): string {
  return hash.slice(0, 32) + (id ?? '').replaceAll('-', '')
}
