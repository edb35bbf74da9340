import type { AuthorityLookup, NormalAttrs } from '../platform/feed-record.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { deriveTimeline, type Lifespan, type Origin, type Segment } from './derive-timeline.ts'
import { type Fact, makeFact, type StateKind, type SubjectKind } from './fact.ts'
import { type OpenRow, planStateChange } from './plan-state-change.ts'

export const stateTables: Record<StateKind, { table: string; column: string; lifespan?: Lifespan }> = {
  person: { table: 'person_state', column: 'person_id' },
  affiliation: {
    table: 'affiliation_state',
    column: 'affiliation_id',
    lifespan: { from: 'startsOn', to: 'endsOn', orTo: 'accessEndsOn' },
  },
  unit: { table: 'org_unit_state', column: 'unit_id', lifespan: { from: 'validFrom', to: 'validTo' } },
}

export type FactMeta = { now: Date; runId?: string | null; actorId?: string | null; reason?: string | null }

/** Who writes state waits here for whoever else does: derivation reads all facts of a subject and must miss none. */
export async function lockPeople(tx: Tx): Promise<void> {
  if (locked.has(tx)) return
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel:people'))`)
}

const locked = new WeakSet<Tx>()

/** The same for whoever has work done that locks again and again: not asked for a second time in this transaction. */
export async function keepPeopleLocked(tx: Tx): Promise<void> {
  // To be called outside every savepoint: rolling back to one gives up what was locked after it.
  await lockPeople(tx)
  locked.add(tx)
}

/**
 * Append facts. Facts that are there already (same content hash) are left out, so repetition is harmless.
 * Answers how many were new.
 */
export async function insertFacts(tx: Tx, facts: readonly Fact[], meta: FactMeta): Promise<number> {
  if (facts.length === 0) return 0
  const rows = facts.map(fact => ({
    hash: `\\x${fact.hash}`,
    source: fact.source,
    kind: fact.kind,
    subject: fact.subjectId,
    key: fact.sourceKey,
    op: fact.op,
    retracts: fact.retracts === null ? null : `\\x${fact.retracts}`,
    attrs: fact.attrs,
    f: fact.from,
    t: fact.to,
    asserted: fact.assertedAt,
  }))
  const [count] = await tx.query<{ n: number }>(
    `with written as (
       insert into fact (hash, source, subject_kind, subject_id, source_key, op, retracts, attrs, valid, asserted_at,
         recorded_at, run_id, actor_id, reason)
       select hash, source, kind, subject, key, op, retracts, attrs, daterange(f, t), asserted, $2, $3, $4, $5
       from json_to_recordset($1::json) as r(hash bytea, source text, kind text, subject uuid, key text, op text,
         retracts bytea, attrs jsonb, f date, t date, asserted timestamptz)
       on conflict (hash) do nothing
       returning 1)
     select count(*) as n from written`,
    [JSON.stringify(rows), meta.now, meta.runId ?? null, meta.actorId ?? null, meta.reason ?? null],
  )
  return count?.n ?? 0
}

type FactRow = {
  hash: string
  source: string
  kind: SubjectKind
  subject: string
  key: string
  op: Fact['op']
  retracts: string | null
  attrs: NormalAttrs
  f: string | null
  t: string | null
  asserted: Date
}

/** All facts about these subjects; with `knownAt` only those recorded by then. */
export async function loadFacts(
  tx: Tx,
  kind: SubjectKind,
  ids: readonly string[],
  knownAt: Date | null = null,
): Promise<Map<string, Fact[]>> {
  const found = new Map<string, Fact[]>(ids.map(id => [id, []]))
  if (ids.length === 0) return found
  const rows = await tx.query<FactRow>(
    `select encode(hash, 'hex') as hash, source, subject_kind as kind, subject_id as subject, source_key as key, op,
       encode(retracts, 'hex') as retracts, attrs, lower(valid) as f, upper(valid) as t, asserted_at as asserted
     from fact
     where subject_id = any($1) and subject_kind = $2 and ($3::timestamptz is null or recorded_at <= $3)`,
    [ids, kind, knownAt],
  )
  for (const row of rows)
    found.get(row.subject)?.push({
      hash: row.hash,
      source: row.source,
      kind: row.kind,
      subjectId: row.subject,
      sourceKey: row.key,
      op: row.op,
      retracts: row.retracts,
      attrs: row.attrs,
      from: row.f,
      to: row.t,
      assertedAt: row.asserted.toISOString(),
    })
  return found
}

type StateRow = { id: number; subject: string; f: string | null; t: string | null; attrs: NormalAttrs; origin: Origin }

/** Rows whose recorded range is open, per subject: what we say now about all of valid time. */
export async function loadOpenStates(tx: Tx, kind: StateKind, ids: readonly string[]): Promise<Map<string, OpenRow[]>> {
  const { table, column } = stateTables[kind]
  const found = new Map<string, OpenRow[]>()
  if (ids.length === 0) return found
  const rows = await tx.query<StateRow>(
    `select id, ${column} as subject, lower(valid) as f, upper(valid) as t, attrs, origin
     from ${table} where ${column} = any($1) and upper_inf(recorded)`,
    [ids],
  )
  for (const row of rows) {
    const list = found.get(row.subject) ?? []
    list.push({ id: row.id, from: row.f, to: row.t, attrs: row.attrs, origin: row.origin })
    found.set(row.subject, list)
  }
  return found
}

/**
 * A list states what is, so what was read last is what it says now, also when its clock or its file time did not
 * move: a statement that is not later than the source's last one about the subject is set right behind it.
 */
async function behindEarlier(
  tx: Tx,
  kind: StateKind,
  facts: readonly Fact[],
  fresh: ReadonlySet<string>,
): Promise<Fact[]> {
  const [first] = facts
  const ids = facts.flatMap(fact => (fact.subjectId && !fresh.has(fact.subjectId) ? [fact.subjectId] : []))
  if (!first || ids.length === 0) return [...facts]
  const rows = await tx.query<{ id: string; last: Date; hashes: string[] }>(
    `select subject_id as id, max(asserted_at) as last, array_agg(encode(hash, 'hex')) as hashes from fact
     where subject_id = any($1) and subject_kind = $2 and source = $3 and asserted_at >= $4::timestamptz group by subject_id`,
    [ids, kind, first.source, first.assertedAt],
  )
  const later = new Map(rows.map(row => [row.id, row]))
  return facts.map(fact => {
    const row = later.get(fact.subjectId ?? '')
    if (!row || row.hashes.includes(fact.hash)) return fact
    const { hash: _, ...content } = fact
    return makeFact({ ...content, assertedAt: new Date(row.last.getTime() + 1).toISOString() })
  })
}

/**
 * Append facts about persons, affiliations or units and bring their state in line. `fresh` names subjects that were
 * made in this transaction, about which nothing is stored yet. Call `lockPeople` first.
 */
export async function applyFacts(
  tx: Tx,
  kind: StateKind,
  facts: readonly Fact[],
  authority: AuthorityLookup,
  meta: FactMeta,
  fresh: ReadonlySet<string> = new Set(),
): Promise<void> {
  if (facts.length === 0) return
  const bySubject = new Map<string, Fact[]>()
  for (const fact of facts) {
    if (fact.subjectId === null) continue
    bySubject.set(fact.subjectId, [...(bySubject.get(fact.subjectId) ?? []), fact])
  }
  const touched = [...bySubject.keys()].filter(id => !fresh.has(id))
  const merged = await mergedAround(tx, kind, touched)
  const known = [...new Set([...touched, ...merged.map(one => one.into)])]
  const now = await recordedAt(tx, kind, known, meta.now)
  await insertFacts(tx, facts, { ...meta, now })
  for (const [id, stored] of await loadWithMerged(tx, kind, known, merged)) bySubject.set(id, stored)
  await writeStates(tx, kind, bySubject, authority, now, known)
}

type Merged = { id: string; into: string }

/** Identities that count as another one, of these or as these. Units are never merged. */
async function mergedAround(tx: Tx, kind: StateKind, ids: readonly string[]): Promise<Merged[]> {
  if (ids.length === 0 || kind === 'unit') return []
  return tx.query<Merged>(
    `select m.id, m.merged_into as into from ${kind} m where m.merged_into in (
       select id from ${kind} where id = any($1) and merged_into is null
       union select merged_into from ${kind} where id = any($1) and merged_into is not null)`,
    [ids],
  )
}

/**
 * Facts per subject; of one that others have been merged into, theirs too. Each fact keeps its own subject. A person
 * who counts as somebody else keeps the state of the own facts; an affiliation that counts as another has none, since
 * whoever asks for a day's affiliations would count it twice.
 */
async function loadWithMerged(
  tx: Tx,
  kind: StateKind,
  ids: readonly string[],
  merged: readonly Merged[],
): Promise<Map<string, Fact[]>> {
  const found = await loadFacts(tx, kind, [...new Set([...ids, ...merged.map(one => one.id)])])
  const own = new Map(found)
  for (const { id, into } of merged) found.set(into, [...(found.get(into) ?? []), ...(own.get(id) ?? [])])
  if (kind === 'affiliation') for (const { id } of merged) found.set(id, [])
  return new Map([...found].filter(([id]) => ids.includes(id)))
}

/** Derive again from stored facts, after the authority of sources was changed or persons were merged or taken apart. */
export async function rederive(
  tx: Tx,
  kind: StateKind,
  ids: readonly string[],
  authority: AuthorityLookup,
  now: Date,
): Promise<void> {
  await lockPeople(tx)
  const at = await recordedAt(tx, kind, ids, now)
  const merged = await mergedAround(tx, kind, ids)
  await writeStates(tx, kind, await loadWithMerged(tx, kind, ids, merged), authority, at, ids)
}

async function writeStates(
  tx: Tx,
  kind: StateKind,
  facts: ReadonlyMap<string, Fact[]>,
  authority: AuthorityLookup,
  now: Date,
  known: readonly string[],
): Promise<void> {
  const { table, column, lifespan } = stateTables[kind]
  const open = await loadOpenStates(tx, kind, known)
  const close: number[] = []
  const insert: (Omit<Segment, 'from' | 'to'> & { subject: string; f: string | null; t: string | null })[] = []
  for (const [subject, subjectFacts] of facts) {
    const plan = planStateChange(open.get(subject) ?? [], deriveTimeline(subjectFacts, authority, lifespan, subject))
    close.push(...plan.close)
    for (const segment of plan.insert)
      insert.push({ subject, f: segment.from, t: segment.to, attrs: segment.attrs, origin: segment.origin })
  }
  if (close.length > 0) {
    // A row recorded at this very instant was never knowledge of any earlier instant: nothing to keep.
    await tx.query(`delete from ${table} where id = any($1) and lower(recorded) >= $2`, [close, now])
    await tx.query(`update ${table} set recorded = tstzrange(lower(recorded), $2) where id = any($1)`, [close, now])
  }
  if (insert.length > 0)
    await tx.query(
      `insert into ${table} (${column}, valid, recorded, attrs, origin)
       select subject, daterange(f, t), tstzrange($2, null), attrs, origin
       from json_to_recordset($1::json) as r(subject uuid, f date, t date, attrs jsonb, origin jsonb)`,
      [JSON.stringify(insert), now],
    )
}

/**
 * Recorded time only moves forward for a subject, also when a machine's clock was set back: otherwise the ranges of
 * what we knew would overlap.
 */
async function recordedAt(tx: Tx, kind: StateKind, ids: readonly string[], now: Date): Promise<Date> {
  if (ids.length === 0) return now
  const { table, column } = stateTables[kind]
  const [row] = await tx.query<{ at: Date }>(
    `select greatest($2::timestamptz,
        (select max(coalesce(upper(recorded), lower(recorded))) from ${table} where ${column} = any($1)),
        (select max(recorded_at) from fact where subject_id = any($1))) as at`,
    [ids, now],
  )
  return row?.at ?? now
}

/** `applyFacts` for what a list states, in the order in which it was read. */
export async function applyStatements(
  tx: Tx,
  kind: StateKind,
  facts: readonly Fact[],
  authority: AuthorityLookup,
  meta: FactMeta,
  fresh: ReadonlySet<string>,
): Promise<void> {
  await applyFacts(tx, kind, await behindEarlier(tx, kind, facts, fresh), authority, meta, fresh)
}
