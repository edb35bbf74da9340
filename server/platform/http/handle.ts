import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { IRouter, Request, Response } from 'express'
import type { BodyOf, Endpoint, ParamsOf, QueryOf, ResponseOf } from '#contract/endpoint.ts'
import { noteAsker } from '../asked-by.ts'
import { problem } from '../problem.ts'
import type { Db, Tx } from '../unit-of-work.ts'

// biome-ignore lint/suspicious/noExplicitAny: an endpoint of any shape; the shapes are recovered by ParamsOf and its kin
type AnyEndpoint = Endpoint<any, any, any, any>
const pack = promisify(gzip)

export type Call<E, Actor> = {
  tx: Tx
  actor: Actor
  params: ParamsOf<E>
  query: QueryOf<E>
  body: BodyOf<E>
  requestId: string
  request: Request
  response: Response
}
type OwnCall<E, Actor> = Omit<Call<E, Actor>, 'tx'>

export type Routes<Actor> = {
  /** Reads run in one read-only snapshot, commands in one transaction. */
  add<E extends AnyEndpoint>(endpoint: E, handler: (call: Call<E, Actor>) => Promise<ResponseOf<E>>): void
  /** For handlers that talk to the network or the session and open their own transactions. */
  addOwn<E extends AnyEndpoint>(endpoint: E, handler: (call: OwnCall<E, Actor>) => Promise<ResponseOf<E>>): void
  readonly endpoints: readonly AnyEndpoint[]
}

type Parts<Actor> = {
  router: IRouter
  db: Db
  /** The signed-in actor of a request, or null. */
  actorOf(request: Request): Actor | null
  /** The user id of an actor: whom a command is done for. */
  asker?(actor: Actor): string
  /** Throws unless the actor has the permission. */
  gate(actor: Actor, permission: string): void
}

/**
 * Binds declared endpoints to handlers: sign-in, permission, validation of everything that comes in, one
 * transaction, and stripping of what goes out. A handler never sees unvalidated input and cannot answer with a
 * field that the contract does not declare.
 */
export function createRoutes<Actor>(parts: Parts<Actor>): Routes<Actor> {
  const endpoints: AnyEndpoint[] = []
  const bind = (endpoint: AnyEndpoint, run: (call: OwnCall<AnyEndpoint, Actor>) => Promise<unknown>): void => {
    if (endpoints.some(other => other.id === endpoint.id)) throw new Error(`Endpoint ${endpoint.id} is bound twice`)
    endpoints.push(endpoint)
    const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
    parts.router[method](endpoint.path, async (request: Request, response: Response) => {
      const actor = parts.actorOf(request)
      if (endpoint.permission !== 'public') {
        if (!actor) throw problem('not-signed-in')
        if (endpoint.permission !== 'signed-in') parts.gate(actor, endpoint.permission)
      }
      const call = {
        actor: actor as Actor,
        params: parse(endpoint.params, request.params, 'path'),
        query: parse(endpoint.query, request.query, 'query'),
        body: parse(endpoint.body, request.body ?? {}, 'body'),
        requestId: String(response.getHeader('x-request-id') ?? ''),
        request,
        response,
      }
      const answer = endpoint.response.parse(await run(call))
      response.setHeader('cache-control', 'no-store')
      if (endpoint.large && request.acceptsEncodings('gzip') === 'gzip') await sendPacked(response, answer)
      else response.json(answer)
    })
  }
  return {
    add: (endpoint, handler) =>
      bind(endpoint, call =>
        endpoint.kind === 'command'
          ? parts.db.transaction(tx => {
              if (call.actor && parts.asker) noteAsker(tx, parts.asker(call.actor))
              return handler({ ...call, tx } as never)
            })
          : parts.db.snapshot(tx => handler({ ...call, tx } as never)),
      ),
    addOwn: (endpoint, handler) => bind(endpoint, call => handler(call as never)),
    endpoints,
  }
}

/** Fast rather than small: the network of a town hall carries more than one core packs. */
async function sendPacked(response: Response, answer: unknown): Promise<void> {
  const packed = await pack(JSON.stringify(answer), { level: 2 })
  response.setHeader('content-encoding', 'gzip')
  response.setHeader('vary', 'accept-encoding')
  response.type('application/json').send(packed)
}

function parse(schema: AnyEndpoint['body'], value: unknown, part: string): unknown {
  // PostgreSQL keeps no NUL in a text: said here, where it came in, and not by a statement that fails.
  if (hasNul(value))
    throw problem('invalid-request', { errors: [{ where: part, what: 'A text holds a NUL character' }] })
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw problem('invalid-request', {
    errors: result.error.issues.map((issue: { path: PropertyKey[]; message: string }) => ({
      where: `${part}${issue.path.map(step => `/${String(step)}`).join('')}`,
      what: issue.message,
    })),
  })
}

/** Nothing that is sent here is nested even a tenth as deep; what is walks over the stack of whoever looks at it. */
const DEEPEST = 100

function hasNul(value: unknown, depth = 0): boolean {
  if (depth > DEEPEST) throw problem('invalid-request', { errors: [{ where: 'body', what: 'It is nested too deep' }] })
  if (typeof value === 'string') return value.includes('\0')
  if (value === null || typeof value !== 'object') return false
  return Object.entries(value).some(([key, inner]) => key.includes('\0') || hasNul(inner, depth + 1))
}
