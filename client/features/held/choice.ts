import type { HeldGroup } from '#contract/held.ts'

/** What is ticked: whole groups by their cause, and rows of groups that are not taken whole. */
export type Chosen = { causes: ReadonlySet<string>; rows: ReadonlyMap<string, ReadonlySet<number>> }

/** Everything that a batch may take; what is always held is chosen by itself or not at all. */
export const firstChoice = (groups: readonly HeldGroup[]): Chosen => ({
  causes: new Set(groups.filter(group => !group.alwaysOn).map(group => group.cause)),
  rows: new Map(),
})

export function chooseGroup(chosen: Chosen, cause: string, on: boolean): Chosen {
  const causes = new Set(chosen.causes)
  const rows = new Map(chosen.rows)
  rows.delete(cause)
  if (on) causes.add(cause)
  else causes.delete(cause)
  return { causes, rows }
}

/** `all` are the rows of the group that are known: taking one out of a whole group leaves the others ticked. */
export function chooseRow(chosen: Chosen, cause: string, n: number, on: boolean, all: readonly number[]): Chosen {
  const causes = new Set(chosen.causes)
  const rows = new Map(chosen.rows)
  const ticked = new Set(causes.has(cause) ? all : chosen.rows.get(cause))
  if (on) ticked.add(n)
  else ticked.delete(n)
  causes.delete(cause)
  if (ticked.size === 0) rows.delete(cause)
  else rows.set(cause, ticked)
  return { causes, rows }
}

export const isRowChosen = (chosen: Chosen, cause: string, n: number): boolean =>
  chosen.causes.has(cause) || chosen.rows.get(cause)?.has(n) === true

export function countChosen(chosen: Chosen, groups: readonly HeldGroup[]): number {
  return groups.reduce(
    (sum, group) => sum + (chosen.causes.has(group.cause) ? group.count : (chosen.rows.get(group.cause)?.size ?? 0)),
    0,
  )
}

/** As the decision wants it: what is not there any more is not sent. */
export function asDecision(chosen: Chosen, groups: readonly HeldGroup[]): { causes: string[]; rows: number[] } {
  const there = groups.map(group => group.cause)
  return {
    causes: there.filter(cause => chosen.causes.has(cause)),
    rows: there.flatMap(cause => [...(chosen.rows.get(cause) ?? [])]),
  }
}
