import { describe, expect, test } from 'vitest'
import {
  type ActivityContent,
  type ControllerContent,
  controllerContent,
  processorContent,
} from '../../../../server/contract/activity-content.ts'
import { REMARK_CODES, REMARKS, type RemarkCode } from '../../../../server/contract/register.ts'
import { newId } from '../../../../server/platform/ids.ts'
import { checkContent } from '../../../../server/register/activities/check-content.ts'
import { shippedTerms } from '../../../../server/register/vocabulary/read-terms.ts'
import { type Term, vocabulariesOf } from '../../../../server/register/vocabulary/vocabulary.ts'
import { storedBefore } from './content.ts'

const today = '2026-03-02'
const terms = shippedTerms()
/** As they came, with changes to some of them. */
const vocabularies = (changes: Record<string, Partial<Term>> = {}) =>
  vocabulariesOf(terms.map(term => ({ ...term, ...changes[`${term.kind} ${term.code}`] })))

/** Nothing is to be said of this one. */
const clean: ControllerContent = controllerContent.parse({
  kind: 'controller',
  name: 'Hjemmesygepleje',
  area: 'Sundhed',
  owner: newId(),
  units: [newId()],
  kle: ['29.18'],
  measures: ['A01', 'L01'],
  information: 'Brev ved det første besøg',
  purposes: [
    {
      ...{ key: 'pleje', name: 'Yde pleje efter lægens henvisning', art6: '6.1.e', art9: ['9.2.h'] },
      national: ['DBL8.1', 'DBL11.1'],
      provisions: [{ law: 'Sundhedsloven', section: '§ 138', checkedOn: '2026-01-15' }],
    },
  ],
  rows: [
    { subject: 'PAT', data: 'HEA', recipient: 'R-GP', erasure: 'journal' },
    { subject: 'PAT', data: 'CPR', erasure: 'journal' },
    { subject: 'PAT', data: 'CRI', erasure: 'journal' },
  ],
  retention: [{ key: 'journal', startEvent: 'seneste notat', period: 'P10Y', archive: 'discard' }],
})
const [purpose] = clean.purposes as [ControllerContent['purposes'][number]]
const [row] = clean.rows as [ControllerContent['rows'][number]]
const [rule] = clean.retention as [ControllerContent['retention'][number]]
const at = (change: Partial<ControllerContent>): ControllerContent => ({ ...clean, ...change })
const withPurpose = (change: Partial<typeof purpose>) => at({ purposes: [{ ...purpose, ...change }] })
const withTransfer = (change: Partial<ControllerContent['transfers'][number]>) =>
  at({
    transfers: [{ recipient: 'Sky ApS', country: 'CH', ground: '45', document: null, from: null, to: null, ...change }],
  })
const looked = { 'adequacy CH': { checkedOn: '2026-02-01' } }

type Planted = { content: ActivityContent; at: string; with?: Record<string, Partial<Term>> }
const PLANTED: Record<RemarkCode, Planted> = {
  'unknown-code': { content: at({ rows: [...clean.rows, { ...row, data: 'XYZ' }] }), at: 'rows.3.data' },
  'retired-code': { content: clean, at: 'rows.0.data', with: { 'data HEA': { retired: true } } },
  'key-twice': { content: at({ retention: [rule, rule] }), at: 'retention.1' },
  'row-without-rule': {
    content: at({ rows: [...clean.rows, { ...row, data: 'ID', erasure: 'nej' }] }),
    at: 'rows.3.erasure',
  },
  'no-purpose': { content: at({ purposes: [] }), at: 'purposes' },
  'no-rows': { content: at({ rows: [] }), at: 'rows' },
  'no-basis': { content: withPurpose({ art6: null }), at: 'purposes.0.art6' },
  'no-controllers': {
    content: processorContent.parse({ kind: 'processor', name: 'Løn for andre', area: 'Personale' }),
    at: 'processing',
  },
  'row-twice': { content: at({ rows: [...clean.rows, row] }), at: 'rows.3' },
  'legitimate-interest': { content: withPurpose({ art6: '6.1.f' }), at: 'purposes.0.art6' },
  'consent-fallback': {
    content: at({
      purposes: [purpose, { ...purpose, key: 'to', name: 'Sende nyheder', art6: '6.1.a' }],
      consent: 'Ja',
    }),
    at: 'purposes.1.art6',
  },
  'consent-without-how': { content: withPurpose({ art6: '6.1.a' }), at: 'consent' },
  'special-without-art9': { content: withPurpose({ art9: [] }), at: 'purposes' },
  'art9-without-special': {
    content: at({ rows: clean.rows.filter(one => one.data !== 'HEA') }),
    at: 'purposes.0.art9',
  },
  'criminal-without-provision': { content: withPurpose({ national: ['DBL11.1'] }), at: 'purposes' },
  'cpr-without-provision': { content: withPurpose({ national: ['DBL8.1'] }), at: 'purposes' },
  'provision-missing': { content: withPurpose({ provisions: [] }), at: 'purposes.0.provisions' },
  'provision-unchecked': {
    content: withPurpose({ provisions: [{ law: 'Sundhedsloven', section: '§ 138', link: null, checkedOn: null }] }),
    at: 'purposes.0.provisions.0',
  },
  'provision-checked-long-ago': {
    content: withPurpose({
      provisions: [{ law: 'Sundhedsloven', section: '§ 138', link: null, checkedOn: '2024-03-01' }],
    }),
    at: 'purposes.0.provisions.0',
  },
  'purpose-restates-name': {
    content: withPurpose({ name: 'Administration af hjemmesygepleje' }),
    at: 'purposes.0.name',
  },
  'erasure-missing': {
    content: at({ rows: [...clean.rows, { ...row, data: 'ID', erasure: null }] }),
    at: 'rows.3.erasure',
  },
  'erasure-vague': {
    content: at({ retention: [{ ...rule, startEvent: 'Når oplysningerne ikke længere er nødvendige' }] }),
    at: 'retention.0',
  },
  'erasure-unused': { content: at({ retention: [rule, { ...rule, key: 'anden' }] }), at: 'retention.1' },
  'archive-unsettled': { content: at({ retention: [{ ...rule, archive: 'unknown' }] }), at: 'retention.0' },
  'transfer-without-recipient': {
    content: { ...withTransfer({}), rows: clean.rows.map(one => ({ ...one, recipient: null })) },
    ...{ at: 'transfers', with: looked },
  },
  'transfer-without-ground': { content: withTransfer({ ground: null }), at: 'transfers.0.ground' },
  'transfer-derogation': { content: withTransfer({ ground: '49.1.a' }), at: 'transfers.0.ground' },
  'adequacy-unknown': { content: withTransfer({ country: 'CN' }), at: 'transfers.0' },
  'adequacy-expired': {
    content: withTransfer({}),
    ...{ at: 'transfers.0', with: { 'adequacy CH': { checkedOn: '2026-02-01', expiresOn: today } } },
  },
  'adequacy-unchecked': {
    content: withTransfer({}),
    ...{ at: 'transfers.0', with: { 'adequacy CH': { checkedOn: '2025-09-01' } } },
  },
  'joint-without-arrangement': {
    content: at({ jointControllers: [{ name: 'Region Vest', contact: null, arrangement: null }] }),
    at: 'jointControllers.0',
  },
  'no-measures': { content: at({ measures: [] }), at: 'measures' },
  'no-information': { content: at({ information: null }), at: 'information' },
  'no-owner': { content: at({ owner: null }), at: 'owner' },
  'no-units': { content: at({ units: [] }), at: 'units' },
  'no-kle': { content: at({ kle: [] }), at: 'kle' },
}

describe('remarks on a record', () => {
  test('nothing is said of a record that lacks nothing', () => {
    expect(checkContent(clean, vocabularies(), today)).toEqual([])
  })

  test('a transfer to a country that was looked up lately needs no word', () => {
    expect(checkContent(withTransfer({}), vocabularies(looked), today)).toEqual([])
    expect(checkContent(withTransfer({ ground: null, to: today }), vocabularies(), today)).toEqual([])
  })

  test.each(REMARK_CODES)('%s is told where it is, and only where it is', code => {
    const planted = PLANTED[code]
    const found = checkContent(planted.content, vocabularies(planted.with), today).filter(one => one.code === code)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ at: planted.at, severity: REMARKS[code] })
  })

  test('says terms in two languages, each once however many rows have them', () => {
    const content = { ...withPurpose({ art9: [] }), rows: [...clean.rows, { ...row, subject: 'ELD' }] }
    const [said] = checkContent(content, vocabularies(), today)
    expect(said?.values).toEqual({
      da: 'Helbred, diagnose, medicin og funktionsevne',
      en: 'Health, diagnosis, medicine and functional ability',
    })
  })

  test('a kind of purpose that nobody knows is named; none is nothing to remark on', () => {
    expect(checkContent(withPurpose({ broader: 'treatment' }), vocabularies(), today)).toEqual([])
    expect(checkContent(storedBefore(clean), vocabularies(), today)).toEqual([])
    const [unknown] = checkContent(withPurpose({ broader: 'havn' }), vocabularies(), today)
    expect(unknown).toMatchObject({
      ...{ code: 'unknown-code', at: 'purposes.0.broader' },
      values: { kind: 'purpose-kind', code: 'havn' },
    })
    const retired = vocabularies({ 'purpose-kind treatment': { retired: true } })
    expect(checkContent(withPurpose({ broader: 'treatment' }), retired, today)).toMatchObject([
      { code: 'retired-code', at: 'purposes.0.broader' },
    ])
  })

  test('a limit that keeps things for good needs no period; one without both is no limit', () => {
    const kept = at({ retention: [{ ...rule, period: null, archive: 'keep' }] })
    expect(checkContent(kept, vocabularies(), today)).toEqual([])
    const open = at({ retention: [{ ...rule, period: null }] })
    expect(checkContent(open, vocabularies(), today).map(one => one.code)).toEqual(['erasure-vague'])
  })
})
