import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import readXlsxFile from 'read-excel-file/node'
import { describe, expect, test } from 'vitest'
import { writeXlsx } from '../../../server/platform/documents/write-xlsx.ts'
import { xmlText } from '../../../server/platform/documents/xml-text.ts'
import { zipStream } from '../../../server/platform/documents/zip-stream.ts'
import { sayable } from '../../../server/platform/sheet-text.ts'

const read = async (file: Buffer, sheet = 1) => {
  const sheets = (await readXlsxFile(file)) as unknown as { sheet: string; data: unknown[][] }[]
  return sheets[sheet - 1]!
}
const sheet = (rows: readonly (readonly (string | number | { day: string } | null)[])[]) => ({
  ...{ name: 'Rækker', head: ['A', 'B', 'C'], widths: [10, 10, 10], rows },
})

describe('a workbook that is written as a stream', () => {
  test('is read back as it was: texts, numbers, days, lines above', async () => {
    const file = await buffer(
      writeXlsx([
        { ...sheet([['=1+1', 42, { day: '2026-03-02' }]]), above: [['Titel'], ['Dato', { day: '2024-02-29' }]] },
        { ...sheet([[null, 'æøå & <b> "x"', null]]), name: 'To' },
      ]),
    )
    const { data } = await read(file)
    expect(data[0]?.[0]).toBe('Titel')
    expect((data[1]![1] as Date).toISOString().slice(0, 10)).toBe('2024-02-29')
    expect(data[2]).toEqual(['A', 'B', 'C'])
    expect(data[3]?.slice(0, 2)).toEqual(['=1+1', 42])
    expect((data[3]![2] as Date).toISOString().slice(0, 10)).toBe('2026-03-02')
    const second = await read(file, 2)
    expect(second.sheet).toBe('To')
    expect(second.data[1]?.[1]).toBe('æøå & <b> "x"')
  })

  test('any text comes back, but for signs that no workbook can hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), async text => {
        const file = await buffer(writeXlsx([sheet([['før', text, 'efter']])]))
        const { data } = await read(file)
        expect([data[1]?.[0], data[1]?.[2]]).toEqual(['før', 'efter'])
        const held = xmlText(sayable(text))
        const lines = (value: string) => value.replace(/\r\n?/g, '\n').replaceAll('_x005F_', '_').trim()
        expect(lines(String(data[1]?.[1] ?? ''))).toBe(lines(held))
      }),
      { numRuns: 100 },
    )
  })

  test('rows that fail make the file fail, also within an archive', async () => {
    const failing = async function* () {
      yield ['a', 'b', 'c']
      throw new Error('the database went away')
    }
    const book = () => writeXlsx([{ ...sheet([]), rows: failing() }])
    await expect(buffer(book())).rejects.toThrow('the database went away')
    await expect(
      buffer(
        zipStream(async function* () {
          yield { name: 'a.txt', open: () => Buffer.from('a') }
          yield { name: 'b.xlsx', open: book, packed: true }
        }).stream,
      ),
    ).rejects.toThrow('the database went away')
  })

  test('the same rows give the same bytes, and memory does not grow with them', async () => {
    const many = function* (count: number) {
      for (let n = 0; n < count; n++) yield [`Række ${n}`, n, { day: '2026-03-02' }]
    }
    const book = (count: number) => writeXlsx([{ ...sheet([]), rows: many(count) }])
    expect((await buffer(book(5000))).equals(await buffer(book(5000)))).toBe(true)
    // Read as slowly as it likes: what waits is a few parts, not the sheet.
    let most = 0
    let bytes = 0
    for await (const chunk of book(60_000)) {
      bytes += (chunk as Buffer).length
      most = Math.max(most, (chunk as Buffer).length)
    }
    expect(bytes).toBeGreaterThan(200_000)
    expect(most).toBeLessThan(200_000)
  })
})
