import type { MappingStep } from '#contract/mappings.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { mappingProblems } from '../group-mapping.ts'

export type StoredMapping = {
  id: string
  source: string
  pattern: string
  entitlement: string
  origin: 'file' | 'screen'
  off: boolean
}
export type Pattern = { source: string; pattern: string }
/** What the steps were about: the groups, rights and mappings that they name. */
export type Named = {
  groups: ReadonlyMap<string, { id: string; source: string; name: string; gives: boolean }>
  rights: ReadonlyMap<string, { id: string; key: string; systemId: string; gone: boolean }>
  mappings: ReadonlyMap<string, StoredMapping>
  /** Systems by key of right, for mappings. */
  systems: ReadonlyMap<string, string>
}

const ids = <Do extends MappingStep['do']>(steps: readonly MappingStep[], ...wanted: Do[]) =>
  steps.filter((step): step is Extract<MappingStep, { do: Do }> => (wanted as string[]).includes(step.do))

/** Reads what steps name. Throws `not-found` for what is not there. */
export async function loadNamed(tx: Tx, steps: readonly MappingStep[]): Promise<Named> {
  const groupIds = ids(steps, 'map', 'not-right', 'reopen').map(step => step.group)
  const groups = await tx.query<{ id: string; source: string; name: string; gives: boolean }>(
    `select g.id, g.source, g.name, exists (select from group_entitlement ge where ge.group_id = g.id) as gives
     from directory_group g where g.id = any($1) and g.gone_at is null`,
    [groupIds],
  )
  const mappings = await tx.query<StoredMapping>(
    `select id, source, pattern, entitlement, origin, off_at is not null as off from group_mapping where id = any($1)`,
    [ids(steps, 'remove', 'restore').map(step => step.mapping)],
  )
  const rights = await tx.query<{ id: string; key: string; systemId: string; gone: boolean }>(
    `select id, key, system_id as "systemId", gone_at is not null as gone from entitlement where id = any($1) or key = any($2)`,
    [
      ids(steps, 'map').map(step => step.entitlement),
      [...ids(steps, 'add').map(step => step.entitlement), ...mappings.map(one => one.entitlement)],
    ],
  )
  const named: Named = {
    groups: new Map(groups.map(row => [row.id, row])),
    rights: new Map(rights.map(row => [row.id, row])),
    mappings: new Map(mappings.map(row => [row.id, row])),
    systems: new Map(rights.map(row => [row.key, row.systemId])),
  }
  for (const step of steps) {
    if ('group' in step && !named.groups.has(step.group)) throw problem('not-found')
    if ('mapping' in step && !named.mappings.has(step.mapping)) throw problem('not-found')
    if (step.do === 'map' && named.rights.get(step.entitlement)?.gone !== false) throw problem('not-found')
  }
  return named
}

/** The system whose rights a step is about; null where it is not one system alone. */
export function systemOfStep(step: MappingStep, named: Named): string | null {
  if (step.do === 'map') return named.rights.get(step.entitlement)?.systemId ?? null
  if (step.do === 'remove' || step.do === 'restore')
    return named.systems.get(named.mappings.get(step.mapping)?.entitlement ?? '') ?? null
  return null
}

type Put = { source: string; pattern: string; entitlement: string; place: 'first' | 'last' }
const stale = () =>
  problem('conflict', { detail: 'Somebody has changed these mappings in the meantime. Look at them again.' })

/**
 * Writes the steps. Answers what takes them back and whose groups must be mapped again. A mapping is never deleted here,
 * only taken out of force: what a file declares would be back with its next import, and the change would have no before.
 * Throws `mapping-invalid`, or `conflict` where a step does not fit what is stored.
 */
export async function writeSteps(
  tx: Tx,
  steps: readonly MappingStep[],
  named: Named,
  who: { by: string; now: Date },
): Promise<{ undo: MappingStep[]; touched: Pattern[] }> {
  const puts = steps.flatMap((step): Put[] => {
    if (step.do === 'add') return [step]
    if (step.do !== 'map') return []
    const { source, name } = named.groups.get(step.group)!
    return [{ source, pattern: name, entitlement: named.rights.get(step.entitlement)!.key, place: 'first' }]
  })
  await checkPuts(tx, puts, named)
  const made = await putMappings(tx, puts, who)
  const undo: MappingStep[] = made.map(mapping => ({ do: 'remove', mapping }))
  const switched: Pattern[] = []
  for (const [what, back] of [
    ['remove', 'restore'],
    ['restore', 'remove'],
  ] as const) {
    const wanted = [...new Set(ids(steps, what).map(step => step.mapping))]
    if (wanted.length === 0) continue
    const done = await tx.query<{ id: string; source: string; pattern: string }>(
      `update group_mapping set off_at = ${what === 'remove' ? '$2::timestamptz' : 'null'}, changed_at = $2, changed_by = $3
       where id = any($1) and off_at is ${what === 'remove' ? '' : 'not'} null returning id, source, pattern`,
      [wanted, who.now, who.by],
    )
    if (done.length < wanted.length) throw stale()
    undo.push(...done.map(({ id }): MappingStep => ({ do: back, mapping: id })))
    switched.push(...done)
  }
  undo.push(...(await setAside(tx, ids(steps, 'not-right'), named, who)), ...(await reopen(tx, ids(steps, 'reopen'))))
  return { undo: undo.reverse(), touched: [...puts, ...switched].map(({ source, pattern }) => ({ source, pattern })) }
}

async function checkPuts(tx: Tx, puts: readonly Put[], named: Named): Promise<void> {
  const text = ({ source, pattern, entitlement }: Put) => JSON.stringify([source, pattern, entitlement])
  if (new Set(puts.map(text)).size < puts.length)
    throw problem('mapping-invalid', { detail: 'The same mapping stands twice. Take one of them out.' })
  for (const put of puts) {
    const [wrong] = mappingProblems(put.pattern, put.entitlement)
    if (wrong)
      throw problem('mapping-invalid', {
        detail:
          wrong === 'mapping-unknown-star'
            ? 'The right uses a star that the pattern does not have; {1} is the first "*".'
            : 'A right is written system/right, with the system in small letters.',
        errors: [{ where: 'entitlement', what: wrong }],
      })
    if (!put.entitlement.includes('{') && !named.systems.has(put.entitlement))
      throw problem('mapping-invalid', {
        detail: 'No system has this right. Choose one from the list, or create it on the page of its system.',
        errors: [{ where: 'entitlement', what: 'entitlement-unknown' }],
      })
  }
  const sources = [...new Set(puts.map(put => put.source))]
  const known = await tx.query<{ source: string }>(
    'select key as source from source where key = any($1) union select source from directory_group where source = any($1)',
    [sources],
  )
  if (known.length < sources.length)
    throw problem('mapping-invalid', {
      detail: 'There is no such source.',
      errors: [{ where: 'source', what: 'source-unknown' }],
    })
}

/** Positions of the screen lie before and after those of files, whatever these count. */
const AFTER_FILES = 1_000_000

async function putMappings(tx: Tx, puts: readonly Put[], { by, now }: { by: string; now: Date }): Promise<string[]> {
  if (puts.length === 0) return []
  const rows = await tx.query<{ id: string }>(
    `with edge as (select least(0, min(position)) as low, greatest(${AFTER_FILES}, max(position)) as high from group_mapping)
     insert into group_mapping as m (source, pattern, entitlement, position, origin, changed_at, changed_by)
     select source, pattern, entitlement,
       case place when 'first' then coalesce(e.low, 0) - $4::int + n::int else coalesce(e.high, ${AFTER_FILES}) + n::int end - 1,
       'screen', $2, $3
     from edge e cross join rows from (jsonb_to_recordset($1::jsonb) as (source text, pattern text, entitlement text, place text))
       with ordinality as w (source, pattern, entitlement, place, n)
     -- One that was taken out and is wanted again is the same mapping; a file's stays the file's, in its place.
     on conflict (source, pattern, entitlement) do update set off_at = null, changed_at = excluded.changed_at,
       changed_by = excluded.changed_by,
       position = case when m.origin = 'file' then m.position else excluded.position end
       where m.off_at is not null
     returning id`,
    [JSON.stringify(puts), now, by, puts.length],
  )
  if (rows.length < puts.length)
    throw problem('conflict', { detail: 'This mapping exists already. Look at the list of mappings again.' })
  return rows.map(row => row.id)
}

async function setAside(
  tx: Tx,
  steps: readonly Extract<MappingStep, { do: 'not-right' }>[],
  named: Named,
  { by, now }: { by: string; now: Date },
): Promise<MappingStep[]> {
  if (steps.length === 0) return []
  if (steps.some(step => named.groups.get(step.group)?.gives))
    throw problem('conflict', { detail: 'The group gives a right already. Remove that mapping first.' })
  const rows = await tx.query<{ group_id: string }>(
    `insert into group_not_right (group_id, reason, decided_at, decided_by)
     select "group", reason, $2, $3 from jsonb_to_recordset($1::jsonb) as w("group" uuid, reason text)
     on conflict do nothing returning group_id`,
    [JSON.stringify(steps), now, by],
  )
  if (rows.length < steps.length) throw stale()
  return rows.map(row => ({ do: 'reopen', group: row.group_id }))
}

async function reopen(tx: Tx, steps: readonly Extract<MappingStep, { do: 'reopen' }>[]): Promise<MappingStep[]> {
  if (steps.length === 0) return []
  const rows = await tx.query<{ group_id: string; reason: string }>(
    'delete from group_not_right where group_id = any($1) returning group_id, reason',
    [steps.map(step => step.group)],
  )
  if (rows.length < steps.length) throw stale()
  return rows.map(row => ({ do: 'not-right', group: row.group_id, reason: row.reason }))
}
