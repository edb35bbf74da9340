import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { typeOf } from '../../../../server/contract/hr-event-types.ts'
import { hrHouse } from './hr-house.ts'

/**
 * Whatever order events come in and however often, the town is the same: through the real API, the real inbox and the
 * real database. Histories are random, with corrections and cancellations of anything that was said.
 */
const hr = hrHouse()
beforeEach(() => hr.reset())

type Sent = Record<string, unknown> & {
  id: string
  source: string
  subject: string
  time: string
  data: Record<string, unknown>
}
const SOURCE = '/loen'
const day = fc
  .integer({ min: 0, max: 400 })
  .map(n => new Date(Date.UTC(2025, 6, 1) + n * 86_400_000).toISOString().slice(0, 10))
const unit = fc.constantFrom('100', '200', '300')
const title = fc.constantFrom('Pædagog', 'Lærer', 'Leder')

/** What may be said about one affiliation, each with a moment at which it was said. */
const said = fc.oneof(
  fc.record({ name: fc.constant('changed'), data: fc.record({ effectiveDate: day, title }) }),
  fc.record({ name: fc.constant('changed'), data: fc.record({ effectiveDate: day, endsOn: fc.option(day) }) }),
  fc.record({ name: fc.constant('transferred'), data: fc.record({ effectiveDate: day, unit }) }),
  fc.record({
    name: fc.constant('leave-started'),
    data: fc.record({ effectiveDate: day, leaveKind: fc.constant('barsel') }),
  }),
  fc.record({ name: fc.constant('leave-ended'), data: fc.record({ effectiveDate: day }) }),
  fc.record({ name: fc.constant('ended'), data: fc.record({ effectiveDate: day }) }),
  fc.record({
    name: fc.constant('name-changed'),
    data: fc.record({
      effectiveDate: day,
      givenName: fc.constant('Karen'),
      familyName: fc.constantFrom('Holm', 'Lund'),
    }),
  }),
  fc.record({ name: fc.constant('manager-changed'), data: fc.record({ effectiveDate: day, unit }) }),
  fc.record({ name: fc.constant('died'), data: fc.record({ effectiveDate: day }) }),
) as fc.Arbitrary<{ name: string; data: Record<string, unknown> }>

const after = fc.oneof(
  said.map(one => ({ ...one, of: -1 })),
  fc.record({ name: fc.constant('cancelled'), of: fc.nat(20), data: fc.constant({}) }),
  fc.record({ name: fc.constant('corrected'), of: fc.nat(20), data: fc.record({ effectiveDate: day, title }) }),
) as fc.Arbitrary<{ name: string; of: number; data: Record<string, unknown> }>

const history = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), after), { minLength: 3, maxLength: 9 }).map(steps => {
  const events: Sent[] = ['a', 'b', 'c'].map((subject, n) => ({
    specversion: '1.0',
    id: `hire-${subject}`,
    source: SOURCE,
    type: typeOf('hired'),
    subject,
    time: new Date(Date.UTC(2025, 6, 1, 0, n)).toISOString(),
    data: {
      effectiveDate: '2025-07-01',
      // Two affiliations of one person, and another person.
      person: { key: subject === 'c' ? 'p2' : 'p1', givenName: 'Karen', familyName: 'Holm', birthDate: '1980-05-04' },
      affiliationKind: 'employment',
      unit: '100',
      title: 'Pædagog',
    },
  }))
  for (const [place, [subject, step]] of steps.entries()) {
    const own = events.filter(one => one.subject === subject)
    const target = own[step.of % own.length]
    const kind = step.name as 'changed'
    // A correction tells the whole of what it corrects, of the same kind.
    const root = target?.type === typeOf('corrected') ? null : target
    const data =
      step.of < 0
        ? step.data
        : step.name === 'cancelled'
          ? { event: { source: SOURCE, id: target?.id } }
          : root && root.type !== typeOf('cancelled') && root.type !== typeOf('corrected')
            ? {
                event: { source: SOURCE, id: root.id },
                type: root.type,
                data: { ...root.data, effectiveDate: step.data.effectiveDate },
              }
            : null
    if (data === null) continue
    events.push({
      specversion: '1.0',
      id: `e${place}`,
      source: SOURCE,
      type: typeOf(kind),
      subject,
      time: new Date(Date.UTC(2025, 7, 1) + place * 3_600_000).toISOString(),
      data,
    })
  }
  return events
})

/** Sends in this order, some of it twice, in pieces of this size, and says what the town is then. */
async function townAfter(events: readonly Sent[], size: number) {
  await hr.reset()
  for (let from = 0; from < events.length; from += size) {
    const answer = await hr.send(events.slice(from, from + size), 'application/cloudevents-batch+json')
    expect(answer.status).toBe(202)
    await hr.house.events.settled()
  }
  const states = await hr.query<{ state: string }>('select distinct state from hr_event_state order by 1')
  return { states: states.map(row => row.state), town: await hr.state() }
}

const shuffled = (events: readonly Sent[], random: readonly number[]) =>
  [...events, ...events.slice(0, 3)]
    .map((one, place) => ({ one, at: random[place % random.length] as number }))
    .sort((a, b) => a.at - b.at)
    .map(entry => entry.one)

test('any order and any repetition of the same events gives the same town', async () => {
  await fc.assert(
    fc.asyncProperty(
      history,
      fc.array(fc.nat(), { minLength: 16, maxLength: 16 }),
      fc.integer({ min: 1, max: 6 }),
      async (events, random, size) => {
        const inOrder = await townAfter(events, 100)
        expect(inOrder.states).toEqual(['applied'])
        const mixed = await townAfter(shuffled(events, random), size)
        expect(mixed).toEqual(inOrder)
      },
    ),
    { numRuns: 12 },
  )
}, 240_000)

test('a hire that was cancelled stays cancelled, whatever is said of it afterwards; a new hire begins it', async () => {
  const [random] = fc.sample(history, { numRuns: 1, seed: 3 })
  const hires = (random as Sent[]).slice(0, 3)
  const more = (id: string, name: 'cancelled' | 'ended' | 'changed' | 'hired', hour: number, data: Sent['data']) =>
    ({ ...hires[0], id, type: typeOf(name), time: new Date(Date.UTC(2025, 7, 1, hour)).toISOString(), data }) as Sent
  const events = [
    ...hires,
    more('e0', 'cancelled', 0, { event: { source: SOURCE, id: 'hire-a' } }),
    more('e1', 'ended', 1, { effectiveDate: '2025-07-01' }),
    more('e2', 'changed', 2, { effectiveDate: '2025-07-01', title: 'Lærer' }),
    more('e3', 'changed', 3, { effectiveDate: '2025-07-01', endsOn: null }),
  ]
  const held = async () =>
    (
      await hr.query<{ key: string }>(
        `select a.key from affiliation_current c join affiliation a on a.id = c.affiliation_id order by 1`,
      )
    ).map(row => row.key)
  for (const size of [1, 2, 100]) {
    expect((await townAfter(events, size)).states).toEqual(['applied'])
    expect(await held()).toEqual(['b', 'c'])
  }
  const again = more('e4', 'hired', 4, { ...(hires[0] as Sent).data, effectiveDate: '2025-09-01' })
  expect((await townAfter([...events, again], 2)).states).toEqual(['applied'])
  expect(await held()).toEqual(['a', 'b', 'c'])
})

test('replayed from an empty town it is what it had become bit by bit', async () => {
  const [events] = fc.sample(history, { numRuns: 1, seed: 7 })
  const bitByBit = await townAfter(events as Sent[], 1)
  expect(await townAfter(events as Sent[], 100)).toEqual(bitByBit)
})

test('the comparison objects to a town in which one fact got lost, and to one that was said later', async () => {
  // The three hires alone: nothing in them takes the planted fault out of sight again.
  const [random] = fc.sample(history, { numRuns: 1, seed: 3 })
  const events = (random as Sent[]).slice(0, 3)
  const whole = await townAfter(events as Sent[], 100)
  const last = {
    ...(events as Sent[])[0],
    id: 'x1',
    type: typeOf('changed'),
    time: '2025-12-01T00:00:00Z',
    data: { effectiveDate: '2025-08-01', fraction: 0.5 },
  } as Sent
  expect(await townAfter([...(events as Sent[]), last], 100)).not.toEqual(whole)
  await townAfter([...(events as Sent[]), last], 100)
  await hr.query(`delete from affiliation_state where attrs ? 'fraction'`)
  expect({ states: whole.states, town: await hr.state() }).not.toEqual(whole)
})
