import { z } from 'zod'
import { ConnectorFailure } from '../../orders/connector.ts'
import { type HttpAnswer, jsonOf, sendHttp } from '../send-http.ts'
import type { ScimRequest } from './plan-scim.ts'

/** SCIM 2.0 over HTTP (RFC 7644): one resource, lists with paging, and what the server says it can do. */
export type ScimClient = {
  /** The resource, or null where there is none (404). */
  get(path: string): Promise<unknown>
  /** All that fit a filter, page by page. The filter is the caller's to write: `quote` its values. */
  find(path: string, filter: string): Promise<unknown[]>
  /** Answers with its status, for conflicts (409) and what is gone (404); other refusals throw. */
  send(request: ScimRequest): Promise<{ status: number; body: unknown }>
  abilities(): Promise<Abilities>
}
export type Abilities = { patch: boolean; filter: boolean; known: boolean }

/** A value in a filter is a JSON string (RFC 7644, 3.4.2.2): what stands in it ends no comparison. */
export const quote = (value: string): string => JSON.stringify(value)

const supported = z.object({ supported: z.boolean() }).catch({ supported: true })
const config = z.object({ patch: supported, filter: supported })
const list = z.object({
  totalResults: z.number().int().min(0),
  startIndex: z.number().int().optional(),
  Resources: z.array(z.unknown()).default([]),
})
const refusal = z.object({ detail: z.string(), scimType: z.string().optional() }).partial()

const PAGE = 100
/** More than this fits no question that we ask: the server does not look at the filter. */
const MOST = 2_000

export function scimClient(options: { url: string; token: string; seconds: number; signal: AbortSignal }): ScimClient {
  const base = options.url.replace(/\/$/, '')
  let known: Abilities | null = null
  const call = async (method: 'GET' | ScimRequest['method'], path: string, body?: object): Promise<HttpAnswer> =>
    sendHttp({
      method,
      url: `${base}${path}`,
      headers: {
        authorization: `Bearer ${options.token}`,
        accept: 'application/scim+json, application/json',
        ...(body ? { 'content-type': 'application/scim+json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      seconds: options.seconds,
      signal: options.signal,
    })
  const get = async (path: string): Promise<unknown> => {
    const answer = await call('GET', path)
    if (answer.status === 404) return null
    if (answer.status >= 400) throw refused(answer, 'GET', path)
    return jsonOf(answer, 'GET')
  }
  return {
    get,
    async find(path, filter) {
      const found: unknown[] = []
      const began = new Set<string | undefined>()
      for (let start = 1; ; ) {
        // A blank as %20: not every server takes a plus for one outside forms.
        const query = `filter=${encodeURIComponent(filter)}&startIndex=${start}&count=${PAGE}`
        const page = list.safeParse(await get(`${path}?${query}`))
        if (!page.success) throw new ConnectorFailure('retry', `The list of ${path} is none as RFC 7644 writes it`)
        // Some servers look at no startIndex, and give their first page for ever.
        const first = JSON.stringify(page.data.Resources[0])
        if (first !== undefined && began.has(first))
          throw new ConnectorFailure('refused', `${path}: the server gives the same page over and over`)
        began.add(first)
        found.push(...page.data.Resources)
        if (found.length > MOST)
          throw new ConnectorFailure('refused', `${path}: the server does not look at the filter, and answers with all`)
        // A page without anything ends the list, whatever the total says: it would never end.
        if (page.data.Resources.length === 0 || found.length >= page.data.totalResults) return found
        start += page.data.Resources.length
      }
    },
    async send({ method, path, body }) {
      const answer = await call(method, path, body)
      if (answer.status >= 400 && answer.status !== 404 && answer.status !== 409) throw refused(answer, method, path)
      // What was done is known by its status; only a created user must be read, for its id.
      return { status: answer.status, body: method === 'POST' || answer.status >= 400 ? jsonOf(answer, method) : null }
    },
    async abilities() {
      if (known) return known
      const said = await get('/ServiceProviderConfig')
      const parsed = config.safeParse(said)
      known = parsed.success
        ? { patch: parsed.data.patch.supported, filter: parsed.data.filter.supported, known: true }
        : { patch: true, filter: true, known: false }
      return known
    },
  }
}

function refused(answer: HttpAnswer, method: string, path: string): ConnectorFailure {
  let words = ''
  try {
    words = refusal.parse(JSON.parse(answer.body)).detail ?? ''
  } catch {
    // Whatever it said, it is not in SCIM's words.
  }
  // The path without its question: filters hold names of people.
  return new ConnectorFailure(
    'refused',
    `${method} ${path.split('?')[0]!.split('/').slice(0, 2).join('/')}: HTTP ${answer.status} ${words}`.trim(),
  )
}
