import { expect, it } from 'vitest'
import { columnsOf, kindOf, readRecords } from '../../../../server/register/records/read-records.ts'
import { readRecordFile } from '../../../../server/register/records/record-file.ts'

const rows = (...lines: string[][]) => lines.map((cells, place) => ({ line: place + 1, cells }))

it('finds the headings below titles, in any order, and reads the words of a town hall', () => {
  const sheet = rows(
    ['Aftaler og kontroller 2026'],
    ['Henvisning', 'System', 'Behandlingsaktivitet', 'Type', 'Dato', 'Næste frist', 'Bemærkning'],
    ['Sag 26/1', 'KMD Nexus', '', 'Databehandleraftale', '05-01-2026', '05-01-2027', ''],
    ['Sag 26/2', '', 'BA-007', 'DPIA', '2026-02-01', '', 'Set af jurist'],
    ['', '', '', '', '', '', ''],
  )
  const found = columnsOf(sheet)!
  expect(found.after).toBe(2)
  expect(readRecords(sheet.slice(found.after), found.at)).toEqual({
    told: [
      {
        ...{ line: 3, kind: 'processor-agreement', system: 'KMD Nexus', activity: null, note: null },
        ...{ onDay: '2026-01-05', nextDue: '2027-01-05', reference: 'Sag 26/1' },
      },
      {
        ...{ line: 4, kind: 'dpia', system: null, activity: 'BA-007', note: 'Set af jurist' },
        ...{ onDay: '2026-02-01', nextDue: null, reference: 'Sag 26/2' },
      },
    ],
    bad: [],
  })
})

it('names every row that it cannot read, with what is wrong', () => {
  const at = { kind: 0, system: 1, activity: 2, onDay: 3, nextDue: 4, reference: 5 }
  const { told, bad } = readRecords(
    rows(
      ['aftalebrev', 'A', '', '2026-01-01', '', 'x'],
      ['dpia', '', '', '2026-01-01', '', 'x'],
      ['dpia', 'A', 'B', '2026-01-01', '', 'x'],
      ['stikprøve', '', 'BA-1', '2026-01-01', '', 'x'],
      ['dpia', 'A', '', '31-02-2026', '', 'x'],
      ['dpia', 'A', '', '2026-01-01', 'snart', 'x'],
      ['dpia', 'A', '', '2026-01-01', '2025-12-31', 'x'],
      ['dpia', 'A', '', '2026-01-01', '', ''],
      ['dpia', 'A', '', '2026-01-01', '', 'x'.repeat(501)],
    ),
    at,
  )
  expect(told).toEqual([])
  expect(bad.map(one => `${one.line} ${one.what}`)).toEqual([
    ...['1 kind', '2 about', '3 both', '4 not-of-this', '5 day', '6 due', '7 due-before', '8 reference', '9 too-long'],
  ])
})

it('knows kinds by their code and by their words', () => {
  expect(kindOf('log-sample')).toBe('log-sample')
  expect(kindOf(' Stikprøve af log ')).toBe('log-sample')
  expect(kindOf('noget andet')).toBeNull()
})

it('reads a file of a town hall with Windows letters and semicolons; one without headings says what to do', async () => {
  const text = 'Type;System;Dato;Henvisning\r\nKonsekvensanalyse;Børnesystem;01.02.2026;Sag 9\r\n'
  const read = await readRecordFile(Buffer.from(text, 'latin1'), 'aftaler.csv')
  expect(read.told).toMatchObject([{ kind: 'dpia', system: 'Børnesystem', onDay: '2026-02-01' }])
  await expect(readRecordFile(Buffer.from('a;b\n1;2\n'), 'noget.csv')).rejects.toMatchObject({
    problem: 'source-invalid',
  })
})
