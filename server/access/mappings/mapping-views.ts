import type { z } from 'zod'
import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { mappingIssue } from '#contract/lists.ts'
import type { listMappingChanges, listMappingConflicts, listMappings } from '#contract/mappings.ts'
import { fold } from '../../platform/fold.ts'
import { searchWords, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, can } from '../../policy/policy.ts'
import { describeMappings, issuesOf, type NamedGroup } from '../../systems/mappings/describe-mappings.ts'
import type { CarriedStep } from '../../systems/mappings/mapping-step.ts'
import { visibleTo } from '../visible.ts'
import { OPEN_GROUP } from './proposal-store.ts'

type Page = ResponseOf<typeof listMappings>
type Issue = z.output<typeof mappingIssue>
type Stored = {
  id: string
  source: string
  pattern: string
  entitlement: string
  origin: 'file' | 'screen'
  off: boolean
  changedAt: Date | null
  changedBy: string | null
}

const readMappings = (tx: Tx): Promise<Stored[]> =>
  tx.query(
    `select id, source, pattern, entitlement, origin, off_at is not null as off, changed_at as "changedAt",
       changed_by as "changedBy" from group_mapping where off_at is null or origin = 'file' order by position, id`,
  )

/** All mappings in force with what they catch; the names of groups decide, so they are read as a whole. */
async function describe(tx: Tx, mappings: readonly Stored[]) {
  const groups = await tx.query<NamedGroup>('select id, source, name from directory_group where gone_at is null')
  const known = await tx.query<{ key: string }>('select key from entitlement where gone_at is null')
  const inForce = mappings.filter(one => !one.off)
  return describeMappings(groups, inForce, new Set(known.map(row => row.key)))
}

/** Mappings in the order in which they are asked, with what they catch. Five statements. */
export async function mappingsView(tx: Tx, actor: Actor, query: QueryOf<typeof listMappings>): Promise<Page> {
  const stored = await readMappings(tx)
  const { facts } = await describe(tx, stored)
  const words = searchWords(query.text ?? '')
  const all = stored.map(mapping => ({
    ...mapping,
    caught: facts.get(mapping.id)?.caught ?? 0,
    issues: mapping.off ? [] : issuesOf(facts.get(mapping.id)!),
  }))
  const found = all.filter(
    one =>
      (!query.issue || one.issues.includes(query.issue)) &&
      (!query.origin || one.origin === query.origin) &&
      words.every(word => fold(`${one.source} ${one.pattern} ${one.entitlement}`).includes(word)),
  )
  const page = found.slice(query.offset, query.offset + query.limit)
  const counts = await countsOf(
    tx,
    actor,
    page.map(row => row.id),
  )
  const [more] = await tx.query<{ unmapped: number; sources: string[] }>(
    `select (select count(*)::int from directory_group g where ${OPEN_GROUP}) as unmapped,
       array(select distinct source from directory_group where gone_at is null order by source) as sources`,
  )
  const issues = { 'catches-nothing': 0, shadowed: 0, conflict: 0, 'unknown-right': 0 } satisfies Record<Issue, number>
  for (const one of all) for (const issue of one.issues) issues[issue]++
  return {
    rows: page.map(row => ({
      ...row,
      groups: counts.get(row.id)?.groups ?? 0,
      holders: counts.get(row.id)?.holders ?? 0,
      changedAt: row.changedAt?.toISOString() ?? null,
    })),
    total: found.length,
    unmappedGroups: more?.unmapped ?? 0,
    issues,
    sources: more?.sources ?? [],
    allowed: { change: can(actor, 'mapping.change') && allows(actor, 'change', 'Mapping', { systemId: null }) },
  }
}

async function countsOf(tx: Tx, actor: Actor, ids: readonly string[]) {
  const q = statement()
  const rows = await tx.query<{ id: string; groups: number; holders: number }>(
    `select m.id, (select count(*)::int from group_entitlement ge where ge.mapping_id = m.id) as groups,
       (select count(distinct o.account_id)::int from group_entitlement ge
        join observed_right o on o.entitlement_id = ge.entitlement_id and o.via[cardinality(o.via)] = ge.group_id
        join account acc on acc.id = o.account_id left join person_current p on p.person_id = acc.person_id
        where ge.mapping_id = m.id and ${visibleTo(actor, q).account('acc', 'p')}) as holders
     from group_mapping m where m.id = any(${q.bind(ids, 'uuid[]')})`,
    q.params,
  )
  return new Map(rows.map(row => [row.id, row]))
}

export async function conflictsView(
  tx: Tx,
  query: QueryOf<typeof listMappingConflicts>,
): Promise<ResponseOf<typeof listMappingConflicts>> {
  const { conflicts } = await describe(tx, await readMappings(tx))
  const found = conflicts.filter(
    one => !query.mapping || one.wins.mapping.id === query.mapping || one.loses.mapping.id === query.mapping,
  )
  const side = ({ mapping, entitlement }: (typeof conflicts)[number]['wins']) => ({
    mapping: mapping.id,
    pattern: mapping.pattern,
    entitlement: entitlement ?? mapping.entitlement,
  })
  return {
    rows: found
      .slice(query.offset, query.offset + query.limit)
      .map(one => ({ group: one.group, system: one.system, wins: side(one.wins), loses: side(one.loses) })),
    total: found.length,
  }
}

type Change = ResponseOf<typeof listMappingChanges>['rows'][number]
const STEPS = 10

/** Changes that wait, oldest first, and the thirty that were made last. */
export async function mappingChangesView(tx: Tx, actor: Actor): Promise<{ rows: Change[] }> {
  type Row = Omit<Change, 'createdAt' | 'decidedAt' | 'steps' | 'stepCount' | 'own' | 'allowed'> & {
    createdAt: Date
    decidedAt: Date | null
    steps: CarriedStep[]
  }
  const columns = `id, state, created_at as "createdAt", created_by as "createdBy", decided_at as "decidedAt",
    decided_by as "decidedBy", reason, counts, steps, undoes`
  const rows = await tx.query<Row>(
    `(select ${columns} from mapping_change where state = 'held' order by created_at)
     union all (select ${columns} from mapping_change where state <> 'held' order by created_at desc limit 30)`,
  )
  const shown = rows.flatMap(row => row.steps.slice(0, STEPS))
  const ids = shown.flatMap(step =>
    [
      'group' in step ? step.group : null,
      'mapping' in step ? step.mapping : null,
      step.do === 'map' ? step.entitlement : null,
    ].filter(id => id !== null),
  )
  const names = await tx.query<{ id: string; name: string; gives: string | null }>(
    `select id, name, null as gives from directory_group where id = any($1)
     union all select id, key, null from entitlement where id = any($1)
     union all select id, pattern, entitlement from group_mapping where id = any($1)`,
    [ids],
  )
  const byId = new Map(names.map(row => [row.id, row]))
  const inWords = (step: CarriedStep): Change['steps'][number] => {
    if (step.do === 'add') return { do: step.do, what: step.pattern, gives: step.entitlement }
    const what = byId.get('group' in step ? step.group : step.mapping)
    if (step.do === 'change') {
      const [from, to] = [what?.name ?? '', step.pattern]
      const same = from === to && what?.gives === step.entitlement
      return { do: same ? 'move' : step.do, what: from === to ? to : `${from} → ${to}`, gives: step.entitlement }
    }
    if (step.do === 'map')
      return { do: step.do, what: what?.name ?? '', gives: byId.get(step.entitlement)?.name ?? null }
    return { do: step.do, what: what?.name ?? '', gives: what?.gives ?? null }
  }
  const all = allows(actor, 'change', 'Mapping', { systemId: null })
  return {
    rows: rows.map(row => {
      const own = row.createdBy === actor.userId
      return {
        ...row,
        createdAt: row.createdAt.toISOString(),
        decidedAt: row.decidedAt?.toISOString() ?? null,
        steps: row.steps.slice(0, STEPS).map(inWords),
        stepCount: row.steps.length,
        own,
        allowed: {
          approve: all && !own && row.state === 'held',
          undo: (all || (own && can(actor, 'mapping.change'))) && row.state === 'applied',
        },
      }
    }),
  }
}
