import { z } from 'zod'

/** Whether a hire, an extension or an end that nobody has reported opens a draft, and after how many days it is due. */
export const draftsWanted = z.strictObject({
  open: z.boolean().default(true),
  days: z.number().int().min(1).max(90).default(14),
})
