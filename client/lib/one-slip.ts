/** As the search of the server reads letters, as far as names of pages and actions need it. */
export const plain = (text: string) =>
  text.toLocaleLowerCase('da').replaceAll('æ', 'ae').replaceAll('ø', 'oe').replaceAll('å', 'aa')

/** Shorter words are too much like one another for a slip to say anything; as in the search of the server. */
const SLIP_FROM = 4
const DOUBLE = /^(?:ae|oe|aa)$/

/**
 * Whether a word is the other but for one slip: a letter too much, one too few, another one, or two that changed places.
 * æ, ø and å are one letter, however they are written. The same as `oneSlip` of the server (a test holds the two to one another).
 */
export function oneSlipApart(typed: string, word: string): boolean {
  const letters = [...typed.toLocaleLowerCase('da')].map(plain)
  const whole = plain(word)
  if (letters.length < SLIP_FROM || letters.some(letter => !/^[a-z]+$/.test(letter))) return false
  for (let at = 0; at <= letters.length; at++) {
    const before = letters.slice(0, at).join('')
    if (!whole.startsWith(before)) return false
    const rest = whole.slice(before.length)
    const after = (skip: number) => letters.slice(at + skip).join('')
    const anyThen = (end: string) =>
      rest.endsWith(end) &&
      [1, 2].some(size => size === rest.length - end.length && (size === 1 || DOUBLE.test(rest.slice(0, 2))))
    // Another letter before this one; this one another, or gone; this one and the next the other way round.
    if (anyThen(after(0))) return true
    if (at === letters.length) break
    const swapped = letters[at + 1]
    if (anyThen(after(1)) || rest === after(1)) return true
    if (swapped !== undefined && rest === swapped + letters[at] + after(2)) return true
  }
  return false
}
