import { ConnectorFailure } from '../orders/connector.ts'

/** One HTTP request of a connector, and what its ending means for the order. */
export type HttpCall = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  url: string
  headers: Readonly<Record<string, string>>
  body?: string
  seconds: number
  signal: AbortSignal
}
export type HttpAnswer = { status: number; body: string }

const LONGEST = 4_000_000
/** Longer waits than this are taken as this: a clock that is wrong must not park a system for years. */
const LONGEST_WAIT = 24 * 3600

/**
 * Answers whatever the target understood (2xx, and 4xx for the caller to read). Throws `ConnectorFailure`: `retry` where
 * nothing was done (not reached; 401, 408, 425, 429, 503, with the time that it names), `lost` where a write may have been
 * done (no answer, half an answer, any other 5xx), `refused` for a redirection, which is never followed: the secret is
 * for this address.
 */
export async function sendHttp(call: HttpCall): Promise<HttpAnswer> {
  const unknown = call.method === 'GET' ? 'retry' : 'lost'
  const at = `${call.method} ${new URL(call.url).host}`
  let response: Response
  try {
    response = await fetch(call.url, {
      method: call.method,
      headers: call.headers,
      ...(call.body === undefined ? {} : { body: call.body }),
      redirect: 'manual',
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(call.seconds * 1000)]),
    })
  } catch (error) {
    throw new ConnectorFailure(neverSent(error) ? 'retry' : unknown, `${at}: ${reasonOf(error)}`)
  }
  const body = await textOf(response).catch((error: unknown) => {
    throw new ConnectorFailure(unknown, `${at}: the answer was cut short (${reasonOf(error)})`)
  })
  const { status } = response
  const after = retryAfter(response.headers.get('retry-after'), Date.now())
  if (status >= 300 && status < 400)
    throw new ConnectorFailure(
      'refused',
      `${at}: sends us elsewhere (${status}), where we do not go. Correct the address.`,
    )
  if (status === 401)
    throw new ConnectorFailure('retry', `${at}: does not accept the secret (401). Renew it where it is kept.`)
  if ([408, 425, 429, 503].includes(status)) throw new ConnectorFailure('retry', `${at}: HTTP ${status}`, after)
  if (status >= 500) throw new ConnectorFailure(unknown, `${at}: HTTP ${status}`, after)
  return { status, body }
}

/** Seconds to wait: a number of them or a date (RFC 9110, 10.2.3); null where it says neither. */
export function retryAfter(text: string | null, now: number): number | null {
  if (text === null) return null
  const given = text.trim()
  const seconds = /^\d{1,9}$/.test(given) ? Number(given) : Math.ceil((Date.parse(given) - now) / 1000)
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), LONGEST_WAIT)
}

/** JSON, or null for an empty answer. An answer that is no JSON is half an answer: `lost` for a write. */
export function jsonOf(answer: HttpAnswer, method: HttpCall['method']): unknown {
  if (answer.body.trim() === '') return null
  try {
    return JSON.parse(answer.body)
  } catch {
    throw new ConnectorFailure(method === 'GET' ? 'retry' : 'lost', 'The answer is no whole JSON')
  }
}

async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const part of response.body ?? []) {
    text += decoder.decode(part as Uint8Array, { stream: true })
    if (text.length > LONGEST) throw new Error(`longer than ${LONGEST} signs`)
  }
  return text + decoder.decode()
}

const NEVER = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
])
const causeOf = (error: unknown) => (error as { cause?: { code?: string; message?: string } }).cause
const neverSent = (error: unknown) => NEVER.has(causeOf(error)?.code ?? '')
const reasonOf = (error: unknown) =>
  causeOf(error)?.code ?? causeOf(error)?.message ?? ((error as Error).name || (error as Error).message)
