import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { grantable, roleForm, ruleForm } from './rule-forms.ts'
import * as s from './shapes.ts'

/** Rules and roles in a draft by the forms of the rules desk: read as the draft has them, written as its changes. */

const count = z.number().int()
const one = z.object({ draftId: s.id })
const formChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rule'), form: ruleForm }),
  z.strictObject({ kind: z.literal('role'), form: roleForm }),
])
export const getDraftForm = endpoint({
  id: 'getDraftForm',
  path: '/drafts/:draftId/form',
  permission: 'what-if.change',
  summary: 'A rule or role as it is with the changes of a draft, as a form; without a key an empty one',
  params: one,
  query: z.object({ kind: z.enum(['rule', 'role']), key: z.string().trim().min(1).max(200).optional() }),
  response: z.object({
    draft: z.object({ name: z.string(), version: count }),
    change: formChange,
    isNew: z.boolean(),
    /** Names of what the form gives, and the roles that the draft makes and that can be given too. */
    grantable: z.array(grantable),
    made: z.array(grantable),
    /** Names of the people that the form names, as far as the reader may know. */
    people: z.array(s.personRef),
  }),
  problems: ['not-found', 'rules-invalid'],
})
export const putDraftForm = endpoint({
  id: 'putDraftForm',
  method: 'PUT',
  path: '/drafts/:draftId/form',
  permission: 'what-if.change',
  summary:
    'Change a rule or role in a draft by its form: one change for each rule and role that differs from what is in force',
  params: one,
  body: z.object({ version: count, isNew: z.boolean(), change: formChange }),
  response: z.object({ version: count }),
  problems: ['not-found', 'conflict', 'data-invalid', 'rules-invalid'],
})

export type DraftFormChange = z.output<typeof formChange>
