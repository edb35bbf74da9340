import { afterAll, beforeAll, expect, test } from 'vitest'
import { ldapReader } from '../../../server/directory/ldap-reader.ts'
import { isReject, type ReadItem } from '../../../server/feeds/reading/reader.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import type { FeedRecord } from '../../../server/platform/feed-record.ts'
import { type Samba, startSamba } from '../../support/samba.ts'

let samba: Samba
let unit: string

beforeAll(async () => {
  samba = await startSamba()
  unit = await samba.addUnit('Sundhed, Ældre & Omsorg')
  const care = await samba.addUnit('Hjemmepleje', unit)
  const [anna] = await samba.addUsers([
    {
      username: 'anna',
      givenName: 'Anna',
      surname: 'Ærø',
      parentDn: care,
      attributes: { employeeID: '1001', title: 'Leder' },
    },
    {
      username: 'bo',
      givenName: 'Bo',
      surname: 'Olsen',
      parentDn: care,
      disabled: true,
      attributes: { employeeID: '1002' },
    },
    { username: 'svc-print', surname: 'x', parentDn: unit },
  ])
  const inner = await samba.addGroup('ROLLE_inner', [anna!])
  await samba.addGroup('ROLLE_ydre', [inner])
}, 120_000)
afterAll(() => samba?.stop())

const declare = (more = '') =>
  parseSources(
    `sources:
  - key: ad
    kind: ldap
    flavour: ad
    url: ${samba.url}
    caFile: ${samba.caFile}
    bindDn: ${samba.adminUpn}
    password: { env: PW }
    base: ${samba.domainDn}
    pageSize: 5
    ${more}
`,
    { file: 'k.yaml', folder: '/', readers: [ldapReader] },
  )[0]!

const context = () => ({ secretOf: () => samba.password, signal: new AbortController().signal })

async function readAll(more?: string): Promise<FeedRecord[]> {
  const items: ReadItem[] = []
  for await (const batch of ldapReader.read(declare(more), context())) items.push(...batch)
  expect(items.filter(isReject)).toEqual([])
  return items.filter((item): item is FeedRecord => !isReject(item))
}

async function highestUsn(): Promise<unknown> {
  const client = await samba.connect()
  const { searchEntries } = await client.search('', { scope: 'base', attributes: ['highestCommittedUSN'] })
  await client.unbind()
  return searchEntries[0]?.highestCommittedUSN
}

test('accounts and groups of a domain: identity, state, nested members; nothing is written', async () => {
  const before = await highestUsn()
  const records = await readAll()
  const accounts = records.filter(record => record.kind === 'account')
  const anna = accounts.find(account => account.attrs.username === 'anna')!
  expect(anna).toMatchObject({
    key: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
    attrs: { employeeNo: '1001', enabled: true },
  })
  expect(accounts.find(account => account.attrs.username === 'bo')?.attrs).toMatchObject({ enabled: false })
  expect(accounts.some(account => /\$$/.test(String(account.attrs.username)))).toBe(false)
  const group = (name: string) => records.find(record => record.kind === 'group' && record.attrs.name === name)!
  expect(group('ROLLE_inner').attrs.members).toEqual([String(anna.attrs.dn).toLowerCase()])
  expect(group('ROLLE_ydre').attrs.members).toEqual([String(group('ROLLE_inner').attrs.dn).toLowerCase()])
  expect(await highestUsn()).toEqual(before)
})

test('the canonical GUID is the one by which the domain finds the entry', async () => {
  const anna = (await readAll()).find(record => record.attrs.username === 'anna')!
  const client = await samba.connect()
  const { searchEntries } = await client.search(`<GUID=${anna.key}>`, { scope: 'base', attributes: ['sAMAccountName'] })
  await client.unbind()
  expect(searchEntries[0]?.sAMAccountName).toBe('anna')
})

test('with people: units in their tree with their manager, persons with names, affiliations in their unit', async () => {
  const client = await samba.connect()
  const anna = (await readAll()).find(record => record.attrs.username === 'anna')!
  const { Attribute, Change } = await import('ldapts')
  await client.modify(
    unit,
    new Change({
      operation: 'replace',
      modification: new Attribute({ type: 'managedBy', values: [String(anna.attrs.dn)] }),
    }),
  )
  await client.unbind()
  const records = await readAll('people: true')
  const units = records.filter(record => record.kind === 'unit')
  const health = units.find(record => record.attrs.name === 'Sundhed, Ældre & Omsorg')!
  const care = units.find(record => record.attrs.name === 'Hjemmepleje')!
  expect(health.attrs.manager).toBe(anna.key)
  expect(care.attrs.parent).toBe(health.key)
  const person = records.find(record => record.kind === 'person' && record.key === anna.key)!
  expect(person.attrs).toMatchObject({ givenName: 'Anna', familyName: 'Ærø' })
  const affiliation = records.find(record => record.kind === 'affiliation' && record.key === anna.key)!
  expect(affiliation.attrs).toMatchObject({ unit: care.key, title: 'Leder', employeeNo: '1001' })
  expect(records.some(record => record.kind === 'person' && record.attrs.familyName === 'x')).toBe(false)
})

test('the test of the connection passes against the domain', async () => {
  const steps = await ldapReader.test(declare(), context())
  expect(steps.filter(step => !step.ok)).toEqual([])
})
