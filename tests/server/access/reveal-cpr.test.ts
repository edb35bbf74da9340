import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { personRoutes } from '../../../server/access/person-routes.ts'
import { lookupsOf } from '../../../server/audit/lookup-views.ts'
import { errorHandler } from '../../../server/platform/http/errors.ts'
import { createRoutes } from '../../../server/platform/http/handle.ts'
import { silentLog } from '../../../server/platform/log.ts'
import type { Actor } from '../../../server/policy/actor.ts'
import { gate } from '../../../server/policy/policy.ts'
import { testDatabase } from '../../support/database.ts'
import { person } from '../../support/municipality.ts'
import { smallTown } from '../overview/small-town.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
let server: Server
let signedIn: Actor
beforeAll(async () => {
  town = await smallTown(database.db)
  await town.feed('hr', [person('Ann', { familyName: 'Ærlig', cpr: '610190-1234' })])
  const router = express.Router()
  const routes = createRoutes<Actor>({ router, db: database.db, actorOf: () => signedIn, gate })
  personRoutes(routes, { db: database.db, clock: town.clock, keyring: town.keyring })
  server = createServer(express().use(express.json(), router, errorHandler(silentLog)))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => server.close())

const reveal = async (who: Actor, name: string, reason: string) => {
  signedIn = who
  const response = await fetch(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/people/${town.people[name]}/cpr`,
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ reason }) },
  )
  return { status: response.status, body: (await response.json()) as { cpr?: string } }
}
const seenByAnn = () =>
  database.db.snapshot(async tx => (await lookupsOf(tx, town.people.Ann as string, { offset: 0, limit: 50 })).lookups)

it('shows HR the number, and the person that, why and by which function; nobody else gets it', async () => {
  const { hr, it: admin, dpo, auditor, manager, owner, employee } = town.actors
  for (const who of [admin, dpo, auditor, manager, owner, employee])
    expect((await reveal(who, 'Ann', 'Indberetning til pension')).status).toBeGreaterThanOrEqual(403)
  expect((await reveal(hr, 'Ann', ' x ')).status).toBe(400)
  expect((await reveal(hr, 'Bo', 'Indberetning til pension')).status).toBe(404)
  expect((await reveal(hr, 'Ole', 'Indberetning til pension')).status).toBe(404)
  expect(await seenByAnn()).toEqual([])

  expect(await reveal(hr, 'Ann', 'Indberetning til pension')).toEqual({ status: 200, body: { cpr: '6101901234' } })
  expect(await seenByAnn()).toMatchObject([
    { what: 'person.cpr-revealed', byFunction: 'hr', reason: 'Indberetning til pension' },
  ])
})
