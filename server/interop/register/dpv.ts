import type { RegisterDefaults } from '#contract/activities.ts'
import type { ActivityContent, ControllerContent } from '#contract/activity-content.ts'
import type { VocabularyKind } from '#contract/vocabularies.ts'
import { classOf, type Vocabularies } from '../../register/vocabulary/vocabulary.ts'
import type { ExportRecord } from './record-lines.ts'

/*
 * Records of processing as JSON-LD in the Data Privacy Vocabulary (DPV 2). What the vocabulary has no term for (Danish
 * provisions, our own categories, CPR) has an IRI of our own with its words. Flat lists on the record are for readers that
 * know nothing else; what belongs together (one basis to a purpose; which data about whom go to whom until when) stands in
 * a process of its own within the record, since flat lists would lose it.
 */

type Node = Record<string, unknown>
const SPACES = {
  dpv: 'https://w3id.org/dpv#',
  gdpr: 'https://w3id.org/dpv/legal/eu/gdpr#',
  pd: 'https://w3id.org/dpv/pd#',
  ps: 'https://w3id.org/dpv/sector/publicservices#',
  edu: 'https://w3id.org/dpv/sector/education#',
  health: 'https://w3id.org/dpv/sector/health#',
  loc: 'https://w3id.org/dpv/loc#',
  dct: 'http://purl.org/dc/terms/',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  h: 'urn:hjemmel:',
} as const
const PROCESS = 'dpv:PersonalDataProcess'

export function registerDpv(
  records: readonly ExportRecord[],
  vocabularies: Vocabularies,
  { defaults, day }: { defaults: RegisterDefaults; day: string },
): Node {
  const words = concepts(vocabularies)
  const us = partyNode(
    'h:controller',
    defaults.controller ?? { name: 'Kommunen', contact: null },
    'dpv:GovernmentalOrganisation',
  )
  const nodes = records.flatMap(record => [
    recordNode(record, words, defaults),
    ...systemNodes(record),
    ...unitNodes(record),
  ])
  return {
    '@context': SPACES,
    '@graph': [
      {
        ...{ '@id': 'h:register', '@type': 'dpv:ROPA', 'dpv:hasDataController': ref('h:controller') },
        'dct:date': { '@value': day, '@type': 'xsd:date' },
        'dpv:hasRecordOfActivity': records.map(record => ref(`h:activity:${record.id}`)),
      },
      us,
      ...once(nodes),
      ...words.used(),
    ],
  }
}

const ref = (id: string): Node => ({ '@id': id })
const once = (nodes: readonly Node[]): Node[] => [...new Map(nodes.map(node => [node['@id'], node])).values()]
const inBoth = (da: string, en: string | null) => [
  { '@language': 'da', '@value': da },
  ...(en ? [{ '@language': 'en', '@value': en }] : []),
]
const danish = (text: string) => ({ '@language': 'da', '@value': text })

/** Leaves out what is not said. */
const node = (of: Record<string, unknown>): Node =>
  Object.fromEntries(
    Object.entries(of).filter(
      ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  )

type Party = { name: string; contact: string | null }
const partyNode = (id: string | null, party: Party, type?: string): Node =>
  node({ '@id': id, '@type': type, 'dct:title': party.name, 'dct:description': party.contact })

function concepts(vocabularies: Vocabularies) {
  const made = new Map<string, Node>()
  const iriOf = (kind: VocabularyKind, code: string) => `h:term:${kind}:${encodeURIComponent(code)}`
  const add = (kind: VocabularyKind, code: string): string => {
    const id = iriOf(kind, code)
    const term = vocabularies[kind].get(code)
    const sort = kind === 'data' ? classOf(vocabularies, code) : null
    if (!made.has(id))
      made.set(
        id,
        node({
          ...{ '@id': id, 'skos:notation': code },
          '@type': ['skos:Concept', ...(sort === 'special' ? ['dpv:SpecialCategoryPersonalData'] : [])],
          'skos:prefLabel': term ? inBoth(term.da, term.en) : [],
          'skos:broadMatch': (term?.dpv ?? []).map(one => ref(short(one))),
          'skos:exactMatch': sort === 'cpr' ? ref('h:dk:CPR') : null,
          'h:class': sort,
        }),
      )
    return id
  }
  return {
    /** The IRI of our own, which says exactly what the record says. */
    own: (kind: VocabularyKind, code: string): Node => ref(add(kind, code)),
    /** Terms that others know, else our own. */
    shared: (kind: VocabularyKind, code: string): Node[] => {
      const known = vocabularies[kind].get(code)?.dpv ?? []
      return known.length > 0 ? known.map(one => ref(short(one))) : [ref(add(kind, code))]
    },
    sort: (kind: VocabularyKind, code: string) => vocabularies[kind].get(code)?.class ?? null,
    used: () => [...made.values()],
  }
}
type Words = ReturnType<typeof concepts>

const short = (iri: string): string => {
  const found = Object.entries(SPACES).find(([, base]) => iri.startsWith(base))
  return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri
}
const distinct = (nodes: readonly Node[]): Node[] => once(nodes)

function recordNode(record: ExportRecord, words: Words, defaults: RegisterDefaults): Node {
  const { content, id, ref: number } = record
  const all = (kind: VocabularyKind, codes: readonly (string | null)[]) =>
    distinct(codes.flatMap(code => (code === null ? [] : words.shared(kind, code))))
  const dpo = content.dpo ?? defaults.dpo
  const representative = content.representative ?? defaults.representative
  const base = {
    ...{ '@id': `h:activity:${id}`, '@type': PROCESS, 'dct:identifier': number },
    'dct:title': inBoth(content.name, content.nameEn),
    'dct:subject': danish(content.area),
    'dct:description': content.description ? danish(content.description) : null,
    'h:standing': record.standing,
    'h:kle': content.kle,
    'dpv:hasOrganisationalUnit': content.units.map(one => ref(`h:unit:${one}`)),
    'dpv:hasDataProtectionOfficer': dpo ? partyNode(null, dpo) : null,
    'dpv:hasRepresentative': representative ? partyNode(null, representative) : null,
    'dpv:isImplementedUsingTechnology': record.named.systems.map(one => ref(systemId(one.key))),
    ...measureLists(content, words),
  }
  const transfers = content.transfers.map((one, at) =>
    node({
      ...{ '@id': `h:transfer:${id}:${at + 1}`, '@type': PROCESS, 'dpv:hasDataExporter': ref('h:controller') },
      'dpv:hasDataImporter': node({ 'dct:title': one.recipient }),
      'dpv:hasThirdCountry': /^[A-Z]{2}$/.test(one.country)
        ? ref(`loc:${one.country}`)
        : node({ 'dct:title': one.country }),
      'dpv:hasLegalBasis': one.ground === null ? [] : words.shared('transfer-ground', one.ground),
      'dct:source': one.document,
    }),
  )
  if (content.kind === 'processor')
    return node({
      ...base,
      'dpv:hasDataProcessor': ref('h:controller'),
      'dpv:hasProcess': [
        ...content.processing.map((one, at) =>
          node({
            ...{ '@id': `h:processing:${id}:${at + 1}`, '@type': PROCESS },
            'dpv:hasDataController': partyNode(null, one.controller),
            'dpv:hasRepresentative': one.representative ? partyNode(null, one.representative) : null,
            'dpv:hasDataProtectionOfficer': one.dpo ? partyNode(null, one.dpo) : null,
            'h:category': one.categories,
          }),
        ),
        ...transfers,
      ],
    })
  return node({
    ...base,
    'dpv:hasDataController': ref('h:controller'),
    'dpv:hasJointDataControllers': content.jointControllers.map(one => ({
      ...partyNode(null, one),
      ...(one.arrangement ? { 'h:arrangement': one.arrangement } : {}),
    })),
    'dpv:hasPurpose': content.purposes.map(one => ref(`h:purpose:${id}:${one.key}`)),
    'dpv:hasLegalBasis': distinct(content.purposes.flatMap(one => basesOf(one, words))),
    'dpv:hasDataSubject': all(
      'subject',
      content.rows.map(row => row.subject),
    ),
    'dpv:hasPersonalData': all(
      'data',
      content.rows.map(row => row.data),
    ),
    'dpv:hasRecipient': all(
      'recipient',
      content.rows.map(row => row.recipient),
    ),
    'dpv:hasStorageCondition': content.retention.map(rule => storageNode(id, rule)),
    'h:information': content.information ? danish(content.information) : null,
    'h:consent': content.consent ? danish(content.consent) : null,
    'dpv:hasProcess': [...purposeProcesses(id, content, words), ...couplings(id, content, words), ...transfers],
  })
}

/** Physical ones stand with the organisational: DPV's own third kind is in no list that we check ours against. */
function measureLists({ measures, measuresNote }: ActivityContent, words: Words): Node {
  const organised = (code: string) => ['organisation', 'physical'].includes(words.sort('measure', code) ?? '')
  const nodes = (codes: readonly string[]) => distinct(codes.flatMap(code => words.shared('measure', code)))
  return {
    'dpv:hasTechnicalMeasure': nodes(measures.filter(code => !organised(code))),
    'dpv:hasOrganisationalMeasure': nodes(measures.filter(organised)),
    'h:measuresNote': measuresNote ? danish(measuresNote) : null,
  }
}

type Purpose = ControllerContent['purposes'][number]
const basesOf = (one: Purpose, words: Words): Node[] => [
  ...(one.art6 === null ? [] : words.shared('basis6', one.art6)),
  ...one.art9.flatMap(code => words.shared('basis9', code)),
  ...one.national.map(code => words.own('national', code)),
]

/** One purpose, its basis and the provisions that it rests on. */
const purposeProcesses = (id: string, content: ControllerContent, words: Words): Node[] =>
  content.purposes.map(one =>
    node({
      ...{ '@id': `h:grounds:${id}:${one.key}`, '@type': PROCESS },
      'dpv:hasPurpose': node({
        ...{ '@id': `h:purpose:${id}:${one.key}`, '@type': 'skos:Concept', 'skos:prefLabel': danish(one.name) },
        'skos:definition': one.description ? danish(one.description) : null,
        'skos:broader': one.broader ? words.shared('purpose-kind', one.broader) : [],
      }),
      'dpv:hasLegalBasis': basesOf(one, words),
      'dpv:hasApplicableLaw': one.provisions.map(law =>
        node({
          '@id': law.link,
          'dct:title': danish(law.law),
          'h:section': law.section,
          'h:checkedOn': law.checkedOn ? { '@value': law.checkedOn, '@type': 'xsd:date' } : null,
        }),
      ),
    }),
  )

/** Which data about whom go to whom, from where and until when: rows that have all but the data in common. */
function couplings(id: string, content: ControllerContent, words: Words): Node[] {
  const groups = Map.groupBy(content.rows, row => JSON.stringify([row.subject, row.recipient, row.erasure, row.source]))
  return [...groups.values()].map((rows, at) => {
    const [first] = rows as [ControllerContent['rows'][number]]
    const rule = content.retention.find(one => one.key === first.erasure)
    return node({
      ...{ '@id': `h:coupling:${id}:${at + 1}`, '@type': PROCESS },
      'dpv:hasDataSubject': words.own('subject', first.subject),
      'dpv:hasPersonalData': rows.map(row => words.own('data', row.data)),
      'dpv:hasRecipient': first.recipient === null ? null : words.own('recipient', first.recipient),
      'dpv:hasStorageCondition': rule ? ref(storageId(id, rule.key)) : null,
      'dpv:hasDataSource': first.source ? node({ 'dct:title': danish(first.source) }) : null,
    })
  })
}

const storageId = (id: string, key: string) => `h:storage:${id}:${key}`
const storageNode = (id: string, rule: ControllerContent['retention'][number]): Node =>
  node({
    ...{ '@id': storageId(id, rule.key), '@type': rule.period ? 'dpv:StorageDuration' : 'dpv:StorageDeletion' },
    'dpv:hasDuration': rule.period ? { '@value': rule.period, '@type': 'xsd:duration' } : null,
    'dct:title': danish(rule.startEvent),
    'dct:description': [rule.basis, rule.note].filter(Boolean).join('\n') || null,
    'h:archive': rule.archive,
  })

const systemId = (key: string) => `h:system:${encodeURIComponent(key)}`
const systemNodes = ({ named }: ExportRecord): Node[] =>
  named.systems.map(one => ({ '@id': systemId(one.key), '@type': 'h:System', 'dct:title': one.name }))
const unitNodes = ({ named }: ExportRecord): Node[] =>
  named.units.map(one => ({ '@id': `h:unit:${one.id}`, '@type': 'h:Unit', 'dct:title': one.name }))
