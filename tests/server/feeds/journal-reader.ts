import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { ChangeItem, ReadItem, SourceReader } from '../../../server/feeds/reading/reader.ts'
import type { RecordKind } from '../../../server/platform/feed-record.ts'
import { problem } from '../../../server/platform/problem.ts'

/** One thing that happened, by its number: somebody is there (again) under a name, is gone, or is no longer seen. */
export type Happening = { n: number; key: string; name?: string; deleted?: true; hidden?: true; breaks?: true }

/**
 * A source that keeps a journal: read whole it is what the journal adds up to, read by changes what came after a number.
 * So the pipeline is tested with lists of changes that are known to the letter, without a directory.
 */
export const journalReader: SourceReader = {
  kind: 'journal',
  settings: z.object({ file: z.string() }),
  kinds: () => ['unit', 'group'] satisfies RecordKind[],
  seenAt: async () => null,
  async *read(source, context) {
    const { server, journal } = open(source.settings)
    context.keepState?.({ n: journal.at(-1)?.n ?? 0, server })
    const now = new Map<string, Happening>()
    for (const one of journal) now.set(one.key, one)
    yield [...now.values()].flatMap(recordsOf)
  },
  async *changes(source, _context, state) {
    const last = state as { n: number; server: string }
    const { server, journal } = open(source.settings)
    if (server !== last.server)
      throw problem('source-state-lost', { detail: 'another one', params: { why: 'other-server' } })
    for (const one of journal.filter(happening => happening.n > last.n)) {
      const items: ChangeItem[] = one.deleted ? [{ deleted: one.key }] : [...recordsOf(one), { unseen: one.key }]
      yield { items }
      if (one.breaks) throw problem('source-incomplete', { detail: 'the line broke' })
    }
    yield { items: [], state: { n: journal.at(-1)?.n ?? 0, server } }
  },
  test: async () => [],
}

const open = (settings: unknown) =>
  JSON.parse(readFileSync((settings as { file: string }).file, 'utf8')) as { server: string; journal: Happening[] }

function recordsOf({ key, name, deleted, hidden }: Happening): ReadItem[] {
  if (deleted || hidden || name === undefined) return []
  const attrs = { name, unit: 'E1' }
  return [
    { kind: 'unit', key, attrs },
    // Those whose name says so are groups too: one key, two kinds.
    ...(name.startsWith('G') ? [{ kind: 'group' as const, key, attrs }] : []),
  ]
}
