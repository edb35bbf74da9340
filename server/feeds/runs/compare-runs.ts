import type { RunDetail } from '#contract/feeds.ts'
import type { RecordKind } from '../../platform/feed-record.ts'
import { medianOf } from './decide-end.ts'
import { type Counts, noCounts } from './feed-run.ts'

export type EarlierRun = { counts: Counts; seconds: number | null }

const COMPARED = ['read', 'added', 'changed', 'gone', 'rejected', 'held'] as const

/**
 * A run beside the middle of the runs before it, of the same mode: kind by kind and how long it took. A kind that this
 * run does not have but earlier ones did counts as nothing read, which is the difference one must see.
 */
export function comparedRuns(run: EarlierRun, earlier: readonly EarlierRun[]): RunDetail['compared'] {
  const kinds = new Set([run, ...earlier].flatMap(one => Object.keys(one.counts) as RecordKind[]))
  const seconds = earlier.flatMap(one => one.seconds ?? [])
  return {
    runs: earlier.length,
    seconds: { now: run.seconds, median: medianOf(seconds) },
    byKind: [...kinds].map(kind => {
      const now = run.counts[kind] ?? noCounts()
      return {
        kind,
        counts: COMPARED.map(name => ({
          name,
          now: now[name],
          median: medianOf(earlier.map(one => one.counts[kind]?.[name] ?? 0)),
        })),
      }
    }),
  }
}
