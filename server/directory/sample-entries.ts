import { maskText } from '../feeds/mask-raw.ts'
import { isReject, type ReadItem, type SampleEntry } from '../feeds/reader.ts'
import type { Json } from '../platform/feed-record.ts'
import { type DirectoryEntry, isSecretAttribute, textValues } from './directory-entry.ts'

/** Values of an attribute that are shown; of the rest, how many. */
const MOST_VALUES = 5
const LONGEST = 200

export type Candidate = { entry: DirectoryEntry; at: string; items: ReadItem[] }

/**
 * A few entries that show as much as possible of what the mapping does: of each mixture of records (and refusals) that
 * an entry can give, in turn.
 */
export function pickSample(candidates: readonly Candidate[], count: number): SampleEntry[] {
  const sorts = new Map<string, Candidate[]>()
  for (const candidate of candidates) {
    const sort = candidate.items.map(item => `${isReject(item) ? item.reject : ''}/${item.kind}`).join(' ')
    const others = sorts.get(sort)
    if (others) others.push(candidate)
    else sorts.set(sort, [candidate])
  }
  const picked: Candidate[] = []
  for (let turn = 0; picked.length < count; turn++) {
    const round = [...sorts.values()].flatMap(sort => sort[turn] ?? [])
    if (round.length === 0) break
    picked.push(...round)
  }
  return picked.slice(0, count).map(({ entry, at, items }) => ({ at, raw: rawOf(entry), items: items.map(shorten) }))
}

/** What the directory has of an entry, as a person can read it: no secrets, no bytes, no endless lists. */
export function rawOf(entry: DirectoryEntry): Record<string, Json> {
  const raw: Record<string, Json> = { dn: entry.dn }
  for (const [name, values] of entry.attributes) {
    if (isSecretAttribute(name)) continue
    const shown = textValues(entry, name)
      .slice(0, MOST_VALUES)
      .map((text, at) => readable(values[at], text))
    if (values.length > MOST_VALUES) shown.push(`+ ${values.length - MOST_VALUES}`)
    raw[name] = shown.length === 1 ? shown[0]! : shown
  }
  return raw
}

function readable(value: string | Buffer | undefined, text: string): string {
  if (Buffer.isBuffer(value) && (text.includes('\ufffd') || /\p{Cc}/u.test(text))) return `(${value.length} bytes)`
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function shorten(item: ReadItem): ReadItem {
  if (isReject(item)) return item
  const attrs = Object.fromEntries(
    Object.entries(item.attrs).map(([name, value]) => {
      if (typeof value === 'string') return [name, maskText(value)]
      if (!Array.isArray(value)) return [name, value]
      const shown = value.slice(0, MOST_VALUES)
      return [name, value.length > shown.length ? [...shown, `+ ${value.length - shown.length}`] : shown]
    }),
  )
  return { ...item, attrs }
}
