import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue as da } from '../../../../client/texts/da/catalogue.ts'
import { catalogue as en } from '../../../../client/texts/en/catalogue.ts'
import { readSheet, SHEET, type Sheet, type SheetField, sheetFields } from '../../../../server/contract/sheet.ts'
import { importTargets } from '../../../../server/contract/transfer.ts'
import { csvText } from '../../../../server/platform/write-csv.ts'
import { sheetChanges } from '../../../../server/systems/catalogue/effective-sheet.ts'
import { cellOf, isPlain, type Language, readCell, WORDS } from '../../../../server/systems/transfer/cell-text.ts'
import {
  contractLines,
  type ExportSystem,
  flowLines,
  systemLines,
} from '../../../../server/systems/transfer/export-lines.ts'
import { headingsOf, isOwn, proposeTargets } from '../../../../server/systems/transfer/headings.ts'
import { type Known, type KnownSystem, planImport } from '../../../../server/systems/transfer/plan-import.ts'
import { tellTables } from '../../../../server/systems/transfer/read-tables.ts'
import { readUpload } from '../../../../server/systems/transfer/read-upload.ts'
import { catalogueWorkbook } from '../../../../server/systems/transfer/write-workbook.ts'

/* Out and in again, by the real files: XLSX and CSV, in both languages. */

const who = { at: '2026-03-02T09:00:00.000Z', by: null, reason: null }
// What people write, and what they should not: separators, quotes, formulas, half signs, line ends.
const nasty = fc.constantFrom(
  '=1+1',
  "'=x",
  '+45',
  '-2',
  '@a',
  'constructor',
  '__proto__',
  'a|b',
  'c;d',
  '\\',
  '"',
  'æøå',
  '\u0001',
  'x\r\ny',
  '\ud800',
  '_x000D_',
  ' ',
  '\t',
  ',',
)
const text = (most: number) =>
  fc
    .array(fc.oneof(fc.string({ maxLength: 8 }), nasty), { minLength: 1, maxLength: 4 })
    .map(parts => parts.join('').replaceAll('\0', '').trim().slice(0, most).trim())
    .filter(one => one !== '')
const date = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  .map(one => one.toISOString().slice(0, 10))
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
const KEYS = ['alfa', 'beta', 'gamma']

const anyOf = (field: SheetField): fc.Arbitrary<unknown> => {
  const { kind, choices } = SHEET[field]
  if (kind === 'choice') return fc.constantFrom(...choices)
  if (kind === 'choices') return fc.subarray([...choices], { minLength: 1 })
  if (kind === 'flag') return fc.boolean()
  if (kind === 'date') return date
  if (kind === 'number') return fc.integer({ min: 0, max: 600 })
  if (kind === 'list') return fc.array(text(20), { minLength: 1, maxLength: 4 })
  if (kind === 'person' || kind === 'unit') return text(60).map(words => ({ words }))
  if (kind === 'contracts')
    return fc.array(
      fc.record(
        {
          // Also what would be read as a word for none.
          name: fc.oneof(text(60), fc.constantFrom('-', '(ingen)', '\\-', '\\\\(NONE)', '\\x')),
          number: maybe(text(20)),
          from: fc.constant('2001-02-03'),
          to: date.filter(one => one > '2001-02-03'),
          noticeMonths: maybe(fc.integer({ min: 0, max: 24 })),
          renewal: maybe(fc.constantFrom('none', 'automatic', 'option', 'tender')),
          pricePerYear: maybe(fc.integer({ min: 0, max: 10_000_000 })),
          agreement: maybe(fc.constantFrom('yes', 'no', 'irrelevant')),
          agreementOn: maybe(date),
          agreementLink: maybe(text(60)),
        },
        { noNullPrototype: true },
      ),
      { minLength: 1, maxLength: 3 },
    )
  if (kind === 'flows')
    return fc.array(
      fc.record(
        {
          system: fc.constantFrom('delta', 'omega'),
          direction: fc.constantFrom('out', 'in'),
          data: fc.array(text(20), { maxLength: 3 }),
          how: fc.constantFrom('api', 'file', 'message', 'database', 'manual'),
          frequency: maybe(fc.constantFrom('daily', 'yearly', 'on-demand')),
          owner: maybe(text(20)),
        },
        { noNullPrototype: true },
      ),
      { minLength: 1, maxLength: 3 },
    )
  return text(60)
}
const sheetOf = (key: string): fc.Arbitrary<Sheet> =>
  fc
    .record(
      Object.fromEntries(
        sheetFields.map(field => [
          field,
          // Names that nobody shares: two systems of one name are another test.
          field === 'name' ? text(40).map(name => `${key} ${name}`) : maybe(anyOf(field)),
        ]),
      ),
      { noNullPrototype: true },
    )
    .map(given => {
      const { values, mistakes } = readSheet(
        Object.fromEntries(Object.entries(given).filter(([, one]) => one !== undefined)),
      )
      expect(mistakes).toEqual([])
      return Object.fromEntries(Object.entries(values).filter(([, one]) => one !== null)) as Sheet
    })

const stored = (key: string, sheet: Sheet): KnownSystem => ({
  ...{ id: key, key, name: sheet.name ?? key, version: 1, feed: sheet, hand: {}, sheet, gone: false, linked: {} },
})
const knownOf = (systems: readonly KnownSystem[]): Known => ({
  systems: new Map(
    [...systems, stored('delta', { name: 'Delta' }), stored('omega', { name: 'Omega' })].map(one => [one.key, one]),
  ),
  ...{ uuids: new Map(), numbers: new Map(), people: new Map(), units: new Map(), unitKeys: new Map() },
  ...{ unitNames: new Map(), chosen: new Map() },
})
const exported = (sheets: readonly Sheet[]): ExportSystem[] =>
  sheets.map((sheet, at) => ({ key: KEYS[at] as string, name: sheet.name ?? '', sheet, named: {} }))

async function bringIn(file: Buffer, known: Known) {
  const content = await readUpload(file, 'Systemer')
  if (content.kind !== 'table') throw new Error('no table')
  const headings = content.tables.find(one => one.part === 'systems')?.headings ?? []
  const told = tellTables(content.tables, {
    columns: proposeTargets(headings),
    empty: isOwn(headings) ? 'clear' : 'keep',
  })
  return planImport(told, known, { people: [] }, who)
}
const language = fc.constantFrom<Language>('da', 'en')
const town = fc.tuple(...KEYS.map(sheetOf))

describe('out and in again', () => {
  it('changes nothing as a workbook, whatever stands in it', async () => {
    await fc.assert(
      fc.asyncProperty(town, language, async (sheets, lang) => {
        const systems = exported(sheets)
        const file = await catalogueWorkbook(
          {
            systems: systemLines(systems, lang),
            contracts: contractLines(systems, lang),
            flows: flowLines(systems, lang),
          },
          lang,
        )
        const { rows } = await bringIn(file, knownOf(sheets.map((sheet, at) => stored(KEYS[at] as string, sheet))))
        expect(rows.flatMap(row => row.faults)).toEqual([])
        expect(rows.flatMap(row => row.planned?.changes ?? [])).toEqual([])
        expect(rows.map(row => row.op)).toEqual(KEYS.map(() => 'unchanged'))
      }),
      { numRuns: 25 },
    )
  })

  it('changes nothing as CSV, each list for itself, and as Danish Excel writes it', async () => {
    await fc.assert(
      fc.asyncProperty(town, language, async (sheets, lang) => {
        const systems = exported(sheets)
        const known = knownOf(sheets.map((sheet, at) => stored(KEYS[at] as string, sheet)))
        for (const lines of [systemLines, contractLines, flowLines]) {
          const all = lines(systems, lang)
          if (all.length === 1) continue
          const { rows } = await bringIn(Buffer.from(csvText(all, lang === 'da' ? ';' : ','), 'utf8'), known)
          expect(rows.flatMap(row => row.faults)).toEqual([])
          expect(rows.flatMap(row => row.planned?.changes ?? [])).toEqual([])
        }
      }),
      { numRuns: 25 },
    )
  })

  it('changes exactly the cells that were changed in between', async () => {
    await fc.assert(
      fc.asyncProperty(sheetOf('alfa'), sheetOf('alfa'), language, async (before, after, lang) => {
        // Who or which unit is meant is looked up or asked: that has tests of its own.
        const plain = (one: Sheet): Sheet =>
          Object.fromEntries(
            Object.entries(one).filter(([name]) => !['person', 'unit'].includes(SHEET[name as SheetField].kind)),
          )
        const clean = (one: Sheet): Sheet => {
          const cells = Object.entries(plain(one)).map(([name, value]) => {
            const field = name as SheetField
            if (!isPlain(field)) return [name, value]
            const read = readCell(field, cellOf(field, value as never, 'da'))
            return [name, read.ok ? read.value : value]
          })
          return Object.fromEntries(cells)
        }
        const [was, is] = [plain(before), clean(after)]
        // A list that is gone altogether says nothing (docs/catalogue.md), so that is no change here.
        for (const field of ['contracts', 'flows'] as const)
          if (!is[field] && was[field]) Object.assign(is, { [field]: was[field] })
        const systems = exported([is])
        const file = await catalogueWorkbook(
          {
            systems: systemLines(systems, lang),
            contracts: contractLines(systems, lang),
            flows: flowLines(systems, lang),
          },
          lang,
        )
        const { rows } = await bringIn(file, knownOf([stored('alfa', was)]))
        expect(rows.flatMap(row => row.faults)).toEqual([])
        const inWords = (sheet: Sheet) => systemLines(exported([sheet]), 'da')
        expect(inWords(rows[0]?.planned?.sheet ?? {})).toEqual(inWords(is))
        const fields = rows[0]?.planned?.changes.map(one => one.field) ?? []
        const expected = sheetChanges(was, is)
          .map(one => one.field)
          // Written alike, they are alike: line ends and signs that no file carries.
          .filter(
            field =>
              !isPlain(field) || cellOf(field, was[field] as never, 'da') !== cellOf(field, is[field] as never, 'da'),
          )
        expect(fields.filter(field => isPlain(field))).toEqual(expected.filter(field => isPlain(field)))
      }),
      { numRuns: 25 },
    )
  })
})

describe('the last contract and the last flow', () => {
  const before: Sheet = readSheet({
    name: 'Alfa',
    contracts: [{ name: 'Aftale' }],
    flows: [{ system: 'delta', direction: 'out', data: [], how: 'api' }],
  }).values as Sheet
  const lists = (lang: Language, contracts: string[][], flows: string[][]) =>
    catalogueWorkbook(
      {
        systems: systemLines(exported([before]), lang),
        contracts: [headingsOf.contracts(WORDS[lang]), ...contracts],
        flows: [headingsOf.flows(WORDS[lang]), ...flows],
      },
      lang,
    )
  const at = () => knownOf([stored('alfa', before)])

  it.each(['-', '–', '(ingen)', '(None)'])('go where the row of the system says %s and nothing else', async word => {
    for (const lang of ['da', 'en'] as const) {
      const { rows } = await bringIn(await lists(lang, [['alfa', '', word]], [['alfa', 'Alfa', word]]), at())
      expect(rows[0]?.faults).toEqual([])
      expect(rows[0]?.planned?.changes).toEqual([
        { field: 'contracts', before: before.contracts, after: null },
        { field: 'flows', before: before.flows, after: null },
      ])
    }
  })
  it('stay where no row names the system', async () => {
    const { rows } = await bringIn(await lists('da', [], []), at())
    expect(rows[0]?.op).toBe('unchanged')
  })
  it('say nothing new of a system that has none', async () => {
    const bare: Sheet = { name: 'Alfa' }
    const { rows } = await bringIn(
      await catalogueWorkbook(
        {
          systems: systemLines(exported([bare]), 'da'),
          contracts: [headingsOf.contracts(WORDS.da), ['alfa', '', '-']],
          flows: [headingsOf.flows(WORDS.da)],
        },
        'da',
      ),
      knownOf([stored('alfa', bare)]),
    )
    expect(rows[0]?.op).toBe('unchanged')
  })
  it('are a mistake where another row of the system has one', async () => {
    const { rows } = await bringIn(
      await lists(
        'da',
        [
          ['alfa', '', '-'],
          ['alfa', '', 'Ny aftale'],
        ],
        [],
      ),
      at(),
    )
    expect(rows[0]?.faults).toMatchObject([{ code: 'none-and-more', line: 2 }])
  })
})

describe('words of files', () => {
  it('are those of the screens, in both languages, and no two headings or values of a list are the same', () => {
    for (const [lang, texts] of [
      ['da', da],
      ['en', en],
    ] as const) {
      const { field, choice, yes, no } = texts.catalogue
      expect(WORDS[lang].field).toEqual(field)
      expect(WORDS[lang].choice).toEqual(choice)
      expect([WORDS[lang].yes, WORDS[lang].no]).toEqual([yes, no])
      for (const headings of Object.values(headingsOf).map(make => make(WORDS[lang])))
        expect(new Set(headings.map(one => one.toLowerCase())).size).toBe(headings.length)
      for (const values of Object.values(WORDS[lang].choice as Record<string, Record<string, string>>))
        expect(new Set(Object.values(values).map(one => one.toLowerCase())).size).toBe(Object.keys(values).length)
      expect(proposeTargets(headingsOf.systems(WORDS[lang]))).toEqual(importTargets)
    }
  })
})
