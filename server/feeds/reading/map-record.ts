import { z } from 'zod'
import { canonicalDn, dnKey } from '../../platform/dn.ts'
import type { Json, NormalAttrs } from '../../platform/feed-record.ts'
import { DATE_FORMATS, readDate } from './read-date.ts'

const dateFormat = z.enum(DATE_FORMATS)
const fieldRule = z.strictObject({
  column: z.string().min(1).optional(),
  attribute: z.string().min(1).optional(),
  /** Read instead where the first has no value. */
  otherwise: z.string().min(1).optional(),
  const: z.union([z.string(), z.number(), z.boolean()]).optional(),
  split: z.string().min(1).max(5).optional(),
  /** With `split`: only this piece, 1 the first, -1 the last. */
  part: z
    .number()
    .int()
    .min(-20)
    .max(20)
    .refine(part => part !== 0, 'counts from 1, or from -1 for the last')
    .optional(),
  /** Texts that are cut off where a value begins or ends with them: the beginning, or both. */
  strip: z
    .union([
      z.string().min(1).max(100),
      z.strictObject({ start: z.string().min(1).max(100).optional(), end: z.string().min(1).max(100).optional() }),
    ])
    .optional(),
  /** All values, and those of the columns or attributes in `also`, as one text with this between them. */
  join: z.string().max(10).optional(),
  also: z.array(z.string().min(1)).max(10).optional(),
  /** All values of the attribute as a list; without it the first. Lists by nature are lists anyway. */
  list: z.boolean().optional(),
  /** The same as `case: lower`. */
  lower: z.boolean().optional(),
  case: z.enum(['lower', 'upper', 'title']).optional(),
  /** The value is a DN: written in its one form, so that it can be compared. */
  dn: z.boolean().optional(),
  date: dateFormat.optional(),
  /** A bit of a whole number: '2' true when set, '!2' true when not. */
  flag: z
    .string()
    .regex(/^!?\d{1,10}$/)
    .optional(),
  map: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** Key of the entry above in the directory tree. */
  parent: z.literal(true).optional(),
})

/** `name: Navn`, or with a transform `kle: { column: KLE, split: '|' }`. */
export const mapping = z.record(
  z.string(),
  z.union([
    z.string().min(1),
    fieldRule
      .refine(
        rule => rule.column || rule.attribute || rule.const !== undefined || rule.parent,
        'needs column, attribute, const or parent',
      )
      .refine(rule => rule.part === undefined || rule.split !== undefined, 'part needs split')
      .refine(rule => rule.also === undefined || rule.join !== undefined, 'also needs join')
      .refine(rule => rule.join === undefined || rule.split === undefined, 'join and split exclude each other'),
  ]),
)
export type Mapping = z.output<typeof mapping>
type FieldRule = z.output<typeof fieldRule>

/** Attributes that are lists by nature: every value counts. */
const LISTS = new Set(['members', 'kle', 'functions', 'titles', 'constraints'])

/** Values of one column or attribute of the entry at hand; empty when it has none. */
export type ValuesOf = (name: string) => readonly string[]
export type Mapped = { ok: true; attrs: NormalAttrs } | { ok: false; reason: string; params: Record<string, string> }
export type Mapper = (values: ValuesOf, parent?: () => string | null) => Mapped

/** The columns or attributes that a mapping reads. */
export function namesIn(map: Mapping): string[] {
  return Object.values(map)
    .flatMap(rule =>
      typeof rule === 'string' ? rule : [rule.column ?? rule.attribute, rule.otherwise, ...(rule.also ?? [])],
    )
    .filter(name => name !== undefined)
}

type Unreadable = { unreadable: string; params: Record<string, string> }
const isUnreadable = (value: unknown): value is Unreadable =>
  typeof value === 'object' && value !== null && 'unreadable' in value

/** A mapping made into a function once, so that each entry costs no more than the look-ups. */
export function compileMapping(map: Mapping): Mapper {
  const fields = Object.entries(map).map(([target, rule]) => ({
    target,
    read: compileField(target, typeof rule === 'string' ? { attribute: rule } : rule),
  }))
  return (values, parent) => {
    const attrs: NormalAttrs = {}
    for (const { target, read } of fields) {
      const value = read(values, parent)
      if (isUnreadable(value))
        return { ok: false, reason: value.unreadable, params: { attribute: target, ...value.params } }
      if (value !== undefined) attrs[target] = value
    }
    return { ok: true, attrs }
  }
}

type ReadField = (values: ValuesOf, parent?: () => string | null) => Json | Unreadable | undefined

function compileField(target: string, rule: FieldRule): ReadField {
  if (rule.parent) return (_values, parent) => parent?.() ?? undefined
  const name = rule.column ?? rule.attribute
  if (name === undefined) return () => rule.const
  const fallback = rule.default
  const single = compileValue(name, rule)
  const { otherwise } = rule
  if (rule.join !== undefined) {
    const names = [name, ...(rule.also ?? [])]
    const between = rule.join
    return values => {
      const parts: string[] = []
      for (const one of names)
        for (const text of values(one)) {
          const value = single(text)
          if (isUnreadable(value)) return value
          if (value !== undefined) parts.push(String(value))
        }
      return parts.length > 0 ? parts.join(between) : fallback
    }
  }
  if (rule.split && rule.part !== undefined) {
    const { split: separator, part } = rule
    return values => {
      const whole = values(name)[0] ?? (otherwise ? values(otherwise)[0] : undefined)
      const piece = whole?.split(separator).at(part > 0 ? part - 1 : part)
      const value = piece === undefined ? undefined : single(piece)
      return value === undefined ? fallback : value
    }
  }
  if (rule.split) {
    const separator = rule.split
    return values => {
      const list: Json[] = []
      for (const whole of values(name))
        for (const part of whole.split(separator)) {
          const value = single(part)
          if (isUnreadable(value)) return value
          if (value !== undefined) list.push(value)
        }
      return list
    }
  }
  if (rule.list || LISTS.has(target))
    return values => {
      const list: Json[] = []
      for (const text of values(name)) {
        const value = single(text)
        if (isUnreadable(value)) return value
        if (value !== undefined) list.push(value)
      }
      return list
    }
  return values => {
    const first = values(name)[0] ?? (otherwise ? values(otherwise)[0] : undefined)
    const value = first === undefined ? undefined : single(first)
    return value === undefined ? fallback : value
  }
}

type ReadValue = (text: string) => Json | Unreadable | undefined

function compileValue(name: string, rule: FieldRule): ReadValue {
  const { date, dn, flag, map } = rule
  const letters = rule.case ?? (rule.lower ? 'lower' : null)
  const cut = compileCut(rule.strip)
  if (flag) {
    const bit = BigInt(flag.replace('!', ''))
    const want = !flag.startsWith('!')
    return text => {
      if (text.trim() === '') return undefined
      if (!/^-?\d{1,20}$/.test(text.trim())) return { unreadable: 'not-a-number', params: { from: name } }
      return ((BigInt(text.trim()) & bit) !== 0n) === want
    }
  }
  return (text): Json | Unreadable | undefined => {
    const trimmed = cut(text)
    if (trimmed === '') return undefined
    if (date) {
      const read = readDate(trimmed, date)
      if (read === 'invalid') return { unreadable: 'date-invalid', params: { from: name, format: date } }
      return read ?? undefined
    }
    const plain = dn ? canonicalDn(trimmed) : trimmed
    const value = dn && letters === 'lower' ? dnKey(plain) : letters ? CASES[letters](plain) : plain
    if (!map) return value
    if (Object.hasOwn(map, value)) return map[value] ?? undefined
    if (rule.default !== undefined) return rule.default
    return { unreadable: 'value-unknown', params: { from: name } }
  }
}

/** Danish letters keep their case in every locale but Turkish and Lithuanian, so the plain functions do. */
const CASES = {
  lower: (text: string) => text.toLowerCase(),
  upper: (text: string) => text.toUpperCase(),
  /** `ÅSE-MARIE VON HOLM` → `Åse-Marie Von Holm`. */
  title: (text: string) =>
    text
      .toLowerCase()
      .replace(/(^|[\s\-'’.(/])(\p{L})/gu, (_whole, before: string, letter: string) => before + letter.toUpperCase()),
} as const

function compileCut(strip: FieldRule['strip']): (text: string) => string {
  if (strip === undefined) return text => text.trim()
  const { start = '', end = '' } = typeof strip === 'string' ? { start: strip } : strip
  return text => {
    let left = text.trim()
    if (start !== '' && left.startsWith(start)) left = left.slice(start.length)
    if (end !== '' && left.endsWith(end)) left = left.slice(0, left.length - end.length)
    return left.trim()
  }
}
