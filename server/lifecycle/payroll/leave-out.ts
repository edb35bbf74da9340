import { z } from 'zod'

/**
 * Which rows of payroll are not taken in: late pay, STOP units, hourly staff. Plain conditions over what the row says, all
 * of which must hold; no patterns and no code.
 */
const text = z.string().trim().min(1).max(200)
const condition = z.union([
  text,
  z.strictObject({
    in: z.array(text).min(1).max(500).optional(),
    startsWith: text.optional(),
    contains: text.optional(),
    empty: z.boolean().optional(),
    below: z.number().optional(),
    atLeast: z.number().optional(),
  }),
])
type Condition = z.output<typeof condition>

export const leaveOutRules = (fields: readonly [string, ...string[]]) =>
  z
    .array(
      z.strictObject({
        /** Shown with the number of rows that it caught. */
        why: z.string().trim().min(3).max(120),
        when: z
          .partialRecord(z.enum(fields), condition)
          .refine(when => Object.keys(when).length > 0, 'needs at least one condition'),
      }),
    )
    .max(50)
    .default([])
export type LeaveOutRule = { why: string; when: Partial<Record<string, Condition>> }

/** Several values of a field (a unit and those above it): one of them is enough. */
export type Row = Readonly<Record<string, string | number | readonly string[] | null | undefined>>

/** Why this row is left out; null: it is taken in. The first rule that fits says so. */
export function leftOutBy(rules: readonly LeaveOutRule[], row: Row): string | null {
  return rules.find(({ when }) => Object.entries(when).every(([field, one]) => fits(row[field], one!)))?.why ?? null
}

function fits(value: Row[string], wanted: Condition): boolean {
  const values = (Array.isArray(value) ? value : [value]).filter(one => one !== null && one !== undefined && one !== '')
  const folded = values.map(one => String(one).toLowerCase())
  const is = (one: string) => folded.includes(one.toLowerCase())
  if (typeof wanted === 'string') return is(wanted)
  if (wanted.empty !== undefined && wanted.empty !== (folded.length === 0)) return false
  if (wanted.in && !wanted.in.some(is)) return false
  const { startsWith, contains, below, atLeast } = wanted
  if (startsWith !== undefined && !folded.some(one => one.startsWith(startsWith.toLowerCase()))) return false
  if (contains !== undefined && !folded.some(one => one.includes(contains.toLowerCase()))) return false
  // What is no number is neither small nor large.
  if (below !== undefined && !values.some(one => Number.isFinite(Number(one)) && Number(one) < below)) return false
  return atLeast === undefined || values.some(one => Number.isFinite(Number(one)) && Number(one) >= atLeast)
}
