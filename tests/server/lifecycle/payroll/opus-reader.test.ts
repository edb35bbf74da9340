import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterAll, describe, expect, test } from 'vitest'
import type { ReadItem, ReadNote, Tombstone } from '../../../../server/feeds/reading/reader.ts'
import { parseSources } from '../../../../server/feeds/sources/read-sources.ts'
import { shownSample } from '../../../../server/feeds/sources/show-sample.ts'
import { leftOutBy } from '../../../../server/lifecycle/payroll/leave-out.ts'
import { opusReader } from '../../../../server/lifecycle/payroll/opus-reader.ts'
import { fractionOf, payrollDate, stampIn } from '../../../../server/lifecycle/payroll/payroll-dates.ts'
import { isProblem } from '../../../../server/platform/problem.ts'
import { employeeXml, fileOf, numberOf, type OpusRow, type OpusUnitRow, opusXml, UNITS } from './opus-town.ts'

const folder = mkdtempSync(join(tmpdir(), 'hjemmel-opus-read-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const NAME = fileOf('2026-03-02')

const declared = (more = '') =>
  parseSources(`sources:\n  - key: opus\n    kind: opus\n    file: ${NAME}\n    ${more}\n`, {
    ...{ file: 'kilder.yaml', folder },
    readers: [opusReader],
  })[0]!

async function readText(content: string | Buffer, more = '') {
  writeFileSync(join(folder, NAME), content)
  const items: ReadItem[] = []
  const notes: ReadNote[] = []
  const gone: Tombstone[] = []
  const context = {
    secretOf: () => '',
    signal: new AbortController().signal,
    note: (note: ReadNote) => notes.push(note),
    gone: (one: Tombstone) => gone.push(one),
  }
  for await (const batch of opusReader.read(declared(more), context)) items.push(...batch)
  const of = (kind: string, key: string) => items.find(item => item.kind === kind && item.key === key)
  const attrs = (kind: string, key: string) => {
    const found = of(kind, key)
    return found && 'attrs' in found ? found.attrs : undefined
  }
  return { items, notes, gone, attrs, of }
}
const readRows = (rows: readonly OpusRow[], more = '', units?: readonly OpusUnitRow[]) =>
  readText(opusXml(rows, units), more)
const refusal = (content: string | Buffer) =>
  readText(content).then(
    () => 'read',
    error => (isProblem(error) ? `${error.problem} ${error.info.said?.code}` : String(error)),
  )

describe('what a row of OPUS says', () => {
  test('a unit, a person and an employment under the employee number; the last day is not the end', async () => {
    const { attrs } = await readRows([
      { id: '7', cpr: numberOf(7), leave: '2026-05-31', numerator: '30', email: 'bo@andeby.dk', manager: true },
    ])
    expect(attrs('unit', '10')).toMatchObject({ tree: 'pay', name: 'Søndre Skole', parent: '1', manager: '7' })
    expect(attrs('unit', '10')).not.toHaveProperty('validFrom')
    expect(attrs('person', '7')).toEqual({
      ...{ givenName: 'Bo', familyName: 'Holm 7', cpr: numberOf(7), email: 'bo@andeby.dk' },
    })
    expect(attrs('affiliation', '7')).toEqual({
      ...{ person: '7', affiliationKind: 'employment', employeeNo: '7', payUnit: '10', title: 'Lærer' },
      ...{ startsOn: '2020-02-01', endsOn: '2026-06-01', fraction: 0.8108 },
    })
    const other = await readRows([{ id: '7', leave: '2026-05-31' }], 'leaveDate: day-after\n    tree: admin')
    expect(other.attrs('affiliation', '7')).toMatchObject({ endsOn: '2026-05-31', unit: '10' })
  })

  test('lastChanged, pay and levels are not read: two files that differ in them alone are equal', async () => {
    const pay = '<payGrade>31</payGrade><wageStep>4</wageStep><payGradeText>Trin 31</payGradeText>'
    const a = await readRows([{ id: '7', lastChanged: '2020-01-01' }])
    const b = await readRows([{ id: '7', lastChanged: '2026-03-02', more: pay }])
    expect(b.items.map(item => ({ ...item, at: '' }))).toEqual(a.items.map(item => ({ ...item, at: '' })))
  })

  test('functions of a day, the first and the last included', async () => {
    const one = (art: string, from: string, to: string) =>
      `<function artId="${art}"><start>${from}</start><end>${to}</end></function>`
    const more = [
      one('TR', '2026-03-02', '2026-03-02'),
      one('AMR', '2026-03-03', '2027-01-01'),
      one('OLD', '2019-01-01', '2026-03-01'),
      one('PRAK', '2020-01-01', '9999-12-31'),
    ].join('')
    const { attrs } = await readRows([{ id: '7', more }])
    expect(attrs('affiliation', '7')).toMatchObject({ functions: ['PRAK', 'TR'] })
  })

  test('the manager stands on the employment: only one in force, the lowest number of two, and the other is counted', async () => {
    const { attrs, notes } = await readRows([
      { id: '100', manager: true },
      { id: '99', manager: true },
      { id: '5', manager: true, unit: '20', entry: '2026-04-01' },
      { id: '6', manager: true, unit: '20', leave: '2026-03-01' },
      { id: '8', manager: true, unit: '1', leave: '2026-03-02' },
    ])
    expect(attrs('unit', '10')).toMatchObject({ manager: '99' })
    expect(attrs('unit', '20')).not.toHaveProperty('manager')
    // The last day is a day of work.
    expect(attrs('unit', '1')).toMatchObject({ manager: '8' })
    expect(notes).toContainEqual({ note: 'left-out', why: 'manager-twice', count: 1 })
  })
})

describe('traps of OPUS', () => {
  test('several employments under one number are several affiliations of one number', async () => {
    const { attrs } = await readRows([
      { id: '7', cpr: numberOf(7) },
      { id: '8', cpr: numberOf(7), position: 'Pædagog', numerator: '10' },
    ])
    expect(attrs('person', '7')?.cpr).toBe(attrs('person', '8')?.cpr)
    expect([attrs('affiliation', '7')?.person, attrs('affiliation', '8')?.person]).toEqual(['7', '8'])
  })

  test('a record with action="leave" says only that it is over, and only where no other row has the number', async () => {
    const { gone, attrs, items } = await readRows([
      { id: '999', action: 'leave' },
      { id: '7' },
      { id: '7', action: 'leave' },
    ])
    expect(gone).toEqual([{ deleted: '999', of: 'affiliation' }])
    expect(attrs('affiliation', '7')).toBeDefined()
    expect(items.filter(item => item.key === '999')).toEqual([])
  })

  test('rows without a date of entry are pensioners: left out, and counted', async () => {
    const { items, notes, gone } = await readRows([{ id: '7', entry: null }, { id: '8', entry: null }, { id: '9' }])
    expect(items.filter(item => item.kind !== 'unit')).toHaveLength(2)
    expect(notes).toEqual([{ note: 'left-out', why: 'no-entry-date', count: 2 }])
    expect(gone).toEqual([])
  })

  test('annulled rows are over, as if they had not been', async () => {
    const { gone, notes, items } = await readRows([
      { id: '7', contractText: 'Annulleret' },
      { id: '8', position: 'ANNULLERET' },
      { id: '9' },
    ])
    expect(gone.map(one => one.deleted)).toEqual(['7', '8'])
    expect(notes).toEqual([{ note: 'left-out', why: 'annulled', count: 2 }])
    expect(items.filter(item => item.kind === 'affiliation')).toHaveLength(1)
  })

  test('entry long ago and ahead are read; a year that cannot be is rejected under its key', async () => {
    const { attrs, of } = await readRows([
      { id: '1', entry: '1971-08-01' },
      { id: '2', entry: '2026-12-01' },
      { id: '3', entry: '2206-03-01' },
      { id: '4', entry: '0202-03-01' },
      { id: '5', entry: '2026-02-30' },
    ])
    expect([attrs('affiliation', '1')?.startsOn, attrs('affiliation', '2')?.startsOn]).toEqual([
      '1971-08-01',
      '2026-12-01',
    ])
    for (const key of ['3', '4']) expect(of('affiliation', key)).toMatchObject({ reject: 'date-implausible', key })
    expect(of('affiliation', '5')).toMatchObject({ reject: 'date-invalid' })
  })

  test('odd fractions: of one, of 37, in per cent, and those that cannot be', async () => {
    const parts = {
      '1': ['1 ', '1 '],
      '2': ['80', '1'],
      '3': ['3200', '3700'],
      '4': ['30,5', '37'],
      '5': ['1', '0'],
      '6': ['x', '37'],
    }
    const { attrs, notes } = await readRows(
      Object.entries(parts).map(([id, [numerator, denominator]]) => ({
        id,
        numerator: numerator!,
        denominator: denominator!,
      })),
    )
    const fractions = Object.keys(parts).map(id => attrs('affiliation', id)?.fraction)
    expect(fractions).toEqual([1, 0.8, 0.8649, 0.8243, undefined, undefined])
    expect(notes).toContainEqual({ note: 'left-out', why: 'fraction-odd', count: 2 })
    expect(fractionOf('', '')).toBeNull()
    expect(fractionOf('300', '1')).toBe('odd')
  })

  test('late pay, STOP units and hourly staff are left out by plain conditions of the declaration', async () => {
    const rules = `hourlyContracts: ['03']
    leaveOut:
      - { why: Efterløn, when: { workContractText: { contains: efterløn } } }
      - { why: STOP-enheder, when: { orgUnitOrAbove: '30' } }
      - { why: Timelønnede under 8 timer, when: { workContract: { in: ['03'] }, fraction: { below: 0.2 } } }`
    const units = [...UNITS, { id: '30', parent: '1', name: 'STOP' }, { id: '31', parent: '30', name: 'STOP skoler' }]
    const rows: OpusRow[] = [
      { id: '1', contractText: 'Månedsløn, EFTERLØN' },
      { id: '2', unit: '31' },
      { id: '3', contract: '03', numerator: '5' },
      { id: '4', contract: '03', numerator: '30' },
      { id: '5' },
    ]
    const { attrs, notes, gone } = await readRows(rows, rules, units)
    const kept = ['1', '2', '3', '4', '5'].filter(id => attrs('affiliation', id))
    expect(kept).toEqual(['4', '5'])
    expect(attrs('affiliation', '4')).toMatchObject({ hourlyPaid: true })
    expect(notes.map(note => note.note === 'left-out' && `${note.why} ${note.count}`).sort()).toEqual([
      'Efterløn 1',
      'STOP-enheder 1',
      'Timelønnede under 8 timer 1',
    ])
    expect(gone).toEqual([])
    // Wherever the file has the units.
    const xml = opusXml(rows, units)
    const body = xml.slice(xml.indexOf('<orgUnit'), xml.indexOf('</kmd>')).split(/(?=<orgUnit id|<employee id)/)
    const after = `<kmd>${body.reverse().join('')}</kmd>`
    expect((await readText(after, rules)).attrs('affiliation', '2')).toBeUndefined()
    expect(leftOutBy([{ why: 'x', when: { job: { empty: true } } }], { job: '' })).toBe('x')
    expect(() => declared('leaveOut: [{ why: Alle, when: { lastName: Holm } }]')).toThrow(/leaveOut/)
    expect(() => declared('leaveOut: [{ why: Alle, when: {} }]')).toThrow(/condition/)
  })

  test('a protected address is a mark on the person; the address itself is in no record, reject or sample', async () => {
    const rows: OpusRow[] = [
      { id: '1', protected: true },
      { id: '2', address: 'ADRESSEBESKYTTET, Hemmeligstræde 7' },
      { id: '3', family: 'Holm (adr.besk.)' },
      { id: '4' },
      { id: '5', protected: true, entry: '2026-02-30' },
    ]
    const { attrs, items, notes, of } = await readRows(rows)
    expect(['1', '2', '3', '4'].map(id => attrs('person', id)?.protected)).toEqual([true, true, true, undefined])
    expect(attrs('person', '3')?.familyName).toBe('Holm')
    expect(of('affiliation', '5')).toMatchObject({ reject: 'date-invalid', raw: { id: '5' } })
    const sample = await opusReader.sample!(
      declared(),
      { secretOf: () => '', signal: new AbortController().signal },
      20,
    )
    const shown = shownSample(sample, { protected: false, birthDates: false })
    const everything = JSON.stringify([items, notes, sample, shown])
    expect(everything).not.toMatch(/Hemmelig|Skjultby|9900/i)
    expect(JSON.stringify(shown)).not.toMatch(/Holm 1"/)
  })
})

describe('files that are not what they should be', () => {
  const whole = opusXml([{ id: '7' }, { id: '8', given: 'Bjørn' }])
  test('a file without its end is incomplete, wherever it is cut', async () => {
    for (const at of [whole.length - 3, whole.length - 8, whole.indexOf('<employee') + 20, 45])
      expect(await refusal(whole.slice(0, at))).toBe('source-incomplete xml-cut-short')
    expect(await refusal('')).toBe('source-incomplete file-empty')
    const half = Buffer.from(whole)
    expect(await refusal(half.subarray(0, half.indexOf('ø') + 1))).toBe('source-incomplete xml-cut-short')
  })
  test('a DOCTYPE, entities of its own, and what is no XML are refused', async () => {
    const entity = `<!DOCTYPE kmd [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>`
    expect(await refusal(whole.replace('<kmd>', `${entity}<kmd>`))).toBe('source-invalid xml-declares')
    expect(await refusal(whole.replace('Bjørn', '&xxe;'))).toBe('source-invalid xml-unreadable')
    expect(await refusal(whole.replace('Bjørn', '<b>'))).toBe('source-invalid xml-unreadable')
    expect(await refusal('<sd></sd>')).toBe('source-invalid xml-other')
  })
  test('too deep, too long, too much', async () => {
    expect(await refusal(`<kmd>${'<employee>'.repeat(30)}`)).toBe('source-invalid xml-too-much')
    expect(await refusal(whole.replace('Bjørn', 'x'.repeat(10_000)))).toBe('source-invalid xml-too-much')
    expect(await refusal(whole.replace('Bjørn', 'x'.repeat(3_000_000)))).toBe('source-invalid xml-too-much')
    expect(await refusal(employeeXml({ id: '1', more: '<job/>'.repeat(5000) }).replace(/^/, '<kmd>'))).toBe(
      'source-invalid xml-too-much',
    )
  })
  test('an encoding that is not the declared one', async () => {
    expect(await refusal(iconv.encode(whole, 'windows-1252'))).toBe('source-invalid xml-encoding')
    const latin = whole.replace('utf-8', 'ISO-8859-1')
    expect(await refusal(latin)).toBe('source-invalid xml-encoding')
    expect(await refusal(whole.replace('utf-8', 'koi8-r'))).toBe('source-invalid xml-encoding')
    const read = await readText(iconv.encode(latin, 'iso-8859-1'))
    expect(read.attrs('person', '8')?.givenName).toBe('Bjørn')
    const wide = await readText(iconv.encode(whole.replace('utf-8', 'utf-16'), 'utf-16le', { addBOM: true }))
    expect(wide.attrs('person', '8')?.givenName).toBe('Bjørn')
  })
  test('a list of changes that is taken for everybody: most are in units that it does not have', async () => {
    const rows = Array.from({ length: 10 }, (_, n) => ({ id: String(n + 1), unit: '77' }))
    expect(await refusal(opusXml(rows, []))).toBe('source-incomplete file-not-whole')
  })
})

test('stamps are of the town hall, summer and winter; dates in three forms', () => {
  expect(stampIn('ZLPE20260302224000_delta.xml')?.toISOString()).toBe('2026-03-02T21:40:00.000Z')
  expect(stampIn('ZLPE20260702224000_delta.xml')?.toISOString()).toBe('2026-07-02T20:40:00.000Z')
  expect(stampIn('ZLPE20261025023000_delta.xml')?.toISOString()).toBe('2026-10-25T00:30:00.000Z')
  expect(stampIn('ZLPE20260231224000_delta.xml')).toBeNull()
  expect(stampIn('ZLPE2026_delta.xml')).toBeNull()
  expect(['2026-03-02', '02.03.2026', '20260302', '', '9999-12-31', '2026-13-01'].map(payrollDate)).toEqual([
    ...['2026-03-02', '2026-03-02', '2026-03-02', null, null, 'invalid'],
  ])
})
