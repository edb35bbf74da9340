import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

const hour = z.number().int().min(0).max(23).nullable()
/** `startsFromHour`: on the day before the first. `endsUntilHour`: on the day after the last. Hours of Copenhagen. */
const cutover = z.object({ startsFromHour: hour, endsUntilHour: hour })

export const getCutover = endpoint({
  id: 'getCutover',
  path: '/org/:unitId/cutover',
  permission: 'unit.read',
  summary:
    'Hours at which duties begin the evening before, and end the morning after; of the unit itself, and what counts there',
  params: z.object({ unitId: s.id }),
  response: z.object({ own: cutover, counts: cutover, mayChange: z.boolean() }),
  problems: ['not-found'],
})
export const saveCutover = endpoint({
  id: 'saveCutover',
  method: 'PUT',
  path: '/org/:unitId/cutover',
  permission: 'unit.cutover',
  summary: 'The hours of a unit and what stands below it; null: as the unit above says',
  params: z.object({ unitId: s.id }),
  body: cutover,
  response: z.object({}),
  problems: ['not-found'],
})
