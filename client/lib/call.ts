import type { BodyInput, Endpoint, ParamsOf, QueryInput, ResponseOf } from '#contract/endpoint.ts'
import { PROBLEMS, type ProblemCode } from '#contract/problems.ts'
import type { Said } from '#contract/said.ts'

/** Problem details as the server sends them (RFC 9457), `code` from the closed list of the contract. */
export type Problem = {
  code: ProblemCode
  status: number
  detail?: string
  /** The same as `detail`, as a code that there is a text for. */
  said?: Said
  /** Each with `said` and the line where it is about a file or text of rules. */
  errors: { path: string; message: string; said?: Said; line?: number }[]
  params: Record<string, unknown>
}
export type ProblemError = Error & { problem: Problem }

export type CallInput<E> = {
  params?: ParamsOf<E>
  query?: QueryInput<E>
  body?: BodyInput<E>
  signal?: AbortSignal
  /** Sent as it is, instead of a body: for the few endpoints that take a file. */
  file?: Blob
}

/** The session module fills this in: the token changes at sign-in, and a lost session has to be noticed. */
export const wire: {
  csrfToken: string | null
  onSignedOut: () => void
  refresh: () => Promise<void>
  /** Has the user show again who they are; false when they would rather not. */
  confirmIdentity: () => Promise<boolean>
} = {
  csrfToken: null,
  onSignedOut: () => {},
  refresh: async () => {},
  confirmIdentity: async () => false,
}

export const isProblem = (error: unknown): error is ProblemError =>
  error instanceof Error && typeof (error as Partial<ProblemError>).problem?.code === 'string'

export const problemOf = (error: unknown): Problem =>
  isProblem(error) ? error.problem : { code: 'unexpected', status: 0, errors: [], params: {} }

/** The reader may not see any of it: then the refusal stands alone, without filters over nothing. */
export const isRefused = (query: { data: unknown; error: unknown }): boolean =>
  query.data === undefined && query.error !== null && problemOf(query.error).code === 'not-allowed'

/** Calls an endpoint by its declaration. Throws a `ProblemError`; `status` 0 means that the server did not answer. */
export async function call<E extends Endpoint>(endpoint: E, input: CallInput<E> = {}): Promise<ResponseOf<E>> {
  const answer = await send(endpoint, input)
  if (answer.ok) {
    const body = (await answer.json()) as ResponseOf<E>
    // Whoever reads the session, the token that the next command needs comes with it.
    if (endpoint.id === 'getSession') wire.csrfToken = (body as { csrfToken: string }).csrfToken
    return body
  }
  const problem = await readProblem(answer)
  if (problem.code === 'csrf-failed') {
    // The token belongs to the session; it changes when one signs in or out in another tab.
    await wire.refresh()
    const again = await send(endpoint, input)
    if (again.ok) return (await again.json()) as ResponseOf<E>
    throw asError(await readProblem(again))
  }
  // Asked on the spot, so that nobody has to do again what they were about to do.
  if (problem.code === 'confirm-needed' && (await wire.confirmIdentity())) return call(endpoint, input)
  if (problem.code === 'not-signed-in') wire.onSignedOut()
  throw asError(problem)
}

async function send<E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' }
  const init: RequestInit = { method: endpoint.method, headers, credentials: 'same-origin' }
  if (input.signal) init.signal = input.signal
  if (endpoint.method !== 'GET') {
    headers['content-type'] = input.file ? 'application/octet-stream' : 'application/json'
    if (wire.csrfToken) headers['x-csrf-token'] = wire.csrfToken
    init.body = input.file ?? JSON.stringify(input.body ?? {})
  }
  try {
    return await fetch(urlOf(endpoint, input), init)
  } catch (error) {
    if (input.signal?.aborted) throw error
    throw asError({ code: 'unexpected', status: 0, errors: [], params: {} })
  }
}

/** `/api` + the path with its parameters filled in + the query, without what is undefined. */
export function urlOf(endpoint: Endpoint, input: { params?: unknown; query?: unknown }): string {
  const params = (input.params ?? {}) as Record<string, unknown>
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries((input.query ?? {}) as Record<string, unknown>))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  const text = query.toString()
  return `/api${path}${text ? `?${text}` : ''}`
}

/** On the wire it is `where` and `what`. */
type Wrong = { where?: string; what?: string; path?: string; message?: string; said?: Said; line?: number }

async function readProblem(answer: Response): Promise<Problem> {
  const body = (await answer.json().catch(() => ({}))) as Partial<Problem>
  const known = typeof body.code === 'string' && body.code in PROBLEMS
  const problem: Problem = {
    code: known ? (body.code as ProblemCode) : byStatus(answer.status),
    status: answer.status,
    errors: ((body.errors ?? []) as readonly Wrong[]).map(one => ({
      ...one,
      path: one.where ?? one.path ?? '',
      message: one.what ?? one.message ?? '',
    })),
    params: body.params ?? {},
  }
  if (body.detail) problem.detail = body.detail
  if (body.said) problem.said = body.said
  return problem
}

/** What stands between us and the server (a proxy, a gateway) answers without a code. */
function byStatus(status: number): ProblemCode {
  if (status === 401) return 'not-signed-in'
  if (status === 403) return 'not-allowed'
  if (status === 404) return 'not-found'
  if (status === 429) return 'too-many-requests'
  if (status === 503) return 'not-ready'
  return 'unexpected'
}

const asError = (problem: Problem): ProblemError => Object.assign(new Error(problem.code), { problem })
