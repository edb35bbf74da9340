import { problem } from '../platform/problem.ts'

/** NIST SP 800-63B 5.1.1: length decides, composition rules do not; what everybody guesses first is refused. */
export const SHORTEST = 12
export const LONGEST = 256

/** The beginnings and patterns that guessing starts with, in Danish and English; compared without case and digits at the ends. */
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

/** Throws `password-weak` with what to do about it. `username` must not be what the password is made of. */
export function checkPassword(password: string, username: string): void {
  const weak = (what: string) => problem('password-weak', { detail: what, params: { shortest: SHORTEST } })
  if ([...password].length < SHORTEST)
    throw weak(`Use at least ${SHORTEST} characters; a sentence is easy to remember.`)
  if (password.length > LONGEST) throw weak(`Use at most ${LONGEST} characters.`)
  const core = password
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const whole = password.toLowerCase()
  const repeated = /^(.{1,4})\1+$/u.test(whole)
  const common = core === '' || COMMON.some(word => core.replaceAll(word, '').length < 3 && core.includes(word))
  const ofUsername = whole.includes(username.toLowerCase()) && username.length >= 4
  if (repeated || common || ofUsername || isRun(whole))
    throw weak('This is among the first that somebody would guess. Use several words that do not belong together.')
}

/** `123456789012`, `abcdefghijkl` and the same backwards. */
function isRun(text: string): boolean {
  const steps = new Set([...text].slice(1).map((letter, index) => letter.codePointAt(0)! - text.codePointAt(index)!))
  return [1, -1].some(step => [...steps].every(each => each === step || each === -9 * step))
}
