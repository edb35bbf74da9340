import { decideHeld, type WeighedItem } from '../../feeds/guards/decide-held.ts'
import { learnLimits, limitsOf } from '../../feeds/guards/learn-limits.ts'
import { populations } from '../../feeds/runs/record-store.ts'
import { changeLimits, guardSettings } from '../../feeds/sources/source.ts'
import { storedSource } from '../../feeds/sources/source-store.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { rulesStamp } from '../../rules/rules-store.ts'
import { LICENCES_USED } from '../entitlements/licences-used.ts'
import { guardRulesChange, type HeldChange } from '../rules-change.ts'
import { administratorsLosing } from '../rules-change-service.ts'
import type { Computed } from './compute-what-if.ts'
import { type Around, asRightsDifferences, type Stamp, type Summary } from './summarise.ts'

/** Everything that a summary names and weighs beside the differences themselves. */
export async function around(tx: Tx, computed: Computed): Promise<Around> {
  const keys = [...new Set(computed.differences.map(one => one.entitlement))]
  // As licences are counted, and at least who is to hold it: who still waits for an account will use one by then.
  const entitlements = await tx.query<Around['entitlements'][number]>(
    `select e.key, e.name, e.sensitivity, e.licence_cap as cap,
       case when e.licence_cap is null then 0 else greatest(${LICENCES_USED}, (
         select count(distinct ac.person_id) from assignment a
         join affiliation_current ac on ac.affiliation_id = a.affiliation_id where a.entitlement_id = e.id))::int end as held
     from entitlement e where e.key = any($1)`,
    [keys],
  )
  const systems = await tx.query<{ key: string; name: string }>(
    `select distinct s.key, s.name from it_system s join entitlement e on e.system_id = s.id where e.key = any($1)`,
    [keys],
  )
  return { systems, entitlements, guards: await guardsOf(tx, computed), waves: await wavesOf(tx, computed) }
}

/** The guards on changes of rules, on the whole draft: above them a second person approves. */
export async function guardsOf(tx: Tx, { differences }: Computed): Promise<HeldChange[]> {
  const asked = asRightsDifferences(differences)
  const [row] = await tx.query<{ people: number; some: boolean }>(
    `select (select count(*)::int from person_current where status = 'active') as people,
       exists (select from assignment) as some`,
  )
  return guardRulesChange(asked, row?.people ?? 0, !row?.some, await administratorsLosing(tx, asked))
}

/** What the guards of the feeds would hold back, were the moves and titles to come from them as one run. */
async function wavesOf(tx: Tx, { moved, retitled }: Computed): Promise<Summary['waves']> {
  const bySource = new Map<string, WeighedItem[]>()
  const item = (source: string, rest: Pick<WeighedItem, 'aspects' | 'changes' | 'part'>): void => {
    const list = bySource.get(source) ?? []
    list.push({ n: list.length + 1, kind: 'affiliation', op: 'change', ...rest })
    bySource.set(source, list)
  }
  for (const { source, from, to } of moved)
    item(source, { part: from, aspects: new Set(['move'] as const), changes: [{ attribute: 'unit', from, to }] })
  for (const { source, from, to } of retitled)
    item(source, { part: null, aspects: new Set(['title'] as const), changes: [{ attribute: 'title', from, to }] })
  const waves: Summary['waves'] = []
  const or = <T>(value: T | false): T | null => (value === false ? null : value)
  for (const [source, items] of bySource) {
    const stored = await storedSource(tx, source)
    if (!stored?.declared) continue
    const guards = guardSettings.parse(stored.declaration.guards ?? {})
    const held = decideHeld({
      ...{ items, counts: [], always: [], populations: await populations(tx, source) },
      ...changeLimits(guards),
      ...{ aspect: or(guards.aspect), cause: or(guards.cause), group: null, emptied: null },
      ...(guards.learn ? { learned: limitsOf(await learnLimits(tx, source)) } : {}),
    })
    for (const one of held) waves.push({ source, unit: one.part, count: one.count, limit: one.limit })
  }
  return waves
}

/** What results rest on now. By content, so that a read that changed nothing moves nothing. */
export async function stampOf(tx: Tx, today: string): Promise<Stamp> {
  const [row] = await tx.query<{ units: string; people: string }>(
    `select
       (select md5(coalesce(string_agg(unit_id || valid::text || attrs::text, ',' order by unit_id, valid), ''))
        from org_unit_state where upper_inf(recorded)) as units,
       (select count(*) || ' ' || coalesce(max(lower(recorded))::text, '') from affiliation_state
        where upper_inf(recorded)) as people`,
  )
  return { rules: await rulesStamp(tx), units: row?.units ?? '', people: row?.people ?? '', date: today }
}
