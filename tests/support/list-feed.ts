import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { createFeeds } from '../../server/feeds/feeds-service.ts'
import type { RunResult } from '../../server/feeds/runs/feed-run.ts'
import { guardSettings, type SourceDeclaration } from '../../server/feeds/sources/source.ts'
import { fixedClock } from '../../server/platform/clock.ts'
import { createKeyring } from '../../server/platform/keyring.ts'
import { createLog } from '../../server/platform/log.ts'
import type { Db } from '../../server/platform/unit-of-work.ts'
import type { ListColumns } from '../../server/systems/user-lists/list-columns.ts'
import { userListReader } from '../../server/systems/user-lists/read-user-list.ts'
import { sinks } from '../../server/wiring.ts'

export const LIST_COLUMNS: ListColumns = {
  account: 'Bruger',
  right: 'Rolle',
  limit: 'Afgrænsning',
  lastUsed: 'Sidst brugt',
  enabled: 'Aktiv',
}

/** A file of a user list, put where a source reads it, and the source read by the real pipeline and the real sinks. */
export function listFeed(getDb: () => Db, now = '2026-03-02T09:00:00Z') {
  const folder = mkdtempSync(join(tmpdir(), 'hjemmel-list-'))
  mkdirSync(folder, { recursive: true })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const keyring = createKeyring([{ id: 'k1', secret: randomBytes(32) }])
  let tick = 0
  const open = () =>
    createFeeds({
      db: getDb(),
      sinks: sinks(),
      readers: [userListReader],
      keyring,
      clock: fixedClock(now),
      log: createLog('silent'),
      secretOf: () => '',
    })
  const declaration = (system: string, name: string, guards: object, more: object): SourceDeclaration => ({
    key: `list-${system}`,
    name: { da: system, en: system },
    kind: 'list',
    authority: 5,
    guards: guardSettings.parse(guards),
    scheduleSeconds: null,
    fullEverySeconds: 86_400,
    folder,
    settings: { system, columns: LIST_COLUMNS, pattern: '*', path: name, ...more },
  })
  return {
    folder,
    /** Reads a list of the system; `file` is its content. The newer file is later by a minute. */
    async read(
      system: string,
      file: string | Buffer,
      options: { name?: string; guards?: object; settings?: object; dryRun?: boolean } = {},
    ): Promise<RunResult> {
      const { name = 'liste.csv', guards = {}, settings = {}, dryRun = false } = options
      writeFileSync(join(folder, name), file)
      const at = new Date(Date.parse(now) - 3_600_000 + ++tick * 60_000)
      utimesSync(join(folder, name), at, at)
      const feeds = open()
      await feeds.syncSources([declaration(system, name, guards, settings)])
      return feeds.run(`list-${system}`, { dryRun })
    },
  }
}

/** What is observed of a list source, in an order of its own: account, right, limits, last use. */
export const listedRights = (db: Db, source: string) =>
  db.snapshot(tx =>
    tx.query<{ account: string; right: string; limits: string[]; lastUsed: string | null }>(
      `select a.key as account, e.key as "right", o.limits, o.last_used as "lastUsed"
       from observed_right o join account a on a.id = o.account_id join entitlement e on e.id = o.entitlement_id
       where a.source = $1 and o.listed order by 1, 2`,
      [source],
    ),
  )
