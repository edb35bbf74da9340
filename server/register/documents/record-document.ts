import type { ActivityNames, RegisterDefaults } from '#contract/activities.ts'
import type { ActivityContent, ControllerContent } from '#contract/activity-content.ts'
import type { VersionState } from '#contract/activity-lists.ts'
import type { VocabularyKind } from '#contract/vocabularies.ts'
import type { Block, Chapter, Language, PaperDocument, Section } from '../../platform/documents/document.ts'
import type { Vocabularies } from '../vocabulary/vocabulary.ts'
import { dayWords, ruleText } from './record-text.ts'
import { type RecordWords, recordWords } from './record-words.ts'

/** One version of a record with the names of what it speaks of. `people` null: of a past day, which is not counted here. */
export type PrintedRecord = {
  ref: string
  version: { number: number; state: VersionState; from: string | null; to: string | null }
  confirmedOn: string | null
  content: ActivityContent
  names: ActivityNames
  people: { all: number; of: readonly { systemId: string; people: number; read: boolean }[] } | null
}

export type RegisterSheet = {
  language: Language
  /** The day as of which records count; `known`: as was known then, null: as is known. */
  day: string
  known: string | null
  /** One record, or what they were chosen by. */
  scope: { kind: 'one' } | { kind: 'all' } | { kind: 'area' | 'unit'; name: string }
  records: readonly PrintedRecord[]
  vocabularies: Vocabularies
  defaults: RegisterDefaults
}

/**
 * Records of processing as somebody on the council reads them: Art. 30(1) or (2) with the provisions of law, what the rows
 * couple (who, which data, to whom, how long), and the systems.
 */
export function recordDocument(sheet: RegisterSheet): PaperDocument {
  const { language, records, scope } = sheet
  const words = recordWords[language]
  const day = dayWords(language)
  const [only] = records
  const single = scope.kind === 'one' && only
  const controller = sheet.defaults.controller?.name
  return {
    language,
    title: single ? only.content.name : words.register,
    about: [
      ...(controller ? [[words.controllerOf, controller] as const] : []),
      [words.day, day(sheet.day)],
      ...(sheet.known ? [[words.known, day(sheet.known)] as const] : []),
      ...(scope.kind === 'one' ? [] : [[words.scope, scopeWords(scope, words)] as const]),
      ...(single ? [] : [[words.records, String(records.length)] as const]),
    ],
    note: words.article30,
    chapters: records.map(record => recordChapter(record, sheet)),
    foot: [words.foot, controller, day(sheet.day)].filter(Boolean).join(', '),
  }
}

const scopeWords = (scope: Exclude<RegisterSheet['scope'], { kind: 'one' }>, words: RecordWords): string =>
  scope.kind === 'all' ? words.all : `${words[scope.kind]}: ${scope.name}`

/** One record as a chapter, for whoever prints records among other things. */
export function recordChapter(record: PrintedRecord, sheet: RegisterSheet): Chapter {
  const { content } = record
  const words = recordWords[sheet.language]
  const on = { record, sheet, words, term: termsOf(sheet), day: dayWords(sheet.language) }
  return {
    title: `${record.ref} ${content.name}`,
    sections: [
      section(words.short, [inShort(on)]),
      ...(content.description ? [section(words.description, [{ kind: 'text', text: content.description }])] : []),
      ...(content.kind === 'controller'
        ? [
            section(words.purposes, purposes(on, content)),
            section(words.rows, rows(on, content)),
            section(words.retention, retention(on, content)),
          ]
        : [
            section(
              words.processing,
              content.processing.flatMap(one => processing(on, one)),
            ),
          ]),
      section(words.systems, systems(on)),
      section(words.transfers, transfers(on)),
      section(words.measures, measures(on)),
      ...(content.kind === 'controller'
        ? [section(words.information, [{ kind: 'text', text: content.information ?? words.noInformation }])]
        : []),
      ...(content.kind === 'controller' && content.consent
        ? [section(words.consent, [{ kind: 'text', text: content.consent }])]
        : []),
      section(words.parties, [parties(on)]),
    ],
  }
}

type On = {
  record: PrintedRecord
  sheet: RegisterSheet
  words: RecordWords
  term: (kind: VocabularyKind, code: string) => string
  day: (date: string) => string
}
const section = (title: string, blocks: readonly Block[]): Section => ({ title, blocks })

/** The word of a term; a code that the vocabulary does not know stands as it is. */
const termsOf =
  ({ vocabularies, language }: RegisterSheet) =>
  (kind: VocabularyKind, code: string): string =>
    vocabularies[kind].get(code)?.[language] ?? code

function inShort({ record, words, day }: On): Block {
  const { content, version, names } = record
  const { owner } = names
  const when = version.from
    ? `, ${words.versionFrom} ${day(version.from)}${version.to ? ` ${words.versionTo} ${day(version.to)}` : ''}`
    : ''
  return {
    kind: 'facts',
    facts: [
      [words.ref, record.ref],
      [words.version, `${version.number} (${words.state[version.state]})${when}`],
      [words.kind, words.kinds[content.kind]],
      [words.area, content.area],
      [
        words.owner,
        owner
          ? [owner.person.protected ? words.protectedPerson : owner.person.name, owner.title, owner.unit]
              .filter(Boolean)
              .join(', ')
          : words.nobody,
      ],
      [words.units, names.units.map(one => one.name).join(', ') || words.nobody],
      [words.kle, content.kle.join(', ') || words.nobody],
      [words.legal, record.confirmedOn ? day(record.confirmedOn) : words.legalNo],
    ],
  }
}

function purposes({ words, term, day }: On, content: ControllerContent): Block[] {
  if (content.purposes.length === 0) return [{ kind: 'text', text: words.noPurposes }]
  return content.purposes.flatMap((one): Block[] => [
    { kind: 'heading', text: one.name },
    ...(one.description ? [{ kind: 'text', text: one.description } as const] : []),
    {
      kind: 'facts',
      facts: [
        ...(one.broader ? [[words.purposeKind, term('purpose-kind', one.broader)] as const] : []),
        [words.basis, one.art6 ? term('basis6', one.art6) : words.nobody],
        ...(one.art9.length > 0 ? [[words.art9, one.art9.map(code => term('basis9', code)).join('\n')] as const] : []),
        ...(one.national.length > 0
          ? [[words.national, one.national.map(code => term('national', code)).join('\n')] as const]
          : []),
        [
          words.provisions,
          one.provisions
            .map(
              each =>
                `${each.law}, ${each.section ?? `(${words.noSection})`}: ${
                  each.checkedOn ? `${words.checked} ${day(each.checkedOn)}` : words.unchecked
                }`,
            )
            .join('\n') || words.noProvision,
        ],
      ],
    },
  ])
}

function rows({ words, term, sheet }: On, content: ControllerContent): Block[] {
  if (content.rows.length === 0) return [{ kind: 'text', text: words.noRows }]
  const rules = new Map(content.retention.map(rule => [rule.key, ruleText(words, rule)]))
  return [
    {
      kind: 'table',
      head: words.rowHead,
      shares: [0.19, 0.24, 0.14, 0.19, 0.24],
      rows: content.rows.map(row => [
        term('subject', row.subject),
        [term('data', row.data), row.source].filter(Boolean).join('\n'),
        words.class[sheet.vocabularies.data.get(row.data)?.class ?? ''] ?? '',
        row.recipient ? term('recipient', row.recipient) : words.noRecipient,
        row.erasure ? (rules.get(row.erasure) ?? row.erasure) : words.noErasure,
      ]),
    },
  ]
}

function retention({ words }: On, content: ControllerContent): Block[] {
  if (content.retention.length === 0) return [{ kind: 'text', text: words.noErasure }]
  return [
    {
      kind: 'table',
      head: words.retentionHead,
      shares: [0.4, 0.38, 0.22],
      rows: content.retention.map(rule => [
        ruleText(words, rule),
        [rule.basis, rule.note].filter(Boolean).join('\n'),
        words.archive[rule.archive],
      ]),
    },
  ]
}

function processing({ words }: On, one: (ActivityContent & { kind: 'processor' })['processing'][number]): Block[] {
  const party = (who: { name: string; contact: string | null }) => [who.name, who.contact].filter(Boolean).join(', ')
  return [
    { kind: 'heading', text: party(one.controller) },
    { kind: 'text', text: `${words.categories}:` },
    { kind: 'list', items: one.categories },
    {
      kind: 'facts',
      facts: [
        [words.dpo, one.dpo ? party(one.dpo) : words.nobody],
        ...(one.representative ? [[words.representative, party(one.representative)] as const] : []),
      ],
    },
  ]
}

function systems({ record, words }: On): Block[] {
  const { content, names, people } = record
  if (names.systems.length === 0) return [{ kind: 'text', text: words.noSystems }]
  const uses = new Map(content.systems.map(one => [one.systemId, one.use]))
  const counts = new Map(people?.of.map(one => [one.systemId, one]))
  const access = (id: string) => {
    const count = counts.get(id)
    return count === undefined ? '' : count.read ? String(count.people) : words.notRead
  }
  return [
    {
      kind: 'table',
      head: people ? words.systemHead : words.systemHead.slice(0, 2),
      shares: people ? [0.32, 0.46, 0.22] : [0.36, 0.64],
      rows: names.systems.map(one => [one.name, uses.get(one.id) ?? '', ...(people ? [access(one.id)] : [])]),
    },
    ...(people
      ? ([
          { kind: 'facts', facts: [[words.people, String(people.all)]] },
          { kind: 'text', text: words.peopleNote, quiet: true },
        ] as const)
      : [{ kind: 'text', text: words.peopleThen, quiet: true } as const]),
  ]
}

function transfers({ record, words, term, day }: On): Block[] {
  const { transfers } = record.content
  if (transfers.length === 0) return [{ kind: 'text', text: words.noTransfers }]
  return [
    {
      kind: 'table',
      head: words.transferHead,
      shares: [0.24, 0.16, 0.24, 0.2, 0.16],
      rows: transfers.map(one => [
        one.recipient,
        one.country,
        one.ground ? term('transfer-ground', one.ground) : words.nobody,
        one.document ?? '',
        one.from || one.to ? `${one.from ? day(one.from) : ''} – ${one.to ? day(one.to) : ''}` : '',
      ]),
    },
  ]
}

function measures({ record, words, term }: On): Block[] {
  const { measures: codes, measuresNote } = record.content
  if (codes.length === 0 && !measuresNote) return [{ kind: 'text', text: words.noMeasures }]
  return [
    ...(codes.length > 0 ? [{ kind: 'list', items: codes.map(code => term('measure', code)) } as const] : []),
    ...(measuresNote ? [{ kind: 'text', text: measuresNote } as const] : []),
  ]
}

function parties({ record, sheet, words }: On): Block {
  const { content } = record
  const { defaults } = sheet
  const said = (who: { name: string; contact: string | null } | null | undefined) =>
    who ? [who.name, who.contact].filter(Boolean).join(', ') : words.nobody
  const joint = content.kind === 'controller' ? content.jointControllers : []
  return {
    kind: 'facts',
    facts: [
      [words.controller, said(defaults.controller)],
      ...(joint.length > 0
        ? [
            [
              words.joint,
              joint.map(one => [one.name, one.contact, one.arrangement].filter(Boolean).join(', ')).join('\n'),
            ] as const,
          ]
        : []),
      [words.dpo, said(content.dpo ?? defaults.dpo)],
      [words.representative, said(content.representative ?? defaults.representative)],
    ],
  }
}
