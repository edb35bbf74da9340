import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ldapReader } from '../../../server/directory/ldap-reader.ts'
import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import { csvReader } from '../../../server/feeds/reading/read-csv.ts'
import { hostAllowed, recipientOf, screenMistakes } from '../../../server/feeds/sources/decide-screen-source.ts'
import { readScreenDeclaration } from '../../../server/feeds/sources/declared-sources.ts'
import { checkReach, filesBelow, type ScreenLimits } from '../../../server/feeds/sources/screen-limits.ts'
import type { SourceDeclaration } from '../../../server/feeds/sources/source.ts'
import { putSource, removeOldDrafts, storedSource } from '../../../server/feeds/sources/source-store.ts'
import { createSources } from '../../../server/feeds/sources/sources-service.ts'
import { systemClock } from '../../../server/platform/clock.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { testDatabase } from '../../support/database.ts'
import { createScratch, csvFolder, csvOf, rowsOf, scratchSink, testKeyring } from './scratch.ts'

const database = testDatabase()
const files = csvFolder()
const root = mkdtempSync(join(tmpdir(), 'hjemmel-screen-'))
const limits: ScreenLimits = {
  dropsDir: join(root, 'drops'),
  secretsDir: join(root, 'secrets'),
  hosts: [],
  never: [join(root, 'secrets/key')],
}
const readers = [csvReader, ldapReader]
const feeds = () =>
  createFeeds({
    db: database.db,
    sinks: [scratchSink('unit')],
    readers,
    keyring: testKeyring,
    clock: systemClock,
    log: silentLog,
    secretOf: () => '',
    screen: limits,
  })
const sources = createSources({ readers, screen: limits, secretOf: () => 'x', changeWaits: async () => false })
beforeAll(async () => {
  await createScratch(database.db)
  for (const folder of ['drops/sub', 'secrets', 'elsewhere']) mkdirSync(join(root, folder), { recursive: true })
  for (const file of ['drops/a.csv', 'drops/sub/b.csv', 'elsewhere/c.csv', 'secrets/pw', 'secrets/key'])
    writeFileSync(join(root, file), csvOf(rowsOf(3)))
  symlinkSync(join(root, 'elsewhere'), join(root, 'drops/away'))
  symlinkSync(join(root, 'elsewhere/c.csv'), join(root, 'drops/c.csv'))
  symlinkSync(join(root, 'drops/a.csv'), join(root, 'drops/same.csv'))
})
afterAll(() => {
  files.remove()
  rmSync(root, { recursive: true, force: true })
})

const csv = (path: string, key = 'skaerm') => ({
  key,
  kind: 'csv',
  files: [{ path, record: 'unit', key: 'Nr', map: { name: 'Navn', unit: 'Enhed' } }],
})
const ldap = (more: Record<string, unknown> = {}) => ({
  key: 'ad',
  kind: 'ldap',
  flavour: 'ad',
  url: 'ldaps://dc1.example.dk',
  bindDn: 'cn=x',
  password: { file: 'pw' },
  base: 'dc=x',
  ...more,
})
const read = (declared: Record<string, unknown>): SourceDeclaration => {
  const result = readScreenDeclaration(declared, { readers, screen: limits })
  if ('mistakes' in result) throw new Error(JSON.stringify(result.mistakes))
  return result.declaration
}

test.each([
  ['a.csv', true],
  ['sub/b.csv', true],
  ['same.csv', true],
  ['not-there-yet.csv', true],
  ['c.csv', false],
  ['away/c.csv', false],
  ['away/not-there-yet.csv', false],
])('the file %s may be read: %s', async (path, may) => {
  const reached = checkReach(read(csv(path)), limits)
  if (may) await expect(reached).resolves.toBeUndefined()
  else await expect(reached).rejects.toMatchObject({ problem: 'source-invalid' })
})

test('what the sources file declares is not held to the limits of the screen', async () => {
  await expect(checkReach({ ...read(csv('c.csv')), owner: 'file' }, limits)).resolves.toBeUndefined()
})

test('the encryption key is given to nobody, and a folder that is not set holds nothing', async () => {
  await expect(checkReach(read(ldap({ password: { file: 'key' } })), limits)).rejects.toMatchObject({
    problem: 'source-invalid',
  })
  await expect(checkReach(read(ldap()), { ...limits, secretsDir: null })).rejects.toThrow('HJEMMEL_SECRETS_DIR')
  await expect(checkReach(read(csv('a.csv')), { ...limits, dropsDir: null })).rejects.toThrow('HJEMMEL_DROPS_DIR')
  expect(filesBelow(limits.secretsDir!, limits)).toEqual(['pw'])
  expect(filesBelow(limits.dropsDir!, limits)).toEqual(['a.csv', 'sub', 'sub/b.csv'])
})

const own = Object.values(networkInterfaces()).flatMap(all => (all ?? []).map(one => one.address))
test.each([
  ['dc1.example.dk', ['10.0.0.7'], [], true],
  ['10.0.0.7', [], [], true],
  ['localhost', ['127.0.0.1'], [], false],
  ['localhost.', [], [], false],
  ['a.localhost', [], [], false],
  ['127.0.0.1', [], [], false],
  ['127.9.9.9', [], [], false],
  ['0.0.0.0', [], [], false],
  ['::1', [], [], false],
  ['::ffff:127.0.0.1', [], [], false],
  ['::ffff:7f00:1', [], [], false],
  ['fe80::1', [], [], false],
  ['169.254.169.254', [], [], false],
  ['2130706433', ['127.0.0.1'], [], false],
  ['innocent.example.dk', ['10.0.0.7', '127.0.0.1'], [], false],
  ['this-machine.example.dk', [own[0]!], [], false],
  ['localhost', ['127.0.0.1'], ['localhost'], true],
  ['dc1.example.dk', ['10.0.0.7'], ['*.example.dk'], true],
  ['dc1.example.dk.', ['10.0.0.7'], ['dc1.example.dk'], true],
  ['evil-example.dk', ['10.0.0.7'], ['*.example.dk'], false],
  ['dc2.example.dk', ['10.0.0.7'], ['10.0.0.7'], true],
  ['dc2.example.dk', ['10.0.0.7', '10.0.0.8'], ['10.0.0.7', '10.0.0.8'], true],
  ['dc2.example.dk', ['10.0.0.7', '6.6.6.6'], ['10.0.0.7'], false],
  ['dc2.example.dk', [], ['10.0.0.7'], false],
] as [string, string[], string[], boolean][])('%s at %j with the list %j: %s', (host, resolved, allowed, may) => {
  expect(hostAllowed(host, resolved, { allowed, own })).toBe(may)
})

test('several servers are all looked at, and a password to other servers is another recipient', () => {
  const several = ldap({ url: undefined, urls: ['ldaps://dc1.example.dk', 'ldaps://x:y@evil.test'] })
  expect(screenMistakes(several)).toMatchObject([{ path: ['urls', 1] }])
  const known = recipientOf(ldap())
  expect(recipientOf({ ...ldap(), schedule: '1h', name: 'AD', base: 'dc=y' })).toBe(known)
  for (const more of [
    { url: 'ldaps://dc1.evil.dk' },
    { url: undefined, urls: ['ldaps://dc1.example.dk'] },
    { bindDn: 'cn=y' },
    { startTls: true },
    { allowPlain: true },
    { caFile: 'other.pem' },
  ])
    expect(recipientOf({ ...ldap(), ...more }), JSON.stringify(more)).not.toBe(known)
})

test('names of attributes, columns and constants are no paths and no addresses', () => {
  const declared = csv('a.csv')
  declared.files[0]!.map = { name: '../Navn', unit: 'http://a:b@c' }
  expect(screenMistakes({ ...declared, name: { da: '/etc', en: '../x' } })).toEqual([])
})

test('a drop folder is a path as well', () => {
  const drops = { ...csv('x'), files: [{ pattern: '*.csv', record: 'unit', key: 'Nr', map: { name: 'Navn' } }] }
  expect(screenMistakes({ ...drops, drops: { folder: '../elsewhere' } })).toMatchObject([{ path: ['drops', 'folder'] }])
  expect(screenMistakes({ ...drops, drops: { folder: 'sub' } })).toEqual([])
})

test('two who declare the same key at once: one does, the other is told', async () => {
  const make = (by: string) =>
    database.db.transaction(tx =>
      sources.create(tx, { id: by }, { declaration: csv('a.csv', 'samtidig'), confirmSecret: false, reason: null }),
    )
  const outcomes = await Promise.allSettled([make('a'), make('b'), make('c')])
  expect(outcomes.filter(one => one.status === 'fulfilled')).toHaveLength(1)
  for (const one of outcomes)
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ problem: 'source-exists' })
})

test('the sources file takes a key over that the screen had, and its history says so; taken out, it is read no more', async () => {
  const one = feeds()
  await database.db.transaction(tx =>
    sources.create(tx, { id: 'anna' }, { declaration: csv('a.csv', 'hr'), confirmSecret: false, reason: null }),
  )
  expect((await one.sources()).find(source => source.key === 'hr')).toMatchObject({ owner: 'screen' })
  await one.syncSources(files.declarations())
  const taken = await database.db.snapshot(tx => storedSource(tx, 'hr'))
  expect(taken).toMatchObject({ owner: 'file', version: 2, declared: true, place: 'kilder.yaml:2' })
  expect(await history('hr')).toEqual(['create', 'take-over'])
  // The same file again is no new version.
  await feeds().syncSources(files.declarations())
  expect((await database.db.snapshot(tx => storedSource(tx, 'hr')))?.version).toBe(2)
  await one.syncSources([])
  expect((await one.sources()).map(source => source.key)).not.toContain('hr')
  // What the file no longer has may be declared on the screen.
  const again = await database.db.transaction(tx =>
    sources.create(tx, { id: 'anna' }, { declaration: csv('a.csv', 'hr'), confirmSecret: false, reason: null }),
  )
  expect(again.version).toBe(3)
})
const history = async (key: string) =>
  (
    (await database.db.source.query('select change from source_version where source = $1 order by version', [key])) as {
      change: string
    }[]
  ).map(row => row.change)

test('a source that a later version no longer understands is left out and said, and does not keep the others', async () => {
  const one = feeds()
  await one.syncSources(files.declarations().map(source => ({ ...source, key: 'god' })))
  await database.db.transaction(tx =>
    putSource(
      tx,
      { ...read(csv('a.csv', 'gammel')), written: { ...csv('a.csv', 'gammel'), colour: 'red' } },
      {
        ...{ owner: 'screen', by: 'anna', change: 'create', reason: null },
      },
    ),
  )
  expect((await one.sources()).map(source => source.key)).toContain('god')
  expect((await one.sources()).map(source => source.key)).not.toContain('gammel')
  await expect(one.run('gammel')).rejects.toMatchObject({ problem: 'source-invalid', message: /colour/ })
})

test('a draft that nobody saved goes after a day with its runs; one that was saved stays', async () => {
  const one = feeds()
  await one.run('proeve', { draft: read(csv('a.csv', 'proeve')) })
  await one.run('gemt', { draft: read(csv('a.csv', 'gemt')) })
  await database.db.transaction(tx =>
    sources.create(tx, { id: 'anna' }, { declaration: csv('a.csv', 'gemt'), confirmSecret: false, reason: null }),
  )
  const remove = (before: Date) => database.db.transaction(tx => removeOldDrafts(tx, before))
  expect(await remove(new Date(Date.now() - 60_000))).toBe(0)
  expect(await remove(new Date(Date.now() + 60_000))).toBe(1)
  expect(await database.db.snapshot(tx => storedSource(tx, 'proeve'))).toBeNull()
  expect(await database.db.snapshot(tx => storedSource(tx, 'gemt'))).toMatchObject({ owner: 'screen', version: 1 })
})
