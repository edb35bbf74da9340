import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import { problem } from '../platform/problem.ts'

/** NIST SP 800-63B 5.1.1: length decides, composition rules do not; what everybody guesses first is refused. */
export const SHORTEST = 12
export const LONGEST = 256

/** Words of this trade and country that guessing starts with, beside the 49,000 passwords of the library's list. */
const COMMON = [
  'password',
  'passw0rd',
  'kodeord',
  'adgangskode',
  'velkommen',
  'welcome',
  'sommer',
  'vinter',
  'forår',
  'efterår',
  'danmark',
  'kommune',
  'hjemmel',
  'qwerty',
  'qwertyuiop',
  'asdfgh',
  'asdfghjkl',
  'letmein',
  'iloveyou',
  'administrator',
  'admin',
  'correcthorsebatterystaple',
  'fodbold',
  'hemmelig',
  'hemmelighed',
  'abcdefghijkl',
  'januar',
  'februar',
  'marts',
  'april',
  'juni',
  'juli',
  'august',
  'september',
  'oktober',
  'november',
  'december',
]

/**
 * How many guesses a password must withstand, as a power of ten: with Argon2id at our cost, 10^10 are years of work for
 * a machine that has stolen the hashes, and the lockout makes it for ever for anybody else.
 */
const GUESSES = 10

const estimate = new ZxcvbnFactory({ dictionary: { ...dictionary, own: COMMON }, graphs: adjacencyGraphs })

/**
 * Throws `password-weak` with what to do about it. `ofUser` are the words that somebody would try for this user: name,
 * user name, municipality. The password itself is never changed, cut or folded (OWASP ASVS 5, 6.2.8).
 */
export function checkPassword(password: string, ...ofUser: string[]): void {
  const weak = (what: string) => problem('password-weak', { detail: what, params: { shortest: SHORTEST } })
  if ([...password].length < SHORTEST)
    throw weak(`Use at least ${SHORTEST} characters; a sentence is easy to remember.`)
  if (password.length > LONGEST) throw weak(`Use at most ${LONGEST} characters.`)
  const words = ofUser.flatMap(word => word.split(/[\s.@_-]+/)).filter(word => word.length >= 3)
  if (estimate.check(password, words).guessesLog10 < GUESSES)
    throw weak('This is among the first that somebody would guess. Use several words that do not belong together.')
}
