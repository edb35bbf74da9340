import { z } from 'zod'
import { planItemState, planOp, recordKind, runState } from './lists.ts'
import { said } from './said.ts'
import * as s from './shapes.ts'

export const runPhase = z.enum(['read', 'compare', 'apply', 'after', 'end'])
export const runTrigger = z.enum(['manual', 'cli', 'schedule', 'setup'])
export const runEnds = z.enum(['heals', 'needs-you'])
const names = z.object({ da: z.string(), en: z.string() })
const count = z.number().int()

export const runMark = z.object({ id: s.id, state: runState, startedAt: s.instant })

export const sourceRow = z.object({
  key: z.string(),
  name: names,
  kind: z.string(),
  /** False: no longer in the sources file; what it said stays. */
  declared: z.boolean(),
  /** What the file owns is read-only on the screen. */
  owner: z.enum(['file', 'screen']),
  version: count,
  scheduleSeconds: count.nullable(),
  /** The last read that was let in, of everything or of changes. */
  readAt: s.instant.nullable(),
  /** The last read of everything that was let in. */
  completeAt: s.instant.nullable(),
  /** When the source itself said what it said: the file's time. */
  seenAt: s.instant.nullable(),
  /** good; delayed: late by its rhythm; healing: the last run failed of something that passes and is tried again; act: the last run failed, was rejected or waits for a person; never: not read. */
  health: z.enum(['good', 'delayed', 'healing', 'act', 'never']),
  records: count,
  missing: count,
  running: s.id.nullable(),
  lastRuns: z.array(runMark),
})

export const runRow = z.object({
  id: s.id,
  source: z.string(),
  sourceName: names,
  trigger: runTrigger,
  dryRun: z.boolean(),
  state: runState,
  phase: runPhase,
  progress: z.object({ phase: runPhase, done: count, total: count.nullable() }).nullable(),
  startedAt: s.instant,
  endedAt: s.instant.nullable(),
  /** User id of who started it; null when the clock or the set-up did. */
  startedBy: z.string().nullable(),
  read: count,
  added: count,
  changed: count,
  unchanged: count,
  gone: count,
  missing: count,
  rejected: count,
  held: count,
  /** Everything that the source says, or only what has changed. */
  mode: z.enum(['full', 'changes']),
  /** Of a failed run: it passes by itself and is tried again, or it waits for somebody. null: it did not fail. */
  ends: runEnds.nullable(),
})

export const kindCounts = z.object({
  kind: recordKind,
  read: count,
  added: count,
  changed: count,
  returned: count,
  gone: count,
  unchanged: count,
  rejected: count,
  missing: count,
  held: count,
})
export const heldPart = z.object({ guard: z.string(), part: z.string(), count, limit: count })

export const runDetail = runRow.extend({
  phases: z.array(z.object({ phase: runPhase, from: s.instant, to: s.instant.nullable() })),
  byKind: z.array(kindCounts),
  heldBack: z.array(heldPart),
  /** Sent back with an approval, so that it fits exactly the diff that was looked at. */
  heldHash: z.string().nullable(),
  planHash: z.string().nullable(),
  /** `why` in one word where it is known: certificate, credentials, timeout, rights, busy, … */
  error: z
    .object({
      code: z.string(),
      detail: z.string(),
      why: z.string().nullable(),
      /** The same as `detail`, as a code with values; null in older runs, and for what nobody foresaw. */
      said: said.nullable().default(null),
    })
    .nullable(),
  /** Of a failed run that heals: how many in a row it is, and when it is tried again. */
  retry: z.object({ failures: count, at: s.instant.nullable(), most: count }).nullable(),
  /** Why everything was read where changes might have been: asked, first, due, or what was wrong with the state. */
  fullBecause: z.string().nullable(),
  /** How many accounts of the source stood in which link situation when the run ended; null where it gives none. */
  situations: z.record(z.string(), count).nullable(),
  /** What stopped nothing and somebody may want to know: servers passed over, parts of a directory that are elsewhere. */
  notes: z.array(
    z.discriminatedUnion('note', [
      z.object({ note: z.literal('referrals'), count, to: z.array(z.string()) }),
      z.object({ note: z.literal('server-passed-over'), url: z.string(), why: z.string() }),
      z.object({ note: z.literal('more-is-read'), kind: recordKind, attributes: z.array(z.string()), count }),
      z.object({ note: z.literal('left-out'), why: z.string(), count }),
    ]),
  ),
  seenAt: s.instant.nullable(),
  decision: z
    .object({ by: z.string(), at: s.instant.nullable(), reason: z.string().nullable(), approved: z.boolean() })
    .nullable(),
  /** The runs before it, newest first, to compare with. */
  earlier: z.array(
    runMark.extend({ read: count, added: count, changed: count, gone: count, seconds: z.number().nullable() }),
  ),
  /** This run beside the middle of the last ten of its mode. */
  compared: z.object({
    runs: count,
    seconds: z.object({ now: z.number().nullable(), median: z.number().nullable() }),
    byKind: z.array(
      z.object({
        kind: recordKind,
        counts: z.array(
          z.object({
            name: z.enum(['read', 'added', 'changed', 'gone', 'rejected', 'held']),
            now: count,
            median: count.nullable(),
          }),
        ),
      }),
    ),
  }),
  /** Nothing newer has been read from the source, and this run failed or was rejected. */
  mayRetry: z.boolean(),
})

export const rejectRow = z.object({
  n: count,
  kind: recordKind.nullable(),
  key: z.string().nullable(),
  at: z.string().nullable(),
  reason: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The entry as it came, personal values masked. */
  raw: z.array(z.object({ name: z.string(), value: z.string() })),
})

export const planItemRow = z.object({
  n: count,
  kind: recordKind,
  key: z.string(),
  op: planOp,
  state: planItemState,
  part: z.string().nullable(),
  guard: z.string().nullable(),
  subjectId: s.id.nullable(),
  /** What the row is about in a few words; null where the name is protected from the reader. */
  label: z.string().nullable(),
  changes: z.array(z.object({ attribute: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
})

export const runFilter = z.object({
  source: z.string().max(100).optional(),
  state: runState.optional(),
  ...s.page.shape,
})
export const planItemFilter = z.object({
  kind: recordKind.optional(),
  op: planOp.optional(),
  state: planItemState.optional(),
  text: z.string().trim().max(100).optional(),
  ...s.page.shape,
})

export type SourceRow = z.output<typeof sourceRow>
export type RunRow = z.output<typeof runRow>
export type RunDetail = z.output<typeof runDetail>
export type RejectRow = z.output<typeof rejectRow>
export type PlanItemRow = z.output<typeof planItemRow>
export type RunFilter = z.output<typeof runFilter>
export type PlanItemFilter = z.output<typeof planItemFilter>
