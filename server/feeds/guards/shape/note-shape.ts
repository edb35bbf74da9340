import type { NormalAttrs } from '../../../platform/feed-record.ts'

/** How the values of one attribute look: how many of each class, and their length in all. */
export type Format = { classes: number[]; length: number }

/** What a complete read looked like, per kind: kept from the last one let in, and judged against. */
export type KindShape = {
  /** Records that could be used. */
  read: number
  rejected: number
  /** Records with text that was decoded in the wrong encoding (U+FFFD, or UTF-8 read as Latin-1). */
  garbled: number
  /** How many records had each attribute filled. */
  filled: Record<string, number>
  /** Records whose key another one had; among the rejected too. */
  doubled?: number
  formats?: Record<string, Format>
}
/** While it is read, the order of the keys is kept beside: see decide-hole.ts. */
export type NotedShape = KindShape & { formats: Record<string, Format>; order: number[] }
export type Shape = Record<string, KindShape>

export const emptyShape = (): NotedShape => ({
  read: 0,
  rejected: 0,
  garbled: 0,
  filled: {},
  doubled: 0,
  formats: {},
  order: [],
})

/** What of it is stored. */
export const storedShape = ({ read, rejected, garbled, filled, doubled, formats }: KindShape): KindShape => ({
  read,
  rejected,
  garbled,
  filled,
  doubled: doubled ?? 0,
  formats: formats ?? {},
})

export const CLASSES = ['digits', 'letters', 'mixed', 'date', 'mail', 'path', 'list', 'other'] as const
const [DIGITS, LETTERS, MIXED, DATE, MAIL, PATH, LIST, OTHER] = [0, 1, 2, 3, 4, 5, 6, 7]

/** UTF-8 that was read as Latin-1, or text that could not be decoded: "Ã¦", "Ã¸", "Ã¥", U+FFFD. */
const GARBLED = /\u00c3[\u0080-\u00bf]|\u00c3[\u0152-\u2122]|\ufffd/
/** So much of a text says what it is; the rest is only looked through for a wrong encoding. */
const LOOKED_AT = 24

const DIGIT = 1
const LETTER = 2
const DASH = 4
const AT = 8
const EQUALS = 16
const BEYOND = 32

/**
 * Count one record, as it was read, into what the read looks like. On the hot path of a read in which nothing has
 * changed: one look at each character of the beginning, and no regular expression where all is ASCII.
 */
export function noteShape(shape: NotedShape, key: string, attrs: NormalAttrs): void {
  shape.read++
  shape.order.push(keyHash(key))
  const { filled, formats } = shape
  let garbled = false
  for (const name in attrs) {
    const value = attrs[name]
    if (value === null || value === undefined || value === '') continue
    let kind = OTHER
    let length = 0
    if (typeof value === 'string') {
      length = value.length
      const marks = look(value)
      kind = classOf(value, marks)
      if ((marks & BEYOND || length > LOOKED_AT) && !garbled && GARBLED.test(value)) garbled = true
    } else if (Array.isArray(value)) {
      if (value.length === 0) continue
      kind = LIST
      length = value.length
    }
    filled[name] = (filled[name] ?? 0) + 1
    let format = formats[name]
    if (!format) {
      format = { classes: [0, 0, 0, 0, 0, 0, 0, 0], length: 0 }
      formats[name] = format
    }
    format.classes[kind]!++
    format.length += length
  }
  if (garbled) shape.garbled++
}

function look(value: string): number {
  const end = value.length < LOOKED_AT ? value.length : LOOKED_AT
  let marks = 0
  for (let at = 0; at < end; at++) {
    const code = value.charCodeAt(at)
    if (code > 127) marks |= LETTER | BEYOND
    else if (code >= 97 && code <= 122) marks |= LETTER
    else if (code >= 48 && code <= 57) marks |= DIGIT
    else if (code >= 65 && code <= 90) marks |= LETTER
    else if (code === 64) marks |= AT
    else if (code === 61) marks |= EQUALS
    else marks |= DASH
  }
  return marks
}

function classOf(value: string, marks: number): number {
  if (marks & AT) return MAIL
  if (marks & EQUALS) return PATH
  if (marks & LETTER) return marks & DIGIT ? (isInstant(value) ? DATE : MIXED) : LETTERS
  if (marks & DIGIT) return isDate(value) ? DATE : DIGITS
  return OTHER
}

/** 2026-11-21 or 21-11-2026, with whatever sign between. */
const isDate = (value: string) => value.length === 10 && (isSign(value, 4, 7) || isSign(value, 2, 5))
const isInstant = (value: string) => value.length > 15 && value.charCodeAt(10) === 84 && isSign(value, 4, 7)
const isSign = (value: string, ...places: number[]) =>
  places.every(place => {
    const code = value.charCodeAt(place)
    return code < 48 || code > 57
  })

/** Four bytes for a key (FNV-1a): two keys that share them only make a gap harder to see, never easier. */
export function keyHash(key: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
