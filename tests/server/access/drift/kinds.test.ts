import { beforeEach, expect, test } from 'vitest'
import { rollFindings } from '../../../../server/access/drift/drift-day.ts'
import { putExceptions } from '../../../../server/access/drift/exception-store.ts'
import { forgetGated } from '../../../../server/access/drift/outlier-store.ts'
import { watchSources } from '../../../../server/access/drift/stale-sources.ts'
import { personPageView } from '../../../../server/access/person-page-views.ts'
import { personRecord } from '../../../../server/access/person-record-view.ts'
import { comparisonSql } from '../../../../server/access/person-rights-store.ts'
import { viewerOf } from '../../../../server/access/viewer.ts'
import { DEFAULT_CORRELATION } from '../../../../server/feeds/sources/correlation-settings.ts'
import { putNotice } from '../../../../server/findings/finding-store.ts'
import { rollTheDay } from '../../../../server/jobs.ts'
import { addDays } from '../../../../server/platform/civil-date.ts'
import { fixedClock, systemClock } from '../../../../server/platform/clock.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { withoutGrace } from '../../../support/access-policies.ts'
import { testDatabase } from '../../../support/database.ts'
import { job } from '../../../support/municipality.ts'
import { acc, driftTown, findingsOf, members, rules } from './drift-town.ts'

const database = testDatabase()
beforeEach(() => database.reset())
const day = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
const states = () =>
  database.db.snapshot(async tx =>
    (
      await tx.query<{ line: string }>(
        `with ${comparisonSql('true')} select p.given_name || ' ' || e.key || ' ' || c.state as line
         from compared c join person_current p on p.person_id = c.person_id join entitlement e on e.id = c.entitlement_id order by 1`,
      )
    ).map(row => row.line),
  )

test('a town where everything fits has no findings', async () => {
  await driftTown(database.db)
  expect(await findingsOf(database.db)).toEqual([])
})

test('held and given by no rule; expected and not seen; and each closes when it fits again', async () => {
  const town = await driftTown(database.db)
  await town.feed('ad', [members('a/write', ['cia']), members('a/read', ['ann'])])
  expect(await findingsOf(database.db)).toEqual(['missing bo a/read', 'unexplained cia a/write'])
  await town.feed('ad', [members('a/write', []), members('a/read', ['ann', 'bo'])])
  expect(await findingsOf(database.db)).toEqual([])
})

test('a right from before a change of job is the mover’s; one that a rule stopped giving is nobody’s move', async () => {
  const town = await driftTown(database.db)
  await database.db.transaction(withoutGrace)
  await town.feed('hr', [job('e-bo', 'bo', { unit: '120', title: 'Assistent' })])
  expect(await findingsOf(database.db)).toEqual(['mover bo a/read'])
  await town.feed('ad', [members('a/read', ['ann'])])
  expect(await findingsOf(database.db)).toEqual([])
  await town.feed('ad', [members('a/read', ['ann'])])
  await town.rules(rules('a/write'))
  expect((await findingsOf(database.db)).filter(line => line.includes('a/read'))).toEqual(['unexplained ann a/read'])
})

test('what stays for a while after a move is explained for as long, and the mover’s from then on', async () => {
  const town = await driftTown(database.db)
  await town.feed('hr', [job('e-bo', 'bo', { unit: '120', title: 'Assistent' })])
  expect(await findingsOf(database.db)).toEqual([])
  await rollTheDay({ db: database.db, clock: fixedClock('2026-03-16T09:00:00Z') })
  expect(await findingsOf(database.db)).toEqual(['mover bo a/read'])
})

test('accounts: nobody’s, a leaver’s, and a shared one without owner; each clean beside it', async () => {
  const town = await driftTown(database.db)
  await town.feed('hr', [job('e-cia', 'cia', { unit: '120', title: 'Assistent', endsOn: '2026-01-01' })])
  await town.feed('ad', [
    acc('ghost', { employeeNo: 'unknown' }),
    acc('asleep', { employeeNo: 'unknown', enabled: false }),
    acc('ward', { accountKind: 'shared', employeeNo: '' }),
    acc('robot', { accountKind: 'service', employeeNo: '' }),
  ])
  expect(await findingsOf(database.db)).toEqual(['leaver-active cia', 'orphan ghost', 'shared ward'])
  await town.feed('ad', [acc('cia', { enabled: false }), acc('ghost', { employeeNo: 'e-bo' })])
  expect(await findingsOf(database.db)).toEqual(['shared ward'])
})

test('an account that nobody has decided about: one with a likely owner, one with two; and not once it is decided', async () => {
  // The second source only proposes whose its accounts are.
  const town = await driftTown(database.db, key =>
    key === 'report' ? { correlation: { ...DEFAULT_CORRELATION, link: false } } : {},
  )
  await town.feed('hr', [
    job('e-bo2', 'bo', { employeeNo: 'twin', unit: '110', title: 'Kok' }),
    job('e-cia2', 'cia', { employeeNo: 'twin', unit: '120', title: 'Assistent' }),
  ])
  await town.feed('report', [acc('maybe', { employeeNo: 'e-cia' })])
  await town.feed('ad', [acc('both', { employeeNo: 'twin' })])
  const undecided = async () => (await findingsOf(database.db)).filter(line => line.startsWith('unlinked'))
  expect(await undecided()).toEqual(['unlinked both', 'unlinked maybe'])
  expect(
    await database.db.snapshot(tx =>
      tx.query(
        `select a.username, f.severity, f.cause, f.detail from finding f join account a on a.id = f.subject_id
         where f.closed_at is null and f.code = 'unlinked' order by 1`,
      ),
    ),
  ).toEqual([
    { username: 'both', severity: 'medium', cause: 'disputed:ad', detail: { situation: 'disputed' } },
    { username: 'maybe', severity: 'low', cause: 'unlinked:report', detail: { situation: 'unlinked' } },
  ])
  await town.feed('ad', [acc('both', { employeeNo: 'e-bo' })])
  await town.feed('report', [acc('maybe', { employeeNo: 'e-cia', enabled: false })])
  expect(await undecided()).toEqual([])
})

test('a privileged right on the account of the daily work, and not on an account of its own', async () => {
  const town = await driftTown(database.db)
  await town.feed('ad', [
    acc('adm-bo', { accountKind: 'admin', employeeNo: 'e-bo' }),
    members('b/admin', ['adm-bo', 'ann']),
  ])
  const found = await findingsOf(database.db)
  expect(found).toContain('privileged ann b/admin')
  expect(found).not.toContain('privileged bo b/admin')
})

test('unused is an account with a known last use long ago; of people only when that has been discussed', async () => {
  const town = await driftTown(database.db)
  await town.feed('ad', [
    acc('ann', { lastSignIn: day(200) }),
    acc('bo', { lastSignIn: day(10) }),
    acc('adm', { accountKind: 'admin', employeeNo: '', lastSignIn: day(200) }),
  ])
  expect(await findingsOf(database.db)).toEqual(['dormant adm'])
  await database.db.transaction(tx =>
    putNotice(tx, { discussedOn: '2026-01-01', toldOn: '2026-01-15', reference: 'MED 1/2026' }, 'test', new Date()),
  )
  await database.db.transaction(tx => rollFindings(tx, '2026-03-02', new Date()))
  // Cia's last use is not known, which is not unused.
  expect(await findingsOf(database.db)).toEqual(['dormant adm', 'dormant ann'])
})

test('unused is low after 90 days and medium after 180, when an access is there just in case', async () => {
  const town = await driftTown(database.db)
  await database.db.transaction(tx =>
    putNotice(tx, { discussedOn: '2026-01-01', toldOn: '2026-01-15', reference: 'MED 1/2026' }, 'test', new Date()),
  )
  const severities = () =>
    database.db.transaction(async tx =>
      (
        await tx.query<{ said: string }>(
          `select coalesce(e.key, a.username) || ' ' || f.severity as said from finding f join account a on a.id = f.subject_id
           left join entitlement e on e.id = f.object_id where f.code = 'dormant' and f.closed_at is null order by 1`,
        )
      ).map(row => row.said),
    )
  await town.feed('ad', [
    acc('ann', { lastSignIn: day(89) }),
    acc('bo', { lastSignIn: day(100) }),
    acc('cia', { lastSignIn: day(181) }),
    acc('adm', { accountKind: 'admin', employeeNo: '', lastSignIn: day(100) }),
  ])
  expect(await severities()).toEqual(['adm high', 'bo low', 'cia medium'])
  // Time alone makes it more: on another day the same finding says so.
  await database.db.transaction(tx =>
    tx.query(`update account set last_sign_in = last_sign_in - interval '90 days' where username = 'bo'`),
  )
  const opened = () =>
    database.db.transaction(tx =>
      tx.query(`select f.id, f.opened_at from finding f join account a on a.id = f.subject_id where a.username = 'bo'`),
    )
  const before = await opened()
  await database.db.transaction(tx => rollFindings(tx, '2026-03-02', new Date()))
  expect(await severities()).toEqual(['adm high', 'bo medium', 'cia medium'])
  expect(await opened()).toEqual(before)
})

test('a right that its system says is unused: of a person only once discussed, and not beside an unused account', async () => {
  await driftTown(database.db)
  const used = (who: string, days: number | null) =>
    database.db.transaction(tx =>
      tx.query(
        `update observed_right o set last_used = $3::date - $2::int from account a where a.id = o.account_id and a.username = $1`,
        [who, days, systemClock.today()],
      ),
    )
  await used('ann', 100)
  await used('bo', 10)
  await database.db.transaction(tx => rollFindings(tx, '2026-03-02', new Date()))
  expect(await findingsOf(database.db)).toEqual([])
  await database.db.transaction(tx =>
    putNotice(tx, { discussedOn: '2026-01-01', toldOn: '2026-01-15', reference: 'MED 1/2026' }, 'test', new Date()),
  )
  await database.db.transaction(tx => rollFindings(tx, '2026-03-03', new Date()))
  expect(await findingsOf(database.db)).toEqual(['dormant ann a/read'])
  // The whole account unused is one finding, not one a right.
  await database.db.transaction(tx =>
    tx.query(`update account set last_sign_in = now() - interval '200 days' where username = 'ann'`),
  )
  await database.db.transaction(tx => rollFindings(tx, '2026-03-04', new Date()))
  expect(await findingsOf(database.db)).toEqual(['dormant ann'])
  await used('bo', 120)
  await database.db.transaction(tx => rollFindings(tx, '2026-03-05', new Date()))
  await database.db.transaction(tx => forgetGated(tx))
  expect(await findingsOf(database.db)).toEqual([])
})

test('the page of a person says when a right was last used to who may know it, to others only whether long ago', async () => {
  const town = await driftTown(database.db)
  const today = '2026-03-02'
  const on = addDays(today, -100)
  await database.db.transaction(tx =>
    tx.query(
      `update observed_right o set last_used = $1 from account a where a.id = o.account_id and a.username in ('ann', 'bo')`,
      [on],
    ),
  )
  const used = (reader: Actor, who: string) =>
    database.db.snapshot(async tx => {
      const record = await personRecord(tx, town.people[who]!)
      const page = await personPageView(tx, town.people[who]!, viewerOf(reader, record!), {
        today,
        keyring: town.keyring,
      })
      return page?.systems.flatMap(one => one.rights.flatMap(right => right.paths.map(path => path.used)))
    })
  expect(await used(town.actors.it, 'bo')).toEqual([null])
  await database.db.transaction(tx =>
    putNotice(tx, { discussedOn: '2026-01-01', toldOn: '2026-01-15', reference: 'MED 1/2026' }, 'test', new Date()),
  )
  expect(await used(town.actors.manager, 'bo')).toEqual([{ of: 'right', on: null, unused90: true }])
  expect(await used(town.actors.employee, 'cia')).toEqual([])
})

test('held wider than given: a limit that the list of the system says and no rule gave', async () => {
  const town = await driftTown(database.db)
  const limit = (right: string, values: string[]) =>
    database.db.transaction(async tx => {
      await tx.query(
        `update assignment set constraints = '[{"kind": "own-unit", "on": "unit", "values": ["110"]}]' where entitlement_id = $1`,
        [right],
      )
      await tx.query(
        `update observed_right o set limits = $2 from account a where a.id = o.account_id and a.username = 'ann' and o.entitlement_id = $1`,
        [right, values],
      )
    })
  await limit(town.rights['a/read']!, ['Køkkenet'])
  await database.db.transaction(tx => rollFindings(tx, '2026-03-02', new Date()))
  expect(await findingsOf(database.db)).toEqual([])
  await limit(town.rights['a/read']!, ['Køkkenet', 'Kontoret'])
  await database.db.transaction(tx => rollFindings(tx, '2026-03-03', new Date()))
  expect(await findingsOf(database.db)).toEqual(['outside-limit ann a/read'])
})

test('an exception makes a held right legitimate until its date, warns before, and ends by itself', async () => {
  const town = await driftTown(database.db)
  await town.feed('ad', [members('a/write', ['cia'])])
  expect(await states()).toContain('cia a/write unexplained')
  await database.db.transaction(tx =>
    putExceptions(
      tx,
      [
        {
          personId: town.people.cia!,
          entitlementId: town.rights['a/write']!,
          from: '2026-03-02',
          to: '2026-04-20',
          reason: 'Projekt',
          ownerPersonId: null,
          by: 'test',
        },
      ],
      new Date(),
    ),
  )
  expect(await states()).toContain('cia a/write exception')
  expect(await findingsOf(database.db)).toEqual([])
  const roll = (today: string) => database.db.transaction(tx => rollFindings(tx, today, new Date()))
  await roll('2026-03-20')
  expect(await findingsOf(database.db)).toEqual([])
  await roll('2026-03-21')
  expect(await findingsOf(database.db)).toEqual(['exception-ending cia a/write'])
  await roll('2026-04-20')
  expect(await findingsOf(database.db)).toEqual(['unexplained cia a/write'])
  expect(await states()).toContain('cia a/write unexplained')
})

test('nothing is drift because a source is old: the difference is stale until it is read again', async () => {
  const town = await driftTown(database.db)
  await town.feed('ad', [members('a/write', ['cia']), members('a/read', ['ann'])])
  const watch = (at: string) => database.db.transaction(tx => watchSources(tx, new Date(at)))
  await database.db.transaction(tx => tx.query(`update source set schedule_seconds = 86400 where key = 'ad'`))
  expect(await watch('2026-03-03T10:00:00Z')).toBe(0)
  expect(await watch('2026-03-05T10:00:00Z')).toBe(1)
  expect(await watch('2026-03-05T10:05:00Z')).toBe(0)
  expect(await states()).toEqual(['ann a/read matching', 'bo a/read stale', 'cia a/write stale'])
  expect(await findingsOf(database.db)).toEqual([])
  await town.feed('ad', [])
  expect(await states()).toEqual(['ann a/read matching', 'bo a/read missing', 'cia a/write unexplained'])
  expect(await findingsOf(database.db)).toEqual(['missing bo a/read', 'unexplained cia a/write'])
})
