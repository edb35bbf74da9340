import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import { testDatabase } from '../../support/database.ts'
import { expectSpoken, spoken } from '../../support/spoken.ts'
import { csvSource, dropFolder, READERS, settled } from './drop-folder.ts'
import { createScratch, csvOf, readScratch, rowsOf } from './scratch.ts'

const database = testDatabase()
beforeAll(() => createScratch(database.db))
beforeEach(() => database.reset())

let made: ReturnType<typeof dropFolder>[] = []
const folderWith = (yaml?: string) => {
  const one = dropFolder(yaml)
  made.push(one)
  return one
}
afterEach(() => {
  for (const one of made) one.remove()
  made = []
})

/** Two looks, as the job takes them a minute apart. */
async function twoLooks(feeds: Awaited<ReturnType<ReturnType<typeof dropFolder>['feeds']>>) {
  const first = await feeds.takeDrops()
  await settled()
  return [...first, ...(await feeds.takeDrops())]
}
const drops = () =>
  database.db.snapshot(tx =>
    tx.query<{
      name: string
      state: string
      moved: boolean
      place: string
      run_id: string | null
      reason: { code: string }
    }>('select name, state, moved, place, run_id, reason from feed_drop order by noticed_at, name'),
  )
const live = async () => (await readScratch(database.db)).filter(row => !row.gone)

test('a file is taken once it stands still, read by a run, and archived under that run', async () => {
  const files = folderWith()
  const feeds = await files.feeds(database.db)
  files.drop('personale-1.csv', rowsOf(100))
  expect(await feeds.takeDrops()).toEqual([])
  await settled()
  const [run] = await feeds.takeDrops()
  expect(run).toMatchObject({ source: 'hr', state: 'done', added: 100 })
  expect(files.list()).toEqual([`arkiv/${run!.runId}/personale-1.csv`])
  expect(await drops()).toMatchObject([{ state: 'archived', run_id: run!.runId, moved: true }])
  expect(await live()).toHaveLength(100)
  expect(await twoLooks(feeds)).toEqual([])
})

test('a file that is still being written is waited for, however often one looks', async () => {
  const files = folderWith()
  const feeds = await files.feeds(database.db)
  for (const count of [10, 20, 30]) {
    files.drop('personale.csv', rowsOf(count))
    expect(await feeds.takeDrops()).toEqual([])
    await settled()
  }
  // The same size, but written anew.
  files.drop('personale.csv', rowsOf(30))
  expect(await feeds.takeDrops()).toEqual([])
  await settled()
  expect(await feeds.takeDrops()).toMatchObject([{ added: 30 }])
})

test('names of what is not finished, links, folders and files that no pattern fits are left alone', async () => {
  const files = folderWith()
  const feeds = await files.feeds(database.db)
  const others = [
    'personale.csv.part',
    'personale.csv.filepart',
    'personale.csv.tmp',
    '~$personale.csv',
    '.personale.csv',
    'andet.csv',
  ]
  for (const name of others) files.drop(name, rowsOf(10))
  writeFileSync(join(files.root, 'udenfor.csv'), csvOf(rowsOf(10)))
  symlinkSync(join(files.root, 'udenfor.csv'), join(files.folder, 'personale-link.csv'))
  expect(await twoLooks(feeds)).toEqual([])
  expect(files.list()).toEqual([...others].sort())
  const [watch] = await database.db.snapshot(tx => tx.query('select unmatched, error from feed_watch'))
  expect(watch).toEqual({ unmatched: ['andet.csv'], error: null })
})

test('with a marker: taken at once where it is there, and never without where it is asked for', async () => {
  const files = folderWith(csvSource('{ folder: hr, done: true }'))
  const feeds = await files.feeds(database.db)
  files.drop('personale.csv', rowsOf(10))
  expect(await twoLooks(feeds)).toEqual([])
  files.drop('personale.done', '')
  const [run] = await feeds.takeDrops()
  expect(run).toMatchObject({ added: 10 })
  expect(files.list()).toEqual([`arkiv/${run!.runId}/personale.csv`])
})

test('several wait: oldest first, those of one day as one; what another sort said last stands', async () => {
  const files = folderWith()
  const feeds = await files.feeds(database.db)
  files.drop('personale-1.csv', rowsOf(100))
  files.drop('stillinger-1.csv', rowsOf(20))
  files.drop('personale-2.csv', rowsOf(101))
  files.drop('personale-3.csv', rowsOf(102))
  const runs = await twoLooks(feeds)
  expect(runs).toMatchObject([
    { read: 120, added: 120 },
    { read: 121, added: 1 },
    { read: 122, added: 1 },
  ])
  expect(files.list()).toEqual(
    [
      `arkiv/${runs[0]!.runId}/personale-1.csv`,
      `arkiv/${runs[0]!.runId}/stillinger-1.csv`,
      `arkiv/${runs[1]!.runId}/personale-2.csv`,
      `arkiv/${runs[2]!.runId}/personale-3.csv`,
    ].sort(),
  )
})

test('a file that is read again because another came is no second absence: nobody ends by it', async () => {
  const files = folderWith()
  const feeds = await files.feeds(database.db)
  files.drop('personale-1.csv', rowsOf(100))
  files.drop('stillinger-1.csv', rowsOf(20))
  await twoLooks(feeds)
  files.drop('personale-2.csv', rowsOf(99))
  expect(await twoLooks(feeds)).toMatchObject([{ missing: 1, gone: 0 }])
  for (const n of [2, 3]) {
    files.drop(`stillinger-${n}.csv`, rowsOf(20 + n))
    expect(await twoLooks(feeds)).toMatchObject([{ gone: 0 }])
  }
  // A person who reads again what stands has learnt nothing new either.
  expect(await feeds.run('hr')).toMatchObject({ state: 'done', gone: 0 })
  expect(await live()).toHaveLength(123)
  // The next list of people is the second to say so.
  files.drop('personale-3.csv', rowsOf(99))
  expect(await twoLooks(feeds)).toMatchObject([{ gone: 1 }])
})

test('the same file again is nothing new, and said; under the same name with other content it is', async () => {
  const files = folderWith()
  const feeds = await files.feeds(database.db)
  files.drop('personale.csv', rowsOf(10))
  const [first] = await twoLooks(feeds)
  files.drop('personale.csv', rowsOf(10))
  expect(await twoLooks(feeds)).toEqual([])
  expect(await drops()).toMatchObject([
    { state: 'archived' },
    { state: 'again', run_id: first!.runId, reason: { code: 'drop-again' }, moved: true },
  ])
  expect(files.list()).toHaveLength(2)
  expect(files.list(`arkiv/${first!.runId}`)).toHaveLength(2)
  files.drop('personale.csv', rowsOf(11))
  expect(await twoLooks(feeds)).toMatchObject([{ added: 1 }])
})

test('an older file than the one that was read is a stale copy', async () => {
  const files = folderWith()
  const feeds = await files.feeds(database.db)
  files.drop('personale-2.csv', rowsOf(100))
  await twoLooks(feeds)
  files.drop('personale-1.csv', rowsOf(90), Date.now() - 86_400_000)
  expect(await twoLooks(feeds)).toEqual([])
  expect(await drops()).toMatchObject([
    { state: 'archived' },
    { state: 'set-aside', reason: { code: 'drop-stale', said: { code: 'drop-older' } } },
  ])
  const [reason] = files.list('afvist').filter(name => name.endsWith('.txt'))
  expect(files.text(`afvist/${reason}`)).toMatch(/personale-1\.csv.*ældre end den, der sidst blev læst/s)
})

test.each([
  ['cut off in the middle of a quote', 'Nr;Navn;Enhed\np1;"Navn;u1\n', 'source-incomplete', /Filen er ikke hel/],
  ['empty', '', 'source-incomplete', /Filen er ikke hel/],
  ['without its column', 'Nr;Fornavn;Enhed\np1;Bo;u1\n', 'source-invalid', /has no column "Navn"/],
  [
    'in two encodings',
    Buffer.concat([Buffer.from('Nr;Navn;Enhed\np1;Åse Ærø;u1\n'), iconv.encode('p2;Øst;u1\n', 'windows-1252')]),
    'source-invalid',
    /not UTF-8/,
  ],
])(
  'a bad file (%s) is set aside with the reason in Danish, and nothing has changed',
  async (_what, content, code, says) => {
    const files = folderWith()
    const feeds = await files.feeds(database.db)
    files.drop('personale-1.csv', rowsOf(100))
    await twoLooks(feeds)
    const before = await readScratch(database.db)
    files.drop('personale-2.csv', content)
    const [run] = await twoLooks(feeds)
    expect(run).toMatchObject({ state: 'failed', error: { code } })
    expect(spoken(run!.error!.said).da).toContain('personale-2.csv')
    expect(await drops()).toMatchObject([
      { state: 'archived' },
      { state: 'set-aside', run_id: run!.runId, reason: { code }, moved: true },
    ])
    const [file, reason] = files.list('afvist')
    expect(file).toMatch(/ personale-2\.csv$/)
    expect(reason).toBe(`${file}.txt`)
    const text = files.text(`afvist/${reason}`)
    expect(text).toMatch(/^Hjemmel har ikke taget filen personale-2\.csv ind/)
    expect(text).toMatch(says)
    expect(text).toContain(run!.runId)
    expect(await readScratch(database.db)).toEqual(before)
    // What comes next is read as if nothing had been.
    files.drop('personale-3.csv', rowsOf(101))
    expect(await twoLooks(feeds)).toMatchObject([{ state: 'done', added: 1 }])
  },
)

test('a file that the guards reject is set aside with the guards by name', async () => {
  const files = folderWith()
  const feeds = await files.feeds(database.db)
  files.drop('personale-1.csv', rowsOf(1000))
  await twoLooks(feeds)
  files.drop('personale-2.csv', rowsOf(500))
  expect(await twoLooks(feeds)).toMatchObject([{ state: 'rejected' }])
  const [reason] = files.list('afvist').filter(name => name.endsWith('.txt'))
  expect(files.text(`afvist/${reason}`)).toMatch(/der er langt færre poster end sidst \(unit: 500/)
  expect(await live()).toHaveLength(1000)
})

test('of two that came together the bad one is set aside and the good one read', async () => {
  const files = folderWith()
  const feeds = await files.feeds(database.db)
  files.drop('personale.csv', 'Nr;Navn;Enhed\np1;"Navn;u1\n')
  files.drop('stillinger.csv', rowsOf(20))
  const runs = await twoLooks(feeds)
  expect(runs.map(run => run.state)).toEqual(['failed', 'failed', 'done'])
  expect(await drops()).toMatchObject([
    { name: 'personale.csv', state: 'set-aside' },
    { name: 'stillinger.csv', state: 'archived' },
  ])
  expect(await live()).toHaveLength(20)
})

test('changes only: absence means nothing, order is by time, and the same list again does not undo what came after', async () => {
  const files = folderWith(csvSource('{ folder: hr, content: changes }'))
  const feeds = await files.feeds(database.db)
  const rows = rowsOf(100)
  files.drop('personale-1.csv', rows)
  expect(await twoLooks(feeds)).toMatchObject([{ mode: 'changes', added: 100, missing: 0 }])
  const renamed = [{ ...rows[1]!, name: 'Nyt navn' }]
  files.drop('personale-2.csv', renamed)
  files.drop('personale-3.csv', [{ ...rows[1]!, name: 'Nyeste navn' }])
  expect(await twoLooks(feeds)).toMatchObject([
    { read: 1, changed: 1, missing: 0 },
    { read: 1, changed: 1, missing: 0 },
  ])
  files.drop('personale-2.csv', renamed)
  expect(await twoLooks(feeds)).toEqual([])
  const now = await live()
  expect(now).toHaveLength(100)
  expect(now.find(row => row.key === 'p1')?.name).toBe('Nyeste navn')
})

test('a mass change is held back as ever; its file is archived, and stays what the source says', async () => {
  const files = folderWith()
  const feeds = await files.feeds(database.db)
  const rows = rowsOf(1000)
  files.drop('personale-1.csv', rows)
  files.drop('stillinger-1.csv', rowsOf(20))
  await twoLooks(feeds)
  files.drop(
    'personale-2.csv',
    rows.map((row, n) => (n < 400 ? { ...row, name: `${row.name} Ny` } : row)),
  )
  const [held] = await twoLooks(feeds)
  expect(held).toMatchObject({ state: 'held', applied: 0 })
  expect(files.list('arkiv')).toHaveLength(3)
  // Another sort comes meanwhile: what waits for a person waits on, in the newer run.
  files.drop('stillinger-2.csv', rowsOf(21))
  const [next] = await twoLooks(feeds)
  expect(next).toMatchObject({ state: 'held', added: 1 })
  expect(next!.byKind.unit).toMatchObject({ changed: 400, held: 400 })
})

test('a folder that is not there, or may not be written, is said once, clearly, and healed by itself', async () => {
  const files = folderWith()
  const feeds = await files.feeds(database.db)
  rmSync(files.folder, { recursive: true })
  expect(await feeds.takeDrops()).toMatchObject([
    {
      state: 'failed',
      error: { code: 'source-unreachable', detail: expect.stringMatching(/hr is not there \(ENOENT\)/) },
    },
  ])
  expect(await feeds.takeDrops()).toEqual([])
  writeFileSync(files.folder, 'a file where the folder should be')
  expect(await feeds.takeDrops()).toMatchObject([{ error: { detail: expect.stringMatching(/is no folder/) } }])
  const steps = await feeds.test('hr')
  expectSpoken(steps)
  expect(steps).toMatchObject([{ ok: false, detail: expect.stringMatching(/is no folder/) }])
})

test('a folder in which files cannot be moved takes nothing and loses nothing', async () => {
  const files = folderWith()
  const feeds = await files.feeds(database.db)
  files.drop('personale.csv', rowsOf(10))
  writeFileSync(join(files.folder, '.i-gang'), '')
  expect(await twoLooks(feeds)).toMatchObject([{ state: 'failed', error: { code: 'source-unreachable' } }])
  const steps = await feeds.test('hr')
  expectSpoken(steps)
  expect(steps).toMatchObject([{ ok: false, said: { code: 'folder-no-folder' } }])
  rmSync(join(files.folder, '.i-gang'))
  expect(await twoLooks(feeds)).toMatchObject([{ added: 10 }])
})

test('a person: the test says what is there, the dry run looks without taking, the run takes without waiting for the clock', async () => {
  const files = folderWith()
  const feeds = await files.feeds(database.db)
  await expect(feeds.run('hr')).rejects.toMatchObject({
    problem: 'source-unreachable',
    message: expect.stringMatching(/no file to read.*personale\*\.csv/),
  })
  files.drop('personale.csv', rowsOf(10))
  files.drop('perosnale.csv', rowsOf(10))
  const steps = await feeds.test('hr')
  expectSpoken(steps)
  expect(steps).toMatchObject([
    { step: 'file', ok: true, warning: expect.stringMatching(/perosnale\.csv/) },
    { step: 'file', ok: true, detail: expect.stringMatching(/personale\.csv: the header fits/) },
  ])
  expect(await feeds.sample('hr', 3)).toHaveLength(3)
  expect(await feeds.run('hr', { dryRun: true })).toMatchObject({ state: 'done', added: 10, applied: 0 })
  expect(files.list()).toEqual(['perosnale.csv', 'personale.csv'])
  expect(await feeds.run('hr')).toMatchObject({ state: 'done', added: 10, applied: 10 })
  expect(await feeds.run('hr')).toMatchObject({ state: 'done', unchanged: 10, applied: 0 })
})

test('files are kept for as long as is declared; what the source said last is kept all the same', async () => {
  const files = folderWith(csvSource('{ folder: hr, keepDays: 30 }'))
  const feeds = await files.feeds(database.db)
  files.drop('personale-1.csv', rowsOf(100))
  files.drop('personale-2.csv', rowsOf(101))
  await twoLooks(feeds)
  files.drop('personale-3.csv', 'Nr;Forkert\n')
  await twoLooks(feeds)
  expect(files.list()).toHaveLength(4)
  expect(await feeds.tidyDrops()).toBe(0)
  await database.db.transaction(tx => tx.query(`update feed_drop set ended_at = ended_at - interval '31 days'`))
  expect(await feeds.tidyDrops()).toBe(2)
  const [kept] = (await drops()).filter(drop => drop.name === 'personale-2.csv')
  expect(files.list()).toEqual([kept!.place])
  expect(await feeds.tidyDrops()).toBe(0)
  expect(await feeds.run('hr')).toMatchObject({ unchanged: 101 })
})

test('exports of a directory as drops: the same folder, the same archive', async () => {
  const files = folderWith(`sources:
  - key: hr
    kind: ldif
    drops: { folder: hr }
    patterns: ['ad*.ldif']
    records:
      - { record: unit, match: { objectClass: organizationalUnit }, key: entryUUID, map: { name: ou } }
`)
  const feeds = await files.feeds(database.db)
  const entry = (n: number) =>
    `dn: ou=Enhed ${n},dc=dk\nobjectClass: organizationalUnit\nentryUUID: u${n}\nou: Enhed ${n}\n\n`
  files.drop('ad-1.ldif', [1, 2, 3].map(entry).join(''))
  const [run] = await twoLooks(feeds)
  expect(run).toMatchObject({ state: 'done', added: 3 })
  expect(files.list()).toEqual([`arkiv/${run!.runId}/ad-1.ldif`])
  files.drop('ad-2.ldif', `${[1, 2, 3, 4].map(entry).join('')}dn: ou=halv\nobjectCl`)
  files.drop('ad-3.ldif', [1, 2, 3, 4].map(entry).join(''))
  const runs = await twoLooks(feeds)
  expect(runs.at(-1)).toMatchObject({ state: 'done', added: 1 })
})

test('a declaration that mixes files and a folder is told so', () => {
  const parse = (yaml: string) => () => parseSources(yaml, { file: 'k.yaml', folder: '/', readers: READERS })
  expect(parse(csvSource().replace("pattern: 'personale*.csv'", 'path: personale.csv'))).toThrow(/give it `pattern`/)
  expect(parse(csvSource().replace('drops: { folder: hr }', ''))).toThrow(/needs `path`/)
  expect(parse(csvSource().replaceAll('personale*.csv', '../personale.csv'))).toThrow(/without a path/)
  expect(parse(csvSource().replaceAll('stillinger*', 'personale*'))).toThrow(/same pattern/)
})
