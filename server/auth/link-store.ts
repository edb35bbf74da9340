import type { Tx } from '../platform/unit-of-work.ts'
import type { LinkPurpose } from './one-time-link.ts'

export type OpenLink = {
  userId: string
  purpose: LinkPurpose
  username: string
  displayName: string
  expiresAt: Date
}

export type LinkStore = ReturnType<typeof linkStore>

export function linkStore(tx: Tx) {
  return {
    /** A new link; earlier ones of the same user stop working. */
    create: async (userId: string, purpose: LinkPurpose, tokenHash: Buffer, expiresAt: Date) => {
      await tx.query('delete from one_time_link where user_id = $1 and used_at is null', [userId])
      await tx.query('insert into one_time_link (token_hash, user_id, purpose, expires_at) values ($1, $2, $3, $4)', [
        tokenHash,
        userId,
        purpose,
        expiresAt,
      ])
    },
    find: async (tokenHash: Buffer, now: Date): Promise<OpenLink | null> =>
      (
        await tx.query<OpenLink>(
          `select link.user_id as "userId", link.purpose, known.username, coalesce(known.display_name, known.username) as "displayName",
             link.expires_at as "expiresAt"
           from one_time_link link join tool_user known on known.id = link.user_id
           where link.token_hash = $1 and link.used_at is null and link.expires_at > $2 and known.disabled_at is null`,
          [tokenHash, now],
        )
      )[0] ?? null,
    /** Use it up. False when somebody was quicker. */
    use: async (tokenHash: Buffer, now: Date) =>
      (
        await tx.query(
          'update one_time_link set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2 returning user_id',
          [tokenHash, now],
        )
      ).length > 0,
  }
}
