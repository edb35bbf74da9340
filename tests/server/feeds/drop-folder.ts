import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ldifReader } from '../../../server/directory/ldif-reader.ts'
import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import { csvReader } from '../../../server/feeds/reading/read-csv.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import { systemClock } from '../../../server/platform/clock.ts'
import { silentLog } from '../../../server/platform/log.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'
import { csvOf, type Row, scratchSink, testKeyring } from './scratch.ts'

export const READERS = [csvReader, ldifReader]
/** So long a file must stand still in these tests. */
export const SETTLE_MS = 40

export const csvSource = (drops = '{ folder: hr }', guards = '') => `sources:
  - key: hr
    kind: csv
    drops: ${drops}
    ${guards}
    files:
      - { pattern: 'personale*.csv', record: unit, key: Nr, map: { name: Navn, unit: Enhed } }
      - { pattern: 'stillinger*.csv', record: position, key: Nr, map: { name: Navn, unit: Enhed } }
`

/** A folder with a sources file and a folder for drops beside it; files in it get times that go forward. */
export function dropFolder(yaml = csvSource()) {
  const root = mkdtempSync(join(tmpdir(), 'hjemmel-drops-'))
  const folder = join(root, 'hr')
  mkdirSync(folder)
  const yamlPath = join(root, 'kilder.yaml')
  writeFileSync(yamlPath, yaml)
  let tick = Date.now() - 3_600_000
  const drop = (name: string, content: string | Buffer | readonly Row[], at?: number) => {
    const path = join(folder, name)
    writeFileSync(path, Array.isArray(content) ? csvOf(content as Row[]) : (content as string))
    tick += 60_000
    utimesSync(path, new Date(at ?? tick), new Date(at ?? tick))
    return path
  }
  const list = (below = ''): string[] => {
    const at = join(folder, below)
    if (!existsSync(at)) return []
    return readdirSync(at, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(at.length + 1))
      .sort()
  }
  return {
    root,
    folder,
    yamlPath,
    drop,
    /** Files below the folder, as paths. */
    list,
    text: (path: string) => readFileSync(join(folder, path), 'utf8'),
    remove: () => rmSync(root, { recursive: true, force: true }),
    async feeds(db: Db, onApply?: (count: number) => Promise<void>) {
      const made = createFeeds({
        ...{ db, readers: READERS, keyring: testKeyring, clock: systemClock, log: silentLog, secretOf: () => '' },
        sinks: [scratchSink('unit', onApply), scratchSink('position')],
        settleMs: SETTLE_MS,
      })
      await made.syncSources(parseSources(yaml, { file: yamlPath, folder: root, readers: READERS }))
      return made
    },
  }
}

export const settled = () => new Promise(go => setTimeout(go, SETTLE_MS + 20))
