import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkoutDir } from './data-dir.ts'
import { problem } from './problem.ts'

/** Where the built client stands. */
export const clientDir = join(checkoutDir, 'dist/client')
const stampFile = join(clientDir, '.built-from')

/**
 * Build the client when what is built is not made from the sources that are here. The stamp is written last, so a
 * build that was cut off is done again.
 */
export async function ensureClient(): Promise<'built' | 'kept'> {
  const wanted = sourceHash()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return 'kept'
  rmSync(clientDir, { recursive: true, force: true })
  const { build } = await import('vite')
  try {
    await build({ configFile: join(checkoutDir, 'vite.config.ts'), logLevel: 'silent' })
  } catch (error) {
    const full = (error as { code?: string }).code === 'ENOSPC'
    throw problem('config-invalid', {
      detail: full
        ? `There is no room left on the disk to build the client in ${clientDir}. Free some space and start again.`
        : `The client could not be built: ${String((error as Error).message).split('\n')[0]}. Run "npx vite build" for the whole message; after "npm ci" it should work.`,
      cause: error,
    })
  }
  writeFileSync(stampFile, wanted)
  return 'built'
}

function sourceHash(): string {
  const hash = createHash('sha256')
  for (const folder of ['client', 'server/contract'])
    for (const file of readdirSync(join(checkoutDir, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .sort())
      hash.update(file.slice(checkoutDir.length)).update(readFileSync(file))
  for (const file of ['package-lock.json', 'vite.config.ts', 'postcss.config.cjs'])
    if (existsSync(join(checkoutDir, file))) hash.update(readFileSync(join(checkoutDir, file)))
  return hash.digest('hex')
}
