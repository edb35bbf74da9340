import { type Said, say } from '#contract/said.ts'

/** The driver's own words, without a code, for a connection that the server ended. */
const ENDED = /^Connection terminated/

/**
 * What the ground under the program says when it gives way, as one sentence that says what to do; null for anything
 * else. SQLSTATE classes of PostgreSQL, "Appendix A": 53100 disk_full, 08 connection, 57P the server is going down.
 */
export function lostGround(error: unknown): string | null {
  const lost = sayLostGround(error)
  if (lost?.code === 'disk-full')
    return 'The disk is full. Free some space on the disk of the data folder (see HJEMMEL_DATA_DIR) and start again; what was begun goes on where it stopped.'
  if (lost) return `The database went away (${(error as Error).message ?? ''}). Check that it runs, and start again.`
  return null
}

/** The same as a code for the screen. */
export function sayLostGround(error: unknown): Said | null {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string }
  if (code === '53100' || code === 'ENOSPC' || code === 'EDQUOT' || /No space left on device/.test(message))
    return say('disk-full', {})
  if (/^(08|57P)/.test(code) || code === 'ECONNREFUSED' || code === 'ECONNRESET' || ENDED.test(message))
    return say('database-away', {})
  return null
}
