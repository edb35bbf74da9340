import { createServer, type Server, type Socket } from 'node:net'
import { BerReader, BerWriter } from 'ldapts'
import { afterEach, expect, test } from 'vitest'
import { entryMapper } from '../../../server/directory/map-entry.ts'
import { openDirectory } from '../../../server/platform/ldap-client.ts'
import { searchPages } from '../../../server/platform/ldap-search.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** One page as the server gives it: entries, and the cookie that says that there is more. `null`: no paging control. */
type Page = { entries: string[]; cookie: string | null }

/**
 * A server that answers pages as told. No real server here gives a page without entries but with a cookie when asked to;
 * Active Directory does when the time for a page runs out ([MS-ADTS] 3.1.1.3.4.1.1).
 */
function pagesServer(pages: Page[]): Promise<string> {
  const server = createServer(socket => answer(socket, [...pages]))
  servers.push(server)
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`ldap://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
    })
  })
}

const BIND = 0x60
const SEARCH = 0x63
function answer(socket: Socket, pages: Page[]): void {
  socket.on('error', () => {})
  socket.on('data', data => {
    const reader = new BerReader(data)
    reader.readSequence()
    const id = reader.readInt()!
    const operation = reader.peek()
    if (operation === BIND) socket.write(message(id, 0x61))
    else if (operation === SEARCH) {
      const page = pages.shift()!
      for (const dn of page.entries) socket.write(entry(id, dn))
      socket.write(message(id, 0x65, page.cookie))
    } else socket.end()
  })
}

function message(id: number, tag: number, cookie?: string | null): Buffer {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(id)
  writer.startSequence(tag)
  writer.writeEnumeration(0)
  writer.writeString('')
  writer.writeString('')
  writer.endSequence()
  if (typeof cookie === 'string') {
    const value = new BerWriter()
    value.startSequence()
    value.writeInt(0)
    value.writeString(cookie)
    value.endSequence()
    writer.startSequence(0xa0)
    writer.startSequence()
    writer.writeString('1.2.840.113556.1.4.319')
    writer.writeBuffer(value.buffer, 4)
    writer.endSequence()
    writer.endSequence()
  }
  writer.endSequence()
  return writer.buffer
}

function entry(id: number, dn: string): Buffer {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(id)
  writer.startSequence(0x64)
  writer.writeString(dn)
  writer.startSequence()
  writer.endSequence()
  writer.endSequence()
  writer.endSequence()
  return writer.buffer
}

async function read(pages: Page[]): Promise<string[]> {
  const url = await pagesServer(pages)
  const client = await openDirectory({ urls: [url], startTls: false, bindDn: 'cn=x', password: 'y' })
  try {
    const found: string[] = []
    for await (const page of searchPages(client, { base: 'dc=x', filter: '(a=b)', attributes: [] }))
      found.push(...page.map(one => one.dn))
    return found
  } finally {
    await client.unbind().catch(() => {})
  }
}

test('a page without entries but with a cookie is not the last', async () => {
  const pages = [
    { entries: [], cookie: 'a' },
    { entries: ['cn=1'], cookie: 'b' },
    { entries: [], cookie: 'c' },
    { entries: ['cn=2'], cookie: '' },
  ]
  expect(await read(pages)).toEqual(['cn=1', 'cn=2'])
})

test('a server that leaves the request to page unanswered is not believed', async () => {
  await expect(read([{ entries: ['cn=1'], cookie: null }])).rejects.toMatchObject({ problem: 'source-incomplete' })
})

test('a member list that the server cut is refused by name, never taken for the whole', () => {
  const map = entryMapper(
    [{ record: 'group', match: { objectClass: 'group' }, key: 'cn', map: { name: 'cn', members: 'member' } }],
    entry => entry.dn,
  )
  const items = map({
    dn: 'cn=alle,dc=x',
    attributes: new Map([
      ['objectclass', ['top', 'group']],
      ['cn', ['alle']],
      ['member', []],
      ['member;range=0-1499', ['cn=1,dc=x']],
    ]),
  })
  expect(items).toEqual([
    {
      reject: 'values-cut',
      kind: 'group',
      key: 'alle',
      at: 'cn=alle,dc=x',
      params: { attribute: 'member;range=0-1499' },
    },
  ])
})
