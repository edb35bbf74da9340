import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { findingCode, findingSeverity } from './lists.ts'
import * as s from './shapes.ts'

/** What runs while nobody looks: of each how many, how many are late, and the next day by which something is due. */
export const DPO_CLOCKS = [
  'attest',
  'advice',
  'proposed',
  'unchecked',
  'bindings-waiting',
  'bindings-review',
  'rectifications',
] as const
export const dpoClock = z.object({
  code: z.enum(DPO_CLOCKS),
  count: z.number().int(),
  /** Null: nothing has a date. */
  late: z.number().int().nullable(),
  /** The earliest day by which one of them is due. */
  due: s.civilDate.nullable(),
  to: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

/** Words that stand at more bindings than this were hardly thought of at each of them. */
export const SAME_WORDS = 10
/** How fast people decide is told of groups of at least so many, never of a person. */
export const PACE_GROUP = 5
/** Seconds since the same person's decision before. */
export const QUICK_SECONDS = 5

export const getDpoHome = endpoint({
  id: 'getDpoHome',
  path: '/home/dpo',
  permission: 'activity.advise',
  summary: "The DPO's day: clocks, new findings, how reach to protected data moves, purposes that look rubber-stamped",
  response: z.object({
    today: s.civilDate,
    clocks: z.array(dpoClock),
    /** Listed findings of the last seven days that are open, by kind; the most serious first. */
    findings: z.array(z.object({ code: findingCode, severity: findingSeverity, count: z.number().int() })),
    /** By class of data (`*special`, `*criminal`, `*cpr`, `*` all), week by week, the latest last. */
    reach: z.array(
      z.object({
        data: z.string(),
        day: s.civilDate,
        people: z.number().int(),
        unexplained: z.number().int(),
        more: z.number().int(),
        moreUnexplained: z.number().int(),
      }),
    ),
    stamps: z.object({
      words: z.array(z.object({ necessity: z.string(), bindings: z.number().int(), systems: z.number().int() })),
      /** Area null: all together. `quick`: decided within seconds of the decision before. */
      pace: z.array(
        z.object({
          area: z.string().nullable(),
          people: z.number().int(),
          decisions: z.number().int(),
          quick: z.number().int(),
        }),
      ),
      /** Areas that are not told of, because too few people have decided there. */
      untold: z.number().int(),
    }),
  }),
})
