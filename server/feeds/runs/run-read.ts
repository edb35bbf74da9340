import { say } from '#contract/said.ts'
import { cprHash, sealCprAttr } from '../../people/cpr.ts'
import { copyLine } from '../../platform/copy-text.ts'
import type { Json, NormalAttrs, RecordKind, Sink } from '../../platform/feed-record.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { problem } from '../../platform/problem.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import { emptyShape, type NotedShape, noteShape } from '../guards/shape/note-shape.ts'
import { maskRaw, maskText } from '../reading/mask-raw.ts'
import { contentHash, seenHash, seenSecret } from '../reading/read-content.ts'
import {
  type ChangeBatch,
  type ChangeItem,
  isReject,
  type ReadContext,
  type ReadItem,
  type Reject,
  type SourceReader,
  type Tombstone,
} from '../reading/reader.ts'
import type { SourceDeclaration } from '../sources/source.ts'
import { type KnownRecords, knownRecords, STAGED, UNSEEN } from './known-records.ts'
import { copyRejects, copyStage, type StagedReject } from './stage-store.ts'

/** Rows of one COPY. One is on its way while the next is read and parsed: two of them is all that memory holds. */
const CHUNK = 2000
/** Characters of one COPY: a few groups with everybody in them are as much as thousands of people. */
const CHUNK_TEXT = 8_000_000
/** Rejects stored one by one; beyond that they are only counted. */
const MOST_REJECTS = 1000

/** Records held in memory by key and hash (some 80 bytes each), to spare parsing and stage what has not changed; a larger source is compared by the database alone. */
const MOST_KNOWN = 1_500_000

export type ReadOutcome = {
  shape: Record<string, NotedShape>
  rejectsStored: number
  /** Kinds in which a rejected entry has no key: what is absent there is not known. */
  absenceUnknown: Set<RecordKind>
  /** What the read did not have is marked in the stage; where it is not, the database has to find it out. */
  absenceMarked: boolean
  /** Rows that the comparison will find in the stage, those for what was not seen included. */
  staged: number
  /** Only from a list of changes: where the next one goes on. */
  state: Json | null
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
  mostKnown?: number | undefined
  /** A list of changes instead of everything: what it does not name is as it was. */
  changes?: AsyncIterable<ChangeBatch>
}): Promise<ReadOutcome> {
  const { db, runId, source, reader, sinks, keyring, changes } = options
  const complete = !changes
  const shape: Record<string, NotedShape> = {}
  for (const kind of reader.kinds(source)) shape[kind] = emptyShape()
  const absenceUnknown = new Set<RecordKind>(reader.readBefore?.(source))
  // Asked for while the source is being connected to.
  const knowing = complete
    ? db.snapshot(tx => knownRecords(tx, source.key, options.mostKnown ?? MOST_KNOWN))
    : Promise.resolve(null)
  knowing.catch(() => {})
  let known: KnownRecords | null = null
  const secret = seenSecret(keyring)
  let lines: string[] = []
  /** Characters of `lines`. */
  let text = 0
  let rejects: StagedReject[] = []
  let rejectsStored = 0
  let n = 0
  let staged = 0
  let state: Json | null = null
  /** Of a list of changes, by `kind key`: what else there was under a key that was looked at is not there any more. */
  const given = new Set<string>()
  let copying: Promise<void> = Promise.resolve()

  const flush = async () => {
    if (lines.length === 0 && rejects.length === 0) return
    const full = lines
    const refused = rejects
    staged += full.length
    lines = []
    text = 0
    rejects = []
    await copying
    copying = db.transaction(async tx => {
      if (full.length > 0) await copyStage(tx, full)
      if (refused.length > 0) await copyRejects(tx, runId, refused)
    })
    // A failure is met at the next await; without this it would count as unhandled until then.
    copying.catch(() => {})
  }
  const shapeOf = (kind: RecordKind): NotedShape => {
    const known = shape[kind] ?? emptyShape()
    shape[kind] = known
    return known
  }
  /** Where it stands among the known; -1: nowhere. A key that comes again is staged for its first time too: the comparison finds the two. */
  const look = (kind: RecordKind, key: string): number => {
    const records = known?.get(kind)
    const place = records?.find(key) ?? -1
    const at = records?.at[place] ?? UNSEEN
    if (at > 0) {
      lines.push(copyLine([runId, at, kind, key, null, null, null, null, null]))
      note(kind, place, STAGED)
    }
    return place
  }
  const note = (kind: RecordKind, place: number, at: number) => {
    const records = known?.get(kind)
    if (records && place !== -1) records.at[place] = at
  }
  const refuse = (reject: Reject) => {
    if (reject.kind) {
      shapeOf(reject.kind).rejected++
      // Rejected is not absent: the key is staged without content, so nobody is taken for gone.
      if (reject.key) {
        note(reject.kind, look(reject.kind, reject.key), STAGED)
        lines.push(copyLine([runId, ++n, reject.kind, reject.key, null, null, null, null, null]))
      } else absenceUnknown.add(reject.kind)
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
  const takeChange = (item: ChangeItem) => {
    if ('deleted' in item || 'unseen' in item) {
      const key = 'deleted' in item ? item.deleted : item.unseen
      const mark = 'deleted' in item ? 'gone' : 'unseen'
      const of = 'of' in item ? item.of : undefined
      for (const kind of of ? [of] : reader.kinds(source))
        if (!given.has(`${kind} ${key}`)) lines.push(copyLine([runId, 0, kind, key, null, null, null, null, mark]))
      return
    }
    if (item.key) given.add(`${item.kind} ${item.key}`)
    take(item)
  }
  const buried: Required<Tombstone>[] = []
  const bury = ({ deleted: key, of }: Required<Tombstone>) => {
    const records = known?.get(of)
    const place = records?.find(key) ?? -1
    // What has the key in the same list stands.
    if ((records?.at[place] ?? UNSEEN) !== UNSEEN) return
    note(of, place, STAGED)
    lines.push(copyLine([runId, 0, of, key, null, null, null, null, 'gone']))
  }
  const take = (item: ReadItem) => {
    if (isReject(item)) return refuse(item)
    const sink = sinks.get(item.kind)
    if (!sink)
      throw problem('source-invalid', {
        detail: `The source ${source.key} gives records of kind ${item.kind}, which nothing here takes in.`,
        said: say('record-not-taken', { kind: item.kind }),
      })
    const { kind, key } = item
    const seen = seenHash(item.attrs, secret)
    const place = look(kind, key)
    const records = known?.get(kind)
    if (records && place !== -1 && records.at[place] === UNSEEN && records.same(place, seen)) {
      noteShape(shapeOf(kind), key, item.attrs)
      note(kind, place, ++n)
      return
    }
    const { cpr } = item.attrs
    const sealed = cpr === undefined ? item.attrs : sealCprAttr(item.attrs, keyring)
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
    noteShape(shapeOf(kind), key, item.attrs)
    note(kind, place, STAGED)
    const hash = `\\x${contentHash(attrs, attrs.cprHash === undefined ? null : hashedCpr(keyring, String(cpr)))}`
    const line = copyLine([runId, ++n, kind, key, hash, partOf(sink, key, attrs), JSON.stringify(attrs), seen, null])
    text += line.length
    lines.push(line)
  }

  let read = 0
  const noteBatch = async (size: number) => {
    read += size
    options.onProgress(read)
    if (lines.length >= CHUNK) await flush()
  }
  for await (const batch of changes ?? []) {
    options.context.signal.throwIfAborted()
    for (const item of batch.items) {
      takeChange(item)
      if (text >= CHUNK_TEXT) await flush()
    }
    state = batch.state ?? state
    await noteBatch(batch.items.length)
  }
  for await (const batch of complete
    ? reader.read(source, { ...options.context, gone: one => buried.push(one) })
    : []) {
    options.context.signal.throwIfAborted()
    known ??= await knowing
    for (const item of batch) {
      take(item)
      if (text >= CHUNK_TEXT) await flush()
    }
    await noteBatch(batch.length)
  }
  known ??= await knowing
  for (const one of buried) bury(one)
  for (const [kind, records] of known ?? [])
    for (const key of records.unseen()) {
      lines.push(copyLine([runId, 0, kind, key, null, null, null, null, 'unseen']))
      if (lines.length >= CHUNK) await flush()
    }
  await flush()
  await copying
  return { shape, rejectsStored, absenceUnknown, absenceMarked: known !== null || !complete, staged, state }
}

/** Under the oldest key that is still there, so that rotating keys changes no record. */
const hashedCpr = (keyring: Keyring, cpr: string): string =>
  cprHash(keyring, cpr.replace(/\D/g, ''), keyring.ids.at(-1)).toString('hex')

function partOf(sink: Sink, key: string, attrs: NormalAttrs): string | null {
  return sink.guardPart?.({ key, op: 'add', before: null, after: attrs, subjectId: null }) ?? null
}
