import { ConnectorFailure } from './connector.ts'

/** How long is waited for a target, and when it is tried again. */

/** 30 seconds, one minute, two … six hours at most; later where the target says so. */
export function nextTry(now: Date, attempt: number, failure: ConnectorFailure): Date {
  const seconds = Math.max(failure.afterSeconds ?? 0, Math.min(30 * 2 ** (attempt - 1), 6 * 3600))
  return new Date(now.getTime() + seconds * 1000)
}

export async function within<T>(work: Promise<T>, seconds: number, why: 'retry' | 'lost'): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConnectorFailure(why, `No answer within ${seconds} seconds`)), seconds * 1000)
  })
  try {
    return await Promise.race([work, late])
  } catch (error) {
    // What is no failure of the interface, and came while writing, is one of which nobody knows.
    throw error instanceof ConnectorFailure ? error : new ConnectorFailure(why, (error as Error).message)
  } finally {
    clearTimeout(timer)
  }
}

export const asFailure = (error: unknown): ConnectorFailure =>
  error instanceof ConnectorFailure ? error : new ConnectorFailure('retry', (error as Error).message)
