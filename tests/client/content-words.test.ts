import { expect, it } from 'vitest'
import { valueWords } from '../../client/features/register/content-words.ts'
import type { Terms } from '../../client/features/register/use-terms.ts'
import type { Texts } from '../../client/texts/i18n.ts'
import { shippedTerms } from '../../server/register/vocabulary/read-terms.ts'
import { danish } from '../support/texts.ts'

const words = new Map(shippedTerms().map(term => [`${term.kind} ${term.code}`, term.da]))
const terms: Terms = {
  word: (kind, code) => words.get(`${kind} ${code}`) ?? code,
  ...{ note: () => null, classOf: () => null, choices: () => [], sorted: () => [], ready: true },
}
const names = { owner: null, units: [], systems: [] }
const said = (part: string | null, value: unknown) =>
  valueWords({ texts: { t: danish } as Texts, terms, names }, 'purposes', part, value)

it('says the kind of a purpose in words, alone and with the purpose that it belongs to', () => {
  expect(said('broader', 'housing')).toBe('Skaffe bolig efter behov')
  expect(said('broader', null)).toBe(danish('activity.diff.nothing'))
  // Of the town's own, and gone: the code is all that there is.
  expect(said('broader', 'HAVN')).toBe('HAVN')
  const purpose = { key: 'bolig', name: 'Anvise bolig', art6: '6.1.e' }
  const basis = `6.1.e ${terms.word('basis6', '6.1.e')}`
  expect(said(null, { ...purpose, broader: 'housing' })).toBe(`Anvise bolig · Skaffe bolig efter behov · ${basis}`)
  expect(said(null, purpose)).toBe(`Anvise bolig · ${basis}`)
})
