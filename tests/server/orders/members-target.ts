import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { type Connector, ConnectorFailure, type Step } from '../../../server/orders/connector.ts'

/** A target that is a real server: who holds what, over HTTP, and the ways in which such a server lets one down. */
export type Mood = 'well' | 'busy' | 'broken' | 'silent' | 'after-writing-silent' | 'refuses'
export async function membersTarget() {
  const members = new Set<string>()
  const writes: string[] = []
  const held: ServerResponse[] = []
  let mood: Mood = 'well'
  let written = () => {}
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    if (mood === 'silent') return void held.push(response)
    if (mood === 'busy') return answer(429, {}, { 'retry-after': '120' })
    if (mood === 'broken') return answer(500, {})
    const key = decodeURIComponent(request.url ?? '').slice(1)
    if (request.method === 'GET')
      return answer(
        200,
        [...members].filter(one => one.endsWith(`/${key}`)).map(one => one.split('/')[0]),
      )
    if (mood === 'refuses') return answer(403, {})
    writes.push(`${request.method} ${key}`)
    if (request.method === 'PUT') members.add(key)
    else members.delete(key)
    written()
    if (mood === 'after-writing-silent') return void held.push(response)
    answer(200, {})
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    members,
    writes,
    be: (next: Mood) => {
      mood = next
    },
    /** Resolves when something has been written. */
    nextWrite: () => new Promise<void>(resolve => (written = resolve)),
    close: async () => {
      for (const response of held) response.destroy()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** The connector to it, as small as one can be. */
export const membersConnector: Connector = {
  kind: 'members',
  mode: 'each',
  settings: z.strictObject({ url: z.url() }),
  actions: ['grant', 'revoke'],
  test: async () => ({ ok: true, steps: [] }),
  async open(settings, ctx) {
    const { url } = settings as { url: string }
    const call = async (method: string, path: string): Promise<unknown> => {
      const response = await fetch(`${url}/${path}`, { method, signal: ctx.signal }).catch((error: Error) => {
        throw new ConnectorFailure(method === 'GET' ? 'retry' : 'lost', error.message)
      })
      if (response.status === 429 || response.status >= 500)
        throw new ConnectorFailure(
          'retry',
          `HTTP ${response.status}`,
          Number(response.headers.get('retry-after')) || null,
        )
      if (!response.ok) throw new ConnectorFailure('refused', `HTTP ${response.status}`)
      return response.json()
    }
    const rightsOf = async (username: string) => (await call('GET', username)) as string[]
    return {
      async read({ account }) {
        const carriers = await rightsOf(account.username)
        return {
          externalId: account.username,
          username: account.username,
          enabled: true,
          attributes: {},
          carriers,
          untouchable: null,
        }
      },
      plan({ action, right }, now): Step[] {
        const has = now?.carriers.includes(right?.carriers[0] ?? '') ?? false
        return has === (action === 'grant') ? [] : [{ say: `${action} ${right?.carriers[0]}`, change: null }]
      },
      async apply({ action, right, account }) {
        await call(action === 'grant' ? 'PUT' : 'DELETE', `${right?.carriers[0]}/${account.username}`)
        return { externalId: account.username }
      },
      async verify({ action, right, account }) {
        return (await rightsOf(account.username)).includes(right?.carriers[0] ?? '') === (action === 'grant')
          ? 'as-wanted'
          : 'differs'
      },
      async close() {},
    }
  },
}
