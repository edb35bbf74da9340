import type { z } from 'zod'
import type { getRetention, retentionRun } from '#contract/compliance.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { retentionRow } from '#contract/retention-rows.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { can } from '../../policy/policy.ts'
import { keptRows, type StoredRun } from './retention-store.ts'

type Names = (tx: Tx, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
const SHOWN = 12

/** Four statements. */
export async function retentionView(tx: Tx, actor: Actor, names: Names): Promise<ResponseOf<typeof getRetention>> {
  const kept = await keptRows(tx)
  const runs = await tx.query<
    StoredRun & {
      askedAt: Date
      reason: string
      decidedBy: string | null
      decision: string | null
      endedAt: Date | null
      lines: number
      subjects: number
      hash: string | null
    }
  >(
    `with journal as (select count(*)::int as lines, coalesce(sum(cardinality(subjects)), 0)::int as subjects from deletion_journal)
     select r.id, r.rows, r.on_day as "onDay", r.state, r.preview, r.gone, r.asked_by as "askedBy", r.asked_at as "askedAt", r.reason,
       r.decided_by as "decidedBy", r.decision, r.ended_at as "endedAt", j.lines, j.subjects,
       (select hash from deletion_journal order by seq desc limit 1) as hash
     from journal j left join (select * from retention_run order by asked_at desc, id limit $1) r on true
     order by r.asked_at desc, r.id`,
    [SHOWN],
  )
  const users = [
    ...kept.flatMap(row => row.changed?.by ?? []),
    ...runs.flatMap(run => [run.askedBy, run.decidedBy].filter(id => id !== null)),
  ]
  const known = await names(tx, users)
  const nameOf = (id: string | null) => (id === null ? null : (known.get(id) ?? null))
  const may = can(actor, 'retention.run')
  return {
    rows: kept.map(row => {
      const shipped = retentionRow(row.key)
      return {
        ...{ key: row.key, amount: row.amount, unit: row.unit, mode: row.mode, most: row.most, begun: row.begun },
        ...{ from: shipped.from, outside: shipped.subject === 'outside' },
        shipped: { amount: shipped.amount, unit: shipped.unit },
        changed: row.changed && { ...row.changed, at: row.changed.at.toISOString(), by: nameOf(row.changed.by) ?? '' },
      }
    }),
    runs: runs
      .filter(run => run.id !== null)
      .map((run): z.output<typeof retentionRun> => {
        const parts = run.rows.map(row => {
          const seen = run.preview.find(one => one.row === row)
          return { row, due: seen?.due ?? 0, held: seen?.held ?? 0, gone: run.gone[row]?.count ?? 0 }
        })
        return {
          ...{
            id: run.id,
            rows: run.rows,
            state: run.state,
            onDay: run.onDay,
            reason: run.reason,
            decision: run.decision,
          },
          ...{ askedAt: run.askedAt.toISOString(), askedBy: nameOf(run.askedBy), decidedBy: nameOf(run.decidedBy) },
          endedAt: run.endedAt?.toISOString() ?? null,
          ...{ parts, due: sum(parts.map(one => one.due)), gone: sum(parts.map(one => one.gone)) },
          allowed: {
            agree: may && run.state === 'waiting' && run.askedBy !== actor.userId,
            refuse: may && run.state === 'waiting',
          },
        }
      }),
    journal: { lines: runs[0]?.lines ?? 0, subjects: runs[0]?.subjects ?? 0, hash: runs[0]?.hash ?? null },
    allowed: { change: can(actor, 'compliance.change'), run: may },
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
