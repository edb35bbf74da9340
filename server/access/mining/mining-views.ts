import type { MiningRunPage, MiningRunRow, ProposalRow, ProposalState } from '#contract/mining.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, can, sqlFor } from '../../policy/policy.ts'
import { DANISH } from '../visible.ts'
import { type RunResult, type StoredRun, stateSql } from './mining-store.ts'
import { scopeOf, structureOf } from './propose-roles.ts'

type Page = { offset: number; limit: number }
type Row = Omit<StoredRun, 'systemId'> & {
  systemId: string | null
  startedAt: Date
  endedAt: Date | null
  scopeName: string | null
  open: number
  accepted: number
  rejected: number
}

const columns = (r: string) => ({ systemId: { sql: `${r}.system_id`, type: 'uuid' as const } })
export const visibleRuns = (actor: Actor, q: Statement, r: string) =>
  q.use(startAt => sqlFor(actor, 'read', 'Mining', columns(r), { startAt }))

const RUN = `r.id, r.scope_kind as "scopeKind", r.scope_key as "scopeKey", r.system_id as "systemId", r.aim, r.options,
  ${stateSql('r')} as state, r.started_by as "startedBy", r.started_at as "startedAt", r.ended_at as "endedAt",
  case r.scope_kind when 'area' then r.scope_key
    when 'unit' then (select name from org_unit_current where unit_id::text = r.scope_key)
    when 'system' then (select name from it_system where id = r.system_id) end as "scopeName",
  n.open, n.accepted, n.rejected`
const COUNTS = `left join lateral (select (count(*) filter (where state = 'open'))::int as open,
    (count(*) filter (where state = 'accepted'))::int as accepted,
    (count(*) filter (where state = 'rejected'))::int as rejected from mining_proposal where run_id = r.id) n on true`

/** `startedBy` is the user's id; the route names it. */
const rowOf = (row: Row): MiningRunRow => ({
  ...{ id: row.id, scope: scopeOf(row.scopeKind, row.scopeKey), scopeName: row.scopeName, aim: row.aim },
  ...{ options: row.options, state: row.state, startedBy: row.startedBy, startedAt: row.startedAt.toISOString() },
  endedAt: row.endedAt?.toISOString() ?? null,
  proposals: { open: row.open, accepted: row.accepted, rejected: row.rejected },
})

export async function runsView(tx: Tx, actor: Actor, page: Page) {
  const q = statement()
  const rows = await tx.query<Row & { total: number }>(
    `select ${RUN}, count(*) over ()::int as total from mining_run r ${COUNTS} where ${visibleRuns(actor, q, 'r')}
     order by r.started_at desc, r.id limit ${q.bind(page.limit, 'int')} offset ${q.bind(page.offset, 'int')}`,
    q.params,
  )
  const start: 'all' | 'own' | 'no' = allows(actor, 'change', 'Mining', { systemId: null })
    ? 'all'
    : can(actor, 'mining.run')
      ? 'own'
      : 'no'
  return { rows: rows.map(rowOf), total: rows[0]?.total ?? 0, may: { start } }
}

/** Where a search may be about: what there is, as far as the actor may search it. */
export async function scopesView(tx: Tx, actor: Actor) {
  const all = allows(actor, 'change', 'Mining', { systemId: null })
  const q = statement()
  const own = q.use(startAt =>
    sqlFor(actor, 'change', 'Mining', { systemId: { sql: 's.id', type: 'uuid' } }, { startAt }),
  )
  const systems = await tx.query<{ id: string; name: string; rights: number }>(
    `select s.id, s.name, count(*)::int as rights from it_system s join entitlement e on e.system_id = s.id
     where s.gone_at is null and e.gone_at is null and ${own}
       and exists (select from observed_right o where o.entitlement_id = e.id)
     group by s.id, s.name order by s.name ${DANISH}`,
    q.params,
  )
  if (!all) return { all, units: [], areas: [], systems }
  const units = await tx.query<{ id: string; name: string; level: number; people: number }>(
    `select u.unit_id as id, u.name, u.level, count(p.person_id)::int as people from org_unit_current u
     join person_current p on p.kind = 'employee' and p.status = 'active' and u.unit_id = any(p.unit_path)
     where u.active and u.tree in ('admin', 'school') group by u.unit_id, u.name, u.level, u.path_keys
     order by u.path_keys`,
  )
  const areas = await tx.query<{ area: string; systems: number }>(
    `select area, count(*)::int as systems from it_system where gone_at is null and area is not null
     group by area order by area ${DANISH}`,
  )
  return { all, units, areas, systems }
}

type Filter = Page & { state?: ProposalState | undefined }

/** A run with a page of its proposals; null: not there, or not for this actor. */
export async function runView(tx: Tx, actor: Actor, id: string, filter: Filter): Promise<MiningRunPage | null> {
  const q = statement()
  const [row] = await tx.query<
    Row & { progress: MiningRunPage['progress']; matrix: MiningRunPage['matrix']; result: RunResult | null }
  >(
    `select ${RUN}, r.progress, r.matrix, r.result from mining_run r ${COUNTS}
     where r.id = ${q.bind(id, 'uuid')} and ${visibleRuns(actor, q, 'r')}`,
    q.params,
  )
  if (!row) return null
  const { proposals, total } = await proposalsOf(tx, id, filter)
  const run = allows(actor, 'change', 'Mining', { systemId: row.systemId })
  return {
    run: rowOf(row),
    progress: row.state === 'running' ? row.progress : null,
    matrix: row.matrix,
    result: row.result && (await resultOf(tx, row.result)),
    ...{ proposals, total },
    may: { run, accept: run && can(actor, 'rule.change') && can(actor, 'what-if.change') },
  }
}

async function resultOf(tx: Tx, result: RunResult): Promise<NonNullable<MiningRunPage['result']>> {
  const { roles, complexity, fewest, left, held, rejectedBefore, deviation } = result
  const named =
    deviation.length === 0
      ? []
      : await tx.query<{ entitlement: string; name: string; system: string; people: number }>(
          `select e.id as entitlement, e.name, s.name as system, d.people
           from jsonb_to_recordset($1::jsonb) as d (entitlement uuid, people int) join entitlement e on e.id = d.entitlement
           join it_system s on s.id = e.system_id order by d.people desc, s.name ${DANISH}, e.name ${DANISH}`,
          [JSON.stringify(deviation)],
        )
  return {
    ...{ roles, complexity, fewest, left, rejectedBefore, direct: held, deviation: named },
    structure: structureOf(result),
  }
}

const SENSITIVITIES = `array['none', 'personal', 'confidential', 'special', 'criminal']`

type ProposalSql = Omit<ProposalRow, 'description'> & Described & { total: number }
export type Described = {
  unitKey: string | null
  unitName: string | null
  positionKey: string | null
  positionName: string | null
}
/** SQL of a proposal's description over `mp`; a unit that is gone goes by its key. */
export const DESCRIBED = `mp.unit_key as "unitKey", (select u.name from org_unit_current u where u.key = mp.unit_key and u.tree <> 'pay' limit 1) as "unitName",
  mp.position_key as "positionKey", (select name from position where key = mp.position_key) as "positionName"`
export const describe = (row: Described): ProposalRow['description'] => ({
  unit: row.unitKey === null ? null : { key: row.unitKey, name: row.unitName ?? row.unitKey },
  position: row.positionKey === null ? null : { key: row.positionKey, name: row.positionName ?? row.positionKey },
})

async function proposalsOf(tx: Tx, runId: string, { state, offset, limit }: Filter) {
  const rows = await tx.query<ProposalSql>(
    `select mp.nr, mp.state, mp.name, cardinality(mp.rights) as rights, cardinality(mp.holders) as holders, mp.hits, mp.meets,
       mp.newly, ${DESCRIBED}, coalesce(k.systems, 0) as systems, coalesce(k.privileged, false) as privileged,
       (${SENSITIVITIES})[coalesce(k.sensitivity, 1)] as sensitivity, mp.total
     from (select *, count(*) over ()::int as total from mining_proposal
       where run_id = $1 and ($2::text is null or state = $2)
       order by cardinality(holders) * cardinality(rights) desc, nr limit $3 offset $4) mp
     left join lateral (select count(distinct e.system_id)::int as systems, bool_or(e.privileged) as privileged,
         max(array_position(${SENSITIVITIES}, e.sensitivity)) as sensitivity
       from entitlement e where e.id = any(mp.rights)) k on true
     order by cardinality(mp.holders) * cardinality(mp.rights) desc, mp.nr`,
    [runId, state ?? null, limit, offset],
  )
  return {
    total: rows[0]?.total ?? 0,
    proposals: rows.map(
      ({ total: _, unitKey, unitName, positionKey, positionName, ...row }): ProposalRow => ({
        ...row,
        description: describe({ unitKey, unitName, positionKey, positionName }),
      }),
    ),
  }
}
