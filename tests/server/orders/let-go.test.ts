import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliveryRoutes } from '../../../server/orders/delivery-routes.ts'
import { HELD_ABOVE } from '../../../server/orders/hold-removals.ts'
import { orderRoutes } from '../../../server/orders/order-routes.ts'
import { errorHandler } from '../../../server/platform/http/errors.ts'
import { createRoutes } from '../../../server/platform/http/handle.ts'
import { silentLog } from '../../../server/platform/log.ts'
import type { Actor } from '../../../server/policy/actor.ts'
import { gate } from '../../../server/policy/policy.ts'
import { testDatabase } from '../../support/database.ts'
import { account, job, municipality, person, system, unit } from '../../support/municipality.ts'
import { actor } from './order-actor.ts'

/** Over HTTP: whoever asks for something is known to what follows from it, and somebody else lets that go. */
const database = testDatabase()
const PEOPLE = Array.from({ length: HELD_ABOVE + 2 }, (_, n) => `p${n}`)
const [one, other] = [actor(['it']), actor(['it'])]
let signedIn: Actor
let server: Server
let systemId: string

beforeAll(async () => {
  await database.reset()
  const town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    ...PEOPLE.flatMap(key => [person(key), job(`j-${key}`, key, { unit: '100', title: 'Kok' })]),
  ])
  await town.feed('kitos', [system('kat', { name: 'Kataloget', reading: 'groups' })])
  await town.feed(
    'ad',
    PEOPLE.map(key => account(key, { username: key, employeeNo: `j-${key}`, dn: `CN=${key},DC=test`, enabled: true })),
  )
  await database.db.transaction(tx => tx.query(`update it_system set rung = 'full', rung_at = now()`))
  const [row] = await database.db.snapshot(tx => tx.query<{ id: string }>('select id from it_system'))
  systemId = row?.id as string
  const router = express.Router()
  const routes = createRoutes<Actor>({
    ...{ router, db: database.db, actorOf: () => signedIn, gate },
    asker: who => who.userId,
  })
  orderRoutes(routes, { db: database.db, clock: town.clock, userNames: async () => new Map() })
  deliveryRoutes(routes, { db: database.db, clock: town.clock, connectors: [], secretOf: () => '' })
  server = createServer(express().use(express.json(), router, errorHandler(silentLog)))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => server.close())

async function call<Body>(who: Actor, path: string, body?: unknown): Promise<{ status: number; body: Body }> {
  signedIn = who
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Body }
}
const held = async (who: Actor) =>
  (await call<{ held: { id: string; open: number; own: boolean }[] }>(who, '/orders')).body.held

test('whoever had many accounts closed lets none of it go; somebody else does', async () => {
  const values = {
    ...{ key: 'konto', name: 'Konto', per: 'person', source: 'ad', leadDays: 5, dependsOn: null, disableAfter: 0 },
    ...{ deleteAfter: null, userName: null, rules: [{ unitId: null, who: 'nobody', positions: [] }] },
  }
  const saved = await call(one, `/systems/${systemId}/account-types`, { id: null, version: null, values })
  expect(saved.status).toBe(200)
  const [hold] = await held(one)
  expect(hold).toMatchObject({ open: PEOPLE.length, own: true })
  expect(await held(other)).toMatchObject([{ own: false }])
  const letGo = (who: Actor) =>
    call<{ code?: string }>(who, `/orders/holds/${hold?.id}/let-go`, { open: hold?.open, reason: 'Det er set efter' })
  expect((await letGo(one)).body.code).toBe('second-person-needed')
  expect(await held(one)).toHaveLength(1)
  expect((await letGo(other)).status).toBe(200)
  expect(await held(one)).toEqual([])
})
