import fc from 'fast-check'
import jsonld from 'jsonld'
import { Parser, type Quad, Store } from 'n3'
import { describe, expect, it } from 'vitest'
import { type ActivityContent, activityContent } from '../../../server/contract/activity-content.ts'
import { registerDpv } from '../../../server/interop/register/dpv.ts'
import { catalogueActivities } from '../../../server/register/catalogue/read-catalogue.ts'
import { shippedTerms } from '../../../server/register/vocabulary/read-terms.ts'
import { DPV_TERMS } from '../../support/dpv-terms.ts'
import { recordsOf, TERMS, wholeContents } from '../../support/register-contents.ts'
import { storedBefore } from '../register/activities/content.ts'

/* What the export says is read by programs that know nothing of us: a JSON-LD processor, and a parser of RDF. */

const SPACES = {
  dpv: 'https://w3id.org/dpv#',
  gdpr: 'https://w3id.org/dpv/legal/eu/gdpr#',
  pd: 'https://w3id.org/dpv/pd#',
  ps: 'https://w3id.org/dpv/sector/publicservices#',
  edu: 'https://w3id.org/dpv/sector/education#',
  health: 'https://w3id.org/dpv/sector/health#',
}
const KNOWN = new Set(
  Object.entries(DPV_TERMS).flatMap(([space, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map(name => SPACES[space as 'dpv'] + name),
  ),
)
const WHO = {
  day: '2026-03-02',
  defaults: {
    controller: { name: 'Lindevang Kommune', contact: 'Rådhuset' },
    dpo: { name: 'DPO', contact: null },
    representative: null,
  },
}

/** As quads. Whatever the document needs it has: a processor that would fetch something fails. */
async function quadsOf(contents: readonly ActivityContent[]): Promise<Store> {
  // As it goes over the wire: what JSON cannot carry is gone.
  const document = JSON.parse(JSON.stringify(registerDpv(recordsOf(contents), TERMS, WHO)))
  const documentLoader = (url: string) => Promise.reject(new Error(`would fetch ${url}`))
  const lines = (await jsonld.toRDF(document, {
    format: 'application/n-quads',
    documentLoader,
  } as never)) as unknown as string
  return new Store(new Parser({ format: 'N-Quads' }).parse(lines) as Quad[])
}
const dpv = (name: string) => SPACES.dpv + name
const values = (store: Store, subject: string, predicate: string): string[] =>
  store.getObjects(subject, predicate, null).map(one => one.value)
const activity = (at: number) => `urn:hjemmel:activity:00000000-0000-4000-8004-00000000000${at + 1}`
const BROADER = 'http://www.w3.org/2004/02/skos/core#broader'
const code = (iri: string) => decodeURIComponent(iri.replace(/^urn:hjemmel:term:[^:]+:/, ''))

describe('the register in DPV', () => {
  it('uses terms of the vocabulary only, and those of our own have words in both languages', async () => {
    // What may be done with data is said of rights, and stands in no record.
    for (const term of shippedTerms().filter(one => one.kind !== 'operation'))
      for (const iri of term.dpv) expect(KNOWN, iri).toContain(iri)
    await fc.assert(
      fc.asyncProperty(fc.array(wholeContents, { minLength: 1, maxLength: 2 }), async contents => {
        const store = await quadsOf(contents)
        for (const { subject, predicate, object } of store)
          for (const one of [subject, predicate, object])
            if (one.termType === 'NamedNode' && Object.values(SPACES).some(space => one.value.startsWith(space)))
              expect(KNOWN, one.value).toContain(one.value)
        for (const concept of store.getSubjects('http://www.w3.org/2004/02/skos/core#notation', null, null)) {
          const [kind = ''] = /^urn:hjemmel:term:([^:]+):/.exec(concept.value)?.slice(1) ?? []
          const known = TERMS[kind as 'data'].get(code(concept.value))
          const labels = store.getObjects(concept, 'http://www.w3.org/2004/02/skos/core#prefLabel', null)
          expect(labels.map(one => one.value)).toEqual(known ? expect.arrayContaining([known.da, known.en]) : [])
        }
      }),
      { numRuns: 15 },
    )
  })

  it('keeps which data about whom go to whom and until when, and which basis belongs to which purpose', async () => {
    await fc.assert(
      fc.asyncProperty(wholeContents, async content => {
        fc.pre(content.kind === 'controller')
        if (content.kind !== 'controller') return
        const store = await quadsOf([content])
        const processes = values(store, activity(0), dpv('hasProcess'))
        const coupled = processes.filter(one => one.startsWith('urn:hjemmel:coupling:'))
        const told = coupled.flatMap(one => {
          const [subject] = values(store, one, dpv('hasDataSubject')).map(code)
          const [recipient] = values(store, one, dpv('hasRecipient')).map(code)
          const [until] = values(store, one, dpv('hasStorageCondition'))
          return values(store, one, dpv('hasPersonalData')).map(data =>
            [subject, code(data), recipient ?? null, until?.split(':').at(-1) ?? null].join(' '),
          )
        })
        const rules = new Set(content.retention.map(rule => rule.key))
        const meant = content.rows.map(row =>
          [row.subject, row.data, row.recipient, rules.has(row.erasure ?? '') ? row.erasure : null].join(' '),
        )
        expect(new Set(told)).toEqual(new Set(meant))
        for (const purpose of content.purposes) {
          const [grounds] = processes.filter(
            one => one.startsWith('urn:hjemmel:grounds:') && one.endsWith(`:${purpose.key}`),
          )
          const bases = values(store, grounds ?? '', dpv('hasLegalBasis'))
          const art6 = /^6\.1\.([a-f])$/.exec(purpose.art6 ?? '')?.[1]
          if (art6) expect(bases).toContain(`${SPACES.gdpr}A6-1-${art6}`)
          for (const one of purpose.national) expect(bases.map(code)).toContain(one)
        }
        for (const rule of content.retention) {
          const storage = `urn:hjemmel:storage:00000000-0000-4000-8004-000000000001:${rule.key}`
          expect(values(store, storage, dpv('hasDuration'))).toEqual(rule.period ? [rule.period] : [])
        }
      }),
      { numRuns: 25 },
    )
  })

  it('says of what kind each purpose is: in terms of DPV, else in the words of the town', async () => {
    const purposes = [
      { key: 'et', name: 'Afgøre om borgeren har ret til hjælp', broader: 'social-eligibility' },
      { key: 'to', name: 'Tage imod skibe', broader: 'EGEN.3' },
      { key: 'tre', name: 'Noget helt andet' },
    ]
    const content = activityContent.parse({ kind: 'controller', name: 'Havn', area: 'Teknik', purposes })
    const store = await quadsOf([content])
    const of = values(store, activity(0), dpv('hasPurpose')).map(one => [
      one.split(':').at(-1),
      values(store, one, BROADER),
    ])
    expect(Object.fromEntries(of)).toEqual({
      et: [`${SPACES.ps}SocialWelfareEligibilityAssessment`],
      to: ['urn:hjemmel:term:purpose-kind:EGEN.3'],
      tre: [],
    })
    const labels = 'http://www.w3.org/2004/02/skos/core#prefLabel'
    expect(values(store, 'urn:hjemmel:term:purpose-kind:EGEN.3', labels).sort()).toEqual([
      'Drive havn',
      'Running a harbour',
    ])
    // Stored before purposes had a kind.
    expect((await quadsOf([storedBefore(content)])).countQuads(null, BROADER, null, null)).toBe(0)
  })

  it('has a broader purpose in DPV for every purpose that the catalogue offers', async () => {
    const contents = [...catalogueActivities().values()].map(one => one.content)
    const store = await quadsOf(contents)
    const all = store.getObjects(null, dpv('hasPurpose'), null).map(one => one.value)
    expect(new Set(all).size).toBe(contents.flatMap(one => one.purposes).length)
    for (const one of all) {
      const broader = values(store, one, BROADER)
      expect(broader.length, one).toBeGreaterThan(0)
      for (const iri of broader) expect(KNOWN, iri).toContain(iri)
    }
  })

  it('says who is responsible: the municipality for its own, others where it is the processor', async () => {
    const [made] = fc.sample(
      wholeContents.filter(one => one.kind === 'controller'),
      { numRuns: 1, seed: 1 },
    )
    const shared = {
      ...made!,
      transfers: [{ recipient: 'Acme', country: 'US', ground: '45-DPF', document: null, from: null, to: null }],
    }
    const processor: ActivityContent = {
      ...{
        kind: 'processor',
        name: 'Løn',
        nameEn: null,
        area: 'Løn',
        description: null,
        owner: null,
        units: [],
        kle: [],
      },
      ...{ systems: [], transfers: [], measures: ['A01', 'O02'], measuresNote: null, dpo: null, representative: null },
      ...{
        reviewMonths: 12,
        processing: [
          { controller: { name: 'Haven', contact: null }, representative: null, dpo: null, categories: ['Løn'] },
        ],
      },
    }
    const store = await quadsOf([shared as ActivityContent, processor])
    const name = 'http://purl.org/dc/terms/title'
    expect(values(store, 'urn:hjemmel:register', dpv('hasRecordOfActivity'))).toEqual([activity(0), activity(1)])
    expect(values(store, 'urn:hjemmel:controller', name)).toEqual(['Lindevang Kommune'])
    expect(values(store, activity(0), dpv('hasDataController'))).toEqual(['urn:hjemmel:controller'])
    expect(values(store, activity(1), dpv('hasDataController'))).toEqual([])
    expect(values(store, activity(1), dpv('hasDataProcessor'))).toEqual(['urn:hjemmel:controller'])
    const [processing] = values(store, activity(1), dpv('hasProcess'))
    const [controller] = store.getObjects(processing!, dpv('hasDataController'), null)
    expect(store.getObjects(controller!, name, null).map(one => one.value)).toEqual(['Haven'])
    expect(values(store, activity(1), dpv('hasOrganisationalMeasure'))).toEqual([dpv('ConfidentialityAgreement')])
    const going = values(store, activity(0), dpv('hasProcess')).filter(one => one.startsWith('urn:hjemmel:transfer:'))
    expect(values(store, going[0]!, dpv('hasThirdCountry'))).toEqual(['https://w3id.org/dpv/loc#US'])
    expect(values(store, going[0]!, dpv('hasLegalBasis'))).toEqual([`${SPACES.gdpr}A45-3`])
  })
})
