import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import type { ChangeItem, SourceReader } from '../../../server/feeds/reading/reader.ts'
import { guardSettings, type SourceDeclaration } from '../../../server/feeds/sources/source.ts'
import { fixedClock } from '../../../server/platform/clock.ts'
import type { FeedRecord, NormalAttrs } from '../../../server/platform/feed-record.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { sinks } from '../../../server/wiring.ts'
import { testDatabase } from '../../support/database.ts'
import { account, job, person, unit } from '../../support/municipality.ts'
import { testKeyring } from '../feeds/scratch.ts'

/*
 * How many accounts stand in which link situation, as a run that reads changes writes it: of the accounts that it changed,
 * the same as what reading everything comes to. Two directories with the same accounts, one read each way.
 */
const database = testDatabase()
beforeEach(() => database.reset())

type Step = { key: string; to: NormalAttrs | null }[]
const PEOPLE = ['Ann', 'Bo', 'Cia', 'Dan']

/** What stands in each source, and what has happened since it was last read. */
function directories() {
  const held = new Map<string, Map<string, FeedRecord>>()
  const since = new Map<string, ChangeItem[]>()
  const of = (source: string) => held.get(source) ?? held.set(source, new Map()).get(source)!
  const reader: SourceReader = {
    kind: 'memory',
    settings: z.object({}),
    kinds: source => (source.key === 'hr' ? ['unit', 'person', 'affiliation'] : ['account']),
    seenAt: async () => null,
    async *read(source, context) {
      context.keepState?.({})
      since.set(source.key, [])
      yield [...of(source.key).values()]
    },
    async *changes(source) {
      yield { items: since.get(source.key) ?? [], state: {} }
      since.set(source.key, [])
    },
    test: async () => [],
  }
  const put = (source: string, record: FeedRecord) => {
    of(source).set(record.key, record)
    since.set(source, [...(since.get(source) ?? []), record])
  }
  const take = (source: string, key: string) => {
    if (of(source).delete(key)) since.set(source, [...(since.get(source) ?? []), { deleted: key }])
  }
  return { reader, put, take }
}

async function town() {
  let now = Date.parse('2026-03-02T09:00:00Z')
  const { reader, put, take } = directories()
  const feeds = createFeeds({
    ...{ db: database.db, sinks: sinks(), readers: [reader], keyring: testKeyring, log: silentLog },
    clock: { now: () => new Date(now), today: () => fixedClock('2026-03-02T09:00:00Z').today() },
    secretOf: () => '',
  })
  const off = ['empty', 'stale', 'truncated', 'shifted', 'encoding', 'hole', 'keys', 'format', 'add', 'change', 'gone']
  const guards = [...off, 'part', 'aspect', 'cause', 'group', 'emptied', 'learn'].map(name => [name, false])
  const declaration = (key: string): SourceDeclaration => ({
    ...{ key, name: { da: key, en: key }, kind: 'memory', authority: 10, folder: '/', settings: {} },
    ...{ guards: guardSettings.parse(Object.fromEntries(guards)), scheduleSeconds: null, fullEverySeconds: 86_400 },
  })
  await feeds.syncSources(['hr', 'whole', 'changes'].map(declaration))
  put('hr', unit('111', { name: 'Plejecenter Nord', unitKind: 'institution' }))
  for (const [place, name] of PEOPLE.entries()) {
    put('hr', person(name, { cpr: `0${place + 1}0180400${place}`, birthDate: `1980-01-0${place + 1}` }))
    put('hr', job(`e-${name}`, name, { unit: '111' }))
  }
  const read = async (source: string, mode: 'full' | 'changes') => {
    // Of two links the one that was first counts: each read has its own moment, as in life.
    now += 1000
    const run = await feeds.run(source, { mode })
    expect(run, JSON.stringify(run.error)).toMatchObject({ state: 'done', mode, rejected: 0 })
    return run.runId!
  }
  await read('hr', 'full')
  // Somebody nobody is behind, so that neither directory is empty at first.
  for (const source of ['whole', 'changes']) put(source, account('first', { username: 'first', enabled: true }))
  await read('whole', 'full')
  await read('changes', 'full')
  return {
    /** Both directories come to the same; one is read whole, twice, since absence alone ends nothing; the other by changes. */
    async step(step: Step) {
      for (const source of ['whole', 'changes'])
        for (const { key, to } of step)
          if (to) put(source, account(key, { username: key, enabled: true, ...to }))
          else take(source, key)
      const whole = [await read('whole', 'full'), await read('whole', 'full')]
      return { whole, changes: await read('changes', 'changes') }
    },
  }
}

const rows = <T extends object>(sql: string, params: unknown[] = []) =>
  database.db.snapshot(tx => tx.query<T>(sql, params))
/**
 * Whose a gone account was is left out: somebody who waited may be given the person between the two reads that it takes
 * before absence ends anything, and keep it as history. Who is told at once that both went has no time between.
 */
const accountsOf = (source: string) =>
  rows(
    `select a.key, a.situation, a.reason, a.found_linked, a.gone_at is not null as gone,
            case when a.gone_at is null then p.given_name end as person
     from account a left join person_current p on p.person_id = a.person_id where a.source = $1 order by a.key`,
    [source],
  )
type Counts = Record<string, number>
const noted = async (run: string) =>
  (await rows<{ situations: Counts | null }>('select situations from feed_run where id = $1', [run]))[0]!.situations
const counted = async (source: string, runs: readonly string[] | null) => {
  const found = await rows<{ situation: string; found_linked: boolean; kind: string }>(
    `select a.situation, a.found_linked, a.kind from account a where a.source = $1 ${
      runs
        ? `and exists (select from source_record r where r.source = $1 and r.kind = 'account' and r.run_id = any($2) and r.subject_id = a.id)`
        : ''
    }`,
    runs ? [source, runs] : [source],
  )
  if (found.length === 0) return null
  const counts: Counts = { foundLinked: 0, outOfScope: 0, protected: 0 }
  for (const one of found) {
    counts[one.situation] = (counts[one.situation] ?? 0) + 1
    if (one.found_linked) counts.foundLinked!++
    if (one.kind !== 'personal') counts.protected!++
  }
  return counts
}

const anyAttrs = fc.record(
  {
    employeeNo: fc.constantFrom(...PEOPLE.map(name => `e-${name}`), 'e-none'),
    cpr: fc.constantFrom('0101804000', '0201804001', '1101804010'),
    accountKind: fc.constantFrom('personal', 'service'),
    displayName: fc.constantFrom('Et', 'To', 'Tre'),
  },
  { requiredKeys: [] },
)
const anyStep = fc.uniqueArray(
  fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    to: fc.option(anyAttrs, { freq: 4 }),
  }),
  { selector: one => one.key, minLength: 1, maxLength: 4 },
) as fc.Arbitrary<Step>

/** Two accounts are Ann's by her number and may not both be: the second waits, and has her when the first has gone. */
const ANOTHER_COMES_AS_ONE_GOES: Step[] = [
  [{ key: 'b', to: { cpr: '0101804000' } }],
  [
    { key: 'b', to: null },
    { key: 'd', to: { cpr: '0101804000' } },
  ],
]
/** Who waited goes in the same step as the account it waited behind lets the person go. */
const WHO_WAITED_GOES_TOO: Step[] = [
  [
    { key: 'd', to: { cpr: '0201804001' } },
    { key: 'e', to: { cpr: '0201804001' } },
  ],
  [
    { key: 'd', to: { employeeNo: 'e-Ann', accountKind: 'service' } },
    { key: 'e', to: null },
  ],
]

test('what a run of changes says of link situations is what reading everything says of the same accounts', async () => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 2, maxLength: 4 }), async steps => {
      await database.reset()
      const { step } = await town()
      for (const one of steps) {
        const { whole, changes } = await step(one)
        expect(await accountsOf('changes')).toEqual(await accountsOf('whole'))
        const said = await noted(changes)
        expect(said).toEqual(await counted('whole', whole))
        expect(await noted(whole[1]!)).toEqual(await counted('whole', null))
        for (const name of Object.keys(said ?? {})) seen.add(name)
      }
    }),
    { numRuns: 8, endOnFailure: true, examples: [[ANOTHER_COMES_AS_ONE_GOES], [WHO_WAITED_GOES_TOO]] },
  )
  // Random changes that lead nowhere would say nothing.
  expect([...seen]).toEqual(expect.arrayContaining(['linked', 'unmatched', 'gone']))
}, 240_000)
