import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { type CarriedStep, stepsOf } from './mapping-step.ts'
import { checkPuts, moveMappings, type Put, placeBack, putMappings, stale, standingOf } from './put-mappings.ts'

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

/** Reads what steps name. Throws `not-found` for what is not there. */
export async function loadNamed(tx: Tx, steps: readonly CarriedStep[]): Promise<Named> {
  const groupIds = stepsOf(steps, 'map', 'not-right', 'reopen').map(step => step.group)
  const groups = await tx.query<{ id: string; source: string; name: string; gives: boolean }>(
    `select g.id, g.source, g.name, exists (select from group_entitlement ge where ge.group_id = g.id) as gives
     from directory_group g where g.id = any($1) and g.gone_at is null`,
    [groupIds],
  )
  const mappings = await tx.query<StoredMapping>(
    `select id, source, pattern, entitlement, origin, off_at is not null as off from group_mapping where id = any($1)`,
    [stepsOf(steps, 'remove', 'restore', 'change', 'place-back').map(step => step.mapping)],
  )
  const rights = await tx.query<{ id: string; key: string; systemId: string; gone: boolean }>(
    `select id, key, system_id as "systemId", gone_at is not null as gone from entitlement where id = any($1) or key = any($2)`,
    [
      stepsOf(steps, 'map').map(step => step.entitlement),
      [...stepsOf(steps, 'add', 'change').map(step => step.entitlement), ...mappings.map(one => one.entitlement)],
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
export function systemOfStep(step: CarriedStep, named: Named): string | null {
  if (step.do === 'map') return named.rights.get(step.entitlement)?.systemId ?? null
  if (step.do === 'remove' || step.do === 'restore')
    return named.systems.get(named.mappings.get(step.mapping)?.entitlement ?? '') ?? null
  return null
}

/**
 * Writes the steps. Answers what takes them back and whose groups must be mapped again. A mapping is never deleted here,
 * only taken out of force: what a file declares would be back with its next import, and the change would have no before.
 * What goes makes room before anything comes. Throws `mapping-invalid`, or `conflict` where a step does not fit what is
 * stored.
 */
export async function writeSteps(
  tx: Tx,
  steps: readonly CarriedStep[],
  named: Named,
  who: { by: string; now: Date },
): Promise<{ undo: CarriedStep[]; touched: Pattern[] }> {
  const changes = stepsOf(steps, 'change').map(step => ({ step, old: named.mappings.get(step.mapping)! }))
  const [moved, replaced] = [changes.filter(isOnlyMoved), changes.filter(one => !isOnlyMoved(one))]
  if (moved.some(one => one.step.place === 'keep'))
    throw problem('mapping-invalid', {
      detail: 'Nothing about this mapping is different.',
      errors: [{ where: 'pattern', what: 'mapping-unchanged' }],
    })
  const removes = new Set(stepsOf(steps, 'remove').map(step => step.mapping))
  const goes = [...removes, ...changes.map(one => one.step.mapping)]
  if (new Set(goes).size < goes.length || moved.some(one => one.old.off)) throw stale()

  const puts = steps.flatMap((step): Put[] => {
    if (step.do === 'add') return [step]
    if (step.do === 'change') return replaced.some(one => one.step === step) ? [putOf(step)] : []
    if (step.do !== 'map') return []
    const { source, name } = named.groups.get(step.group)!
    return [{ source, pattern: name, entitlement: named.rights.get(step.entitlement)!.key, place: 'first' }]
  })
  await checkPuts(tx, puts, named.systems)
  const before = await standingOf(tx, [...named.mappings.keys()], puts)

  const off = [...removes, ...replaced.map(one => one.step.mapping)]
  const gone = await turn(tx, 'off', off, who)
  const made = await putMappings(tx, puts, who)
  const back = await turn(
    tx,
    'on',
    stepsOf(steps, 'restore').map(step => step.mapping),
    who,
  )
  await moveMappings(
    tx,
    [
      ...moved.map(({ step }) => ({
        mapping: step.mapping,
        to: step.place === 'first' ? step.place : ('last' as const),
      })),
      // What was taken out before, and a file's above all, comes back where it stood and not where it is wanted.
      ...replaced.flatMap(({ step, old }) => {
        const mapping = made[puts.findIndex(put => sameMapping(put, step))]!
        const to = step.place === 'keep' ? (before.get(old.id)?.position ?? 'last') : step.place
        return step.place === 'keep' || before.has(mapping) ? [{ mapping, to }] : []
      }),
    ],
    who,
  )
  const placed = stepsOf(steps, 'place-back')
  await placeBack(tx, placed, who)

  const after = await standingOf(tx, [...before.keys()], [])
  const undo: CarriedStep[] = [
    ...made.map((mapping): CarriedStep => ({ do: 'remove', mapping })),
    ...gone.map(({ id }): CarriedStep => ({ do: 'restore', mapping: id })),
    ...back.map(({ id }): CarriedStep => ({ do: 'remove', mapping: id })),
    ...[...before].flatMap(([mapping, was]): CarriedStep[] => {
      const is = after.get(mapping)
      if (!is || (is.position === was.position && is.origin === was.origin)) return []
      return [{ do: 'place-back', mapping, from: is.position, ...was }]
    }),
    ...(await setAside(tx, stepsOf(steps, 'not-right'), named, who)),
    ...(await reopen(tx, stepsOf(steps, 'reopen'))),
  ]
  const elsewhere = [...moved.map(one => one.old), ...placed.map(step => named.mappings.get(step.mapping)!)]
  return {
    undo: undo.reverse(),
    touched: [...puts, ...gone, ...back, ...elsewhere].map(({ source, pattern }) => ({ source, pattern })),
  }
}

type Change = { step: Extract<CarriedStep, { do: 'change' }>; old: StoredMapping }
const sameMapping = (one: Omit<Put, 'place'>, other: Omit<Put, 'place'>) =>
  one.source === other.source && one.pattern === other.pattern && one.entitlement === other.entitlement
const isOnlyMoved = ({ step, old }: Change) => sameMapping(step, old)
const putOf = ({ source, pattern, entitlement, place }: Change['step']): Put => ({
  ...{ source, pattern, entitlement },
  place: place === 'first' ? 'first' : 'last',
})

/** Takes mappings out of force, or back into it. Throws `conflict` where one is so already. */
async function turn(
  tx: Tx,
  to: 'on' | 'off',
  ids: readonly string[],
  { by, now }: { by: string; now: Date },
): Promise<(Pattern & { id: string })[]> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return []
  const done = await tx.query<Pattern & { id: string }>(
    `update group_mapping set off_at = ${to === 'off' ? '$2::timestamptz' : 'null'}, changed_at = $2, changed_by = $3
     where id = any($1) and off_at is ${to === 'off' ? '' : 'not'} null returning id, source, pattern`,
    [wanted, now, by],
  )
  if (done.length < wanted.length) throw stale()
  return done
}

async function setAside(
  tx: Tx,
  steps: readonly Extract<CarriedStep, { do: 'not-right' }>[],
  named: Named,
  { by, now }: { by: string; now: Date },
): Promise<CarriedStep[]> {
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

async function reopen(tx: Tx, steps: readonly Extract<CarriedStep, { do: 'reopen' }>[]): Promise<CarriedStep[]> {
  if (steps.length === 0) return []
  const rows = await tx.query<{ group_id: string; reason: string }>(
    'delete from group_not_right where group_id = any($1) returning group_id, reason',
    [steps.map(step => step.group)],
  )
  if (rows.length < steps.length) throw stale()
  return rows.map(row => ({ do: 'not-right', group: row.group_id, reason: row.reason }))
}
