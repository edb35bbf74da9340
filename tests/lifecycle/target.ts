import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { FeedRecord } from '../../server/platform/feed-record.ts'
import { account, group } from '../support/municipality.ts'

/**
 * A system of the municipality that takes signed orders: a real HTTP server that counts. It keeps accounts and who holds
 * what, does an order once however often it comes, can be read out as a directory is, and can let one down in every way
 * in which such a server does.
 */
export type Mood =
  | 'well'
  /** Nobody answers: the line is cut before anything is read. */
  | 'down'
  /** Takes it, does it, and says so only much later. */
  | 'slow'
  /** Says that it is done, and does nothing. */
  | 'lies'
  | 'busy'
  | 'broken'
  /** Does it, and the answer is cut short. */
  | 'half'
  /** Does it, and never answers. */
  | 'silent'
type Order = {
  id: string
  data: {
    action: string
    account: { username: string; attributes: { employeeNo?: string | null } }
    right: { key: string } | null
    person: { id: string; name: string | null }
  }
}
export type Delivery = { id: string; action: string; username: string; right: string | null }

export async function countingTarget() {
  const accounts = new Map<string, { enabled: boolean; employeeNo: string; rights: Set<string> }>()
  const done = new Set<string>()
  const deliveries: Delivery[] = []
  const effects: string[] = []
  const bodies: string[] = []
  const held = new Set<ServerResponse>()
  const sockets = new Set<Socket>()
  let mood: Mood = 'well'
  let slowMs = 3000
  let arrived = () => {}

  const carryOut = ({ id, data }: Order) => {
    if (done.has(id)) return
    done.add(id)
    const { action, right } = data
    const { username, attributes } = data.account
    const one = accounts.get(username)
    effects.push(`${action} ${username}${right ? ` ${right.key}` : ''}`)
    if (action === 'create')
      accounts.set(username, one ?? { enabled: false, employeeNo: attributes.employeeNo ?? '', rights: new Set() })
    else if (action === 'enable' && one) one.enabled = true
    else if (action === 'disable' && one) one.enabled = false
    else if (action === 'delete') accounts.delete(username)
    else if (action === 'grant' && one && right) one.rights.add(right.key)
    else if (action === 'revoke' && one && right) one.rights.delete(right.key)
  }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += String(chunk)
    })
    request.on('end', () => {
      const order = JSON.parse(body) as Order
      bodies.push(body)
      const { id, data } = order
      const answer = (status: number, headers: Record<string, string> = {}) =>
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{}')
      if (mood === 'busy') return answer(429, { 'retry-after': '120' })
      if (mood === 'broken') return answer(500)
      deliveries.push({
        ...{ id, action: data.action, username: data.account.username, right: data.right?.key ?? null },
      })
      if (mood !== 'lies') carryOut(order)
      arrived()
      if (mood === 'silent') return void held.add(response)
      if (mood === 'slow') {
        held.add(response)
        return void setTimeout(() => response.writableEnded || answer(200), slowMs).unref()
      }
      if (mood === 'half') {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '200' })
        response.write('{"state":')
        return void setTimeout(() => request.socket.destroy(), 5)
      }
      answer(200)
    })
  })
  server.on('connection', socket => {
    if (mood === 'down') return void socket.destroy()
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const everyRight = (rights: readonly string[]) =>
    rights.map(right =>
      group(right, {
        name: `g-${right.split('/')[1]}`,
        dn: `CN=g-${right.split('/')[1]},DC=test`,
        members: [...accounts].filter(([, one]) => one.rights.has(right)).map(([name]) => dnOf(name)),
      }),
    )
  const dnOf = (name: string) => `CN=${name},DC=test`
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`,
    accounts,
    /** Each time an order came, also a second time. */
    deliveries,
    /** What was done, in order: once an order id. */
    effects,
    /** All that was sent, word for word. */
    bodies,
    be(next: Mood, { slow = 3000 } = {}) {
      mood = next
      slowMs = slow
      // A line that is kept open would not notice.
      for (const socket of sockets) if (next === 'down') socket.destroy()
    },
    nextDelivery: () => new Promise<void>(resolve => (arrived = resolve)),
    clear() {
      accounts.clear()
      done.clear()
      deliveries.length = 0
      effects.length = 0
      bodies.length = 0
      mood = 'well'
    },
    /** Who holds what with an account that is open: `<employee number> <right>`. */
    held: () =>
      [...accounts.values()]
        .filter(one => one.enabled)
        .flatMap(one => [...one.rights].map(right => `${one.employeeNo} ${right}`))
        .sort(),
    states: () => [...accounts.values()].map(one => `${one.employeeNo} ${one.enabled ? 'on' : 'off'}`).sort(),
    /** As a directory says it, for a source to read. */
    records: (rights: readonly string[]): FeedRecord[] => [
      ...[...accounts].map(([name, one]) =>
        account(name, { username: name, employeeNo: one.employeeNo, dn: dnOf(name), enabled: one.enabled }),
      ),
      ...everyRight(rights),
    ],
    async close() {
      for (const response of held) response.destroy()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
export type Target = Awaited<ReturnType<typeof countingTarget>>
