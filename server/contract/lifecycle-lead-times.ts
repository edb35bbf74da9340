import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/** What a start and an end take, as distributions over groups of five or more (domain.md, employees' representatives). */

export const leadMeasure = z.enum(['notice', 'payroll', 'ready', 'close'])
export const heldUpBy = z.enum(['payroll-first', 'draft-lay', 'sender-waited', 'begun-late', 'other'])

const band = z.object({ from: z.number().int().nullable(), to: z.number().int().nullable(), count: z.number().int() })
export const measureFigures = z.object({
  measure: leadMeasure,
  /** How many it is counted over; null: fewer than five, and then nothing more is said. */
  count: z.number().int().nullable(),
  /** Days; days of work for payroll. */
  median: z.number().nullable(),
  /** Nine of ten are no worse. */
  ninth: z.number().nullable(),
  /** What the municipality holds it against, in the same days; null: the first or last day itself. */
  bar: z.number().int(),
  /** How many keep to it; null where those or the others are fewer than five. */
  within: z.number().int().nullable(),
  /** How many have not come so far yet; null where they are fewer than five. */
  waiting: z.number().int().nullable(),
  /** Days from and to (both included), neighbours merged until each holds five or more, or nobody. */
  bands: z.array(band),
})
export type MeasureFigures = z.output<typeof measureFigures>
export const getLeadTimes = endpoint({
  id: 'getLeadTimes',
  path: '/lifecycle/lead-times',
  permission: 'lead-times.read',
  summary: 'Notice, payroll, account ready and all closed: the distribution in a period, held against the bar of today',
  query: z.object({ from: s.civilDate, to: s.civilDate, unit: s.id.optional() }),
  response: z.object({
    measures: z.array(measureFigures),
    /** Reports that came later than the notice: how many, and what held them up. Causes of fewer than five are one. */
    late: z.object({
      count: z.number().int().nullable(),
      causes: z.array(z.object({ cause: heldUpBy, count: z.number().int() })),
    }),
    /** By the units right below the chosen one; those of fewer than five are one row without a unit. */
    units: z.array(
      z.object({
        unit: s.unitRef.nullable(),
        count: z.number().int(),
        median: z.number(),
        within: z.number().int().nullable(),
      }),
    ),
    chosenUnit: s.unitRef.nullable(),
  }),
  problems: ['data-invalid'],
})
