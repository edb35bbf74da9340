import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import { expect } from 'vitest'
import type { Reach } from '../../../server/fulfilment/reach.ts'
import {
  type Connector,
  type ConnectorContext,
  ConnectorFailure,
  type OrderAction,
  type OrderToCarryOut,
} from '../../../server/orders/connector.ts'
import { newId } from '../../../server/platform/ids.ts'

/** What the dispatcher does with one order, without its rows: read, plan, write, read back. */

export const PERSON = newId()
const SYSTEM = newId()

type More = Partial<Omit<OrderToCarryOut, 'account'>> & { account?: Partial<OrderToCarryOut['account']> }
export function order(action: OrderAction, { account, ...more }: More = {}): OrderToCarryOut {
  return {
    id: newId(),
    action,
    system: { id: SYSTEM, key: 'kitos/ad', name: 'Kataloget' },
    account: { username: 'anna1', externalId: null, attributes: {}, enabled: action === 'enable', ...account },
    right: null,
    person: { id: PERSON, name: 'Anna Åse' },
    dueOn: '2030-01-01',
    ...more,
  }
}
export const right = (...carriers: string[]) => ({ key: 'ad/r', name: 'Ret', carriers, limits: {} })

export const contextWith = (secret: string): ConnectorContext => ({
  secretOf: () => secret,
  signal: new AbortController().signal,
  note: () => {},
})
export const reachOf = (more: Partial<Reach> = {}): Reach => ({
  hosts: ['127.0.0.1', 'localhost', '127.*'],
  secretsDir: null,
  exportsDir: '/nonexistent',
  mailer: null,
  publicUrl: 'https://hjemmel.test',
  ...more,
})

export type Carried = { steps: string[]; externalId: string | null; verified: string; untouchable: string | null }
/** Settings as somebody writes them. Without mistakes, or the test is about something else than it says. */
export async function carry(
  connector: Connector,
  settings: object,
  one: OrderToCarryOut,
  ctx: ConnectorContext,
): Promise<Carried> {
  const parsed = connector.settings.parse(settings)
  expect(connector.check?.(parsed) ?? []).toEqual([])
  if (connector.mode !== 'each') throw new Error('A batch is handed over')
  const session = await connector.open(parsed, ctx)
  try {
    const now = await session.read(one)
    if (now?.untouchable)
      return { steps: [], externalId: now.externalId, verified: 'untouched', untouchable: now.untouchable.code }
    const steps = session.plan(one, now)
    const says = steps.map(step => step.say)
    if (steps.length === 0)
      return { steps: says, externalId: now?.externalId ?? null, verified: 'already', untouchable: null }
    const { externalId } = await session.apply(one, steps)
    return { steps: says, externalId, verified: await session.verify(one), untouchable: null }
  } finally {
    await session.close().catch(() => {})
  }
}

/** How it failed, as the dispatcher sees it. */
export async function failureOf(work: Promise<unknown>): Promise<{ why: string; after: number | null; says: string }> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof ConnectorFailure)) throw error
    return { why: error.why, after: error.afterSeconds, says: error.message }
  }
  throw new Error('It did not fail')
}

/**
 * A line to a server that can be cut where it hurts: before a request that writes reaches the server, or after the server
 * has carried it out and before the answer comes back. Knows requests of LDAP by their tags (RFC 4511, 4.2 to 4.9).
 */
export async function cuttingLine(url: string) {
  const { hostname, port } = new URL(url)
  let cut: 'before' | 'after' | null = null
  const sockets = new Set<Socket>()
  const line = createServer(client => {
    const server = connect(Number(port), hostname)
    sockets.add(client).add(server)
    let ends = false
    client.on('data', data => {
      const writes = WRITES.has(tagOf(data))
      if (writes && cut === 'before') {
        cut = null
        return void client.destroy()
      }
      if (writes && cut === 'after') {
        cut = null
        ends = true
      }
      server.write(data)
    })
    server.on('data', data => (ends ? void client.destroy() : client.write(data)))
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => {})
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>(resolve => line.listen(0, '127.0.0.1', resolve))
  return {
    url: `ldap://127.0.0.1:${(line.address() as AddressInfo).port}`,
    cutNext: (where: 'before' | 'after') => {
      cut = where
    },
    isCut: () => cut === null,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => line.close(resolve))
    },
  }
}
/** Modify, add, delete, rename. */
const WRITES = new Set([0x66, 0x68, 0x4a, 0x6c])
function tagOf(data: Buffer): number {
  const lengthOf = (at: number) => (data[at]! < 0x80 ? 1 : 1 + (data[at]! & 0x7f))
  const id = 1 + lengthOf(1)
  return data[id + 2 + data[id + 1]!] ?? 0
}
