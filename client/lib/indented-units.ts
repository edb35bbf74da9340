type Node = { id: string; parentId: string | null; name: string }
/** Units as a tree is read, each step in by a space that a native list shows. */
export function indentedUnits(units: readonly Node[]): { value: string; label: string }[] {
  const ids = new Set(units.map(unit => unit.id))
  const children = Map.groupBy(units, unit => (unit.parentId && ids.has(unit.parentId) ? unit.parentId : null))
  const walk = (parent: string | null, level: number): { value: string; label: string }[] =>
    (children.get(parent) ?? []).flatMap(unit => [
      { value: unit.id, label: `${'\u2003'.repeat(level)}${unit.name}` },
      ...walk(unit.id, level + 1),
    ])
  return walk(null, 0)
}
