import { beforeEach, describe, expect, test } from 'vitest'
import { readAffiliations } from '../../../../server/access/person-affiliations-views.ts'
import type { Viewer } from '../../../../server/access/viewer.ts'
import { authorityNow } from '../../../../server/feeds/sources/authority-view.ts'
import { makeOne, matchReports, takeApart } from '../../../../server/lifecycle/matching/carry-out-match.ts'
import { lockMatch, type MatchRow } from '../../../../server/lifecycle/matching/match-store.ts'
import { weighMatch } from '../../../../server/lifecycle/matching/weigh-match.ts'
import { HR_DEFAULTS, storeHrSettings } from '../../../../server/people/hr-settings-store.ts'
import { ensureUnits } from '../../../../server/people/identity-store.ts'
import { findOrMakePerson, makeAffiliation, stateFacts } from '../../../../server/people/report-facts.ts'
import { worklist } from '../../../../server/people/worklist-views.ts'
import type { NormalAttrs } from '../../../../server/platform/feed-record.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import { event, hired, hrHouse } from '../events/hr-house.ts'

const hr = hrHouse()
beforeEach(() => hr.reset())

const parts = async (tx: Tx) => ({
  authority: await authorityNow(tx),
  keyring: hr.house.keyring,
  now: hr.house.clock.now(),
  today: hr.house.clock.today(),
})
const inTx = <T>(work: (tx: Tx) => Promise<T>) => hr.house.db.transaction(work)

/** What the report does when it is sent. */
async function report(key: string, given: { cpr?: string; familyName?: string }, attrs: NormalAttrs): Promise<string> {
  return inTx(async tx => {
    const deps = await parts(tx)
    const { personId } = await findOrMakePerson(
      tx,
      {
        ...(given.cpr ? { cpr: given.cpr } : {}),
        givenName: 'Karen',
        familyName: given.familyName ?? 'Holm p1',
        birthDate: '1980-05-04',
        source: 'report',
        key,
      },
      deps,
    )
    const affiliationId = await makeAffiliation(tx, { source: 'report', key, personId })
    const { ids } = await ensureUnits(tx, ['100'], false)
    await stateFacts(
      tx,
      [
        {
          kind: 'affiliation',
          subjectId: affiliationId,
          attrs: {
            affiliationKind: 'employment',
            unit: ids.get('100') as string,
            title: 'Pædagog',
            startsOn: '2026-02-01',
            payrollConfirmed: false,
            ...attrs,
          },
          from: null,
          to: null,
          source: 'report',
          sourceKey: key,
          assertedAt: deps.now,
          reason: 'Ansat',
        },
      ],
      deps,
    )
    return affiliationId
  })
}
const current = () =>
  hr.query<{ id: string; source: string; title: string; payroll_confirmed: boolean | null; fraction: string | null }>(
    'select affiliation_id as id, source, title, payroll_confirmed, fraction from affiliation_current order by 1',
  )
const matches = () =>
  hr.query<{ id: string; state: string; evidence: string; confidence: number }>(
    'select id, state, evidence, confidence from affiliation_match order by 1',
  )
const match = () => inTx(async tx => matchReports(tx, await parts(tx)))

describe('a report and the payroll row that comes later', () => {
  test('with one number of the person they are one by themselves, and one person', async () => {
    const id = await report('case-1', { cpr: '0405801234' }, {})
    await hr.tell(
      hired('a1', 'p1', '2026-02-01', {
        person: { key: 'p1', givenName: 'Karen', familyName: 'Holm p1', cpr: '0405801234', birthDate: '1980-05-04' },
        fraction: 0.8,
      }),
    )
    expect(await matches()).toMatchObject([{ state: 'same', evidence: 'person-number' }])
    expect(await current()).toMatchObject([{ id, payroll_confirmed: true, fraction: '0.8' }])
    expect(await hr.query('select 1 from person_current')).toHaveLength(1)
    // What payroll says equally is payroll's: a later change of it counts.
    await hr.tell(event('changed', 'a1', { effectiveDate: '2026-02-15', title: 'Afdelingsleder' }))
    expect(await current()).toMatchObject([{ title: 'Afdelingsleder' }])
  })

  test('with a name only a person decides, and undoing gives back what was before', async () => {
    await report('case-1', {}, { title: 'Lærer' })
    await hr.tell(hired('a1', 'p1', '2026-02-01'))
    expect(await matches()).toMatchObject([{ state: 'open', evidence: 'name-birth-date' }])
    const before = await hr.state()
    const [open] = await matches()
    const decide = (work: (tx: Tx, row: MatchRow) => Promise<unknown>) =>
      inTx(async tx => work(tx, (await lockMatch(tx, open?.id ?? '')) as MatchRow))
    await decide(async (tx, row) =>
      makeOne(
        tx,
        row,
        { reason: 'det er hende', by: 'tester', keepReport: [], takePayroll: ['title'] },
        await parts(tx),
      ),
    )
    expect(await current()).toMatchObject([{ title: 'Pædagog', payroll_confirmed: true }])
    expect(await hr.query('select 1 from person_current')).toHaveLength(1)
    await decide(async (tx, row) => takeApart(tx, row, { reason: 'det var ikke', by: 'tester' }, await parts(tx)))
    expect(await hr.state()).toEqual(before)
    expect(await matches()).toMatchObject([{ state: 'open' }])
  })

  test('facts that come while they are one are there for the one that they are about when they are two again', async () => {
    await report('case-1', {}, {})
    await hr.tell(hired('a1', 'p1', '2026-02-01'))
    const change = event('changed', 'a1', { effectiveDate: '2026-02-20', title: 'Vicevært' })
    const [open] = await matches()
    const row = () => inTx(async tx => (await lockMatch(tx, open?.id ?? '')) as MatchRow)
    const one = await row()
    await inTx(async tx =>
      makeOne(tx, one, { reason: 'det er hende', by: 'tester', keepReport: [], takePayroll: [] }, await parts(tx)),
    )
    await hr.tell(change)
    const both = await row()
    await inTx(async tx => takeApart(tx, both, { reason: 'det var ikke', by: 'tester' }, await parts(tx)))
    const after = await hr.state()
    await hr.reset()
    await report('case-1', {}, {})
    await hr.tell({ ...hired('a1', 'p1', '2026-02-01'), time: '2026-02-01T00:00:00Z' }, change)
    expect(after.current).toEqual((await hr.state()).current)
  })

  test('two payroll rows that are as certain as each other wait for a person, and asking again changes nothing', async () => {
    await report('case-1', { cpr: '0405801234' }, {})
    const person = { key: 'p1', givenName: 'Karen', familyName: 'Holm p1', cpr: '0405801234', birthDate: '1980-05-04' }
    await hr.send(
      [hired('a1', 'p1', '2026-02-01', { person }), hired('a2', 'p1', '2026-02-01', { person })],
      'application/cloudevents-batch+json',
    )
    await hr.house.events.settled()
    expect((await matches()).map(row => row.state)).toEqual(['open', 'open'])
    const before = await matches()
    await match()
    expect(await matches()).toEqual(before)
  })

  test('a name is never certain, another number never a candidate', () => {
    const alike = {
      reportId: 'r',
      payrollId: 'p',
      samePerson: false,
      sameNumber: false,
      sameEmployeeNo: false,
      sameName: true,
      sameFamilyName: true,
      sameBirthDate: true,
      sameUnit: true,
      sameTitle: true,
      daysApart: 0,
    }
    expect(weighMatch(alike)).toMatchObject({ certain: false, confidence: 90 })
    expect(weighMatch({ ...alike, sameBirthDate: false })).toBeNull()
    expect(weighMatch({ ...alike, samePerson: true })).toMatchObject({ certain: true })
    expect(weighMatch({ ...alike, samePerson: true, daysApart: 400 })).toBeNull()
  })
})

test('a hire that payroll has not told of after ten days stands on the worklist, and no longer when it has', async () => {
  await report('case-1', { cpr: '0405801234' }, {})
  const open = () => inTx(async tx => (await worklist(tx)).filter(row => row.kind === 'hire-unconfirmed'))
  expect(await open()).toEqual([])
  await hr.query(`update affiliation set created_at = created_at - interval '11 days'`)
  expect(await open()).toMatchObject([{ count: 1 }])
  // How long is HR's to decide.
  await inTx(tx => storeHrSettings(tx, { ...HR_DEFAULTS, hireConfirmDays: 30 }, hr.house.clock.now()))
  expect(await open()).toEqual([])
  await inTx(tx => storeHrSettings(tx, HR_DEFAULTS, hr.house.clock.now()))
  expect(await open()).toMatchObject([{ count: 1 }])
  const person = { key: 'p1', givenName: 'Karen', familyName: 'Holm p1', cpr: '0405801234', birthDate: '1980-05-04' }
  await hr.tell(hired('a1', 'p1', '2026-02-01', { person }))
  expect(await open()).toEqual([])
})

test('reasons of an end and of a leave reach HR and the own manager, and nobody else', async () => {
  const id = await report('case-1', {}, { endReason: 'hemmelig grund', leaveReason: 'hemmelig orlov' })
  const sides = {
    manager: { leave: true, self: false },
    it: { leave: false, self: false },
    own: { leave: true, self: true },
  }
  const seen = async (who: { leave: boolean; self: boolean }) =>
    inTx(async tx => {
      const [row] = await tx.query<{ person: string }>('select person_id as person from affiliation where id = $1', [
        id,
      ])
      const yes = () => true
      const viewer = { self: who.self, affiliation: yes, details: yes, leave: () => who.leave, names: yes }
      return JSON.stringify(
        await readAffiliations(tx, row?.person ?? '', viewer as unknown as Viewer, new Map(), hr.house.clock.today()),
      )
    })
  expect(await seen(sides.manager)).toContain('hemmelig grund')
  expect(await seen(sides.manager)).toContain('hemmelig orlov')
  for (const who of [sides.it, sides.own]) {
    const page = await seen(who)
    expect(page).not.toMatch(/hemmelig|endReason":"|leaveReason":"|"attribute":"endReason/)
  }
})
