import type { Keyring } from '../platform/keyring.ts'
import type { Db } from '../platform/unit-of-work.ts'

/**
 * Secrets of code apps sealed anew with the current key. One transaction: those who have a second factor are few.
 * Recovery codes are hashes that nobody can make anew: those of before stop working when the old key is taken out.
 */
export async function rotateFactorKeys(db: Db, keyring: Keyring): Promise<number> {
  return db.transaction(async tx => {
    const rows = await tx.query<{ id: string; secret: string }>(
      `select id, secret from second_factor where kind = 'totp' for update`,
    )
    const old = rows.filter(row => keyring.keyOf(row.secret) !== keyring.current)
    for (const { id, secret } of old) {
      const context = totpContext(id)
      await tx.query('update second_factor set secret = $2 where id = $1', [
        id,
        keyring.encrypt(keyring.decrypt(secret, context), context),
      ])
    }
    return old.length
  })
}

/** The id is bound in, so that a secret cannot be moved to another row. */
export const totpContext = (factorId: string): string => `totp:${factorId}`
