import { z } from 'zod'
import { bindingLevel, operation } from './register-lists.ts'
import * as s from './shapes.ts'

const term = z.object({ code: z.string(), da: z.string(), en: z.string() })

/**
 * What rights are for: the purpose of a processing activity with its legal basis, as its record says on that day. Said once
 * a page, whatever the number of rights. Whoever agreed is told by function, not by name.
 */
export const boundPurpose = z.object({
  bindingId: s.id,
  level: bindingLevel,
  /** `confirmed`: somebody who knows the law has looked at the record. */
  activity: z.object({ id: s.id, ref: z.string(), name: z.string(), confirmed: z.boolean() }),
  purpose: z.object({ key: z.string(), name: z.string() }),
  /** Terms: `6.1.e`. */
  art6: z.string().nullable(),
  art9: z.array(z.string()),
  national: z.array(term),
  provisions: z.array(z.object({ law: z.string(), section: z.string().nullable(), checkedOn: s.civilDate.nullable() })),
  kle: z.array(z.string()),
  subjects: z.array(term),
  /** `class`: ordinary, confidential, special (Art. 9), criminal (Art. 10) or cpr. */
  data: z.array(term.extend({ class: z.string().nullable() })),
  operations: z.array(operation),
  necessity: z.string(),
  approvedOn: s.civilDate.nullable(),
  /** Under which tool role, and where they work now. */
  approvedBy: z.object({ function: z.string().nullable(), unit: z.string().nullable() }).nullable(),
  reviewOn: s.civilDate.nullable(),
})
export type BoundPurpose = z.output<typeof boundPurpose>

/** That one right is for it, and how it fits the person. */
export const rightPurpose = z.object({
  bindingId: s.id,
  /** The right reaches further than its purpose needs. */
  wider: z.boolean(),
  /** Units by whose work the person has it and that perform the task; empty with `performs: false`: none of them does. */
  units: z.array(z.string()),
  /** Null: the record says neither units nor KLE numbers. */
  performs: z.boolean().nullable(),
})
export type RightPurpose = z.output<typeof rightPurpose>
