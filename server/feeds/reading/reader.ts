import type { z } from 'zod'
import type { Said } from '#contract/said.ts'
import type { DirectoryTrouble } from '#contract/source-trials.ts'
import type { FeedRecord, Json, RecordKind } from '../../platform/feed-record.ts'
import type { Watched } from '../drops/decide-drops.ts'
import type { SourceDeclaration } from '../sources/source.ts'

/** Something in the input that could not become a record. `raw` is masked before it is stored. */
export type Reject = {
  reject: string
  kind?: RecordKind
  key?: string
  at?: string
  params?: Record<string, string | number>
  raw?: Record<string, Json>
}
export type ReadItem = FeedRecord | Reject

/** The source itself states that a record is gone: a tombstone. Without `of` whatever kind of record has the key. */
export type Tombstone = { deleted: string; of?: RecordKind }

export const isReject = (item: ReadItem): item is Reject => 'reject' in item

/** A secret by reference: the name of an environment variable, or a file. Never a value. */
export type SecretRef = { env: string } | { file: string }

export type ReadContext = {
  secretOf(ref: SecretRef, folder: string): string
  signal: AbortSignal
  note?(note: ReadNote): void
  /**
   * Told by a list of everything of what it states to be gone: that ends at once, where absence waits for a second read.
   * Only of keys that the list has no record of.
   */
  gone?(stated: Required<Tombstone>): void
  /** Keys for what has no key but a person's number; not there where nothing is kept (a sample, a trial). */
  pseudonyms?(): Promise<(text: string) => string>
  /**
   * Told by a full read, before it reads its first entry and of the same server, from where reading of changes can go on
   * afterwards. Not there where nobody will (a dry run, a sample).
   */
  keepState?(state: Json): void
  /** The state that stands from the last read, to start from; it may be another server's. */
  lastState?: Json | null
}

/** What a list of changes may say beside records and rejects. */
export type ChangeItem =
  | ReadItem
  | Tombstone
  /** Looked at again: of this key there is nothing but what this read gives. Missing, which alone ends nothing. */
  | { unseen: string }
/** The last batch brings the state from which the next read goes on. */
export type ChangeBatch = { items: ChangeItem[]; state?: Json }
export type ChangeContext = ReadContext & {
  /**
   * Keys of the records of this source that name one of these, by key or by DN, as far as is known here: groups that have
   * them as members.
   */
  holdersOf(keys: readonly string[], dns: readonly string[]): Promise<string[]>
}

export type TestStep = {
  step: 'name' | 'tcp' | 'tls' | 'bind' | 'base' | 'rights' | 'paging' | 'file' | 'header' | 'records'
  ok: boolean
  detail: string
  /** The same as `detail`, for the screen; undefined for what nobody foresaw. */
  said: Said | undefined
  /** Of a step that failed, where it is one of these. */
  why?: DirectoryTrouble
  /** Works, but somebody should know. */
  warning?: string
  /** The same as `warning`, for the screen. */
  warned?: Said
  /** Which of several servers. */
  server?: string
  /** What the server showed of itself, also when it is not trusted: for somebody to compare. */
  certificate?: {
    subject: string
    issuer: string
    names: string[]
    validFrom: string
    validTo: string
    fingerprint: string
    trusted: boolean
  }
  /** Attributes that are asked for and had no value in any entry looked at. */
  empty?: string[]
}

/** Something about a read that stops nothing and that somebody may want to know. */
export type ReadNote =
  | { note: 'referrals'; count: number; to: string[] }
  | { note: 'server-passed-over'; url: string; why: string }
  /** A newer version of this program finds more in the same entries: attributes that no record had, and in how many. */
  | { note: 'more-is-read'; kind: RecordKind; attributes: string[]; count: number }
  /** Entries that are not taken in, and why: a word of the reader's, or of the declaration's own rule. */
  | { note: 'left-out'; why: string; count: number }

/** An entry as the source has it, and what the mapping makes of it. `raw` is masked before it is shown. */
export type SampleEntry = { at: string; raw: Record<string, Json>; items: ReadItem[] }

/** A file from a watched folder: its name for people, where it stands now (relative to the declaration's folder). */
export type TakenFile = { pattern: string; name: string; path: string; before: boolean }

/** How one run reads, where it is not as the declaration says: files that were taken from a folder. */
export type Reading = {
  source: SourceDeclaration
  reader: SourceReader
  /** The files name what has changed, and nothing is missing for not being in them. */
  onlyChanges: boolean
  files: readonly TakenFile[]
}

/**
 * One way to read: CSV here, LDIF and LDAP in `directory`. wiring.ts puts them in the list that feeds gets.
 * `read` yields batches and throws `source-incomplete`, `source-invalid` or `source-unreachable` rather than end early:
 * a list that just stops is taken for the whole.
 */
export type SourceReader = {
  kind: string
  /** The reader's part of a declaration, beside what all sources have. */
  settings: z.ZodObject
  /** What the schema alone cannot say about settings; each text is one mistake. */
  check?(settings: unknown): string[]
  /** Record kinds that a source of this declaration gives; only their absence can mean anything. */
  kinds(source: SourceDeclaration): RecordKind[]
  /** When the source stated what it states: the newest file's time, or null for "now" (a live directory). */
  seenAt(source: SourceDeclaration): Promise<Date | null>
  read(source: SourceDeclaration, ctx: ReadContext): AsyncIterable<ReadItem[]>
  /**
   * Only what has changed since a state was taken. Throws `source-state-lost` where something could be left out (another
   * server answers, too long ago, a container was moved): the run then reads everything and says why.
   */
  changes?(source: SourceDeclaration, ctx: ChangeContext, state: Json): AsyncIterable<ChangeBatch>
  /** The folder that a source of this declaration watches; null where it reads files that stand where they are. */
  watched?(source: SourceDeclaration): Watched | null
  /** The declaration for one run over files that were taken from the folder. */
  ofFiles?(source: SourceDeclaration, files: readonly TakenFile[]): SourceDeclaration
  /** Kinds that are read again from files that an earlier run has read: what they do not have is no second absence. */
  readBefore?(source: SourceDeclaration): RecordKind[]
  test(source: SourceDeclaration, ctx: ReadContext): Promise<TestStep[]>
  /** The first `count` entries, before and after mapping. Without it the first records stand for them. */
  sample?(source: SourceDeclaration, ctx: ReadContext, count: number): Promise<SampleEntry[]>
}
