import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PostgresMajor } from './binaries.ts'
import { explainFailure, postgresProblem } from './postgres-problem.ts'
import type { RunAs } from './run-as.ts'
import { syncFolder } from './state-file.ts'

/** Nothing of our own environment: PGHOST, LC_ALL and the like would change what PostgreSQL does. */
export const CLEAN_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** Throws reason `other-version` when the data were written by another major version than the one to be started. */
export function checkVersion(data: string, major: PostgresMajor): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  if (found !== String(major))
    throw postgresProblem(
      'other-version',
      `The data in ${data} were written by PostgreSQL ${found}, and this is PostgreSQL ${major}. Start the version of Hjemmel that wrote them, dump the database and load it into the new one, or set HJEMMEL_DATA_DIR to another folder.`,
    )
}

/**
 * Make the database's files with initdb, under a temporary name that is changed when all is done: a process that is
 * killed half-way leaves no folder that looks like a database.
 */
export async function createCluster(options: {
  runtime: string
  home: string
  data: string
  major: PostgresMajor
  user: RunAs
  adminPassword: string
  durable: boolean
}): Promise<void> {
  const { home, user } = options
  const temporary = join(home, `data.new-${randomBytes(4).toString('hex')}`)
  const passwordFile = `${temporary}.password`
  await mkdir(temporary, { mode: 0o700 })
  await writeFile(passwordFile, `${options.adminPassword}\n`, { mode: 0o600 })
  if (user) for (const path of [temporary, passwordFile]) await chown(path, user.uid, user.gid)
  try {
    await initdb(options, temporary, passwordFile)
    await rename(temporary, options.data)
    syncFolder(home)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
    throw error
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** What a killed `createCluster` left, the file with the password included. Only call it with the folder locked. */
export async function removeUnfinished(home: string): Promise<void> {
  // An initdb that outlived its parent may still write there; then the folder goes at the next start.
  for (const entry of await readdir(home))
    if (entry.startsWith('data.new-')) await rm(join(home, entry), { recursive: true, force: true }).catch(() => {})
}

/**
 * UTF-8 whatever the environment says (LC_ALL=C would give SQL_ASCII), sorted by code point: stable for ever and the
 * same on every system. Danish order is asked for per query (`collate "da-x-icu"`). The builtin provider came with 17;
 * on 16 the C library's C.UTF-8 does the same.
 */
function localeOptions(major: PostgresMajor): string[] {
  return major >= 17
    ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
    : ['--locale-provider=libc', '--locale=C.UTF-8']
}

function initdb(
  options: { runtime: string; home: string; major: PostgresMajor; user: RunAs; durable: boolean },
  data: string,
  passwordFile: string,
): Promise<void> {
  const { runtime, home, user } = options
  const args = [
    '-D',
    data,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
  ]
  args.push(...localeOptions(options.major), '--no-instructions', options.durable ? '--data-checksums' : '--no-sync')
  const identity = user ? { uid: user.uid, gid: user.gid } : {}
  return new Promise((resolve, reject) => {
    execFile(
      join(runtime, 'bin/initdb'),
      args,
      { cwd: home, env: CLEAN_ENVIRONMENT, ...identity },
      (error, out, err) => {
        if (!error && existsSync(join(data, 'PG_VERSION'))) resolve()
        else reject(explainFailure('Creating the database', `${err}\n${out}\n${error?.message ?? ''}`, home))
      },
    )
  })
}
