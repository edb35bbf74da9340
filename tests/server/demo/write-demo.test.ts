import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DemoManifest } from '../../../server/demo/manifest.ts'
import { writeDemo } from '../../../server/demo/write-demo.ts'
import { ldifReader } from '../../../server/directory/ldif-reader.ts'
import { csvReader } from '../../../server/feeds/reading/read-csv.ts'
import type { ReadContext, SourceReader } from '../../../server/feeds/reading/reader.ts'
import { readSourcesFile } from '../../../server/feeds/sources/read-sources.ts'
import { type PeopleRecordKind, readRecord, recordSchemas } from '../../../server/people/read-records.ts'
import { readRulesYaml } from '../../../server/rules/rules-yaml.ts'
import {
  accountRecord,
  entitlementRecord,
  groupRecord,
  heldRecord,
  systemRecord,
} from '../../../server/systems/system-records.ts'
import { userListReader } from '../../../server/systems/user-lists/read-user-list.ts'
import { csv, type Entry, readLdif } from './read-back.ts'

const today = '2026-11-21'
const folders: string[] = []
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'hjemmel-demo-'))
  folders.push(made)
  return made
}
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true })
})

function hashes(dir: string): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(one => one.isFile())
  return Object.fromEntries(
    files
      .map(one => join(one.parentPath, one.name))
      .sort()
      .map(path => [path.slice(dir.length), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  )
}

let dir: string
let manifest: DemoManifest
let ad: Entry[]
let pupils: Entry[]

beforeAll(async () => {
  dir = folder()
  manifest = await writeDemo({ dir, seed: 'lindevang', today })
  ad = readLdif(dir, 'ad/ad.ldif')
  pupils = readLdif(dir, 'skole/skole.ldif')
})

describe('the files', () => {
  test('are the same bytes for the same seed and date, and others for another seed or date', async () => {
    const [again, otherSeed, otherDay] = [folder(), folder(), folder()]
    await writeDemo({ dir: again, seed: 'lindevang', today })
    await writeDemo({ dir: otherSeed, seed: 'other', today })
    await writeDemo({ dir: otherDay, seed: 'lindevang', today: '2027-03-01' })
    expect(hashes(again)).toEqual(hashes(dir))
    expect(hashes(otherSeed)['/hr/personer.csv']).not.toBe(hashes(dir)['/hr/personer.csv'])
    expect(hashes(otherDay)['/hr/ansaettelser.csv']).not.toBe(hashes(dir)['/hr/ansaettelser.csv'])
  })

  test.each(['hjemmel', 'æøå'])('can be made of any seed (%s), and the rules fit the rights', async seed => {
    const other = folder()
    const made = await writeDemo({ dir: other, seed, today: '2028-02-29' })
    expect(made.signIns).toHaveLength(8)
    const rights = (from: string) => csv(from, 'systemer/rettigheder.csv').map(one => one.Nøgle as string)
    expect(rights(other)).toEqual(rights(dir))
    const { content } = readRulesYaml(readFileSync(join(other, 'regler/roller.yaml'), 'utf8'), 'roller.yaml', {
      knownEntitlements: rights(other),
    })
    const options = { knownEntitlements: rights(other), knownRoles: content?.roles ?? [] }
    expect(
      readRulesYaml(readFileSync(join(other, 'regler/regler.yaml'), 'utf8'), 'regler.yaml', options).problems,
    ).toEqual([])
  })

  test('are all there, and the manifest is what was returned', () => {
    expect(Object.keys(hashes(dir))).toEqual(
      [
        '/ad/ad.ldif',
        ...manifest.planted.userLists.map(one => `/${one.path}`),
        '/hr/ansaettelser.csv',
        '/hr/enheder.csv',
        '/hr/loenenheder.csv',
        '/hr/personer.csv',
        '/hr/stedfortraedere.csv',
        '/hr/stillinger.csv',
        '/kilder.yaml',
        '/manifest.json',
        '/regler/gruppekoblinger.yaml',
        '/regler/regler.yaml',
        '/regler/roller.yaml',
        '/skole/skole.ldif',
        '/systemer/rettigheder.csv',
        '/systemer/systemer.csv',
      ].sort(),
    )
    expect(JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'))).toEqual(manifest)
  })

  test('hold as many as the demonstration promises', () => {
    const iso = (text = '') => text.split('.').reverse().join('-')
    const active = csv(dir, 'hr/ansaettelser.csv').filter(
      one => iso(one.Ansat) <= today && (one.Ophør === '' || today < iso(one.Ophør)),
    )
    const employed = active.filter(one => ['Ansættelse', 'Vikar', 'Elev/studerende'].includes(one.Art as string))
    expect(new Set(employed.map(one => one.Personnr)).size).toBeGreaterThanOrEqual(2990)
    expect(new Set(employed.map(one => one.Personnr)).size).toBeLessThanOrEqual(3010)
    expect(pupils.filter(one => one.all('objectClass').includes('elevPerson'))).toHaveLength(3000)
    expect(csv(dir, 'systemer/systemer.csv')).toHaveLength(420)
    expect(csv(dir, 'systemer/rettigheder.csv').length).toBe(manifest.counts.entitlements)
    expect(manifest.counts.entitlements).toBeGreaterThan(5300)
    expect(manifest.counts.entitlements).toBeLessThan(5700)
    const groups = ad.filter(one => one.all('objectClass').includes('group'))
    expect(groups).toHaveLength(manifest.counts.groups as number)
    expect(groups.length).toBeGreaterThan(850)
    expect(groups.length).toBeLessThan(950)
    expect((manifest.counts.rules as number) + (manifest.counts.roles as number)).toBeGreaterThan(950)
    expect(csv(dir, 'hr/personer.csv')).toHaveLength(manifest.counts.staff as number)
  })
})

describe('what the product reads', () => {
  const readers = [csvReader, ldifReader, userListReader]
  const schemas = {
    ...{ system: systemRecord, entitlement: entitlementRecord, account: accountRecord },
    ...{ group: groupRecord, held: heldRecord },
  }

  test('every line and entry becomes a record that its sink takes', async () => {
    const rejected: unknown[] = []
    const seen = new Map<string, number>()
    const sources = readSourcesFile(join(dir, 'kilder.yaml'), readers)
    expect(sources.map(one => one.key)).toEqual([
      ...['hr', 'systemer', 'ad', 'skole'],
      ...manifest.planted.userLists.map(one => one.source),
    ])
    for (const source of sources) {
      const reader = readers.find(one => one.kind === source.kind) as SourceReader
      for await (const batch of reader.read(source, {} as ReadContext))
        for (const item of batch) {
          if ('reject' in item) {
            rejected.push(item)
            continue
          }
          const { kind, key, attrs } = item
          const name = `${source.key} ${kind}`
          seen.set(name, (seen.get(name) ?? 0) + 1)
          const taken =
            kind in recordSchemas
              ? readRecord(kind as PeopleRecordKind, attrs).ok
              : schemas[kind as keyof typeof schemas].safeParse(attrs).success
          if (!taken) rejected.push({ kind, key, attrs })
        }
    }
    expect(rejected).toEqual([])
    const { counts } = manifest
    const lists = manifest.planted.userLists.map(({ source, path }) => {
      const lines = csv(dir, path)
      // Each list calls the account by another word; a mail address stands in no other column.
      const accounts = lines.map(line => Object.values(line).find(cell => cell?.includes('@')))
      return { [`${source} account`]: new Set(accounts).size, [`${source} held`]: lines.length }
    })
    expect(Object.fromEntries(seen)).toEqual({
      'hr unit': (counts.units as number) + (counts.payUnits as number),
      'hr position': csv(dir, 'hr/stillinger.csv').length,
      'hr person': counts.staff,
      'hr affiliation': counts.affiliations,
      'hr deputy': counts.deputies,
      'systemer system': 420,
      'systemer entitlement': counts.entitlements,
      'ad account': counts.accounts,
      'ad group': counts.groups,
      'skole person': 3000,
      'skole affiliation': 3000,
      'skole account': 3000,
      'skole group': (counts.classes as number) + 5,
      ...Object.assign({}, ...lists),
    })
  })

  test('rules, roles and mappings are valid over the entitlements of the catalogue', () => {
    const known = csv(dir, 'systemer/rettigheder.csv').map(one => one.Nøgle as string)
    const read = (path: string, knownRoles = {}) =>
      readRulesYaml(readFileSync(join(dir, path), 'utf8'), path, { knownEntitlements: known, ...knownRoles })
    const roles = read('regler/roller.yaml')
    expect(roles.problems).toEqual([])
    const rules = read('regler/regler.yaml', { knownRoles: roles.content?.roles ?? [] })
    expect(rules.problems).toEqual([])
    expect(read('regler/gruppekoblinger.yaml').problems).toEqual([])
    const inverted = rules.content?.rules.filter(one => one.inverted) ?? []
    expect(inverted.length).toBeGreaterThanOrEqual(10)
    expect(rules.content?.rules.filter(one => one.state === 'draft').length).toBeGreaterThanOrEqual(10)
    expect(rules.content?.rules.filter(one => one.validTo !== null).length).toBeGreaterThanOrEqual(5)
  })
})

describe('the people', () => {
  test('nobody can have the CPR numbers: the day is 61 to 91, and each is given once', () => {
    const numbers = csv(dir, 'hr/personer.csv').map(one => (one['CPR-nummer'] as string).replace('-', ''))
    const all = [...numbers, ...pupils.map(one => one.get('elevCpr')).filter(one => one !== undefined)]
    expect(all.filter(one => !/^([6-8]\d|9[01])(0[1-9]|1[0-2])\d{6}$/.test(one) || one < '61')).toEqual([])
    const twice = all.filter((one, i) => all.indexOf(one) !== i)
    expect(twice).toHaveLength(manifest.planted.pupilAndEmployee.length)
    expect(twice).toHaveLength(2)
  })

  test('every reference leads somewhere', () => {
    const people = new Set(csv(dir, 'hr/personer.csv').map(one => one.Personnr))
    const jobs = csv(dir, 'hr/ansaettelser.csv')
    const affiliations = new Set(jobs.map(one => one.Tilknytningsnr))
    const units = new Set(csv(dir, 'hr/enheder.csv').map(one => one.Enhedsnr))
    const pay = new Set(csv(dir, 'hr/loenenheder.csv').map(one => one.Lønenhed))
    const lost = jobs.filter(
      one =>
        !people.has(one.Personnr) ||
        (one.Lønenhed !== '' && !pay.has(one.Lønenhed)) ||
        (one.Enhed !== '' && !units.has(one.Enhed)) ||
        (one['Afvigende enhed'] !== '' && !units.has(one['Afvigende enhed'])) ||
        (one.Kontaktperson !== '' && !affiliations.has(one.Kontaktperson)),
    )
    expect(lost).toEqual([])
    for (const unit of csv(dir, 'hr/enheder.csv')) {
      if (unit.Leder !== '') expect(affiliations).toContain(unit.Leder)
      if (unit.Overenhed !== '') expect(units).toContain(unit.Overenhed)
    }
    const owners = csv(dir, 'systemer/systemer.csv').map(system => system.Ejer ?? '')
    for (const owner of owners) if (owner !== '') expect(affiliations).toContain(owner)
    // A few systems that nobody owns are planted: they are on a worklist.
    expect(owners.filter(owner => owner === '').length).toBeLessThan(10)
    for (const one of csv(dir, 'hr/stedfortraedere.csv')) expect(affiliations).toContain(one.Stedfortræder)
  })

  test('a title belongs to one position only, and only the planted ones to none', () => {
    const titles = csv(dir, 'hr/stillinger.csv').flatMap(one => (one.Betegnelser as string).toLowerCase().split('|'))
    expect(titles.filter((one, i) => titles.indexOf(one) !== i)).toEqual([])
    const unknown = csv(dir, 'hr/ansaettelser.csv').filter(
      one => one.Stilling !== '' && !titles.includes((one.Stilling as string).toLowerCase()),
    )
    expect(unknown.map(one => one.Tilknytningsnr).sort()).toEqual([...manifest.planted.unmappedTitles].sort())
  })

  test('every tool role has somebody to sign in as, and every name leads to an open account', () => {
    expect(manifest.signIns.map(one => one.role).sort()).toEqual(
      ['auditor', 'deputy', 'dpo', 'employee', 'hr', 'it', 'manager', 'systemowner'].sort(),
    )
    const accounts = new Map(ad.map(one => [one.get('sAMAccountName'), one]))
    for (const { username } of manifest.signIns)
      expect(Number(accounts.get(username)?.get('userAccountControl')) & 2, username).toBe(0)
    expect(manifest.lookAt).toHaveLength(5)
    for (const { username, group } of manifest.lookAt) expect(accounts.has(username ?? group), username).toBe(true)
  })
})
