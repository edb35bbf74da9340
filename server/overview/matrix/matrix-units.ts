/** A unit as the matrix lists it: `parent` is a place in the same list. */
export type ListedUnit = { id: string; name: string; parent: number | null; level: number }
export type UnitRow = { id: string; parentId: string | null; name: string; tree: string }

const TREES = ['admin', 'political', 'network', 'school', 'pay']
const order = new Intl.Collator('da')

/**
 * The units that somebody is in, with those above them, as a tree is read: from the top down, by name. A unit whose
 * parent is not known, or that is in a circle, stands at the top.
 */
export function listUnits(rows: readonly UnitRow[], used: ReadonlySet<string>): ListedUnit[] {
  const byId = new Map(rows.map(row => [row.id, row]))
  const wanted = new Set<string>()
  for (const id of used)
    for (let at = byId.get(id); at && !wanted.has(at.id); at = at.parentId ? byId.get(at.parentId) : undefined)
      wanted.add(at.id)
  const inTree = (a: UnitRow, b: UnitRow) =>
    TREES.indexOf(a.tree) - TREES.indexOf(b.tree) || order.compare(a.name, b.name) || (a.id < b.id ? -1 : 1)
  const kept = rows.filter(row => wanted.has(row.id)).sort(inTree)
  const children = Map.groupBy(kept, row => (row.parentId && wanted.has(row.parentId) ? row.parentId : null))
  const listed: ListedUnit[] = []
  const seen = new Set<string>()
  const visit = (row: UnitRow, parent: number | null, level: number): void => {
    if (seen.has(row.id)) return
    seen.add(row.id)
    const place = listed.push({ id: row.id, name: row.name, parent, level }) - 1
    for (const child of children.get(row.id) ?? []) visit(child, place, level + 1)
  }
  for (const row of children.get(null) ?? []) visit(row, null, 0)
  // What is left hangs in a circle.
  for (const row of kept) visit(row, null, 0)
  return listed
}
