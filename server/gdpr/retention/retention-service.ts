import { DELETED_KEYS, type RetentionKey, retentionRow } from '#contract/retention-rows.ts'
import { type AuditActor, systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { JOURNAL_START, type JournalLine } from './journal.ts'
import {
  decideRun,
  endRun,
  holdRetention,
  insertRun,
  journalLines,
  journalled,
  type Kept,
  keptRows,
  lastNight,
  letGo,
  lockRun,
  nextDue,
  noteGone,
  noteNight,
  openRows,
  type Previewed,
  previewRows,
  runningRun,
  storeLine,
  storeSetting,
} from './retention-store.ts'

type When = { today: string; now: Date }
/** People go in small batches, since each touches many tables; entries of logs in large ones. */
const BATCH = { person: 100, account: 500, case: 500, entry: 5_000, other: 1_000, outside: 1 } as const

/** Another period, rhythm or limit. What ships may always come back; both need a reason. */
export async function changeRow(
  tx: Tx,
  actor: Actor,
  key: RetentionKey,
  to: Pick<Kept, 'amount' | 'unit' | 'mode' | 'most'> & { reason: string },
  { now }: When,
): Promise<void> {
  const before = (await keptRows(tx)).find(one => one.key === key)
  const { reason, ...after } = to
  await storeSetting(tx, key, after, { userId: actor.userId, reason, now })
  await audit(tx).write({
    actor: auditActor(actor),
    action: 'retention.changed',
    subjectKind: 'retention',
    subjectId: key,
    before: before && { amount: before.amount, unit: before.unit, mode: before.mode, most: before.most },
    after,
    detail: { reason },
  })
}

export async function preview(tx: Tx, keys: readonly RetentionKey[], today: string): Promise<Previewed[]> {
  const kept = await keptRows(tx)
  return previewRows(
    tx,
    kept.filter(one => keys.includes(one.key)),
    today,
  )
}

/** More than the row allows one person to let go. */
const tooMany = (found: readonly Previewed[], kept: readonly Kept[]) =>
  found.filter(one => one.due > (kept.find(row => row.key === one.row)?.most ?? 0)).map(one => one.row)

/**
 * Somebody has seen the preview and lets it run. Above a row's limit it waits for a second person. Nothing is deleted here:
 * `carryOut` does it, in batches.
 */
export async function startRun(
  tx: Tx,
  actor: Actor,
  asked: { rows: readonly RetentionKey[]; reason: string },
  when: When,
): Promise<{ id: string; state: 'waiting' | 'running' }> {
  await holdRetention(tx)
  const busy = await openRows(tx)
  const twice = asked.rows.filter(row => busy.includes(row))
  if (twice.length > 0 || (await runningRun(tx)))
    throw problem('run-in-progress', {
      detail: `A run of ${twice.join(', ') || 'other rows'} waits or is not over yet. Decide about it, or wait for its end.`,
    })
  const kept = (await keptRows(tx)).filter(one => asked.rows.includes(one.key))
  const found = await previewRows(tx, kept, when.today)
  const state = tooMany(found, kept).length > 0 ? ('waiting' as const) : ('running' as const)
  const id = newId(when.now.getTime())
  const rows = kept.map(one => one.key)
  await insertRun(tx, {
    id,
    rows,
    onDay: when.today,
    state,
    preview: found,
    askedBy: actor.userId,
    reason: asked.reason,
    now: when.now,
  })
  await audit(tx).write({
    actor: auditActor(actor),
    action: 'retention.run-asked',
    subjectKind: 'retention-run',
    subjectId: id,
    detail: { rows, state, reason: asked.reason, due: Object.fromEntries(found.map(one => [one.row, one.due])) },
  })
  return { id, state }
}

/** The second person: never the one who asked. */
export async function decideAboutRun(
  tx: Tx,
  actor: Actor,
  id: string,
  decision: { yes: boolean; reason: string },
  { now }: When,
): Promise<void> {
  await holdRetention(tx)
  const run = await lockRun(tx, id)
  if (run.state !== 'waiting') throw problem('conflict', { detail: 'Somebody has decided about this run already.' })
  if (decision.yes && run.askedBy === actor.userId) throw problem('second-person-needed')
  if (decision.yes && (await runningRun(tx)))
    throw problem('run-in-progress', { detail: 'Another run is not over yet. Try again when it is.' })
  await decideRun(tx, id, {
    state: decision.yes ? 'running' : 'refused',
    by: actor.userId,
    decision: decision.reason,
    now,
  })
  await audit(tx).write({
    actor: auditActor(actor),
    action: decision.yes ? 'retention.run-agreed' : 'retention.run-refused',
    subjectKind: 'retention-run',
    subjectId: id,
    detail: { rows: run.rows, reason: decision.reason },
  })
}

/**
 * The run that is under way, batch by batch, each with its line of the journal in one transaction: what is cut off goes on
 * where it stopped, whoever takes it up. `until` (an instant in ms) ends this one's part. Answers whether nothing is left.
 */
export async function carryOut(db: Db, now: () => Date, until = Number.POSITIVE_INFINITY): Promise<boolean> {
  for (;;) {
    const more = await db.transaction(tx => oneBatch(tx, now()))
    if (!more) return true
    if (now().getTime() >= until) return false
  }
}

async function oneBatch(tx: Tx, now: Date): Promise<boolean> {
  await holdRetention(tx)
  const run = await runningRun(tx)
  if (!run) return false
  const kept = await keptRows(tx)
  for (const key of run.rows) {
    const done = run.gone[key] ?? { count: 0, ended: false }
    const row = kept.find(one => one.key === key)
    if (done.ended || !row) continue
    // Never more than the preview that somebody has seen.
    const left = (run.preview.find(one => one.row === key)?.due ?? 0) - done.count
    const batch = Math.min(left, BATCH[retentionRow(key).subject])
    const subjects = batch > 0 ? await nextDue(tx, row, run.onDay, batch) : []
    if (subjects.length > 0) {
      const pseudonyms = await letGo(tx, key, subjects, { today: run.onDay, now })
      await journalled(tx, { row: key, subjects, pseudonyms, at: now, runId: run.id })
    }
    run.gone[key] = { count: done.count + subjects.length, ended: subjects.length < batch || subjects.length === left }
    await noteGone(tx, run.id, run.gone, now)
    return true
  }
  await endRun(tx, run, now)
  const [last] = await journalLast(tx)
  await audit(tx).write({
    actor: systemActor('retention'),
    action: 'retention.ran',
    subjectKind: 'retention-run',
    subjectId: run.id,
    detail: {
      gone: Object.fromEntries(run.rows.map(row => [row, run.gone[row]?.count ?? 0])),
      held: Object.fromEntries(run.preview.map(one => [one.row, one.held])),
      // Into the sealed log: whoever changes the journal afterwards changes this too.
      journal: last ?? null,
    },
  })
  return false
}

const journalLast = (tx: Tx) =>
  tx.query<{ seq: number; hash: string }>('select seq, hash from deletion_journal order by seq desc limit 1')

/**
 * Once a day: rows that run by themselves and have been let run once. What is above a row's limit waits for somebody
 * instead. Answers what it began.
 */
export async function runNight(tx: Tx, when: When): Promise<{ began: RetentionKey[]; waits: RetentionKey[] }> {
  await holdRetention(tx)
  if ((await lastNight(tx)) === when.today || (await runningRun(tx))) return { began: [], waits: [] }
  await noteNight(tx, when.today)
  const busy = await openRows(tx)
  const kept = (await keptRows(tx)).filter(
    one =>
      one.mode === 'automatic' &&
      one.begun &&
      DELETED_KEYS.includes(one.key as (typeof DELETED_KEYS)[number]) &&
      !busy.includes(one.key),
  )
  const found = (await previewRows(tx, kept, when.today)).filter(one => one.due > 0)
  const waits = tooMany(found, kept)
  const began = found.map(one => one.row).filter(row => !waits.includes(row))
  const ask = (rows: RetentionKey[], state: 'running' | 'waiting') =>
    insertRun(tx, {
      ...{ id: newId(when.now.getTime()), rows, state, onDay: when.today, askedBy: null, reason: '', now: when.now },
      preview: found.filter(one => rows.includes(one.row)),
    })
  if (began.length > 0) await ask(began, 'running')
  if (waits.length > 0) await ask(waits, 'waiting')
  if (began.length + waits.length > 0)
    await audit(tx).write({
      actor: systemActor('retention'),
      action: 'retention.run-asked',
      subjectKind: 'retention-run',
      detail: { rows: began, waits, due: Object.fromEntries(found.map(one => [one.row, one.due])) },
    })
  return { began, waits }
}

/**
 * A journal that was kept apart, carried out on a backup that was restored: lines that this database has are compared, the
 * others are done again and written down as they were. Throws `conflict` where it is the journal of another installation.
 */
export async function replay(
  db: Db,
  lines: readonly JournalLine[],
  actor: AuditActor,
  when: When,
): Promise<{ known: number; replayed: number; subjects: number }> {
  const known = await db.transaction(async tx => {
    await holdRetention(tx)
    const [last] = await journalLast(tx)
    const at = last ? lines[last.seq - 1] : undefined
    if (last && at?.hash !== last.hash)
      throw problem('conflict', {
        detail: `This database has line ${last.seq} of a deletion journal that the file does not have. It is another installation's, or an older file.`,
      })
    return last?.seq ?? 0
  })
  let subjects = 0
  for (const line of lines.slice(known)) {
    await db.transaction(async tx => {
      await holdRetention(tx)
      await letGo(tx, line.row, line.subjects, when, line.pseudonyms)
      await storeLine(tx, line, null)
    })
    subjects += line.subjects.length
  }
  const replayed = lines.length - known
  await db.transaction(tx =>
    audit(tx).write({
      actor,
      action: 'retention.replayed',
      subjectKind: 'retention',
      detail: { known, replayed, subjects, journal: lines.at(-1)?.hash ?? JOURNAL_START },
    }),
  )
  return { known, replayed, subjects }
}

/** All lines, in order, as the file keeps them. */
export async function exportJournal(tx: Tx, after = 0): Promise<JournalLine[]> {
  const lines: JournalLine[] = []
  for (;;) {
    const some = await journalLines(tx, lines.at(-1)?.seq ?? after)
    lines.push(...some)
    if (some.length < 1_000) return lines
  }
}
