import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/* Files that are made of what is shown: for a council member, an authority, a person who asks. */

export const documentLanguage = z.enum(['da', 'en'])
export const documentFormat = z.enum(['docx', 'pdf'])

/** A file as it is handed over; the content in base64. */
export const madeFile = z.object({ fileName: z.string(), contentType: z.string(), content: z.string() })
export type MadeFile = z.output<typeof madeFile>

export const makeRegisterDocument = endpoint({
  id: 'makeRegisterDocument',
  path: '/register/document',
  permission: 'activity.read',
  summary: 'Records of processing as a document: one, those of an area or a unit, or all that count on a day',
  query: z.object({
    format: documentFormat,
    language: documentLanguage.default('da'),
    /** One record, whatever its standing; without it those that count. */
    activity: s.id.optional(),
    area: z.string().max(100).optional(),
    /** Records that this unit, or one below it, is responsible for. */
    unit: s.id.optional(),
    asOf: s.civilDate.optional(),
    /** As was known when this day was over. */
    known: s.civilDate.optional(),
  }),
  response: madeFile,
  problems: ['not-found'],
})
