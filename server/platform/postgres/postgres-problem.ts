import { statfsSync } from 'node:fs'
import { type Problem, problem } from '../problem.ts'

/** Why the embedded database could not be had; stands in `params.reason` of the problem, for scripts and tests. */
export type PostgresReason =
  | 'binaries-missing'
  | 'data-dir-in-use'
  | 'data-dir-unreachable'
  | 'data-dir-unwritable'
  | 'disk-full'
  | 'other-version'
  | 'password-missing'
  | 'start-failed'

export function postgresProblem(reason: PostgresReason, detail: string, cause?: unknown): Problem {
  return problem('database-unavailable', { detail, params: { reason }, cause })
}

/** Less than this and PostgreSQL cannot be expected to start: one WAL segment is 16 MB. */
const LEAST_FREE_BYTES = 20 * 1024 * 1024

/**
 * What PostgreSQL or initdb said on its way down, as one sentence for the person who started it. On a full disk the
 * log itself may be cut off, so the free space is looked at as well.
 */
export function explainFailure(what: string, output: string, folder: string): Problem {
  if (/No space left on device|Disk quota exceeded/i.test(output) || freeBytes(folder) < LEAST_FREE_BYTES)
    return diskFull(folder)
  const lines = output.split('\n').filter(line => line.trim() !== '')
  const telling =
    lines.find(line => /\b(FATAL|PANIC)\b/.test(line)) ?? lines.find(line => /error|could not/i.test(line))
  const said = (telling ?? lines.at(-1) ?? 'it said nothing').replace(/^.*?\b(FATAL|PANIC):\s*/, '').trim()
  return postgresProblem(
    'start-failed',
    `${what} failed: ${said}. The whole log is ${folder}/server.log; with DATABASE_URL another PostgreSQL can be used.`,
  )
}

export function diskFull(folder: string, cause?: unknown): Problem {
  return postgresProblem(
    'disk-full',
    `There is no room left on the disk of ${folder}, so the database cannot start. Free some space, or set HJEMMEL_DATA_DIR to a folder on another disk.`,
    cause,
  )
}

/** A failed file operation in the data folder as a problem; anything else is returned as it is. */
export function explainFileError(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder, error)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return postgresProblem(
      'data-dir-unwritable',
      `The folder ${folder} cannot be written to (${code}). Start Hjemmel as the user that owns it, or set HJEMMEL_DATA_DIR to another folder.`,
      error,
    )
  return error
}

function freeBytes(folder: string): number {
  try {
    const disk = statfsSync(folder)
    return disk.bavail * disk.bsize
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
