import type { z } from 'zod'
import type { userNameParts } from '#contract/account-types.ts'

/**
 * User names by a pattern. Pure: candidates in the order in which they are tried; the first that nobody has, or has had
 * within the years that count, and that is not reserved, is given. `name` parts: `short` is two letters of given and
 * family name each, `long` is given.family, `initials` a letter of each name; `serial` counts up where the name without
 * it is taken, with `always` from the first one on.
 */
export type UserNamePattern = z.output<typeof userNameParts>
export type Named = { givenName: string; familyName: string; employeeNo: string | null }

/** Without a serial in the pattern one is put at the end when it is needed: two people never get one name. */
const SERIAL = { part: 'serial', digits: 1, always: false } as const

export function* userNames(pattern: UserNamePattern, person: Named, tries = 9_999): Generator<string> {
  const parts = pattern.parts.some(one => one.part === 'serial') ? pattern.parts : [...pattern.parts, SERIAL]
  const always = parts.some(one => one.part === 'serial' && one.always)
  const reserved = new Set(pattern.reserved)
  const said = new Set<string>()
  for (let n = always ? 1 : 0; n <= tries; n += 1) {
    const name = nameOf(parts, person, n, pattern.maxLength)
    if (name === null || reserved.has(name) || said.has(name)) continue
    said.add(name)
    yield name
  }
}

/** What does not fit is cut from the name, never from the number that tells people apart. */
function nameOf(parts: UserNamePattern['parts'], person: Named, n: number, maxLength: number): string | null {
  const texts = parts.map(one => textOf(one, person, n))
  let over = texts.join('').length - maxLength
  // From the end, through as many parts as it takes: of a name of several parts the first one is what it is known by.
  for (let at = parts.length - 1; at >= 0 && over > 0; at -= 1) {
    if (parts[at]?.part !== 'name') continue
    const text = texts[at] as string
    const cut = Math.min(over, text.length)
    texts[at] = text.slice(0, text.length - cut)
    over -= cut
  }
  const names = parts.flatMap((one, at) => (one.part === 'name' ? [texts[at]] : []))
  if (over > 0 || (names.length > 0 && names.every(text => text === ''))) return null
  const name = texts.join('').replace(/^[._-]+|[._-]+$/g, '')
  return name.length < 2 ? null : name
}

function textOf(one: UserNamePattern['parts'][number], person: Named, n: number): string {
  switch (one.part) {
    case 'text':
      return one.text
    case 'employee-number':
      return plain(person.employeeNo ?? '')
    case 'serial':
      return n === 0 ? '' : String(n).padStart(one.digits, '0')
    case 'name':
      return nameForm(one.form, person)
  }
}

function nameForm(form: 'short' | 'long' | 'initials', { givenName, familyName }: Named): string {
  const given = plain(givenName.split(/[\s-]+/)[0] ?? '')
  const family = plain(familyName.split(/[\s-]+/).at(-1) ?? '')
  switch (form) {
    case 'short':
      return given.slice(0, 2) + family.slice(0, 2)
    case 'long':
      return [given, family].filter(one => one !== '').join('.')
    case 'initials':
      return `${givenName} ${familyName}`
        .split(/[\s-]+/)
        .map(word => plain(word).slice(0, 1))
        .join('')
  }
}

/** Danish letters as they are written where there are none, other marks dropped; a name in other letters is `x`. */
export function plain(text: string): string {
  const letters = text
    .toLowerCase()
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'oe')
    .replaceAll('å', 'aa')
    .replaceAll('ß', 'ss')
    .replaceAll('ð', 'd')
    .replaceAll('þ', 'th')
    .normalize('NFD')
    .replace(/[^a-z0-9]/g, '')
  return letters === '' && text.trim() !== '' ? 'x' : letters
}
