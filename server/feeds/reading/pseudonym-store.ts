import { randomBytes } from 'node:crypto'
import type { Keyring } from '../../platform/keyring.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'

const CONTEXT = 'feed-pseudonym'

/**
 * The secret under which keys are hashed, made at its first use. Apart from the encryption keys, which are rotated: keys of
 * records must stay what they are, or everybody would look gone and new.
 */
export async function pseudonymSecret(db: Db, keyring: Keyring): Promise<Buffer> {
  return db.transaction(async tx => {
    await tx.query('insert into feed_pseudonym (sealed) values ($1) on conflict do nothing', [
      keyring.encrypt(randomBytes(32).toString('base64'), CONTEXT),
    ])
    const [row] = await tx.query<{ sealed: string }>('select sealed from feed_pseudonym')
    return Buffer.from(keyring.decrypt(row!.sealed, CONTEXT), 'base64')
  })
}

/** Sealed anew with the current key. Answers how many were moved: none or one. */
export async function rotatePseudonymSecret(tx: Tx, keyring: Keyring): Promise<number> {
  const [row] = await tx.query<{ sealed: string }>('select sealed from feed_pseudonym for update')
  if (!row || keyring.keyOf(row.sealed) === keyring.current) return 0
  await tx.query('update feed_pseudonym set sealed = $1', [
    keyring.encrypt(keyring.decrypt(row.sealed, CONTEXT), CONTEXT),
  ])
  return 1
}
