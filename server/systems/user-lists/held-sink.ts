import type { NormalAttrs, Sink, SinkContext, StoredAnswer } from '../../platform/feed-record.ts'
import { figuresForNewTables } from '../../platform/planner.ts'
import { MAPPINGS, noteObserveDue } from '../observe-rights.ts'
import { heldRecord } from '../system-records.ts'
import { noteNames, resolveWaiting, settleListed } from './listed-store.ts'

/**
 * Rights that a system's own list says its accounts hold. The key is the account and the right, so that absence counts
 * per right: one that is missing from one list is noted, and ends when a second has missed it.
 */
export const heldSink: Sink = {
  kind: 'held',
  parse: attrs => {
    const result = heldRecord.safeParse(attrs)
    if (result.success) return { ok: true, attrs: result.data as NormalAttrs }
    const issue = result.error.issues[0]
    return {
      ok: false,
      reason: 'invalid-attribute',
      params: { attribute: issue?.path.join('.') ?? '', problem: issue?.message ?? '' },
    }
  },
  merge: mergeHeld,
  guardPart: ({ key }) => key.split('\t')[1] ?? key,
  applyStored: applyHeld,
  settle: async ({ tx, source, runId, now }) => {
    await settleListed(tx, { source, runId, now, scope: 'run' })
  },
  after: async ({ tx, runId, now }) => {
    if (await resolveWaiting(tx, { runId, now })) await noteObserveDue(tx, MAPPINGS)
  },
}

/** A list names a right once for each limit: together they are one right with all of them, used when it was used last. */
export function mergeHeld(entries: readonly NormalAttrs[]): NormalAttrs {
  const texts = (name: string) =>
    entries.flatMap(one => (typeof one[name] === 'string' ? [one[name] as string] : [])).sort()
  const limits = entries.flatMap(one => (Array.isArray(one.limits) ? (one.limits as string[]) : []))
  // Parsed, so that it is written in the same order as one that came alone: its hash is that of its text.
  return heldRecord.parse({
    ...entries[0],
    right: texts('right')[0],
    limits,
    lastUsed: texts('lastUsed').at(-1) ?? null,
  }) as NormalAttrs
}

/** What the records say follows in `settle`, for all of them in one statement. */
async function applyHeld({ tx, source }: SinkContext): Promise<StoredAnswer> {
  await figuresForNewTables(tx, ['account', 'list_right'])
  // The key ends in the name as names are compared.
  const fresh = await tx.query<{ system: string; name: string; right: string }>(
    `select distinct on (named.name) i.after ->> 'system' as system, named.name, i.after ->> 'right' as right
     from batch_item i cross join lateral (select split_part(i.key, E'\\t', 2) as name) named
     where i.op <> 'gone' and not exists (select from list_right l where l.source = $1 and l.name_key = named.name)
     order by named.name, i.n desc`,
    [source],
  )
  if (await noteNames(tx, source, fresh)) await noteObserveDue(tx, MAPPINGS)
  return {
    joins: `left join account a on a.source = $1 and a.key = coalesce(i.after, i.before) ->> 'account'
      left join list_right l on l.source = $1 and l.name_key = split_part(i.key, E'\\t', 2)`,
    subjectId: 'a.id',
    situation: `case when a.id is null then 'unknown-account'
      when l.entitlement_id is null and l.decided_by = 'name' then 'unknown-right' end`,
  }
}
