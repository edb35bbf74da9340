import { expect, test } from 'vitest'
import { exportFile } from '../../../server/access/what-if/export-what-if.ts'
import { readSheetRows } from '../../../server/platform/read-sheet.ts'

test('a workbook with names that every object has can be read again', async () => {
  const lines = [
    ['navn', 'ret'],
    ['constructor', '__proto__'],
    ['toString', 'Mette'],
  ]
  const read = await readSheetRows(await exportFile(lines, 'xlsx'), 'a.xlsx')
  expect(read.map(row => row.cells.map(cell => String(cell ?? '').trim()))).toEqual(lines)
})

test('a text that looks like a sign by its number stays that text, and one longer than a cell is cut', async () => {
  const texts = ['_x000D_', '_x005F_x000d_', 'a_x0041_b', '_x00_', '_']
  const long = 'a'.repeat(40_000)
  const lines = [['tekst'], ...texts.map(one => [one]), [long]]
  const read = await readSheetRows(await exportFile(lines, 'xlsx'), 'a.xlsx')
  const cells = read.map(row => String(row.cells[0]))
  expect(cells.slice(1, -1)).toEqual(texts)
  expect(cells.at(-1)).toBe(`${'a'.repeat(32_766)}…`)
})
