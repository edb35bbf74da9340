import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { importRules } from '../../server/access/rules-change-service.ts'
import { createFeeds } from '../../server/feeds/feeds-service.ts'
import type { SourceReader } from '../../server/feeds/reading/reader.ts'
import { guardSettings, type SourceDeclaration } from '../../server/feeds/sources/source.ts'
import { type Clock, fixedClock } from '../../server/platform/clock.ts'
import type { FeedRecord, NormalAttrs, RecordKind } from '../../server/platform/feed-record.ts'
import { createKeyring, type Keyring } from '../../server/platform/keyring.ts'
import { createLog } from '../../server/platform/log.ts'
import type { Db } from '../../server/platform/unit-of-work.ts'
import { sinks } from '../../server/wiring.ts'

type Beside = { clock?: Clock; keyring?: Keyring }

/**
 * Records that a test has in hand go through the real pipeline and the real sinks, as any source does. Guards are off:
 * they are tested where they live.
 */
export function municipality(
  db: Db,
  now = '2026-03-02T09:00:00Z',
  /** What the test declares of a source beside its key. */
  declared: (source: string) => Partial<SourceDeclaration> = () => ({}),
  /** Of a house that stands beside it. */
  { clock = fixedClock(now), keyring = createKeyring([{ id: 'k1', secret: randomBytes(32) }]) }: Beside = {},
) {
  const held = new Map<string, Map<string, FeedRecord>>()
  const of = (source: string) => {
    const records = held.get(source) ?? new Map<string, FeedRecord>()
    held.set(source, records)
    return records
  }
  const kindsOf = (source: string): RecordKind[] => [...new Set([...of(source).values()].map(record => record.kind))]
  const reader: SourceReader = {
    kind: 'memory',
    settings: z.object({}),
    kinds: source => kindsOf(source.key),
    seenAt: async () => null,
    async *read(source) {
      yield [...of(source.key).values()]
    },
    test: async () => [],
  }
  const feeds = createFeeds({
    db,
    sinks: sinks(),
    readers: [reader],
    keyring,
    clock,
    log: createLog('silent'),
    secretOf: () => '',
  })
  const declaration = (key: string): SourceDeclaration => ({
    key,
    name: { da: key, en: key },
    kind: 'memory',
    authority: 10,
    guards: guardSettings.parse({
      ...{ empty: false, stale: false, truncated: false, shifted: false, encoding: false, hole: false, keys: false },
      ...{ format: false, add: false, change: false, gone: false, part: false, aspect: false, cause: false },
      ...{ group: false, emptied: false, learn: false },
    }),
    scheduleSeconds: null,
    fullEverySeconds: 86_400,
    folder: '/',
    settings: {},
    ...declared(key),
  })
  const when = () => ({ today: clock.today(), now: clock.now() })
  return {
    clock,
    keyring,
    get when() {
      return when()
    },
    /** Adds or changes records of a source and reads it; keys in `drop` are no longer in it. */
    async feed(source: string, records: readonly FeedRecord[], drop: readonly string[] = []): Promise<void> {
      for (const record of records) of(source).set(`${record.kind}/${record.key}`, record)
      for (const key of drop) of(source).delete(key)
      await feeds.syncSources([...held.keys()].map(declaration))
      const run = await feeds.run(source)
      if (run.state !== 'done' || run.rejected > 0)
        throw new Error(`the run of ${source} ended as ${run.state}, ${run.rejected} rejected: ${JSON.stringify(run)}`)
    },
    rules: (yaml: string, by = 'test') => db.transaction(tx => importRules(tx, { yaml, hash: null, by }, when())),
  }
}

export const record =
  (kind: RecordKind) =>
  (key: string, attrs: NormalAttrs): FeedRecord => ({ kind, key, attrs })
export const unit = record('unit')
export const position = record('position')
export const person = (key: string, attrs: NormalAttrs = {}) =>
  record('person')(key, { givenName: key, familyName: 'Prøve', ...attrs })
export const job = (key: string, personKey: string, attrs: NormalAttrs = {}) =>
  record('affiliation')(key, {
    person: personKey,
    affiliationKind: 'employment',
    startsOn: '2020-01-01',
    employeeNo: key,
    ...attrs,
  })
export const system = record('system')
export const entitlement = record('entitlement')
export const account = record('account')
export const group = record('group')
