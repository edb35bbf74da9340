import type { ErrorRequestHandler, Request, Response } from 'express'
import { PROBLEMS, type ProblemCode } from '#contract/problems.ts'
import type { Log } from '../log.ts'
import { lostGround } from '../lost-ground.ts'
import { isProblem, type Problem, problem } from '../problem.ts'

/**
 * The one place where a problem becomes HTTP: RFC 9457 problem details. Unexpected errors go to the log with the
 * request id; the caller gets the id and nothing of the error's own text.
 */
export function errorHandler(log: Log): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error)
    const known = isProblem(error) ? error : fromMiddleware(error)
    const requestId = String(response.getHeader('x-request-id') ?? '')
    if (!known)
      log.error({ requestId, path: routeOf(request), error: describe(error) }, 'A request failed unexpectedly')
    else if (PROBLEMS[known.problem].status >= 500)
      log.warn(
        { requestId, path: routeOf(request), code: known.problem, error: describe(known.cause) },
        'A request failed',
      )
    sendProblem(response, known ?? problem('unexpected'), requestId)
  }
}

export function sendProblem(response: Response, error: Problem, requestId: string): void {
  const { status, title } = PROBLEMS[error.problem]
  const { detail, said, errors, params } = error.info
  response
    .status(status)
    .setHeader('cache-control', 'no-store')
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `/problems/${error.problem}`,
        title,
        status,
        code: error.problem,
        detail,
        said,
        errors,
        params,
        requestId,
      }),
    )
}

/** What body-parser and Express themselves throw, by their own `type` and status. */
function fromMiddleware(error: unknown): Problem | null {
  const status = (error as { status?: number })?.status
  const code: ProblemCode | null =
    // Files that are not there and files that are not to be had are the same to a visitor.
    status === 404 || status === 403
      ? 'not-found'
      : status === 413
        ? 'payload-too-large'
        : status === 415
          ? 'unsupported-media-type'
          : status === 400
            ? 'invalid-request'
            : null
  if (code) return problem(code)
  return lostGround(error) ? problem('database-unavailable', { cause: error }) : null
}

/** The route pattern, not the address: addresses hold ids at most, but a log needs neither. */
function routeOf(request: Request): string {
  return request.route?.path ?? request.path
}

function describe(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message}\n${error.stack?.split('\n').slice(1, 6).join('\n')}`
    : String(error)
}
