import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { criticality, hosting, systemGap, systemReading, systemStatus } from './lists.ts'

/* The catalogue as a file. What comes in again stands in transfer.ts. */

const filter = z.object({
  text: z.string().trim().max(100).optional(),
  area: z.string().max(100).optional(),
  reading: systemReading.optional(),
  status: systemStatus.optional(),
  criticality: criticality.optional(),
  hosting: hosting.optional(),
  supplier: z.string().max(200).optional(),
  gap: systemGap.optional(),
  own: z.boolean().optional(),
  read: z.boolean().optional(),
  team: z.boolean().optional(),
})

export const exportSystems = endpoint({
  id: 'exportSystems',
  method: 'POST',
  path: '/catalogue/export',
  large: true,
  permission: 'system.export',
  summary:
    'Sheets of systems as a file, as filtered: XLSX has systems, contracts and data flows, CSV one of them. `gdpr`: the columns of KITOS’ GDPR export. Names that are protected are never in it',
  body: z.object({
    what: z.enum(['systems', 'contracts', 'flows', 'gdpr']),
    format: z.enum(['xlsx', 'csv']),
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
