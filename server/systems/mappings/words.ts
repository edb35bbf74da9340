/*
 * Names of groups, systems and rights as words that can be compared. Whoever names groups writes æ as ae, joins words
 * with dashes, lines under or capitals, and shortens; trigrams forgive that, and are few enough to do in memory.
 */

const FOLDS: Readonly<Record<string, string>> = { æ: 'ae', ø: 'oe', å: 'aa', ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' }

/** Words in small ASCII letters: `GG-KMDNexus_Læs` gives gg, kmd, nexus, laes. */
export function wordsOf(text: string): string[] {
  return text
    .normalize('NFC')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}{2,})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[æøåäöüß]/g, letter => FOLDS[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
}

const trigrams = (word: string): string[] => {
  const padded = `  ${word} `
  return Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3))
}

/** Below this two words are different words. */
const ALIKE = 0.5

/**
 * Words that are like one of these: 1 for the same word, else what trigrams they share (Dice), at least 0.5; a word that
 * begins with the whole of another (of three letters or more) counts 0.8, since names are shortened from the right.
 */
export function likeOneOf(words: Iterable<string>): (word: string) => ReadonlyMap<string, number> {
  const known = [...new Set(words)]
  const byTrigram = new Map<string, string[]>()
  const sizes = new Map<string, number>()
  for (const word of known) {
    const parts = new Set(trigrams(word))
    sizes.set(word, parts.size)
    for (const part of parts) {
      const list = byTrigram.get(part)
      if (list) list.push(word)
      else byTrigram.set(part, [word])
    }
  }
  const answers = new Map<string, ReadonlyMap<string, number>>()
  return word => {
    const told = answers.get(word)
    if (told) return told
    const shared = new Map<string, number>()
    const own = new Set(trigrams(word))
    for (const part of own)
      for (const other of byTrigram.get(part) ?? []) shared.set(other, (shared.get(other) ?? 0) + 1)
    const found = new Map<string, number>()
    for (const [other, count] of shared) {
      const dice = (2 * count) / (own.size + (sizes.get(other) ?? 0))
      const [short, long] = word.length < other.length ? [word, other] : [other, word]
      const like = word === other ? 1 : short.length >= 3 && long.startsWith(short) ? Math.max(0.8, dice) : dice
      // Numbers are like nothing but themselves.
      if (like >= ALIKE && (word === other || !(/^\d+$/.test(word) || /^\d+$/.test(other)))) found.set(other, like)
    }
    answers.set(word, found)
    return found
  }
}
