import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterAll, expect, test } from 'vitest'
import { UNFINISHED_ENDINGS } from '../server/feeds/drops/decide-drops.ts'
import { createFeeds } from '../server/feeds/feeds-service.ts'
import { csvReader } from '../server/feeds/reading/read-csv.ts'
import { parseSources } from '../server/feeds/sources/read-sources.ts'
import { createPeopleSinks } from '../server/people/people-sinks.ts'
import { systemClock } from '../server/platform/clock.ts'
import { silentLog } from '../server/platform/log.ts'
import { testKeyring } from './server/feeds/scratch.ts'
import { testDatabase } from './support/database.ts'

/** The page is followed as it is written, with files as Danish Excel saves them. */
const page = readFileSync(new URL('../docs/watched-folders.md', import.meta.url), 'utf8')
const yaml = /^```yaml\n(.*?)^```/ms.exec(page)![1]!
const database = testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-watched-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What "Gem som: CSV (semikolonsepareret)" writes: Windows-1252, CR LF, quotes only where they are needed. */
const excel = (rows: readonly string[][]) =>
  iconv.encode(
    rows
      .map(
        cells => `${cells.map(cell => (/[";\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(';')}\r\n`,
      )
      .join(''),
    'windows-1252',
  )

test('the declaration of the page takes in what Danish Excel writes', async () => {
  mkdirSync(join(folder, 'hr'))
  const feeds = createFeeds({
    ...{ db: database.db, readers: [csvReader], keyring: testKeyring, clock: systemClock, log: silentLog },
    ...{ sinks: createPeopleSinks(), secretOf: () => '', settleMs: 30 },
  })
  await feeds.syncSources(parseSources(yaml, { file: 'sources.yaml', folder, readers: [csvReader] }))
  writeFileSync(
    join(folder, 'hr', 'Personale november.csv'),
    excel([
      ['Medarbejdernr', 'FORNAVN', 'Efternavn', 'E-mail', '', ''],
      ['17', 'Åse-Marie', 'Østergård "Ærø" Sørensen', 'aase@kommune.dk', '', ''],
      ['18', 'Søren', 'Bæk; født Å', 'soeren@kommune.dk', '', ''],
      ['', '', '', '', '', ''],
    ]),
  )
  writeFileSync(
    join(folder, 'hr', 'ansaettelser.csv'),
    excel([
      ['Ansættelsesnr', 'Medarbejdernr', 'Stilling', 'Beskæftigelsesgrad', 'Ansat fra'],
      ['A1', '17', 'Lærer,\nspecialskolen', '0,8', '01-02-2026'],
      ['A2', '18', '=Pædagog', '1', '1-12-2025'],
    ]),
  )
  expect(await feeds.test('hr')).toMatchObject([{ ok: true }, { ok: true }, { ok: true }])
  expect(await feeds.run('hr')).toMatchObject({ state: 'done', added: 4, rejected: 0 })
  const rows = await database.db.snapshot(tx =>
    tx.query(`select p.name, a.title, a.fraction, a.starts_on as "startsOn" from affiliation_current a
      join person_current p on p.person_id = a.person_id order by a.starts_on desc`),
  )
  expect(rows).toEqual([
    {
      name: 'Åse-Marie Østergård "Ærø" Sørensen',
      title: 'Lærer,\nspecialskolen',
      fraction: '0.8',
      startsOn: '2026-02-01',
    },
    { name: 'Søren Bæk; født Å', title: '=Pædagog', fraction: '1', startsOn: '2025-12-01' },
  ])
  expect(readdirSync(join(folder, 'hr')).filter(name => name !== '.i-gang')).toEqual(['arkiv'])
})

test('the page names every ending that is not taken', () => {
  for (const ending of UNFINISHED_ENDINGS.filter(one => one !== 'done')) expect(page).toContain(`\`.${ending}\``)
})
