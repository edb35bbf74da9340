import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { corrects, event } from '../server/lifecycle/events/hr-house.ts'
import { smallTown, starts } from './town.ts'

/*
 * kill -9 at random points of inbox, facts, rights, plan and fulfilment, with two worker processes on one database: what
 * is carried out afterwards comes to the same as if nobody had been killed, and each order has had its effect once.
 */
const life = smallTown()
const NOW = '2026-03-02T10:00:00Z'

/** People who start, move, are corrected and end; said once, in this order. */
const hires = Array.from({ length: 6 }, (_, n) =>
  starts(
    `a${n}`,
    '2026-01-01',
    // Two jobs of one person, of which the larger is the primary one: not whichever has the lower id.
    { title: n % 2 ? 'Sygeplejerske' : 'Pædagog', fraction: n === 1 ? 0.4 : 1 },
    n < 2 ? 'p-same' : `p${n}`,
  ),
)
const first = [...hires]
const then = [
  event('transferred', 'a2', { effectiveDate: '2026-03-01', unit: '120' }),
  event('ended', 'a3', { effectiveDate: '2026-03-02' }),
  corrects('a4', hires[4] as never, 'hired', { ...(hires[4]?.data as object), title: 'Sygeplejerske' }),
  event('name-changed', 'a5', { effectiveDate: '2026-02-01', givenName: 'Karen', familyName: 'Lund' }),
  event('ended', 'a1', { effectiveDate: '2026-03-01' }),
  starts('a9', '2026-03-01', { unit: '120' }, 'p9'),
  starts('a8', '2026-04-01', {}, 'p8'),
]

/** The town as it is when there is something to do: everybody is there and has what they should, and more has been said. */
async function prepare(): Promise<void> {
  await life.begin()
  await life.tell(...first)
  await life.round()
  await life.round()
  life.target.deliveries.length = 0
  life.target.effects.length = 0
  const { kick } = life.house.events
  // Stored and answered for; nobody has carried it out yet.
  life.house.events.kick = () => {}
  try {
    await life.send(then)
  } finally {
    life.house.events.kick = kick
  }
}

type Ended = { killed: boolean; said: string }
function worker(at = 0, when: 'before' | 'after' = 'before', start = NOW): Promise<Ended> {
  const script = fileURLToPath(new URL('./dying-worker.ts', import.meta.url))
  const child = spawn(process.execPath, [script, life.database.url, life.dataDir, start, String(at), when], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', chunk => {
    said += String(chunk)
  })
  return new Promise((resolve, reject) =>
    child.on('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve({ killed: true, said: said.trim() })
      else if (code === 0) resolve({ killed: false, said: said.trim() })
      else reject(new Error(`The worker ended with ${code}.`))
    }),
  )
}

/** Without ids and times of its own making. */
async function outcome() {
  await life.read()
  return {
    rights: await life.rights(),
    held: life.target.held(),
    accounts: life.target.states(),
    effects: [...life.target.effects].sort(),
    orders: await life.orders([...['planned', 'task', 'sending', 'retry', 'parked', 'done', 'verified']]),
    inbox: await life.query('select s.state, count(*)::int as n from hr_event_state s group by 1'),
    facts: await life.query(
      `select count(*)::int as n, md5(string_agg(f.source || f.attrs::text || f.valid::text, ',' order by f.source, f.attrs::text, f.valid)) as hash
       from (select f.source, f.attrs - 'unit' as attrs, f.valid from fact f where f.source = 'hr-events') f`,
    ),
    affiliations: await life.query(
      `select a.key, s.attrs - 'unit' as attrs, lower(s.valid)::text as f, upper(s.valid)::text as t,
         (select key from org_unit u where u.id::text = s.attrs ->> 'unit') as unit
       from affiliation a join affiliation_state s on s.affiliation_id = a.id where upper_inf(s.recorded) order by 1, 3`,
    ),
    people: await life.query('select name, status from person_current order by name, status'),
    tasks: await life.query('select state, direction, due_on from task order by 1, 2, 3'),
  }
}
const LATER = '2026-03-02T17:00:00Z,2026-03-02T19:00:00Z'

test('kill -9 anywhere with two workers: the state is that of an undisturbed run, each order has had its effect once', async () => {
  await prepare()
  const undisturbed = await worker(0, 'before', `${NOW},${LATER}`)
  expect(undisturbed.killed).toBe(false)
  const [planned = 0, all = 0] = undisturbed.said.split(' ').map(Number)
  expect(planned).toBeGreaterThan(30)
  expect(all - planned).toBeGreaterThan(60)
  const expected = await outcome()
  expect(expected.effects.length).toBeGreaterThan(12)
  expect(expected.inbox).toEqual([{ state: 'applied', n: first.length + then.length }])

  const within = (from: number, to: number) => fc.integer({ min: from, max: to })
  const side = fc.constantFrom('before' as const, 'after' as const)
  // Two workers at once, time after time, each killed where chance will have it. Several points of each stage: early and
  // late before an order is out, while orders go out beside one at the inbox, and with what the dead have left.
  const early = Math.ceil(planned / 3)
  const rounds = fc.tuple(
    fc.tuple(within(2, early), within(2, early), side),
    fc.tuple(within(early, planned), within(2, early), side),
    fc.tuple(within(planned + 5, all - 30), within(2, 20), side),
    fc.tuple(within(12, 60), within(12, 60), side),
    fc.tuple(within(20, 90), within(2, 40), side),
  )
  // Not shrunk: a run takes its time, and the numbers say which it was.
  const [kills = []] = fc.sample(rounds, 1)
  const which = JSON.stringify(kills)
  await prepare()
  const where: string[] = []
  for (const [round, [one, other, when]] of kills.entries()) {
    const start = `2026-03-02T1${round}:30:00Z`
    for (const ended of await Promise.all([worker(one, when, start), worker(other, when, start)]))
      if (ended.killed) where.push(ended.said)
  }
  // Each round kills one at least, unless the dead before it have left too little to do.
  expect(where.length, which).toBeGreaterThan(4)
  expect(where, which).toContain('fulfilment')
  expect(
    where.some(said => said !== 'fulfilment'),
    which,
  ).toBe(true)
  // One hour after the other, so that no two clocks are hours apart.
  for (const hour of LATER.split(',')) await Promise.all([worker(0, 'before', hour), worker(0, 'before', hour)])
  expect(await outcome(), which).toEqual(expected)
  // What came a second time came under the number that it had.
  expect(new Set(life.target.deliveries.map(one => one.id)).size).toBe(life.target.effects.length)
}, 600_000)

test('the comparison objects to an order that was done twice under two numbers, and to one that was lost', async () => {
  await prepare()
  await worker(0, 'before', `${NOW},${LATER}`)
  const expected = await outcome()
  // As if whoever noted it had been killed and the order had been made anew.
  const [one] = life.target.deliveries
  life.target.effects.push(life.target.effects[0] as string)
  life.target.deliveries.push({ ...(one as NonNullable<typeof one>), id: 'another' })
  expect(await outcome()).not.toEqual(expected)
  life.target.effects.pop()
  expect(await outcome()).toEqual(expected)
  await life.database.db.transaction(tx =>
    tx.query(
      `delete from provisioning_order where id = (select id from provisioning_order where action = 'revoke' limit 1)`,
    ),
  )
  expect(await outcome()).not.toEqual(expected)
}, 200_000)
