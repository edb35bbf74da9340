import { z } from 'zod'

const text = z.string().min(1)

/**
 * A mapping as a rules file has it: groups of a source whose `cn` fits give this entitlement. `*` is any run of
 * characters, also none; what it stood for may be used in the entitlement as `{1}` to `{9}`, in the order of the stars.
 * The first pattern that fits a group decides; a group that gives two rights has two mappings with the same pattern. No
 * regular expressions: whoever maintains the mappings must be able to see what they catch. What the stars
 * mean, and what is wrong with a mapping, is said by `systems/group-mapping.ts` alone.
 */
export const groupMapping = z.strictObject({
  source: text,
  match: z.strictObject({ cn: text }),
  entitlement: text,
})

export type GroupMapping = z.infer<typeof groupMapping>
