import { randomInt } from 'node:crypto'
import type { Tx } from '../../platform/unit-of-work.ts'

/** Where a known record was seen in this read: not yet, or staged and not only noted. Else the number of its row. */
export const UNSEEN = 0
export const STAGED = -1

/** Length of `seenHash`; of a record that is to be parsed whatever it says there is none, and blanks stand for it. */
const HASH = 22
const CHUNK = 20_000

/**
 * The live records of one kind before a read: by key their place, by place where this read saw them. A million of them are
 * held in some 80 MB, which a `Map` of objects would need four times over: keys and hashes stand one after another in a few
 * long texts, and a table of numbers finds them. Keys are compared as they are; a hash only says where to look.
 */
export type KnownKind = {
  /** -1: there is none. */
  find(key: string): number
  /** Was it let in when it was read as this? */
  same(place: number, seen: string): boolean
  readonly at: Int32Array
  /** Keys of those that this read has not seen. */
  unseen(): Iterable<string>
}
export type KnownRecords = Map<string, KnownKind>

type Chunk = { keys: string; ends: Uint32Array; hashes: string }

/**
 * The live records of a source by kind and key; null when there are more than `most`. One whose absence has been noted
 * has no hash here, so that its return is staged.
 */
export async function knownRecords(tx: Tx, source: string, most: number): Promise<KnownRecords | null> {
  const few = await tx.query<Told & { kind: string; count: number }>(
    `select kind, count(*)::int as count, ${TOLD}
     from (select kind, key, ${SEEN} as hash from source_record where source = $1 and gone_at is null limit $2) live
     group by kind`,
    [source, FEW + 1],
  )
  const known: KnownRecords = new Map()
  if (few.reduce((sum, { count }) => sum + count, 0) <= FEW) {
    if (few.reduce((sum, { count }) => sum + count, 0) > most) return null
    for (const { kind, count, keys, hashes } of few) {
      const filling = fillKind(count)
      for (let at = 0; at < count; at += CHUNK)
        filling.add(keys.slice(at, at + CHUNK), hashes.slice(at * HASH, (at + CHUNK) * HASH))
      known.set(kind, filling.kind())
    }
    return known
  }
  const kinds = await tx.query<{ kind: string; count: number }>(
    `select kind, count(*)::int as count
     from (select kind from source_record where source = $1 and gone_at is null limit $2) live group by kind`,
    [source, most + 1],
  )
  if (kinds.reduce((sum, { count }) => sum + count, 0) > most) return null
  for (const { kind, count } of kinds) {
    const filling = fillKind(count)
    for (let after = ''; ; ) {
      const [row] = await tx.query<Told & { last: string | null }>(
        `select ${TOLD}, max(key) as last
         from (select key, ${SEEN} as hash from source_record
           where source = $1 and kind = $2 and gone_at is null and key > $3 order by key limit ${CHUNK}) live`,
        [source, kind, after],
      )
      const { keys, hashes, last } = row!
      filling.add(keys, hashes)
      if (last === null || keys.length < CHUNK) break
      after = last
    }
    known.set(kind, filling.kind())
  }
  return known
}

/** Asked for in one statement; of more, a part at a time. */
const FEW = 40_000
const SEEN = `rpad(case when missing_since is null then coalesce(seen_hash, '') else '' end, ${HASH})`
/** Both in the order in which the rows come, whichever that is. */
const TOLD = `coalesce(json_agg(key), '[]') as keys, coalesce(string_agg(hash, ''), '') as hashes`
type Told = { keys: string[]; hashes: string }

/** `count`: how many there will be. */
export function fillKind(count: number): {
  /** `hashes`: one after another, each as long as all of them. */
  add(keys: readonly string[], hashes: string): void
  kind(): KnownKind
} {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, count * 2)))).fill(-1)
  const last = slots.length - 1
  // Nobody who writes keys can know which of them meet.
  const start = randomInt(2 ** 32)
  const chunks: Chunk[] = []
  let filled = 0
  const slotOf = (key: string): number => {
    let hash = start
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
    return (hash ^ (hash >>> 15)) & last
  }
  const isAt = (place: number, key: string): boolean => {
    const { keys, ends } = chunks[Math.floor(place / CHUNK)]!
    const at = place % CHUNK
    const begin = at === 0 ? 0 : ends[at - 1]!
    return ends[at]! - begin === key.length && keys.startsWith(key, begin)
  }
  const kind = (): KnownKind => {
    const at = new Int32Array(filled)
    return {
      at,
      find: key => {
        for (let slot = slotOf(key); ; slot = (slot + 1) & last) {
          const place = slots[slot]!
          if (place === -1 || isAt(place, key)) return place
        }
      },
      same: (place, seen) =>
        seen.length === HASH && chunks[Math.floor(place / CHUNK)]!.hashes.startsWith(seen, (place % CHUNK) * HASH),
      *unseen() {
        for (const [n, { keys, ends }] of chunks.entries())
          for (const [i, end] of ends.entries())
            if (at[n * CHUNK + i] === UNSEEN) yield keys.slice(i === 0 ? 0 : ends[i - 1], end)
      },
    }
  }
  return {
    add: (keys, hashes) => {
      if (filled % CHUNK !== 0) throw new Error('only the last part may be a short one')
      if (filled + keys.length > count) throw new Error(`there are more than the ${count} that were counted`)
      const ends = new Uint32Array(keys.length)
      let end = 0
      for (const [i, key] of keys.entries()) {
        end += key.length
        ends[i] = end
        let slot = slotOf(key)
        while (slots[slot] !== -1) slot = (slot + 1) & last
        slots[slot] = filled + i
      }
      chunks.push({ keys: keys.join(''), ends, hashes })
      filled += keys.length
    },
    kind,
  }
}
