import type { Db } from '../../server/platform/unit-of-work.ts'

/** What deciding and storing the rights writes. */
export const RIGHTS_TABLES = [
  'assignment',
  'derivation',
  'affiliation_decided',
  'person_rights',
  'right_deviation',
  'access_state',
  'access_run',
]

/** As if nobody's rights had ever been decided. */
export async function forgetRights(db: Db): Promise<void> {
  await db.transaction(tx => tx.query(`truncate ${RIGHTS_TABLES.join(', ')}, assignment_history`))
}
