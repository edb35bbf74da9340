import { z } from 'zod'
import { endpoint } from './endpoint.ts'

/**
 * What HR decides about reports and payroll:
 * GET /lifecycle/hr-settings   getHrSettings
 * PUT /lifecycle/hr-settings   changeHrSettings
 */

export const hrSettings = z.object({
  /** Days that payroll may take to tell of somebody who was reported. */
  hireConfirmDays: z.int().min(1).max(120),
  /** Ends that one source may tell of within an hour before a person is asked: so many anyway. */
  endsFloor: z.int().min(1).max(1000),
  /** And so many of a hundred of those whom the source tells of, where that is more. */
  endsPercent: z.number().min(0).max(100),
})

export const getHrSettings = endpoint({
  id: 'getHrSettings',
  path: '/lifecycle/hr-settings',
  permission: 'inbox.read',
  summary: 'How long payroll may take to confirm, and how many ends at once are asked about',
  response: z.object({ settings: hrSettings, allowed: z.object({ change: z.boolean() }) }),
})

export const changeHrSettings = endpoint({
  id: 'changeHrSettings',
  method: 'PUT',
  path: '/lifecycle/hr-settings',
  permission: 'inbox.settle',
  summary: 'Change both; counts from now on',
  body: z.object({ settings: hrSettings, reason: z.string().trim().min(5).max(500) }),
  response: z.object({ settings: hrSettings }),
})
