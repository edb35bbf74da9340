import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { addRoutes, createApp } from '../../server/app.ts'
import type { Endpoint } from '../../server/contract/endpoint.ts'
import { type Clock, systemClock } from '../../server/platform/clock.ts'
import { readConfig } from '../../server/platform/config.ts'
import { openDatabase } from '../../server/platform/database.ts'
import { createRoutes } from '../../server/platform/http/handle.ts'
import { openKeyring } from '../../server/platform/key-file.ts'
import { createLog } from '../../server/platform/log.ts'
import type { Actor } from '../../server/policy/actor.ts'
import { gate } from '../../server/policy/policy.ts'
import { type House, wire } from '../../server/wiring.ts'

type Options = { clock?: Clock; embedded?: boolean; log?: { write(line: string): void } }

/** The whole house on a database of the tests, as `npm start` puts it together. `dataDir` holds key and demo files. */
export async function openHouse(
  databaseUrl: string,
  dataDir: string,
  environment: Record<string, string | undefined> = {},
  { clock = systemClock, embedded = true, log: destination }: Options = {},
): Promise<House> {
  const config = readConfig({ HJEMMEL_LOG_LEVEL: destination ? 'debug' : 'silent', ...environment })
  const db = await openDatabase(databaseUrl, { poolSize: config.HJEMMEL_POOL_SIZE })
  const log = createLog(config.HJEMMEL_LOG_LEVEL, destination)
  return wire({ config, db, clock, log, keyring: openKeyring(dataDir, undefined), dataDir, embedded, databaseUrl })
}

/** The real application behind a real HTTP server on a free port of the loopback. */
export async function serve(house: House): Promise<{ url: string; close(): Promise<void> }> {
  house.ready = true
  const server = createServer(createApp(house))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const known = new WeakMap<House, readonly Endpoint[]>()

/** All endpoints that the application of this house answers. */
export function endpointsOf(house: House): readonly Endpoint[] {
  const found = known.get(house)
  if (found) return found
  const routes = createRoutes<Actor>({ router: express.Router(), db: house.db, actorOf: house.auth.actorOf, gate })
  addRoutes(routes, house)
  known.set(house, routes.endpoints)
  return routes.endpoints
}
