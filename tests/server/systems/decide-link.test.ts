import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { belowOu, likeOf } from '../../../server/systems/classify-accounts.ts'
import { type Candidate, decideLink, type LinkQuestion, type OpenLink } from '../../../server/systems/decide-link.ts'

const people = ['ann', 'bo', 'cia']
const candidate = fc
  .record({
    person: fc.constantFrom(...people),
    rank: fc.constantFrom(1, 2, 3, 4),
    low: fc.integer({ min: 1, max: 99 }),
    taken: fc.boolean(),
  })
  .map(
    ({ person, rank, low, taken }): Candidate => ({
      person,
      identity: person,
      named: rank === 2 ? `job of ${person}` : null,
      affiliation: `job of ${person}`,
      via: (['source', 'employee-no', 'cpr', 'attributes'] as const)[rank - 1]!,
      rank,
      confidence: rank <= 2 ? 100 : rank === 3 ? 98 : low,
      taken,
    }),
  )
const link = (by: fc.Arbitrary<'rule' | 'person'>) =>
  fc.record({ person: fc.constantFrom(...people), by }).map(
    ({ person, by: decidedBy }): OpenLink => ({
      verdict: 'is',
      person,
      identity: person,
      affiliation: null,
      decidedBy,
      evidence: decidedBy === 'person' ? 'manual' : 'employee-no',
      confidence: 100,
    }),
  )
const settings = fc.record({
  link: fc.boolean(),
  certain: fc.integer({ min: 50, max: 100 }),
  candidate: fc.integer({ min: 1, max: 50 }),
})
const question = (links: fc.Arbitrary<OpenLink[]>) =>
  fc.record({
    kind: fc.constantFrom('personal', 'service'),
    numbered: fc.boolean(),
    links,
    candidates: fc.array(candidate, { maxLength: 6 }),
    settings,
  })
const none = fc.constant<OpenLink[]>([])
const given = (more: Partial<LinkQuestion>): LinkQuestion => ({
  kind: 'personal',
  numbered: true,
  links: [],
  candidates: [],
  settings: { link: true, certain: 95, candidate: 50 },
  ...more,
})

describe('whose an account is', () => {
  it('is settled by a person once and for all, whatever any evidence says', () => {
    fc.assert(
      fc.property(question(link(fc.constant('person')).map(one => [one])), asked => {
        const answer = decideLink(asked)
        expect(answer).toMatchObject({ situation: 'linked', person: asked.links[0]!.person, open: null })
      }),
    )
    for (const verdict of ['nobody', 'out-of-scope'] as const)
      fc.assert(
        fc.property(question(none), asked => {
          const left = { ...link_, verdict, person: null, identity: null }
          expect(decideLink({ ...asked, links: [left] })).toMatchObject({
            situation: 'unmatched',
            person: null,
            open: null,
          })
        }),
      )
  })

  it('is never asked again while a link stands; only a number that names somebody else is an error beside it', () => {
    fc.assert(
      fc.property(question(link(fc.constant('rule')).map(one => [one])), asked => {
        const answer = decideLink(asked)
        expect(answer.person).toBe(asked.links[0]!.person)
        const numbers = asked.candidates.filter(one => one.rank <= 2)
        const strongest = numbers.filter(one => one.rank === Math.min(...numbers.map(other => other.rank)))
        const others = new Set(strongest.map(one => one.person))
        const error = others.size === 1 && !others.has(asked.links[0]!.person!)
        expect(answer.situation).toBe(error ? 'disputed' : 'linked')
        if (!error) expect(answer.open).toBeNull()
      }),
    )
  })

  it('is two links’ error for ever, until a person decides', () => {
    fc.assert(
      fc.property(
        question(fc.array(link(fc.constantFrom('rule', 'person')), { minLength: 2, maxLength: 3 })),
        asked => {
          const answer = decideLink(asked)
          const apart = new Set(asked.links.map(one => one.person)).size > 1
          if (apart) expect(answer).toMatchObject({ situation: 'disputed', reason: 'two-links' })
          expect(answer.person).toBe(asked.links[0]!.person)
        },
      ),
    )
  })

  it('is linked by a rule only where one person is certain, nobody stronger or as strong is there, and the source links', () => {
    fc.assert(
      fc.property(question(none), asked => {
        const answer = decideLink(asked)
        const near = asked.candidates.filter(one => one.confidence >= asked.settings.candidate)
        if (near.length === 0) expect(answer.situation).toBe('unmatched')
        expect(answer.situation === 'linked').toBe(answer.open !== null)
        const { open } = answer
        if (!open) {
          expect(answer.person).toBeNull()
          return
        }
        expect(asked.settings.link).toBe(true)
        expect(open.confidence).toBeGreaterThanOrEqual(asked.settings.certain)
        expect(near.filter(one => one.rank < open.rank)).toEqual([])
        for (const other of near.filter(one => one.rank === open.rank && one.confidence >= open.confidence))
          expect(other.person).toBe(open.person)
        // A CPR number that says somebody else is never passed over, and no second account comes by anything but a number.
        expect(near.some(one => one.rank === 3 && one.person !== open.person)).toBe(false)
        if (open.rank > 2) expect(open.taken).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it('does not depend on the order in which evidence comes', () => {
    fc.assert(
      fc.property(question(none), fc.nat(), (asked, seed) => {
        const turned = [...asked.candidates]
        turned.push(...turned.splice(0, seed % Math.max(1, turned.length)))
        const plain = ({ situation, reason, person }: ReturnType<typeof decideLink>) => ({ situation, reason, person })
        const distinct = new Map(asked.candidates.map(one => [`${one.person} ${one.rank} ${one.confidence}`, one]))
        // Whether a person has an account of the source is one fact, however many kinds of evidence lead to the person.
        fc.pre(distinct.size === asked.candidates.length)
        expect(plain(decideLink({ ...asked, candidates: turned }))).toEqual(plain(decideLink(asked)))
      }),
    )
  })

  it('says why it is nobody’s', () => {
    expect(decideLink(given({ numbered: false })).reason).toBe('no-number')
    expect(decideLink(given({ numbered: true })).reason).toBe('number-unknown')
    expect(decideLink(given({ kind: 'ward-tablet' })).reason).toBe('not-personal')
  })
})
const link_: OpenLink = {
  verdict: 'is',
  person: 'ann',
  identity: 'ann',
  affiliation: null,
  decidedBy: 'person',
  evidence: 'manual',
  confidence: 100,
}

describe('a pattern', () => {
  it('gives no letter but the star a meaning', () => {
    expect(likeOf('SVC_50%*\\x')).toBe('svc\\_50\\%%\\\\x')
    expect(likeOf('  bla\u030a*')).toBe('bl\u00e5%')
  })
  it('of an OU takes no blank that means nothing for a difference', () => {
    expect(belowOu('OU=Tavler , DC = x')).toEqual({ like: '%,ou=tavler,dc=x', unlike: '%\\\\,ou=tavler,dc=x' })
  })
})
