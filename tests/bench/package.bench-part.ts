import { packageScope } from '../../server/contract/packages.ts'
import { packageContent } from '../../server/overview/packages/package-content-view.ts'
import { packageStream } from '../../server/overview/packages/package-service.ts'
import { addDays } from '../../server/platform/civil-date.ts'
import { knownOn, systemClock } from '../../server/platform/clock.ts'
import { openDatabase } from '../../server/platform/database.ts'
import type { Db } from '../../server/platform/unit-of-work.ts'
import { actor } from '../support/actors.ts'
import { atMost, type BenchRow } from './bench-row.ts'
import { addFiveYears } from './five-years.ts'
import { inTurn, median } from './measure.ts'
import type { Town } from './town.ts'

const ROUNDS = 3
/** Within the oldest of the five years that are written behind the town. */
const DAYS_BACK = 5 * 365 - 60

/**
 * An inspection package of the system with most rights, as of a day five years back: documents, workbooks, hashes and all,
 * beside a bare COPY of the same rights with names, written by hand.
 */
export async function benchPackage(town: Town): Promise<BenchRow[]> {
  const db = await openDatabase(town.url, { poolSize: 1 })
  try {
    await addFiveYears(db, 1)
    const [system] = await db.source.query<{ id: string }[]>(
      `select e.system_id as id from entitlement e join assignment a on a.entitlement_id = e.id group by 1 order by count(*) desc limit 1`,
    )
    if (!system) throw new Error('no system has rights')
    const day = addDays(systemClock.today(), -DAYS_BACK)
    const known = knownOn(day, systemClock)
    let made = { bytes: 0, people: 0 }
    let copied = 0
    const [ours, bare] = await inTurn(
      [
        async () => {
          made = await makeOnce(db, system.id, { valid: day, known })
        },
        async () => {
          copied = await copyOnce(db, system.id, known)
        },
      ],
      ROUNDS,
      { warmUp: 1 },
    )
    if (made.people === 0 || copied === 0) throw new Error('nobody held anything on that day')
    return [
      atMost(10, {
        what: `Inspection package of the largest system on ${day}, made whole`,
        ours: median(ours!),
        other: 'COPY of its rights with names, written by hand',
        theirs: median(bare!),
        unit: 'ms',
        note: `${copied.toLocaleString('en')} rights of ${made.people.toLocaleString('en')} people, ${Math.round(made.bytes / 1000)} kB`,
      }),
    ]
  } finally {
    await db.close()
  }
}

const makeOnce = (db: Db, system: string, at: { valid: string; known: Date }) =>
  db.snapshot(async tx => {
    const scope = packageScope.parse({
      ...{ systems: [system], day: at.valid, leaversFrom: addDays(at.valid, -365), names: true },
    })
    const asked = { scope, at, madeAs: 'dpo', today: systemClock.today(), municipality: 'Bench' }
    const people = new Set<string>()
    const { stream } = packageStream(await packageContent(tx, actor(['dpo']), asked), id => people.add(id))
    let bytes = 0
    for await (const chunk of stream) bytes += (chunk as Buffer).length
    return { bytes, people: people.size }
  })

/** Rights given or seen at the instant, once each, with the name of that day: as somebody writes it who needs it once. */
const copyOnce = (db: Db, system: string, known: Date): Promise<number> =>
  db.snapshot(async tx => {
    const at = `'${known.toISOString()}'::timestamptz`
    const rows = await tx.copyOut(
      `copy (select e.name, h.person_id, ps.attrs ->> 'givenName', ps.attrs ->> 'familyName' from (
         select f.person_id, a.entitlement_id from assignment_history a join affiliation f on f.id = a.affiliation_id where a.held @> ${at}
         union
         select acc.person_id, o.entitlement_id from observed_right_history o join account acc on acc.id = o.account_id where o.seen @> ${at}) h
       join entitlement e on e.id = h.entitlement_id
       left join person_state ps on ps.person_id = h.person_id and ps.recorded @> ${at} and ps.valid @> ${at}::date
       where e.system_id = '${system}') to stdout`,
    )
    let lines = 0
    for await (const chunk of rows) for (const byte of chunk as Buffer) if (byte === 10) lines += 1
    return lines
  })
