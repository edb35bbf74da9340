import { z } from 'zod'
import { retentionRule } from './activity-content.ts'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/*
 * KLE, the municipalities' classification of tasks, as far as it says how long cases are kept. The list is licensed:
 * a municipality reads in its own copy, and none comes with Hjemmel.
 */

export const getKle = endpoint({
  id: 'getKle',
  path: '/kle',
  permission: 'activity.read',
  summary: 'Whether KLE has been read in, and how much of it says how long cases are kept',
  response: z.object({
    entries: z.number().int(),
    /** Subjects that say when to erase. */
    erased: z.number().int(),
    readAt: s.instant.nullable(),
    file: z.string().nullable(),
    allowed: z.object({ change: z.boolean() }),
  }),
})

export const uploadKle = endpoint({
  id: 'uploadKle',
  method: 'POST',
  path: '/kle/uploads',
  permission: 'vocabulary.change',
  summary:
    'Read in KLE: the XML of the list of subjects, or a CSV with number, title, preservation and erasure, as the body itself (`application/octet-stream`, at most 40 MB). What the file does not name stays',
  query: z.object({ name: z.string().trim().min(1).max(200) }),
  response: z.object({
    taken: z.number().int(),
    /** Numbers that KLE no longer has. */
    gone: z.number().int(),
    /** Entries that were left out, with why; at most the first hundred. */
    bad: z.array(
      z.object({ line: z.number().int(), number: z.string(), what: z.enum(['number', 'title', 'erasure']) }),
    ),
    badInAll: z.number().int(),
  }),
  problems: ['source-invalid', 'source-incomplete', 'payload-too-large'],
})

export const getKleRetention = endpoint({
  id: 'getKleRetention',
  path: '/kle/retention',
  permission: 'activity.read',
  summary: 'Erasure limits that KLE proposes for tasks, ready to be taken into a record',
  query: z.object({
    /** KLE numbers with commas between: `29.18,27`. */
    kle: z
      .string()
      .max(1000)
      .regex(/^\d{2}(\.\d{2}){0,2}(,\d{2}(\.\d{2}){0,2})*$/),
  }),
  response: z.object({
    proposals: z.array(
      z.object({
        kle: z.string(),
        title: z.string(),
        rule: retentionRule,
        /** How many subjects below the number say so, of how many that say something. */
        subjects: z.number().int(),
        of: z.number().int(),
      }),
    ),
  }),
})
