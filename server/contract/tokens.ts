import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/**
 * Tokens of other programs:
 * GET  /tokens                  listTokens
 * POST /tokens                  createToken    the token is shown once
 * POST /tokens/:tokenId/revoke  revokeToken
 */

/** What a token can be allowed: its own rights, never those of whoever made it. */
export const TOKEN_RIGHTS = ['hr-event.send'] as const
export const tokenRight = z.enum(TOKEN_RIGHTS)
export type TokenRight = (typeof TOKEN_RIGHTS)[number]

export const MOST_DAYS = 730

export const apiToken = z.object({
  id: s.id,
  name: z.string(),
  /** The last characters, to tell tokens apart. */
  hint: z.string(),
  rights: z.array(tokenRight),
  /** The source under which its statements stand. */
  feed: z.string(),
  createdAt: s.instant,
  createdBy: z.string(),
  expiresAt: s.instant,
  lastUsedAt: s.instant.nullable(),
  state: z.enum(['active', 'expired', 'revoked']),
  revokedAt: s.instant.nullable(),
  revokedReason: z.string().nullable(),
  allowed: z.object({ revoke: z.boolean() }),
})

export const listTokens = endpoint({
  id: 'listTokens',
  path: '/tokens',
  permission: 'token.read',
  summary: 'Tokens of other programs',
  response: z.object({
    rows: z.array(apiToken),
    /** Declared sources that a token can speak for. */
    feeds: z.array(z.string()),
    allowed: z.object({ create: z.boolean() }),
  }),
})

export const createToken = endpoint({
  id: 'createToken',
  method: 'POST',
  path: '/tokens',
  permission: 'token.manage',
  summary: 'Make a token; it is shown this once',
  body: z.object({
    name: z.string().trim().min(2).max(80),
    rights: z.array(tokenRight).min(1),
    feed: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,49}$/, 'must be lower-case letters, digits and hyphens')
      .default('hr-events'),
    days: z.number().int().min(1).max(MOST_DAYS).default(365),
  }),
  response: z.object({ id: s.id, token: z.string(), expiresAt: s.instant }),
  problems: ['data-invalid'],
})

export const revokeToken = endpoint({
  id: 'revokeToken',
  method: 'POST',
  path: '/tokens/:tokenId/revoke',
  permission: 'token.manage',
  summary: 'A token is no longer taken, at once',
  params: z.object({ tokenId: s.id }),
  body: z.object({ reason: z.string().trim().max(500) }),
  response: z.object({ revokedAt: s.instant }),
  problems: ['not-found', 'conflict', 'reason-needed'],
})
