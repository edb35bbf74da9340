import { z } from 'zod'
import { activityAttention, activityKind, activityStanding } from './activity-lists.ts'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/* The register as a file. What comes in again stands in register-transfer.ts. */

/** As the list on the screen is filtered. */
const filter = z.object({
  /** One record. */
  activityId: s.id.optional(),
  search: z.string().trim().max(100).optional(),
  area: z.string().max(100).optional(),
  kind: activityKind.optional(),
  standing: activityStanding.optional(),
  attention: activityAttention.optional(),
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .optional(),
  own: z.literal('true').optional(),
  decide: z.literal('true').optional(),
})

export const REGISTER_FILES = ['workbook', 'template', 'dpv', 'os2compliance', 'kitos'] as const

export const exportRegister = endpoint({
  id: 'exportRegister',
  method: 'POST',
  path: '/register/export',
  large: true,
  permission: 'activity.read',
  summary:
    'Records of processing as a file, as filtered and as far as the reader may see them: a workbook that can be sent in again, an empty one to fill in, JSON-LD in the Data Privacy Vocabulary, JSON as OS2compliance keeps records, or a workbook with the fields of KITOS',
  body: z.object({
    what: z.enum(REGISTER_FILES),
    language: z.enum(['da', 'en']).default('da'),
    filter: filter.default({}),
  }),
  response: z.object({
    fileName: z.string(),
    contentType: z.string(),
    /** The file in base64. */
    content: z.string(),
  }),
})
