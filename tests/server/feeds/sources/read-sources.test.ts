import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ldapReader } from '../../../../server/directory/ldap-reader.ts'
import { ldifReader } from '../../../../server/directory/ldif-reader.ts'
import { csvReader } from '../../../../server/feeds/reading/read-csv.ts'
import { parseSources, secretReader } from '../../../../server/feeds/sources/read-sources.ts'
import { authorityOf } from '../../../../server/feeds/sources/source.ts'

const readers = [csvReader, ldifReader, ldapReader]
const parse = (text: string) => parseSources(text, { file: 'kilder.yaml', folder: '/data', readers })

function mistakesOf(text: string): { where: string; what: string }[] {
  try {
    parse(text)
  } catch (error) {
    return (error as { info: { errors: { where: string; what: string }[] } }).info.errors
  }
  return []
}

test('a minimal live directory is an address, a name and a base', () => {
  const [source] = parse(`sources:
  - key: ad
    kind: ldap
    flavour: ad
    url: ldaps://dc1.example.dk
    bindDn: cn=hjemmel
    password: { env: AD_PASSWORD }
    base: dc=example,dc=dk
    schedule: 15m
`)
  expect(source).toMatchObject({
    key: 'ad',
    name: { da: 'ad', en: 'ad' },
    kind: 'ldap',
    scheduleSeconds: 900,
    fullEverySeconds: 86_400,
    folder: '/data',
  })
  expect(ldapReader.kinds(source!)).toEqual(['account', 'group'])
  expect(source!.guards).toMatchObject({ empty: true, truncated: { percent: 2, floor: 25 } })
})

test('every mistake at once, each with its line', () => {
  const text = `sources:
  - key: HR
    kind: csv
    files:
      - path: a.csv
        record: unti
        key: Nr
        map: { name: Navn }
  - key: ad
    kind: ldap
    flavour: ad
    url: ldap://dc1.example.dk
    bindDn: cn=x
    password: hemmeligt
    base: dc=x
    colour: red
  - key: ad2
    kind: scim
  - key: ad3
    kind: ldap
    flavour: ad
    url: ldap://dc1.example.dk
    bindDn: cn=x
    password: { env: X }
`
  const mistakes = mistakesOf(text)
  expect(mistakes.map(mistake => mistake.where)).toEqual([
    'kilder.yaml:2',
    'kilder.yaml:6',
    'kilder.yaml:14',
    'kilder.yaml:16',
    'kilder.yaml:18',
    'kilder.yaml:19',
    'kilder.yaml:22',
  ])
  expect(mistakes[2]!.what).toMatch(/password.*never written here/)
  expect(JSON.stringify(mistakes)).not.toContain('hemmeligt')
  expect(mistakes[4]!.what).toMatch(/csv, ldif, ldap/)
  expect(mistakes[6]!.what).toMatch(/in clear/)
})

test.each([
  ['sources: 3', /list/],
  ['sources:\n  - key: a\n  - [', /kilder\.yaml:\d/],
  ['', /list/],
])('%j is refused', (text, message) => {
  expect(() => parse(text)).toThrow(message)
})

test('secrets come from the environment or a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hjemmel-secret-'))
  writeFileSync(join(folder, 'pw'), 'fra fil\n')
  const read = secretReader(name => (name === 'A' ? 'fra miljøet' : undefined))
  expect(read({ env: 'A' }, folder)).toBe('fra miljøet')
  expect(read({ file: 'pw' }, folder)).toBe('fra fil')
  expect(() => read({ env: 'B' }, folder)).toThrow(/B is not set/)
  expect(() => read({ file: 'none' }, folder)).toThrow(/none cannot be read/)
  rmSync(folder, { recursive: true })
})

test('authority: per attribute, default, manual above feeds, unknown below all', () => {
  const lookup = authorityOf([
    { key: 'hr', authority: { default: 20, email: 5 } },
    { key: 'ad', authority: 10 },
  ])
  expect([
    lookup('hr', 'title'),
    lookup('hr', 'email'),
    lookup('ad', 'email'),
    lookup('manual', 'x'),
    lookup('?', 'x'),
  ]).toEqual([20, 5, 10, 100, 0])
})
