import type { Population } from '../../plans/decide-guards.ts'
import type { PlanItem } from '../../plans/plan.ts'
import type { Applied, StoredAnswer } from '../../platform/feed-record.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

export async function populations(tx: Tx, source: string): Promise<Population[]> {
  return tx.query<Population>(
    `select kind, part, count(*) as count from source_record where source = $1 and gone_at is null group by kind, part`,
    [source],
  )
}

/**
 * The same without counting everybody: how many there are of a kind is what the last complete read had, and only the
 * parts that are asked for are counted. For a list of changes, which must not cost what the population does.
 */
export async function populationsOfParts(
  tx: Tx,
  source: string,
  parts: readonly { kind: string; part: string | null }[],
): Promise<Population[]> {
  return tx.query<Population>(
    `with wanted as (
       select distinct kind, part from jsonb_to_recordset($2::jsonb) as w(kind text, part text) where part is not null
     ), counted as (
       select w.kind, w.part, (select count(*)::int from source_record r
         where r.source = $1 and r.kind = w.kind and r.part = w.part and r.gone_at is null) as count
       from wanted w
     ), whole as (
       select k.key as kind, coalesce((k.value ->> 'read')::int, 0) + coalesce((k.value ->> 'rejected')::int, 0) as count
       from source s cross join lateral jsonb_each(s.shape) k where s.key = $1
     )
     select kind, part, count from counted
     union all
     select w.kind, null, greatest(w.count - coalesce((select sum(c.count) from counted c where c.kind = w.kind), 0), 0)::int
     from whole w`,
    [source, JSON.stringify(parts)],
  )
}

/** What a record says anew takes the place of what it said; who it was keeps, where nothing was answered. */
const TAKEN_OVER = `on conflict (source, kind, key) do update set hash = excluded.hash, seen_hash = excluded.seen_hash,
  part = excluded.part, payload = excluded.payload,
  subject_id = coalesce(excluded.subject_id, r.subject_id), situation = excluded.situation,
  changed_at = excluded.changed_at, run_id = excluded.run_id, missing_since = null, missing_runs = 0, gone_at = null`

/** After a batch: what the source said is what it says now, with the subject that the sink made of it. */
export async function recordApplied(
  tx: Tx,
  batch: {
    source: string
    planId: string
    runId: string
    now: Date
    items: readonly PlanItem[]
    applied: readonly Applied[]
  },
): Promise<void> {
  const present = batch.items.filter(item => item.op !== 'gone').map(item => item.n)
  const gone = batch.items.filter(item => item.op === 'gone')
  if (present.length > 0)
    await tx.query(
      `insert into source_record as r
         (source, kind, key, hash, seen_hash, part, payload, subject_id, situation, first_seen_at, changed_at, run_id)
       select $1, i.kind, i.key, i.hash, i.seen_hash, i.part, i.after, a.subject_id, a.situation, $4, $4, $5
       from plan_item i
       left join unnest($6::text[], $7::uuid[], $8::text[]) as a (key, subject_id, situation) on a.key = i.key
       where i.plan_id = $2 and i.n = any($3::int[])
       ${TAKEN_OVER}`,
      [
        batch.source,
        batch.planId,
        present,
        batch.now,
        batch.runId,
        batch.applied.map(one => one.key),
        batch.applied.map(one => one.subjectId),
        batch.applied.map(one => one.situation ?? null),
      ],
    )
  if (gone.length > 0)
    await tx.query(
      `update source_record set gone_at = $4, changed_at = $4, run_id = $5
       where source = $1 and kind = $2 and key = any($3::text[])`,
      [batch.source, gone[0]!.kind, gone.map(item => item.key), batch.now, batch.runId],
    )
}

/** The same for a batch in the temporary table `batch_item`. */
export async function recordBatch(
  tx: Tx,
  batch: { source: string; kind: string; runId: string; now: Date; answer: StoredAnswer },
): Promise<void> {
  await tx.query(
    `insert into source_record as r
       (source, kind, key, hash, seen_hash, part, payload, subject_id, situation, first_seen_at, changed_at, run_id)
     select $1, $2, i.key, i.hash, i.seen_hash, i.part, i.after, ${batch.answer.subjectId}, ${batch.answer.situation}, $3, $3, $4
     from batch_item i ${batch.answer.joins}
     where i.op <> 'gone'
     ${TAKEN_OVER}`,
    [batch.source, batch.kind, batch.now, batch.runId],
  )
  await tx.query(
    // Of a new table the planner has no figures: as a join it goes through all records for each of the batch.
    `update source_record set gone_at = $3, changed_at = $3, run_id = $4
     where source = $1 and kind = $2 and key = any(array(select key from batch_item where op = 'gone'))`,
    [batch.source, batch.kind, batch.now, batch.runId],
  )
}

/** A person confirms that records have left before a second read does. They become due in the next run. */
export async function confirmMissing(tx: Tx, source: string, kind: string, keys: readonly string[]): Promise<number> {
  const rows = await tx.query(
    `update source_record set missing_since = coalesce(missing_since, clock_timestamp())
     where source = $1 and kind = $2 and key = any($3::text[]) and gone_at is null returning key`,
    [source, kind, keys],
  )
  return rows.length
}
