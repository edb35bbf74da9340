import fc from 'fast-check'
import { type Fact, type FactInput, makeFact, type StateKind } from '../../../server/people/fact.ts'
import type { AuthorityLookup } from '../../../server/platform/feed-record.ts'

const day = fc.integer({ min: 0, max: 60 }).map(n => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10))
const edge = fc.option(day, { nil: null, freq: 3 })

/** Few values and few instants on purpose: ties and corrections are where mistakes hide. */
const attrs = fc.dictionary(
  fc.constantFrom('title', 'unit', 'fraction', 'startsOn', 'endsOn'),
  fc.oneof(fc.constantFrom<string | null>('a', 'b', 'c'), fc.constant(null)),
  { minKeys: 1, maxKeys: 4 },
)

const dated = fc.tuple(attrs, edge, edge).map(([values, startsOn, endsOn]) => {
  const fixed = { ...values }
  if ('startsOn' in fixed) fixed.startsOn = startsOn
  if ('endsOn' in fixed) fixed.endsOn = endsOn
  return fixed
})

/**
 * Facts about one affiliation by three sources: overlapping, contradicting, correcting dates, retracting earlier facts
 * (and retractions).
 */
export function factsAbout(subjectId: string, kind: StateKind = 'affiliation'): fc.Arbitrary<Fact[]> {
  return fc
    .array(
      fc.record({
        source: fc.constantFrom('hr', 'ad', 'manual'),
        attrs: dated,
        from: edge,
        to: edge,
        minute: fc.integer({ min: 0, max: 12 }),
        retractsIndex: fc.option(fc.nat({ max: 30 }), { nil: null, freq: 5 }),
      }),
      { maxLength: 14 },
    )
    .map(drafts => {
      const facts: Fact[] = []
      for (const draft of drafts) {
        const base = {
          source: draft.source,
          kind,
          subjectId,
          sourceKey: 'k',
          assertedAt: new Date(Date.UTC(2026, 0, 5, 8, draft.minute)).toISOString(),
        }
        const target = draft.retractsIndex === null ? undefined : facts[draft.retractsIndex % Math.max(facts.length, 1)]
        const input: FactInput = target
          ? { ...base, op: 'retract', retracts: target.hash, attrs: {}, from: null, to: null }
          : { ...base, attrs: draft.attrs, ...ordered(draft.from, draft.to) }
        facts.push(makeFact(input))
      }
      return facts
    })
}

function ordered(from: string | null, to: string | null) {
  if (from === null || to === null || from < to) return { from, to }
  return from === to ? { from, to: null } : { from: to, to: from }
}

/** `ad` stands above `hr` for the title only. */
export const unevenAuthority: AuthorityLookup = (source, attribute) =>
  source === 'manual' ? 100 : source === 'ad' ? (attribute === 'title' ? 50 : 10) : 20
