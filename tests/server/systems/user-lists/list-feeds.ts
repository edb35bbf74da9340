import { createFeeds } from '../../../../server/feeds/feeds-service.ts'
import { guardSettings, type SourceDeclaration } from '../../../../server/feeds/sources/source.ts'
import { fixedClock } from '../../../../server/platform/clock.ts'
import { silentLog } from '../../../../server/platform/log.ts'
import type { Db } from '../../../../server/platform/unit-of-work.ts'
import { userListReader } from '../../../../server/systems/user-lists/read-user-list.ts'
import { sinks } from '../../../../server/wiring.ts'
import { testKeyring } from '../../feeds/scratch.ts'

/** The list of one system, read by the real pipeline and the real sinks; in the test and in a process that it kills. */
export async function listFeeds(db: Db, folder: string) {
  const feeds = createFeeds({
    ...{ db, sinks: sinks(), readers: [userListReader], keyring: testKeyring, log: silentLog },
    clock: fixedClock('2026-03-02T09:00:00Z'),
    secretOf: () => '',
  })
  const source: SourceDeclaration = {
    ...{ key: 'list-nova', name: { da: 'Nova', en: 'Nova' }, kind: 'list', authority: 5, folder },
    guards: guardSettings.parse({ change: false, gone: false, part: false, cause: false, aspect: false }),
    ...{ scheduleSeconds: null, fullEverySeconds: 86_400 },
    settings: {
      ...{ system: 'nova', path: 'liste.csv', pattern: '*' },
      columns: { account: 'Bruger', right: 'Rolle', lastUsed: 'Sidst brugt' },
    },
  }
  await feeds.syncSources([source])
  return feeds
}
