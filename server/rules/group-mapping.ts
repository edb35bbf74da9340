import { z } from 'zod'
import { isEntitlementKey } from '../systems/entitlement-key.ts'

const text = z.string().min(1)

/**
 * A mapping as a rules file has it: groups of a source whose `cn` fits give this entitlement. `*` is any run of
 * characters, also none; what it stood for may be used in the entitlement as `{1}` to `{9}`, in the order of the stars.
 * The first pattern that fits a group decides; a group that gives two rights has two mappings with the same pattern. No
 * regular expressions: whoever maintains the mappings must be able to see what they catch. Matching is in
 * `systems/group-mapping.ts`.
 */
export const groupMapping = z.strictObject({
  source: text,
  match: z.strictObject({ cn: text }),
  entitlement: text,
})

export type GroupMapping = z.infer<typeof groupMapping>

/** Problems of one mapping beyond its shape: text keys, empty when sound. */
export function mappingProblems({
  match,
  entitlement,
}: GroupMapping): ('mapping-unknown-star' | 'entitlement-key-invalid')[] {
  const stars = Math.min(9, match.cn.split('*').length - 1)
  const used = [...entitlement.matchAll(/\{(\d+)\}/g)].map(([, n]) => Number(n))
  if (used.some(n => n < 1 || n > stars)) return ['mapping-unknown-star']
  return isEntitlementKey(entitlement.replaceAll(/\{\d\}/g, 'x')) ? [] : ['entitlement-key-invalid']
}
