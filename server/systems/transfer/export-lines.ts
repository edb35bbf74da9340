import type { Sheet, SystemContract, SystemFlow } from '#contract/sheet.ts'
import { importTargets } from '#contract/transfer.ts'
import { cellOf, choiceWord, cleanText, isPlain, type Language, listCell, namedCellOf, WORDS } from './cell-text.ts'
import { headingsOf } from './headings.ts'
import { namedCell } from './named-cells.ts'
import type { RefField } from './told.ts'

/** A system as it goes into a file. `named`: whom the sheet leads to, as far as the reader may know. */
export type ExportSystem = {
  key: string
  name: string
  sheet: Sheet
  named: Partial<Record<RefField, { name: string; number: string | null; hidden: boolean }>>
}

export function systemLines(systems: readonly ExportSystem[], language: Language): string[][] {
  return [
    headingsOf.systems(WORDS[language]),
    ...systems.map(one =>
      importTargets.map(target => {
        if (target === 'key') return one.key
        if (isPlain(target)) return cellOf(target, one.sheet[target], language)
        const value = one.sheet[target as RefField]
        return namedCell(
          one.named[target as RefField] ?? null,
          value && 'words' in value ? value.words : null,
          language,
        )
      }),
    ),
  ]
}

export function contractLines(systems: readonly ExportSystem[], language: Language): string[][] {
  const words = WORDS[language]
  const cell = (name: keyof SystemContract, value: SystemContract[keyof SystemContract]): string => {
    if (value === null || value === undefined) return ''
    if (name === 'renewal' || name === 'agreement') return (words[name] as Record<string, string>)[String(value)] ?? ''
    const text = cleanText(String(value))
    return name === 'name' ? namedCellOf(text) : text
  }
  const fields = Object.keys(words.contract) as (keyof typeof words.contract)[]
  return [
    headingsOf.contracts(words),
    ...systems.flatMap(one =>
      (one.sheet.contracts ?? []).map(contract => [
        one.key,
        cleanText(one.name),
        ...fields.map(name => cell(name, contract[name])),
      ]),
    ),
  ]
}

export function flowLines(systems: readonly ExportSystem[], language: Language): string[][] {
  const words = WORDS[language]
  const cell = (flow: SystemFlow, name: keyof typeof words.flow): string => {
    if (name === 'data') return listCell(flow.data)
    if (name === 'direction' || name === 'how') return (words[name] as Record<string, string>)[flow[name]] ?? ''
    if (name === 'frequency') return flow.frequency ? words.frequency[flow.frequency] : ''
    return cleanText(flow[name] ?? '')
  }
  const fields = Object.keys(words.flow) as (keyof typeof words.flow)[]
  return [
    headingsOf.flows(words),
    ...systems.flatMap(one =>
      (one.sheet.flows ?? []).map(flow => [one.key, cleanText(one.name), ...fields.map(name => cell(flow, name))]),
    ),
  ]
}

/** What may stand in each column of a closed list: for who has no drop-downs. */
export function valueLines(language: Language): string[][] {
  const words = WORDS[language]
  const lists = importTargets.flatMap(target => {
    if (target === 'key' || !isPlain(target)) return []
    const said = (words.choice as Record<string, Record<string, string>>)[target]
    return said ? [[words.field[target], ...Object.values(said)]] : []
  })
  const most = Math.max(...lists.map(one => one.length))
  return Array.from({ length: most }, (_, line) => lists.map(one => one[line] ?? ''))
}

const GDPR = {
  da: {
    uuid: 'KITOS-uuid',
    concluded: 'Databehandleraftale indgået',
    directory: 'Dokumentation i fortegnelsen',
    countries: 'Overførsel til usikre tredjelande',
    elsewhere: 'Føres i fortegnelsen over behandlinger',
  },
  en: {
    uuid: 'KITOS uuid',
    concluded: 'Data processing agreement concluded',
    directory: 'Documentation in the register',
    countries: 'Transfer to insecure third countries',
    elsewhere: 'Kept in the register of processing activities',
  },
} as const

/** The columns of KITOS' GDPR export, one system a line. What we do not keep is said so instead of left empty. */
export function gdprLines(
  systems: readonly (ExportSystem & { uuid: string | null })[],
  language: Language,
): string[][] {
  const words = WORDS[language]
  const own = GDPR[language]
  const plain = [
    'businessCritical',
    'hosting',
    'sensitiveData',
    'riskDone',
    'riskOn',
    'riskPlanned',
    'riskResult',
    'riskNotes',
    'dpiaDone',
    'dpiaOn',
    'userSupervision',
    'userSupervisionOn',
    'userSupervisionLink',
    'precautions',
    'precautionsLink',
    'retentionDefined',
    'retentionNext',
    'directoryLink',
  ] as const
  const flag = (on: boolean) => (on ? words.yes : words.no)
  const levels = ['none', 'personal', 'sensitive', 'criminal'] as const
  const privates = ['cpr', 'social-problems', 'other-private'] as const
  return [
    [
      own.uuid,
      words.key,
      words.field.name,
      ...levels.map(one => choiceWord(words, 'sensitivityLevels', one)),
      ...privates.map(one => choiceWord(words, 'privateData', one)),
      own.concluded,
      ...plain.map(field => words.field[field]),
      own.countries,
    ],
    ...systems.map(one => {
      const { sheet } = one
      const agreed = (sheet.contracts ?? []).map(contract => contract.agreement)
      const concluded = agreed.includes('yes')
        ? 'yes'
        : agreed.includes('no')
          ? 'no'
          : agreed.includes('irrelevant')
            ? 'irrelevant'
            : null
      return [
        one.uuid ?? '',
        one.key,
        cleanText(one.name),
        ...levels.map(level => (sheet.sensitivityLevels ? flag(sheet.sensitivityLevels.includes(level)) : '')),
        ...privates.map(kind => (sheet.privateData ? flag(sheet.privateData.includes(kind)) : '')),
        concluded ? words.agreement[concluded] : '',
        ...plain.map(field => cellOf(field, sheet[field], language)),
        own.elsewhere,
      ]
    }),
  ]
}
