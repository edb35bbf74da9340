import type { z } from 'zod'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { listRulesChanges, previewCounts, previewRules } from '#contract/rules.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import type { RightsDifference } from './rules-change.ts'
import { personRefSql, visibleTo } from './visible.ts'

type Change = Omit<ResponseOf<typeof listRulesChanges>['rows'][number], 'own'>
const EXAMPLES = 20
const KEYS = 50

/** Changes that wait, oldest first, and the twenty that were decided last. */
export async function rulesChanges(tx: Tx): Promise<Change[]> {
  const rows = await tx.query<
    Omit<Change, 'createdAt' | 'decidedAt' | 'counts'> & {
      createdAt: Date
      decidedAt: Date | null
      counts: z.output<typeof previewCounts>
    }
  >(
    `(select id, state, created_at as "createdAt", created_by as "createdBy", decided_at as "decidedAt",
        decided_by as "decidedBy", counts from rules_change where state = 'held' order by created_at)
     union all
     (select id, state, created_at, created_by, decided_at, decided_by, counts from rules_change
      where state <> 'held' order by decided_at desc nulls last limit 20)`,
  )
  return rows.map(row => ({
    ...row,
    // Of what was asked before strict mode was seen ahead.
    counts: { ...row.counts, withheld: row.counts.withheld ?? 0 },
    createdAt: row.createdAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
  }))
}

/** Some of the people whom a change would move, those who lose most first; only those whom the reader may see. */
export async function previewExamples(
  tx: Tx,
  actor: Actor,
  differences: readonly RightsDifference[],
): Promise<ResponseOf<typeof previewRules>['examples']> {
  const ordered = [...differences].sort(
    (a, b) =>
      b.losses.length - a.losses.length ||
      b.gains.length - a.gains.length ||
      (a.affiliationId < b.affiliationId ? -1 : 1),
  )
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<{ place: number; person: ResponseOf<typeof previewRules>['examples'][number]['person'] }>(
    `select (w.place - 1)::int as place, ${personRefSql('p', may.name('p'))} as person
     from unnest(${q.bind(
       ordered.map(one => one.personId),
       'uuid[]',
     )}) with ordinality as w (person_id, place)
     join person_current p on p.person_id = w.person_id
     where ${may.person('p')} order by w.place limit ${EXAMPLES}`,
    q.params,
  )
  return rows.map(({ place, person }) => {
    const { gains, losses, withheld = [] } = ordered[place] as RightsDifference
    return { person, gains: gains.slice(0, KEYS), losses: losses.slice(0, KEYS), withheld: withheld.slice(0, KEYS) }
  })
}
