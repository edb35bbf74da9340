import fc from 'fast-check'
import { expect, test } from 'vitest'
import { noticeDate, readSheet, SHEET, type Sheet, sheetFields } from '../../../../server/contract/sheet.ts'
import {
  effectiveSheet,
  type Hand,
  planSheet,
  planUndo,
  sheetChanges,
} from '../../../../server/systems/catalogue/effective-sheet.ts'
import { feedSheet } from '../../../../server/systems/catalogue/take-in-systems.ts'
import { systemRecord } from '../../../../server/systems/system-records.ts'

const FIELDS = ['name', 'supplier', 'status', 'owner', 'logMonths'] as const
const values = fc.record(
  {
    name: fc.constantFrom('A', 'B'),
    supplier: fc.constantFrom('KMD', 'Netcompany'),
    status: fc.constantFrom('planned', 'in-use'),
    owner: fc.constantFrom({ words: 'a1' }, { words: 'a2' }),
    logMonths: fc.constantFrom(6, 12),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Sheet>
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('feed' as const), feed: values }),
    fc.record({
      kind: fc.constant('hand' as const),
      values,
      clear: fc.subarray([...FIELDS]),
      release: fc.subarray([...FIELDS]),
    }),
  ),
  { maxLength: 12 },
)
const who = { at: '2026-03-02T09:00:00.000Z', by: 'u', reason: null }

test('the hand wins until it is released; what the feed says is never lost', () => {
  fc.assert(
    fc.property(steps, all => {
      let stored = { feed: {} as Sheet, hand: {} as Hand, sheet: {} as Sheet }
      // By hand, in the plainest way: what was set last and not released.
      const set: Record<string, unknown> = {}
      let told: Record<string, unknown> = {}
      for (const step of all) {
        if (step.kind === 'feed') {
          told = step.feed
          stored = { ...stored, feed: step.feed, sheet: effectiveSheet(step.feed, stored.hand) }
        } else {
          for (const field of step.release) delete set[field]
          const given: Record<string, unknown> = { ...step.values }
          for (const field of step.clear) given[field] = null
          for (const [field, value] of Object.entries(given)) {
            // As the form shows it before the release: what counts already is not set again.
            const before = stored.sheet[field as 'name'] ?? null
            if (JSON.stringify(before) !== JSON.stringify(value)) set[field] = value
          }
          const planned = planSheet(stored, { values: given, release: step.release }, who)
          expect(sheetChanges(stored.sheet, planned.sheet)).toEqual(planned.changes)
          stored = { ...stored, hand: planned.hand, sheet: planned.sheet }
        }
        for (const field of FIELDS) {
          const expected = field in set ? (set[field] ?? undefined) : told[field]
          expect(stored.sheet[field]).toEqual(expected)
        }
      }
    }),
  )
})

test('a step that is taken back leaves what was before it, but for what somebody has changed since', () => {
  fc.assert(
    fc.property(values, values, values, fc.subarray([...FIELDS]), (feed, first, second, since) => {
      const start = { feed, hand: {}, sheet: effectiveSheet(feed, {}) }
      const one = planSheet(start, { values: first, release: [] }, who)
      const after = { feed, hand: one.hand, sheet: one.sheet }
      const later = Object.fromEntries(Object.entries(second).filter(([field]) => since.includes(field as 'name')))
      const two = planSheet(after, { values: later, release: [] }, { ...who, at: '2026-03-03T09:00:00.000Z' })
      const undone = planUndo(
        { feed, hand: two.hand, sheet: two.sheet },
        { before: start.hand, after: one.hand, fields: one.changes.map(change => change.field) },
      )
      const changedSince = two.changes.map(change => change.field)
      for (const field of FIELDS)
        expect(undone.sheet[field]).toEqual(changedSince.includes(field) ? two.sheet[field] : start.sheet[field])
    }),
  )
})

test('every field has a group and a kind that its shape bears out, and takes back what it gave', () => {
  for (const field of sheetFields) {
    const { kind, choices } = SHEET[field]
    expect(choices.length > 0, field).toBe(kind === 'choice' || kind === 'choices')
    const sample: Record<string, unknown> = {
      ...{ text: 'x', prose: 'x', link: 'x', list: ['a'], choice: choices[0], choices: [choices[0]], flag: false },
      ...{ date: '2026-01-31', number: 0, person: { words: 'x' }, unit: { words: 'x' } },
      contracts: [{ name: 'x' }],
      flows: [{ system: 'x', direction: 'out' }],
    }
    const first = readSheet({ [field]: sample[kind] })
    expect(first.mistakes, field).toEqual([])
    expect(readSheet(first.values as Record<string, unknown>).values, field).toEqual(first.values)
  }
})

test('mistakes stand at their fields', () => {
  const where = (given: Record<string, unknown>) => readSheet(given).mistakes.map(one => `${one.where} ${one.code}`)
  expect(where({ name: '' })).toEqual(['/name missing'])
  expect(where({ name: 'x'.repeat(201) })).toEqual(['/name too-long'])
  expect(where({ status: 'sikker' })).toEqual(['/status not-a-choice'])
  expect(where({ riskOn: '31-12-2026' })).toEqual(['/riskOn not-a-date'])
  expect(where({ logMonths: -1 })).toEqual(['/logMonths out-of-range'])
  expect(where({ contracts: [{ name: '', to: '2026-01-01', from: '2026-01-01' }] })).toEqual([
    '/contracts/0/name missing',
  ])
  expect(
    where({
      contracts: [
        { name: 'a', to: '2026-01-01', from: '2026-01-01' },
        { name: 'b', noticeMonths: 3 },
      ],
    }),
  ).toEqual(['/contracts/0/to ends-before-it-begins'])
  expect(where({ hokus: 1 })).toEqual(['/hokus not-understood'])
})

test('notice is counted back by months, at most to the last day of the month', () => {
  expect(noticeDate({ to: '2027-01-01', noticeMonths: 6 })).toBe('2026-07-01')
  expect(noticeDate({ to: '2027-05-31', noticeMonths: 3 })).toBe('2027-02-28')
  expect(noticeDate({ to: '2028-03-30', noticeMonths: 1 })).toBe('2028-02-29')
  expect(noticeDate({ to: '2027-01-01', noticeMonths: 0 })).toBe('2027-01-01')
  expect(noticeDate({ to: null, noticeMonths: 6 })).toBe(null)
})

test('a contract that runs until somebody gives notice has a notice period and no end', () => {
  const { values, mistakes } = readSheet({ contracts: [{ name: 'Drift', noticeMonths: 6 }] })
  expect(mistakes).toEqual([])
  expect(values.contracts).toMatchObject([{ noticeMonths: 6, to: null, noticeOn: null }])
  const record = systemRecord.parse({ name: 'Nexus', contract: 'Drift', contractNoticeMonths: '6' })
  expect(feedSheet(record).contracts).toMatchObject([{ noticeMonths: 6, to: null, noticeOn: null }])
})

test('a file says its systems in its own words', () => {
  const record = systemRecord.parse({
    name: 'Nexus',
    status: 'I drift',
    criticality: 'Kritisk',
    hosting: 'Ekstern',
    contract: 'Drift',
    contractTo: '2027-01-01',
    contractNoticeMonths: '6',
    flows: 'cpr:in:file:daily:CPR, navn | kmd-elev',
  })
  expect(feedSheet(record)).toMatchObject({
    status: 'in-use',
    criticality: 'critical',
    hosting: 'hosted',
    contracts: [{ name: 'Drift', noticeOn: '2026-07-01' }],
    flows: [
      { system: 'cpr', direction: 'in', how: 'file', frequency: 'daily', data: ['CPR', 'navn'] },
      { system: 'kmd-elev', direction: 'out', how: 'api', frequency: null, data: [] },
    ],
  })
  expect(feedSheet(record)).not.toHaveProperty('reading')
  expect(systemRecord.safeParse({ name: 'x', status: 'sikke noget' }).error?.issues[0]?.message).toMatch(
    /none of planned/,
  )
  expect(systemRecord.safeParse({ name: 'x', flows: 'a:hid' }).error?.issues[0]?.message).toMatch(/is no flow/)
})
