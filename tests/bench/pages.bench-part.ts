import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { civilDate } from '../../server/platform/clock.ts'
import { openDatabase } from '../../server/platform/database.ts'
import type { Db } from '../../server/platform/unit-of-work.ts'
import { also, atMost, type BenchRow } from './bench-row.ts'
import { addFiveYears } from './five-years.ts'
import { inTurn, p95 } from './measure.ts'
import type { Town } from './town.ts'
import { type ServedTown, serveTown } from './town-visitor.ts'

/** Requests per figure, after a warm-up of a tenth as many; fewer where one takes long. */
const REQUESTS = 300

/** What people wait for, over HTTP on the real application with five years of history, at the 95th percentile. */
export async function benchPages(town: Town): Promise<BenchRow[]> {
  const db = await openDatabase(town.url, { poolSize: 3 })
  const manifest = JSON.parse(readFileSync(join(town.dataDir, 'demo/manifest.json'), 'utf8')) as {
    signIns: { role: string; username: string }[]
  }
  const it = manifest.signIns.find(one => one.role === 'it')!
  let served: ServedTown | undefined
  try {
    await addFiveYears(db, 6000 / town.people)
    served = await serveTown(town, it.username)
    const size = `, ${town.people.toLocaleString('en')} people`
    const people = await somePeople(db)
    return [
      await personPage(served, db, people, size),
      await asOf(served, people, size),
      await holders(served, db, size, town.people > 6000 ? 40 : 100),
      await systemAsOf(served, db, size, town.people > 6000 ? 40 : 100),
      await search(served, db, size),
    ]
  } finally {
    await served?.stop()
    await db.close()
  }
}

/** Employees with five years of history, at random but the same every time. */
async function somePeople(db: Db): Promise<string[]> {
  const rows = await db.snapshot(tx =>
    tx.query<{ id: string }>(
      `select p.person_id as id from person_current p
       join person_rights r on r.person_id = p.person_id
       where p.status = 'active' and p.kind = 'employee' and r.expected > 0
         and exists (select from person_state s where s.person_id = p.person_id and not upper_inf(s.recorded))
       order by md5(p.person_id::text || 'bench') limit 60`,
    ),
  )
  return rows.map(row => row.id)
}

async function compare(ours: (place: number) => unknown, theirs: (place: number) => unknown, rounds = REQUESTS) {
  let [mine, other] = [0, 0]
  const [a, b] = await inTurn([() => ours(mine++), () => theirs(other++)], rounds, { warmUp: rounds / 10 })
  return { ours: p95(a!), theirs: p95(b!) }
}

const at = <T>(list: readonly T[], place: number): T => list[place % list.length]!

/** Beside it: the same bytes from one indexed row, through zod, by a bare Express route. */
async function personPage(served: ServedTown, db: Db, people: string[], size: string): Promise<BenchRow> {
  await db.source.query('drop table if exists bench_page')
  await db.source.query('create table bench_page (id uuid primary key, body json not null)')
  let bytes = 0
  for (const id of people) {
    const { body } = await served.ours(`/people/${id}`)
    bytes += Buffer.byteLength(body)
    await db.source.query('insert into bench_page (id, body) values ($1, $2)', [id, body])
  }
  await db.source.query('vacuum analyze bench_page')
  const { body } = await served.bare(`/person/${people[0]}`)
  if (body !== (await served.ours(`/people/${people[0]}`)).body) throw new Error('the bare page has other bytes')
  const times = await compare(
    place => served.ours(`/people/${at(people, place)}`),
    place => served.bare(`/person/${at(people, place)}`),
  )
  const { page, all } = await statementsOf(served, `/people/${people[0]}`)
  const row = atMost(5, {
    what: `Person page, p95${size}`,
    ...times,
    other: 'bare Express route, one select, zod, same bytes',
    unit: 'ms',
    note: `${Math.round(bytes / people.length / 1024)} kB a page; ${all} statements with session, user and lookup log`,
  })
  return also(row, '≤ 8 statements', page <= 8, `${page} for the page`)
}

async function asOf(served: ServedTown, people: string[], size: string): Promise<BenchRow> {
  const ago = (days: number) => civilDate(new Date(Date.now() - days * 86_400_000))
  const path = (id: string) => `/people/${id}/as-of?valid=${ago(240)}&known=${ago(210)}`
  const { body } = await served.ours(path(people[0]!))
  if ((JSON.parse(body) as { rights: unknown[] }).rights.length === 0) throw new Error('nothing was known then')
  const times = await compare(
    place => served.ours(path(at(people, place))),
    place => served.ours(`/people/${at(people, place)}`),
  )
  return atMost(2, {
    what: `Person as of a day 8 months ago, as known 7 months ago, 5 years of history, p95${size}`,
    ...times,
    other: "today's page",
    unit: 'ms',
  })
}

/** The twenty systems that most people have something in: the slowest there are. */
const largestSystems = (db: Db): Promise<{ id: string; n: number }[]> =>
  db.snapshot(tx =>
    tx.query(
      `select e.system_id as id, count(*) as n from assignment a join entitlement e on e.id = a.entitlement_id
       group by 1 order by 2 desc limit 20`,
    ),
  )

/** Against the two requests of which the page of today consists. */
async function systemAsOf(served: ServedTown, db: Db, size: string, requests: number): Promise<BenchRow> {
  const systems = await largestSystems(db)
  const ago = (days: number) => civilDate(new Date(Date.now() - days * 86_400_000))
  const path = (place: number) => `/systems/${at(systems, place).id}/as-of?asOf=${ago(240)}&known=${ago(210)}`
  const { body } = await served.ours(path(0))
  if ((JSON.parse(body) as { total: number }).total === 0) throw new Error('nobody had access then')
  const times = await compare(
    place => served.ours(path(place)),
    async place => {
      await served.ours(`/systems/${at(systems, place).id}`)
      await served.ours(`/systems/${at(systems, place).id}/holders`)
    },
    requests,
  )
  const { page, all } = await statementsOf(served, path(0))
  const row = atMost(2, {
    what: `System as of a day 8 months ago, as known 7 months ago, 5 years of history, p95${size}`,
    ...times,
    other: "today's page",
    unit: 'ms',
    note: `${all} statements with session, user and lookup log`,
  })
  return also(row, '≤ 8 statements', page <= 8, `${page} for the page`)
}

async function holders(served: ServedTown, db: Db, size: string, requests: number): Promise<BenchRow> {
  const systems = await largestSystems(db)
  for (const { id } of systems) {
    const [mine, bare] = [await served.ours(`/systems/${id}/holders`), await served.bare(`/holders/${id}`)]
    const total = ({ body }: { body: string }) => (JSON.parse(body) as { total: number }).total
    if (total(mine) !== total(bare)) throw new Error(`holders differ: ${total(mine)} and ${total(bare)}`)
  }
  const times = await compare(
    place => served.ours(`/systems/${at(systems, place).id}/holders`),
    place => served.bare(`/holders/${at(systems, place).id}`),
    requests,
  )
  const { page, all } = await statementsOf(served, `/systems/${systems[0]!.id}/holders`)
  const row = atMost(3, {
    what: `Who has access to a system (up to ${systems[0]!.n.toLocaleString('en')} rights), p95${size}`,
    ...times,
    other: 'bare Express route, hand-written SQL, same rows',
    unit: 'ms',
    note: `${all} statements with session, user and lookup log`,
  })
  return also(row, '≤ 8 statements', page <= 8, `${page} for the page`)
}

/** Three to six letters of names and systems that are there. */
async function search(served: ServedTown, db: Db, size: string): Promise<BenchRow> {
  const rows = await db.snapshot(tx =>
    tx.query<{ name: string }>(
      `select family_name as name from person_current where not protected and length(family_name) > 5
       group by 1 order by md5(family_name) limit 40`,
    ),
  )
  const texts = rows.flatMap(({ name }, place) => name.toLowerCase().slice(0, 3 + (place % 4)))
  const times = await compare(
    place => served.ours('/search', { text: at(texts, place) }),
    place => served.bare('/search', { text: at(texts, place) }),
  )
  const { page, all } = await statementsOf(served, '/search', { text: texts[0] })
  return atMost(5, {
    what: `Search as you type over people, units, systems, rules, p95${size}`,
    ...times,
    other: 'bare Express route, one trigram query over people',
    unit: 'ms',
    note: `${page} statements, ${all} with session and user`,
  })
}

/** Of one request: all statements, and those of the transaction with most of them, which is the page. */
async function statementsOf(served: ServedTown, path: string, body?: unknown): Promise<{ page: number; all: number }> {
  await served.statements()
  await served.ours(path, body)
  const sent = await served.statements()
  let [page, current, all] = [0, 0, 0]
  for (const text of sent) {
    if (/^\s*(start|begin)\b/i.test(text)) current = 0
    else if (!/^\s*(commit|rollback|set transaction)\b/i.test(text)) {
      current++
      all++
      page = Math.max(page, current)
    }
  }
  return { page, all }
}
