import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rulesRoutes } from '../../../server/access/rules-routes.ts'
import { countOrders } from '../../../server/orders/orders-ahead-store.ts'
import * as overview from '../../../server/overview/overview-routes.ts'
import { userNames } from '../../../server/overview/user-names-view.ts'
import { errorHandler } from '../../../server/platform/http/errors.ts'
import { createRoutes } from '../../../server/platform/http/handle.ts'
import { silentLog } from '../../../server/platform/log.ts'
import type { Actor } from '../../../server/policy/actor.ts'
import { gate } from '../../../server/policy/policy.ts'
import { testDatabase } from '../../support/database.ts'
import { RULES, smallTown } from './small-town.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
let server: Server
let url: string
let signedIn: Actor

beforeAll(async () => {
  town = await smallTown(database.db)
  const router = express.Router()
  const routes = createRoutes<Actor>({ router, db: database.db, actorOf: () => signedIn, gate })
  const parts = { db: database.db, clock: town.clock, keyring: town.keyring, userNames }
  for (const add of [overview.peopleRoutes, overview.unitRoutes, overview.systemRoutes]) add(routes, parts)
  for (const add of [overview.accountRoutes, overview.homeRoutes, overview.auditRoutes]) add(routes, parts)
  rulesRoutes(routes, { ...parts, countOrders })
  const app = express().use(express.json(), router, errorHandler(silentLog))
  server = createServer(app)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

type Answer = { status: number; body: Record<string, never> & { rows: never[]; code?: string } }
async function call(who: Actor, method: string, path: string, body?: unknown): Promise<Answer> {
  signedIn = who
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}
const logged = () =>
  database.db.snapshot(tx =>
    tx.query<{ action: string; body: string; function: string; lookup: boolean }>(
      `select e.action, p.body, e.actor_function as function, e.lookup from audit_entry e
       left join audit_payload p on p.entry_id = e.id order by e.id`,
    ),
  )
const since = async (work: () => Promise<unknown>) => {
  const before = (await logged()).length
  await work()
  return (await logged()).slice(before)
}

describe('the endpoints of the overview', () => {
  it('put each list of people on record with its query, but never the text that was searched for', async () => {
    const { hr } = town.actors
    const entries = await since(async () => {
      expect((await call(hr, 'POST', '/people/search', { text: 'ærlig' })).body.rows).toHaveLength(1)
      // The same search again, and its next page, is the same lookup.
      await call(hr, 'POST', '/people/search', { text: 'ærlig ann' })
      await call(hr, 'POST', '/people/search', { text: 'ærlig', offset: 1, limit: 10 })
    })
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({ action: 'people.searched', function: 'hr', lookup: true })
    expect(JSON.parse(entries[0]?.body ?? '{}').detail).toMatchObject({ query: { text: true }, count: 1 })
    expect(JSON.stringify(await logged()).toLowerCase()).not.toContain('ærlig')
  })

  it('put the other lists with people in them on record too', async () => {
    const { it: admin } = town.actors
    const entries = await since(async () => {
      await call(admin, 'GET', `/org/${town.units['111']}`)
      await call(admin, 'GET', `/systems/${town.systems.sbsys}/holders?state=missing`)
      await call(admin, 'POST', '/accounts/search', { situation: 'unmatched' })
      await call(admin, 'GET', '/rules/care')
      await call(admin, 'POST', '/search', { text: 'nord' })
    })
    expect(entries.map(entry => entry.action)).toEqual([
      'unit.people-viewed',
      'system.holders-viewed',
      'accounts.searched',
      'rule.people-viewed',
      'people.searched',
    ])
  })

  it('do not know what the reader may not know of', async () => {
    const { hr, employee, manager } = town.actors
    const nothing = '0b1c2d3e-0000-4000-8000-00000000000a'
    for (const path of [
      `/org/${nothing}`,
      `/systems/${nothing}`,
      `/systems/${nothing}/holders`,
      '/rules/none',
      '/roles/none',
    ])
      expect((await call(hr, 'GET', path)).status, path).toBe(404)
    for (const [method, path] of [
      ['POST', '/people/search'],
      ['POST', '/accounts/search'],
      ['GET', `/systems/${town.systems.sbsys}/holders`],
      ['GET', '/rules'],
      ['POST', '/audit/search'],
    ] as const)
      expect((await call(employee, method, path, method === 'POST' ? {} : undefined)).status, path).toBe(403)
    expect((await call(manager, 'GET', '/rules')).status).toBe(403)
    expect((await call(hr, 'POST', '/people/search', { sort: 'cpr' })).status).toBe(400)
    expect((await call(hr, 'POST', '/people/search', { unit: "' or 1=1" })).status).toBe(400)
  })

  it('answer an employee about themselves only', async () => {
    const { employee } = town.actors
    const home = await call(employee, 'GET', '/home')
    expect((home.body as unknown as { sections: { role: string }[] }).sections.map(one => one.role)).toEqual([
      'employee',
    ])
    const found = await call(employee, 'POST', '/search', { text: 'a' })
    const nothing = { people: [], units: [], systems: [], entitlements: [], rules: [], roles: [], why: [] }
    expect(found.body).toEqual(nothing)
  })

  it('import rules with an entry that says who and how much, and read it back', async () => {
    const { it: admin, dpo, hr } = town.actors
    const yaml = RULES.replace('name: Plejen', 'name: Hele plejen')
    const preview = await call(admin, 'POST', '/rules/preview', { yaml })
    expect(preview.body).toMatchObject({ rules: { changed: 1, added: 0 }, gains: 0, losses: 0, examples: [] })
    const entries = await since(async () => {
      const done = await call(admin, 'POST', '/rules/import', { yaml, hash: preview.body.hash })
      expect(done).toMatchObject({ status: 200, body: { applied: true } })
    })
    expect(entries).toMatchObject([{ action: 'rules.imported', function: 'it', lookup: false }])
    expect((await call(admin, 'POST', '/rules/import', { yaml, hash: 'old' })).status).toBe(409)
    expect((await call(hr, 'POST', '/rules/import', { yaml, hash: 'x' })).status).toBe(403)
    const rule = await call(dpo, 'GET', '/rules/care')
    expect(rule.body).toMatchObject({ name: 'Hele plejen', version: 2, caught: 3 })
    expect((await call(dpo, 'GET', '/rules-export')).body.yaml).toContain('Hele plejen')
    const log = await call(dpo, 'POST', '/audit/search', { action: 'rules.imported' })
    expect(log.body.rows).toHaveLength(1)
    const [row] = log.body.rows as { id: number }[]
    expect((await call(dpo, 'GET', `/audit/${row?.id}`)).body).toMatchObject({ detail: { rules: { changed: 1 } } })
  })

  it('show IT what was done to the tool, and not who looked at whom', async () => {
    const { it: admin, dpo } = town.actors
    const rows = async (who: Actor) =>
      (await call(who, 'POST', '/audit/search', {})).body.rows as { lookup: boolean; id: number }[]
    const [mine, all] = [await rows(admin), await rows(dpo)]
    expect(mine.some(row => row.lookup)).toBe(false)
    expect(mine.length).toBeGreaterThan(0)
    const lookup = all.find(row => row.lookup)
    expect(lookup).toBeDefined()
    expect((await call(admin, 'GET', `/audit/${lookup?.id}`)).status).toBe(404)
    expect((await call(dpo, 'GET', `/audit/${lookup?.id}`)).status).toBe(200)
  })
})
