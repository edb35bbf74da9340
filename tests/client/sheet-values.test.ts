import { describe, expect, it } from 'vitest'
import { changeLines, valueText } from '../../client/features/systems/value-text.ts'
import { formatDate, formatNumber } from '../../client/lib/formats.ts'
import { translator } from '../../client/texts/translate.ts'
import { systemContract, systemFlow } from '../../server/contract/sheet.ts'
import { danishTexts, englishTexts } from '../support/texts.ts'

const words = (language: 'da' | 'en', texts: object) => ({
  t: translator(language === 'da' ? 'da-DK' : 'en-GB', texts as never),
  date: (civil: string) => formatDate(language, civil),
  number: (value: number) => formatNumber(language, value),
})
const danish = words('da', danishTexts)
const english = words('en', englishTexts)
const contract = (given: object) => systemContract.parse(given)
const flow = (given: object) => systemFlow.parse(given)
const said = (change: Parameters<typeof changeLines>[1], how = danish) =>
  changeLines(how, change).map(({ what, before, after }) => `${what}: ${before} → ${after}`)

describe('a change of a sheet in words', () => {
  it('names people and units, and nobody who is protected', () => {
    const nobody = { name: null, hidden: false, unit: null, words: null }
    const ann = { ...nobody, name: 'Ann Berg', unit: 'Løn' }
    expect(said({ field: 'owner', before: ann, after: { ...nobody, name: 'Bo Lund' } })).toEqual([
      'Ejer: Ann Berg (Løn) → Bo Lund',
    ])
    expect(said({ field: 'owner', before: { ...nobody, hidden: true }, after: nobody })).toEqual([
      'Ejer: Beskyttet person → En, der ikke længere er registreret',
    ])
    expect(said({ field: 'contact', before: null, after: { ...nobody, words: 'Driften' } })).toEqual([
      'Kontakt i it: Ikke oplyst → Driften',
    ])
    expect(said({ field: 'unit', before: { ...nobody, name: 'Løn' }, after: null })).toEqual([
      'Enhed: Løn → Ikke oplyst',
    ])
  })

  it('says of a contract what differs, and nothing of one that is as it was', () => {
    const drift = contract({ name: 'Drift', number: 'K-1', to: '2026-12-31', noticeMonths: 6, pricePerYear: 120_000 })
    const other = contract({ name: 'Support', number: 'K-2' })
    const before = [drift, other]
    expect(
      said({ field: 'contracts', before, after: [other, { ...drift, to: '2027-12-31', pricePerYear: 1_250_000 }] }),
    ).toEqual([
      'Kontrakter · Drift · Slutter: 31.12.2026 → 31.12.2027',
      'Kontrakter · Drift · Kroner om året: 120.000 → 1.250.000',
    ])
    expect(said({ field: 'contracts', before, after: [{ ...drift, noticeMonths: null }, other] }, english)).toEqual([
      'Contracts · Drift · Notice (months): 6 → Not known',
    ])
    // The number tells that it is the same one under another name.
    expect(
      said({ field: 'contracts', before, after: [drift, { ...other, name: 'Hotline', renewal: 'automatic' }] }),
    ).toEqual([
      'Kontrakter · Support · Navn: Support → Hotline',
      'Kontrakter · Support · Fornyelse: Ikke oplyst → Fortsætter af sig selv',
    ])
  })

  it('says of a new contract what is in it, and of one that goes that it goes', () => {
    const running = contract({ name: 'Drift', from: '2024-01-01', noticeMonths: 6, renewal: 'automatic' })
    expect(said({ field: 'contracts', before: null, after: [running] })).toEqual([
      'Kontrakter · Drift: Findes ikke → 01.01.2024 uden slutdato · 6 måneders opsigelsesvarsel · Fortsætter af sig selv',
    ])
    const lines = changeLines(danish, {
      field: 'contracts',
      before: [running, contract({ name: 'B' })],
      after: [running],
    })
    expect(lines.map(({ what, gone }) => [what, gone])).toEqual([['Kontrakter · B', true]])
  })

  it('tells two contracts of one name apart by their numbers', () => {
    const one = contract({ name: 'Aftale', number: '1', pricePerYear: 1 })
    const two = contract({ name: 'Aftale', number: '2', pricePerYear: 2 })
    expect(said({ field: 'contracts', before: [one, two], after: [{ ...two, pricePerYear: 3 }, one] })).toEqual([
      'Kontrakter · Aftale 2 · Kroner om året: 2 → 3',
    ])
  })

  it('says of a data flow what differs', () => {
    const nexus = flow({ system: 'Nexus', direction: 'out', data: ['CPR'], how: 'file', frequency: 'daily' })
    expect(said({ field: 'flows', before: [nexus], after: [{ ...nexus, data: ['CPR', 'Løn'], how: 'api' }] })).toEqual([
      'Data til og fra andre systemer · Til Nexus · Hvilke data: CPR → CPR, Løn',
      'Data til og fra andre systemer · Til Nexus · Hvordan: Fil → API',
    ])
    expect(said({ field: 'flows', before: [], after: [nexus] })).toEqual([
      'Data til og fra andre systemer · Til Nexus: Findes ikke → CPR · Fil · Hver dag',
    ])
  })

  it('shows what a feed says of contracts whole', () => {
    expect(valueText(danish, 'contracts', [contract({ name: 'Drift', to: '2026-12-31', pricePerYear: 5000 })])).toBe(
      'Drift · til 31.12.2026 · 5.000 kr. om året',
    )
  })
})
