import type { Applied, NormalAttrs, RecordChange, Sink, SinkContext } from '../../platform/feed-record.ts'
import { MAPPINGS, noteObserveDue } from '../observe-rights.ts'
import { heldRecord } from '../system-records.ts'
import { noteNames, resolveWaiting, settleListed } from './listed-store.ts'
import { nameKey } from './name-key.ts'

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
  apply: applyHeld,
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
async function applyHeld(ctx: SinkContext, changes: RecordChange[]): Promise<Applied[]> {
  const { tx, source } = ctx
  const rows = changes.map(({ key, before, after }) => {
    const { system = '', account = '', right = '' } = (after ?? before ?? {}) as Record<string, string>
    return { key, system, account, right, name: nameKey(right), gone: after === null }
  })
  const named = new Map(rows.filter(row => !row.gone).map(row => [row.name, row]))
  if (await noteNames(tx, source, [...named.values()])) await noteObserveDue(tx, MAPPINGS)
  return tx.query<Applied>(
    `select r.key, a.id as "subjectId", case when r.gone then null when a.id is null then 'unknown-account'
       when l.entitlement_id is null and l.decided_by = 'name' then 'unknown-right' end as situation
     from unnest($2::text[], $3::text[], $4::text[], $5::boolean[]) as r (key, account, name, gone)
     left join account a on a.source = $1 and a.key = r.account
     left join list_right l on l.source = $1 and l.name_key = r.name`,
    [
      source,
      rows.map(row => row.key),
      rows.map(row => row.account),
      rows.map(row => row.name),
      rows.map(row => row.gone),
    ],
  )
}
