import type { ResponseOf } from '#contract/endpoint.ts'
import type { getOrganisation } from '#contract/units.ts'

export type UnitNode = ResponseOf<typeof getOrganisation>['units'][number]
export type TreeRow = { unit: UnitNode; level: number; place: number; siblings: number; open: boolean; parent: boolean }

export type TreeIndex = {
  roots: UnitNode[]
  childrenOf: ReadonlyMap<string, UnitNode[]>
  byId: ReadonlyMap<string, UnitNode>
}

/** Units by parent, each group by name. A unit whose parent is not in the list (not visible) becomes a root. */
export function indexTree(units: readonly UnitNode[]): TreeIndex {
  const byId = new Map(units.map(unit => [unit.id, unit]))
  const childrenOf = new Map<string, UnitNode[]>()
  const roots: UnitNode[] = []
  for (const unit of units) {
    if (unit.parentId === null || !byId.has(unit.parentId)) roots.push(unit)
    else childrenOf.set(unit.parentId, [...(childrenOf.get(unit.parentId) ?? []), unit])
  }
  const order = new Intl.Collator('da', { numeric: true })
  for (const group of [roots, ...childrenOf.values()]) group.sort((a, b) => order.compare(a.name, b.name))
  return { roots, childrenOf, byId }
}

/** The rows on the screen, top to bottom. A cycle in the data ends where it would repeat. */
export function visibleRows(tree: TreeIndex, open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = []
  const seen = new Set<string>()
  const walk = (units: readonly UnitNode[], level: number) => {
    units.forEach((unit, index) => {
      if (seen.has(unit.id)) return
      seen.add(unit.id)
      const children = tree.childrenOf.get(unit.id) ?? []
      const isOpen = open.has(unit.id)
      rows.push({ unit, level, place: index + 1, siblings: units.length, open: isOpen, parent: children.length > 0 })
      if (isOpen) walk(children, level + 1)
    })
  }
  walk(tree.roots, 1)
  return rows
}

/** Units whose name holds the text, with everything above them, so that each is found at its place. */
export function matchTree(units: readonly UnitNode[], text: string): { kept: UnitNode[]; open: Set<string> } {
  const wanted = text.trim().toLocaleLowerCase('da')
  const byId = new Map(units.map(unit => [unit.id, unit]))
  const kept = new Set<string>()
  const open = new Set<string>()
  for (const unit of units) {
    if (!unit.name.toLocaleLowerCase('da').includes(wanted)) continue
    kept.add(unit.id)
    let above = unit.parentId
    while (above !== null && byId.has(above) && !open.has(above)) {
      kept.add(above)
      open.add(above)
      above = byId.get(above)?.parentId ?? null
    }
  }
  return { kept: units.filter(unit => kept.has(unit.id)), open }
}
