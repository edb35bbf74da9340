import writeExcelFile from 'write-excel-file/node'
import type { WhatIfPerson } from '#contract/what-if.ts'
import { normalStyle } from '../../platform/sheet-style.ts'
import { sayable } from '../../platform/sheet-text.ts'
import { csvText } from '../../platform/write-csv.ts'

const WORDS = {
  da: {
    head: ['Person', 'Titel', 'Enhed', 'Ny enhed', 'Ændring', 'System', 'Rettighed', 'Nøgle', 'Før', 'Efter'],
    ...{
      gains: 'Får',
      losses: 'Mister',
      limits: 'Anden afgrænsning',
      withheld: 'Holdes tilbage: mangler formål',
      nobody: 'Beskyttet person',
    },
  },
  en: {
    head: ['Person', 'Title', 'Unit', 'New unit', 'Change', 'System', 'Right', 'Key', 'Before', 'After'],
    ...{
      gains: 'Gains',
      losses: 'Loses',
      limits: 'Other limits',
      withheld: 'Held back: no purpose',
      nobody: 'Protected person',
    },
  },
}

/** One line a right. A protected name is in no file, whoever asks for it. */
export function exportLines(people: readonly WhatIfPerson[], language: 'da' | 'en'): string[][] {
  const words = WORDS[language]
  const lines = people.flatMap(row => {
    const { name } = row.person
    const who = [
      row.person.protected || name === null ? words.nobody : name,
      ...[row.title ?? '', row.unit ?? '', row.newUnit ?? ''],
    ]
    return [
      ...row.gains.map(one => [
        ...[...who, one.withheldIn === null ? words.gains : words.withheld, one.system, one.name, one.key, '', ''],
      ]),
      ...row.losses.map(one => [...who, words.losses, one.system, one.name, one.key, '', '']),
      ...row.limits.map(one => [...who, words.limits, one.system, one.name, one.key, one.before, one.after]),
    ]
  })
  return [words.head, ...lines]
}

export async function exportFile(lines: readonly string[][], format: 'csv' | 'xlsx'): Promise<Buffer> {
  if (format === 'csv') return Buffer.from(csvText(lines, ';'))
  const [head = [], ...rows] = lines
  return writeExcelFile(
    [
      head.map(value => ({ value, fontWeight: 'bold' as const })),
      ...rows.map(line => line.map(value => ({ value: sayable(value), type: String }))),
    ],
    { stickyRowsCount: 1 },
    { features: [normalStyle] },
  ).toBuffer()
}
