import { keepReach } from '../access/reach/reach-snapshot-store.ts'
import { addDays } from '../platform/civil-date.ts'
import type { House } from '../wiring.ts'

/** Enough weeks for a line, few enough for a first start. */
const WEEKS = 3

/** Of more people a day's figures take minutes: then those of today are enough. */
const MANY_PEOPLE = 100_000

/**
 * Reach over time of the demonstration: the figures of earlier weeks are worked out from the records and bindings of those
 * days with the rights of today, of everybody only, since a demonstration has no past of its own.
 */
export async function demoReach(house: Pick<House, 'db' | 'clock'>): Promise<void> {
  await house.db.transaction(async tx => {
    const [people] = await tx.query<{ n: number }>('select count(*)::int as n from person_current')
    for (let week = people!.n > MANY_PEOPLE ? 0 : WEEKS; week > 0; week--)
      await keepReach(tx, addDays(house.clock.today(), -7 * week), { units: false })
    await keepReach(tx, house.clock.today(), { units: false })
  })
}
