import { keepReach } from '../access/reach/reach-snapshot-store.ts'
import { addDays } from '../platform/civil-date.ts'
import type { House } from '../wiring.ts'

/** Enough weeks for a line, few enough for a first start. */
const WEEKS = 3

/**
 * Reach over time of the demonstration: the figures of earlier weeks are worked out from the records and bindings of those
 * days with the rights of today, of everybody only, since a demonstration has no past of its own.
 */
export async function demoReach(house: Pick<House, 'db' | 'clock'>): Promise<void> {
  await house.db.transaction(async tx => {
    for (let week = WEEKS; week > 0; week--)
      await keepReach(tx, addDays(house.clock.today(), -7 * week), { units: false })
    await keepReach(tx, house.clock.today(), { units: false })
  })
}
