import { takeDue } from '../../findings/due-store.ts'
import { countDay, reopenDue, syncFindings } from '../../findings/finding-store.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { syncPurposes } from '../purposes/purpose-findings.ts'
import { endingFindings } from './drift-kinds.ts'
import { rollExceptions } from './exception-store.ts'
import { syncOutliers } from './outlier-store.ts'
import { syncPeople } from './sync-drift.ts'

/** All drift from nothing: what everything that is done bit by bit has to come to. */
export async function syncEverything(tx: Tx, today: string): Promise<void> {
  await tx.query('set local enable_nestloop = off')
  await syncPeople(tx, 'all')
  await tx.query('set local enable_nestloop to default')
  await syncFindings(tx, endingFindings(today))
  await syncOutliers(tx)
}

/**
 * What time alone changes, once a day: exceptions that end, decisions that run out, accounts that have gone unused.
 * Everything is evaluated from nothing as well, which also fills an installation that has just been upgraded. Answers
 * false where it has been done today: a fact of its own, since findings are counted more often than that, and there may
 * be none to count.
 */
export async function rollFindings(tx: Tx, today: string, now: Date): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel access'))`)
  const [last] = await tx.query<{ value: { day: string } }>(
    `select value from installation where key = 'findings-rolled'`,
  )
  if (last?.value.day === today) return false
  await rollExceptions(tx, today)
  await reopenDue(tx, today, now)
  await syncEverything(tx, today)
  await takeDue(tx)
  await syncPurposes(tx, today)
  await countDay(tx, today)
  await tx.query(
    `insert into installation (key, value) values ('findings-rolled', $1)
     on conflict (key) do update set value = excluded.value, changed_at = now()`,
    [JSON.stringify({ day: today })],
  )
  return true
}
