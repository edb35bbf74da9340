import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveTimeline, originOf, segmentAt } from '../../../server/people/derive-timeline.ts'
import { type FactInput, makeFact } from '../../../server/people/fact.ts'
import { planStateChange } from '../../../server/people/plan-state-change.ts'
import { factsAbout, unevenAuthority } from './random-facts.ts'

const subject = '018f0000-0000-7000-8000-000000000001'
const lifespan = { from: 'startsOn', to: 'endsOn' }
const derive = (facts: Parameters<typeof deriveTimeline>[0]) => deriveTimeline(facts, unevenAuthority, lifespan)
const fact = (more: Partial<FactInput>) =>
  makeFact({
    source: 'hr',
    kind: 'affiliation',
    subjectId: subject,
    sourceKey: 'k',
    attrs: {},
    from: null,
    to: null,
    assertedAt: '2026-01-01T08:00:00.000Z',
    ...more,
  })

/** What holds on one day, computed straight from the rule's words; slow and obvious. */
function onDay(facts: ReturnType<typeof fact>[], day: string) {
  const unique = [...new Map(facts.map(one => [one.hash, one])).values()]
  const stands = (one: (typeof unique)[number]): boolean =>
    !unique.some(other => other.retracts === one.hash && stands(other))
  const standing = unique.filter(one => one.op === 'assert' && stands(one))
  const best = (candidates: typeof unique, attribute: string) =>
    candidates
      .filter(one => attribute in one.attrs)
      .sort(
        (a, b) =>
          unevenAuthority(b.source, attribute) - unevenAuthority(a.source, attribute) ||
          b.assertedAt.localeCompare(a.assertedAt) ||
          (a.hash < b.hash ? 1 : -1),
      )[0]?.attrs[attribute] ?? null
  const starts = best(standing, 'startsOn')
  const ends = best(standing, 'endsOn')
  if ((typeof starts === 'string' && day < starts) || (typeof ends === 'string' && day >= ends)) return null
  const covering = standing.filter(one => (one.from ?? '') <= day && day < (one.to ?? '~'))
  if (covering.length === 0) return null
  const state: Record<string, unknown> = { startsOn: starts, endsOn: ends }
  for (const attribute of ['title', 'unit', 'fraction']) state[attribute] = best(covering, attribute)
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null))
}

const days = Array.from({ length: 64 }, (_, n) => new Date(Date.UTC(2025, 11, 31 + n)).toISOString().slice(0, 10))

describe('state derived from facts', () => {
  it('is the same for any order and repetition of the same facts', () => {
    fc.assert(
      fc.property(factsAbout(subject), fc.infiniteStream(fc.nat()), (facts, random) => {
        const again = [...facts, ...facts.filter((_, index) => index % 2 === 0)]
        const shuffled = again
          .map(one => ({ one, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one)
        expect(derive(shuffled)).toEqual(derive(facts))
      }),
      { numRuns: 400 },
    )
  })

  it('says on every day what the rule says in words, in segments that do not overlap', () => {
    fc.assert(
      fc.property(factsAbout(subject), facts => {
        const segments = derive(facts)
        for (const [index, segment] of segments.entries()) {
          expect((segment.from ?? '') < (segment.to ?? '~')).toBe(true)
          const next = segments[index + 1]
          if (next) expect((segment.to ?? '~') <= (next.from ?? '')).toBe(true)
          for (const attribute of Object.keys(segment.attrs)) expect(originOf(segment.origin, attribute)).not.toBeNull()
        }
        for (const day of days) {
          const now = segmentAt(segments, day)
          expect(now?.status === 'active' ? now.segment.attrs : null).toEqual(onDay(facts, day))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('a later statement of one source replaces the earlier from its day on', () => {
    const first = fact({ attrs: { title: 'Pædagog', startsOn: '2020-01-01' } })
    const later = fact({ attrs: { title: 'Souschef' }, from: '2026-02-01', assertedAt: '2026-02-01T08:00:00.000Z' })
    expect(derive([later, first]).map(({ from, to, attrs }) => [from, to, attrs.title])).toEqual([
      ['2020-01-01', '2026-02-01', 'Pædagog'],
      ['2026-02-01', null, 'Souschef'],
    ])
  })

  it('a corrected start moves the start; the attributes follow', () => {
    const first = fact({ attrs: { title: 'Pædagog', startsOn: '2026-03-01' } })
    const earlier = fact({ attrs: { startsOn: '2026-02-01' }, assertedAt: '2026-01-05T08:00:00.000Z' })
    expect(derive([first, earlier])).toMatchObject([{ from: '2026-02-01', to: null, attrs: { title: 'Pædagog' } }])
    const cancelled = fact({ attrs: { endsOn: '2026-02-01' }, assertedAt: '2026-01-06T08:00:00.000Z' })
    expect(derive([first, earlier, cancelled])).toEqual([])
  })

  it('authority is per attribute: one source may be believed for the title and not for the unit', () => {
    const hr = fact({ attrs: { title: 'hr', unit: 'hr' }, assertedAt: '2026-01-09T08:00:00.000Z' })
    const ad = fact({ source: 'ad', attrs: { title: 'ad', unit: 'ad' } })
    const [segment] = derive([hr, ad])
    expect(segment?.attrs).toEqual({ title: 'ad', unit: 'hr' })
    expect(originOf(segment?.origin ?? [], 'title')).toEqual({ source: 'ad', since: '2026-01-01T08:00:00.000Z' })
  })

  it('a retraction takes a fact back, and taking the retraction back restores it', () => {
    const wrong = fact({ attrs: { title: 'Borgmester' } })
    const retraction = fact({ op: 'retract', retracts: wrong.hash })
    const regret = fact({ op: 'retract', retracts: retraction.hash, assertedAt: '2026-01-02T08:00:00.000Z' })
    expect(derive([wrong, retraction])).toEqual([])
    expect(derive([regret, retraction, wrong])).toMatchObject([{ attrs: { title: 'Borgmester' } }])
  })
})

describe('what has to be written', () => {
  it('is nothing when the rows say it already, and never touches a row that still holds', () => {
    fc.assert(
      fc.property(factsAbout(subject), factsAbout(subject), (before, after) => {
        const open = derive(before).map((segment, id) => ({ id, ...segment }))
        expect(planStateChange(open, derive(before))).toEqual({ close: [], insert: [] })
        const plan = planStateChange(open, derive([...before, ...after]))
        const kept = open.filter(row => !plan.close.includes(row.id)).map(({ id: _, ...segment }) => segment)
        const result = [...kept, ...plan.insert].sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1))
        expect(result).toEqual(derive([...before, ...after]))
      }),
      { numRuns: 200 },
    )
  })
})
