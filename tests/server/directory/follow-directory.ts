import { ldapReader } from '../../../server/directory/ldap-reader.ts'
import { createFeeds, type Feeds } from '../../../server/feeds/feeds-service.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import { systemClock } from '../../../server/platform/clock.ts'
import { silentLog } from '../../../server/platform/log.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'
import { sinks } from '../../../server/wiring.ts'
import { testKeyring } from '../feeds/scratch.ts'

export type Where = {
  url: string
  flavour: 'ad' | 'openldap'
  bindDn: string
  password: string
  caFile: string
  /** Lines of the declaration, each as `key: value`. */
  more?: string
}

/** The source `katalog` over the sinks of the house, with the guards out of the way: a test directory is small. */
export async function followDirectory(db: Db, base: string, where: Where): Promise<Feeds> {
  const feeds = createFeeds({
    ...{ db, sinks: sinks(), readers: [ldapReader], keyring: testKeyring, clock: systemClock, log: silentLog },
    secretOf: () => where.password,
  })
  const yaml = `sources:
  - key: katalog
    kind: ldap
    flavour: ${where.flavour}
    url: ${where.url}
    caFile: ${where.caFile}
    bindDn: ${where.bindDn}
    password: { env: PW }
    base: ${base}
    people: true
    guards: { part: false, change: false, gone: false, add: false, group: false, emptied: false, cause: false, aspect: false, empty: false, truncated: false, hole: false }
    ${where.more ?? ''}
`
  await feeds.syncSources(parseSources(yaml, { file: 'k.yaml', folder: '/', readers: [ldapReader] }))
  return feeds
}
