import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterAll, expect, test } from 'vitest'
import { csvReader } from '../../../server/feeds/read-csv.ts'
import { parseSources } from '../../../server/feeds/read-sources.ts'
import type { ReadItem } from '../../../server/feeds/reader.ts'

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
  await expect(read(content)).rejects.toMatchObject({
    problem: 'source-invalid',
    message: expect.stringMatching(/UTF-8/),
  })
})

test('several columns make one key; a missing part of it is a reject', async () => {
  const items = await read('Nr;Fornavn;KLE\n1;Bo;00\n2;;00\n', '', '[Nr, Fornavn]')
  expect(items).toMatchObject([{ key: '1:Bo' }, { reject: 'key-missing', at: 'a.csv:3' }])
})

test('a missing column is named, with the file and the columns that are there', async () => {
  await expect(read('Nr;Navn;KLE\n1;Bo;00\n')).rejects.toMatchObject({
    problem: 'source-invalid',
    message: expect.stringMatching(/a\.csv has no column "Fornavn".*Nr, Navn, KLE/),
  })
})

test('a line cut at the end is rejected with its place; an open quote is an incomplete file', async () => {
  expect(await read('Nr;Fornavn;KLE\n1;Ærø;00|27\n2;B')).toMatchObject([
    { key: '1' },
    { reject: 'columns-wrong', key: '2', at: 'a.csv:3', params: { expected: 3, found: 2 } },
  ])
  await expect(read('Nr;Fornavn;KLE\n1;"Bo;00\n')).rejects.toMatchObject({ problem: 'source-incomplete' })
})

test('a file that is not there', async () => {
  const yaml = `sources: [{ key: hr, kind: csv, files: [{ path: none.csv, record: unit, key: Nr, map: { name: Navn } }] }]`
  const [source] = parseSources(yaml, { file: 'k.yaml', folder, readers: [csvReader] })
  await expect(csvReader.seenAt(source!)).rejects.toMatchObject({ problem: 'source-unreachable' })
})
