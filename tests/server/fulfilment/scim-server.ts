import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import SCIMMY from 'scimmy'
import SCIMMYRouters from 'scimmy-routers'
import { newId } from '../../../server/platform/ids.ts'

/** A SCIM server that is not ours: what is in it, who asked what, and ways to be out of order between. */
type Stored = Record<string, unknown> & { id: string; userName?: string; displayName?: string }
export type Trouble = { status: number; headers?: Record<string, string>; afterWriting?: boolean } | 'half' | 'silent'

export async function scimServer(token: string) {
  const users = new Map<string, Stored>()
  const groups = new Map<string, Stored>()
  const asked: string[] = []
  let trouble: { how: Trouble; writes: boolean } | null = null
  const missing = (id: string) => new SCIMMY.Types.Error(404, null as never, `There is no ${id}`)

  const keep = (store: Map<string, Stored>, unique: 'userName' | 'displayName') => ({
    ingress: (resource: { id?: string | undefined }, data: object) => {
      const given = JSON.parse(JSON.stringify(data)) as Stored
      for (const other of store.values())
        if (other.id !== resource.id && String(other[unique]).toLowerCase() === String(given[unique]).toLowerCase())
          throw new SCIMMY.Types.Error(409, 'uniqueness', `${unique} is taken`)
      if (resource.id && !store.has(resource.id)) throw missing(resource.id)
      const one = { ...given, id: resource.id ?? newId() }
      store.set(one.id, one)
      return one
    },
    egress: (resource: { id?: string | undefined; filter?: { match(list: object[]): object[] } | undefined }) => {
      if (resource.id) {
        const one = store.get(resource.id)
        if (!one) throw missing(resource.id)
        return one
      }
      const all = [...store.values()]
      return resource.filter ? resource.filter.match(all) : all
    },
    degress: (resource: { id?: string | undefined }) => {
      if (!store.delete(resource.id ?? '')) throw missing(resource.id ?? '')
    },
  })
  for (const [resource, store, unique] of [
    [SCIMMY.Resources.User, users, 'userName'],
    [SCIMMY.Resources.Group, groups, 'displayName'],
  ] as const) {
    const { ingress, egress, degress } = keep(store, unique)
    const one = resource as typeof SCIMMY.Resources.User
    SCIMMY.Resources.declare(one)
    one.ingress(ingress as never)
    one.egress(egress as never)
    one.degress(degress as never)
  }
  SCIMMY.Config.set({ patch: true, filter: true })

  let pages = true
  const app = express()
  // Written for Express 4, it casts the numbers of pages in a query that Express 5 reads anew each time.
  app.use((request, _, next) => {
    if (pages) Object.defineProperty(request, 'query', { value: { ...request.query }, writable: true })
    next()
  })
  app.use((request, response, next) => {
    asked.push(`${request.method} ${decodeURIComponent(request.originalUrl)}`)
    const now = trouble
    if (!now || (now.writes && request.method === 'GET')) return next()
    const { how } = now
    if (how === 'silent') return
    if (how === 'half') {
      // The status and half of what was to be said; the write has been done.
      trouble = null
      const end = response.end.bind(response)
      response.end = ((text?: unknown) => {
        response.flushHeaders()
        response.socket?.write(String(text ?? '').slice(0, 5))
        response.socket?.destroy()
        return response
      }) as typeof end
      return next()
    }
    trouble = null
    if (how.afterWriting) {
      const end = response.end.bind(response)
      response.end = (() => {
        response.removeHeader('content-length')
        response.status(how.status)
        return end()
      }) as typeof end
      return next()
    }
    response
      .status(how.status)
      .set(how.headers ?? {})
      .end()
  })
  app.use(
    '/scim',
    new SCIMMYRouters({
      type: 'bearer',
      handler: request => {
        if (request.header('authorization') !== `Bearer ${token}`) throw new Error('Who are you?')
        return 'hjemmel'
      },
    }),
  )
  const server = createServer(app)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim`,
    users,
    groups,
    asked,
    /** The next request (that writes) ends so. */
    next: (how: Trouble | null, writes = true) => {
      trouble = how && { how, writes }
    },
    /** Whether lists come in pages, or the first of them over and over. */
    pages: (on: boolean) => {
      pages = on
    },
    supports: (what: { patch: boolean }) => SCIMMY.Config.set(what),
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
