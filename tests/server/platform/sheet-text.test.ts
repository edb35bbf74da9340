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
