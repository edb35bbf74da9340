import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import type { FeedAudit } from '../../../server/feeds/runs/feed-audit.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import { type Clock, systemClock } from '../../../server/platform/clock.ts'
import type { Sink } from '../../../server/platform/feed-record.ts'
import { silentLog } from '../../../server/platform/log.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'
import { journalReader } from './journal-reader.ts'
import { scratchSink, testKeyring } from './scratch.ts'

type Options = { sinks?: Sink[]; guards?: string; clock?: Clock; audit?: FeedAudit; schedule?: string; learn?: boolean }

export async function followJournal(db: Db, file: string, options: Options = {}) {
  const feeds = createFeeds({
    ...{ db, readers: [journalReader], keyring: testKeyring, log: silentLog, clock: options.clock ?? systemClock },
    sinks: options.sinks ?? [scratchSink('unit'), scratchSink('group')],
    secretOf: () => '',
    ...(options.audit ? { audit: options.audit } : {}),
  })
  const yaml = `sources:
  - key: journal
    kind: journal
    file: ${file}
    guards: { learn: ${options.learn === true}, ${options.guards ?? ''} }
    ${options.schedule ? `schedule: ${options.schedule}` : ''}
`
  await feeds.syncSources(parseSources(yaml, { file: 'k.yaml', folder: '/', readers: [journalReader] }))
  return feeds
}
