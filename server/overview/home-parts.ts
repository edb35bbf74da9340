import type { z } from 'zod'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { figure, getHome, todo } from '#contract/home.ts'
import type { Tx } from '../platform/unit-of-work.ts'

export type Section = ResponseOf<typeof getHome>['sections'][number]
type Todo = z.output<typeof todo>
type Figure = z.output<typeof figure>
type Params = Todo['params']

/** How far ahead coming and going is shown, in days. */
export const AHEAD = { starts: 14, leaves: 14, ends: 30 } as const

/** One thing to do, and the list where its rows are. */
export const at = (
  code: Todo['code'],
  severity: Todo['severity'],
  count: number | undefined,
  to: string,
  params: Params = {},
): Todo => ({ code, severity, count: count ?? 0, to, params })

/** Nothing to do is not listed. */
export const todos = (...all: Todo[]): Todo[] => all.filter(one => one.count > 0)

export const number = (code: string, value: number | undefined, to: string | null, params: Params = {}): Figure => ({
  code,
  value: value ?? 0,
  of: null,
  to,
  params,
})

/** A number as a part of all; nothing at all is no share. */
export const share = (
  code: string,
  part: number | undefined,
  of: number | undefined,
  to: string,
  params: Params = {},
): Figure[] => (of ? [{ code, value: part ?? 0, of, to, params }] : [])

/**
 * Systems that are read, and rights held that the rules explain: how much of the truth the tool knows. `of`: of which
 * systems, as the list of them is filtered.
 */
export const knownFigures = (n: Partial<Record<string, number>>, of: Params = {}): Figure[] => [
  ...share('systems-read', n.systems_read, n.systems, '/systems', { ...of, read: true }),
  ...share('rights-explained', (n.observed ?? 0) - (n.unexplained_rights ?? 0), n.observed, '/people', {
    unexplained: true,
  }),
]
/** What is listed of what does not fit, by age; columns as `shownByAgeSql` names them. */
const AGES = ['week', 'month', 'quarter', 'older'] as const
export const findingFigures = (n: Partial<Record<string, number>>): Figure[] =>
  AGES.filter(age => (n[`findings_${age}`] ?? 0) > 0).map(age =>
    number(`findings-${age}`, n[`findings_${age}`], '/findings', { age }),
  )
/** Columns for `knownFigures` beside `systems`, `observed` and `unexplained_rights`. */
export const READ_SYSTEMS = `(select count(*) from it_system where gone_at is null and reading <> 'none') as systems_read`

/** What waits for whoever answers for records of processing, or decides about them. */
export const registerTodos = (n: Record<string, number>): Todo[] => [
  at('activities-decide', 'act', n.activities_decide, '/activities', { decide: true }),
  at('activities-attest', 'act', n.activities_attest, '/activities', { own: true, attention: 'attest' }),
  at('activities-advice', 'act', n.activities_advice, '/activities', { own: true, attention: 'advice' }),
]

/** What rights are for, of systems one answers for, and what people say is wrong there. `unsaid`: findings without a purpose. */
export const purposeTodos = (n: Record<string, number>, proposed: number): Todo[] => [
  at('rectifications', 'act', n.rectifications, '/rectifications', { state: 'open' }),
  at('bindings-waiting', 'act', n.bindings_waiting, '/bindings/list', { state: 'waits' }),
  at('bindings-review', 'act', n.bindings_due, '/bindings/list', { state: 'review' }),
  at('systems-no-purpose', 'look', n.unsaid, '/findings', { code: 'no-purpose' }),
  at('purposes-proposed', 'look', proposed, '/bindings', { together: true }),
]

export type Reports = 'reports_mine' | 'reports_ready' | 'reports_near' | 'approvals' | 'handovers'
/** Reports and what waits in them, as `countReportsSql` counts it. */
export const reportTodos = (n: Record<Reports, number>): Todo[] => [
  at('approvals-waiting', 'act', n.approvals, '/lifecycle/approvals'),
  at('handovers-open', 'act', n.handovers, '/lifecycle/handovers'),
  at('reports-near', 'act', n.reports_near, '/lifecycle/cases'),
  at('reports-ready', 'act', n.reports_ready, '/lifecycle/cases', { stage: 'prepared' }),
  at('reports-mine', 'look', n.reports_mine, '/lifecycle/cases', { stage: 'draft', mine: true }),
]

/** The one row of a statement that only counts. */
export async function readNumbers<Name extends string>(
  tx: Tx,
  sql: string,
  params: unknown[],
): Promise<Record<Name, number>> {
  const [row] = await tx.query<Record<Name, number>>(sql, params)
  return row ?? ({} as Record<Name, number>)
}

/** Coming and going, as `readNumbers` of `movingCounts` gave it. */
export const movingTodos = (n: { starts: number; ends: number; leaves: number }): Todo[] => [
  at('starters', 'look', n.starts, '/people', { startsWithin: AHEAD.starts }),
  at('leavers', 'look', n.leaves, '/people', { leavesWithin: AHEAD.leaves }),
  at('ending-soon', 'look', n.ends, '/people', { endsWithin: AHEAD.ends }),
]
