import { existsSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { takeOwnerLock } from './owner-lock.ts'
import { explainFileError } from './postgres-problem.ts'
import { findPostmaster, stopPostmaster } from './postmaster.ts'
import { dataFolderInUse } from './start.ts'
import { readState } from './state-file.ts'

/**
 * Start over: stop a database that outlived its process and remove it with all its data. Nothing else in the data
 * folder is touched. Throws reason `data-dir-in-use` while a Hjemmel runs on it. Nothing happens when there is none.
 */
export async function removePostgres(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return
  const home = join(realpathSync(dataDir), 'postgres')
  if (!existsSync(home)) return
  const lock = await takeOwnerLock(home, secretOf(home))
  if (!lock) throw dataFolderInUse(home)
  try {
    const data = join(home, 'data')
    const found = findPostmaster(data)
    if (found) await stopPostmaster(found.pid, data)
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  } catch (error) {
    throw explainFileError(error, home)
  } finally {
    await lock.release()
  }
}

/** An unreadable file with the passwords is a reason to start over, so it must not stand in the way of that. */
function secretOf(home: string): string {
  try {
    return readState(home)?.adminPassword ?? ''
  } catch {
    return ''
  }
}
