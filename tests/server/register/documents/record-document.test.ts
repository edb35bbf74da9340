import fc from 'fast-check'
import mammoth from 'mammoth'
import { extractText, getDocumentProxy } from 'unpdf'
import { describe, expect, test, vi } from 'vitest'
import { type ActivityContent, activityContent } from '../../../../server/contract/activity-content.ts'
import { printable } from '../../../../server/platform/documents/printable.ts'
import { writeDocx } from '../../../../server/platform/documents/write-docx.ts'
import { writePdf } from '../../../../server/platform/documents/write-pdf.ts'
import {
  type PrintedRecord,
  type RegisterSheet,
  recordDocument,
} from '../../../../server/register/documents/record-document.ts'
import { recordWords } from '../../../../server/register/documents/record-words.ts'
import { shippedTerms } from '../../../../server/register/vocabulary/read-terms.ts'
import { vocabulariesOf } from '../../../../server/register/vocabulary/vocabulary.ts'
import { storedBefore } from '../activities/content.ts'

const vocabularies = vocabulariesOf(
  shippedTerms().map(term => ({ ...term, checkedOn: null, expiresOn: null, origin: 'shipped', retired: false })),
)
const [subject] = vocabularies.subject.values()
const special = [...vocabularies.data.values()].find(term => term.class === 'special')
const [recipient] = vocabularies.recipient.values()
const SYSTEM = '0190f0a0-0000-7000-8000-000000000001'

const content = activityContent.parse({
  kind: 'controller',
  name: 'Hjemmesygepleje til ældre på Ærø',
  area: 'Ældre og sundhed',
  description: 'Sygeplejersker besøger borgere i eget hjem.',
  kle: ['29.18'],
  purposes: [
    {
      key: 'pleje',
      name: 'Pleje og behandling',
      broader: 'treatment',
      art6: '6.1.e',
      art9: ['9.2.h'],
      provisions: [
        { law: 'Sundhedsloven', section: '§ 138', checkedOn: '2026-02-01' },
        { law: 'Retssikkerhedsloven', section: null },
      ],
    },
  ],
  rows: [
    { subject: subject!.code, data: special!.code, recipient: recipient!.code, erasure: 'sag' },
    { subject: subject!.code, data: special!.code },
  ],
  retention: [{ key: 'sag', startEvent: 'sagen er afsluttet', period: 'P5Y', basis: 'Forældelse', archive: 'keep' }],
  systems: [{ systemId: SYSTEM, use: 'Journal' }],
  transfers: [{ recipient: 'Leverandør A', country: 'US' }],
  measuresNote: 'Adgang kun med to faktorer.',
  information: 'Brev ved opstart.',
  jointControllers: [{ name: 'Region Sjælland', contact: null, arrangement: 'Sundhedsaftalen' }],
})

const record = (of: ActivityContent, ref = 'BA-025'): PrintedRecord => ({
  ref,
  version: { number: 3, state: 'in-force', from: '2026-01-01', to: null },
  confirmedOn: null,
  content: of,
  names: {
    owner: { person: { id: SYSTEM, name: null, protected: true }, title: 'Centerchef', unit: 'Sundhed' },
    units: [{ id: SYSTEM, name: 'Hjemmesygeplejen Øst' }],
    systems: [{ id: SYSTEM, key: 'nexus', name: 'KMD Nexus' }],
  },
  people: { all: 41, of: [{ systemId: SYSTEM, people: 41, read: true }] },
})
const sheet = (records: PrintedRecord[], more: Partial<RegisterSheet> = {}): RegisterSheet => ({
  ...{ language: 'da', day: '2026-03-02', known: null, records, vocabularies },
  scope: records.length === 1 ? { kind: 'one' } : { kind: 'all' },
  defaults: {
    controller: { name: 'Søby Kommune', contact: null },
    dpo: { name: 'DPO-enheden', contact: 'dpo@example.dk' },
    representative: null,
  },
  ...more,
})

const wordsOf = (text: string) => text.replace(/\s+/g, ' ')
const docxText = async (file: Buffer) => wordsOf((await mammoth.extractRawText({ buffer: file })).value)
const pdfText = async (file: Buffer) => {
  const { text, totalPages } = await extractText(await getDocumentProxy(new Uint8Array(file)), { mergePages: true })
  return { text: wordsOf(text), pages: totalPages }
}

describe('a record on paper', () => {
  for (const language of ['da', 'en'] as const)
    test(`DOCX and PDF say each part of it, in ${language}`, async () => {
      const words = recordWords[language]
      const paper = recordDocument(sheet([record(content)], { language }))
      const said = [
        ...['Hjemmesygepleje til ældre på Ærø', 'BA-025', 'Ældre og sundhed', 'Sygeplejersker besøger borgere'],
        ...[
          'Pleje og behandling',
          'Sundhedsloven, § 138',
          'Retssikkerhedsloven',
          'Leverandør A',
          'KMD Nexus',
          'Journal',
        ],
        ...['Adgang kun med to faktorer.', 'Brev ved opstart.', 'Region Sjælland', 'DPO-enheden', 'Søby Kommune', '41'],
        ...[words.purposes, words.rows, words.retention, words.systems, words.transfers, words.measures, words.parties],
        ...[words.protectedPerson, words.noSection, words.noErasure, words.legalNo, words.archive.keep],
        ...[words.purposeKind, vocabularies['purpose-kind'].get('treatment')![language]],
        ...[special![language], recipient![language], subject![language], words.class.special ?? ''],
        language === 'da' ? '5 år efter: sagen er afsluttet' : '5 years after: sagen er afsluttet',
        language === 'da' ? 'slået op 1. februar 2026' : 'looked up on 1 February 2026',
      ]
      const docx = await docxText(await writeDocx(paper))
      const { text: pdf } = await pdfText(await writePdf(paper))
      for (const part of said) {
        expect(docx).toContain(wordsOf(part))
        // Columns of a PDF are narrow: a sentence goes on on the next line, and a reader puts nothing between them.
        expect(pdf.replaceAll(' ', '')).toContain(printable(part).replace(/\s/g, ''))
      }
    })

  test('what a municipality does for others says for whom', async () => {
    const processor = activityContent.parse({
      ...{ kind: 'processor', name: 'Løn for selvejende institutioner', area: 'Personale' },
      processing: [{ controller: { name: 'Børnehuset Åen', contact: null }, categories: ['Udbetaling af løn'] }],
    })
    const text = await docxText(await writeDocx(recordDocument(sheet([record(processor)]))))
    for (const part of ['Behandles for', 'Børnehuset Åen', 'Udbetaling af løn', 'Databehandler for andre'])
      expect(text).toContain(part)
  })

  test('a purpose without a kind, or from before there were kinds, says nothing of it', () => {
    const facts = (of: ActivityContent) => JSON.stringify(recordDocument(sheet([record(of)])).chapters)
    expect(facts(content)).toContain(recordWords.da.purposeKind)
    if (content.kind !== 'controller') throw new Error('a controller has purposes')
    const none = { ...content, purposes: content.purposes.map(one => ({ ...one, broader: null })) }
    for (const one of [none, storedBefore(content)]) expect(facts(one)).not.toContain(recordWords.da.purposeKind)
  })

  test('of a past day nobody is counted, and it says where it stands', async () => {
    const paper = recordDocument(sheet([{ ...record(content), people: null }]))
    const text = await docxText(await writeDocx(paper))
    expect(text).not.toContain('Personer med adgang')
    expect(text).toContain('står i tilsynspakken for den dag')
  })

  test('97 records have a list of contents, and each begins on a page of its own', async () => {
    const many = Array.from({ length: 97 }, (_, n) =>
      record({ ...content, name: `Opgave nr. ${n + 1}` }, `BA-${String(n + 1).padStart(3, '0')}`),
    )
    const paper = recordDocument(sheet(many))
    const docx = await docxText(await writeDocx(paper))
    const { text, pages } = await pdfText(await writePdf(paper))
    expect(pages).toBeGreaterThan(97)
    expect(text).toContain('Indhold')
    for (const { ref } of many) {
      // Once in the list, once as heading.
      expect(docx.split(ref).length).toBeGreaterThan(2)
      expect(text.split(ref).length).toBeGreaterThan(2)
    }
  }, 60_000)

  test('the same record gives the same bytes, whenever it is written', async () => {
    const paper = recordDocument(sheet([record(content), record(content, 'BA-026')]))
    const write = async (at: string) => {
      vi.setSystemTime(new Date(at))
      return [await writeDocx(paper), await writePdf(paper)]
    }
    vi.useFakeTimers({ toFake: ['Date'] })
    const [first, second] = [await write('2026-03-02T10:00:00Z'), await write('2027-11-05T23:12:44Z')]
    vi.useRealTimers()
    expect(first[0]!.equals(second[0]!)).toBe(true)
    expect(first[1]!.equals(second[1]!)).toBe(true)
  })

  test('any text can be printed: long words, lines, signs of all kinds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
        fc.nat(40),
        async (text, times) => {
          const long = text.repeat(times + 1)
          const odd = { ...content, description: long, information: long, name: text }
          const paper = recordDocument(sheet([record(odd)]))
          const [docx, pdf] = [await writeDocx(paper), await writePdf(paper)]
          expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
          const { value } = await mammoth.extractRawText({ buffer: docx })
          expect(value).toContain('Kort fortalt')
          // What comes behind it is still there.
          expect(value).toContain('Region Sjælland')
        },
      ),
      { numRuns: 12 },
    )
  }, 60_000)

  test('a description that fills pages is there to its last word', async () => {
    const word = 'Sundhedspersonaleautorisationsansvarsfordeling '
    const long = { ...content, description: `${word.repeat(900)}sidsteord`, information: 'å'.repeat(6000) }
    const { text, pages } = await pdfText(await writePdf(recordDocument(sheet([record(long)]))))
    expect(pages).toBeGreaterThan(6)
    expect(text).toContain('sidsteord')
    expect(text.split(word.trim()).length - 1).toBe(900)
  })
})
