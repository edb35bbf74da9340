import { afterEach, expect, test } from 'vitest'
import { entryMapper } from '../../../server/directory/map-entry.ts'
import { openDirectory } from '../../../server/platform/ldap-client.ts'
import type { LdapEntry } from '../../../server/platform/ldap-entry.ts'
import { searchPages } from '../../../server/platform/ldap-search.ts'
import { type Responder, type ResponderOptions, startLdapResponder } from '../../support/ldap-responder.ts'

const started: Responder[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map(server => server.stop()))
})

/** As Active Directory: 1,500 values of an attribute at once. */
async function launch(options: ResponderOptions): Promise<Responder> {
  const server = await startLdapResponder({ maxValues: 1500, ...options })
  started.push(server)
  return server
}

const membersOf = (count: number) => Array.from({ length: count }, (_, n) => `CN=bruger ${n},OU=Folk,DC=k,DC=test`)
const group = (name: string, count: number) => ({
  dn: `CN=${name},DC=k,DC=test`,
  attributes: { objectClass: ['top', 'group'], cn: name, member: membersOf(count), uSNChanged: '7' },
})

async function read(server: Responder, attributes = ['objectClass', 'cn', 'member']): Promise<LdapEntry[]> {
  const client = await openDirectory({ urls: [server.url], startTls: false, bindDn: 'cn=x', password: 'y' })
  try {
    const found: LdapEntry[] = []
    const search = { base: 'DC=k,DC=test', filter: '(objectClass=group)', attributes, pageSize: 50 }
    for await (const page of searchPages(client, search)) found.push(...page)
    return found
  } finally {
    await client.unbind().catch(() => {})
  }
}

test.each([1, 1499, 1500, 1501, 2000, 3000, 10_000])(
  'a group of %i members is read to its last member',
  async count => {
    const server = await launch({ entries: [group('alle', count)] })
    const [entry] = await read(server)
    expect(entry!.attributes.get('member')).toEqual(membersOf(count))
    expect([...entry!.attributes.keys()].some(name => name.includes('range'))).toBe(false)
  },
)

test('many large groups come a few at a time: what is held is bounded, not the sum', async () => {
  const server = await launch({ entries: Array.from({ length: 40 }, (_, n) => group(`g${n}`, 5000)) })
  const client = await openDirectory({ urls: [server.url], startTls: false, bindDn: 'cn=x', password: 'y' })
  const sizes: number[] = []
  const search = { base: 'DC=k,DC=test', filter: '(objectClass=group)', attributes: ['member'], pageSize: 500 }
  for await (const batch of searchPages(client, search))
    sizes.push(batch.reduce((sum, entry) => sum + entry.attributes.get('member')!.length, 0))
  await client.unbind()
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(200_000)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(25_000)
})

test('a list that the server gives whole under a range name is the whole', async () => {
  const server = await launch({ entries: [group('alle', 3)] })
  const [entry] = await read(server, ['objectClass', 'cn', 'member;range=0-*'])
  expect(entry!.attributes.get('member')).toEqual(membersOf(3))
})

test('members that leave while the parts are read: none that stays is lost', async () => {
  const one = group('alle', 4000)
  let left = 0
  const server = await launch({
    entries: [one],
    misbehave: asked => {
      // Once, between the second part and the third, the first member goes: all behind it move up over the cut.
      if (asked.attributes.some(name => name.startsWith('member;range=3000')) && left++ === 0) {
        one.attributes.member.shift()
        one.attributes.uSNChanged = '8'
      }
      return undefined
    },
  })
  const [entry] = await read(server)
  expect(entry!.attributes.get('member')).toEqual(membersOf(4000).slice(1))
})

test('a list whose rest cannot be had is refused by name, never taken for the whole', async () => {
  const server = await launch({
    entries: [group('alle', 2000)],
    misbehave: asked => (asked.scope === 'base' ? { entries: 0 } : undefined),
  })
  const map = entryMapper(
    [{ record: 'group', match: { objectClass: 'group' }, key: 'cn', map: { name: 'cn', members: 'member' } }],
    entry => entry.dn,
  )
  expect((await read(server)).flatMap(map)).toMatchObject([
    { reject: 'values-cut', kind: 'group', key: 'alle', params: { attribute: 'member;range=0-1499' } },
  ])
})

test('a line that drops among the parts ends the read', async () => {
  const server = await launch({
    entries: [group('alle', 5000)],
    misbehave: asked => (asked.attributes.some(name => name.includes('=1500-')) ? { dropAfter: 400 } : undefined),
  })
  await expect(read(server)).rejects.toMatchObject({ problem: 'source-incomplete', info: { params: { heals: true } } })
})
