import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { problem } from './problem.ts'

/** The folder of the checkout this program runs from. */
export const checkoutDir = realpathSync(resolve(dirname(fileURLToPath(import.meta.url)), '../..'))

/**
 * Where an installation keeps its data when `HJEMMEL_DATA_DIR` is not set. As root the checkout may lie where only root
 * may enter (/root), and PostgreSQL, which refuses to run as root, could not reach it; so root's default is a folder
 * under /var/lib, one per checkout.
 */
export function defaultDataDir(uid: number = process.getuid?.() ?? -1, checkout: string = checkoutDir): string {
  if (uid !== 0) return join(checkout, '.data')
  return join('/var/lib/hjemmel', createHash('sha256').update(checkout).digest('hex').slice(0, 12))
}

/**
 * Make the data folder if it is missing and prove that it can be written to; returns its real, absolute path.
 * Throws `config-invalid` (params.reason `data-dir-unwritable` or `disk-full`) with one sentence that says what to do.
 */
export function prepareDataDir(dataDir: string): string {
  const path = resolve(dataDir)
  try {
    makeFolders(path)
    const probe = join(path, `.write-test-${process.pid}`)
    writeFileSync(probe, 'x'.repeat(4096))
    rmSync(probe)
    return realpathSync(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw problem('config-invalid', {
        detail: `There is no room left on the disk of the data folder ${path}. Free some space, or set HJEMMEL_DATA_DIR to a folder on another disk.`,
        params: { reason: 'disk-full' },
        cause: error,
      })
    throw problem('config-invalid', {
      detail: `The data folder ${path} cannot be written to (${code}). Give this user write access to it, or set HJEMMEL_DATA_DIR to another folder.`,
      params: { reason: 'data-dir-unwritable' },
      cause: error,
    })
  }
}

/**
 * Make a folder and those above it. Step by step, because Node's own recursive mkdir never returns where the parent exists and takes no folders (/proc).
 * As root others may pass through (the PostgreSQL user has to), but not list; each secret file is 0600 itself.
 */
export function makeFolders(path: string): void {
  if (existsSync(path)) return
  makeFolders(dirname(path))
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process may have made it since the look.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  // Set outright: the umask may have taken the passage away.
  chmodSync(path, mode)
}
