import type { TokenRight } from '#contract/tokens.ts'
import type { AuditActor, AuditWrite } from '../../audit/audit-entry.ts'
import { problem } from '../../platform/problem.ts'
import { makeToken } from './token.ts'

export type TokenRows = {
  insert(token: {
    name: string
    hash: Buffer
    hint: string
    rights: readonly TokenRight[]
    feed: string
    now: Date
    by: string
    expiresAt: Date
  }): Promise<string>
  find(id: string): Promise<{ id: string; name: string; feed: string; revokedAt: Date | null } | null>
  revoke(id: string, now: Date, by: string, reason: string): Promise<unknown>
  feeds(): Promise<string[]>
}
type Parts = {
  rows: TokenRows
  audit(entry: AuditWrite): Promise<unknown>
  now: Date
  actor: AuditActor
  requestId: string
}

const DAY = 86_400_000
/** Programs that are no declared source speak under this key, or one that begins with it. */
const OWN = /^hr-events(-[a-z0-9-]+)?$/

/** A new token, which nobody sees again. Throws `data-invalid` for a source that there is none of. */
export async function makeApiToken(
  input: { name: string; rights: readonly TokenRight[]; feed: string; days: number },
  { rows, audit, now, actor, requestId }: Parts,
): Promise<{ id: string; token: string; expiresAt: Date }> {
  if (!OWN.test(input.feed) && !(await rows.feeds()).includes(input.feed))
    throw problem('data-invalid', {
      detail: 'A token speaks for a declared source, or for a key that begins with hr-events.',
      errors: [{ where: 'body/feed', what: 'is no declared source and does not begin with hr-events' }],
    })
  const { token, hash, hint } = makeToken()
  const expiresAt = new Date(now.getTime() + input.days * DAY)
  const { name, rights, feed } = input
  const id = await rows.insert({ name, hash, hint, rights, feed, now, by: actor.userId ?? actor.function, expiresAt })
  await audit({
    actor,
    action: 'token.created',
    subjectKind: 'token',
    subjectId: id,
    after: { name, rights, feed, expiresAt: expiresAt.toISOString() },
    requestId,
  })
  return { id, token, expiresAt }
}

/** Throws `not-found`, `conflict` where it was revoked before, `reason-needed`. */
export async function revokeApiToken(
  id: string,
  given: string,
  { rows, audit, now, actor, requestId }: Parts,
): Promise<void> {
  const reason = given.trim()
  if (reason.length < 5) throw problem('reason-needed')
  const token = await rows.find(id)
  if (!token) throw problem('not-found')
  if (token.revokedAt) throw problem('conflict', { detail: 'This token has been revoked already.' })
  await rows.revoke(id, now, actor.userId ?? actor.function, reason)
  await audit({
    actor,
    action: 'token.revoked',
    subjectKind: 'token',
    subjectId: id,
    detail: { reason, name: token.name, feed: token.feed },
    requestId,
  })
}
