import type { Tx } from '../platform/unit-of-work.ts'

export const LOCK_MINUTES = 15

export type AttemptStore = ReturnType<typeof attemptStore>

/** Counts of failed attempts. The count goes up before the password is looked at, so a burst at once gets no extra tries. */
export function attemptStore(tx: Tx) {
  return {
    /** Take one try out of `limit`; answers until when it is locked, or null when the try may be made. */
    take: async (key: Buffer, limit: number, now: Date): Promise<Date | null> => {
      const [row] = await tx.query<{ locked_until: Date | null }>(
        `insert into sign_in_attempt as known (key, failures, first_at) values ($1, 1, $2)
         on conflict (key) do update set
           failures = case when known.locked_until > $2 then known.failures when ${FRESH} then 1 else known.failures + 1 end,
           first_at = case when known.locked_until > $2 then known.first_at when ${FRESH} then $2 else known.first_at end,
           locked_until = case
             when known.locked_until > $2 then known.locked_until
             when ${FRESH} then null
             when known.failures + 1 > $3 then $2 + interval '${LOCK_MINUTES} minutes' end
         returning locked_until`,
        [key, now, limit],
      )
      return row?.locked_until ?? null
    },
    /** The try failed: the last one allowed locks. True when it is locked now. */
    failed: async (key: Buffer, limit: number, now: Date): Promise<boolean> => {
      const rows = await tx.query(
        `update sign_in_attempt set locked_until = $3::timestamptz + interval '${LOCK_MINUTES} minutes'
         where key = $1 and failures >= $2 and locked_until is null returning key`,
        [key, limit, now],
      )
      return rows.length > 0
    },
    clear: (key: Buffer) => tx.query('delete from sign_in_attempt where key = $1', [key]),
    /** Give the try back: a right password does not count against the address it came from. */
    giveBack: (key: Buffer) =>
      tx.query('update sign_in_attempt set failures = failures - 1 where key = $1 and failures > 0', [key]),
    /** For the cleaning job: what is over says nothing any more. */
    removeOld: (now: Date) =>
      tx.query(
        `delete from sign_in_attempt where coalesce(locked_until, first_at + interval '${LOCK_MINUTES} minutes') < $1`,
        [now],
      ),
  }
}

/** A lock that is over, or a first failure so long ago that it does not count with the next. */
const FRESH = `(known.locked_until is not null or known.first_at < $2 - interval '${LOCK_MINUTES} minutes')`
