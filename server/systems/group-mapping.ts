import { isEntitlementKey } from './entitlement-key.ts'

/** A mapping rule: groups of a source whose name fits the pattern give this entitlement. */
export type GroupMapping = { id: string; source: string; pattern: string; entitlement: string }
export type MappedGroup = { groupId: string; entitlement: string; mappingId: string }

/** Directories and people write the same letter in two ways (å as one code point or two), and in any case. */
const folded = (text: string) => text.normalize('NFC').toLowerCase()

/**
 * The pattern as an anchored, case-insensitive test: `*` is any run of characters, also none, and all else is literal.
 * Returns what the stars caught, each as short as it can be from the left, or null. People write patterns, never
 * expressions, so no input can make this slow.
 */
export function groupPattern(pattern: string): (name: string) => string[] | null {
  const [first = '', ...rest] = folded(pattern).split('*')
  const last = rest.pop()
  if (last === undefined) return name => (folded(name) === first ? [] : null)
  return name => {
    const text = folded(name)
    const end = text.length - last.length
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return null
    const caught: string[] = []
    let at = first.length
    for (const part of rest) {
      const next = text.indexOf(part, at)
      if (next < 0 || next + part.length > end) return null
      caught.push(text.slice(at, next))
      at = next + part.length
    }
    caught.push(text.slice(at, end))
    return caught
  }
}

/**
 * Which groups give which rights. The first pattern (in the order given) that fits a group and makes a valid
 * entitlement key decides; all mappings with that very pattern count. `{1}`, `{2}` … in the entitlement stand for what
 * the stars caught, in small letters. A group of another source is never meant.
 */
export function mapGroups(
  groups: readonly { id: string; source: string; name: string }[],
  mappings: readonly GroupMapping[],
): MappedGroup[] {
  const bySource = new Map<string, Map<string, { test: ReturnType<typeof groupPattern>; mappings: GroupMapping[] }>>()
  for (const mapping of mappings) {
    const patterns = bySource.get(mapping.source) ?? new Map()
    bySource.set(mapping.source, patterns)
    const pattern = folded(mapping.pattern)
    const same = patterns.get(pattern)
    if (same) same.mappings.push(mapping)
    else patterns.set(pattern, { test: groupPattern(pattern), mappings: [mapping] })
  }
  return groups.flatMap(group => {
    for (const one of bySource.get(group.source)?.values() ?? []) {
      const caught = one.test(group.name)
      if (!caught) continue
      const given = one.mappings.flatMap(mapping => {
        const entitlement = fillStars(mapping.entitlement, caught)
        return isEntitlementKey(entitlement) ? [{ groupId: group.id, entitlement, mappingId: mapping.id }] : []
      })
      if (given.length > 0) return given
    }
    return []
  })
}

/** `{1}` to `{9}`: one digit, so that what follows it can be a digit too. */
const STAR = /\{([1-9])\}/g
const MOST_STARS = 9

/** The entitlement with what the stars caught put in. */
export const fillStars = (entitlement: string, caught: readonly string[]) =>
  entitlement.replace(STAR, (_, place: string) => caught[Number(place) - 1] ?? '')

/** What is wrong with a mapping beyond its shape: text keys, empty when it is sound. */
export function mappingProblems(
  pattern: string,
  entitlement: string,
): ('mapping-unknown-star' | 'entitlement-key-invalid')[] {
  const stars = Math.min(MOST_STARS, pattern.split('*').length - 1)
  const used = [...entitlement.matchAll(/\{(\d+)\}/g)].map(([, n]) => Number(n))
  if (used.some(n => n < 1 || n > stars)) return ['mapping-unknown-star']
  return isEntitlementKey(fillStars(entitlement, Array(MOST_STARS).fill('x'))) ? [] : ['entitlement-key-invalid']
}
