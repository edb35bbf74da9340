import type { TokenRight } from '#contract/tokens.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

export type TokenStore = ReturnType<typeof tokenStore>

/** When a token was used is written this often: a burst of events is not a burst of updates of one row. */
const USED_EVERY = '5 minutes'

export function tokenStore(tx: Pick<Tx, 'query'>) {
  return {
    insert: async (token: {
      name: string
      hash: Buffer
      hint: string
      rights: readonly TokenRight[]
      feed: string
      now: Date
      by: string
      expiresAt: Date
    }): Promise<string> => {
      const id = newId(token.now.getTime())
      await tx.query(
        `insert into api_token (id, name, hash, hint, rights, feed, created_at, created_by, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [id, token.name, token.hash, token.hint, token.rights, token.feed, token.now, token.by, token.expiresAt],
      )
      return id
    },

    /** A token that may be used at this instant; that it was is noted. */
    use: async (
      hash: Buffer,
      now: Date,
    ): Promise<{ id: string; name: string; rights: TokenRight[]; feed: string; expiresAt: Date } | null> => {
      const [row] = await tx.query<{
        id: string
        name: string
        rights: TokenRight[]
        feed: string
        expiresAt: Date
        stale: boolean
      }>(
        `select id, name, rights, feed, expires_at as "expiresAt",
           last_used_at is null or last_used_at < $2::timestamptz - interval '${USED_EVERY}' as stale
         from api_token where hash = $1 and revoked_at is null and expires_at > $2`,
        [hash, now],
      )
      if (!row) return null
      const { stale, ...token } = row
      if (stale) await tx.query('update api_token set last_used_at = $2 where id = $1', [token.id, now])
      return token
    },

    find: async (id: string) =>
      (
        await tx.query<{ id: string; name: string; feed: string; revokedAt: Date | null }>(
          'select id, name, feed, revoked_at as "revokedAt" from api_token where id = $1 for update',
          [id],
        )
      )[0] ?? null,

    revoke: (id: string, now: Date, by: string, reason: string) =>
      tx.query('update api_token set revoked_at = $2, revoked_by = $3, revoked_reason = $4 where id = $1', [
        id,
        now,
        by,
        reason,
      ]),

    /** Sources that are declared: a token may speak for one of them. */
    feeds: async (): Promise<string[]> =>
      (await tx.query<{ key: string }>('select key from source order by key')).map(row => row.key),
  }
}
