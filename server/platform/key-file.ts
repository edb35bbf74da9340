import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createKeyring, type Keyring } from './keyring.ts'
import { problem } from './problem.ts'
import type { Db } from './unit-of-work.ts'

/**
 * The encryption keys of the installation: one `id:base64` a line, newest first. Without a configured file the key
 * lives in the data folder and is made on first start, readable by this user only. Losing it means losing the CPR
 * numbers and second factors, nothing else.
 */
export function openKeyring(dataDir: string, configured: string | undefined): Keyring {
  const file = configured ?? join(dataDir, 'encryption-key')
  if (!existsSync(file)) {
    if (configured)
      throw problem('config-invalid', {
        detail: `HJEMMEL_KEY_FILE names ${configured}, which is not there. Create it with one line "k1:" followed by 32 random bytes as base64.`,
      })
    writeNew(file, `k1:${randomBytes(32).toString('base64')}\n`)
  }
  const keys = readFileSync(file, 'utf8')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map((line, index) => {
      const match = /^([A-Za-z0-9_-]{1,20}):([A-Za-z0-9+/]{43}=)$/.exec(line)
      if (!match)
        throw problem('config-invalid', {
          detail: `Line ${index + 1} of the key file ${file} is not "id:" followed by 32 bytes as base64.`,
        })
      return { id: match[1]!, secret: Buffer.from(match[2]!, 'base64') }
    })
  return createKeyring(keys)
}

/** Whole or not at all, also when the power goes: written beside, forced to disk, renamed. */
function writeNew(file: string, text: string): void {
  const handle = openSync(`${file}.new`, 'w', 0o600)
  writeSync(handle, text)
  fsyncSync(handle)
  closeSync(handle)
  renameSync(`${file}.new`, file)
}

/** Refuse to go on with a key that is not the one the data were written with: better no start than mixed keys. */
export async function checkKey(db: Db, keyring: Keyring): Promise<void> {
  await db.transaction(async tx => {
    const [row] = await tx.query<{ value: { sealed: string } }>(
      `select value from installation where key = 'key-check'`,
    )
    if (row) {
      const opened = tryDecrypt(keyring, row.value.sealed)
      if (opened !== 'hjemmel')
        throw problem('key-missing', {
          detail:
            'The encryption key is not the one that this database was written with. Put the right key file in place (README, "The encryption key").',
        })
      return
    }
    await tx.query(`insert into installation (key, value) values ('key-check', $1) on conflict do nothing`, [
      JSON.stringify({ sealed: keyring.encrypt('hjemmel', 'key-check') }),
    ])
  })
}

/** The last step of a rotation: from here on the current key alone opens the installation. */
export async function renewKeyCheck(db: Db, keyring: Keyring): Promise<void> {
  await db.transaction(tx =>
    tx.query(`update installation set value = $1, changed_at = clock_timestamp() where key = 'key-check'`, [
      JSON.stringify({ sealed: keyring.encrypt('hjemmel', 'key-check') }),
    ]),
  )
}

function tryDecrypt(keyring: Keyring, sealed: string): string | null {
  try {
    return keyring.decrypt(sealed, 'key-check')
  } catch {
    return null
  }
}
