import { PROBLEMS, type ProblemCode } from '#contract/problems.ts'
import type { Said } from '#contract/said.ts'

/** What a problem may carry: words for a person (`detail`), and fields the client or a script can act on. */
export type ProblemDetail = {
  /** One sentence that says what to do next. No personal data: it may reach a log. */
  detail?: string
  /** Where in the input: JSON pointer, column name, line. `said`: what, as a code that the screen has a text for. */
  errors?: { where: string; what: string; said?: Said; line?: number }[]
  params?: Record<string, string | number | boolean | null>
  /** The same as `detail`, as a code that the screen has a text for in each language. */
  said?: Said
  cause?: unknown
}

export type Problem = Error & { problem: ProblemCode; info: ProblemDetail }

/** Make a problem to throw. The core knows codes only; one table (contract/problems) maps them to HTTP. */
export function problem(code: ProblemCode, info: ProblemDetail = {}): Problem {
  const error = new Error(info.detail ?? PROBLEMS[code].title, { cause: info.cause })
  error.name = 'Problem'
  return Object.assign(error, { problem: code, info })
}

export function isProblem(error: unknown): error is Problem {
  return error instanceof Error && 'problem' in error && typeof error.problem === 'string' && error.problem in PROBLEMS
}
