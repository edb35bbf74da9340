import { cleanText, type Language, WORDS } from './cell-text.ts'

/** Somebody or a unit in a cell: `Anna Berg [12345]`; a protected name never, and a number only where it may be seen. */
export function namedCell(
  named: { name: string; number: string | null; hidden: boolean } | null,
  words: string | null,
  language: Language,
): string {
  if (!named) return cleanText(words ?? '')
  const name = cleanText(named.hidden ? WORDS[language].hidden : named.name)
  return named.number ? `${name} [${cleanText(named.number)}]` : name
}

/**
 * All cells that we may have written for what stands there now, whoever took the file out: with and without the number,
 * with and without the name. Nobody is looked up by a name for that: it is compared with the one who stands there.
 */
export function namedCells(
  named: { name: string; number: string | null; hidden: boolean } | null,
  words: string | null,
): ReadonlySet<string> {
  const said = words === null ? [] : [cleanText(words)]
  if (!named) return new Set(said)
  const numbers = named.number === null ? [null] : [named.number, null]
  return new Set([
    ...said,
    ...(['da', 'en'] as const).flatMap(language =>
      [true, false].flatMap(hidden => numbers.map(number => namedCell({ ...named, number, hidden }, null, language))),
    ),
  ])
}
