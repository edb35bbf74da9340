/*
 * Letters as a search compares them. `search_fold` of the database does the same over columns (a test holds the two to
 * one another): case and accents do not count, and æ, ø, å are the same as ae, oe, aa.
 */

const SPELT: Readonly<Record<string, string>> = { æ: 'ae', ä: 'ae', ø: 'oe', ö: 'oe', å: 'aa', ß: 'ss' }
const FROM = 'àáâãèéêëìíîïòóôõùúûüýÿçñčćšśžźżřěůőűłńğışșțăąęďť'
const INTO = 'aaaaeeeeiiiioooouuuuyycnccsszzzreuoulngisstaaedt'
const LETTERS: Readonly<Record<string, string>> = {
  ...SPELT,
  ...Object.fromEntries([...FROM].map((letter, place) => [letter, [...INTO][place] ?? letter])),
}

/** The text in the letters in which search columns are kept. */
export const fold = (text: string): string =>
  [...text.normalize('NFC').toLowerCase()].map(letter => LETTERS[letter] ?? letter).join('')

/** Words shorter than this are too much like one another for a slip to say anything. */
export const SLIP_FROM = 4
/** Any letter, and those that are one letter on the keyboard and two when folded. */
const ANY = '(?:ae|oe|aa|[^ -])'

/**
 * One slip in a word: a letter too much, one too few, another one, or two that changed places. null: too short, or not
 * only letters. `pattern` is a regular expression for PostgreSQL over a folded column; `likes` are LIKE patterns one of
 * which every such column fits that has a blank before and after each word, for the trigram index: one slip leaves the
 * first or the last half of the word as it is, unless it is at the seam.
 */
export function oneSlip(word: string): { pattern: string; likes: readonly string[] } | null {
  const letters = [...word.normalize('NFC').toLowerCase()].map(letter => LETTERS[letter] ?? letter)
  if (letters.length < SLIP_FROM || !letters.every(letter => /^[a-z]+$/.test(letter))) return null
  const part = (from: number, to = letters.length) => letters.slice(from, to).join('')
  const forms = new Set<string>()
  for (let at = 0; at <= letters.length; at++) {
    // Another letter before this one; this one another, or gone; this one and the next the other way round.
    forms.add(part(0, at) + ANY + part(at))
    if (at === letters.length) break
    forms.add(part(0, at) + ANY + part(at + 1))
    forms.add(part(0, at) + part(at + 1))
    const next = letters[at + 1]
    if (next !== undefined) forms.add(part(0, at) + next + letters[at] + part(at + 2))
  }
  const half = Math.floor(letters.length / 2)
  const seam = part(0, half - 1) + letters[half] + letters[half - 1] + part(half + 1)
  return {
    pattern: `(?:^|[ -])(?:${[...forms].join('|')})(?:[ -]|$)`,
    likes: [`% ${part(0, half)}%`, `%${part(half)} %`, `% ${seam} %`],
  }
}
