import type { RegisterDefaults } from '#contract/activities.ts'
import type { ControllerContent } from '#contract/activity-content.ts'
import type { VocabularyKind } from '#contract/vocabularies.ts'
import { classOf, type Vocabularies } from '../../register/vocabulary/vocabulary.ts'
import { cleanText } from '../../systems/transfer/cell-text.ts'
import type { WorkbookSheet } from '../../systems/transfer/write-workbook.ts'
import type { ExportRecord } from './record-lines.ts'
import type { Language } from './sheets.ts'

/*
 * The register with the fields that KITOS has: the GDPR block of each system that some record uses, as the records say, and
 * one data-processing registration for each record. KITOS has no processing activities: docs/interop-register.md says field by
 * field what becomes what, and what has no place there.
 */

/** Key of a system in KITOS, where we know it. */
type Uuids = ReadonlyMap<string, string>

const WORDS = {
  da: {
    sheets: ['GDPR pr. system', 'Databehandlinger'],
    ...{ yes: 'Ja', no: 'Nej', undecided: 'Ikke afklaret', elsewhere: 'Føres ikke i fortegnelsen' },
    usage: [
      ...[
        'KITOS-uuid',
        'Nøgle',
        'System',
        'Formål',
        'Ingen personoplysninger',
        'Almindelige',
        'Følsomme',
        'Strafbare forhold',
      ],
      ...['Følsomme oplysninger', 'CPR-nummer', 'Væsentlige sociale problemer', 'Andre private forhold'],
      ...['Kategorier af registrerede', 'Tekniske foranstaltninger', 'Slettefrist er sat', 'Aktiviteter'],
    ],
    registration: [
      ...[
        'Navn',
        'Dataansvarlig',
        'Bemærkning om dataansvarlig',
        'Databehandleraftale indgået',
        'Grundlag for overførsel',
      ],
      ...[
        'Overførsel til usikre tredjelande',
        'Tredjelande',
        'Databehandlere',
        'Ansvarlig enhed',
        'Systemer',
        'KITOS-uuid for systemer',
      ],
    ],
  },
  en: {
    sheets: ['GDPR per system', 'Data processing'],
    ...{ yes: 'Yes', no: 'No', undecided: 'Not settled', elsewhere: 'Not kept in the register' },
    usage: [
      ...['KITOS uuid', 'Key', 'System', 'Purpose', 'No personal data', 'Personal', 'Sensitive', 'Criminal offences'],
      ...['Sensitive data', 'CPR number', 'Serious social problems', 'Other private matters'],
      ...['Categories of data subjects', 'Technical precautions', 'Retention period defined', 'Activities'],
    ],
    registration: [
      ...['Name', 'Data responsible', 'Remark on data responsible', 'Agreement concluded', 'Basis for transfer'],
      ...[
        'Transfer to insecure third countries',
        'Third countries',
        'Data processors',
        'Responsible unit',
        'Systems',
        'KITOS uuids of systems',
      ],
    ],
  },
} as const

/** What KITOS calls precautions, by the measures of ours that are one. */
const PRECAUTIONS = {
  da: { C: 'Kryptering', C04: 'Pseudonymisering', A: 'Adgangskontrol', L: 'Logning' },
  en: { C: 'Encryption', C04: 'Pseudonymisation', A: 'Access control', L: 'Logging' },
} as const

export function kitosSheets(
  records: readonly ExportRecord[],
  vocabularies: Vocabularies,
  language: Language,
  { uuids, defaults }: { uuids: Uuids; defaults: RegisterDefaults },
): WorkbookSheet[] {
  const words = WORDS[language]
  const [usage, registration] = words.sheets
  return [
    { name: usage, sticky: 3, lines: [[...words.usage], ...usageLines(records, vocabularies, language, uuids)] },
    {
      ...{ name: registration, sticky: 1 },
      lines: [
        [...words.registration],
        ...records.map(one => registrationLine(one, vocabularies, language, uuids, defaults)),
      ],
    },
  ]
}

const distinct = (values: readonly string[]): string => [...new Set(values.map(cleanText))].join('; ')

function usageLines(
  records: readonly ExportRecord[],
  vocabularies: Vocabularies,
  language: Language,
  uuids: Uuids,
): string[][] {
  const words = WORDS[language]
  const flag = (on: boolean) => (on ? words.yes : words.no)
  const bySystem = new Map<
    string,
    { key: string; name: string; of: (ExportRecord & { content: ControllerContent })[] }
  >()
  for (const record of records)
    for (const one of record.named.systems) {
      const known = bySystem.get(one.id) ?? { key: one.key, name: one.name, of: [] }
      bySystem.set(one.id, known)
      if (record.content.kind === 'controller') known.of.push({ ...record, content: record.content })
    }
  const word = (kind: VocabularyKind, code: string) => vocabularies[kind].get(code)?.[language] ?? code
  return [...bySystem]
    .sort(([, a], [, b]) => a.name.localeCompare(b.name, 'da'))
    .map(([id, { key, name, of }]) => {
      const rows = of.flatMap(one => one.content.rows)
      const classes = new Set(rows.map(row => classOf(vocabularies, row.data)))
      const special = rows.filter(row => classOf(vocabularies, row.data) === 'special')
      const said = of.length > 0
      const measures = of.flatMap(one => one.content.measures)
      return [
        ...[
          uuids.get(id) ?? '',
          key,
          cleanText(name),
          distinct(of.flatMap(one => one.content.purposes.map(each => each.name))),
        ],
        ...(said
          ? [
              ...[rows.length === 0, ['ordinary', 'confidential', 'cpr'].some(one => classes.has(one as 'cpr'))].map(
                flag,
              ),
              ...[classes.has('special'), classes.has('criminal')].map(flag),
              distinct(special.map(row => word('data', row.data))),
              ...[classes.has('cpr'), rows.some(row => row.data === 'SOC')].map(flag),
              flag(rows.some(row => row.data !== 'SOC' && classOf(vocabularies, row.data) === 'confidential')),
            ]
          : Array.from({ length: 8 }, () => '')),
        distinct(rows.map(row => word('subject', row.subject))),
        distinct(precautionsOf(measures, language)),
        said ? flag(of.every(one => one.content.rows.every(row => row.erasure !== null))) : '',
        distinct(of.map(one => `${one.ref} ${one.content.name}`)),
      ]
    })
}

/** Masking and anonymising are measures of ours that KITOS has no word for. */
const PRECAUTION_OF = /^(?:(C)0[1-3]|(C04)|(A)\d+|(L)\d+)$/
function precautionsOf(measures: readonly string[], language: Language): string[] {
  return measures.flatMap(code => {
    const name = PRECAUTION_OF.exec(code)?.slice(1).find(Boolean)
    return name ? PRECAUTIONS[language][name as 'C'] : []
  })
}

function registrationLine(
  { ref, content, named }: ExportRecord,
  vocabularies: Vocabularies,
  language: Language,
  uuids: Uuids,
  defaults: RegisterDefaults,
): string[] {
  const words = WORDS[language]
  const going = content.transfers.filter(one => one.ground !== 'NONE')
  const controllers =
    content.kind === 'processor'
      ? content.processing.map(one => one.controller.name)
      : [defaults.controller?.name ?? '']
  const joint = content.kind === 'controller' ? content.jointControllers.map(one => one.name) : []
  return [
    cleanText(`${ref} ${content.name}`),
    distinct([...controllers, ...joint]),
    content.kind === 'processor' ? (language === 'da' ? 'Kommunen er databehandler' : 'We are the processor') : '',
    words.elsewhere,
    distinct(
      going.flatMap(one =>
        one.ground ? (vocabularies['transfer-ground'].get(one.ground)?.[language] ?? one.ground) : [],
      ),
    ),
    // A country that the Commission has found adequate is no insecure one.
    content.transfers.length === 0
      ? words.undecided
      : going.some(one => !['45', '45-DPF'].includes(one.ground ?? ''))
        ? words.yes
        : words.no,
    distinct(going.map(one => one.country)),
    words.elsewhere,
    distinct(named.units.map(one => one.name)),
    distinct(named.systems.map(one => one.name)),
    distinct(named.systems.flatMap(one => uuids.get(one.id) ?? [])),
  ]
}
