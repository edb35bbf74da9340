/** Who performs an activity, as its record says: units with all below them, and KLE numbers. */
export type PerformedBy = { units: readonly string[]; kle: readonly string[] }
export type WorkPlace = {
  /** The unit and all above it. */
  unitPath: readonly string[]
  /** Own numbers of the unit, and those it has from above. */
  kle: readonly string[]
}

/**
 * Does a unit perform the task of an activity (gdpr: the legitimacy of the person, not only of the role)? By being one of
 * its units or below one, or by a KLE number in common: 29 covers 29.18, and a unit with 29.18 does a part of 29. Null: the
 * record says neither, so nobody can know.
 */
export function unitPerforms(activity: PerformedBy, unit: WorkPlace): boolean | null {
  if (activity.units.length === 0 && activity.kle.length === 0) return null
  return (
    activity.units.some(id => unit.unitPath.includes(id)) ||
    activity.kle.some(task => unit.kle.some(own => covers(task, own) || covers(own, task)))
  )
}

const covers = (wide: string, narrow: string) => narrow === wide || narrow.startsWith(`${wide}.`)
