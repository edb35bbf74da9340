/**
 * Our fonts have the signs of European languages in Latin letters. A sign beyond them is written without its accent, by one
 * that says the same, or as a question mark: never as another sign, and never as a gap that an archive would not take.
 */
export const printable = (text: string): string =>
  [...text.normalize('NFC')].map(sign => (IN_FONT.test(sign) ? sign : plain(sign))).join('')

const IN_FONT =
  /^[\n\x20-\x7e\xa0-\xac\xae-\u0148\u014a-\u017f\u018f\u0218-\u021b\u0259\u1e9e\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020\u2022\u2026\u2039\u203a\u20ac\u2122\u2212]$/u
const ALIKE: Record<string, string> = {
  '\t': ' ',
  '\r': '',
  '\u00ad': '',
  '\u200b': '',
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2015': '-',
  '\u2009': ' ',
  '\u202f': ' ',
  '→': '->',
  '←': '<-',
  '≤': '<=',
  '≥': '>=',
}

const plain = (sign: string): string => {
  const base = ALIKE[sign] ?? sign.normalize('NFD').replace(/\p{M}/gu, '')
  return [...base].every(one => IN_FONT.test(one)) && (base !== '' || sign in ALIKE) ? base : '?'
}
