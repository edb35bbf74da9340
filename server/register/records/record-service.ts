import { audit } from '../../audit/audit-store.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import { activityFor } from '../activities/activity-service.ts'
import { RECORD_ABOUT, type RecordKind } from './dated-record.ts'
import type { BadRow, ToldRecord } from './read-records.ts'
import * as store from './record-store.ts'

/** What a record is about. */
export type About = { systemId: string } | { activityId: string }
export type Written = Pick<store.NewRecord, 'kind' | 'onDay' | 'nextDue' | 'reference' | 'note'>
/** What follows from a record having ended, in the same transaction: findings, and the plan that the owner decides. */
export type OnRecordEnded = (
  tx: Tx,
  ended: store.StoredRecord & { on: string },
  told: { actor: Actor; today: string; now: Date },
) => Promise<void>
export type Ctx = { tx: Tx; actor: Actor; today: string; now: Date }

const aboutOf = (about: About) =>
  'systemId' in about
    ? { systemId: about.systemId, activityId: null }
    : { systemId: null, activityId: about.activityId }

/** Throws `not-found` for a system or an activity that the actor may not know of, `not-allowed` where it is another's. */
async function mayChange(ctx: Ctx, about: About): Promise<void> {
  if ('activityId' in about) {
    await activityFor(ctx, about.activityId, 'change')
    return
  }
  const [system] = await ctx.tx.query('select from it_system where id = $1 and gone_at is null', [about.systemId])
  if (!system || !allows(ctx.actor, 'read', 'System', { id: about.systemId })) throw problem('not-found')
  if (!allows(ctx.actor, 'change', 'System', { id: about.systemId })) throw problem('not-allowed')
}

const invalid = (where: string, what: string) => problem('data-invalid', { errors: [{ where, what }] })

/** Notes a record. Throws `data-invalid` for a kind that cannot be said of it, or a day in the wrong order. */
export async function addRecord(ctx: Ctx, about: About, written: Written): Promise<{ id: string }> {
  await mayChange(ctx, about)
  if (!RECORD_ABOUT[written.kind].includes('systemId' in about ? 'system' : 'activity'))
    throw invalid('body/kind', 'This kind of record is not of this')
  if (written.nextDue !== null && written.nextDue <= written.onDay)
    throw invalid('body/nextDue', 'It would be due before it was made')
  const [id] = await store.addRecords(ctx.tx, [{ ...written, ...aboutOf(about) }], {
    ...{ by: ctx.actor.userId, now: ctx.now, origin: 'manual' as const },
  })
  await note(ctx, 'record.added', id!, { ...aboutOf(about), ...written })
  return { id: id! }
}

export async function endRecord(
  ctx: Ctx,
  about: About,
  { id, on, reason }: { id: string; on: string; reason: string },
  after: readonly OnRecordEnded[],
): Promise<{ id: string }> {
  await mayChange(ctx, about)
  const record = await store.loadRecord(ctx.tx, id)
  const { systemId, activityId } = aboutOf(about)
  if (!record || record.systemId !== systemId || record.activityId !== activityId) throw problem('not-found')
  if (record.endedOn !== null) throw problem('conflict', { detail: 'This record has been ended already.' })
  if (on < record.onDay) throw invalid('body/on', 'It would end before it began')
  const ended = await store.endRecord(ctx.tx, id, { on, reason, by: ctx.actor.userId, now: ctx.now })
  await note(ctx, 'record.ended', ended, { kind: record.kind, systemId, activityId, on, reason })
  for (const follow of after) await follow(ctx.tx, { ...record, id: ended, on }, ctx)
  return { id: ended }
}

export async function keep(ctx: Ctx, { kind, kept }: { kind: RecordKind; kept: boolean }): Promise<{ kept: boolean }> {
  const { before } = await store.setKept(ctx.tx, { kind, kept, by: ctx.actor.userId, now: ctx.now })
  await audit(ctx.tx).write({
    actor: auditActor(ctx.actor),
    ...{ action: 'record.keeping-changed', subjectKind: 'installation' },
    ...{ before: { kind, kept: before }, after: { kind, kept } },
  })
  return { kept }
}

export type Imported = { rows: number; taken: number; known: number; bad: BadRow[] }

/**
 * What a file of records comes to: rows that name a system by key or name, or an activity by ref or name, that the actor
 * may change; each other row with why not. A row that says what stands there already is not taken twice.
 */
export async function planRecords(
  ctx: Ctx,
  read: { told: readonly ToldRecord[]; bad: readonly BadRow[] },
): Promise<Imported & { records: store.NewRecord[] }> {
  const named = await store.namedIn(ctx.tx, read.told, ctx.today)
  const bad = [...read.bad]
  const records: store.NewRecord[] = []
  let known = 0
  const seen = new Set(named.standing)
  for (const { line, system, activity, ...said } of read.told) {
    const found =
      system !== null ? named.systems.get(store.nameKey(system)) : named.activities.get(store.nameKey(activity ?? ''))
    const may =
      found &&
      (system !== null
        ? allows(ctx.actor, 'change', 'System', { id: found.id })
        : allows(ctx.actor, 'change', 'Activity', found))
    if (!found || !may) {
      const what = found ? 'not-allowed' : system !== null ? 'unknown-system' : 'unknown-activity'
      bad.push({ line, what, text: (system ?? activity ?? '').slice(0, 200) })
      continue
    }
    const record = {
      ...said,
      systemId: system !== null ? found.id : null,
      activityId: system === null ? found.id : null,
    }
    const key = store.recordKey(record)
    if (seen.has(key)) known += 1
    else records.push(record)
    seen.add(key)
  }
  bad.sort((a, b) => a.line - b.line)
  return { rows: read.told.length + read.bad.length, taken: records.length, known, bad, records }
}

export async function takeRecords(
  ctx: Ctx,
  file: string,
  planned: Awaited<ReturnType<typeof planRecords>>,
): Promise<void> {
  await store.addRecords(ctx.tx, planned.records, { by: ctx.actor.userId, now: ctx.now, origin: 'imported' })
  await audit(ctx.tx).write({
    actor: auditActor(ctx.actor),
    ...{ action: 'record.imported', subjectKind: 'installation' },
    detail: { file, taken: planned.taken, known: planned.known, bad: planned.bad.length },
  })
}

const note = (ctx: Ctx, action: string, subjectId: string, detail: Record<string, unknown>) =>
  audit(ctx.tx).write({ actor: auditActor(ctx.actor), action, subjectKind: 'record', subjectId, detail })
