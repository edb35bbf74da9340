import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { accountRuleRoutes } from '../../../server/access/account-rule-routes.ts'
import { linkRoutes } from '../../../server/access/link-routes.ts'
import { mergeRoutes } from '../../../server/access/merge-routes.ts'
import { personRoutes } from '../../../server/access/person-routes.ts'
import { countOrders } from '../../../server/orders/orders-ahead-store.ts'
import { userNames } from '../../../server/overview/user-names-view.ts'
import type { Clock } from '../../../server/platform/clock.ts'
import { errorHandler } from '../../../server/platform/http/errors.ts'
import { createRoutes } from '../../../server/platform/http/handle.ts'
import type { Keyring } from '../../../server/platform/keyring.ts'
import { silentLog } from '../../../server/platform/log.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../server/policy/actor.ts'
import { gate } from '../../../server/policy/policy.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape; what a test reads of them it also expects
export type Answer = { status: number; body: any }

/** The desk over HTTP, with whoever the test says signed in. */
export async function deskApp(parts: { db: Db; clock: Clock; keyring: Keyring }) {
  const router = express.Router()
  const actors = new Map<string, Actor>()
  const routes = createRoutes<Actor>({
    router,
    db: parts.db,
    actorOf: request => actors.get(String(request.headers['x-actor'])) ?? null,
    gate,
  })
  linkRoutes(routes, { ...parts, userNames })
  mergeRoutes(routes, { ...parts, userNames, countOrders })
  accountRuleRoutes(routes, { ...parts, userNames })
  personRoutes(routes, parts)
  const server = createServer(express().use(express.json(), router, errorHandler(silentLog)))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const send = async (who: Actor, method: string, path: string, body?: unknown): Promise<Answer> => {
    actors.set(who.userId, who)
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', 'x-actor': who.userId },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }
  return {
    get: (who: Actor, path: string) => send(who, 'GET', path),
    post: (who: Actor, path: string, body: unknown = {}) => send(who, 'POST', path, body),
    put: (who: Actor, path: string, body: unknown) => send(who, 'PUT', path, body),
    remove: (who: Actor, path: string) => send(who, 'DELETE', path, {}),
    close: () => new Promise<unknown>(resolve => server.close(resolve)),
  }
}
