import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createFeeds, type Feeds } from '../../../server/feeds/feeds-service.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import { fixedClock } from '../../../server/platform/clock.ts'
import { createKeyring } from '../../../server/platform/keyring.ts'
import { createLog } from '../../../server/platform/log.ts'
import { READERS, sinks } from '../../../server/wiring.ts'
import { testDatabase } from '../../support/database.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'

/*
 * Payroll as CSV, a school's export as LDIF and a real OpenLDAP, declared as an administrator would: who has which
 * account, and what a directory does to accounts.
 */
const database = testDatabase()
const base = 'dc=kommune,dc=test'
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-links-'))
let slapd: Slapd
let feeds: Feeds

const PEOPLE = `Nr;Fornavn;Efternavn;CPR;Født
1;Åse;Holm;010180-4000;01-01-1980
2;Bo;Lund;;02-01-1980
3;Ida;Elev;0601104005;06-01-2010
`
const JOBS = `Nr;Person;Enhed;Medarbejdernr;Art
a1;1;100;4711;employment
a2;2;100;4712;employment
a3;3;100;e3;pupil
`
const SCHOOL = `dn: uid=ida,ou=elever,dc=skole
objectClass: elev
entryUUID: 11111111-1111-4111-8111-111111111111
uid: ida
elevCpr: 060110-4005

dn: uid=aase,ou=elever,dc=skole
objectClass: elev
entryUUID: 22222222-2222-4222-8222-222222222222
uid: aase
elevCpr: 010180-4000

dn: uid=blund,ou=elever,dc=skole
objectClass: elev
entryUUID: 33333333-3333-4333-8333-333333333333
uid: blund
givenName: Bo
sn: Lund
elevFoedt: 1980-01-02
`
const user = (uid: string, number: string, ou = 'folk') =>
  `dn: uid=${uid},ou=${ou},${base}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${uid}\nsn: ${uid}\n${number ? `employeeNumber: ${number}\n` : ''}\n`

beforeAll(async () => {
  const ldif = join(folder, 'start.ldif')
  writeFileSync(
    ldif,
    [
      ...['folk', 'flyttet'].map(name => `dn: ou=${name},${base}\nobjectClass: organizationalUnit\nou: ${name}\n`),
      user('aho', '4711'),
      user('blu', '4712'),
      user('print', ''),
    ].join('\n'),
  )
  slapd = await startSlapd({ baseDn: base, ldifs: [ldif] })
  for (const [name, content] of Object.entries({
    'people.csv': PEOPLE,
    'jobs.csv': JOBS,
    'units.csv': 'Nr;Navn\n100;Kommunen\n',
    'school.ldif': SCHOOL,
  }))
    writeFileSync(join(folder, name), content)
  const yaml = `sources:
  - key: hr
    kind: csv
    encoding: utf-8
    files:
      - { path: units.csv, record: unit, key: Nr, map: { name: Navn } }
      - { path: people.csv, record: person, key: Nr, map: { givenName: Fornavn, familyName: Efternavn, cpr: CPR, birthDate: { column: Født, date: da } } }
      - { path: jobs.csv, record: affiliation, key: Nr, map: { person: Person, unit: Enhed, employeeNo: Medarbejdernr, affiliationKind: Art } }
  - key: school
    kind: ldif
    file: school.ldif
    correlation:
      realm: pupil
      by: [{ attributes: [name, birthDate], confidence: 80 }]
    records:
      - record: account
        match: { objectClass: elev }
        key: entryUUID
        map: { username: uid, cpr: elevCpr, givenName: givenName, familyName: sn, birthDate: { attribute: elevFoedt, date: iso } }
  - key: staff
    kind: ldif
    file: school.ldif
    correlation:
      by: [{ attributes: [name, birthDate], confidence: 80 }]
    records:
      - record: account
        match: { objectClass: elev }
        key: entryUUID
        map: { username: uid, cpr: elevCpr, givenName: givenName, familyName: sn, birthDate: { attribute: elevFoedt, date: iso } }
  - key: ldap
    kind: ldap
    flavour: openldap
    url: ${slapd.ldapsUrl}
    bindDn: ${slapd.bindDn}
    password: { env: PW }
    base: ${base}
    caFile: ${slapd.caFile}
    guards: { gone: false, part: false, change: false, truncated: false }
`
  feeds = createFeeds({
    db: database.db,
    sinks: sinks(),
    readers: [...READERS],
    keyring: createKeyring([{ id: 'k1', secret: randomBytes(32) }]),
    clock: fixedClock('2026-03-02T09:00:00Z'),
    log: createLog('silent'),
    secretOf: () => slapd.password,
  })
  await feeds.syncSources(parseSources(yaml, { file: 'k.yaml', folder, readers: [...READERS] }))
  for (const source of ['hr', 'school', 'staff', 'ldap']) expect((await read(source)).state).toBe('done')
}, 120_000)
afterAll(async () => {
  await slapd?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const read = (source: string) => feeds.run(source)
const accounts = async (source: string) =>
  Object.fromEntries(
    (
      await database.db.snapshot(tx =>
        tx.query<{ key: string; says: string }>(
          `select a.key || ' ' || a.username as key, concat_ws(' ', a.situation, a.reason, a.evidence, p.given_name) as says
           from account a left join person_current p on p.person_id = a.person_id where a.source = $1`,
          [source],
        ),
      )
    ).map(row => [row.key.split(' ')[1], row.says]),
  )

it('a school’s accounts find pupils by the CPR number, and nobody else’s', async () => {
  expect(await accounts('school')).toEqual({
    ida: 'linked cpr Ida',
    aase: 'unmatched number-unknown',
    blund: 'unmatched no-number',
  })
})

it('the same file for employees finds the employees, and puts a namesake with the birth date on the desk', async () => {
  expect(await accounts('staff')).toEqual({
    ida: 'unmatched number-unknown',
    aase: 'linked cpr Åse',
    blund: 'disputed uncertain attributes',
  })
})

it('no CPR number is stored with an account in clear', async () => {
  const rows = await database.db.snapshot(tx =>
    tx.query<{ text: string }>(`select row_to_json(a)::text as text from account a
      union all select payload::text from source_record where kind = 'account'`),
  )
  expect(rows.length).toBeGreaterThan(8)
  for (const { text } of rows) expect(text).not.toMatch(/060110-?4005|010180-?4000/)
})

it('in OpenLDAP a moved and renamed entry stays its owner’s, a deleted one is gone, and its name is nobody’s anew', async () => {
  const before = { aho: 'linked employee-no Åse', blu: 'linked employee-no Bo', print: 'unmatched no-number' }
  expect(await accounts('ldap')).toEqual(before)
  slapd.modify(
    `dn: uid=aho,ou=folk,${base}\nchangetype: modrdn\nnewrdn: uid=aase\ndeleteoldrdn: 1\nnewsuperior: ou=flyttet,${base}\n`,
  )
  slapd.modify(`dn: uid=blu,ou=folk,${base}\nchangetype: delete\n`)
  await read('ldap')
  await read('ldap')
  expect(await accounts('ldap')).toEqual({
    aase: 'linked employee-no Åse',
    blu: 'gone left-source employee-no Bo',
    print: 'unmatched no-number',
  })
  slapd.add(user('blu', ''))
  await read('ldap')
  const links = await database.db.snapshot(tx =>
    tx.query<{ situation: string; links: number }>(
      `select a.situation, (select count(*)::int from account_link k where k.account_id = a.id) as links
       from account a where a.source = 'ldap' and a.username = 'blu' order by a.first_seen_at, a.situation`,
    ),
  )
  expect(links).toHaveLength(2)
  expect(links).toContainEqual({ situation: 'unmatched', links: 0 })
  expect(links).toContainEqual({ situation: 'gone', links: 1 })
}, 60_000)

it('a declaration that would link on a name or an e-mail address is refused, with the place', () => {
  const yaml = (by: string) =>
    `sources:\n  - { key: x, kind: csv, files: [{ path: a.csv, record: account, key: Nr, map: { username: Nr } }], correlation: { ${by} } }\n`
  const parse = (by: string) => () => parseSources(yaml(by), { file: 'k.yaml', folder, readers: [...READERS] })
  expect(parse('by: [{ attributes: [email], confidence: 96 }]')).toThrow(/never link/)
  expect(parse('by: [{ attributes: [name, email], confidence: 99 }]')).toThrow(/never link/)
  expect(parse('certain: 60, candidate: 70')).toThrow(/must not be above/)
  expect(parse('by: [{ attributes: [shoes], confidence: 10 }]')).toThrow(/k\.yaml:2/)
  expect(parse('by: [{ attributes: [name, birthDate, unit], confidence: 96 }]')).not.toThrow()
})
