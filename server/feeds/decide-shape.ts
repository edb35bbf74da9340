import { limitOf } from '../plans/decide-guards.ts'
import type { GuardSettings } from './source.ts'

/** What a complete read looked like, per kind: kept from the last one let in, and judged against. */
export type KindShape = {
  /** Records that could be used. */
  read: number
  rejected: number
  /** Records with text that was decoded in the wrong encoding (U+FFFD, or UTF-8 read as Latin-1). */
  garbled: number
  /** How many records had each attribute filled. */
  filled: Record<string, number>
}
export type Shape = Record<string, KindShape>

export type ShapeVerdict = {
  guard: 'empty' | 'stale' | 'truncated' | 'shifted' | 'encoding'
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
  seenAt: Date
  lastSeenAt: Date | null
  guards: GuardSettings
}

/** An attribute that was there for at least half of the records is one that the source really has. */
const REAL = 0.5
/** How far the share of filled values may fall between two reads. */
const FALL = 0.2

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
    const came = now.read + now.rejected
    if (guards.empty && came === 0 && known > 0) {
      verdicts.push({ guard: 'empty', part: kind, count: 0, limit: known })
      continue
    }
    if (guards.truncated && before) {
      const least = before.read + before.rejected - limitOf(guards.truncated, before.read + before.rejected)
      if (came < least) verdicts.push({ guard: 'truncated', part: kind, count: came, limit: least })
    }
    if (guards.shifted) {
      const usual = before ? share(before.rejected, before.read + before.rejected) : 0
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
    if (guards.encoding) {
      const usual = before ? share(before.garbled, before.read) : 0
      const most = Math.floor(limitOf(guards.encoding, now.read) + usual * now.read)
      if (now.garbled > most) verdicts.push({ guard: 'encoding', part: kind, count: now.garbled, limit: most })
    }
  }
  return verdicts
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)
