import { keepCoverage } from '../access/purposes/coverage-view.ts'
import { syncPurposes } from '../access/purposes/purpose-findings.ts'
import { takeDue } from '../findings/due-store.ts'
import { makePackages } from '../overview/packages/make-packages.ts'
import { figuresForNewTables } from '../platform/planner.ts'
import type { House } from '../wiring.ts'

/** What findings are worked out from, and what a first start fills within two minutes. */
const FILLED = [
  'assignment',
  'observed_right',
  'group_entitlement',
  'derivation',
  'account',
  'finding',
  'right_deviation',
]

/**
 * What follows from all that was said and done: what register and rights do not say of each other, how much of what is held
 * has a purpose, the package that was asked for. Worked out once, when everything stands, as the jobs of the night do it:
 * after each step it would be as much again. A set-up that was cut off works it out anew.
 */
export async function whatFollows(house: Pick<House, 'db' | 'clock' | 'log' | 'municipality'>): Promise<void> {
  const today = house.clock.today()
  await house.db.transaction(async tx => {
    await figuresForNewTables(tx, FILLED)
    // Whose rights changed meanwhile is looked at with everybody: the first job after the start finds nothing left to do.
    await takeDue(tx)
    await syncPurposes(tx, today)
    await keepCoverage(tx, today)
  })
  // In one snapshot of what is there, findings included.
  await makePackages(house)
}
