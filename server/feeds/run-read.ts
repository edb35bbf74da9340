import { sealCprAttr } from '../people/cpr.ts'
import { copyLine } from '../platform/copy-text.ts'
import type { NormalAttrs, RecordKind, Sink } from '../platform/feed-record.ts'
import type { Keyring } from '../platform/keyring.ts'
import { problem } from '../platform/problem.ts'
import type { Db } from '../platform/unit-of-work.ts'
import type { KindShape, Shape } from './decide-shape.ts'
import { maskRaw, maskText } from './mask-raw.ts'
import { contentHash, noteShape } from './read-content.ts'
import { isReject, type ReadContext, type ReadItem, type Reject, type SourceReader } from './reader.ts'
import type { SourceDeclaration } from './source.ts'
import { copyRejects, copyStage, knownHashes, type StagedReject } from './stage-store.ts'

/** Rows of one COPY. One is on its way while the next is read and parsed: two of them is all that memory holds. */
const CHUNK = 2000
/** Rejects stored one by one; beyond that they are only counted. */
const MOST_REJECTS = 1000

/** Hashes held in memory to spare the stage what has not changed; a larger source is compared by the database alone. */
const MOST_KNOWN = 200_000

export type ReadOutcome = {
  shape: Shape
  rejectsStored: number
  /** Kinds in which a rejected entry has no key: what is absent there is not known. */
  absenceUnknown: Set<RecordKind>
}

/**
 * Read a source into the stage, streaming. Nothing of it is in force; a throw leaves nothing behind that counts.
 * No transaction is open while the network is waited for: full chunks are copied in transactions of their own.
 */
export async function readIntoStage(options: {
  db: Db
  runId: string
  source: SourceDeclaration
  reader: SourceReader
  sinks: ReadonlyMap<RecordKind, Sink>
  keyring: Keyring
  context: ReadContext
  onProgress(read: number): void
}): Promise<ReadOutcome> {
  const { db, runId, source, reader, sinks, keyring } = options
  const shape: Shape = {}
  for (const kind of reader.kinds(source)) shape[kind] = emptyShape()
  const absenceUnknown = new Set<RecordKind>()
  const oldestKey = keyring.ids.length > 1 ? keyring.ids.at(-1)! : null
  const known = await db.snapshot(tx => knownHashes(tx, source.key, MOST_KNOWN))
  let lines: string[] = []
  let rejects: StagedReject[] = []
  let rejectsStored = 0
  let n = 0
  let copying: Promise<void> = Promise.resolve()

  const flush = async () => {
    if (lines.length === 0 && rejects.length === 0) return
    const staged = lines
    const refused = rejects
    lines = []
    rejects = []
    await copying
    copying = db.transaction(async tx => {
      if (staged.length > 0) await copyStage(tx, staged)
      if (refused.length > 0) await copyRejects(tx, runId, refused)
    })
    // A failure is met at the next await; without this it would count as unhandled until then.
    copying.catch(() => {})
  }
  const shapeOf = (kind: RecordKind): KindShape => {
    const known = shape[kind] ?? emptyShape()
    shape[kind] = known
    return known
  }
  const refuse = (reject: Reject) => {
    if (reject.kind) {
      shapeOf(reject.kind).rejected++
      // Rejected is not absent: the key is staged without content, so nobody is taken for gone.
      if (reject.key) lines.push(copyLine([runId, ++n, reject.kind, reject.key, null, null, null]))
      else absenceUnknown.add(reject.kind)
    } else for (const kind of reader.kinds(source)) absenceUnknown.add(kind)
    if (rejectsStored >= MOST_REJECTS) return
    rejectsStored++
    const { raw, at, ...rest } = reject
    rejects.push({
      ...rest,
      n: rejectsStored,
      ...(at ? { at: maskText(at) } : {}),
      ...(raw ? { raw: maskRaw(raw) } : {}),
    })
  }
  const take = (item: ReadItem) => {
    if (isReject(item)) return refuse(item)
    const sink = sinks.get(item.kind)
    if (!sink)
      throw problem('source-invalid', {
        detail: `The source ${source.key} gives records of kind ${item.kind}, which nothing here takes in.`,
      })
    const { kind, key } = item
    const sealed = 'cpr' in item.attrs ? sealCprAttr(item.attrs, keyring) : item.attrs
    const parsed = sink.parse(sealed)
    if (!parsed.ok) {
      const { reason, params } = parsed
      return refuse({
        reject: reason,
        kind,
        key,
        ...(item.at ? { at: item.at } : {}),
        ...(params ? { params } : {}),
        raw: item.attrs,
      })
    }
    const { attrs } = parsed
    noteShape(shapeOf(kind), attrs)
    const cprKey =
      oldestKey && typeof item.attrs.cpr === 'string'
        ? keyring.hash(item.attrs.cpr.replace(/\D/g, ''), 'cpr', oldestKey).toString('hex')
        : ((attrs.cprHash as string | undefined) ?? null)
    const hash = contentHash(attrs, cprKey)
    // What has not changed is not looked at again: its key and hash are enough for the comparison.
    if (known.get(`${kind} ${key}`) === hash) lines.push(copyLine([runId, ++n, kind, key, `\\x${hash}`, null, null]))
    else lines.push(copyLine([runId, ++n, kind, key, `\\x${hash}`, partOf(sink, key, attrs), JSON.stringify(attrs)]))
  }

  let read = 0
  for await (const batch of reader.read(source, options.context)) {
    options.context.signal.throwIfAborted()
    for (const item of batch) take(item)
    read += batch.length
    options.onProgress(read)
    if (lines.length >= CHUNK) await flush()
  }
  await flush()
  await copying
  return { shape, rejectsStored, absenceUnknown }
}

const emptyShape = (): KindShape => ({ read: 0, rejected: 0, garbled: 0, filled: {} })

function partOf(sink: Sink, key: string, attrs: NormalAttrs): string | null {
  return sink.guardPart?.({ key, op: 'add', before: null, after: attrs, subjectId: null }) ?? null
}
