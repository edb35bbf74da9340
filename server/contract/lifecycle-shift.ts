import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/** Somebody for one shift (*Vikar nu*): on a phone, with the rights that the unit has agreed on, until the shift ends. */

const name = z.string().trim().min(1).max(100)
const template = z.object({
  id: s.id,
  unit: s.unitRef,
  title: z.string(),
  rights: z.array(z.object({ id: s.id, key: z.string(), name: z.string(), system: s.systemRef })),
})
export type ShiftTemplate = z.output<typeof template>

export const listShifts = endpoint({
  id: 'listShifts',
  path: '/lifecycle/shifts',
  permission: 'shift.read',
  summary: 'Templates of the units that the reader reports for, and substitutes who wait for somebody on duty there',
  response: z.object({
    templates: z.array(template),
    waiting: z.array(
      z.object({
        caseId: s.id,
        /** As they gave it themselves: there is nobody in the house yet. */
        name: z.string(),
        birthDate: s.civilDate,
        agency: z.string(),
        unit: s.unitRef,
        title: z.string(),
        endsAt: s.instant,
        /** Nobody confirms what they have asked for. */
        allowed: z.object({ confirm: z.boolean() }),
      }),
    ),
  }),
})
export const startShift = endpoint({
  id: 'startShift',
  method: 'POST',
  path: '/lifecycle/shifts',
  permission: 'case.send',
  summary: 'Ask for a substitute for one shift: nothing is there before a second person on duty has confirmed',
  body: z.object({
    templateId: s.id,
    givenName: name,
    familyName: name,
    birthDate: s.civilDate,
    agency: z.string().trim().max(200).default(''),
    endsAt: s.instant,
  }),
  response: z.object({ caseId: s.id }),
  problems: ['not-found', 'not-allowed', 'data-invalid', 'case-about-self', 'case-incomplete'],
})
export const confirmShift = endpoint({
  id: 'confirmShift',
  method: 'POST',
  path: '/lifecycle/shifts/:caseId/confirm',
  permission: 'shift.confirm',
  summary:
    'Somebody else on duty, a colleague of the unit too, has seen the substitute: person, affiliation and rights until the shift ends',
  params: z.object({ caseId: s.id }),
  body: z.object({}),
  response: z.object({ rights: z.number().int(), affiliationId: s.id }),
  problems: ['not-found', 'not-allowed', 'second-person-needed', 'case-closed', 'case-about-self', 'case-incomplete'],
})
export const saveShiftTemplate = endpoint({
  id: 'saveShiftTemplate',
  method: 'PUT',
  path: '/lifecycle/shift-templates',
  permission: 'case.confidential',
  summary: 'What a substitute in a unit gets; privileged rights never, and what needs a yes only by HR',
  body: z.object({ unitId: s.id, title: name, entitlementIds: z.array(s.id).min(1).max(40) }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'not-allowed', 'data-invalid'],
})
