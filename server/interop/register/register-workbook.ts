import type { Blob } from 'node:buffer'
import type Stream from 'node:stream'
import type { Feature as AnyFeature } from 'write-excel-file/node'
import {
  getCellAddress,
  getOrderOfSiblings,
  insertElementMarkupAccordingToOrderOfSiblings,
} from 'write-excel-file/utility'
import { REGISTER_PARTS, type RegisterPart } from '#contract/register-transfer.ts'
import type { VocabularyKind } from '#contract/vocabularies.ts'
import type { Vocabularies } from '../../register/vocabulary/vocabulary.ts'
import { cleanText } from '../../systems/transfer/cell-text.ts'
import { workbook } from '../../systems/transfer/write-workbook.ts'
import { CHOICES, type Column, type Language, LISTS, ownColumns, SHEETS } from './sheets.ts'
import { type ChoiceName, choiceCell, termCell } from './term-text.ts'

/** Lines that have drop-downs, beyond those that are filled. */
const TEMPLATE_LINES = 2000
const SHEET_FILE = 'xl/worksheets/sheet{id}.xml'

/** The register as a workbook; without records a template. Closed columns have drop-downs, whose words stand on the last sheet. */
export async function registerWorkbook(
  lines: Record<RegisterPart, string[][]>,
  vocabularies: Vocabularies,
  language: Language,
): Promise<Buffer> {
  const lists = listColumns(vocabularies, language)
  const most = Math.max(...lists.map(one => one.values.length))
  const listLines = [
    lists.map(one => one.heading),
    ...Array.from({ length: most }, (_, line) => lists.map(one => one.values[line] ?? '')),
  ]
  const dropDowns: AnyFeature<Stream | Buffer | Blob> = {
    files: {
      transform: {
        [SHEET_FILE]: {
          transform: (content: string, _options: unknown, { sheetIndex }: { sheetIndex: number }) => {
            const part = REGISTER_PARTS[sheetIndex]
            const rules = part ? validations(part, lines[part].length, lists, language) : []
            return rules.length === 0
              ? content
              : insertElementMarkupAccordingToOrderOfSiblings(
                  content,
                  `<dataValidations count="${rules.length}">${rules.join('')}</dataValidations>`,
                  getOrderOfSiblings(SHEET_FILE, 'worksheet') ?? [],
                  'worksheet',
                )
          },
        },
      },
    },
  }
  return workbook(
    [
      ...REGISTER_PARTS.map(part => ({
        name: SHEETS[part][language],
        lines: lines[part],
        sticky: part === 'activities' ? 3 : 2,
      })),
      { name: LISTS[language], lines: listLines },
    ],
    [dropDowns],
  )
}

type List = { id: string; heading: string; values: string[] }
const listId = (column: Column): string | null => column.choice ?? column.terms ?? null

/** Every list that some column chooses from, once. Retired terms are offered no more. */
function listColumns(vocabularies: Vocabularies, language: Language): List[] {
  const made = new Map<string, List>()
  for (const part of REGISTER_PARTS)
    for (const column of ownColumns(part)) {
      const id = listId(column)
      if (id !== null && !made.has(id))
        made.set(id, { id, heading: column[language], values: valuesOf(column, vocabularies, language) })
    }
  return [...made.values()]
}

function valuesOf(column: Column, vocabularies: Vocabularies, language: Language): string[] {
  if (column.choice)
    return Object.keys(CHOICES[column.choice]).map(one => choiceCell(column.choice as ChoiceName, one, language))
  const kind = column.terms as VocabularyKind
  const terms = [...vocabularies[kind].values()].filter(term => !term.retired)
  // Laws stand in the records by their title.
  if (kind === 'law') return terms.map(term => cleanText(term.da))
  return terms.map(term => termCell(vocabularies, kind, term.code, language))
}

function validations(part: RegisterPart, filled: number, lists: readonly List[], language: Language): string[] {
  return ownColumns(part).flatMap((column, at) => {
    const place = lists.findIndex(one => one.id === listId(column))
    const list = lists[place]
    if (!list || list.values.length === 0) return []
    const range = `${getCellAddress(1, at)}:${getCellAddress(filled + TEMPLATE_LINES, at)}`
    const [from, to] = [getCellAddress(1, place), getCellAddress(list.values.length, place)].map(fixed)
    // Several in one cell, and laws that the list does not have, are written by hand: there the list only helps.
    const strict = !column.several && column.terms !== 'law'
    return [
      `<dataValidation type="list" allowBlank="1" showErrorMessage="${strict ? 1 : 0}" sqref="${range}"><formula1>'${LISTS[language]}'!${from}:${to}</formula1></dataValidation>`,
    ]
  })
}
const fixed = (address: string) => address.replace(/^([A-Z]+)(\d+)$/, '$$$1$$$2')
