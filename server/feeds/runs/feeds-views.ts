import type {
  PlanItemFilter,
  PlanItemRow,
  RejectRow,
  RunDetail,
  RunFilter,
  RunRow,
  SourceRow,
} from '#contract/feeds.ts'
import { said } from '#contract/said.ts'
import { unitNames } from '../../people/unit-names-view.ts'
import type { Json } from '../../platform/feed-record.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { failuresSql, HEALING_SQL } from '../sources/source-store.ts'
import { comparedRuns } from './compare-runs.ts'
import { MOST_RETRIES, retryAfterSeconds } from './decide-end.ts'
import { type Counts, type Progress, totals } from './feed-run.ts'
import { diffLines, labelOf, nameUnits, unitKeys } from './show-diff.ts'

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** All sources with how fresh they are, how they fare, and their last fourteen runs. */
export async function listSources(tx: Tx, now: Date): Promise<SourceRow[]> {
  return tx.query<SourceRow>(
    `select s.key, s.name, s.kind, s.declared, s.schedule_seconds as "scheduleSeconds",
       s.owner, s.version, ${iso('greatest(s.complete_at, s.changes_at)')} as "readAt", ${iso('s.complete_at')} as "completeAt",
       ${iso('s.seen_at')} as "seenAt",
       case when ${HEALING_SQL('last')} then 'healing'
            when last.state in ('failed', 'rejected', 'held') then 'act'
            when s.complete_at is null then 'never'
            when s.declared and greatest(s.complete_at, s.changes_at) < $1::timestamptz - 2 * make_interval(secs => s.schedule_seconds) then 'delayed'
            else 'good' end as health,
       coalesce(n.records, 0) as records, coalesce(n.missing, 0) as missing,
       (select r.id from feed_run r where r.source = s.key and r.state = 'running') as running,
       coalesce(runs.list, '[]') as "lastRuns"
     from source s
     left join lateral (
       select * from feed_run r where r.source = s.key and r.state <> 'running' and not r.dry_run
       order by started_at desc limit 1) last on true
     left join lateral (
       select count(*) as records, count(*) filter (where missing_since is not null) as missing
       from source_record r where r.source = s.key and r.gone_at is null) n on true
     left join lateral (
       select jsonb_agg(jsonb_build_object('id', id, 'state', state, 'startedAt', ${iso('started_at')}) order by started_at desc) as list
       from (select id, state, started_at from feed_run r where r.source = s.key order by started_at desc limit 14) recent) runs on true
     where s.owner <> 'draft' order by s.declared desc, s.key`,
    [now],
  )
}

/** How long a run took, in seconds; null while it goes on. */
const SECONDS = (run: string) => `round(extract(epoch from ${run}.ended_at - ${run}.started_at), 1)::float8`

type RawRun = {
  id: string
  source: string
  sourceName: { da: string; en: string }
  trigger: RunRow['trigger']
  dryRun: boolean
  state: RunRow['state']
  phase: RunRow['phase']
  progress: Progress | Record<string, never>
  startedAt: string
  endedAt: string | null
  startedBy: string | null
  counts: Counts
  rejected: number
  mode: RunRow['mode']
  ends: RunRow['ends']
}
const RUN = `r.id, r.source, s.name as "sourceName", r.trigger, r.dry_run as "dryRun", r.state, r.phase, r.progress,
  ${iso('r.started_at')} as "startedAt", ${iso('r.ended_at')} as "endedAt", r.started_by as "startedBy", r.counts, r.rejected,
  r.mode, case when r.state = 'failed' then coalesce(r.error ->> 'ends', 'needs-you') end as ends`

function toRow({ counts, progress, ...run }: RawRun): RunRow {
  const sum = totals(counts)
  return {
    ...run,
    ...sum,
    rejected: Math.max(sum.rejected, run.rejected),
    progress: run.state === 'running' && 'phase' in progress ? (progress as Progress) : null,
  }
}

export async function listRuns(tx: Tx, filter: RunFilter): Promise<{ rows: RunRow[]; total: number }> {
  const where = `($1::text is null or r.source = $1) and ($2::text is null or r.state = $2)`
  const params = [filter.source ?? null, filter.state ?? null]
  const rows = await tx.query<RawRun>(
    `select ${RUN} from feed_run r join source s on s.key = r.source where ${where}
     order by r.started_at desc, r.id limit $3 offset $4`,
    [...params, filter.limit, filter.offset],
  )
  const [count] = await tx.query<{ n: number }>(`select count(*) as n from feed_run r where ${where}`, params)
  return { rows: rows.map(toRow), total: count?.n ?? 0 }
}

type RawDetail = RawRun & {
  phases: Record<string, { from: string; to?: string }>
  heldBack: RunDetail['heldBack']
  error: RunDetail['error']
  seconds: number | null
  failures: number
  fullBecause: string | null
  situations: RunDetail['situations']
  notes: RunDetail['notes']
  newest: boolean
  endedInstant: Date | null
  seenAt: string | null
  planHash: string | null
  heldHash: string | null
  planState: string | null
  decidedBy: string | null
  decidedAt: string | null
  reason: string | null
  earlier: { id: string; state: RunRow['state']; startedAt: string; counts: Counts; seconds: number | null }[]
}

export async function runDetail(tx: Tx, runId: string): Promise<RunDetail> {
  const [row] = await tx.query<RawDetail>(
    `select ${RUN}, r.phases, r.held_back as "heldBack", r.error, r.full_because as "fullBecause", r.situations, r.notes,
       ${SECONDS('r')} as seconds, ${failuresSql('r')} as failures, r.ended_at as "endedInstant",
       not exists (select from feed_run n where n.source = r.source and n.started_at > r.started_at and not n.dry_run) as newest,
       ${iso('r.seen_at')} as "seenAt",
       p.hash as "planHash", p.held_hash as "heldHash", p.state as "planState", p.decided_by as "decidedBy",
       ${iso('p.decided_at')} as "decidedAt", p.reason, coalesce(before.list, '[]') as earlier
     from feed_run r join source s on s.key = r.source left join plan p on p.id = r.plan_id
     left join lateral (
       select jsonb_agg(jsonb_build_object('id', id, 'state', state, 'startedAt', ${iso('started_at')}, 'counts', counts,
         'seconds', ${SECONDS('e')}) order by started_at desc) as list
       from (select * from feed_run e
             where e.source = r.source and e.started_at < r.started_at and e.mode = r.mode and (r.dry_run or not e.dry_run)
             order by started_at desc limit 10) e) before on true
     where r.id = $1`,
    [runId],
  )
  if (!row) throw problem('not-found', { detail: 'There is no such run.' })
  const {
    phases,
    heldBack,
    error,
    seenAt,
    planHash,
    heldHash,
    planState,
    decidedBy,
    decidedAt,
    reason,
    earlier,
    seconds,
    failures,
    fullBecause,
    situations,
    notes,
    newest,
    endedInstant,
    ...run
  } = row
  // Runs that came through: what failed at once says nothing of how long reading takes.
  const comparable = earlier.filter(one => one.state === 'done' || one.state === 'held')
  const heals = run.ends === 'heals' && failures <= MOST_RETRIES
  return {
    ...toRow(run),
    ends: run.ends === 'heals' && !heals ? 'needs-you' : run.ends,
    retry:
      run.ends === 'heals'
        ? {
            failures,
            at:
              heals && newest && endedInstant
                ? new Date(endedInstant.getTime() + retryAfterSeconds(failures) * 1000).toISOString()
                : null,
            most: MOST_RETRIES,
          }
        : null,
    fullBecause,
    situations,
    notes,
    compared: comparedRuns({ counts: row.counts, seconds }, comparable),
    mayRetry: newest && !run.dryRun && (run.state === 'failed' || run.state === 'rejected'),
    phases: (['read', 'compare', 'apply', 'after'] as const).flatMap(phase => {
      const span = phases[phase]
      return span ? [{ phase, from: toIso(span.from), to: span.to ? toIso(span.to) : null }] : []
    }),
    byKind: Object.entries(row.counts).map(([kind, counts]) => ({ kind: kind as PlanItemRow['kind'], ...counts })),
    heldBack,
    planHash,
    heldHash,
    // A code that another version wrote is not known here: its English sentence stands.
    error: error && { ...error, why: error.why ?? null, said: said.safeParse(error.said).data ?? null },
    seenAt,
    decision: decidedBy === null ? null : { by: decidedBy, at: decidedAt, reason, approved: planState !== 'rejected' },
    earlier: earlier.map(({ counts, ...mark }) => {
      const { read, added, changed, gone } = totals(counts)
      return { ...mark, read, added, changed, gone }
    }),
  }
}

const toIso = (text: string) => new Date(text).toISOString()

export async function runRejects(
  tx: Tx,
  runId: string,
  page: { offset: number; limit: number },
): Promise<{ rows: RejectRow[]; total: number }> {
  const rows = await tx.query<Omit<RejectRow, 'raw'> & { raw: Record<string, Json> | null }>(
    `select n, kind, key, at, reason, params, raw from feed_reject where run_id = $1 order by n limit $2 offset $3`,
    [runId, page.limit, page.offset],
  )
  const [count] = await tx.query<{ n: number }>('select count(*) as n from feed_reject where run_id = $1', [runId])
  return {
    rows: rows.map(row => ({
      ...row,
      raw: Object.entries(row.raw ?? {}).map(([name, value]) => ({
        name,
        value: typeof value === 'string' ? value : JSON.stringify(value),
      })),
    })),
    total: count?.n ?? 0,
  }
}

type RawItem = Omit<PlanItemRow, 'label' | 'changes'> & {
  before: { [key: string]: Json } | null
  after: { [key: string]: Json } | null
}

/** A run's plan as a diff. CPR numbers never; names of protected people only for those who may see them. */
export async function planItems(
  tx: Tx,
  runId: string,
  filter: PlanItemFilter,
  options: { seeProtected: boolean; seePupils: boolean; seeBirthDates: boolean; cause?: string },
): Promise<{ rows: PlanItemRow[]; total: number }> {
  const where = `i.plan_id = (select plan_id from feed_run where id = $1)
    and ($2::text is null or i.kind = $2) and ($3::text is null or i.op = $3) and ($4::text is null or i.state = $4)
    and ($5::text is null or i.key ilike $5 or (${SEARCHABLE})::text ilike $5)
    and ($6 or $5::text is null or not coalesce(coalesce(i.after, i.before) ->> 'protected' = 'true', false))
    and ($7 or not (${PUPIL}))
    and ($8::text is null or i.cause = $8)`
  const pattern = filter.text ? `%${filter.text.replace(/[\\%_]/g, '\\$&')}%` : null
  const params = [
    runId,
    filter.kind ?? null,
    filter.op ?? null,
    filter.state ?? null,
    pattern,
    options.seeProtected,
    options.seePupils,
    options.cause ?? null,
  ]
  const rows = await tx.query<RawItem>(
    `select i.n, i.kind, i.key, i.op, i.state, i.part, i.guard, i.before, i.after,
       coalesce(i.subject_id, r.subject_id) as "subjectId"
     from plan_item i
     join plan p on p.id = i.plan_id
     left join source_record r on r.source = p.subject and r.kind = i.kind and r.key = i.key
     where ${where} order by i.n limit $9 offset $10`,
    [...params, filter.limit, filter.offset],
  )
  const [count] = await tx.query<{ n: number }>(`select count(*) as n from plan_item i where ${where}`, params)
  const shown = rows.map(({ before, after, ...item }) => ({
    ...item,
    label: labelOf(before, after, options.seeProtected),
    changes: diffLines(before, after, options),
  }))
  const nameOf = await unitNames(tx, unitKeys(shown))
  return {
    rows: shown.map(row => ({ ...row, changes: nameUnits(row.changes, nameOf) })),
    total: count?.n ?? 0,
  }
}

/** Records of pupils, by what they say of themselves or whom they led to: not for those who may not know of pupils. */
const PUPIL = `coalesce(coalesce(i.after, i.before) ->> 'realm' = 'pupil', false)
  or coalesce(coalesce(i.after, i.before) ->> 'affiliationKind' = 'pupil', false)
  or i.kind in ('person', 'affiliation', 'account') and exists (
    select from plan pl join source_record sr on sr.source = pl.subject and sr.kind = i.kind and sr.key = i.key
    left join affiliation af on af.id = sr.subject_id left join account ac on ac.id = sr.subject_id
    join person pe on pe.id in (sr.subject_id, af.person_id, ac.person_id)
    where pl.id = i.plan_id and pe.realm = 'pupil')`

/** Only names are searched: a CPR number that somebody types in must find nobody. */
const SEARCHABLE = `concat_ws(' ', coalesce(i.after, i.before) ->> 'name', coalesce(i.after, i.before) ->> 'givenName',
  coalesce(i.after, i.before) ->> 'familyName', coalesce(i.after, i.before) ->> 'username', coalesce(i.after, i.before) ->> 'employeeNo')`
