import { z } from 'zod'
import { documentLanguage, madeFile } from './documents.ts'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/* What Hjemmel knows of somebody, for them (Art. 15). Others stand in it by their function; the adviser may name them. */

const body = z.object({ format: z.enum(['pdf', 'json']), language: documentLanguage.default('da') })

export const exportMyData = endpoint({
  id: 'exportMyData',
  method: 'POST',
  path: '/me/data-file',
  permission: 'me.read',
  summary: 'Everything that is known of the own person, as PDF or JSON',
  body,
  response: madeFile,
  problems: ['not-found'],
})

export const exportPersonData = endpoint({
  id: 'exportPersonData',
  method: 'POST',
  path: '/people/:personId/data-file',
  permission: 'person.export',
  summary: 'The same for somebody who asks for it without signing in; the person can see that it was made',
  params: z.object({ personId: s.id }),
  body: body.extend({
    reason: z.string().trim().min(5).max(500),
    /** Why those who have looked, and those who agreed, are named in it; without it they stand by their function. */
    namesReason: z.string().trim().min(5).max(500).optional(),
  }),
  response: madeFile,
  problems: ['not-found', 'not-allowed'],
})
