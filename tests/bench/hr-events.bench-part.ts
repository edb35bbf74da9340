import { Logger, type Runner, run } from 'graphile-worker'
import pg from 'pg'
import { systemActor } from '../../server/audit/audit-entry.ts'
import { audit } from '../../server/audit/audit-store.ts'
import { makeApiToken } from '../../server/auth/tokens/token-service.ts'
import { tokenStore } from '../../server/auth/tokens/token-store.ts'
import { receiveEvents } from '../../server/lifecycle/events/event-service.ts'
import { eventRows } from '../../server/lifecycle/events/event-store.ts'
import { changeRungOf, previewRungOf } from '../../server/orders/rung-service.ts'
import type { House } from '../../server/wiring.ts'
import { openHouse } from './bench-house.ts'
import { also, atMost, type BenchRow } from './bench-row.ts'
import { inTurn, p95, timed } from './measure.ts'
import type { Town } from './town.ts'

const ROUNDS = 60
/** A statement that is planned once a connection is so from its sixth time on; the search is measured after as many. */
const WARM_UP = 20
const BURST = 3000
/** As many as one request may bring. */
const BATCH = 500
const FEED = 'hr-events'

/**
 * An event from its arrival to the rights and orders that follow, beside what a job of the same database waits before it
 * starts; and many at once beside as many jobs that do nothing.
 */
export async function benchHrEvents(town: Town): Promise<BenchRow[]> {
  const house = await openHouse(town.url, town.dataDir)
  const jobs = await emptyJobs(town.url)
  try {
    const program = await openDoor(house)
    const hires = await hiresOf(house)
    await program.send([hires(0)])
    await steerWhatItGot(house)
    let next = 1
    const [mine, theirs] = await inTurn([() => program.send([hires(next++)]), jobs.one], ROUNDS, { warmUp: WARM_UP })
    const one = await outcome(house, next)
    const single = atMost(10, {
      what: `One HR event in a town of ${town.people.toLocaleString('en')}, from its arrival to rights and orders planned (p95)`,
      ours: p95(mine!),
      other: 'a job from being enqueued to its start (p95)',
      theirs: p95(theirs!),
      unit: 'ms',
      note: `${one.rights} rights and ${one.orders} orders for ${one.people} people hired`,
    })
    const many = Array.from({ length: BURST }, () => hires(next++))
    const burst = await timed(async () => {
      for (let at = 0; at < many.length; at += BATCH) await program.receive(many.slice(at, at + BATCH))
      await house.events.applyDue()
    })
    const after = await outcome(house, next)
    const noop = await timed(() => jobs.many(BURST))
    return [
      also(single, '< 1 s', p95(mine!) < 1000),
      atMost(10, {
        what: `${BURST.toLocaleString('en')} HR events at once, to rights and orders planned`,
        ours: burst,
        other: 'as many jobs that do nothing',
        theirs: noop,
        unit: 'ms',
        note: `${Math.round(BURST / (burst / 1000))} events/s; ${after.rights - one.rights} rights, ${after.orders - one.orders} orders`,
      }),
    ]
  } finally {
    await jobs.close()
    await house.db.close()
  }
}

async function openDoor({ db, clock, keyring, events }: House) {
  const actor = systemActor('bench')
  const token = await db.transaction(tx =>
    makeApiToken(
      { name: 'bench', rights: ['hr-event.send'], feed: FEED, days: 1 },
      {
        rows: { ...tokenStore(tx), feeds: async () => [] },
        ...{ audit: audit(tx).write, now: clock.now(), actor, requestId: 'bench' },
      },
    ),
  )
  const program = { tokenId: token.id, rights: ['hr-event.send' as const], feed: FEED }
  const receive = (batch: unknown[]) =>
    db.transaction(tx =>
      receiveEvents(batch, program, {
        rows: eventRows(tx, keyring),
        ...{ keyring, now: clock.now(), audit: audit(tx).write, actor, requestId: 'bench' },
      }),
    )
  return {
    receive,
    send: async (batch: unknown[]): Promise<void> => {
      await receive(batch)
      await events.applyDue()
    },
  }
}

/** Somebody new each time, in turn in the places in which people work. */
async function hiresOf({ db, clock }: House): Promise<(n: number) => object> {
  const places = await db.snapshot(tx =>
    tx.query<{ unit: string; title: string }>(
      `select u.key as unit, ac.title from affiliation_current ac
       join org_unit_current u on u.unit_id = ac.unit_id and u.active and u.tree = 'admin'
       where ac.status = 'active' and ac.kind = 'employment' and ac.position_key is not null
       group by 1, 2 order by count(*) desc, 1, 2 limit 200`,
    ),
  )
  const began = clock.now().getTime()
  return n => ({
    specversion: '1.0',
    ...{ id: `bench-${n}`, source: '/bench', type: 'dk.hjemmel.hr.hired.v1', subject: `b-${n}` },
    time: new Date(began + n).toISOString(),
    data: {
      effectiveDate: clock.today(),
      person: { key: `p-${n}`, givenName: 'Prøve', familyName: `Person ${n}`, birthDate: '1990-05-05' },
      affiliationKind: 'employment',
      fraction: 1,
      ...places[n % places.length]!,
    },
  })
}

/**
 * Raises systems that nobody reads and that a new employee needs, so that there is something to order; by their keys, so
 * that every run of the bench orders the same.
 */
async function steerWhatItGot({ db, clock }: House): Promise<void> {
  await db.transaction(async tx => {
    const systems = await tx.query<{ id: string }>(
      `select e.system_id as id from assignment a join entitlement e on e.id = a.entitlement_id
         join it_system s on s.id = e.system_id and s.key <> 'hjemmel'
         join affiliation f on f.id = a.affiliation_id and f.source = $1
       where not exists (select from entitlement o join group_entitlement g on g.entitlement_id = o.id where o.system_id = s.id)
       group by e.system_id, s.key order by s.key limit 3`,
      [FEED],
    )
    if (systems.length === 0) throw new Error('a new employee gets nothing that could be ordered')
    const when = { today: clock.today(), now: clock.now() }
    for (const { id } of systems) {
      const { hash } = await previewRungOf(tx, id, 'apply', when)
      const { state } = await changeRungOf(tx, id, { rung: 'apply', reason: 'bench', hash, by: 'bench' }, when)
      if (state !== 'changed') throw new Error(`the system waits for a second person: ${state}`)
    }
  })
}

/** What came of the events; throws where one of them has not been carried out. */
async function outcome({ db }: House, sent: number): Promise<{ people: number; rights: number; orders: number }> {
  const [row] = await db.snapshot(tx =>
    tx.query<{ applied: number; people: number; rights: number; orders: number }>(
      `select (select count(*)::int from hr_event e join hr_event_state s on s.event_id = e.id
           where e.feed = $1 and s.state = 'applied') as applied,
         (select count(*)::int from affiliation where source = $1) as people,
         (select count(*)::int from assignment a join affiliation f on f.id = a.affiliation_id where f.source = $1) as rights,
         (select count(*)::int from provisioning_order o join affiliation f on f.id = o.affiliation_id
           where f.source = $1 and o.state <> 'assumed') as orders`,
      [FEED],
    ),
  )
  if (!row || row.applied !== sent || row.people !== sent || row.orders === 0)
    throw new Error(`${sent} events were sent, and came to ${JSON.stringify(row)}`)
  return row
}

async function emptyJobs(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 6 })
  pool.on('error', () => {})
  pool.on('connect', client => client.on('error', () => {}))
  let started: (() => void) | null = null
  let left = 0
  const runner: Runner = await run({
    pgPool: pool,
    schema: 'bench_worker',
    concurrency: 4,
    noHandleSignals: true,
    // A line for each of three thousand jobs would be part of what is measured.
    logger: new Logger(() => () => {}),
    taskList: {
      nothing: async () => {
        left -= 1
        if (left === 0) started?.()
      },
    },
  })
  const many = async (count: number): Promise<void> => {
    left = count
    const all = new Promise<void>(resolve => {
      started = resolve
    })
    for (let n = 0; n < count; n++) await runner.addJob('nothing', {})
    await all
  }
  return {
    many,
    one: () => many(1),
    close: async () => {
      await runner.stop()
      await pool.end()
    },
  }
}
