const letters: Record<string, string> = {
  æ: 'ae',
  ø: 'oe',
  å: 'aa',
  ä: 'ae',
  ö: 'oe',
  ü: 'u',
  ß: 'ss',
  ı: 'i',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
}

/** Small ASCII letters, as user names and mail addresses are made. */
export const ascii = (text: string) =>
  text
    .toLowerCase()
    .replace(/[æøåäöüßıłđðþ]/g, letter => letters[letter] ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')

export const slug = (text: string) =>
  ascii(text)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

export const words = (text: string) =>
  text
    .split(';')
    .map(one => one.trim())
    .filter(one => one !== '')
