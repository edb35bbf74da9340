import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterAll, expect, test } from 'vitest'
import { csvReader } from '../../../../server/feeds/reading/read-csv.ts'
import type { ReadItem } from '../../../../server/feeds/reading/reader.ts'
import { parseSources } from '../../../../server/feeds/sources/read-sources.ts'
import { expectSpoken } from '../../../support/spoken.ts'

const folder = mkdtempSync(join(tmpdir(), 'hjemmel-csv-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function read(content: string | Buffer, options = '', key = 'Nr'): Promise<ReadItem[]> {
  writeFileSync(join(folder, 'a.csv'), content)
  const yaml = `sources:
  - key: hr
    kind: csv
    ${options}
    files:
      - { path: a.csv, record: person, key: ${key}, map: { givenName: Fornavn, kle: { column: KLE, split: '|' } } }
`
  const [source] = parseSources(yaml, { file: 'k.yaml', folder, readers: [csvReader] })
  const items: ReadItem[] = []
  const context = { secretOf: () => '', signal: new AbortController().signal }
  for await (const batch of csvReader.read(source!, context)) items.push(...batch)
  return items
}

const anna = { kind: 'person', key: '1', attrs: { givenName: 'Ærø', kle: ['00', '27'] }, at: 'a.csv:2' }

test('byte order mark, CR LF, quotes, blanks and empty lines', async () => {
  expect(await read('\ufeffNr;Fornavn;KLE\r\n1; "Ærø" ;00|27\r\n\r\n')).toEqual([anna])
  expect(await read('Nr;Fornavn;KLE\n1;"Æ;""rø""\nto linjer";00\n')).toMatchObject([
    { attrs: { givenName: 'Æ;"rø"\nto linjer' } },
  ])
})

test('another encoding and another delimiter, as declared', async () => {
  const content = iconv.encode('Nr,Fornavn,KLE\n1,Ærø,00|27\n', 'windows-1252')
  expect(await read(content, "encoding: windows-1252\n    delimiter: ','")).toEqual([anna])
  await expect(read(content, "encoding: utf-8\n    delimiter: ','")).rejects.toMatchObject({
    problem: 'source-invalid',
    message: expect.stringMatching(/UTF-8/),
  })
})

test.each([
  ['Windows-1252, as Danish Excel saves "CSV (semikolonsepareret)"', 'windows-1252', ';', '\r\n'],
  ['UTF-8 without a mark', 'utf-8', ';', '\n'],
  ['Excel\'s "Unicode-tekst": UTF-16 with a mark, and tabs', 'utf-16le', '\t', '\r\n'],
  ['commas, as others write them', 'utf-8', ',', '\n'],
])('found out from the file: %s', async (_what, encoding, delimiter, end) => {
  const lines = [
    ['Nr', 'Fornavn', 'KLE'],
    ['1', 'Ærø', '00|27'],
  ].map(cells => cells.join(delimiter))
  const text = lines.map(line => line + end).join('')
  expect(await read(iconv.encode(text, encoding, { addBOM: encoding === 'utf-16le' }))).toEqual([anna])
})

test('the first letter beyond ASCII may stand far down; then too the whole file is in its one encoding', async () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => `${n};Bo;00`)
  const content = iconv.encode(['Nr;Fornavn;KLE', ...rows, '20000;Søren;00', ''].join('\r\n'), 'windows-1252')
  const items = await read(content)
  expect(items).toHaveLength(20_001)
  expect(items.at(-1)).toMatchObject({ key: '20000', attrs: { givenName: 'Søren' } })
})

test('a file that is UTF-8 but for a spot is refused, and not read as something else', async () => {
  const good = Buffer.from('Nr;Fornavn;KLE\n1;Ærø;00\n2;Åse;00\n3;Øst;00\n')
  await expect(read(Buffer.concat([good, Buffer.from([0x34, 0x3b, 0xe6, 0x3b, 0x30, 0x0a])]))).rejects.toMatchObject({
    problem: 'source-invalid',
    message: expect.stringMatching(/not UTF-8/),
  })
  // Cut in the middle of a letter.
  await expect(read(Buffer.from('Nr;Fornavn;KLE\n1;Ærø;00\n2;Å').subarray(0, -1))).rejects.toMatchObject({
    problem: 'source-invalid',
  })
})

test("Excel's line `sep=` says what separates, and is no header", async () => {
  expect(await read('sep=,\r\nNr,Fornavn,KLE\r\n1,Ærø,00|27\r\n')).toMatchObject([{ key: '1', at: 'a.csv:3' }])
  expect(await read('\ufeffsep=;\r\nNr;Fornavn;KLE\r\n1;Ærø;00|27\r\n')).toMatchObject([{ key: '1' }])
})

test('headings are found without regard to case and blanks; of two alike the one written exactly so is meant', async () => {
  expect(await read(' NR ;  fornavn;Kle\n1;Ærø;00|27\n')).toMatchObject([anna])
  expect(await read('Nr;FORNAVN;Fornavn;KLE\n1;Forkert;Ærø;00|27\n')).toMatchObject([anna])
  await expect(read('Nr;FORNAVN;fornavn;KLE\n1;A;B;00\n')).rejects.toMatchObject({
    problem: 'source-invalid',
    message: expect.stringMatching(/more than one column "Fornavn"/),
    info: { said: { code: 'column-twice', params: { file: 'a.csv', column: 'Fornavn' } } },
  })
})

test('columns and rows that Excel has left empty at the end are nothing; a cell beyond the header is no row', async () => {
  const text = 'Nr;Fornavn;KLE;;;\r\n1;Ærø;00|27;;;\r\n2;Bo;00\r\n3;Ib;00;;x;\r\n;;;;;\r\n;;\r\n'
  expect(await read(text)).toMatchObject([
    { key: '1' },
    { key: '2' },
    { reject: 'columns-wrong', key: '3', params: { expected: 3 } },
  ])
})

test('text that looks like a formula stays text; a quote inside a value is a sign like others', async () => {
  const items = await read('Nr;Fornavn;KLE\n1;=1+1;00\n2;@SUM(A1);00\n3;="0042";00\n4;Skærm 24";00\n5;-2;00\n')
  expect(items.map(item => 'attrs' in item && item.attrs.givenName)).toEqual([
    '=1+1',
    '@SUM(A1)',
    '="0042"',
    'Skærm 24"',
    '-2',
  ])
})

test('several columns make one key; a missing part of it is a reject', async () => {
  const items = await read('Nr;Fornavn;KLE\n1;Bo;00\n2;;00\n', '', '[Nr, Fornavn]')
  expect(items).toMatchObject([{ key: '1:Bo' }, { reject: 'key-missing', at: 'a.csv:3' }])
})

test('a missing column is named, with the file and the columns that are there', async () => {
  await expect(read('Nr;Navn;KLE\n1;Bo;00\n')).rejects.toMatchObject({
    problem: 'source-invalid',
    message: expect.stringMatching(/a\.csv has no column "Fornavn".*Nr, Navn, KLE/),
    info: { said: { code: 'columns-missing', params: { missing: 'Fornavn', columns: 'Nr, Navn, KLE' } } },
  })
})

test('a line cut at the end is rejected with its place; an open quote is an incomplete file', async () => {
  expect(await read('Nr;Fornavn;KLE\n1;Ærø;00|27\n2;B')).toMatchObject([
    { key: '1' },
    { reject: 'columns-wrong', key: '2', at: 'a.csv:3', params: { expected: 3, found: 2 } },
  ])
  await expect(read('Nr;Fornavn;KLE\n1;"Bo;00\n')).rejects.toMatchObject({
    problem: 'source-incomplete',
    info: { said: { code: 'csv-cut-short', params: { file: 'a.csv' } } },
  })
})

test('a file that is not there', async () => {
  const yaml = `sources: [{ key: hr, kind: csv, files: [{ path: none.csv, record: unit, key: Nr, map: { name: Navn } }] }]`
  const [source] = parseSources(yaml, { file: 'k.yaml', folder, readers: [csvReader] })
  await expect(csvReader.seenAt(source!)).rejects.toMatchObject({
    problem: 'source-unreachable',
    info: { said: { code: 'file-unreadable', params: { file: 'none.csv', code: 'ENOENT' } } },
  })
  const steps = await csvReader.test(source!, { secretOf: () => '', signal: new AbortController().signal })
  expectSpoken(steps)
  expect(steps).toMatchObject([{ ok: false, said: { code: 'file-unreadable' } }])
})

test('a sample: lines as the file has them beside their records, of every sort, refused ones among them', async () => {
  const rows = Array.from({ length: 40 }, (_, n) => `${n};Navn ${n};00;010203-${1000 + n}`)
  writeFileSync(join(folder, 'a.csv'), ['Nr;Fornavn;KLE;Note;', ...rows, ';Uden nummer;00;x', ''].join('\n'))
  const yaml = `sources: [{ key: hr, kind: csv, files: [
    { path: a.csv, record: person, key: Nr, map: { givenName: Fornavn, kle: KLE } },
    { path: a.csv, record: unit, key: Nr, map: { name: Fornavn } }] }]`
  const [source] = parseSources(yaml, { file: 'k.yaml', folder, readers: [csvReader] })
  const sample = await csvReader.sample!(source!, { secretOf: () => '', signal: new AbortController().signal }, 6)
  expect(sample).toHaveLength(6)
  expect(sample[0]).toEqual({
    at: 'a.csv:2',
    raw: { Nr: '0', Fornavn: 'Navn 0', KLE: '00', Note: '010203-1000' },
    items: [{ kind: 'person', key: '0', attrs: { givenName: 'Navn 0', kle: ['00'] }, at: 'a.csv:2' }],
  })
  expect(sample.map(entry => entry.items[0]!.kind)).toContain('unit')
  expect(sample.filter(entry => 'reject' in entry.items[0]!)).toHaveLength(2)
})
