import type { Json, RecordKind, Sink } from '../../platform/feed-record.ts'
import { isReject, type ReadContext, type ReadItem, type SampleEntry, type SourceReader } from '../reading/reader.ts'
import type { SourceDeclaration } from './source.ts'

/**
 * The first entries of a source with what becomes of them, through the sinks' own reading: a record that a run would
 * reject is rejected here, for the same reason.
 */
export async function sampleOf(
  reader: SourceReader,
  source: SourceDeclaration,
  context: ReadContext,
  options: { count: number; sinks: ReadonlyMap<RecordKind, Sink> },
): Promise<SampleEntry[]> {
  const entries = reader.sample
    ? await reader.sample(source, context, options.count)
    : await firstRecords(reader, source, context, options.count)
  return entries.map(entry => ({
    ...entry,
    items: entry.items.map(item => throughSink(item, options.sinks, entry.raw)),
  }))
}

async function firstRecords(
  reader: SourceReader,
  source: SourceDeclaration,
  context: ReadContext,
  count: number,
): Promise<SampleEntry[]> {
  const entries = new Map<string, SampleEntry>()
  for await (const batch of reader.read(source, context)) {
    for (const item of batch) {
      const at = item.at ?? item.key ?? ''
      const entry = entries.get(at)
      if (entry) entry.items.push(item)
      else if (entries.size < count) entries.set(at, { at, raw: (isReject(item) && item.raw) || {}, items: [item] })
    }
    if (entries.size >= count) break
  }
  return [...entries.values()]
}

function throughSink(item: ReadItem, sinks: ReadonlyMap<RecordKind, Sink>, raw: Record<string, Json>): ReadItem {
  if (isReject(item)) return item
  const parsed = sinks.get(item.kind)?.parse(item.attrs)
  if (!parsed || parsed.ok) return parsed ? { ...item, attrs: parsed.attrs } : item
  const { kind, key, at } = item
  return {
    reject: parsed.reason,
    kind,
    key,
    ...(at ? { at } : {}),
    ...(parsed.params ? { params: parsed.params } : {}),
    raw,
  }
}
