import type { Applied, RecordChange, SinkContext } from '../platform/feed-record.ts'
import { newId } from '../platform/ids.ts'
import { type Fact, makeFact } from './fact.ts'
import { applyStatements, insertFacts, lockPeople } from './fact-store.ts'
import { ensureAffiliations, ensureUnits, setUnitTrees } from './identity-store.ts'
import { normaliseTitle } from './position.ts'
import { factOfChange, keysOf, resolveRefs } from './record-facts.ts'

/** Unit records of both spaces: the organisation's own trees and the payroll one. */
export async function applyUnits(ctx: SinkContext, changes: RecordChange[]): Promise<Applied[]> {
  const { tx, source } = ctx
  await lockPeople(tx)
  const isPay = (change: RecordChange) => (change.after ?? change.before)?.tree === 'pay'
  const pay = changes.filter(isPay)
  const org = changes.filter(change => !isPay(change))
  const ownKeys = (list: RecordChange[]) => list.map(change => change.key)
  const payUnits = await ensureUnits(tx, [...ownKeys(pay), ...keysOf(pay, 'parent')], true)
  const orgUnits = await ensureUnits(tx, [...ownKeys(org), ...keysOf(org, 'parent'), ...keysOf(pay, 'mapsTo')], false)
  const managers = await ensureAffiliations(tx, source, keysOf(changes, 'manager'))
  await setUnitTrees(
    tx,
    org.flatMap(({ key, after }) => {
      const id = orgUnits.ids.get(key)
      return id && typeof after?.tree === 'string' ? [{ id, tree: after.tree }] : []
    }),
  )
  const facts: Fact[] = []
  const applied: Applied[] = []
  for (const change of changes) {
    const own = isPay(change) ? payUnits : orgUnits
    const subjectId = own.ids.get(change.key) ?? null
    applied.push({ key: change.key, subjectId })
    if (!subjectId) continue
    const resolved = resolveRefs(change, {
      parent: key => own.ids.get(key),
      mapsTo: key => orgUnits.ids.get(key),
      manager: key => managers.ids.get(key),
    })
    const fact = factOfChange(resolved, { source, kind: 'unit', subjectId, today: ctx.today, assertedAt: ctx.seenAt })
    if (fact) facts.push(fact)
  }
  const fresh = new Set([...payUnits.fresh, ...orgUnits.fresh])
  await applyStatements(tx, 'unit', facts, ctx.authority, { now: ctx.now, runId: ctx.runId }, fresh)
  return applied
}

/** The position catalogue: a reference list, so what is current is all there is; the facts keep its past. */
export async function applyPositions(ctx: SinkContext, changes: RecordChange[]): Promise<Applied[]> {
  const { tx, source } = ctx
  await lockPeople(tx)
  const keys = changes.map(change => change.key)
  const standing = changes.filter(change => change.op !== 'gone' && change.after)
  await tx.query(
    `insert into position (key, name, category, source)
     select key, name, category, $2 from json_to_recordset($1::json) as r(key text, name text, category text)
     on conflict (key) do update set name = excluded.name, category = excluded.category, source = excluded.source`,
    [JSON.stringify(standing.map(({ key, after }) => ({ key, name: after?.name, category: after?.category }))), source],
  )
  await tx.query('delete from position_title where position_key = any($1)', [keys])
  await tx.query('delete from position where key = any($1) and not key = any($2)', [
    keys,
    standing.map(({ key }) => key),
  ])
  const titles = standing.flatMap(({ key, after }) =>
    [after?.name, ...(Array.isArray(after?.titles) ? after.titles : [])]
      .filter(title => typeof title === 'string')
      .map(title => ({ title: normaliseTitle(title), key })),
  )
  // A title that two positions claim goes to the lower key, whichever came first.
  await tx.query(
    `insert into position_title as t (title_norm, position_key)
     select title, min(key) from json_to_recordset($1::json) as r(title text, key text) group by title
     on conflict (title_norm) do update set position_key = least(t.position_key, excluded.position_key)`,
    [JSON.stringify(titles)],
  )
  await insertFacts(
    tx,
    changes.map(({ key, after }) =>
      makeFact({
        source,
        kind: 'position',
        subjectId: null,
        sourceKey: key,
        attrs: after ?? {},
        from: null,
        to: null,
        assertedAt: ctx.seenAt.toISOString(),
      }),
    ),
    { now: ctx.now, runId: ctx.runId },
  )
  return changes.map(({ key }) => ({ key, subjectId: null }))
}

/** Deputies of units. A record with a date is a dated deputy; without, a permanent one. */
export async function applyDeputies(ctx: SinkContext, changes: RecordChange[]): Promise<Applied[]> {
  const { tx, source } = ctx
  await lockPeople(tx)
  const units = await ensureUnits(tx, keysOf(changes, 'unit'), false)
  const holders = await ensureAffiliations(tx, source, keysOf(changes, 'deputy'))
  const standing = changes.filter(change => change.op !== 'gone')
  const gone = changes.filter(change => change.op === 'gone').map(change => change.key)
  await tx.query(
    `insert into deputy (id, source, key, unit_id, deputy_affiliation_id, kind, valid)
     select id, $2, key, unit, holder, kind, daterange(f, t)
     from json_to_recordset($1::json) as r(id uuid, key text, unit uuid, holder uuid, kind text, f date, t date)
     on conflict (source, key) do update set unit_id = excluded.unit_id,
       deputy_affiliation_id = excluded.deputy_affiliation_id, kind = excluded.kind, valid = excluded.valid`,
    [
      JSON.stringify(
        standing.map(({ key, after }) => ({
          id: newId(ctx.now.getTime()),
          key,
          unit: units.ids.get(String(after?.unit)),
          holder: holders.ids.get(String(after?.deputy)),
          kind: after?.from || after?.to ? 'dated' : 'permanent',
          f: after?.from,
          t: after?.to,
        })),
      ),
      source,
    ],
  )
  await tx.query(
    `update deputy set valid = valid * daterange(null, $3::date)
     where source = $1 and key = any($2)`,
    [source, gone, ctx.today],
  )
  const rows = await tx.query<{ id: string; key: string }>(
    'select id, key from deputy where source = $1 and key = any($2)',
    [source, changes.map(change => change.key)],
  )
  const ids = new Map(rows.map(row => [row.key, row.id]))
  await insertFacts(
    tx,
    changes.map(({ key, after }) =>
      makeFact({
        source,
        kind: 'deputy',
        subjectId: ids.get(key) ?? null,
        sourceKey: key,
        attrs: after ?? {},
        from: after ? ((after.from as string | undefined) ?? null) : ctx.today,
        to: (after?.to as string | undefined) ?? null,
        assertedAt: ctx.seenAt.toISOString(),
      }),
    ),
    { now: ctx.now, runId: ctx.runId },
  )
  return changes.map(({ key }) => ({ key, subjectId: ids.get(key) ?? null }))
}
