import { limitOf } from '../../plans/decide-guards.ts'
import type { GuardSettings } from '../sources/source.ts'
import { decideFormat } from './shape/decide-format.ts'
import { type Absence, decideHole } from './shape/decide-hole.ts'
import type { KindShape, Shape } from './shape/note-shape.ts'

export type { KindShape, Shape }

export type ShapeVerdict = {
  guard:
    | 'empty'
    | 'stale'
    | 'truncated'
    | 'hole'
    | 'units'
    | 'letters'
    | 'columns'
    | 'shifted'
    | 'format'
    | 'keys'
    | 'encoding'
  part: string
  count: number
  limit: number
}

export type ShapeInput = {
  shape: Shape
  /** Live records that we hold per kind, from earlier reads. */
  known: Record<string, number>
  /** The shape of the last complete read that was let in; null the first time. */
  last: Shape | null
  /** The reads let in before, the last one included: what is usual. */
  history?: readonly Shape[]
  /** Who is missing, per kind in which absence means something; a kind in which nobody is may be left out. */
  absence?: Record<string, Absence>
  /** How many records of a kind are announced to leave. */
  announcedGone?: Record<string, number>
  seenAt: Date
  lastSeenAt: Date | null
  guards: GuardSettings
}

/** An attribute that was there for at least half of the records is one that the source really has. */
const REAL = 0.5
/** How far the share of filled values may fall between two reads. */
const FALL = 0.2
/** Against what is usual a source may lose twice as much as against its last read: so slow losses add up to something. */
const SLOW = 2

/**
 * The feed-shape guards: is this feed what it claims to be? Any verdict rejects the whole run, since a feed that is
 * cut short or shifted says nothing that can be trusted. `count` is what was met, `limit` what would have passed.
 */
export function decideShape(input: ShapeInput): ShapeVerdict[] {
  const { guards, last } = input
  const verdicts: ShapeVerdict[] = []
  if (guards.stale && input.lastSeenAt && input.seenAt.getTime() < input.lastSeenAt.getTime())
    verdicts.push({
      guard: 'stale',
      part: 'run',
      count: Math.round((input.lastSeenAt.getTime() - input.seenAt.getTime()) / 1000),
      limit: 0,
    })
  for (const kind of Object.keys(input.shape)) {
    const now = input.shape[kind]!
    const before = last?.[kind]
    const known = input.known[kind] ?? 0
    const announced = input.announcedGone?.[kind] ?? 0
    const came = now.read + now.rejected
    if (guards.empty && came === 0 && known > announced) {
      verdicts.push({ guard: 'empty', part: kind, count: 0, limit: known })
      continue
    }
    if (guards.truncated && before) {
      const was = cameOf(before)
      const usual = median(input.history?.flatMap(shape => (shape[kind] ? [cameOf(shape[kind])] : [])) ?? [])
      const least = Math.max(
        was - limitOf(guards.truncated, was),
        usual === null ? 0 : usual - SLOW * limitOf(guards.truncated, usual),
      )
      if (came < least - announced)
        verdicts.push({ guard: 'truncated', part: kind, count: came, limit: least - announced })
    }
    const absence = input.absence?.[kind]
    if (guards.hole && absence && absence.absent > announced) verdicts.push(...decideHole(kind, absence, guards.hole))
    if (guards.keys) {
      const doubled = now.doubled ?? 0
      const usual = before ? share(before.doubled ?? 0, cameOf(before)) : 0
      const most = Math.floor(limitOf(guards.keys, came) + usual * came)
      if (doubled > most) verdicts.push({ guard: 'keys', part: kind, count: doubled, limit: most })
    }
    if (guards.shifted) {
      const usual = before ? share(before.rejected, cameOf(before)) : 0
      const most = Math.floor(limitOf(guards.shifted, came) + usual * came)
      if (now.rejected > most) verdicts.push({ guard: 'shifted', part: kind, count: now.rejected, limit: most })
      if (before && now.read > guards.shifted.floor)
        for (const [attribute, filled] of Object.entries(before.filled)) {
          const was = share(filled, before.read)
          if (was < REAL) continue
          const least = Math.floor((was - FALL) * now.read)
          const is = now.filled[attribute] ?? 0
          if (is < least) verdicts.push({ guard: 'shifted', part: `${kind}.${attribute}`, count: is, limit: least })
        }
    }
    if (guards.format && before) verdicts.push(...decideFormat(kind, now, before))
    if (guards.encoding) {
      const usual = before ? share(before.garbled, before.read) : 0
      const most = Math.floor(limitOf(guards.encoding, now.read) + usual * now.read)
      if (now.garbled > most) verdicts.push({ guard: 'encoding', part: kind, count: now.garbled, limit: most })
    }
  }
  return verdicts
}

/** Guards for which a lower count is the worse one. */
const LESS_IS_WORSE: ReadonlySet<string> = new Set(['empty', 'truncated', 'columns'])

/** A verdict that somebody has said is right passes as long as it is no worse than what they looked at. */
export function stillWrong(verdicts: readonly ShapeVerdict[], accepted: readonly ShapeVerdict[]): ShapeVerdict[] {
  return verdicts.filter(
    ({ guard, part, count }) =>
      !accepted.some(
        one =>
          one.guard === guard &&
          one.part === part &&
          (LESS_IS_WORSE.has(guard) || (guard === 'shifted' && part.includes('.'))
            ? count >= one.count
            : count <= one.count),
      ),
  )
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

const cameOf = (shape: KindShape) => shape.read + shape.rejected
const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)
