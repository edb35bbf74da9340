import type { BenchRow } from './bench-row.ts'
import { within } from './bench-row.ts'
import type { Town } from './town.ts'

/** Ten times the people may take ten times as long, in the same memory. */
export function benchGrowth(towns: readonly Town[]): BenchRow[] {
  const rows: BenchRow[] = towns.map(({ load, people }) =>
    within(512, {
      what: `Memory of the process that reads in ${people.toLocaleString('en')} people and decides their rights`,
      ours: load.peakMb,
      unit: 'MB',
      note: load.sources
        .map(one => `${one.source}: ${one.records.toLocaleString('en')} records in ${(one.ms / 1000).toFixed(1)} s`)
        .join(', ')
        .concat(`; ${Math.round(load.peakAfterSourcesMb)} MB before the rules came`),
    }),
  )
  const [small, large] = [towns[0], towns.at(-1)]
  if (!small || !large || small === large) return rows
  const times = large.load.people / small.load.people
  const grown = (what: string, from: number, to: number): BenchRow => {
    const ratio = to / from
    const other = `${small.load.people.toLocaleString('en')} people`
    return {
      what,
      ours: to,
      other,
      theirs: from,
      unit: 'ms',
      ratio,
      bar: `≤ ${times.toFixed(1)} ×`,
      ok: ratio <= times,
    }
  }
  const count = large.load.people.toLocaleString('en')
  const decided =
    small.rightsMs && large.rightsMs
      ? [grown(`Rights of ${count} people decided and stored`, small.rightsMs, large.rightsMs)]
      : []
  return [
    ...rows,
    ...decided,
    grown(`First load of ${count} people, everything in place`, small.load.ms, large.load.ms),
  ]
}
