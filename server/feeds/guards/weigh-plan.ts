import type { ChangeCount } from '../../plans/decide-guards.ts'
import type { Hold, PlanOp } from '../../plans/plan.ts'
import type { Json } from '../../platform/feed-record.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { populations, populationsOfParts } from '../runs/record-store.ts'
import { changeLimits, type GuardSettings } from '../sources/source.ts'
import { type OpenAnnouncement, takeAnnounced, type Use } from './announcement.ts'
import { aspectsOf, attributeChanges, isActivity, onlyFills } from './change-aspects.ts'
import { type AlwaysHeld, decideHeld, type WeighedItem, weightsOf } from './decide-held.ts'
import { type Gained, gainedByParsing } from './gained-by-parsing.ts'
import { learnLimits, learnWaves, limitsOf } from './learn-limits.ts'

/** Which items of a plan no batch may carry out. Rooms above this one know; wiring.ts hands their answers in. */
export type NeverInBatch = (tx: Tx, plan: { planId: string; source: string }) => Promise<AlwaysHeld[]>

export type Weighed = {
  holds: Hold[]
  /** What of the announcements the plan uses; and what it would have, had they been large enough. */
  used: Use[]
  matched: Use[]
  /** What a newer version of this program has found in the same entries, and no guard counts. */
  gained: Gained[]
}

/**
 * The change guards on a plan whose items stand. Costs what the plan has: how many records there are, and what is usual,
 * is asked only when something could be too much. `earlier`: for a list of changes, what lists before it have taken away
 * since the last complete read; then the sorts of change that they let through count with it, too.
 */
export async function weighPlan(
  tx: Tx,
  plan: {
    planId: string
    source: { key: string; guards: GuardSettings }
    changes: readonly ChangeCount[]
    earlier?: readonly ChangeCount[]
    announcements: readonly OpenAnnouncement[]
    neverInBatch: readonly NeverInBatch[]
    /** The first full read by a newer version of this program. */
    newVersion?: boolean
  },
): Promise<Weighed> {
  const { planId, source } = plan
  const { guards } = source
  const every = plan.changes.some(one => one.op === 'change' || one.op === 'gone') ? await loadItems(tx, planId) : []
  const always: (AlwaysHeld & { kind: string; op: PlanOp })[] = []
  const byNumber = new Map(every.map(item => [item.n, item]))
  if (every.length > 0)
    for (const ask of plan.neverInBatch)
      for (const one of await ask(tx, { planId, source: source.key })) {
        const item = byNumber.get(one.n)
        if (item && !always.some(other => other.n === one.n)) always.push({ ...one, kind: item.kind, op: item.op })
      }
  const kept = new Set(always.map(one => one.n))
  const { gained, items: found } = plan.newVersion
    ? await gainedByParsing(tx, source.key, every)
    : { gained: [], items: new Set<number>() }
  const announced = takeAnnounced(
    plan.announcements,
    every.filter(item => !kept.has(item.n) && !isActivity(item.aspects) && !found.has(item.n)),
    plan.changes.filter(one => one.op === 'add' || one.op === 'return'),
  )
  const { used, matched } = announced
  const { limits, partLimits } = changeLimits(guards)
  const or = <T>(value: T | false): T | null => (value === false ? null : value)
  const earlier = plan.earlier ? await earlierWeights(tx, planId, weightsOf(announced.items)) : undefined
  const input = {
    ...(earlier ? { earlier } : {}),
    items: [...announced.items, ...every.filter(item => kept.has(item.n))],
    counts: [...announced.counts, ...(plan.earlier ?? [])],
    always,
    ...{ limits, partLimits, aspect: or(guards.aspect), cause: or(guards.cause) },
    ...{ group: or(guards.group), emptied: or(guards.emptied) },
  }
  const passes = async (holds: Hold[]): Promise<Weighed> => {
    const held = new Set(holds.flatMap(hold => hold.items ?? []))
    const weights = weightsOf(announced.items.filter(item => !held.has(item.n)))
    if (earlier && weights.size > 0)
      await tx.query('update plan set weights = $2 where id = $1', [
        planId,
        JSON.stringify(Object.fromEntries(weights)),
      ])
    return { holds, used, matched, gained }
  }
  if (always.length === 0 && !couldBeTooMuch(input)) return passes([])
  const holds = decideHeld({
    ...input,
    populations: plan.earlier
      ? await populationsOfParts(tx, source.key, [...plan.changes, ...every.filter(item => item.kind !== 'group')])
      : await populations(tx, source.key),
    ...(guards.learn ? { learned: limitsOf(await learnLimits(tx, source.key)) } : {}),
    ...(guards.learn && earlier ? { learnedWaves: limitsOf(await learnWaves(tx, source.key)) } : {}),
  })
  return passes(holds)
}

/** What lists of changes since the last complete read have let through of the sorts that this one has. */
async function earlierWeights(
  tx: Tx,
  planId: string,
  now: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  if (now.size === 0) return new Map()
  const rows = await tx.query<{ key: string; count: number }>(
    `select w.key, sum(w.value::int)::int as count
     from plan me
     join source s on s.key = me.subject
     join feed_run r on r.source = s.key and r.mode = 'changes' and r.started_at >= s.complete_at and r.id <> me.cause_id
     join plan p on p.id = r.plan_id
     cross join lateral jsonb_each_text(p.weights) w
     where me.id = $1 and w.key = any($2::text[]) group by w.key`,
    [planId, [...now.keys()]],
  )
  return new Map(rows.map(row => [row.key, row.count]))
}

/** Below the lowest floor nothing is ever too much, whatever the population; the members of one group count for themselves. */
function couldBeTooMuch(input: Omit<Parameters<typeof decideHeld>[0], 'populations'>): boolean {
  const { limits, partLimits, aspect, cause, group, emptied } = input
  const floors = [...Object.values(limits), ...Object.values(partLimits), aspect, cause].flatMap(
    one => one?.floor ?? [],
  )
  const perKind = new Map<string, number>()
  const add = (kind: string, op: string, count: number) =>
    perKind.set(`${kind} ${op}`, (perKind.get(`${kind} ${op}`) ?? 0) + count)
  for (const { kind, op, count } of input.counts) add(kind, op, count)
  for (const { kind, op } of input.items) add(kind, op, 1)
  for (const [key, count] of input.earlier ?? []) add(key.split(' ')[0]!, 'change', count)
  const least = Math.min(...floors)
  if ([...perKind.values()].some(count => count > least)) return true
  const groups = input.items.flatMap(item => item.members ?? [])
  if (emptied && groups.filter(({ had, loses }) => had > 0 && loses === had).length > emptied.floor) return true
  return group !== null && groups.some(({ gains, loses }) => Math.max(gains, loses) > group.floor)
}

type Attrs = { [key: string]: Json } | null
type Row = {
  n: number
  kind: string
  op: PlanOp
  part: string | null
  before: Attrs
  after: Attrs
}
const BATCH = 2000

/** Changes and leavings of a plan, a batch at a time: of each, only what is counted is kept. */
export async function loadItems(tx: Tx, planId: string): Promise<WeighedItem[]> {
  const items: WeighedItem[] = []
  for (let last = 0; ; ) {
    const rows = await tx.query<Row>(
      // Somebody who moves counts in the unit that is left: that is the one which is being emptied.
      `select i.n, i.kind, i.op, coalesce(r.part, i.part) as part, i.before, i.after
       from plan_item i join plan p on p.id = i.plan_id
       left join source_record r on r.source = p.subject and r.kind = i.kind and r.key = i.key
       where i.plan_id = $1 and i.op in ('change', 'gone') and i.n > $2 order by i.n limit $3`,
      [planId, last, BATCH],
    )
    for (const row of rows) items.push(weigh(row))
    if (rows.length < BATCH) return items
    last = rows.at(-1)!.n
  }
}

function weigh({ n, kind, op, part, before, after }: Row): WeighedItem {
  const changes = attributeChanges(before, after)
  const members = kind === 'group' ? countMembers(before, after) : undefined
  const name = before?.name
  return {
    n,
    kind,
    op,
    // A group is guarded one by one, so it is its own part.
    part: kind === 'group' && typeof name === 'string' ? name : part,
    aspects: aspectsOf(before, after, changes),
    changes,
    ...(op === 'change' && onlyFills(before, after) ? { fills: true } : {}),
    ...(members ? { members } : {}),
  }
}

function countMembers(before: Attrs, after: Attrs): { had: number; gains: number; loses: number } {
  const had = new Set(Array.isArray(before?.members) ? before.members : [])
  const has = new Set(Array.isArray(after?.members) ? after.members : [])
  return { had: had.size, gains: has.difference(had).size, loses: had.difference(has).size }
}
