import type { GuardLimit, HeldChanges, HeldGroup } from '#contract/held.ts'
import { unitNames } from '../../people/unit-names-view.ts'
import { limitInForce, limitOf } from '../../plans/decide-guards.ts'
import type { Decision, HeldBack, PlanOp } from '../../plans/plan.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { populations } from '../runs/record-store.ts'
import { nameUnits, unitKeys } from '../runs/show-diff.ts'
import { changeLimits, guardSettings } from '../sources/source.ts'
import type { Shape } from './decide-shape.ts'
import { changedSource, newerHeldRun } from './held-store.ts'
import { learnLimits } from './learn-limits.ts'

type Raw = {
  source: string
  state: string
  startedBy: string | null
  planState: string | null
  hash: string | null
  since: string | null
  expiresAt: string | null
  held: HeldBack[] | null
  decisions: Decision[] | null
}
const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** What waits in a run, grouped by cause, and whether the reader may decide on it. */
export async function heldChanges(
  tx: Tx,
  runId: string,
  reader: { userId: string; mayApprove: boolean },
): Promise<HeldChanges> {
  const [run] = await tx.query<Raw>(
    `select r.source, r.state, r.started_by as "startedBy", p.state as "planState", p.held_hash as hash,
       ${iso('p.held_since')} as since, ${iso('p.expires_at')} as "expiresAt", p.held, p.decisions
     from feed_run r left join plan p on p.id = r.plan_id where r.id = $1`,
    [runId],
  )
  if (!run) throw problem('not-found', { detail: 'There is no such run.' })
  const counts = await tx.query<{ cause: string; count: number }>(
    `select coalesce(i.cause, '') as cause, count(*)::int as count from plan_item i
     where i.plan_id = (select plan_id from feed_run where id = $1) and i.state = 'held' group by i.cause`,
    [runId],
  )
  const countOf = new Map(counts.map(row => [row.cause, row.count]))
  const open = run.state === 'held' && run.planState === 'held' && run.hash !== null
  const mayNot = !open
    ? 'nothing-waits'
    : !reader.mayApprove
      ? 'no-permission'
      : run.startedBy === reader.userId
        ? 'started-the-run'
        : (await changedSource(tx, runId, reader.userId))
          ? 'changed-the-source'
          : null
  return {
    hash: open ? run.hash : null,
    waiting: counts.reduce((sum, row) => sum + row.count, 0),
    since: run.since,
    expiresAt: open ? run.expiresAt : null,
    replacedBy: run.planState === 'stale' ? await newerHeldRun(tx, run.source, runId) : null,
    mayNot,
    groups: await groupsOf(tx, run.held ?? [], countOf),
    decisions: (run.decisions ?? []).map(one => ({ ...one, at: new Date(one.at).toISOString() })),
  }
}

/** Groups whose items still wait, with units by their names. Plans from before causes were kept have them by guard. */
async function groupsOf(tx: Tx, held: readonly HeldBack[], countOf: ReadonlyMap<string, number>): Promise<HeldGroup[]> {
  const shown = held.flatMap(one => {
    const cause = one.cause ?? [one.guard, one.kind, one.op, one.part].filter(Boolean).join(' ')
    const count = countOf.get(cause) ?? 0
    const because = one.because ?? null
    return count === 0
      ? []
      : [
          {
            ...one,
            cause,
            count,
            total: one.total ?? count,
            aspect: one.aspect ?? null,
            because,
            alwaysOn: one.alwaysOn === true,
          },
        ]
  })
  const lines = shown.map(({ because }) => ({
    changes: because ? [{ attribute: because.attribute, before: because.from, after: because.to }] : [],
  }))
  const parts = shown.flatMap(one => one.part ?? [])
  const nameOf = await unitNames(tx, [...unitKeys(lines), ...parts])
  return shown.map(({ because, ...one }, at) => {
    const [line] = nameUnits(lines[at]!.changes, nameOf)
    return {
      ...one,
      guard: one.guard as HeldGroup['guard'],
      kind: one.kind as HeldGroup['kind'],
      aspect: one.aspect as HeldGroup['aspect'],
      partName: one.part !== null && HAS_UNITS.has(one.kind) ? (nameOf(one.part, false) ?? null) : null,
      because: because && line ? { ...because, from: line.before, to: line.after } : because,
    }
  })
}

/** Kinds whose part is a unit. */
const HAS_UNITS = new Set(['affiliation', 'deputy'])

/** The limits of a source: as set, as learned, in force. */
export async function guardsView(
  tx: Tx,
  source: string,
): Promise<{
  limits: GuardLimit[]
  settings: Record<string, unknown>
  defaults: Record<string, unknown>
  shapes: { at: string; kind: GuardLimit['kind']; read: number; rejected: number; doubled: number; garbled: number }[]
}> {
  const [row] = await tx.query<{ guards: unknown }>(
    `select declaration -> 'guards' as guards from source where key = $1`,
    [source],
  )
  if (!row) throw problem('not-found', { detail: `There is no source "${source}".` })
  const guards = guardSettings.parse(row.guards ?? {})
  const learned = new Map((await learnLimits(tx, source)).map(one => [`${one.kind} ${one.op}`, one]))
  const sizes = new Map<string, number>()
  for (const { kind, count } of await populations(tx, source)) sizes.set(kind, (sizes.get(kind) ?? 0) + count)
  const { limits } = changeLimits(guards)
  const shown: GuardLimit[] = []
  for (const [kind, population] of sizes)
    for (const op of ['add', 'change', 'gone', 'return'] as const satisfies PlanOp[]) {
      const limit = limits[op]
      const known = learned.get(`${kind} ${op}`)
      shown.push({
        kind: kind as GuardLimit['kind'],
        op,
        on: limit !== null,
        percent: limit?.percent ?? null,
        floor: limit?.floor ?? null,
        population,
        ceiling: limit && limitOf(limit, population),
        usual: known?.limit ? known.usual : null,
        runs: known?.runs ?? 0,
        learned: guards.learn ? (known?.limit ?? null) : null,
        inForce: limit && limitInForce(limit, population, guards.learn ? (known?.limit ?? undefined) : undefined),
      })
    }
  const history = await tx.query<{ at: string; shape: Shape }>(
    `select ${iso('at')} as at, shape from feed_shape where source = $1 order by feed_shape.at desc`,
    [source],
  )
  return {
    limits: shown,
    settings: guards,
    defaults: guardSettings.parse({}),
    shapes: history.flatMap(({ at, shape }) =>
      Object.entries(shape).map(([kind, one]) => ({
        ...{ at, kind: kind as GuardLimit['kind'], read: one.read, rejected: one.rejected },
        ...{ doubled: one.doubled ?? 0, garbled: one.garbled },
      })),
    ),
  }
}

/** Does a change of this person's wait for somebody else: a held run of theirs, or one after they changed the source? */
export async function changeWaits(tx: Tx, source: string, userId: string): Promise<boolean> {
  const runs = await tx.query<{ id: string; startedBy: string | null }>(
    `select id, started_by as "startedBy" from feed_run where source = $1 and state = 'held'`,
    [source],
  )
  for (const run of runs) if (run.startedBy === userId || (await changedSource(tx, run.id, userId))) return true
  return false
}
