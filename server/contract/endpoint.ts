import { z } from 'zod'
import type { Permission } from './permissions.ts'
import type { ProblemCode } from './problems.ts'

/**
 * An endpoint, declared once. The server validates with it, gates with its permission and strips the answer to
 * its response schema (undeclared personal data cannot leave); the client gets its types from it; the OpenAPI
 * document is made from it.
 */
export type Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> = {
  /** Unique name, also the operationId. */
  id: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api`, in Express form: `/people/:personId`. */
  path: string
  /** `public`: no sign-in; `signed-in`: any signed-in user; otherwise a permission of the policy. */
  permission: Permission | 'public' | 'signed-in'
  summary: string
  params: Params
  query: Query
  body: Body
  response: Response
  /** What it may answer beside success; `invalid-request`, `not-signed-in` and `unexpected` always can. */
  problems: ProblemCode[]
  /**
   * `read`: no effect, no audit. `command`: must leave an audit entry in its transaction; the API test harness
   * fails when it did not. `search`: a POST that only reads, so that names stay out of URLs.
   */
  kind: 'read' | 'search' | 'command'
  /** The answer may be hundreds of kB: it is packed for a caller that takes it so. */
  large: boolean
}

const nothing = z.object({})
type Nothing = typeof nothing

type Declaration<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> = {
  id: string
  method?: Endpoint['method']
  path: string
  permission: Endpoint['permission']
  summary: string
  params?: P
  query?: Q
  body?: B
  response: R
  problems?: ProblemCode[]
  kind?: Endpoint['kind']
  large?: boolean
}

export function endpoint<
  R extends z.ZodType,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
>(declared: Declaration<P, Q, B, R>): Endpoint<P, Q, B, R> {
  const method = declared.method ?? 'GET'
  return {
    ...declared,
    method,
    params: (declared.params ?? nothing) as P,
    query: (declared.query ?? nothing) as Q,
    body: (declared.body ?? nothing) as B,
    problems: declared.problems ?? [],
    kind: declared.kind ?? (method === 'GET' ? 'read' : 'command'),
    large: declared.large ?? false,
  }
}

export type ParamsOf<E> = E extends Endpoint<infer P, z.ZodType, z.ZodType, z.ZodType> ? z.output<P> : never
export type QueryOf<E> = E extends Endpoint<z.ZodType, infer Q, z.ZodType, z.ZodType> ? z.output<Q> : never
export type BodyOf<E> = E extends Endpoint<z.ZodType, z.ZodType, infer B, z.ZodType> ? z.output<B> : never
export type ResponseOf<E> = E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, infer R> ? z.output<R> : never
/** What a caller sends: defaults may be left out. */
export type QueryInput<E> = E extends Endpoint<z.ZodType, infer Q, z.ZodType, z.ZodType> ? z.input<Q> : never
export type BodyInput<E> = E extends Endpoint<z.ZodType, z.ZodType, infer B, z.ZodType> ? z.input<B> : never
