/** Who should be employed on a day by what payroll has truly said, and in which unit, as what, under which name. */
export type Truth = {
  no: string
  employed: boolean
  unit: string
  title: string
  name: string
  /** The end is confirmed: from then on whoever is still there is there wrongly. */
  endConfirmed?: boolean
}
export type Held = { no: string; status: string; unit: string | null; title: string | null; name: string | null }

/**
 * What the house takes away from people who should have it, and leaves to people who should not: the two figures that must
 * be nought. Another unit, title or name than the true one takes rights away and gives others, so it counts in both.
 */
export function wrongful(truth: readonly Truth[], held: readonly Held[]) {
  const by = new Map(held.map(one => [one.no, one]))
  const revocations: string[] = []
  const retentions: string[] = []
  for (const one of truth) {
    const found = by.get(one.no)
    const active = found?.status === 'active'
    if (one.employed && !active) revocations.push(one.no)
    if (!one.employed && one.endConfirmed && active) retentions.push(one.no)
    if (!one.employed || !active || !found) continue
    if (found.unit !== one.unit || found.title !== one.title || found.name !== one.name) {
      revocations.push(one.no)
      retentions.push(one.no)
    }
  }
  const known = new Set(truth.map(one => one.no))
  for (const one of held) if (one.status === 'active' && !known.has(one.no)) retentions.push(one.no)
  return { revocations, retentions }
}
