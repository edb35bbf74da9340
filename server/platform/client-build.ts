import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkoutDir } from './data-dir.ts'
import { problem } from './problem.ts'

/** Where the built client stands. */
export const clientDir = join(checkoutDir, 'dist/client')
const STAMP = '.built-from'
const stampFile = join(clientDir, STAMP)

/**
 * Build the client when what is built is not made from the sources that are here. Built beside and put in place whole,
 * stamp included: a build that was cut off is done again, and two processes that start at once do not see each
 * other's half.
 */
export async function ensureClient(): Promise<'built' | 'kept'> {
  const wanted = sourceHash()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return 'kept'
  const fresh = `${clientDir}.${process.pid}`
  const failure = await viteBuild(fresh)
  if (failure !== null)
    throw problem('config-invalid', {
      detail: /ENOSPC|No space left/.test(failure)
        ? `There is no room left on the disk to build the client in ${clientDir}. Free some space and start again.`
        : `The client could not be built: ${failure.split('\n').find(line => line.trim() !== '') ?? 'no reason given'}. Run "npx vite build" for the whole message; after "npm ci" it should work.`,
    })
  writeFileSync(join(fresh, STAMP), wanted)
  const old = `${fresh}.old`
  mkdirSync(clientDir, { recursive: true })
  renameSync(clientDir, old)
  try {
    renameSync(fresh, clientDir)
  } catch (error) {
    // Another process was quicker: what it has put there is made from the same sources.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
    rmSync(fresh, { recursive: true, force: true })
  }
  rmSync(old, { recursive: true, force: true })
  return 'built'
}

/** In a process of its own: the bundler's memory goes with it. Null when it worked, else what it said. */
function viteBuild(outDir: string): Promise<string | null> {
  const vite = join(checkoutDir, 'node_modules/vite/bin/vite.js')
  const args = [
    vite,
    'build',
    '--config',
    join(checkoutDir, 'vite.config.ts'),
    '--outDir',
    outDir,
    '--logLevel',
    'error',
  ]
  const child = spawn(process.execPath, args, { cwd: checkoutDir, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, 10_000)
    })
  return new Promise(resolve => {
    child.on('error', error => resolve(error.message))
    child.on('close', code => resolve(code === 0 ? null : said || `vite ended with ${code}`))
  })
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
