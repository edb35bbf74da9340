import { z } from 'zod'
import { canonicalDn, dnKey } from '../platform/dn.ts'
import type { Json, NormalAttrs } from '../platform/feed-record.ts'

const dateFormat = z.enum(['iso', 'da', 'filetime', 'generalized'])
const fieldRule = z.strictObject({
  column: z.string().min(1).optional(),
  attribute: z.string().min(1).optional(),
  /** Read instead where the first has no value. */
  otherwise: z.string().min(1).optional(),
  const: z.union([z.string(), z.number(), z.boolean()]).optional(),
  split: z.string().min(1).max(5).optional(),
  /** All values of the attribute as a list; without it the first. Lists by nature are lists anyway. */
  list: z.boolean().optional(),
  lower: z.boolean().optional(),
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
    fieldRule.refine(
      rule => rule.column || rule.attribute || rule.const !== undefined || rule.parent,
      'needs column, attribute, const or parent',
    ),
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
    .flatMap(rule => (typeof rule === 'string' ? rule : [rule.column ?? rule.attribute, rule.otherwise]))
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
  const { otherwise } = rule
  return values => {
    const first = values(name)[0] ?? (otherwise ? values(otherwise)[0] : undefined)
    const value = first === undefined ? undefined : single(first)
    return value === undefined ? fallback : value
  }
}

type ReadValue = (text: string) => Json | Unreadable | undefined

function compileValue(name: string, rule: FieldRule): ReadValue {
  const { date, dn, lower, flag, map } = rule
  if (flag) {
    const bit = BigInt(flag.replace('!', ''))
    const want = !flag.startsWith('!')
    return text => {
      if (text.trim() === '') return undefined
      if (!/^-?\d+$/.test(text.trim())) return { unreadable: 'not-a-number', params: { from: name } }
      return ((BigInt(text.trim()) & bit) !== 0n) === want
    }
  }
  return (text): Json | Unreadable | undefined => {
    const trimmed = text.trim()
    if (trimmed === '') return undefined
    if (date) {
      const read = readDate(trimmed, date)
      if (read === 'invalid') return { unreadable: 'date-invalid', params: { from: name, format: date } }
      return read ?? undefined
    }
    const plain = dn ? canonicalDn(trimmed) : trimmed
    const value = !lower ? plain : dn ? dnKey(plain) : plain.toLowerCase()
    if (!map) return value
    if (Object.hasOwn(map, value)) return map[value] ?? undefined
    if (rule.default !== undefined) return rule.default
    return { unreadable: 'value-unknown', params: { from: name } }
  }
}

/** 1601-01-01 to 1970-01-01 in milliseconds: where Windows' FILETIME begins. */
const FILETIME_EPOCH = 11_644_473_600_000n
const NEVER = 0x7fffffffffffffffn

/**
 * A date or an instant as the feed record has it: civil dates `YYYY-MM-DD`, instants ISO 8601 in UTC.
 * null: the source says "never" or "none" (FILETIME 0 and its largest value, [MS-ADTS] 2.2.1 and 3.1.1).
 */
export function readDate(text: string, format: z.output<typeof dateFormat>): string | null | 'invalid' {
  if (format === 'iso') {
    const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text)
    return match ? civil(match[1]!, match[2]!, match[3]!) : 'invalid'
  }
  if (format === 'da') {
    const match = /^(\d{1,2})[.\-/](\d{1,2})[.\-/](\d{4})$/.exec(text)
    return match ? civil(match[3]!, match[2]!.padStart(2, '0'), match[1]!.padStart(2, '0')) : 'invalid'
  }
  if (format === 'filetime') {
    if (!/^\d{1,19}$/.test(text)) return 'invalid'
    const ticks = BigInt(text)
    if (ticks === 0n || ticks >= NEVER) return null
    const at = new Date(Number(ticks / 10_000n - FILETIME_EPOCH))
    return Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9000 ? null : at.toISOString()
  }
  // Generalized time, RFC 4517 3.3.13, as directories write it: 20260102030405Z or with fraction and offset.
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})?(\d{2})?(?:[.,]\d+)?(Z|[+-]\d{4})$/.exec(text)
  if (!match) return 'invalid'
  const [, year, month, day, hour, minute = '00', second = '00', zone] = match
  const offset = zone === 'Z' ? 'Z' : `${zone!.slice(0, 3)}:${zone!.slice(3)}`
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`)
  return Number.isNaN(at.getTime()) ? 'invalid' : at.toISOString()
}

function civil(year: string, month: string, day: string): string | 'invalid' {
  const at = new Date(`${year}-${month}-${day}T00:00:00Z`)
  const text = `${year}-${month}-${day}`
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? text : 'invalid'
}
