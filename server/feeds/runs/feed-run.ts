import type { Said } from '#contract/said.ts'
import type { RecordKind } from '../../platform/feed-record.ts'
import type { RunEnds } from './decide-end.ts'
import type { ReadMode } from './read-mode.ts'

export type RunPhase = 'read' | 'compare' | 'apply' | 'after' | 'end'
export type RunState = 'running' | 'done' | 'held' | 'rejected' | 'failed'
export type RunTrigger = 'manual' | 'cli' | 'schedule' | 'setup'

/** The person who asked for a run or decided on what it held back; null when the clock did. */
export type RunActor = {
  id: string
  personId?: string | null
  /** In which function they did it, for the audit log. */
  function?: string
} | null

export type KindCounts = {
  read: number
  added: number
  changed: number
  returned: number
  gone: number
  unchanged: number
  rejected: number
  /** Not in this read, waiting for a second complete one. */
  missing: number
  held: number
}
export type Counts = Partial<Record<RecordKind, KindCounts>>

export const noCounts = (): KindCounts => ({
  read: 0,
  added: 0,
  changed: 0,
  returned: 0,
  gone: 0,
  unchanged: 0,
  rejected: 0,
  missing: 0,
  held: 0,
})

/** `part` reads `kind`, `kind op`, or `kind op: part`. */
export type HeldPart = { guard: string; part: string; count: number; limit: number }

/** `why` in one word, where the reader has one; `ends` says whether it passes by itself. Absent in older runs. */
export type RunError = { code: string; detail: string; why?: string | null; ends?: RunEnds; said?: Said }

/** What a run came to; the CLI prints it as it is, so scripts may rely on the names. */
export type RunResult = {
  runId: string
  source: string
  state: RunState
  mode: ReadMode
  /** Why everything was read where changes might have been; null where there was no question of it. */
  fullBecause: string | null
  dryRun: boolean
  read: number
  added: number
  changed: number
  unchanged: number
  gone: number
  rejected: number
  missing: number
  heldBack: HeldPart[]
  /** Changes that were carried out. */
  applied: number
  /** Hash of the plan's diff; needed to approve what was held back. */
  planHash: string | null
  heldHash: string | null
  byKind: Counts
  error: RunError | null
}

export type Progress = { phase: RunPhase; done: number; total: number | null }

/** Sums over all kinds; a record that came back counts as added, since it is here again. */
export function totals(counts: Counts) {
  const sum = { read: 0, added: 0, changed: 0, unchanged: 0, gone: 0, rejected: 0, missing: 0, held: 0 }
  for (const kind of Object.values(counts)) {
    sum.read += kind.read
    sum.added += kind.added + kind.returned
    sum.changed += kind.changed
    sum.unchanged += kind.unchanged
    sum.gone += kind.gone
    sum.rejected += kind.rejected
    sum.missing += kind.missing
    sum.held += kind.held
  }
  return sum
}
