import { z } from 'zod'
import { controllerContent } from './activity-content.ts'
import { endpoint } from './endpoint.ts'
import { remark } from './register.ts'
import * as s from './shapes.ts'
import { dataClass } from './vocabularies.ts'

/*
 * Activities that most municipalities have, to begin records from. They are proposals: no law has its section, and every
 * record that is adopted says that no lawyer has confirmed it until somebody does.
 */

export const catalogueRow = z.object({
  key: z.string(),
  name: z.string(),
  nameEn: z.string(),
  area: z.string(),
  areaEn: z.string(),
  about: z.string(),
  aboutEn: z.string(),
  kle: z.array(z.string()),
  /** What the law calls the data that are used, each once. */
  classes: z.array(dataClass),
  /** The record that was made from it and still stands. */
  adopted: z.object({ activityId: s.id, ref: z.string() }).nullable(),
})
export type CatalogueRow = z.output<typeof catalogueRow>

export const listCatalogueActivities = endpoint({
  id: 'listCatalogueActivities',
  path: '/catalogue/activities',
  permission: 'activity.read',
  summary: 'Activities to begin records from, by area, with those that have been adopted marked',
  query: z.object({
    search: z.string().trim().max(100).optional(),
    area: z.string().max(100).optional(),
    adopted: z.enum(['yes', 'no']).optional(),
  }),
  response: z.object({
    rows: z.array(catalogueRow),
    total: z.number().int(),
    /** How many there are in all, and how many are adopted, whatever was searched for. */
    all: z.number().int(),
    adopted: z.number().int(),
    areas: z.array(z.object({ area: z.string(), areaEn: z.string(), count: z.number().int() })),
    allowed: z.object({ adopt: z.boolean() }),
  }),
})

export const getCatalogueActivity = endpoint({
  id: 'getCatalogueActivity',
  path: '/catalogue/activities/:key',
  permission: 'activity.read',
  summary: 'One activity of the catalogue as the record that it would become',
  params: z.object({ key: z.string().max(60) }),
  response: catalogueRow.extend({
    systemTypes: z.array(z.object({ da: z.string(), en: z.string() })),
    content: controllerContent,
    remarks: z.array(remark),
  }),
  problems: ['not-found'],
})

export const adoptActivities = endpoint({
  id: 'adoptActivities',
  method: 'POST',
  path: '/catalogue/adopted',
  permission: 'activity.change',
  summary: 'Begin drafts from activities of the catalogue; those that are adopted already are left as they are',
  body: z.object({ keys: z.array(z.string().max(60)).min(1).max(200) }),
  response: z.object({
    made: z.array(z.object({ key: z.string(), activityId: s.id, versionId: s.id })),
    already: z.array(z.string()),
  }),
  problems: ['not-found', 'not-allowed', 'data-invalid', 'conflict'],
})
