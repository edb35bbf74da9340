import { z } from 'zod'
import { neverInBatch } from '../../../server/access/never-in-batch.ts'
import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import type { SourceReader } from '../../../server/feeds/reading/reader.ts'
import { guardSettings, type SourceDeclaration } from '../../../server/feeds/sources/source.ts'
import type { Clock } from '../../../server/platform/clock.ts'
import type { FeedRecord, RecordKind } from '../../../server/platform/feed-record.ts'
import { silentLog } from '../../../server/platform/log.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'
import { localAdministrators, sinks } from '../../../server/wiring.ts'
import { testKeyring } from './scratch.ts'

/** Records in hand through the real pipeline into the real rooms, with all guards as they come. */
export function memorySources(db: Db, clock: Clock) {
  const records = new Map<string, Map<string, FeedRecord>>()
  const of = (source: string) => records.get(source) ?? new Map<string, FeedRecord>()
  const reader: SourceReader = {
    kind: 'memory',
    settings: z.object({}),
    kinds: source => [...new Set([...of(source.key).values()].map(one => one.kind as RecordKind))],
    seenAt: async () => null,
    async *read(source) {
      yield [...of(source.key).values()]
    },
    test: async () => [],
  }
  const feeds = createFeeds({
    ...{ db, clock, keyring: testKeyring, log: silentLog, sinks: sinks(), readers: [reader], secretOf: () => '' },
    neverInBatch: neverInBatch(localAdministrators, clock.today),
  })
  const declare = (guards: object) =>
    feeds.syncSources(
      [...records.keys()].map(
        (key): SourceDeclaration => ({
          ...{ key, name: { da: key, en: key }, kind: 'memory', authority: 10, guards: guardSettings.parse(guards) },
          ...{ scheduleSeconds: null, fullEverySeconds: 86_400, folder: '/', settings: {} },
        }),
      ),
    )
  return {
    feeds,
    /** What a source has from now on: `change` gives each record anew, or null for one that has left it. */
    put(source: string, added: readonly FeedRecord[]): void {
      const known = of(source)
      records.set(source, known)
      for (const one of added) known.set(`${one.kind}/${one.key}`, one)
    },
    drop(source: string, ...names: string[]): void {
      for (const name of names) of(source).delete(name)
    },
    edit(source: string, change: (one: FeedRecord) => FeedRecord | null): void {
      for (const [name, one] of of(source)) {
        const next = change(one)
        if (next) of(source).set(name, next)
        else of(source).delete(name)
      }
    },
    async run(source: string, guards: object = {}, options: Parameters<typeof feeds.run>[1] = {}) {
      await declare(guards)
      return feeds.run(source, options)
    },
  }
}
