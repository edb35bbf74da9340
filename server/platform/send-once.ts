import type { Clock } from './clock.ts'
import type { Mailer, MailResult } from './mail.ts'
import type { Written } from './mail-letter.ts'

/** `sending`: perhaps it went. `shown`: it goes nowhere, and stands on the page. */
export type SendState = 'sent' | 'shown' | 'waiting' | 'failed' | 'sending'
export type Settled = { state: SendState; error: string | null; tryAt: Date | null }

const MINUTE = 60_000
/** After each attempt but the last: a quarter of an hour, an hour, four, sixteen. */
const ATTEMPTS = 5
const backoff = (attempts: number) => 15 * 4 ** (attempts - 1) * MINUTE

/**
 * Sends what waits, one after the other; returns how many the server took. May run in any number of processes. Each is
 * claimed in a transaction of its own before the server is asked, so that a process that dies in between leaves it as
 * `sending` and nobody gets it twice: what is missing stands on the page, what comes twice cannot be taken back. Only what
 * the server certainly has not taken is tried again by itself.
 */
export async function sendOnce<One extends { id: string; attempts: number }>(of: {
  mailer: Mailer
  clock: Clock
  /** Takes the next; null: nothing waits. */
  claim(): Promise<One | null>
  /** To whom and what, as it may be said now; null: to nobody (any more). */
  letter(one: One): Promise<({ to: string } & Written) | null>
  settle(one: One, to: Settled): Promise<void>
  notSent(one: One, result: MailResult): void
}): Promise<number> {
  let sent = 0
  for (;;) {
    const one = await of.claim()
    if (!one) return sent
    const letter = await of.letter(one)
    if (!letter) {
      await of.settle(one, { state: 'shown', error: null, tryAt: null })
      continue
    }
    const result = await of.mailer.send({ ...letter, id: one.id })
    const { outcome, error } = result
    if (outcome === 'sent') sent++
    else of.notSent(one, result)
    if (outcome === 'later' && one.attempts < ATTEMPTS)
      await of.settle(one, {
        state: 'waiting',
        error,
        tryAt: new Date(of.clock.now().getTime() + backoff(one.attempts)),
      })
    else {
      const state = outcome === 'sent' ? 'sent' : outcome === 'unsure' ? 'sending' : 'failed'
      await of.settle(one, { state, error, tryAt: null })
    }
  }
}
