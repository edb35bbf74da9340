import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { directorySignIn } from '../../../server/auth/directory-sign-in.ts'
import { ldapReader } from '../../../server/directory/ldap-reader.ts'
import { runDetail } from '../../../server/feeds/runs/feeds-views.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import { testDatabase } from '../../support/database.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { feedsOf, townOf } from './pipeline-world.ts'

/** Two OpenLDAP servers that hold the same, with the same identities, as a provider and its replica do. */
const base = 'dc=kommune,dc=test'
const reader = `cn=hjemmel,${base}`
const password = 'laes-kun-1'
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-failover-'))
const database = testDatabase()
let one: Slapd
let two: Slapd

const person = (n: number) =>
  `dn: uid=p${n},${base}\nobjectClass: inetOrgPerson\nentryUUID: 00000000-0000-4000-8000-${String(n).padStart(12, '0')}\nuid: p${n}\ncn: P ${n}\nsn: ${n}\nuserPassword: kode-${n}\n`

beforeAll(async () => {
  const service = `dn: ${reader}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: hjemmel\nuserPassword: ${password}\n`
  const ldif = join(folder, 'town.ldif')
  writeFileSync(ldif, [service, ...Array.from({ length: 60 }, (_, n) => person(n))].join('\n'))
  ;[one, two] = await Promise.all([
    startSlapd({ baseDn: base, ldifs: [ldif] }),
    startSlapd({ baseDn: base, ldifs: [ldif] }),
  ])
  writeFileSync(join(folder, 'ca.pem'), readFileSync(one.caFile, 'utf8') + readFileSync(two.caFile, 'utf8'))
}, 60_000)
afterAll(async () => {
  await Promise.all([one?.stop(), two?.stop()])
  rmSync(folder, { recursive: true, force: true })
})

const declare = () =>
  parseSources(
    `sources:
  - key: skole
    kind: ldap
    flavour: openldap
    urls: [${one.ldapsUrl}, ${two.ldapsUrl}]
    caFile: ca.pem
    bindDn: ${reader}
    password: { env: PW }
    base: ${base}
`,
    { file: 'k.yaml', folder, readers: [ldapReader] },
  )[0]!

test('when the server is lost, the other is read whole, once; changes are then read from that one, also when the first is back', async () => {
  const feeds = await feedsOf(database.db, [declare()], password)
  const run = async () => {
    const { runId, state, mode } = await feeds.run('skole', { mode: 'changes' })
    const { notes, fullBecause } = await database.db.snapshot(tx => runDetail(tx, runId))
    return { state, mode, fullBecause, passed: notes.length }
  }
  expect(await run()).toMatchObject({ state: 'done', mode: 'full', fullBecause: 'first', passed: 0 })
  expect(await run()).toMatchObject({ state: 'done', mode: 'changes', passed: 0 })
  await one.pause()
  // A change that only the replica tells of; a cookie of the first server would not know it.
  two.modify(`dn: uid=p7,${base}\nchangetype: modify\nreplace: cn\ncn: Nyt navn\n`)
  expect(await run()).toEqual({ state: 'done', mode: 'full', fullBecause: 'other-server', passed: 1 })
  expect(await run()).toMatchObject({ state: 'done', mode: 'changes', passed: 0 })
  await one.resume()
  expect(await run()).toMatchObject({ state: 'done', mode: 'changes', passed: 0 })
  const { accounts } = await townOf(database.db)
  expect(accounts).toHaveLength(60)
  expect(accounts).toContainEqual(expect.objectContaining({ username: 'p7', display_name: 'Nyt navn' }))
}, 60_000)

test('people sign in as long as one of the servers answers', async () => {
  const source = declare()
  const signIn = directorySignIn('skole', { sources: async () => [source] }, () => password)
  const identity = '00000000-0000-4000-8000-000000000003'
  expect(await signIn.authenticate('p3', 'kode-3')).toBe(identity)
  await one.pause()
  expect(await signIn.authenticate('p3', 'kode-3')).toBe(identity)
  expect(await signIn.authenticate('p3', 'forkert')).toBeNull()
  await one.resume()
}, 60_000)
