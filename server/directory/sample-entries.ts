import { pickEvenly } from '../feeds/reading/pick-evenly.ts'
import { isReject, type ReadItem, type SampleEntry } from '../feeds/reading/reader.ts'
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
  const sortOf = ({ items }: Candidate) =>
    items.map(item => `${isReject(item) ? item.reject : ''}/${item.kind}`).join(' ')
  return pickEvenly(candidates, sortOf, count).map(({ entry, at, items }) => ({ at, raw: rawOf(entry), items }))
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
