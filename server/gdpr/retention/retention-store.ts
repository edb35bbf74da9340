import { RETENTION_ROWS, type RetentionKey, type RetentionRow, retentionRow } from '#contract/retention-rows.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { judgedSql, partsEver, partsOf } from './due-sql.ts'
import { forgetContact, forgetNumber, newPseudonym, pseudonymise } from './forget-people-store.ts'
import { JOURNAL_START, type JournalLine, journalHash } from './journal.ts'

/** A row as it counts here: what ships, or what the municipality has made of it. */
export type Kept = Pick<RetentionRow, 'amount' | 'unit' | 'mode' | 'most'> & {
  key: RetentionKey
  changed: { at: Date; by: string; reason: string } | null
  /** Somebody has seen what it takes and let it run; before that it never runs by itself. */
  begun: boolean
}

/** What the house did before there was a table: it goes on. */
const BEGUN_BEFORE: readonly RetentionKey[] = ['lookups', 'lookups-wide', 'changes', 'mails']

export async function keptRows(tx: Tx): Promise<Kept[]> {
  const rows = await tx.query<{
    row: string
    amount: number | null
    unit: 'days' | 'months' | null
    mode: 'automatic' | 'by-hand' | null
    most: number | null
    reason: string | null
    at: Date | null
    by: string | null
    begun: boolean
  }>(
    `select k.row, s.amount, s.unit, s.mode, s.most, s.reason, s.changed_at as at, s.changed_by as by,
       exists (select from retention_begun b where b.row = k.row) as begun
     from unnest($1::text[]) k (row) left join retention_setting s on s.row = k.row`,
    [RETENTION_ROWS.map(one => one.key)],
  )
  return RETENTION_ROWS.map(shipped => {
    const own = rows.find(row => row.row === shipped.key)
    return {
      key: shipped.key,
      amount: own?.amount ?? shipped.amount,
      unit: own?.unit ?? shipped.unit,
      mode: own?.mode ?? shipped.mode,
      most: own?.most ?? shipped.most,
      changed: own?.at && own.by ? { at: own.at, by: own.by, reason: own.reason ?? '' } : null,
      begun: BEGUN_BEFORE.includes(shipped.key) || (own?.begun ?? false),
    }
  })
}

export async function storeSetting(
  tx: Tx,
  key: RetentionKey,
  to: Pick<Kept, 'amount' | 'unit' | 'mode' | 'most'>,
  by: { userId: string; reason: string; now: Date },
): Promise<void> {
  const shipped = retentionRow(key)
  const own = to.amount !== shipped.amount || to.unit !== shipped.unit
  await tx.query(
    `insert into retention_setting (row, amount, unit, mode, most, reason, changed_at, changed_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (row) do update set amount = excluded.amount, unit = excluded.unit, mode = excluded.mode, most = excluded.most,
       reason = excluded.reason, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
    [key, own ? to.amount : null, own ? to.unit : null, to.mode, to.most, by.reason, by.now, by.userId],
  )
}

/** What would go of one row; `sample` names nobody. */
export type Previewed = {
  row: RetentionKey
  due: number
  /** Under a legal hold. */
  held: number
  /** Still told of by a source, or still holding a right. */
  blocked: number
  sample: { part: string; id: string; started: string }[]
}

const periods = (kept: readonly Kept[]) =>
  JSON.stringify(
    kept.map(({ key, amount, unit }) => ({
      row: key,
      months: unit === 'months' ? amount : 0,
      days: unit === 'days' ? amount : 0,
    })),
  )

/** One statement, for however many rows. Sample: at most five, those that were due first. */
export async function previewRows(tx: Tx, kept: readonly Kept[], today: string): Promise<Previewed[]> {
  const keys = kept.map(one => one.key).filter(key => partsOf(key).length > 0)
  if (keys.length === 0) return []
  const rows = await tx.query<Previewed>(
    judgedSql(
      keys,
      `, counted as (
         select row, (count(*) filter (where not held and not blocked))::int as due, (count(*) filter (where held))::int as held,
           (count(*) filter (where blocked and not held))::int as blocked from judged group by row),
       first as (
         select row, part, id, started, row_number() over (partition by row order by started, part, id) as place
         from judged where not held and not blocked)
       select c.*, coalesce((select jsonb_agg(jsonb_build_object('part', f.part, 'id', f.id, 'started', f.started) order by f.place)
         from first f where f.row = c.row and f.place <= 5), '[]') as sample
       from counted c`,
    ),
    [today, periods(kept)],
  )
  return keys.map(row => rows.find(one => one.row === row) ?? { row, due: 0, held: 0, blocked: 0, sample: [] })
}

/** The next that go of one row, oldest first: `part/id`. */
export async function nextDue(tx: Tx, kept: Kept, today: string, limit: number): Promise<string[]> {
  const rows = await tx.query<{ subject: string }>(
    judgedSql(
      [kept.key],
      `select part || '/' || id as subject from judged where not held and not blocked order by started, part, id limit ${Math.trunc(limit)}`,
    ),
    [today, periods([kept])],
  )
  return rows.map(row => row.subject)
}

/** Takes away what these subjects of a row say. `pseudonyms` in their order, where they have been given already. */
export async function letGo(
  tx: Tx,
  key: RetentionKey,
  subjects: readonly string[],
  when: { today: string; now: Date },
  pseudonyms: readonly string[] = [],
): Promise<string[]> {
  const idsOf = (part: string) =>
    subjects.filter(one => one.startsWith(`${part}/`)).map(one => one.slice(part.length + 1))
  const people = idsOf('person')
  if (key === 'contact') await forgetContact(tx, people)
  else if (key === 'cpr') await forgetNumber(tx, people)
  else if (key === 'name') {
    const named = people.map((id, at) => ({ id, pseudonym: pseudonyms[at] ?? newPseudonym() }))
    await pseudonymise(tx, named, when)
    return named.map(one => one.pseudonym)
  } else
    for (const part of partsEver(key)) {
      const ids = idsOf(part.name)
      if (ids.length > 0) for (const statement of part.erase) await tx.query(statement, [ids])
    }
  return []
}

/** One at a time: a batch, or lines of a journal that are carried out again. */
export const holdRetention = (tx: Tx) => tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel retention'))`)

export async function journalled(
  tx: Tx,
  entry: {
    row: RetentionKey
    subjects: readonly string[]
    pseudonyms: readonly string[]
    at: Date
    runId: string | null
  },
): Promise<JournalLine> {
  const [last] = await tx.query<{ seq: number; hash: string }>(
    'select seq, hash from deletion_journal order by seq desc limit 1',
  )
  const line = {
    seq: (last?.seq ?? 0) + 1,
    row: entry.row,
    at: entry.at.toISOString(),
    subjects: [...entry.subjects],
    pseudonyms: [...entry.pseudonyms],
  }
  const whole = { ...line, hash: journalHash(last?.hash ?? JOURNAL_START, line) }
  await storeLine(tx, whole, entry.runId)
  return whole
}

export async function storeLine(tx: Tx, line: JournalLine, runId: string | null): Promise<void> {
  await tx.query(
    `insert into deletion_journal (seq, row, at, subjects, pseudonyms, hash, run_id) values ($1, $2, $3, $4, $5, $6, $7)`,
    [line.seq, line.row, line.at, line.subjects, line.pseudonyms, line.hash, runId],
  )
}

export const journalLines = (tx: Tx, after = 0, limit = 1_000): Promise<JournalLine[]> =>
  tx.query<JournalLine>(
    'select seq, row, at, subjects, pseudonyms, hash from deletion_journal where seq > $1 order by seq limit $2',
    [after, limit],
  )

export type StoredRun = {
  id: string
  rows: RetentionKey[]
  onDay: string
  state: 'waiting' | 'running' | 'done' | 'refused'
  preview: Previewed[]
  gone: Partial<Record<RetentionKey, { count: number; ended: boolean }>>
  askedBy: string | null
}
const RUN = `id, rows, on_day as "onDay", state, preview, gone, asked_by as "askedBy"`

export async function insertRun(
  tx: Tx,
  run: Pick<StoredRun, 'id' | 'rows' | 'onDay' | 'state' | 'preview' | 'askedBy'> & { reason: string; now: Date },
): Promise<void> {
  await tx.query(
    `insert into retention_run (id, rows, on_day, state, preview, asked_at, asked_by, reason) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [run.id, run.rows, run.onDay, run.state, JSON.stringify(run.preview), run.now, run.askedBy, run.reason],
  )
}

/** The run with its row locked. Throws `not-found`. */
export async function lockRun(tx: Tx, id: string): Promise<StoredRun> {
  const [run] = await tx.query<StoredRun>(`select ${RUN} from retention_run where id = $1 for update`, [id])
  if (!run) throw problem('not-found')
  return run
}

export async function runningRun(tx: Tx): Promise<StoredRun | null> {
  const [run] = await tx.query<StoredRun>(`select ${RUN} from retention_run where state = 'running' for update`)
  return run ?? null
}

export async function decideRun(
  tx: Tx,
  id: string,
  to: { state: 'running' | 'refused'; by: string; decision: string; now: Date },
): Promise<void> {
  await tx.query(
    `update retention_run set state = $2, decided_by = $3, decision = $4, decided_at = $5,
       ended_at = case when $2 = 'refused' then $5::timestamptz end where id = $1`,
    [id, to.state, to.by, to.decision, to.now],
  )
}

export async function noteGone(tx: Tx, id: string, gone: StoredRun['gone'], now: Date): Promise<void> {
  await tx.query('update retention_run set gone = $2, beat_at = $3 where id = $1', [id, JSON.stringify(gone), now])
}

/** The run is over. Its rows may run by themselves from now on, where a person has let them. */
export async function endRun(tx: Tx, run: StoredRun, now: Date): Promise<void> {
  await tx.query(`update retention_run set state = 'done', ended_at = $2, beat_at = $2 where id = $1`, [run.id, now])
  if (run.askedBy !== null)
    await tx.query(
      `insert into retention_begun (row, run_id, at) select r, $2, $3 from unnest($1::text[]) r on conflict (row) do nothing`,
      [run.rows, run.id, now],
    )
}

/** The rows that a run waits for or works at, so that the night does not ask for the same once more. */
export async function openRows(tx: Tx): Promise<RetentionKey[]> {
  const rows = await tx.query<{ row: RetentionKey }>(
    `select distinct unnest(rows) as row from retention_run where state in ('waiting', 'running')`,
  )
  return rows.map(one => one.row)
}

export async function lastNight(tx: Tx): Promise<string | null> {
  const [row] = await tx.query<{ value: { day: string } }>(
    `select value from installation where key = 'retention-night'`,
  )
  return row?.value.day ?? null
}
export const noteNight = (tx: Tx, day: string) =>
  tx.query(
    `insert into installation (key, value) values ('retention-night', $1)
     on conflict (key) do update set value = excluded.value, changed_at = now()`,
    [JSON.stringify({ day })],
  )
