import type { ResponseOf } from '#contract/endpoint.ts'
import type { getRecordKeeping, listSystemRecords } from '#contract/records.ts'
import { addDays } from '../../platform/civil-date.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, can } from '../../policy/policy.ts'
import { readActivity } from '../activities/activity-store.ts'
import { DUE_NOTICE_DAYS, RECORD_ABOUT, RECORD_KINDS, standingOf } from './dated-record.ts'
import { keptKinds, recordsOf } from './record-store.ts'

type List = ResponseOf<typeof listSystemRecords>

async function listOf(
  tx: Tx,
  of: { system: string } | { activity: string },
  { today, change }: { today: string; change: boolean },
): Promise<List> {
  const about = 'system' in of ? 'system' : 'activity'
  const kept = await keptKinds(tx)
  const rows = await recordsOf(tx, of)
  return {
    rows: rows.map(row => ({
      ...{ id: row.id, kind: row.kind, onDay: row.onDay, nextDue: row.nextDue, reference: row.reference },
      ...{ note: row.note, endedOn: row.endedOn, endedReason: row.endedReason, origin: row.origin },
      standing: standingOf(row, today, addDays(today, DUE_NOTICE_DAYS)),
    })),
    kinds: RECORD_KINDS.filter(kind => RECORD_ABOUT[kind].includes(about)).map(kind => ({
      kind,
      kept: kept.has(kind),
    })),
    today,
    allowed: { change },
  }
}

/** Three statements. Throws `not-found` for a system that is not there. */
export async function systemRecordsView(tx: Tx, actor: Actor, systemId: string, today: string): Promise<List> {
  const [system] = await tx.query('select from it_system where id = $1', [systemId])
  if (!system || !allows(actor, 'read', 'System', { id: systemId })) throw problem('not-found')
  return listOf(tx, { system: systemId }, { today, change: allows(actor, 'change', 'System', { id: systemId }) })
}

export async function activityRecordsView(tx: Tx, actor: Actor, activityId: string, today: string): Promise<List> {
  const found = await readActivity(tx, activityId, today)
  if (!found || !allows(actor, 'read', 'Activity', found)) throw problem('not-found')
  return listOf(tx, { activity: activityId }, { today, change: allows(actor, 'change', 'Activity', found) })
}

/** Every kind with whether it is kept here, how many records count and how many of them are overdue. Two statements. */
export async function keepingView(tx: Tx, actor: Actor, today: string): Promise<ResponseOf<typeof getRecordKeeping>> {
  const kept = await keptKinds(tx)
  const counts = await tx.query<{ kind: string; records: number; overdue: number }>(
    `select kind, count(*)::int as records, (count(*) filter (where next_due < $1::date))::int as overdue from dated_record
     where upper_inf(recorded) and (ended_on is null or ended_on > $1::date) group by kind`,
    [today],
  )
  return {
    kinds: RECORD_KINDS.map(kind => {
      const here = counts.find(one => one.kind === kind)
      return { kind, kept: kept.has(kind), records: here?.records ?? 0, overdue: here?.overdue ?? 0 }
    }),
    allowed: { change: can(actor, 'vocabulary.change') },
  }
}
