import { copyLine } from '../../platform/copy-text.ts'
import type { NormalAttrs, RecordKind } from '../../platform/feed-record.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { contentHash } from '../reading/read-content.ts'
import type { Reject } from '../reading/reader.ts'

export type StagedReject = Reject & { n: number }

/**
 * What a read found. `mark` is null for what it has; `unseen` for a live record that a complete read does not have;
 * `gone` for one that the source itself says is gone. `payload` is null where nothing has changed.
 */
export const STAGE_COLUMNS = 'run_id, n, kind, key, hash, part, payload, seen_hash, mark'

/** Lines already in COPY's text format, in the order of STAGE_COLUMNS. */
export async function copyStage(tx: Tx, lines: string[]): Promise<void> {
  await tx.copyIn(
    `copy feed_stage (${STAGE_COLUMNS}) from stdin`,
    (async function* () {
      yield lines.join('')
    })(),
  )
}

export async function copyRejects(tx: Tx, runId: string, rejects: readonly StagedReject[]): Promise<void> {
  const lines = rejects.map(({ n, kind, key, at, reject, params, raw }) =>
    copyLine([runId, n, kind ?? null, key ?? null, at ?? null, reject, params ?? {}, raw ?? null]),
  )
  await tx.copyIn(
    'copy feed_reject (run_id, n, kind, key, at, reason, params, raw) from stdin',
    (async function* () {
      yield lines.join('')
    })(),
  )
}

/** What a read that begins anew has left behind. */
export async function forgetRead(tx: Tx, runId: string): Promise<void> {
  await clearStage(tx, runId)
  await tx.query('delete from feed_reject where run_id = $1', [runId])
}

export async function clearStage(tx: Tx, runId: string): Promise<void> {
  await tx.query('delete from feed_stage where run_id = $1', [runId])
}

/** Mark what a complete read of a large source did not have, where the records were not held in memory. */
export async function markUnseen(tx: Tx, runId: string, source: string): Promise<void> {
  await tx.query(
    `insert into feed_stage (run_id, n, kind, key, mark)
     select $1, 0, r.kind, r.key, 'unseen' from source_record r
     where r.source = $2 and r.gone_at is null
       and not exists (select 1 from feed_stage s where s.run_id = $1 and s.kind = r.kind and s.key = r.key)`,
    [runId, source],
  )
}

/** How entries of one key are put together, for the kinds that are so. */
export type Merging = ReadonlyMap<string, (entries: readonly NormalAttrs[]) => NormalAttrs>

/**
 * Entries of one key that say one thing together become one, whatever their order. One that was only noted, because it
 * came as it was known, counts as what is known. Answers by how many entries each kind is shorter.
 */
export async function mergeRepeats(
  tx: Tx,
  stage: { runId: string; source: string },
  merging: Merging,
): Promise<Partial<Record<RecordKind, number>>> {
  const fewer: Partial<Record<RecordKind, number>> = {}
  for (const [kind, merge] of merging)
    for (let last = ''; ; ) {
      const rows = await tx.query<{ key: string; n: number[]; entries: NormalAttrs[] }>(
        `with twice as (
           select key, array_agg(n order by n) as n from feed_stage
           where run_id = $1 and kind = $3 and mark is null and key > $4
           group by key having count(*) > 1 order by key limit $5
         )
         select t.key, t.n, coalesce(jsonb_agg(coalesce(s.payload::jsonb, r.payload)) filter (
             where coalesce(s.payload::jsonb, r.payload) is not null), '[]') as entries
         from twice t join feed_stage s on s.run_id = $1 and s.kind = $3 and s.key = t.key and s.mark is null
         left join source_record r on r.source = $2 and r.kind = $3 and r.key = t.key and r.gone_at is null
         group by t.key, t.n order by t.key`,
        [stage.runId, stage.source, kind, last, MERGED_AT_ONCE],
      )
      if (rows.length === 0) break
      last = rows.at(-1)!.key
      const merged = rows.filter(row => row.entries.length > 0)
      const payloads = merged.map(row => merge(row.entries))
      await tx.query(
        `update feed_stage s set payload = m.payload, hash = decode(m.hash, 'hex'), seen_hash = null
         from unnest($3::text[], $4::int[], $5::text[], $6::text[]) as m (key, n, payload, hash)
         where s.run_id = $1 and s.kind = $2 and s.key = m.key and s.n = m.n`,
        [
          stage.runId,
          kind,
          merged.map(row => row.key),
          merged.map(row => row.n[0]!),
          payloads.map(payload => JSON.stringify(payload)),
          payloads.map(payload => contentHash(payload, null)),
        ],
      )
      const extra = rows.flatMap(row => row.n.slice(1).map(n => ({ key: row.key, n })))
      await tx.query(
        `delete from feed_stage s using unnest($3::text[], $4::int[]) as x (key, n)
         where s.run_id = $1 and s.kind = $2 and s.key = x.key and s.n = x.n`,
        [stage.runId, kind, extra.map(one => one.key), extra.map(one => one.n)],
      )
      fewer[kind as RecordKind] = (fewer[kind as RecordKind] ?? 0) + extra.length
    }
  return fewer
}
const MERGED_AT_ONCE = 2000

/** Keys that came more than once: the first stands, the others are rejected by name. Returns how many per kind. */
export async function rejectDuplicates(
  tx: Tx,
  runId: string,
  room: { next: number; left: number },
): Promise<Partial<Record<RecordKind, number>>> {
  const twice = await tx.query<{ kind: RecordKind; key: string; n: number[] }>(
    `select kind, key, array_agg(n order by n) as n from feed_stage where run_id = $1 and mark is null
     group by kind, key having count(*) > 1`,
    [runId],
  )
  if (twice.length === 0) return {}
  const counts: Partial<Record<RecordKind, number>> = {}
  const extra: number[] = []
  const rejects: StagedReject[] = []
  for (const { kind, key, n } of twice) {
    counts[kind] = (counts[kind] ?? 0) + n.length - 1
    extra.push(...n.slice(1))
    if (rejects.length < room.left)
      rejects.push({ n: room.next + rejects.length, reject: 'key-twice', kind, key, params: { times: n.length } })
  }
  await tx.query('delete from feed_stage where run_id = $1 and n = any($2::int[])', [runId, extra])
  if (rejects.length > 0) await copyRejects(tx, runId, rejects)
  return counts
}

/** Live records that we hold of a source, per kind. */
export async function knownCounts(tx: Tx, source: string): Promise<Record<string, number>> {
  const rows = await tx.query<{ kind: string; count: number }>(
    `select kind, count(*) as count from source_record where source = $1 and gone_at is null group by kind`,
    [source],
  )
  return Object.fromEntries(rows.map(row => [row.kind, row.count]))
}

/**
 * A record whose content hash differs while it says the same: its number was hashed under a key that has been rotated
 * out. Its hash follows, and nothing has changed; else the first read after a rotation would look like a change of everybody.
 */
export async function followKeys(tx: Tx, run: { runId: string; source: string }): Promise<void> {
  await tx.query(
    `update source_record r set hash = s.hash from feed_stage s
     where s.run_id = $1 and s.payload is not null and r.source = $2 and r.kind = s.kind and r.key = s.key
       and r.gone_at is null and r.hash <> s.hash and r.payload ? 'cprHash'
       and r.payload - 'cprSealed' = s.payload::jsonb - 'cprSealed'`,
    [run.runId, run.source],
  )
}

/** Records that say the same but came in another form (a blank more, another order): remembered, so that the next read need not parse them. */
export async function followSeen(tx: Tx, run: { runId: string; source: string }): Promise<void> {
  await tx.query(
    `update source_record r set seen_hash = s.seen_hash from feed_stage s
     where s.run_id = $1 and s.seen_hash is not null and r.source = $2 and r.kind = s.kind and r.key = s.key
       and r.gone_at is null and r.hash = s.hash and r.seen_hash is distinct from s.seen_hash`,
    [run.runId, run.source],
  )
}

/**
 * What differs between the staged read and what the source said before, as items of a new plan, in one statement.
 * What is unseen becomes `gone` only when an earlier complete read has missed it too; what the source states to be
 * gone, at once. Both only for the kinds in which absence counts.
 */
export async function planChanges(
  tx: Tx,
  plan: { planId: string; runId: string; source: string; absenceCounts: readonly string[] },
): Promise<number> {
  const [row] = await tx.query<{ items: number }>(
    `with diff as (
       select s.kind, s.key, s.n, s.part, s.hash, s.seen_hash, s.payload::jsonb as after, r.payload as before, r.subject_id,
         case when r.key is null then 'add' when r.gone_at is not null then 'return' else 'change' end as op
       from feed_stage s
       left join source_record r on r.source = $3 and r.kind = s.kind and r.key = s.key
       where s.run_id = $2 and s.hash is not null
         and (r.key is null or r.hash <> s.hash or r.gone_at is not null)
       union all
       select r.kind, r.key, 2147483647, r.part, r.hash, null, null, r.payload, r.subject_id, 'gone'
       from feed_stage s
       join source_record r on r.source = $3 and r.kind = s.kind and r.key = s.key
       where s.run_id = $2 and r.gone_at is null
         and (s.mark = 'gone' or s.mark = 'unseen' and r.missing_since is not null and r.kind = any($4::text[]))
     ), written as (
       insert into plan_item (plan_id, n, kind, key, op, part, before, after, hash, seen_hash, subject_id)
       select $1, row_number() over (order by n, kind, key), kind, key, op, part, before, after, hash, seen_hash, subject_id
       from diff
       returning 1
     )
     select count(*) as items from written`,
    [plan.planId, plan.runId, plan.source, plan.absenceCounts],
  )
  return row?.items ?? 0
}

/** Records that this complete read does not have: how many are missed for the first time, per kind. */
export async function countMissing(
  tx: Tx,
  options: { runId: string; source: string; absenceCounts: readonly string[] },
): Promise<Record<string, number>> {
  const rows = await tx.query<{ kind: string; count: number }>(
    `select r.kind, count(*) as count
     from feed_stage s join source_record r on r.source = $2 and r.kind = s.kind and r.key = s.key
     where s.run_id = $1 and s.mark = 'unseen' and r.gone_at is null and r.missing_since is null
       and r.kind = any($3::text[])
     group by r.kind`,
    [options.runId, options.source, options.absenceCounts],
  )
  return Object.fromEntries(rows.map(row => [row.kind, row.count]))
}

/** Note who was missing and who is back. Absence alone ends nothing: it is only counted here. */
export async function markAbsence(
  tx: Tx,
  options: { runId: string; source: string; absenceCounts: readonly string[]; now: Date },
): Promise<void> {
  await tx.query(
    `update source_record r set missing_since = coalesce(missing_since, $4), missing_runs = missing_runs + 1
     from feed_stage s
     where s.run_id = $1 and s.mark = 'unseen' and r.source = $2 and r.kind = s.kind and r.key = s.key
       and r.gone_at is null and r.kind = any($3::text[])`,
    [options.runId, options.source, options.absenceCounts, options.now],
  )
  await tx.query(
    `update source_record r set missing_since = null, missing_runs = 0
     where r.source = $2 and r.missing_since is not null and r.gone_at is null
       and exists (select 1 from feed_stage s
         where s.run_id = $1 and s.mark is null and s.kind = r.kind and s.key = r.key)`,
    [options.runId, options.source],
  )
}
