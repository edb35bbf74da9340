import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import type { Keyring } from '../platform/keyring.ts'
import { problem } from '../platform/problem.ts'
import { cookieName } from './session.ts'

export type CsrfParts = { keyring: Keyring; secure: boolean; publicOrigin: string | null }

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Every request that may change something has to carry `x-csrf-token`, which only a page of this application can read, and
 * must not come from another origin. The token is bound to a cookie and to the session, so it changes at sign-in.
 */
export function csrfGuard(parts: CsrfParts): RequestHandler {
  return (request, _, next) => {
    // A token is something that no browser sends by itself: there is nothing that another site could make it do.
    if (SAFE.has(request.method) || request.program) return next()
    const given = Buffer.from(request.get('x-csrf-token') ?? '')
    const cookie = readCookie(request, cookieName('hjemmel-csrf', parts.secure))
    if (!fromHere(request, parts.publicOrigin) || !cookie) throw problem('csrf-failed', { detail: RELOAD })
    const expected = Buffer.from(tokenFor(request, cookie, parts.keyring))
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw problem('csrf-failed', { detail: RELOAD })
    next()
  }
}

const RELOAD = 'Load the page again: it has been open too long, or the request came from somewhere else.'

/** The token for this browser and session; sets the cookie that it is bound to where it is missing. */
export function csrfToken(request: Request, response: Response, parts: CsrfParts): string {
  const name = cookieName('hjemmel-csrf', parts.secure)
  let cookie = readCookie(request, name)
  if (!cookie) {
    cookie = randomBytes(32).toString('base64url')
    response.cookie(name, cookie, { httpOnly: true, sameSite: 'strict', secure: parts.secure, path: '/' })
  }
  return tokenFor(request, cookie, parts.keyring)
}

function tokenFor(request: Request, cookie: string, keyring: Keyring): string {
  const bound = request.user ? request.sessionID : ''
  return keyring.hash(`${cookie}:${bound}`, 'csrf').toString('base64url')
}

function fromHere(request: Request, publicOrigin: string | null): boolean {
  const site = request.get('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin') return false
  const origin = request.get('origin')
  if (origin === undefined) return true
  if (origin === publicOrigin) return true
  try {
    return new URL(origin).host === request.get('host')
  } catch {
    return false
  }
}

function readCookie(request: Request, name: string): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=')
    if (key === name && value && /^[\w-]{43}$/.test(value)) return value
  }
  return null
}
