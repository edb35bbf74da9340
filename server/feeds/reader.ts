import type { z } from 'zod'
import type { FeedRecord, Json, RecordKind } from '../platform/feed-record.ts'
import type { SourceDeclaration } from './source.ts'

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

export const isReject = (item: ReadItem): item is Reject => 'reject' in item

/** A secret by reference: the name of an environment variable, or a file. Never a value. */
export type SecretRef = { env: string } | { file: string }

export type ReadContext = {
  secretOf(ref: SecretRef, folder: string): string
  signal: AbortSignal
}

export type TestStep = {
  step: 'name' | 'tcp' | 'tls' | 'bind' | 'base' | 'rights' | 'paging' | 'file' | 'header' | 'records'
  ok: boolean
  detail: string
}

/** An entry as the source has it, and what the mapping makes of it. `raw` is masked before it is shown. */
export type SampleEntry = { at: string; raw: Record<string, Json>; items: ReadItem[] }

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
  test(source: SourceDeclaration, ctx: ReadContext): Promise<TestStep[]>
  /** The first `count` entries, before and after mapping. Without it the first records stand for them. */
  sample?(source: SourceDeclaration, ctx: ReadContext, count: number): Promise<SampleEntry[]>
}
