import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ActivityContent, activityContent } from '../../../server/contract/activity-content.ts'
import { REGISTER_PARTS, registerSettings } from '../../../server/contract/register-transfer.ts'
import type { RawTable } from '../../../server/feeds/imports/read-sent.ts'
import type { Known } from '../../../server/interop/register/known-register.ts'
import { planRegister, written } from '../../../server/interop/register/plan-register.ts'
import { readRegister } from '../../../server/interop/register/read-register.ts'
import { type ExportRecord, registerLines } from '../../../server/interop/register/record-lines.ts'
import { registerWorkbook } from '../../../server/interop/register/register-workbook.ts'
import { columnsFor } from '../../../server/interop/register/sheet-headings.ts'
import { columnOf, type Language, LISTS, ownColumns, SHEETS } from '../../../server/interop/register/sheets.ts'
import { isOwnFile, type Table, tablesOf, tellTables } from '../../../server/interop/register/tell-tables.ts'
import { diffContent } from '../../../server/register/activities/diff-content.ts'
import { recordsOf, SYSTEMS, TERMS, UNITS, wholeContents } from '../../support/register-contents.ts'
import { unzip } from '../../support/unzip.ts'

/* The register out and in again, by the real files, in both languages. */

const knownOf = (records: readonly ExportRecord[]): Known => ({
  ...{ vocabularies: TERMS, units: UNITS, systems: SYSTEMS },
  records: records.map(one => ({ ...one, open: null, mayChange: true })),
  numbers: new Map([['1001', [{ affiliation: '00000000-0000-4000-8003-000000000001', person: 'p1' }]]]),
})

const settingsOf = (own: boolean) => registerSettings.parse({ empty: own ? 'clear' : 'keep', area: 'Andet' })
function plan(tables: readonly Table[], known: Known) {
  const own = isOwnFile(tables)
  const columns = tables.map(one => columnsFor(one.part, one.headings))
  return { own, ...planRegister(tellTables(tables, columns), known, settingsOf(own), '2026-03-02') }
}
/** As the cells of a workbook are read, without the workbook: many more of them in the same time. */
function throughCells(records: readonly ExportRecord[], said: Language): Table[] {
  const lines = registerLines(records, TERMS, said)
  const sheets = REGISTER_PARTS.map(part => ({
    sheet: SHEETS[part][said],
    rows: lines[part].map((cells, at) => ({ line: at + 1, cells: cells.map(cell => cell.trim()) })),
  }))
  return tablesOf(sheets).tables
}
async function throughFile(records: readonly ExportRecord[], said: Language): Promise<Table[]> {
  const file = await registerWorkbook(registerLines(records, TERMS, said), TERMS, said)
  const content = await readRegister(file, 'Fortegnelse')
  if (content.kind !== 'table') throw new Error('no table')
  return content.tables
}
const language = fc.constantFrom<Language>('da', 'en')
const several = fc.array(wholeContents, { minLength: 1, maxLength: 3 })
const nothingChanges = (records: readonly ExportRecord[], tables: readonly Table[]) => {
  const { own, rows } = plan(tables, knownOf(records))
  expect(own).toBe(true)
  expect(rows.map(row => [row.record?.ref, row.op, row.faults, row.notes, row.changes])).toEqual(
    records.map(one => [one.ref, 'unchanged', [], [], []]),
  )
}

/** In a file that says something new, a dash says that there is no limit, and the event of a limit is another name for it. */
function withoutAsides(content: ActivityContent): ActivityContent {
  if (content.kind !== 'controller') return content
  const keys = new Set(content.retention.map(rule => rule.key))
  return {
    ...content,
    rows: content.rows.map(row => ({ ...row, erasure: row.erasure && keys.has(row.erasure) ? row.erasure : null })),
  }
}

describe('out and in again', () => {
  it('changes nothing, through the real file', async () => {
    await fc.assert(
      fc.asyncProperty(several, language, async (contents, said) => {
        const records = recordsOf(contents)
        nothingChanges(records, await throughFile(records, said))
      }),
      { numRuns: 5 },
    )
  })

  it('changes nothing, whatever stands in the cells', () => {
    fc.assert(
      fc.property(several, language, (contents, said) => {
        const records = recordsOf(contents)
        nothingChanges(records, throughCells(records, said))
      }),
      { numRuns: 60 },
    )
  })

  it('tells what differs between the file and the register, and nothing else', () => {
    fc.assert(
      fc.property(wholeContents, wholeContents, language, (before, after, said) => {
        fc.pre(before.kind === after.kind)
        const [was] = recordsOf([before])
        const [is] = recordsOf([withoutAsides({ ...after, owner: before.owner })])
        const [row] = plan(throughCells([is!], said), knownOf([was!])).rows
        const differs = diffContent(written(was!.content), written(is!.content))
        // A code that the vocabulary lacks is understood only where it stands already, and a unit that is gone likewise.
        if (row?.op === 'bad') {
          expect(row.faults.map(one => one.code)).toEqual(
            row.faults.map(() => expect.stringMatching(/^(not-a-term|unknown-unit)$/)),
          )
          return
        }
        expect(row?.op).toBe(differs.length > 0 ? 'changed' : 'unchanged')
        expect(row?.changes).toEqual(differs)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a template', () => {
  it.each(['da', 'en'] as const)('offers each closed column its words, and no others, in %s', async said => {
    const entries = await unzip(await registerWorkbook(registerLines([], TERMS, said), TERMS, said))
    const xml = (at: number) => entries.get(`xl/worksheets/sheet${at}.xml`)?.toString('utf8') ?? ''
    const texts = [
      ...(entries.get('xl/sharedStrings.xml')?.toString('utf8') ?? '').matchAll(/<si>.*?<t[^>]*>(.*?)<\/t>/gs),
    ]
    const lists = xml(REGISTER_PARTS.length + 1)
    const cell = (address: string) => {
      const at = new RegExp(`<c r="${address}"[^>]*t="s"[^>]*><v>(\\d+)</v>`).exec(lists)?.[1]
      return plain(texts[Number(at)]?.[1] ?? '')
    }
    for (const [place, part] of REGISTER_PARTS.entries())
      for (const [at, column] of ownColumns(part).entries()) {
        const rule = new RegExp(
          `<dataValidation [^>]*sqref="${letter(at)}2:[^>]*><formula1>'${LISTS[said]}'!\\$([A-Z]+)\\$2:\\$\\1\\$(\\d+)<`,
        ).exec(xml(place + 1))
        const kind = column.terms
        if (!kind) {
          expect(rule === null, `${part}.${column.name}`).toBe(column.choice === undefined)
          continue
        }
        const offered = Array.from({ length: Number(rule?.[2] ?? 1) - 1 }, (_, line) => cell(`${rule?.[1]}${line + 2}`))
        const terms = [...TERMS[kind].values()].filter(term => !term.retired)
        expect(offered).toEqual(terms.map(term => (kind === 'law' ? term.da : `${term[said]} [${term.code}]`)))
      }
  })
})
const letter = (at: number) => String.fromCharCode(65 + at)
const plain = (xml: string) =>
  xml
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')

describe('a workbook that an earlier version wrote', () => {
  it('is ours all the same, and takes no kind of purpose away', () => {
    const purposes = [
      { key: 'et', name: 'Det første', broader: 'treatment', art6: '6.1.e', provisions: [{ law: 'Sundhedsloven' }] },
      { key: 'to', name: 'Det andet', broader: null, art6: '6.1.a' },
    ]
    const records = recordsOf([activityContent.parse({ kind: 'controller', name: 'Pleje', area: 'Sundhed', purposes })])
    for (const said of ['da', 'en'] as const) {
      const tables = throughCells(records, said).map(table => {
        const at = table.headings.indexOf(columnOf('purposes', 'broader')![said])
        const without = (cells: readonly string[]) => cells.filter((_, place) => place !== at)
        return table.part === 'purposes'
          ? {
              ...{ ...table, headings: without(table.headings) },
              rows: table.rows.map(row => ({ ...row, cells: without(row.cells) })),
            }
          : table
      })
      expect(tables.find(one => one.part === 'purposes')?.headings).not.toContain(
        columnOf('purposes', 'broader')![said],
      )
      nothingChanges(records, tables)
    }
  })
})

describe('a list of other people', () => {
  it('that says the purpose on the line of the record speaks of the first, and leaves what it does not say', () => {
    const purposes = [
      {
        ...{ key: 'et', name: 'Det første', description: 'Sådan', art6: '6.1.c', art9: ['9.2.h'] },
        broader: 'treatment',
        provisions: [{ law: 'Sundhedsloven', section: '§ 138', checkedOn: '2026-01-02' }],
      },
      { key: 'to', name: 'Det andet', art6: '6.1.a' },
    ]
    const [was] = recordsOf([activityContent.parse({ kind: 'controller', name: 'Pleje', area: 'Sundhed', purposes })])
    const table: RawTable = {
      sheet: null,
      rows: [
        { line: 1, cells: ['Navn', 'Hjemmel', 'Lovgivning'] },
        { line: 2, cells: [was!.content.name, 'Art. 6, stk. 1, litra e', 'Sundhedsloven; Ældreloven'] },
      ],
    }
    const [row] = plan(tablesOf([table]).tables, knownOf([was!])).rows
    expect(row?.changes.map(one => [one.field, one.key, one.part, one.after])).toEqual([
      ['purposes', 'et', 'art6', '6.1.e'],
      [
        ...['purposes', 'et', 'provisions'],
        [
          { law: 'Sundhedsloven', section: '§ 138', link: null, checkedOn: '2026-01-02' },
          { law: 'Ældreloven', section: null, link: null, checkedOn: null },
        ],
      ],
    ])
  })
})
