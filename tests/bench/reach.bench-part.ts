import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getReachFlow, searchReach, searchReachRows } from '#contract/reach.ts'
import type { DemoManifest } from '../../server/demo/manifest.ts'
import { systemClock } from '../../server/platform/clock.ts'
import { openDatabase } from '../../server/platform/database.ts'
import { seedVocabularies } from '../../server/register/vocabulary/vocabulary-store.ts'
import { demoBindings } from '../../server/setup/bindings.ts'
import { demoRegister } from '../../server/setup/register.ts'
import { also, atMost, type BenchRow } from './bench-row.ts'
import { inTurn, p95 } from './measure.ts'
import type { Town } from './town.ts'
import { type ServedTown, serveTown } from './town-visitor.ts'

const ASKS = 10
const QUESTION = { data: ['HEA', 'PSY'], subjects: ['CHLD', 'VCHL'] }

/** Who can reach which data: the figures of everybody, the ten-second question with its people, and the way to data. */
export async function benchReach(town: Town): Promise<BenchRow[]> {
  const manifest = JSON.parse(readFileSync(join(town.dataDir, 'demo/manifest.json'), 'utf8')) as DemoManifest
  const db = await openDatabase(town.url, { poolSize: 1 })
  let served: ServedTown | undefined
  try {
    await db.transaction(tx => seedVocabularies(tx))
    await demoRegister({ db, clock: systemClock }, manifest)
    await demoBindings({ db, clock: systemClock }, manifest)
    await db.source.query('analyze')
    await db.close()
    served = await serveTown(town, manifest.signIns.find(one => one.role === 'dpo')?.username ?? '')
    return await answers(served)
  } finally {
    await served?.stop()
  }
}

async function answers(served: ServedTown): Promise<BenchRow[]> {
  const screen = JSON.parse((await served.ours('/reach/search', {})).body) as ResponseOf<typeof searchReach>
  const bare = JSON.parse((await served.bare('/reach')).body) as { cells: [string, string, number][] }
  // By hand only what records state of a system is counted; what rights are bound to beside that comes on top.
  const people = new Map(screen.cells.map(cell => [`${cell.data} ${cell.subject}`, cell.people]))
  for (const [data, subject, count] of bare.cells)
    if ((people.get(`${data} ${subject}`) ?? 0) < count) throw new Error(`${data} ${subject} is fewer than by hand`)
  if (bare.cells.length === 0) throw new Error('nobody reaches anything')
  const question = JSON.parse((await served.ours('/reach/search', QUESTION)).body) as ResponseOf<typeof searchReach>
  const behind = JSON.parse((await served.ours('/reach/rows/search', QUESTION)).body) as ResponseOf<
    typeof searchReachRows
  >
  if (question.asked?.people !== behind.people) throw new Error('the answer and the people behind it differ')
  const byHand = JSON.parse((await served.bare('/reach/rows', QUESTION)).body) as { rows: { total: number }[] }
  if (behind.total < (byHand.rows[0]?.total ?? Number.POSITIVE_INFINITY))
    throw new Error('somebody by hand is not among them')
  const flow = JSON.parse((await served.ours('/reach/flow/search', {})).body) as ResponseOf<typeof getReachFlow>
  if (flow.people !== screen.all.people) throw new Error('the flow and the figures differ')

  const times = await inTurn(
    [
      () => served.ours('/reach/search', {}),
      () => served.bare('/reach'),
      () => served.ours('/reach/rows/search', QUESTION),
      () => served.ours('/reach/flow/search', {}),
      () => served.bare('/reach/rows', QUESTION),
    ],
    ASKS,
    { warmUp: 2 },
  )
  await served.statements()
  await served.ours('/reach/rows/search', QUESTION)
  const sent = (await served.statements()).filter(text => !/^\s*(start|begin|commit|rollback)\b/i.test(text))
  const number = (count: number) => count.toLocaleString('en')
  const against = (what: string, place: number) =>
    atMost(5, {
      ...{ what, ours: p95(times[place]!), theirs: p95(times[1]!), unit: 'ms' },
      other: 'bare Express route, hand-written SQL: people a cell at most, no bindings, nothing about who may see what',
    })
  return [
    against(
      `Reach matrix, ${number(screen.all.people)} people, ${screen.cells.length} cells, at most, for a purpose and without one, p95`,
      0,
    ),
    also(
      atMost(3, {
        what: `Who can reach health data about children: the first 50 rows of ${number(behind.total)}, p95`,
        ...{ ours: p95(times[2]!), theirs: p95(times[4]!), unit: 'ms' },
        other: `bare Express route, hand-written SQL: the first 50 of ${number(byHand.rows[0]?.total ?? 0)}, no bindings, nothing about who may see what`,
      }),
      '≤ 8 statements',
      sent.length <= 8,
      `${sent.length} statements with session, user and lookup log`,
    ),
    against(`Flow from roles over systems and activities to data, ${number(flow.people)} people, p95`, 3),
  ]
}
