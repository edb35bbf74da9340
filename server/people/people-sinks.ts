import type { RecordChange, Sink, SinkContext } from '../platform/feed-record.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { applyAffiliations } from './affiliation-sink.ts'
import { refreshCurrent, refreshDeputies, touchedByRun } from './current-store.ts'
import { applyDeputies, applyPositions, applyUnits } from './organisation-sink.ts'
import { applyPersons } from './person-sink.ts'
import { readRecord } from './read-records.ts'

/**
 * What the people room takes from feeds. `after` brings the current caches in line once per transaction, whichever of
 * these sinks is asked first; what a run has touched is read from its facts, so a run that was killed and taken over
 * refreshes what both halves did. `noteChanged` is told whose facts (what rules can see) are others now.
 */
export function createPeopleSinks(noteChanged: (tx: Tx, affiliations: readonly string[]) => void = () => {}): Sink[] {
  const refreshed = new WeakSet<Tx>()
  const after = async (ctx: SinkContext): Promise<void> => {
    if (refreshed.has(ctx.tx)) return
    refreshed.add(ctx.tx)
    const touched = await touchedByRun(ctx.tx, ctx.runId)
    if (ctx.mode === 'full' || touched.affiliations.length > 0) await refreshDeputies(ctx.tx)
    noteChanged(ctx.tx, await refreshCurrent(ctx.tx, touched, ctx.today))
  }
  const part = (name: string) => (change: RecordChange) => String((change.after ?? change.before)?.[name] ?? '')
  return [
    { kind: 'unit', parse: attrs => readRecord('unit', attrs), guardPart: part('tree'), apply: applyUnits, after },
    { kind: 'position', parse: attrs => readRecord('position', attrs), apply: applyPositions, after },
    { kind: 'person', parse: attrs => readRecord('person', attrs), apply: applyPersons, after },
    {
      kind: 'affiliation',
      parse: attrs => readRecord('affiliation', attrs),
      guardPart: change => part('unit')(change) || part('payUnit')(change),
      apply: applyAffiliations,
      after,
    },
    {
      kind: 'deputy',
      parse: attrs => readRecord('deputy', attrs),
      guardPart: part('unit'),
      apply: applyDeputies,
      after,
    },
  ]
}
