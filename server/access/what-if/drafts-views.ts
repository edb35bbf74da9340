import type { WhatIfBase, WhatIfPerson, WhatIfResult } from '#contract/what-if.ts'
import type { DraftChange, DraftPage, DraftRow } from '#contract/what-if-draft.ts'
import { fold } from '../../platform/fold.ts'
import { containing, type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, can, sqlFor } from '../../policy/policy.ts'
import { DANISH, personRefSql, visibleTo } from '../visible.ts'
import { DRAFT, loadDraft, loadResult, type StoredDraft, type StoredResult } from './draft-store.ts'
import { stampOf } from './guards-view.ts'
import { movedSince } from './summarise.ts'

const columns = (d: string) => ({
  ownerId: { sql: `${d}.created_by`, type: 'text' as const },
  shared: { sql: `(${d}.shared_at is not null)`, type: 'bool' as const },
})
const recordOf = (draft: Pick<StoredDraft, 'createdBy' | 'sharedAt'>) => ({
  ownerId: draft.createdBy,
  shared: draft.sharedAt !== null,
})

/** A draft that the actor may read, or change where asked; null for all others, as if it were not there. */
export async function visibleDraft(
  tx: Tx,
  actor: Actor,
  id: string,
  action: 'read' | 'change' = 'read',
): Promise<StoredDraft | null> {
  const draft = await loadDraft(tx, id, action === 'change')
  return draft && allows(actor, action, 'WhatIf', recordOf(draft)) ? draft : null
}

export async function draftsView(
  tx: Tx,
  actor: Actor,
  filter: { state?: string | undefined; offset: number; limit: number },
): Promise<{ rows: DraftRow[]; total: number; may: { create: boolean } }> {
  const q = statement()
  const may = q.use(startAt => sqlFor(actor, 'read', 'WhatIf', columns('d'), { startAt }))
  const state = q.bind(filter.state ?? null, 'text')
  const rows = await tx.query<StoredDraft & { people: number | null; total: number }>(
    `select ${DRAFT.replaceAll(/\b(version)\b/g, 'd.version')}, r.people, count(*) over ()::int as total
     from what_if_draft d left join lateral (
       select (summary -> 'total' ->> 'people')::int as people from what_if_result
       where draft_id = d.id and base = 'same-date' and version = d.version) r on true
     where ${may} and (${state} is null or d.state = ${state})
     order by case d.state when 'stale' then 0 when 'approved' then 1 when 'draft' then 2 else 3 end, d.on_date, d.id
     limit ${q.bind(filter.limit, 'int')} offset ${q.bind(filter.offset, 'int')}`,
    q.params,
  )
  return {
    rows: rows.map(row => ({ ...rowOf(row, actor), changes: row.changes.length, people: row.people })),
    total: rows[0]?.total ?? 0,
    may: { create: can(actor, 'what-if.change') },
  }
}

function rowOf(draft: StoredDraft, actor: Actor): Omit<DraftRow, 'changes' | 'people'> {
  const { id, name, note, onDate, state, held } = draft
  return {
    ...{ id, name, note, onDate, state, held },
    owner: draft.createdBy,
    own: draft.createdBy === actor.userId,
    shared: draft.sharedAt !== null,
    updatedAt: draft.updatedAt.toISOString(),
  }
}

export async function draftView(tx: Tx, actor: Actor, id: string, today: string): Promise<DraftPage | null> {
  const draft = await visibleDraft(tx, actor, id)
  if (!draft) return null
  const result = await loadResult(tx, id, 'same-date')
  const own = draft.createdBy === actor.userId
  const mayChange = allows(actor, 'change', 'WhatIf', recordOf(draft))
  const open = draft.state === 'draft' || draft.state === 'approved' || draft.state === 'stale'
  const waits = draft.state === 'draft' || draft.state === 'stale'
  const moved =
    result !== null && waits
      ? movedSince(result, {
          stamp: await stampOf(tx, draft.onDate < today ? today : draft.onDate),
          version: draft.version,
        })
      : []
  const mayNot = !waits
    ? null
    : !mayChange
      ? 'no-permission'
      : result === null || result.version !== draft.version
        ? 'not-computed'
        : moved.length > 0
          ? 'moved'
          : own && result.summary.guards.length > 0
            ? draft.sharedAt === null
              ? 'not-shared'
              : 'own'
            : null
  return {
    ...rowOf(draft, actor),
    changes: draft.changes,
    people: result?.summary.total.people ?? null,
    version: draft.version,
    names: await namesOf(tx, draft.changes),
    timeline: timelineOf(draft),
    approvedHash: draft.approvedHash,
    carriedOut: draft.carriedOut,
    may: {
      change: mayChange && open,
      share: mayChange && own && draft.state === 'draft',
      approve: mayChange && waits && mayNot === null,
      withdraw: mayChange && open,
      apply: mayChange && draft.state === 'approved' && draft.onDate <= today,
    },
    mayNot,
  }
}

function timelineOf(draft: StoredDraft): DraftPage['timeline'] {
  const at = (what: DraftPage['timeline'][number]['what'], when: Date | null, by: string | null) =>
    when ? [{ what, at: when.toISOString(), by }] : []
  return [
    ...at('made', draft.createdAt, draft.createdBy),
    ...at('shared', draft.sharedAt, draft.createdBy),
    ...at('approved', draft.approvedAt, draft.approvedBy),
    ...(draft.held ? [{ what: 'held' as const, at: draft.held.at, by: null }] : []),
    ...(draft.state === 'applied' || draft.state === 'withdrawn'
      ? at(draft.state, draft.decidedAt, draft.decidedBy)
      : []),
  ]
}

/** Names of what the changes speak of; a unit that the draft makes has the name that it gives. */
async function namesOf(tx: Tx, changes: readonly DraftChange[]): Promise<DraftPage['names']> {
  const units = new Set<string>()
  const systems = new Set<string>()
  const entitlements = new Set<string>()
  const positions = new Set<string>()
  const made: Record<string, string> = {}
  for (const change of changes) {
    if ('unit' in change && change.unit !== null) units.add(change.unit)
    if ('parent' in change) units.add(change.parent)
    if ('into' in change) units.add(change.into)
    if (change.kind === 'unit-merge') for (const key of change.units) units.add(key)
    if (change.kind === 'unit-split')
      for (const part of change.parts) {
        units.add(part.into)
        for (const key of part.positions ?? []) positions.add(key)
      }
    if (change.kind === 'unit-map') for (const row of change.rows) units.add(row.from).add(row.to)
    if (change.kind === 'unit-create') made[change.unit] = change.name
    if (change.kind === 'system-close') systems.add(change.system)
    if (change.kind === 'entitlement-retire') entitlements.add(change.entitlement)
  }
  const rows = await tx.query<{ kind: keyof DraftPage['names']; key: string; name: string }>(
    `select 'units' as kind, u.key, c.name from org_unit u join org_unit_current c on c.unit_id = u.id
     where u.key = any($1) and not u.pay
     union all select 'systems', key, name from it_system where key = any($2)
     union all select 'entitlements', e.key, s.name || ': ' || e.name from entitlement e
       join it_system s on s.id = e.system_id where e.key = any($3)
     union all select 'positions', key, name from position where key = any($4)`,
    [[...units], [...systems], [...entitlements], [...positions]],
  )
  const of = (kind: string) => Object.fromEntries(rows.filter(row => row.kind === kind).map(row => [row.key, row.name]))
  return {
    ...{ units: { ...made, ...of('units') }, positions: of('positions') },
    ...{ systems: of('systems'), entitlements: of('entitlements') },
  }
}

/** The stored result with what has moved under it since. */
export async function resultView(
  tx: Tx,
  draft: StoredDraft,
  base: WhatIfBase,
  today: string,
): Promise<WhatIfResult | null> {
  const done = draft.state === 'applied' || draft.state === 'withdrawn'
  const result = await loadResult(tx, draft.id, base)
  if (!result) return null
  const stamp = await stampOf(tx, base === 'today' || draft.onDate < today ? today : draft.onDate)
  return {
    base,
    computedAt: result.computedAt.toISOString(),
    hash: result.hash,
    moved: done ? [] : movedSince(result, { stamp, version: draft.version }),
    ...withWithheld(result.summary),
  }
}

/** A result that was worked out before strict mode was seen ahead says nothing of it. */
function withWithheld(summary: StoredResult['summary']): StoredResult['summary'] {
  const { total, byUnit, bySystem, byCause } = summary
  return {
    ...summary,
    total: { ...NONE, ...total },
    byUnit: byUnit.map(one => ({ ...NONE, ...one })),
    bySystem: bySystem.map(one => ({ ...NONE, ...one })),
    byCause: byCause.map(one => ({ ...NONE, ...one })),
  }
}
const NONE = { withheld: 0 }

export type Narrowed = {
  base: WhatIfBase
  effect?: string | undefined
  unit?: string | undefined
  system?: string | undefined
  cause?: string | undefined
  text?: string | undefined
}

/** The differences of a draft that fit, as rows of `d`. */
function differences(q: Statement, draftId: string, { base, effect, unit, system, cause }: Narrowed): string {
  return `select * from what_if_difference where draft_id = ${q.bind(draftId, 'uuid')} and base = ${q.bind(base, 'text')}
    ${effect ? `and effect = ${q.bind(effect, 'text')}` : ''}
    ${unit ? `and coalesce(unit_after, unit_before) = ${q.bind(unit, 'text')}` : ''}
    ${system ? `and starts_with(entitlement, ${q.bind(`${system}/`, 'text')})` : ''}
    ${cause ? `and cause = ${q.bind(cause, 'text')}` : ''}`
}

type RightRow = {
  key: string
  name: string
  system: string
  effect: 'gain' | 'loss' | 'limit'
  cause: string
  withheldIn: string | null
  before: { on: string; values: string[] }[] | null
  after: { on: string; values: string[] }[] | null
}
type PersonRow = Omit<WhatIfPerson, 'gains' | 'losses' | 'limits'> & { rights: RightRow[]; total: number }

/** Person by person, by name. `hidden` counts employments whose person the reader may not see. */
export async function whatIfPeople(
  tx: Tx,
  actor: Actor,
  draftId: string,
  filter: Narrowed & { offset: number; limit: number },
): Promise<{ rows: WhatIfPerson[]; total: number; hidden: number }> {
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<PersonRow>(
    `with found as (${differences(q, draftId, filter)}), grouped as (
       select f.affiliation_id, f.person_id, f.unit_before, f.unit_after, f.carried, jsonb_agg(jsonb_build_object(
         'key', f.entitlement, 'name', coalesce(e.name, f.entitlement), 'system', coalesce(s.name, ''),
         'effect', f.effect, 'cause', f.cause, 'withheldIn', case when f.withheld then s.id end, 'before', f.limit_before, 'after', f.limit_after)
         order by s.name ${DANISH}, e.name ${DANISH}) as rights
       from found f left join entitlement e on e.key = f.entitlement left join it_system s on s.id = e.system_id
       group by 1, 2, 3, 4, 5)
     select g.affiliation_id as "affiliationId", ${personRefSql('p', may.name('p'))} as person, ac.title,
       coalesce(ub.name, g.unit_before) as unit,
       case when g.unit_after is distinct from g.unit_before then coalesce(ua.name, g.unit_after) end as "newUnit",
       g.carried, g.rights, count(*) over ()::int as total
     from grouped g join person_current p on p.person_id = g.person_id
     left join affiliation_current ac on ac.affiliation_id = g.affiliation_id
     left join (select key, name from org_unit_current where tree <> 'pay') ub on ub.key = g.unit_before
     left join (select key, name from org_unit_current where tree <> 'pay') ua on ua.key = g.unit_after
     where ${may.person('p')} ${filter.text ? `and p.search like ${q.bind(containing(fold(filter.text)), 'text')}` : ''}
     order by p.name ${DANISH}, g.affiliation_id limit ${q.bind(filter.limit, 'int')} offset ${q.bind(filter.offset, 'int')}`,
    q.params,
  )
  const total = rows[0]?.total ?? 0
  const all = statement()
  const [count] = filter.text
    ? [{ n: total }]
    : await tx.query<{ n: number }>(
        `select count(distinct affiliation_id)::int as n from (${differences(all, draftId, filter)}) f`,
        all.params,
      )
  return {
    rows: rows.map(({ rights, total: _, ...row }) => {
      return {
        ...row,
        gains: rights
          .filter(one => one.effect === 'gain')
          .map(({ key, name, system, cause, withheldIn }) => ({ key, name, system, cause, withheldIn })),
        losses: rights
          .filter(one => one.effect === 'loss')
          .map(({ key, name, system, cause }) => ({ key, name, system, cause })),
        limits: rights
          .filter(one => one.effect === 'limit')
          .map(({ key, name, system, cause, before, after }) => ({
            ...{ key, name, system, cause, before: limitText(before), after: limitText(after) },
          })),
      }
    }),
    total,
    hidden: Math.max(0, (count?.n ?? 0) - total),
  }
}

/** Limits as one line: of many values the first, and how many more. */
export function limitText(limits: { on: string; values: string[] }[] | null): string {
  return (limits ?? [])
    .map(
      ({ on, values }) => `${on}: ${values.slice(0, 3).join(', ')}${values.length > 3 ? ` +${values.length - 3}` : ''}`,
    )
    .join('; ')
}

/** The two results beside each other, right by right: first what only one of them does. */
export async function compareView(
  tx: Tx,
  actor: Actor,
  [one, other]: readonly [string, string],
  { base, offset, limit }: { base: WhatIfBase; offset: number; limit: number },
) {
  const q = statement()
  const may = visibleTo(actor, q)
  const side = (id: string) =>
    `select affiliation_id, person_id, entitlement, effect, limit_after from what_if_difference
     where draft_id = ${q.bind(id, 'uuid')} and base = ${q.bind(base, 'text')}`
  const both = `select coalesce(a.person_id, b.person_id) as person_id,
      coalesce(a.affiliation_id, b.affiliation_id) as affiliation_id, coalesce(a.entitlement, b.entitlement) as entitlement,
      a.effect as one, b.effect as other, (a.effect, a.limit_after) is not distinct from (b.effect, b.limit_after) as same
    from (${side(one)}) a full join (${side(other)}) b
      on b.affiliation_id = a.affiliation_id and b.entitlement = a.entitlement`
  const person = may.person('p')
  const shown = personRefSql('p', may.name('p'))
  type Row = {
    person: WhatIfPerson['person'] | null
    entitlement: string
    name: string
    one: 'gain' | 'loss' | 'limit' | null
    other: 'gain' | 'loss' | 'limit' | null
  }
  const rows = await tx.query<Row>(
    `with both_sides as (${both})
     select case when ${person} then ${shown} end as person, x.entitlement, coalesce(e.name, x.entitlement) as name,
       x.one, x.other
     from both_sides x join person_current p on p.person_id = x.person_id left join entitlement e on e.key = x.entitlement
     where not x.same order by p.name ${DANISH}, x.affiliation_id, x.entitlement
     limit ${q.bind(limit, 'int')} offset ${q.bind(offset, 'int')}`,
    q.params,
  )
  const [counts] = await tx.query<{ same: number; onlyOne: number; onlyOther: number; opposite: number }>(
    `with a as (select * from what_if_difference where draft_id = $1 and base = $3),
       b as (select * from what_if_difference where draft_id = $2 and base = $3)
     select count(*) filter (where (a.effect, a.limit_after) is not distinct from (b.effect, b.limit_after))::int as same,
       count(*) filter (where b.effect is null)::int as "onlyOne",
       count(*) filter (where a.effect is null)::int as "onlyOther",
       count(*) filter (where a.effect is not null and b.effect is not null
         and (a.effect, a.limit_after) is distinct from (b.effect, b.limit_after))::int as opposite
     from a full join b on b.affiliation_id = a.affiliation_id and b.entitlement = a.entitlement`,
    [one, other, base],
  )
  const counted = counts ?? { same: 0, onlyOne: 0, onlyOther: 0, opposite: 0 }
  return { rows, counts: counted, total: counted.onlyOne + counted.onlyOther + counted.opposite }
}
