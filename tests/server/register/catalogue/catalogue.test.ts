import { expect, test } from 'vitest'
import { checkContent } from '../../../../server/register/activities/check-content.ts'
import { AREAS } from '../../../../server/register/catalogue/catalogue.ts'
import { catalogueActivities } from '../../../../server/register/catalogue/read-catalogue.ts'
import { shippedTerms } from '../../../../server/register/vocabulary/read-terms.ts'
import { classOf, vocabulariesOf } from '../../../../server/register/vocabulary/vocabulary.ts'

const all = [...catalogueActivities().values()]
const vocabularies = vocabulariesOf(shippedTerms())

test('there are at least seventy, each with a key and a name of its own in both languages', () => {
  expect(all.length).toBeGreaterThanOrEqual(70)
  const names = [all.map(one => one.content.name), all.map(one => one.nameEn)]
  for (const list of names) {
    expect(new Set(list).size).toBe(all.length)
    expect(list.filter(name => name.trim().length < 2)).toEqual([])
  }
  expect(all.filter(one => one.about.length < 20 || one.aboutEn.length < 20)).toEqual([])
  expect(all.filter(one => AREAS[one.content.area] !== one.areaEn)).toEqual([])
})

/** What only a municipality can say: who answers for it, how people are told, and what its lawyer has looked up. */
const LEFT_OPEN = ['no-owner', 'no-units', 'no-information', 'provision-unchecked', 'archive-unsettled']

test('each could be proposed as it is, and leaves open only what the municipality has to say', () => {
  const said = all.flatMap(one =>
    checkContent(one.content, vocabularies, '2026-03-02')
      .filter(remark => remark.severity === 'must' || !LEFT_OPEN.includes(remark.code))
      .map(remark => `${one.key}: ${remark.code} ${remark.at}`),
  )
  expect(said).toEqual([])
})

test('no law has a section, and nobody is said to have looked it up', () => {
  const provisions = all.flatMap(one => one.content.purposes.flatMap(purpose => purpose.provisions))
  expect(provisions.length).toBeGreaterThan(100)
  expect(provisions.filter(one => one.section !== null || one.checkedOn !== null)).toEqual([])
})

test('what tasks rest on a law names one, but for agreements and consent', () => {
  const bare = all.flatMap(one =>
    one.content.purposes
      .filter(purpose => purpose.provisions.length === 0 && !['6.1.a', '6.1.b'].includes(purpose.art6 ?? ''))
      .map(purpose => `${one.key}/${purpose.key}`),
  )
  expect(bare).toEqual([])
})

test('each purpose says what kind it is, in a word that others have, too', () => {
  const kinds = vocabularies['purpose-kind']
  const without = all.flatMap(one =>
    one.content.purposes
      .filter(purpose => (kinds.get(purpose.broader ?? '')?.dpv ?? []).length === 0)
      .map(purpose => `${one.key}/${purpose.key}: ${purpose.broader}`),
  )
  expect(without).toEqual([])
  // A kind that no activity has is a word too many.
  const used = new Set(all.flatMap(one => one.content.purposes.map(purpose => purpose.broader)))
  expect([...kinds.keys()].filter(code => !used.has(code))).toEqual([])
})

test('special categories are those of Art. 9 and nothing else', () => {
  const special = shippedTerms().filter(term => term.kind === 'data' && classOf(vocabularies, term.code) === 'special')
  expect(special.map(term => term.code).sort()).toEqual(
    ['ABU', 'BIO', 'DSB', 'ETH', 'GEN', 'HEA', 'POL', 'PPR', 'PSY', 'REL', 'SEX', 'UNI', 'WEL'].sort(),
  )
  expect(classOf(vocabularies, 'CPR')).toBe('cpr')
  for (const code of ['CRI', 'CRT', 'FRD']) expect(classOf(vocabularies, code)).toBe('criminal')
})

test('terms have a code of their own, both languages, and a class that the law knows', () => {
  const terms = shippedTerms()
  expect(new Set(terms.map(term => `${term.kind} ${term.code}`)).size).toBe(terms.length)
  expect(terms.filter(term => term.kind === 'data' && classOf(vocabularies, term.code) === null)).toEqual([])
  expect(terms.flatMap(term => term.dpv).filter(one => !one.startsWith('https://w3id.org/dpv'))).toEqual([])
  // Nobody here has looked anything up on behalf of the municipality.
  expect(terms.filter(term => term.checkedOn !== null)).toEqual([])
})
