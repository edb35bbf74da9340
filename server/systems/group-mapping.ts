/** A mapping rule: groups of a source whose name fits the pattern give this entitlement. */
export type GroupMapping = { id: string; source: string; pattern: string; entitlement: string }
export type MappedGroup = { groupId: string; entitlement: string; mappingId: string }

/**
 * The pattern as an anchored, case-insensitive test: `*` is any run of characters, all else is literal. Returns what
 * the stars caught, or null. People write patterns, never expressions, so no input can make this slow.
 */
export function groupPattern(pattern: string): (name: string) => string[] | null {
  const parts = pattern.toLowerCase().split('*')
  if (parts.length === 1) return name => (name.toLowerCase() === parts[0] ? [] : null)
  return name => {
    const lower = name.toLowerCase()
    const first = parts[0]!
    const last = parts.at(-1)!
    if (lower.length < first.length + last.length || !lower.startsWith(first) || !lower.endsWith(last)) return null
    const caught: string[] = []
    let at = first.length
    for (const part of parts.slice(1, -1)) {
      const next = lower.indexOf(part, at)
      if (next < 0 || next + part.length > lower.length - last.length) return null
      caught.push(lower.slice(at, next))
      at = next + part.length
    }
    caught.push(lower.slice(at, lower.length - last.length))
    return caught
  }
}

/** `{1}`, `{2}` … in the entitlement stand for what the stars caught, in small letters. */
export function mapGroups(
  groups: readonly { id: string; source: string; name: string }[],
  mappings: readonly GroupMapping[],
): MappedGroup[] {
  const bySource = Map.groupBy(
    mappings.map(mapping => ({ ...mapping, test: groupPattern(mapping.pattern) })),
    mapping => mapping.source,
  )
  return groups.flatMap(group =>
    (bySource.get(group.source) ?? []).flatMap(mapping => {
      const caught = mapping.test(group.name)
      if (!caught) return []
      const entitlement = mapping.entitlement.replace(
        /\{(\d)\}/g,
        (_, place: string) => caught[Number(place) - 1] ?? '',
      )
      return [{ groupId: group.id, entitlement, mappingId: mapping.id }]
    }),
  )
}
