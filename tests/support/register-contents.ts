import fc from 'fast-check'
import { type ActivityContent, activityContent } from '../../server/contract/activity-content.ts'
import type { VocabularyKind } from '../../server/contract/vocabularies.ts'
import type { ExportRecord, Named } from '../../server/interop/register/record-lines.ts'
import { shippedTerms } from '../../server/register/vocabulary/read-terms.ts'
import { type Term, vocabulariesOf } from '../../server/register/vocabulary/vocabulary.ts'

/* Records of processing as they are, and as people write them: for whoever sends them out and reads them again. */

const own: Term = {
  ...{
    kind: 'data',
    code: 'EGEN.1',
    da: 'Helbred, diagnose [x]',
    en: 'x | y; z',
    class: 'special',
    dpv: [],
    retired: false,
  },
  ...{ noteDa: null, noteEn: null, link: null, checkedOn: null, expiresOn: null, origin: 'own' },
}
/** Two terms of one name, and one that is offered no more. */
const twin: Term = { ...own, kind: 'recipient', code: 'EGEN.2', da: 'Politi eller kriminalforsorg', en: 'Police' }
const old: Term = { ...own, kind: 'subject', code: 'GL', da: 'Gammel', en: 'Old', class: null, retired: true }
/** A kind of purpose that no other vocabulary knows. */
const kind: Term = {
  ...own,
  kind: 'purpose-kind',
  code: 'EGEN.3',
  da: 'Drive havn',
  en: 'Running a harbour',
  class: null,
}
export const TERMS = vocabulariesOf([...shippedTerms(), own, twin, old, kind])

const nasty = fc.constantFrom(
  ...['=1+1', "'=x", '+45', '-2', '@a', 'constructor', '__proto__', 'a|b', 'c;d', '\\', '"', 'æøå', '\u0001', 'x\r\ny'],
  ...['\ud800', '_x000D_', ' ', '\t', ',', '[x]', '1E5', '2026-02-01', '-', '(ingen)', '29.10', 'ja'],
)
export const words = (most: number) =>
  fc
    .array(fc.oneof(fc.string({ maxLength: 8 }), nasty), { minLength: 1, maxLength: 3 })
    // The database keeps no NUL and no half signs: a content cannot have them.
    .map(parts => parts.join('').replaceAll('\0', '').toWellFormed().slice(0, most).toWellFormed().trim())
    .filter(one => one !== '')
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
const codes = (kind: VocabularyKind) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...TERMS[kind].keys()) },
    { weight: 1, arbitrary: fc.constantFrom('UKENDT', 'a] [b') },
  )
const key = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/)
const day = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  .map(one => one.toISOString().slice(0, 10))
const few = <T>(of: fc.Arbitrary<T>, maxLength = 3) => fc.array(of, { maxLength })
const party = fc.record({ name: words(40), contact: maybe(words(40)) })

const id = (kind: string, n: number) => `00000000-0000-4000-8${kind}-00000000000${n}`
export const UNITS = [1, 2, 3].map(n => ({
  id: id('001', n),
  key: n === 3 ? 'u-1' : `u-${n}`,
  name: n === 2 ? 'Hjemmepleje' : `Enhed [${n}]`,
}))
/** One that is there no more, and has only its id. */
const GONE = { id: id('001', 9), key: null, name: '' }
export const SYSTEMS = [1, 2, 3].map(n => ({ id: id('002', n), key: `sys.${n}`, name: n === 3 ? 'Fag 1' : `Fag ${n}` }))
export const OWNERS = [
  { id: id('003', 1), name: 'Anna Berg', number: '1001', hidden: false },
  { id: id('003', 2), name: '', number: '1002', hidden: true },
  { id: id('003', 3), name: 'Bo', number: null, hidden: false },
]

const shared = {
  name: words(60),
  nameEn: maybe(words(40)),
  area: words(40),
  description: maybe(words(200)),
  owner: maybe(fc.constantFrom(...OWNERS.map(one => one.id), id('003', 9))),
  units: fc.uniqueArray(
    fc.constantFrom(...UNITS, GONE).map(one => one.id),
    { maxLength: 3 },
  ),
  kle: fc.uniqueArray(fc.constantFrom('29', '29.10', '29.18.00', '00'), { maxLength: 3 }),
  systems: fc.uniqueArray(
    fc.record({ systemId: fc.constantFrom(...SYSTEMS).map(one => one.id), use: maybe(words(40)) }),
    {
      ...{ maxLength: 3, selector: (one: { systemId: string }) => one.systemId },
    },
  ),
  transfers: few(
    fc.record({
      ...{
        recipient: words(40),
        country: fc.oneof(fc.constantFrom('US', 'GB'), words(20)),
        ground: maybe(codes('transfer-ground')),
      },
      ...{ document: maybe(words(40)), from: maybe(day), to: maybe(day) },
    }),
  ),
  measures: few(codes('measure')),
  measuresNote: maybe(words(60)),
  dpo: maybe(party),
  representative: maybe(party),
  reviewMonths: fc.integer({ min: 1, max: 60 }),
}
const provision = fc.record({
  ...{
    law: fc.oneof(words(40), fc.constantFrom('Sundhedsloven', 'Health Act')),
    section: maybe(words(20)),
    checkedOn: maybe(day),
  },
  link: maybe(fc.constantFrom('https://www.retsinformation.dk/eli/lta/2023/721', 'https://a.dk/?q=1&x=%20')),
})
const unique = { selector: (one: { key: string }) => one.key }
const controller = fc.record({
  ...{ kind: fc.constant('controller'), ...shared },
  purposes: fc.uniqueArray(
    fc.record({
      ...{ key, name: words(60), description: maybe(words(80)), broader: maybe(codes('purpose-kind')) },
      art6: maybe(codes('basis6')),
      ...{ art9: few(codes('basis9')), national: few(codes('national')), provisions: few(provision) },
    }),
    { maxLength: 3, ...unique },
  ),
  rows: few(
    fc.record({
      ...{ subject: codes('subject'), data: codes('data'), recipient: maybe(codes('recipient')) },
      ...{ erasure: maybe(fc.oneof(fc.constantFrom('sag', 'k2'), key, words(20))), source: maybe(words(40)) },
    }),
    6,
  ),
  retention: fc.uniqueArray(
    fc.record({
      ...{
        key: fc.oneof(fc.constantFrom('sag', 'k2'), key),
        startEvent: words(40),
        basis: maybe(words(40)),
        note: maybe(words(40)),
      },
      period: maybe(fc.constantFrom('P5Y', 'P1Y', 'P6M', 'P1Y6M', 'P2W', 'P30D', 'P05Y', 'P1Y2M3W4D')),
      archive: fc.constantFrom('keep', 'discard', 'unknown'),
    }),
    { maxLength: 3, ...unique },
  ),
  jointControllers: few(fc.record({ name: words(40), contact: maybe(words(40)), arrangement: maybe(words(40)) })),
  information: maybe(words(80)),
  consent: maybe(words(80)),
})
const processor = fc.record({
  ...{ kind: fc.constant('processor'), ...shared },
  processing: few(
    fc.record({
      ...{ controller: party, representative: maybe(party), dpo: maybe(party) },
      categories: fc.array(words(40), { minLength: 1, maxLength: 3 }),
    }),
  ),
})

/** Contents with everything that the contract allows, as the server would have stored them. */
export const wholeContents: fc.Arbitrary<ActivityContent> = fc
  .oneof({ weight: 4, arbitrary: controller }, { weight: 1, arbitrary: processor })
  .map(one => activityContent.parse(one))

export const namedOf = (content: ActivityContent): Named => ({
  owner: OWNERS.find(one => one.id === content.owner) ?? null,
  units: UNITS.filter(one => content.units.includes(one.id)),
  systems: SYSTEMS.filter(one => content.systems.some(used => used.systemId === one.id)),
})

export const recordsOf = (contents: readonly ActivityContent[]): ExportRecord[] =>
  contents.map((content, at) => ({
    id: id('004', at + 1),
    ref: `BA-00${at + 1}`,
    standing: 'in-force',
    // Names that nobody shares: two records of one name are another test.
    content: { ...content, name: `${at} ${content.name}` },
    named: namedOf(content),
  }))
