import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { logKept } from './lists.ts'
import { operation } from './register-lists.ts'
import * as s from './shapes.ts'

const code = z.string().min(1).max(60)
const codes = z.array(code).max(60).default([])

/** How a right reaches data: for a purpose that names it, at most (what is used but not named), or without any purpose. */
export const REACH_HOWS = ['constrained', 'maximum', 'unexplained'] as const
export const reachHow = z.enum(REACH_HOWS)

/** Why it is reached at most only: no purpose names it; one does, outside of its limits; one does, for something else. */
export const reachBeyond = z.enum(['category', 'limits', 'operation'])

/** Whose rights, which rights; what is to be done with it (not said: anything). */
const among = {
  unit: s.id.optional(),
  system: s.id.optional(),
  activity: s.id.optional(),
  operation: operation.optional(),
}
/** Which data about whom; empty: any. Several: any of them, each person once. */
const which = { data: codes, subjects: codes }

/** People, each once: at most; for a purpose that names it; by a right that nobody has given a purpose. */
const counts = { people: z.number().int(), constrained: z.number().int(), unexplained: z.number().int() }
export const reachCount = z.object(counts)

/**
 * The way from at most to a purpose, people each once by the best they have: with those for a purpose they are all. Of those
 * for a purpose: who reaches a part only, and who are among them because a limit could not be counted.
 */
const apart = z.object({
  people: z.number().int(),
  constrained: z.number().int(),
  limits: z.number().int(),
  operation: z.number().int(),
  category: z.number().int(),
  unexplained: z.number().int(),
  part: z.number().int(),
  uncounted: z.number().int(),
  /** Types of limit. */
  uncountedBy: z.array(z.string()),
})

/** What a purpose says of a way: operations (null: it does not say), a part only, limits that could not be counted. */
const said = {
  beyond: reachBeyond.nullable(),
  operations: z.array(operation).nullable(),
  part: z.boolean(),
  uncounted: z.array(z.string()),
}

/** `class` of data: ordinary, confidential, special (Art. 9), criminal (Art. 10) or cpr. */
const term = z.object({ code: z.string(), da: z.string(), en: z.string(), class: z.string().nullable() })
const activityRef = z.object({ id: s.id, ref: z.string(), name: z.string() })

export const searchReach = endpoint({
  id: 'searchReach',
  method: 'POST',
  path: '/reach/search',
  kind: 'search',
  permission: 'matrix.read',
  summary: 'How many people can reach which data about whom, at most and for a purpose, and why',
  body: z.object({ ...among, ...which, day: s.civilDate.optional() }),
  response: z.object({
    day: s.civilDate,
    /** Counted on that day and kept; else counted now. */
    kept: z.boolean(),
    /** Days of which there are figures, the latest last; empty where the reader does not see all rights. */
    days: z.array(s.civilDate),
    /** All categories, reached or not: those that one may ask about. */
    data: z.array(term),
    subjects: z.array(term),
    /** Systems through which anything that a record states is reached. */
    systems: z.array(s.systemRef),
    /** Whose figures these are, where they are of one activity. */
    activity: activityRef.nullable(),
    cells: z.array(z.object({ data: z.string(), subject: z.string(), ...counts })),
    /** About anybody, by category of data. */
    rows: z.array(z.object({ data: z.string(), ...counts })),
    /** People who reach anything. */
    all: reachCount,
    /** Rights of which no record states what they reach. */
    unknown: reachCount.extend({ systems: z.number().int() }),
    /** What was asked about, each person once; null where nothing was. */
    asked: reachCount.nullable(),
    /** Of what was asked about, else of everything; null where the figures are kept ones. */
    apart: apart.nullable(),
    /** Why: by which activity and system, most people first. */
    why: z.array(
      z.object({ how: reachHow, activity: activityRef.nullable(), system: s.systemRef, people: z.number().int() }),
    ),
    whyTotal: z.number().int(),
  }),
  problems: ['not-found'],
})

export const reachRow = z.object({
  person: s.personRef,
  unit: s.unitRef.nullable(),
  system: s.systemRef,
  right: z.object({ id: s.id, name: z.string() }),
  activity: activityRef.nullable(),
  purpose: z.string().nullable(),
  how: reachHow,
  ...said,
  /** The right reaches further than the limits under which its purpose counts. */
  wider: z.boolean(),
  /** It is held; else it is only expected. */
  seen: z.boolean(),
  data: z.array(z.string()),
  subjects: z.array(z.string()),
})

export const searchReachRows = endpoint({
  id: 'searchReachRows',
  method: 'POST',
  path: '/reach/rows/search',
  kind: 'search',
  permission: 'matrix.read',
  summary: 'Who is behind a number: person, unit, right, activity and purpose',
  body: z.object({
    ...among,
    ...which,
    how: reachHow.optional(),
    /** Rights of which no record states what they reach. */
    unknown: z.boolean().default(false),
    ...s.page.shape,
  }),
  response: z.object({ rows: z.array(reachRow), total: z.number().int(), people: z.number().int() }),
  problems: ['not-found'],
})

export const getReachTrend = endpoint({
  id: 'getReachTrend',
  method: 'POST',
  path: '/reach/trend/search',
  kind: 'search',
  permission: 'matrix.read',
  summary: 'How many could reach it, week by week; of each chosen pair',
  body: z.object({ unit: s.id.optional(), ...which }),
  response: z.object({
    series: z.array(
      z.object({
        /** A category, `*` for all, `*special` for a class. */
        data: z.string(),
        subject: z.string(),
        points: z.array(z.object({ day: s.civilDate, ...counts })),
      }),
    ),
  }),
})

export const REACH_STEPS = ['ground', 'system', 'activity', 'data'] as const
/** Boxes of a step; all others stand together in one. */
export const REACH_NODES = 12
export const getReachFlow = endpoint({
  id: 'getReachFlow',
  method: 'POST',
  path: '/reach/flow/search',
  kind: 'search',
  permission: 'matrix.read',
  summary: 'From what gives rights over systems and activities to categories of data, in people',
  body: z.object({
    ...among,
    ...which,
    how: reachHow.optional(),
    through: z.object({ step: z.enum(REACH_STEPS), key: z.string().max(300) }).optional(),
  }),
  response: z.object({
    people: z.number().int(),
    steps: z.array(
      z.array(
        z.object({
          /** Null: all others together. */
          key: z.string().nullable(),
          name: z.string().nullable(),
          nameEn: z.string().nullable(),
          kind: z.enum(['role', 'rule', 'seen', 'system', 'activity', 'no-activity', 'data', 'unknown', 'others']),
          class: z.string().nullable(),
          people: z.number().int(),
          /** How many things stand behind it. */
          of: z.number().int(),
        }),
      ),
    ),
    /** Four numbers each: step, from, to, people. */
    links: z.array(z.number().int()),
  }),
})

const reached = z.object({
  data: z.string(),
  subjects: z.array(z.string()),
  how: reachHow,
  ...said,
  activity: activityRef.nullable(),
  system: s.systemRef,
  rights: z.array(z.object({ id: s.id, name: z.string() })),
})
export const getPersonReach = endpoint({
  id: 'getPersonReach',
  path: '/people/:personId/reach',
  permission: 'person.read',
  summary: 'All that a person can reach, as far as the reader may know of the rights',
  params: z.object({ personId: s.id }),
  query: z.object({ operation: operation.optional() }),
  response: z.object({
    data: z.array(term),
    subjects: z.array(term),
    rows: z.array(reached),
    /** Systems of which no record states what they hold. */
    unknown: z.array(s.systemRef),
  }),
  problems: ['not-found'],
})

export const getActivityReach = endpoint({
  id: 'getActivityReach',
  path: '/activities/:activityId/reach',
  permission: 'activity.read',
  summary: 'The systems and rights of an activity, and how many people have them, worked out from the rights',
  params: z.object({ activityId: s.id }),
  response: z.object({
    all: reachCount,
    systems: z.array(
      z.object({
        system: s.systemRef,
        /** The record in force names it; else only rights of it are bound to the activity. */
        stated: z.boolean(),
        use: z.string().nullable(),
        ...counts,
        rights: z.array(
          z.object({
            id: s.id,
            name: z.string(),
            /** For a purpose of this activity. */
            bound: z.boolean(),
            people: z.number().int(),
            expected: z.number().int(),
            seen: z.number().int(),
          }),
        ),
      }),
    ),
    units: z.array(z.object({ unit: s.unitRef.nullable(), people: z.number().int() })),
  }),
  problems: ['not-found'],
})

export const getSystemRegister = endpoint({
  id: 'getSystemRegister',
  path: '/systems/:systemId/register',
  permission: 'system.read',
  summary: 'What the register says of a system: activities, bindings, reach, deletion and logging',
  params: z.object({ systemId: s.id }),
  response: z.object({
    activities: z.array(
      activityRef.extend({
        use: z.string().nullable(),
        stated: z.boolean(),
        owner: s.personRef.nullable(),
        erasure: z.array(
          z.object({
            startEvent: z.string(),
            period: z.string().nullable(),
            archive: z.enum(['keep', 'discard', 'unknown']),
            data: z.array(z.string()),
          }),
        ),
      }),
    ),
    bindings: z.object({
      counts: z.number().int(),
      waits: z.number().int(),
      rights: z.number().int(),
    }),
    /** Null where the reader may not see rights of the system. */
    reach: z
      .object({
        all: reachCount,
        rows: z.array(z.object({ data: z.string(), subjects: z.array(z.string()), ...counts })),
      })
      .nullable(),
    data: z.array(term),
    subjects: z.array(term),
    /** What the sheet of the system says; null: it says nothing of it. */
    deletion: z.object({ defined: z.boolean().nullable(), next: s.civilDate.nullable() }),
    logging: z.object({
      /** Whether it is among the measures. */
      measure: z.boolean().nullable(),
      kept: logKept.nullable(),
      months: z.number().int().nullable(),
      readers: z.string().nullable(),
      fields: z.array(z.string()),
      reason: z.string().nullable(),
      verified: s.civilDate.nullable(),
    }),
  }),
  problems: ['not-found'],
})
