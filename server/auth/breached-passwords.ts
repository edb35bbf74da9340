import { createHash } from 'node:crypto'
import type { Log } from '../platform/log.ts'

/** Tells whether a password is known from a breach. */
export type BreachCheck = (password: string) => Promise<boolean>

const PATIENCE_MS = 3000

/**
 * Asks a range service as "Have I Been Pwned" (or a municipality's own mirror of it) offers one: five characters of the
 * SHA-1 go out, the list of all hashes that begin so comes back, and the comparison is made here; the service never learns
 * the password nor its hash. A service that does not answer keeps nobody from choosing a password: the list of common ones
 * has been asked before, and the log says that this one was not.
 */
export function breachCheck(baseUrl: string | null, log: Log): BreachCheck {
  if (baseUrl === null) return async () => false
  return async password => {
    const hash = createHash('sha1').update(password).digest('hex').toUpperCase()
    try {
      const answer = await fetch(`${baseUrl.replace(/\/$/, '')}/range/${hash.slice(0, 5)}`, {
        headers: { 'add-padding': 'true', accept: 'text/plain' },
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      if (!answer.ok) throw new Error(`it answered ${answer.status}`)
      const lines = (await answer.text()).split(/\r?\n/)
      // Lines that pad the answer have the count 0.
      return lines.some(line => line.startsWith(`${hash.slice(5)}:`) && !line.endsWith(':0'))
    } catch (error) {
      log.warn({ error: String(error) }, 'The list of breached passwords could not be asked')
      return false
    }
  }
}
