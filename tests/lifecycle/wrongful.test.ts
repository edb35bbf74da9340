import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cancels, event } from '../server/lifecycle/events/hr-house.ts'
import { smallTown, starts } from './town.ts'
import { type Job, NONE, wrongful } from './wrongful.ts'

/* Nobody loses what they should have and nobody keeps what they should not: random lives, held against a model. */
const life = smallTown()

const DAYS = ['2026-03-02', '2026-03-09', '2026-03-16', '2026-03-23']
const date = fc.constantFrom(...DAYS, '2026-03-05', '2026-03-12', '2026-03-20', '2026-04-15')
const title = fc.constantFrom('Pædagog', 'Sygeplejerske', 'Leder')
const unit = fc.constantFrom('110', '120')
/** One life: where it begins, and what becomes of it, each told on one of the days, early or late. */
const lives = fc.array(
  fc.record({
    title,
    unit,
    from: date,
    what: fc.constantFrom('stays', 'moves', 'ends', 'ends-not', 'withdrawn'),
    on: date,
    to: unit,
    told: fc.integer({ min: 0, max: DAYS.length - 1 }),
    twice: fc.boolean(),
  }),
  { minLength: 5, maxLength: 7 },
)

test('random lives, told early, late and twice: wrongful revocations 0 and wrongful retentions 0 on every day', async () => {
  await fc.assert(
    fc.asyncProperty(lives, async people => {
      await life.begin(DAYS[0])
      const hires = people.map((one, n) => starts(`e${n}`, one.from, { title: one.title, unit: one.unit }))
      const jobs = new Map<string, Job[]>()
      const told = people.map((one, n) => {
        const key = `e${n}`
        const hire = hires[n] as { id: string; source: string }
        const plain = { key, title: one.title, unit: one.unit, from: one.from, to: null }
        jobs.set(key, [plain])
        const on = one.on > one.from ? one.on : one.from
        if (one.what === 'moves')
          return {
            events: [event('transferred', key, { effectiveDate: on, unit: one.to })],
            after: [
              { ...plain, to: on },
              { ...plain, unit: one.to, from: on },
            ],
          }
        const end = event('ended', key, { effectiveDate: on })
        if (one.what === 'ends') return { events: [end], after: [{ ...plain, to: on }] }
        if (one.what === 'ends-not') return { events: [end, cancels(key, end)], after: [plain] }
        if (one.what === 'withdrawn') return { events: [cancels(key, hire)], after: [] }
        return { events: [], after: [plain] }
      })
      await life.tell(...hires)
      for (const [n, day] of DAYS.entries()) {
        await life.day(day)
        for (const [index, one] of people.entries()) {
          if (one.told !== n) continue
          const { events, after } = told[index] as (typeof told)[number]
          await life.tell(...events, ...(one.twice ? events : []))
          jobs.set(`e${index}`, after)
        }
        await life.round()
        expect([day, wrongful([...jobs.values()].flat(), day, life.target.held())]).toEqual([day, NONE])
      }
      // Ends are confirmed and over, and nobody has done anything since.
      await life.day('2026-06-01')
      expect(wrongful([...jobs.values()].flat(), '2026-06-01', life.target.held())).toEqual(NONE)
      expect(await life.orders(['parked', 'retry', 'sending'])).toEqual([])
    }),
    { numRuns: 3 },
  )
}, 240_000)

test('the counters object: to a right that was lost, to one that was kept, and to an account that was opened again', async () => {
  await life.begin()
  const jobs: Job[] = [
    { key: 'a1', title: 'Pædagog', unit: '110', from: '2026-01-01', to: null },
    { key: 'b1', title: 'Pædagog', unit: '110', from: '2026-01-01', to: '2026-03-10' },
  ]
  const count = () => wrongful(jobs, life.when.today, life.target.held())
  await life.tell(starts('a1', '2026-01-01'), starts('b1', '2026-01-01', { endsOn: '2026-03-10' }))
  await life.round()
  expect(count()).toEqual(NONE)
  const account = (key: string) => [...life.target.accounts.values()].find(one => one.employeeNo === key)
  account('a1')?.rights.delete('net/inst')
  expect(count()).toEqual({ revocations: ['a1 net/inst'], retentions: [] })
  // Missing again, it is asked for again.
  await life.read()
  await life.round()
  expect(count()).toEqual(NONE)
  // The order to take it is lost: the day comes, and nothing happens.
  life.set('2026-03-10')
  expect(count().retentions).toHaveLength(3)
  await life.day('2026-03-10')
  expect(count()).toEqual(NONE)
  const left = account('b1')
  if (left) {
    left.enabled = true
    left.rights.add('net/basis')
  }
  expect(count()).toEqual({ revocations: [], retentions: ['b1 net/basis'] })
  await life.read()
  await life.round()
  expect(count()).toEqual(NONE)
})
