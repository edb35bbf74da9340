import { constants } from 'node:fs'
import { access, mkdir, open, realpath, rename, rm } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { ConnectorFailure } from '../../orders/connector.ts'

/**
 * A folder below the one that the settings of the machine name, made where it is missing. Where it really leads is
 * looked at: a symbolic link in it may point anywhere. Throws `refused` with what to correct.
 */
export async function exportFolder(root: string, folder: string): Promise<string> {
  try {
    await mkdir(root, { recursive: true })
    const home = await realpath(root)
    // Made only once it is known where the folder above it leads.
    const path = join(home, folder)
    inside(home, await nearest(path))
    await mkdir(path, { recursive: true })
    const real = await realpath(path)
    inside(home, real)
    await access(real, constants.W_OK)
    return real
  } catch (error) {
    if (error instanceof ConnectorFailure) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new ConnectorFailure(
      'refused',
      `The folder ${folder} below HJEMMEL_EXPORTS_DIR cannot be written to (${code})`,
    )
  }
}

function inside(home: string, real: string): void {
  if (real !== home && !real.startsWith(home + sep))
    throw new ConnectorFailure(
      'refused',
      'The folder leads out of HJEMMEL_EXPORTS_DIR; links elsewhere are not followed',
    )
}

async function nearest(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    return nearest(dirname(path))
  }
}

/** Whole or not at all: written beside, made sure of, and put in its place. The same name again replaces the file. */
export async function writeWhole(folder: string, name: string, text: string): Promise<void> {
  const beside = join(folder, `.${name}.part`)
  try {
    const file = await open(beside, 'w', 0o640)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, join(folder, name))
  } catch (error) {
    await rm(beside, { force: true })
    throw new ConnectorFailure('retry', `The file could not be written (${(error as NodeJS.ErrnoException).code})`)
  }
}
