import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { findingMode } from './findings.ts'
import { findingCode } from './lists.ts'
import * as s from './shapes.ts'

export const findingNotice = z.object({
  discussedOn: s.civilDate,
  toldOn: s.civilDate,
  /** Where it stands: the minutes. */
  reference: z.string().trim().min(3).max(300),
})
export const getFindingSettings = endpoint({
  id: 'getFindingSettings',
  path: '/findings/settings',
  permission: 'finding.read',
  summary: 'Which kinds are listed, counted or off, area by area; whether last use and outliers may be looked at',
  response: z.object({
    kinds: z.array(
      z.object({
        code: findingCode,
        gated: z.boolean(),
        /** `area` null: everywhere that nothing else is said of. */
        areas: z.array(z.object({ area: z.string().nullable(), mode: findingMode, open: z.number().int() })),
        /** Units of which something else is said, with all below them; that wins over the area. */
        units: z.array(z.object({ unit: s.unitRef, mode: findingMode, open: z.number().int() })),
      }),
    ),
    areas: z.array(z.string()),
    notice: findingNotice.extend({ recordedAt: s.instant, recordedBy: z.string() }).nullable(),
    allowed: z.object({ change: z.boolean() }),
  }),
})
export const changeFindingSwitch = endpoint({
  id: 'changeFindingSwitch',
  method: 'PUT',
  path: '/findings/settings/switch',
  permission: 'finding.configure',
  summary: 'List, count or leave out a kind, everywhere, in one area, or in one unit and below it',
  /** `mode` null: as everywhere else. Either an area or a unit. */
  body: z.object({
    code: findingCode,
    area: z.string().max(100).nullable(),
    unit: s.id.nullable().default(null),
    mode: findingMode.nullable(),
  }),
  response: z.object({ mode: findingMode.nullable() }),
  problems: ['data-invalid'],
})
export const recordFindingNotice = endpoint({
  id: 'recordFindingNotice',
  method: 'PUT',
  path: '/findings/settings/notice',
  permission: 'finding.configure',
  summary:
    'Record that last use and outliers have been discussed with the employees’ representatives and employees told',
  body: findingNotice,
  response: z.object({ recorded: z.literal(true) }),
  problems: ['data-invalid'],
})
export const withdrawFindingNotice = endpoint({
  id: 'withdrawFindingNotice',
  method: 'DELETE',
  path: '/findings/settings/notice',
  permission: 'finding.configure',
  summary: 'Take that back: last use and outliers of people are no longer worked out, and what was is deleted',
  response: z.object({ removed: z.number().int() }),
})
