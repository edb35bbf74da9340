import type { Keyring } from '../../platform/keyring.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import { openNumber, sealNumber } from './carry-out-case.ts'

/** Numbers that drafts keep, sealed anew with the current key. Few at any time: sent reports have none. Answers how many. */
export async function rotateCaseNumbers(db: Db, keyring: Keyring): Promise<number> {
  return db.transaction(async tx => {
    const rows = await tx.query<{ id: string; cprSealed: string }>(
      'select id, cpr_sealed as "cprSealed" from lifecycle_case where cpr_sealed is not null for update',
    )
    const parts = { keyring }
    const sealed = rows.map(row => ({ id: row.id, sealed: sealNumber(parts, row.id, openNumber(parts, row) ?? '') }))
    if (sealed.length > 0)
      await tx.query(
        `update lifecycle_case c set cpr_sealed = r.sealed
         from json_to_recordset($1::json) as r(id uuid, sealed text) where c.id = r.id`,
        [JSON.stringify(sealed)],
      )
    return sealed.length
  })
}
