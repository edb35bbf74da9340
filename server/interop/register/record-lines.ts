import type { ActivityContent, ControllerContent, ProcessorContent } from '#contract/activity-content.ts'
import type { RegisterPart } from '#contract/register-transfer.ts'
import type { Vocabularies } from '../../register/vocabulary/vocabulary.ts'
import { cleanText, listCell } from '../../systems/transfer/cell-text.ts'
import { type Language, ownColumns, SHEETS } from './sheets.ts'
import { choiceCell, periodCell, termCell } from './term-text.ts'

/** What a record names by id, as far as the reader may know it. */
export type Named = {
  /** No protected name is in any file, and a number only for who may see employments whole. */
  owner: { id: string; name: string; number: string | null; hidden: boolean } | null
  units: { id: string; name: string; key: string | null }[]
  systems: { id: string; key: string; name: string }[]
}
export type ExportRecord = {
  id: string
  ref: string
  standing: 'draft' | 'coming' | 'in-force' | 'retired'
  content: ActivityContent
  named: Named
}

export const ownerCell = (owner: Named['owner'], language: Language): string => {
  if (!owner) return ''
  const name = owner.hidden ? HIDDEN[language] : cleanText(owner.name)
  return owner.number ? `${name} [${cleanText(owner.number)}]` : name
}
const HIDDEN = { da: 'Beskyttet person', en: 'Protected person' }

/** A unit or a system: a name is for people, the key is what counts. One that is gone has only its id. */
export const keyedCell = (one: { id: string; name?: string; key: string | null } | undefined, id: string): string =>
  one?.key ? `${cleanText(one.name ?? '')} [${cleanText(one.key)}]`.trim() : `[${id}]`

export type Cells = Record<string, string>

/** Every sheet of the workbook, its headings first. */
export function registerLines(
  records: readonly ExportRecord[],
  vocabularies: Vocabularies,
  language: Language,
): Record<RegisterPart, string[][]> {
  const lines = Object.fromEntries(
    Object.entries(SHEETS).map(([part, sheet]) => [
      part,
      [sheet.columns.filter(one => !one.foreign).map(one => one[language])],
    ]),
  ) as Record<RegisterPart, string[][]>
  for (const record of records)
    for (const [part, cells] of recordCells(record, vocabularies, language))
      lines[part].push(ownColumns(part).map(column => cells[column.name] ?? ''))
  return lines
}

/** The lines of one record, sheet by sheet. */
export function* recordCells(
  { ref, content, named }: ExportRecord,
  vocabularies: Vocabularies,
  language: Language,
): Generator<[RegisterPart, Cells]> {
  const term: TermOf = (kind, code) => (code === null ? '' : termCell(vocabularies, kind, code, language))
  const of = { activity: ref, title: cleanText(content.name) }
  yield [
    'activities',
    {
      ref,
      kind: choiceCell('kind', content.kind, language),
      ...plain(content, ['name', 'nameEn', 'area', 'description', 'measuresNote']),
      owner: content.owner === null ? '' : named.owner ? ownerCell(named.owner, language) : `[${content.owner}]`,
      units: listCell(
        content.units.map(id =>
          keyedCell(
            named.units.find(one => one.id === id),
            id,
          ),
        ),
      ),
      kle: content.kle.join(', '),
      reviewMonths: String(content.reviewMonths),
      ...party('dpo', content.dpo),
      ...party('representative', content.representative),
      ...(content.kind === 'controller' ? plain(content, ['information', 'consent']) : {}),
    },
  ]
  if (content.kind === 'controller') yield* controllerCells(content, of, term, language)
  else yield* processorCells(content, of, language)
  for (const one of content.transfers)
    yield [
      'transfers',
      {
        ...of,
        ...plain(one, ['recipient', 'country', 'document', 'from', 'to']),
        ground: term('transfer-ground', one.ground),
      },
    ]
  for (const { systemId, use } of content.systems)
    yield [
      'systems',
      {
        ...of,
        system: keyedCell(
          named.systems.find(one => one.id === systemId),
          systemId,
        ),
        use: cleanText(use ?? ''),
      },
    ]
  for (const code of content.measures) yield ['measures', { ...of, measure: term('measure', code) }]
}

type Of = { activity: string; title: string }
type TermOf = (kind: Parameters<typeof termCell>[1], code: string | null) => string

function* controllerCells(
  content: ControllerContent,
  of: Of,
  term: TermOf,
  language: Language,
): Generator<[RegisterPart, Cells]> {
  for (const row of content.rows)
    yield [
      'rows',
      {
        ...of,
        subject: term('subject', row.subject),
        data: term('data', row.data),
        recipient: term('recipient', row.recipient),
        ...plain(row, ['erasure', 'source']),
      },
    ]
  for (const purpose of content.purposes) {
    const cells = {
      ...{ ...of, ...plain(purpose, ['key', 'name', 'description']), art6: term('basis6', purpose.art6) },
      broader: term('purpose-kind', purpose.broader ?? null),
      art9: listCell(purpose.art9.map(code => term('basis9', code))),
      national: listCell(purpose.national.map(code => term('national', code))),
    }
    if (purpose.provisions.length === 0) yield ['purposes', cells]
    for (const one of purpose.provisions)
      yield ['purposes', { ...cells, ...plain(one, ['law', 'section', 'link', 'checkedOn']) }]
  }
  for (const rule of content.retention)
    yield [
      'retention',
      {
        ...{ ...of, ...plain(rule, ['key', 'startEvent', 'basis', 'note']) },
        period: rule.period === null ? '' : periodCell(rule.period, language),
        archive: choiceCell('archive', rule.archive, language),
      },
    ]
  for (const one of content.jointControllers)
    yield [
      'parties',
      { ...of, role: choiceCell('role', 'joint', language), ...plain(one, ['name', 'contact', 'arrangement']) },
    ]
}

function* processorCells(content: ProcessorContent, of: Of, language: Language): Generator<[RegisterPart, Cells]> {
  for (const one of content.processing)
    yield [
      'parties',
      {
        ...{ ...of, role: choiceCell('role', 'for', language), ...plain(one.controller, ['name', 'contact']) },
        ...{ ...party('representative', one.representative), ...party('dpo', one.dpo) },
        categories: listCell(one.categories),
      },
    ]
}

function plain<T extends object>(of: T, names: readonly (keyof T & string)[]): Cells {
  return Object.fromEntries(names.map(name => [name, cleanText(String(of[name] ?? ''))]))
}

const party = (name: string, one: { name: string; contact: string | null } | null): Cells => ({
  [name]: cleanText(one?.name ?? ''),
  [`${name}Contact`]: cleanText(one?.contact ?? ''),
})
