/**
 * The standard fonts of PDF have the signs of western Europe. A sign beyond them is written without its accent, or as a
 * question mark: never as another sign.
 */
export const printable = (text: string): string =>
  [...text.normalize('NFC')].map(sign => (WESTERN.test(sign) ? sign : plain(sign))).join('')

const WESTERN = /^[\n\x20-\x7e\xa0-\xff\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac]$/u
const UNACCENTED: Record<string, string> = {
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  ħ: 'h',
  '−': '-',
  '\t': ' ',
  '\r': '',
}

const plain = (sign: string): string => {
  const base = UNACCENTED[sign] ?? sign.normalize('NFD').replace(/\p{M}/gu, '')
  return [...base].every(one => WESTERN.test(one)) && (base !== '' || sign in UNACCENTED) ? base : '?'
}
