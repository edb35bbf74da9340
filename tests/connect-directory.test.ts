import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ldapReader } from '../server/directory/ldap-reader.ts'
import { parseSources } from '../server/feeds/sources/read-sources.ts'
import type { SourceDeclaration } from '../server/feeds/sources/source.ts'
import { feedsOf, membersOf, townOf } from './server/directory/pipeline-world.ts'
import { testDatabase } from './support/database.ts'
import { freePort } from './support/free-port.ts'
import { startSamba } from './support/samba.ts'
import { startSlapd } from './support/slapd.ts'

/** The page is followed as it is written; only hosts, files and passwords are those of the servers at hand. */
const page = readFileSync(new URL('../docs/connect-directory.md', import.meta.url), 'utf8')
const blocks = (kind: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${kind}\n(.*?)^\`\`\``, 'gms'))].map(match => match[1]!)

const database = testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-connect-'))
const ending: (() => Promise<void>)[] = []
afterAll(async () => {
  await Promise.all(ending.map(end => end()))
  rmSync(folder, { recursive: true, force: true })
})

function declare(yaml: string): SourceDeclaration {
  return parseSources(yaml, { file: 'sources.yaml', folder, readers: [ldapReader] })[0]!
}
const context = (password: string) => ({ secretOf: () => password, signal: new AbortController().signal })

test('the page names what there is: commands, and settings of the declarations', () => {
  expect(blocks('yaml')).toHaveLength(2)
  const cli = readFileSync(new URL('../server/cli.ts', import.meta.url), 'utf8')
  const named = [...page.matchAll(/npm run hjemmel -- directory (\w+)/g)].map(match => match[1]!)
  expect(new Set(named)).toEqual(new Set(['test', 'sample', 'sync']))
  for (const command of named) expect(cli).toContain(`directory ${command}`)
})

test('Active Directory, with an ordinary user and nothing more: tried, read, and followed', async () => {
  const password = 'En-lang-tilfaeldig-1'
  const samba = await startSamba({ realm: 'KOMMUNE.DK' })
  ending.push(() => samba.stop())
  const base = samba.domainDn
  const [service, staff, groups] = [
    await samba.addUnit('Service'),
    await samba.addUnit('Medarbejdere'),
    await samba.addUnit('Grupper'),
  ]
  await samba.addUsers([{ username: 'hjemmel', parentDn: service, password }])
  const [anna, bo] = await samba.addUsers([
    { username: 'anna', givenName: 'Anna', surname: 'Ærø', parentDn: staff, attributes: { employeeID: '1001' } },
    { username: 'bo', givenName: 'Bo', surname: 'Olsen', parentDn: staff },
  ])
  await samba.addGroup('ROLLE_omsorg', [anna!, bo!], groups)
  writeFileSync(join(folder, 'kommune-ca.pem'), readFileSync(samba.caFile))
  const written = blocks('yaml')[0]!
  expect(written).toContain(`OU=Medarbejdere,${base}`)
  const source = declare(written.replace(/urls: \[.*\]/, `urls: [ldaps://127.0.0.1:${await freePort()}, ${samba.url}]`))

  const steps = (await ldapReader.test(source, context(password))).filter(step => step.server === samba.url)
  expect(steps.map(step => step.step)).toEqual([
    'name',
    'tcp',
    'tls',
    'bind',
    'base',
    'paging',
    'rights',
    'base',
    'paging',
    'rights',
  ])
  expect(steps.filter(step => !step.ok)).toEqual([])
  expect(steps.filter(step => step.step === 'rights' && step.warning)).toEqual([])
  const sample = await ldapReader.sample!(source, context(password), 10)
  expect(sample.map(entry => entry.at).sort()).toEqual([anna!, bo!, `CN=ROLLE_omsorg,${groups}`].sort())

  const feeds = await feedsOf(database.db, [source], password)
  expect(await feeds.run('ad')).toMatchObject({ state: 'done', rejected: 0 })
  expect(await membersOf(database.db, 'ROLLE_omsorg')).toEqual(['anna', 'bo'])

  // What has changed since is read without the right to replicate.
  await samba.addUsers([{ username: 'eva', parentDn: staff }])
  expect(await feeds.run('ad', { mode: 'changes' })).toMatchObject({ state: 'done', mode: 'changes' })
  const town = await townOf(database.db)
  expect(town.accounts.map(account => (account as { username: string }).username).sort()).toEqual(['anna', 'bo', 'eva'])

  const client = await samba.connect()
  await client.del(bo!)
  await client.unbind()
  // What the page says of deletions that this account may not see: the next full comparison misses it, the second ends it.
  const stateOfBo = async () => {
    const [row] = await database.db.snapshot(tx =>
      tx.query(
        `select r.missing_since is not null as missing, r.gone_at is not null as gone
         from source_record r join account a on a.key = r.key where a.username = 'bo'`,
      ),
    )
    return row
  }
  await feeds.run('ad', { mode: 'changes' })
  expect(await stateOfBo()).toEqual({ missing: false, gone: false })
  await feeds.run('ad', { mode: 'full' })
  expect(await stateOfBo()).toEqual({ missing: true, gone: false })
  await feeds.run('ad', { mode: 'full' })
  expect(await stateOfBo()).toMatchObject({ gone: true })
}, 180_000)

test('OpenLDAP, with the access and the limits of the page and no others: tried, read, and followed', async () => {
  const [account] = blocks('ldif')
  const [rules] = blocks('text')
  const lines = rules!.trim().split('\n')
  expect(lines.map(line => line.split(' ')[0])).toEqual(['access', 'access', 'limits'])
  const base = 'dc=skole,dc=dk'
  const people = Array.from(
    { length: 1200 },
    (_, n) =>
      `dn: uid=p${n},ou=folk,${base}\nobjectClass: inetOrgPerson\nuid: p${n}\ncn: Elev ${n}\nsn: ${n}\nuserPassword: hemmelig\n`,
  )
  const unit = (ou: string) => `dn: ou=${ou},${base}\nobjectClass: organizationalUnit\nou: ${ou}\n`
  const ldif = join(folder, 'skole.ldif')
  writeFileSync(ldif, [unit('service'), unit('folk'), account!, ...people].join('\n'))
  const slapd = await startSlapd({
    baseDn: base,
    ldifs: [ldif],
    access: lines.filter(line => line.startsWith('access')),
    extraConfig: lines.filter(line => line.startsWith('limits')),
  })
  ending.push(() => slapd.stop())
  const password = /userPassword: (.+)/.exec(account!)![1]!
  writeFileSync(join(folder, 'skole-ca.pem'), readFileSync(slapd.caFile))
  const written = blocks('yaml')[1]!
  const sources = [
    declare(written.replace('ldaps://ldap.skole.dk', slapd.ldapsUrl)),
    declare(written.replace('ldaps://ldap.skole.dk', `${slapd.url}\n    startTls: true`)),
  ]
  for (const source of sources) {
    const steps = await ldapReader.test(source, context(password))
    expect(steps.filter(step => !step.ok)).toEqual([])
    expect(steps.map(step => step.step)).toEqual(['name', 'tcp', 'tls', 'bind', 'base', 'paging', 'rights'])
  }
  await database.reset()
  const feeds = await feedsOf(database.db, [sources[0]!], password)
  expect(await feeds.run('skole')).toMatchObject({ state: 'done', rejected: 0 })
  expect((await townOf(database.db)).accounts).toHaveLength(1200)
  slapd.add(`dn: uid=ny,ou=folk,${base}\nobjectClass: inetOrgPerson\nuid: ny\ncn: Ny\nsn: Ny\n`)
  expect(await feeds.run('skole', { mode: 'changes' })).toMatchObject({ state: 'done', mode: 'changes' })
  expect((await townOf(database.db)).accounts).toHaveLength(1201)
}, 120_000)
