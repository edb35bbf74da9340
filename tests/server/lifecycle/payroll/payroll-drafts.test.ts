import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { caseForm } from '../../../../server/contract/lifecycle-forms.ts'
import { authorityNow } from '../../../../server/feeds/sources/authority-view.ts'
import { insertCase, loadCase, setCase } from '../../../../server/lifecycle/cases/case-store.ts'
import { doorOf } from '../../../../server/lifecycle/cases/doors.ts'
import { payrollChangeOf, stillSaid } from '../../../../server/lifecycle/payroll/decide-payroll-changes.ts'
import {
  AWAITED_DAYS,
  awaitedUntil,
  payrollConfirms,
  stageOf,
} from '../../../../server/lifecycle/payroll/extension-rule.ts'
import { shifted } from '../../../../server/lifecycle/payroll/payroll-dates.ts'
import { stateFacts } from '../../../../server/people/report-facts.ts'
import { type Clock, civilDate } from '../../../../server/platform/clock.ts'
import { newId } from '../../../../server/platform/ids.ts'
import { testDatabase } from '../../../support/database.ts'
import { testKeyring } from '../../feeds/scratch.ts'
import { fileOf, numberOf, type OpusRow, type OpusTown, opusTown, opusXml, opusYaml, twoLooks } from './opus-town.ts'

const database = testDatabase()
let day = '2026-03-02'
const began = Date.now()
const clock: Clock = {
  now: () => new Date(Date.parse(`${day}T21:45:00Z`) + Date.now() - began),
  today: () => civilDate(clock.now()),
}
let town: OpusTown
let feeds: Awaited<ReturnType<OpusTown['feeds']>>
async function open(yaml = opusYaml()) {
  town = opusTown(yaml, clock)
  feeds = await town.feeds(database.db)
}
beforeEach(async () => {
  await database.reset()
  await open()
})
afterEach(() => town.remove())

const staff: OpusRow[] = Array.from({ length: 40 }, (_, n) => ({
  ...{ id: String(1000 + n), cpr: numberOf(n), unit: n % 2 ? '10' : '20' },
  ...(n === 3 ? { leave: '2026-04-30' } : {}),
}))
const changed = (n: number, more: Partial<OpusRow>): OpusRow[] =>
  staff.map((row, place) => (place === n ? { ...row, ...more } : row))
async function evening(on: string, rows: readonly OpusRow[]) {
  day = on
  town.drop(fileOf(on), opusXml(rows))
  const [run] = await twoLooks(feeds)
  expect(run).toMatchObject({ state: 'done' })
}
type Case = {
  kind: string
  door: string
  state: string
  origin: string
  deadline: string
  form: Record<string, never>
  no: string
}
const cases = () =>
  database.db.snapshot(tx =>
    tx.query<Case>(
      `select c.kind, c.door, c.state, c.origin, c.deadline, c.form, a.key as no from lifecycle_case c
       join affiliation a on a.id = c.affiliation_id order by c.created_at, c.id`,
    ),
  )

describe('a change of payroll that no report has said', () => {
  test('the first read of thousands opens nothing, however new they are', async () => {
    await evening('2026-03-02', [...staff, { id: '9', entry: '2026-03-01' }])
    expect(await cases()).toEqual([])
  })

  test('a hire opens one draft with what payroll says and a deadline, once, however often it is read', async () => {
    await evening('2026-03-02', staff)
    const hire: OpusRow = { id: '9', entry: '2026-04-01', leave: '2026-09-30', numerator: '30', position: 'Vikar' }
    await evening('2026-03-03', [...staff, hire])
    await evening('2026-03-04', [...staff, hire])
    const [one, ...others] = await cases()
    expect(others).toEqual([])
    expect(one).toMatchObject({
      ...{ kind: 'hire', door: 'plain', state: 'draft', origin: 'payroll', deadline: '2026-03-17', no: '9' },
      form: {
        affiliation: { kind: 'employment', title: 'Vikar', startsOn: '2026-04-01', endsOn: '2026-10-01', hours: 30 },
      },
    })
    const audited = await database.db.snapshot(tx =>
      tx.query(`select action from audit_entry where action = 'case.created'`),
    )
    expect(audited).toHaveLength(1)
  })

  test('a hire that is taken back closes its draft; said anew it opens another', async () => {
    const hire: OpusRow = { id: '9', entry: '2026-04-01' }
    await evening('2026-03-02', staff)
    await evening('2026-03-03', [...staff, hire])
    await evening('2026-03-04', [...staff, { ...hire, position: 'Annulleret' }])
    expect(await cases()).toMatchObject([{ state: 'withdrawn' }])
    await evening('2026-03-05', [...staff, hire])
    expect((await cases()).map(one => one.state)).toEqual(['withdrawn', 'draft'])
  })

  test('an end and an extension open their own; each closes when payroll goes back on it', async () => {
    await evening('2026-03-02', staff)
    await evening('2026-03-03', changed(5, { leave: '2026-05-31' }))
    expect(await cases()).toMatchObject([{ kind: 'end', door: 'plain', no: '1005', form: { endsOn: '2026-06-01' } }])
    await evening('2026-03-04', changed(3, { leave: '2026-12-31' }))
    expect((await cases()).map(one => [one.no, one.kind, one.door, one.state])).toEqual([
      ['1005', 'end', 'plain', 'withdrawn'],
      ['1003', 'end', 'extend', 'draft'],
    ])
    // Kept as a draft, filled in and due on a day.
    expect((await cases())[1]).toMatchObject({
      origin: 'payroll',
      deadline: '2026-03-18',
      form: { endsOn: '2027-01-01' },
    })
    await evening('2026-03-05', staff)
    expect((await cases()).map(one => [one.no, one.door, one.state])).toContainEqual(['1003', 'extend', 'withdrawn'])
  })

  test('with drafts switched off nothing is opened; an old employment that comes to light is no hire', async () => {
    await evening('2026-03-02', staff)
    await evening('2026-03-03', [...staff, { id: '9', entry: '2019-01-01' }])
    expect(await cases()).toEqual([])
    town.remove()
    await open(opusYaml('drafts: { open: false }'))
    await evening('2026-03-04', [...staff, { id: '9', entry: '2019-01-01' }, { id: '10', entry: '2026-04-01' }])
    expect(await cases()).toEqual([])
  })
})

describe('a reported extension that payroll has not heard of', () => {
  const endsOf = async () => {
    const [row] = await database.db.snapshot(tx =>
      tx.query<{ ends: string; contract: string }>(
        `select ends_on as ends, contract_ends_on as contract from affiliation_current where employee_no = '1003'`,
      ),
    )
    return row
  }
  /** As sending it does: the case, and what its door states. */
  const extended = (endsOn: string) =>
    database.db.transaction(async tx => {
      const [known] = await tx.query<{ affiliationId: string; personId: string }>(
        `select affiliation_id as "affiliationId", person_id as "personId" from affiliation_current where employee_no = '1003'`,
      )
      const id = newId()
      const form = caseForm.parse({ kind: 'end', affiliationId: known!.affiliationId, endsOn })
      const placed = { ...known!, unitId: null, effectiveOn: endsOn }
      await insertCase(
        tx,
        { id, kind: 'end', door: 'extend', form, cprSealed: null, origin: 'screen', ...placed },
        null,
        clock.now(),
      )
      await setCase(tx, id, { state: 'sent', sent_at: clock.now(), stated_at: clock.now() })
      const { one } = (await loadCase(tx, id))!
      const deps = { authority: await authorityNow(tx), keyring: testKeyring, now: clock.now(), today: clock.today() }
      const by = { userId: newId(), personId: null }
      const asking = { cpr: null, by, today: clock.today() }
      expect(await doorOf('end').missing(tx, one as never, asking)).toEqual([])
      await stateFacts(tx, (await doorOf('end').facts(tx, one, asking, deps)).facts, deps)
    })

  test('lasts 30 days beyond what payroll knows, and as long as reported once payroll says so; no draft beside it', async () => {
    await evening('2026-03-02', staff)
    expect(await endsOf()).toEqual({ ends: '2026-05-01', contract: '2026-05-01' })
    await extended('2026-12-01')
    expect(await endsOf()).toEqual({ ends: '2026-05-31', contract: '2026-12-01' })
    await evening('2026-03-03', staff)
    expect(await endsOf()).toEqual({ ends: '2026-05-31', contract: '2026-12-01' })
    await evening('2026-03-04', changed(3, { leave: '2026-11-30' }))
    expect(await endsOf()).toEqual({ ends: '2026-12-01', contract: '2026-12-01' })
    expect((await cases()).filter(one => one.origin === 'payroll')).toEqual([])
  })

  test('payroll that says another, earlier end keeps it: what it says later counts', async () => {
    await evening('2026-03-02', staff)
    await extended('2026-12-01')
    await evening('2026-03-03', changed(3, { leave: '2026-03-31' }))
    expect((await endsOf())?.ends).toBe('2026-04-01')
  })
})

const dates = fc.integer({ min: 0, max: 800 }).map(days => shifted('2026-01-01', days))
const maybe = fc.option(dates, { nil: null })

describe('pure rules', () => {
  test('a change that is still said is never taken back by the record that said it', () => {
    fc.assert(
      fc.property(maybe, maybe, dates, (was, is, today) => {
        const record = (endsOn: string | null) => ({
          ...{ affiliationKind: 'employment', startsOn: '2020-01-01' },
          ...(endsOn ? { endsOn } : {}),
        })
        const change = payrollChangeOf({ op: 'change', before: record(was), after: record(is) }, today)
        if (was === is) return change === null
        // The other way round it is the other change, and takes the first one back.
        const back = payrollChangeOf({ op: 'change', before: record(is), after: record(was) }, today)
        return (
          change !== null &&
          stillSaid(change, record(is), today) &&
          !stillSaid(change, record(was), today) &&
          back?.kind === (change.kind === 'end' ? 'extend' : 'end')
        )
      }),
    )
  })

  test('rights of a reported extension last as long as reported, and at most 30 days beyond what payroll knows', () => {
    expect(awaitedUntil({ payrollEndsOn: '2026-06-01', reportedEndsOn: '2026-12-01' })).toBe('2026-07-01')
    expect(awaitedUntil({ payrollEndsOn: '2026-06-01', reportedEndsOn: '2026-06-10' })).toBe('2026-06-10')
    expect(awaitedUntil({ payrollEndsOn: null, reportedEndsOn: '2026-06-10' })).toBe('2026-06-10')
    fc.assert(
      fc.property(maybe, dates, (payrollEndsOn, reportedEndsOn) => {
        const until = awaitedUntil({ payrollEndsOn, reportedEndsOn })
        const confirmed = payrollConfirms({ payrollEndsOn, reportedEndsOn })
        return (
          until <= reportedEndsOn &&
          (payrollEndsOn === null || until <= shifted(payrollEndsOn, AWAITED_DAYS)) &&
          (!confirmed || until === reportedEndsOn)
        )
      }),
    )
  })

  test('30, 14 and 5 days before the end, by reaching them and not by the very day', () => {
    const told = [
      '2026-05-01',
      '2026-05-02',
      '2026-05-17',
      '2026-05-18',
      '2026-05-26',
      '2026-05-27',
      '2026-05-31',
      '2026-06-01',
    ]
    expect(told.map(today => stageOf('2026-06-01', today))).toEqual([null, 30, 30, 14, 14, 5, 5, null])
    expect(stageOf(null, '2026-05-31')).toBeNull()
  })
})
