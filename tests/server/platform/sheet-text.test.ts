import { inflateRawSync } from 'node:zlib'
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

/** A part of a workbook, by the directory at the end of the ZIP. */
function partOf(file: Buffer, name: string): string {
  for (let at = file.indexOf('PK\u0001\u0002'); at >= 0; at = file.indexOf('PK\u0001\u0002', at + 4)) {
    if (file.toString('utf8', at + 46, at + 46 + file.readUInt16LE(at + 28)) !== name) continue
    const [packed, local] = [file.readUInt32LE(at + 20), file.readUInt32LE(at + 42)]
    const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
    const bytes = file.subarray(from, from + packed)
    return (file.readUInt16LE(at + 10) === 8 ? inflateRawSync(bytes) : bytes).toString('utf8')
  }
  throw new Error(`no part ${name}`)
}

test('a workbook has the style that strict readers look for, in its place', async () => {
  const styles = partOf(await exportFile([['a'], ['b']], 'xlsx'), 'xl/styles.xml')
  const order = ['<fonts', '<fills', '<borders', '<cellStyleXfs', '<cellXfs', '<cellStyles'].map(part =>
    styles.indexOf(part),
  )
  expect(order.every(place => place >= 0)).toBe(true)
  expect(order).toEqual([...order].sort((a, b) => a - b))
})
