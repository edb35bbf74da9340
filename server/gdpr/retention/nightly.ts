import type { RetentionKey } from '#contract/retention-rows.ts'
import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import { drawMonth } from '../samples/sample-store.ts'
import { carryOut, runNight } from './retention-service.ts'

/** Once a day what runs by itself, and on the first days of a month a sample of the month before. */
export async function nightly({ db, clock }: { db: Db; clock: Clock }): Promise<{
  began: RetentionKey[]
  waits: RetentionKey[]
  drawn: number
}> {
  const when = { today: clock.today(), now: clock.now() }
  const begun = await db.transaction(tx => runNight(tx, when))
  await carryOut(db, () => clock.now())
  const drawn = await db.transaction(async tx => {
    const count = await drawMonth(tx, monthBefore(when.today), when.now)
    if (count > 0)
      await audit(tx).write({
        ...{ actor: systemActor('lookup-samples'), action: 'lookup-sample.drawn', subjectKind: 'lookup-sample' },
        detail: { month: monthBefore(when.today), drawn: count },
      })
    return count
  })
  return { ...begun, drawn }
}

/** The first day of the month before that of a civil date. */
export function monthBefore(day: string): string {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 2, 1)).toISOString().slice(0, 10)
}
