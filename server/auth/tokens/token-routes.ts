import { createToken, listTokens, revokeToken, type TokenRight } from '#contract/tokens.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor, can } from '../../policy/policy.ts'
import { makeApiToken, revokeApiToken } from './token-service.ts'
import { tokenStore } from './token-store.ts'

type Row = {
  id: string
  name: string
  hint: string
  rights: TokenRight[]
  feed: string
  createdAt: Date
  createdBy: string
  expiresAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
  revokedReason: string | null
}

const stateOf = (row: Row, now: Date): 'active' | 'expired' | 'revoked' =>
  row.revokedAt ? 'revoked' : row.expiresAt <= now ? 'expired' : 'active'

export function tokenRoutes(routes: Routes<Actor>, { clock }: { clock: Clock }): void {
  routes.add(listTokens, async ({ tx, actor }) => {
    const rows = await tx.query<Row>(
      `select t.id, t.name, t.hint, t.rights, t.feed, t.created_at as "createdAt",
         coalesce(p.name, u.display_name, u.username, t.created_by) as "createdBy", t.expires_at as "expiresAt",
         t.last_used_at as "lastUsedAt", t.revoked_at as "revokedAt", t.revoked_reason as "revokedReason"
       from api_token t left join tool_user u on u.id::text = t.created_by
       left join person_current p on p.person_id = u.person_id and not p.protected
       order by t.revoked_at is not null, t.expires_at, t.id`,
    )
    const now = clock.now()
    const manage = can(actor, 'token.manage')
    return {
      rows: rows.map(row => {
        const state = stateOf(row, now)
        return {
          ...row,
          createdAt: row.createdAt.toISOString(),
          expiresAt: row.expiresAt.toISOString(),
          lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
          revokedAt: row.revokedAt?.toISOString() ?? null,
          state,
          allowed: { revoke: manage && state === 'active' },
        }
      }),
      feeds: await tokenStore(tx).feeds(),
      allowed: { create: manage },
    }
  })
  const parts = (call: { tx: Tx; actor: Actor; requestId: string }) => ({
    rows: tokenStore(call.tx),
    audit: audit(call.tx).write,
    now: clock.now(),
    actor: auditActor(call.actor),
    requestId: call.requestId,
  })
  routes.add(createToken, async call => {
    const { id, token, expiresAt } = await makeApiToken(call.body, parts(call))
    return { id, token, expiresAt: expiresAt.toISOString() }
  })
  routes.add(revokeToken, async call => {
    const made = parts(call)
    await revokeApiToken(call.params.tokenId, call.body.reason, made)
    return { revokedAt: made.now.toISOString() }
  })
}
