import { createHash, randomBytes } from 'node:crypto'

/** `hjm_` tells a scanner of repositories what it has found. 32 random bytes: nothing to guess, so one hash is enough. */
const PREFIX = 'hjm_'
const SHAPE = /^hjm_[\w-]{43}$/

export function makeToken(): { token: string; hash: Buffer; hint: string } {
  const token = PREFIX + randomBytes(32).toString('base64url')
  return { token, hash: hashToken(token), hint: token.slice(-4) }
}

export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

/** The token of an `Authorization` header; null where there is none, `invalid` where it cannot be one of ours. */
export function bearerOf(header: string | undefined): string | 'invalid' | null {
  if (header === undefined) return null
  const [scheme, token, more] = header.trim().split(/\s+/)
  if (scheme?.toLowerCase() !== 'bearer') return null
  return token !== undefined && more === undefined && SHAPE.test(token) ? token : 'invalid'
}
