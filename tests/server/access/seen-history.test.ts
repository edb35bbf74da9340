import { beforeAll, describe, expect, it } from 'vitest'
import { personAsOfView } from '../../../server/access/person-as-of-views.ts'
import { personPageView } from '../../../server/access/person-page-views.ts'
import { personRecord } from '../../../server/access/person-record-view.ts'
import { personTimeline } from '../../../server/access/person-timeline-views.ts'
import { viewerOf } from '../../../server/access/viewer.ts'
import { whyNotView } from '../../../server/access/why-not-view.ts'
import type { Tx } from '../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../server/policy/actor.ts'
import { testDatabase } from '../../support/database.ts'
import { person } from '../../support/municipality.ts'
import { smallTown } from '../overview/small-town.ts'

/*
 * What a page hides, its history, its past and its explanations hide too. Bo works in Syd and, as a substitute, in Nord,
 * which `manager` leads; Kim's name is protected.
 */
const database = testDatabase()
const today = '2026-03-02'
let town: Awaited<ReturnType<typeof smallTown>>
beforeAll(async () => {
  town = await smallTown(database.db)
  await town.feed('hr-2', [person('Kim', { familyName: 'Skjult', email: 'kim@example.dk', protected: true })])
  await database.db.transaction(tx =>
    tx.query(
      `insert into person_state (person_id, valid, recorded, attrs, origin)
       select person_id, valid, tstzrange(lower(recorded) - interval '1 year', lower(recorded)),
         attrs || '{"familyName": "Tidligere", "email": "gammel@example.dk", "leaveKind": "x"}', origin
       from person_state where upper_inf(recorded)`,
    ),
  )
})
const as = async <T>(
  actor: Actor,
  name: string,
  read: (tx: Tx, id: string, viewer: ReturnType<typeof viewerOf>) => Promise<T>,
): Promise<T> =>
  database.db.snapshot(async tx => {
    const id = town.people[name] as string
    const record = await personRecord(tx, id)
    if (!record) throw new Error(`no ${name}`)
    return read(tx, id, viewerOf(actor, record))
  })
const timeline = async (actor: Actor, name: string) =>
  JSON.stringify(
    (await as(actor, name, (tx, id, viewer) => personTimeline(tx, id, viewer, { offset: 0, limit: 500 }, today)))
      .events,
  )

describe('the history', () => {
  it('tells a manager of the job in the own unit, and nothing of the one elsewhere or of its rights', async () => {
    const { manager, hr } = town.actors
    const [mine, all] = [await timeline(manager, 'Bo'), await timeline(hr, 'Bo')]
    expect(all).toContain('Kok')
    expect(all).toContain('KMD løn: Løn')
    expect(mine).toContain('Vikar')
    expect(mine).not.toContain('Kok')
    expect(mine).not.toContain('KMD løn: Løn')
  })

  it('shows a protected name only to those who see it on the page, and addresses only to those who see them there', async () => {
    const { hr, it: admin, dpo, auditor, manager } = town.actors
    for (const one of [hr, manager]) expect(await timeline(one, 'Kim')).toContain('Tidligere')
    for (const one of [admin, dpo, auditor]) expect(await timeline(one, 'Kim')).not.toMatch(/Tidligere|gammel@/)
    expect(await timeline(admin, 'Ann')).toContain('gammel@example.dk')
    expect(await timeline(auditor, 'Ann')).toContain('Tidligere')
    expect(await timeline(auditor, 'Ann')).not.toContain('gammel@')
  })

  it('never tells the kind of a leave', async () => {
    expect(await timeline(town.actors.hr, 'Kim')).not.toContain('leaveKind')
  })
})

describe('the past', () => {
  const rights = (actor: Actor, name: string, valid: string, known = new Date('2027-01-01')) =>
    as(actor, name, async (tx, id, viewer) =>
      (await personAsOfView(tx, id, viewer, { valid, known }))?.rights.filter(one => one.expected).map(one => one.key),
    )

  it('shows a manager the rights that followed from the job in the own unit only', async () => {
    expect(await rights(town.actors.hr, 'Bo', today)).toContain('kmd/pay')
    expect(await rights(town.actors.manager, 'Bo', today)).not.toContain('kmd/pay')
  })

  it('shows no rights for a day before any were known', async () => {
    expect(await rights(town.actors.hr, 'Ann', today)).toContain('sbsys/caseworker')
    expect(await rights(town.actors.hr, 'Ann', '2025-12-31')).toEqual([])
    expect(await rights(town.actors.hr, 'Ann', today, new Date('2025-12-31'))).toEqual([])
  })
})

describe('the reasons', () => {
  it('tell a manager facts of the job in the own unit only', async () => {
    const because = (actor: Actor) =>
      as(actor, 'Bo', async (tx, id, viewer) => {
        const page = await personPageView(tx, id, viewer, { today, keyring: town.keyring })
        const right = page?.systems.flatMap(one => one.rights).find(one => one.key === 'sbsys/reader')
        return [...new Set(right?.because.map(one => one.affiliationId))].length
      })
    expect(await because(town.actors.hr)).toBe(1)
    expect(await because(town.actors.manager)).toBe(0)
  })

  it('why somebody should not hold a right is told of the own systems and of the own unit', async () => {
    const lines = (actor: Actor, entitlement: string) =>
      as(actor, 'Bo', async (tx, id, viewer) => {
        const answer = await whyNotView(tx, id, viewer, entitlement, today)
        return answer && JSON.stringify(answer.rules.flatMap(rule => rule.conditions.map(line => line.actual)))
      })
    // `owner` owns kmd, not sbsys.
    expect(await lines(town.actors.owner, 'sbsys/caseworker')).toBeNull()
    expect(await lines(town.actors.owner, 'kmd/pay')).not.toBeNull()
    expect(await lines(town.actors.hr, 'kmd/pay')).toContain('Plejecenter Syd')
    expect(await lines(town.actors.manager, 'kmd/pay')).not.toContain('Plejecenter Syd')
  })
})
