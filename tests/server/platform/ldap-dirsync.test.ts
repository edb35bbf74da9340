import { createServer, type Server, type Socket } from 'node:net'
import { Ber, BerReader, BerWriter, Client } from 'ldapts'
import { afterEach, expect, test } from 'vitest'
import { DirSyncControl, dirSync } from '../../../server/platform/ldap-dirsync.ts'
import { namesInFilter } from '../../../server/platform/ldap-filter.ts'

const servers: Server[] = []
const clients: Client[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) await client.unbind().catch(() => {})
  for (const server of servers.splice(0)) server.close()
})

type Round = {
  entries: { guid: number; attributes: Record<string, string> }[]
  more: boolean
  cookie: string
  status?: number
}

/**
 * Answers DirSync in rounds, as a domain with many changes does; Samba gives all in one. Keeps the cookies it was asked
 * with. The last round is given again for as long as somebody asks.
 */
async function roundsServer(rounds: Round[]): Promise<{ client: Client; asked: string[] }> {
  const asked: string[] = []
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', data => answer(socket, data, rounds, asked))
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  const client = new Client({ url: `ldap://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` })
  clients.push(client)
  await client.bind('cn=x', 'y')
  return { client, asked }
}

function answer(socket: Socket, data: Buffer, rounds: Round[], asked: string[]): void {
  const reader = new BerReader(data)
  reader.readSequence()
  const id = reader.readInt()!
  if (reader.peek() === 0x60) return void socket.write(done(id, 0x61, 0))
  if (reader.peek() !== 0x63) return void socket.end()
  asked.push(cookieIn(data))
  const round = rounds.length > 1 ? rounds.shift()! : rounds[0]!
  for (const entry of round.entries) socket.write(entryOf(id, entry))
  socket.write(done(id, 0x65, round.status ?? 0, round))
}

/** The cookie of a request: the last octet string of the control's value. */
function cookieIn(data: Buffer): string {
  const oid = data.indexOf(DirSyncControl.type)
  const value = new BerReader(data.subarray(oid + DirSyncControl.type.length + 3))
  const inner = new BerReader(value.readString(Ber.OctetString, true)!)
  inner.readSequence()
  inner.readInt()
  inner.readInt()
  return inner.readString(Ber.OctetString, true)!.toString()
}

function entryOf(id: number, { guid, attributes }: Round['entries'][number]): Buffer {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(id)
  writer.startSequence(0x64)
  writer.writeString(`CN=${guid},DC=x`)
  writer.startSequence()
  const attribute = (name: string, value: Buffer) => {
    writer.startSequence()
    writer.writeString(name)
    writer.startSequence(0x31)
    writer.writeBuffer(value, Ber.OctetString)
    writer.endSequence()
    writer.endSequence()
  }
  attribute('objectGUID', Buffer.alloc(16, guid))
  for (const [name, value] of Object.entries(attributes)) attribute(name, Buffer.from(value))
  writer.endSequence()
  writer.endSequence()
  writer.endSequence()
  return writer.buffer
}

function done(id: number, tag: number, status: number, round?: Round): Buffer {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(id)
  writer.startSequence(tag)
  writer.writeEnumeration(status)
  writer.writeString('')
  writer.writeString('')
  writer.endSequence()
  if (round && status === 0) {
    const value = new BerWriter()
    value.startSequence()
    value.writeInt(round.more ? 1 : 0)
    value.writeInt(0)
    value.writeString(round.cookie)
    value.endSequence()
    writer.startSequence(0xa0)
    writer.startSequence()
    writer.writeString(DirSyncControl.type)
    writer.writeBuffer(value.buffer, Ber.OctetString)
    writer.endSequence()
    writer.endSequence()
  }
  writer.endSequence()
  return writer.buffer
}

const ask = { base: 'DC=x', cookie: Buffer.from('start'), filter: '(objectClass=*)', attributes: ['name'] }

test('changes that come in several answers are asked for to the end, each with the cookie before; one object is one', async () => {
  const { client, asked } = await roundsServer([
    {
      entries: [
        { guid: 1, attributes: { name: 'ny' } },
        { guid: 2, attributes: {} },
      ],
      more: true,
      cookie: 'a',
    },
    { entries: [], more: true, cookie: 'b' },
    { entries: [{ guid: 1, attributes: { description: 'x' } }], more: false, cookie: 'c' },
  ])
  const found = await dirSync(client, ask)
  expect(asked).toEqual(['start', 'a', 'b'])
  expect(found?.cookie.toString()).toBe('c')
  expect(found?.entries.map(entry => [entry.guid[0], [...entry.changed.keys()]])).toEqual([
    [1, ['name', 'description']],
    [2, []],
  ])
})

test('a server that gives the same cookie for ever, none at all, or refuses, is not followed', async () => {
  const stuck = await roundsServer([{ entries: [], more: true, cookie: 'a' }])
  expect(await dirSync(stuck.client, ask)).toBeNull()
  expect(stuck.asked).toEqual(['start', 'a'])
  const mute = await roundsServer([{ entries: [], more: false, cookie: '' }])
  expect(await dirSync(mute.client, ask)).toBeNull()
  const refusing = await roundsServer([{ entries: [], more: false, cookie: 'a', status: 50 }])
  expect(await dirSync(refusing.client, ask)).toBeNull()
})

test('the attributes that a filter looks at', () => {
  expect(
    namesInFilter('(&(objectClass=user)(!(employeeType=x))(|(a;lang-da=*)(userAccountControl:1.2.3:=2)(n>=4)))'),
  ).toEqual([...['objectClass', 'employeeType', 'a', 'userAccountControl', 'n']])
})
