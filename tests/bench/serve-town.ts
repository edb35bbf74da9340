import type { AddressInfo } from 'node:net'
import process from 'node:process'
import express from 'express'
import pg from 'pg'
import { z } from 'zod'
import { searchAll } from '#contract/home.ts'
import { personPage } from '#contract/people.ts'
import { getSystemHolders } from '#contract/systems.ts'
import { createApp } from '../../server/app.ts'
import { fold } from '../../server/platform/fold.ts'
import { openHouse } from './bench-house.ts'
import { HOLDERS_SQL, MATRIX_SQL, REACH_ROWS_SQL, REACH_SQL, SEARCH_SQL } from './hand-written-sql.ts'

/**
 * The real application on a town's database, and beside it, in the same process and on the same pool, what a developer
 * would write by hand: an Express route with one statement, zod on what goes out, and nothing else. Any message to this
 * process is answered with the statements that have been sent to the database since the last one.
 */
const [url, dataDir] = process.argv.slice(2) as [string, string]

let statements: string[] = []
const send = pg.Client.prototype.query
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const [first] = args as [string | { text?: string }]
  statements.push(typeof first === 'string' ? first : (first?.text ?? ''))
  return (send as (...all: unknown[]) => unknown).apply(this, args)
} as typeof send
process.on('message', () => {
  process.send!(statements)
  statements = []
})

// One signed-in user asks more in a minute than any person does.
const house = await openHouse(url, dataDir, { HJEMMEL_TRUST_PROXY: '1', HJEMMEL_REQUESTS_PER_MINUTE: '1000000' })
house.ready = true

const bare = express()
bare.disable('x-powered-by')
bare.use(express.json())
const one = async (sql: string, params: unknown[]) => (await house.db.source.query(sql, params))[0]
bare.get('/person/:id', async (request, response) => {
  const row = await one('select body from bench_page where id = $1', [request.params.id])
  response.json(personPage.parse(row.body))
})
bare.get('/holders/:id', async (request, response) => {
  const rows: { total: number; since: Date | null; seenAt: Date | null }[] = await house.db.source.query(HOLDERS_SQL, [
    request.params.id,
  ])
  response.json(
    getSystemHolders.response.parse({
      rows: rows.map(row => ({
        ...row,
        since: row.since?.toISOString() ?? null,
        seenAt: row.seenAt?.toISOString() ?? null,
      })),
      total: rows[0]?.total ?? 0,
    }),
  )
})
const triples = z.object({ cells: z.array(z.tuple([z.uuid(), z.uuid(), z.int(), z.int()])) })
bare.get('/matrix', async (_request, response) => {
  const rows: { person: string; system: string; code: number; n: number }[] = await house.db.source.query(MATRIX_SQL)
  response.json(triples.parse({ cells: rows.map(row => [row.person, row.system, row.code, row.n]) }))
})
const figures = z.object({ cells: z.array(z.tuple([z.string(), z.string(), z.int()])) })
bare.get('/reach', async (_request, response) => {
  const rows: { data: string; subject: string; people: number }[] = await house.db.source.query(REACH_SQL)
  response.json(figures.parse({ cells: rows.map(row => [row.data, row.subject, row.people]) }))
})
const named = z.object({
  rows: z.array(
    z.object({
      ...{ person: z.uuid(), name: z.string(), unit: z.string().nullable(), system: z.string() },
      ...{ right: z.string(), activity: z.string(), total: z.int() },
    }),
  ),
})
bare.post('/reach/rows', async (request, response) => {
  const { data, subjects } = request.body as { data: string[]; subjects: string[] }
  response.json(named.parse({ rows: await house.db.source.query(REACH_ROWS_SQL, [data, subjects]) }))
})
bare.post('/search', async (request, response) => {
  const people = await house.db.source.query(SEARCH_SQL, [`%${fold(String(request.body.text))}%`])
  response.json(
    searchAll.response.parse({ people, units: [], systems: [], rules: [], roles: [], entitlements: [], why: [] }),
  )
})

const listen = (app: express.Express): Promise<number> =>
  new Promise(resolve => {
    const server = app.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
process.send!({ ours: await listen(createApp(house)), bare: await listen(bare) })
