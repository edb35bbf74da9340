import type { Tx } from '../platform/unit-of-work.ts'

/**
 * A set-up that was cut off begins from the top: says whether this step of it has not been made yet, and notes in the same
 * transaction that it now is. What is made in that transaction is there exactly once.
 */
export async function firstTime(tx: Tx, step: string): Promise<boolean> {
  const rows = await tx.query(
    `insert into installation (key, value) values ($1, 'true') on conflict do nothing returning key`,
    [`demo step ${step}`],
  )
  return rows.length > 0
}

/** With the last step, which says that all are made. */
export async function forgetSteps(tx: Tx): Promise<void> {
  await tx.query(`delete from installation where key like 'demo step %'`)
}
